//! Northwind's shop: webhooks in the manner of Shopify, with topic and webhook id in the headers.

use baton_core::time::{Duration, Instant};

use super::{Draft, Mark, OTHER_DAY, uuid};
use crate::calendar::{OFFICE_ZONE, stamp};
use crate::cast::{DISTRIBUTOR_HOUSE, SHOP};
use crate::config::Fault;
use crate::json::{Json, money, object};
use crate::life::{Carrier, Consignment, Group, Line, Order, Step};

const TAX_PERCENT: u64 = 6;
/// The shop notes the delivery of one order in so many ...
const FOLLOWED_UP: u64 = 12;
/// ... so long after the carrier did.
const FOLLOW_UP_AFTER: Duration = Duration::minutes(40);
/// Kinds of webhook ids, so that no two of an order are alike.
const ID_CREATED: u64 = 1;
const ID_UPDATED: u64 = 2;
const ID_CANCELLED: u64 = 3;
const ID_FULFILLED: u64 = 100;
const ID_DELIVERED: u64 = 200;

pub(super) fn say(group: &Group, drafts: &mut Vec<Draft>) {
    for (n, order) in group.orders.iter().enumerate() {
        let at = order.placed_at;
        let body = order_json(order, at, false);
        drafts
            .push(webhook("orders/create", order, ID_CREATED, at, &body).telling(Mark::Placed(n)));
        // The shop writes an order twice in one second, in either order, and says so each time.
        if order.number % 16 == 3 {
            let body = order_json(order, at + Duration::seconds(1), false);
            let said_at = at - Duration::from_micros(400_000);
            let draft = webhook("orders/updated", order, ID_UPDATED, said_at, &body);
            drafts.push(draft.telling(Mark::Placed(n)));
        }
        if let Some(at) = order.cancelled_at {
            let body = order_json(order, at, true);
            let draft = webhook("orders/updated", order, ID_CANCELLED, at, &body);
            drafts.push(draft.telling(Mark::Cancelled(n)));
        }
        fulfilments(group, n, order, drafts);
    }
}

fn fulfilments(group: &Group, n: usize, order: &Order, drafts: &mut Vec<Draft>) {
    for (index, consignment) in group.consignments.iter().enumerate() {
        let mine = consignment.contents.iter().any(|portion| portion.order == n);
        let labelled_at = consignment.scans.iter().find(|s| s.step == Step::Label);
        let known_at = labelled_at.map(|s| s.happened_at).or(consignment.released_at);
        let (false, true, Some(known_at)) = (consignment.inbound, mine, known_at) else { continue };
        let created_at = known_at + Duration::minutes(7);
        let slot = index as u64;
        let body = fulfilment_json(order, n, consignment, slot, (created_at, None));
        let mark = Mark::Fulfilled { order: n, consignment: index };
        let draft = webhook("fulfillments/create", order, ID_FULFILLED + slot, created_at, &body);
        drafts.push(draft.telling(mark));
        let heard = consignment.scans.iter().any(|s| s.step == Step::Delivered);
        let otherwise = order.faults.has(Fault::ContradictoryDate);
        let follows = otherwise || order.number % FOLLOWED_UP == 1;
        let Some(delivered_at) = consignment.delivered_at.filter(|_| heard && follows) else {
            continue;
        };
        let at = delivered_at + if otherwise { OTHER_DAY } else { FOLLOW_UP_AFTER };
        let body = fulfilment_json(order, n, consignment, slot, (created_at, Some(at)));
        let draft = webhook("fulfillments/update", order, ID_DELIVERED + slot, at, &body);
        let told = if otherwise { Mark::DeliveredOtherwise(index) } else { mark };
        drafts.push(draft.telling(mark).telling(told));
    }
}

fn webhook(topic: &str, order: &Order, kind: u64, at: Instant, body: &Json) -> Draft {
    let id = uuid(kind, order.number);
    let mut draft = Draft::json(SHOP, at, Some(id.clone()), body);
    for (name, value) in [
        ("X-Shopify-Topic", topic),
        ("X-Shopify-Webhook-Id", &id),
        ("X-Shopify-Shop-Domain", "northwind.example"),
        ("X-Shopify-API-Version", "2026-01"),
    ] {
        draft.headers.push((name.to_owned(), value.to_owned()));
    }
    let triggered_at = stamp(at, "UTC");
    draft.headers.push(("X-Shopify-Triggered-At".to_owned(), triggered_at));
    draft
}

pub(crate) fn order_json(order: &Order, updated_at: Instant, cancelled: bool) -> Json {
    let total = order.total_cents();
    let tax = total * TAX_PERCENT / 100;
    let id = order.shop_id();
    let placeholder = order.faults.has(Fault::Placeholder);
    let po_number = if placeholder { "N/A".to_owned() } else { format!("REQ-{}", id % 100_000) };
    let cancelled_at = cancelled.then(|| stamp(updated_at, OFFICE_ZONE));
    object([
        ("id", id.into()),
        ("admin_graphql_api_id", format!("gid://shopify/Order/{id}").into()),
        ("app_id", 580_111_i64.into()),
        ("browser_ip", "203.0.113.7".into()),
        ("buyer_accepts_marketing", false.into()),
        ("cancel_reason", cancelled.then_some("customer").into()),
        ("cancelled_at", cancelled_at.into()),
        ("checkout_token", uuid(40, order.number).replace('-', "").into()),
        ("client_details", client_details(order)),
        ("closed_at", Json::Null),
        ("confirmation_number", format!("NW{:07}", order.number * 13 % 9_999_991).into()),
        ("confirmed", true.into()),
        ("created_at", stamp(order.placed_at, OFFICE_ZONE).into()),
        ("currency", "USD".into()),
        ("current_subtotal_price", money(total).into()),
        ("current_subtotal_price_set", price_set(total)),
        ("current_total_discounts", "0.00".into()),
        ("current_total_discounts_set", price_set(0)),
        ("current_total_price", money(total + tax).into()),
        ("current_total_price_set", price_set(total + tax)),
        ("current_total_tax", money(tax).into()),
        ("current_total_tax_set", price_set(tax)),
        ("customer_locale", "en-US".into()),
        ("email", order.customer.mail.into()),
        ("estimated_taxes", false.into()),
        ("financial_status", "paid".into()),
        ("fulfillment_status", Json::Null),
        ("landing_site", "/collections/network".into()),
        ("name", order.shop_name().into()),
        ("note", Json::Null),
        ("note_attributes", Json::List(Vec::new())),
        ("number", (1 + order.number).into()),
        ("order_number", (1001 + order.number).into()),
        ("payment_gateway_names", Json::from_iter(["invoice"])),
        ("po_number", po_number.into()),
        ("presentment_currency", "USD".into()),
        ("processed_at", stamp(order.placed_at, OFFICE_ZONE).into()),
        ("reference", Json::Null),
        ("source_name", "web".into()),
        ("subtotal_price", money(total).into()),
        ("subtotal_price_set", price_set(total)),
        ("tags", "b2b".into()),
        ("tax_exempt", false.into()),
        ("tax_lines", Json::List(vec![tax_line(tax)])),
        ("taxes_included", false.into()),
        ("test", false.into()),
        ("token", uuid(41, order.number).replace('-', "").into()),
        ("total_discounts", "0.00".into()),
        ("total_discounts_set", price_set(0)),
        ("total_line_items_price", money(total).into()),
        ("total_outstanding", "0.00".into()),
        ("total_line_items_price_set", price_set(total)),
        ("total_shipping_price_set", price_set(0)),
        ("total_cash_rounding_payment_adjustment_set", price_set(0)),
        ("total_price", money(total + tax).into()),
        ("total_price_set", price_set(total + tax)),
        ("total_tax", money(tax).into()),
        ("total_tax_set", price_set(tax)),
        ("total_weight", grams(order).into()),
        ("updated_at", stamp(updated_at, OFFICE_ZONE).into()),
        ("billing_address", address(order)),
        ("customer", customer(order)),
        ("discount_applications", Json::List(Vec::new())),
        ("fulfillments", Json::List(Vec::new())),
        (
            "line_items",
            order.lines.iter().enumerate().map(|(n, l)| item(order, n, l, l.ordered)).collect(),
        ),
        ("payment_terms", Json::Null),
        ("refunds", Json::List(Vec::new())),
        ("shipping_address", address(order)),
        ("shipping_lines", Json::List(vec![shipping_line(order)])),
    ])
}

fn client_details(order: &Order) -> Json {
    object([
        ("accept_language", "en-US,en;q=0.9".into()),
        ("browser_height", Json::Null),
        ("browser_ip", "203.0.113.7".into()),
        ("browser_width", Json::Null),
        ("session_hash", uuid(42, order.number).into()),
        ("user_agent", "Mozilla/5.0 (X11; Linux x86_64) Example/1.0 (sample world)".into()),
    ])
}

/// Where the shop believes its stock to be.
fn origin_location() -> Json {
    let place = &DISTRIBUTOR_HOUSE;
    object([
        ("id", 77_001_i64.into()),
        ("country_code", "US".into()),
        ("province_code", place.region.into()),
        ("name", "Litware distribution centre".into()),
        ("address1", "1 Example Park".into()),
        ("address2", "".into()),
        ("city", place.city.into()),
        ("zip", place.postcode.into()),
    ])
}

fn grams(order: &Order) -> u64 {
    order.lines.iter().map(|l| u64::from(l.product.grams) * u64::from(l.ordered)).sum()
}

fn price_set(cents: u64) -> Json {
    let price = || object([("amount", money(cents).into()), ("currency_code", "USD".into())]);
    object([("shop_money", price()), ("presentment_money", price())])
}

fn tax_line(cents: u64) -> Json {
    object([
        ("channel_liable", false.into()),
        ("price", money(cents).into()),
        ("price_set", price_set(cents)),
        ("rate", Json::Fraction(TAX_PERCENT as f64 / 100.0)),
        ("title", "State Tax".into()),
    ])
}

fn address(order: &Order) -> Json {
    let (first, last) = order.customer.contact;
    object([
        ("first_name", first.into()),
        ("last_name", last.into()),
        ("address1", format!("{} Example Street", 1 + order.number % 900).into()),
        ("address2", "Receiving".into()),
        ("phone", "+1 555 0100".into()),
        ("company", order.customer.company.into()),
        ("city", order.place.city.into()),
        ("zip", order.place.postcode.into()),
        ("province", order.place.region.into()),
        ("province_code", order.place.region.into()),
        ("country", "United States".into()),
        ("country_code", "US".into()),
        ("latitude", Json::Null),
        ("longitude", Json::Null),
        ("name", format!("{first} {last}").into()),
    ])
}

fn customer(order: &Order) -> Json {
    let (first, last) = order.customer.contact;
    let id = 7_100_000_000_000_u64 + order.customer.mail.len() as u64 * 65_537;
    object([
        ("id", id.into()),
        ("email", order.customer.mail.into()),
        ("created_at", "2024-02-01T09:00:00-05:00".into()),
        ("updated_at", stamp(order.placed_at, OFFICE_ZONE).into()),
        ("first_name", first.into()),
        ("last_name", last.into()),
        ("state", "enabled".into()),
        ("verified_email", true.into()),
        ("currency", "USD".into()),
        ("tags", "wholesale".into()),
        ("admin_graphql_api_id", format!("gid://shopify/Customer/{id}").into()),
        ("default_address", address(order)),
    ])
}

fn item(order: &Order, n: usize, line: &Line, quantity: u32) -> Json {
    let id = order.shop_id() + 13_000_000_000 + n as u64;
    let price = u64::from(line.product.price_cents);
    object([
        ("id", id.into()),
        ("admin_graphql_api_id", format!("gid://shopify/LineItem/{id}").into()),
        ("current_quantity", quantity.into()),
        ("fulfillable_quantity", quantity.into()),
        ("fulfillment_service", "manual".into()),
        ("fulfillment_status", Json::Null),
        ("gift_card", false.into()),
        ("grams", line.product.grams.into()),
        ("name", line.product.title.into()),
        ("price", money(price).into()),
        ("pre_tax_price_set", price_set(price)),
        ("price_set", price_set(price)),
        ("origin_location", origin_location()),
        ("product_exists", true.into()),
        ("product_id", (8_000_000_000_000_u64 + u64::from(line.product.price_cents)).into()),
        ("properties", Json::List(Vec::new())),
        ("quantity", quantity.into()),
        ("requires_shipping", true.into()),
        ("sku", line.product.sku.into()),
        ("taxable", true.into()),
        ("title", line.product.title.into()),
        ("total_discount", "0.00".into()),
        ("total_discount_set", price_set(0)),
        ("variant_id", (43_000_000_000_000_u64 + u64::from(line.product.grams)).into()),
        ("variant_title", Json::Null),
        ("vendor", "Fabrikam".into()),
        ("tax_lines", Json::List(vec![tax_line(price * u64::from(quantity) * TAX_PERCENT / 100)])),
        ("duties", Json::List(Vec::new())),
        ("discount_allocations", Json::List(Vec::new())),
    ])
}

fn shipping_line(order: &Order) -> Json {
    object([
        ("id", (4_500_000_000_000_u64 + order.number).into()),
        ("code", "B2B".into()),
        ("price", "0.00".into()),
        ("price_set", price_set(0)),
        ("source", "northwind".into()),
        ("title", "Business delivery".into()),
        ("tax_lines", Json::List(Vec::new())),
    ])
}

fn fulfilment_json(
    order: &Order,
    n: usize,
    consignment: &Consignment,
    slot: u64,
    (created_at, delivered_at): (Instant, Option<Instant>),
) -> Json {
    let id = order.shop_id() + 900_000_000_000 + slot;
    let tracking = consignment.tracking.as_str();
    let (company, site) = match consignment.carrier {
        Carrier::Freight => ("Adatum Freight", "https://adatum.example/pro/"),
        Carrier::Parcel => ("Tailspin Parcel", "https://tailspin.example/track/"),
    };
    let url = format!("{site}{tracking}");
    let portions = consignment.contents.iter().filter(|portion| portion.order == n);
    let items = portions
        .filter_map(|p| order.lines.get(p.line).map(|line| item(order, p.line, line, p.quantity)))
        .collect();
    object([
        ("id", id.into()),
        ("order_id", order.shop_id().into()),
        ("status", "success".into()),
        ("created_at", stamp(created_at, OFFICE_ZONE).into()),
        ("service", "manual".into()),
        ("updated_at", stamp(delivered_at.unwrap_or(created_at), OFFICE_ZONE).into()),
        ("tracking_company", company.into()),
        ("shipment_status", delivered_at.map(|_| "delivered").into()),
        ("location_id", 77_001_i64.into()),
        ("origin_address", Json::Null),
        ("destination", address(order)),
        ("line_items", items),
        ("tracking_number", tracking.into()),
        ("tracking_numbers", Json::from_iter([tracking])),
        ("tracking_url", url.as_str().into()),
        ("tracking_urls", Json::from_iter([url.as_str()])),
        ("name", format!("{}.{}", order.shop_name(), slot + 1).into()),
        ("admin_graphql_api_id", format!("gid://shopify/Fulfillment/{id}").into()),
    ])
}
