//! Contoso's ERP: JSON messages of about a kilobyte. The format is this world's own; see FORMATS.md.

use baton_core::time::Instant;

use super::{Draft, Mark, uuid};
use crate::calendar::{OFFICE_ZONE, stamp};
use crate::cast::ERP;
use crate::config::Fault;
use crate::json::{Json, money, object};
use crate::life::{Group, Order, Supplier};

pub(super) fn say(group: &Group, drafts: &mut Vec<Draft>) {
    for (n, order) in group.orders.iter().enumerate() {
        let mut add = |kind: Kind, at: Instant, mark: Mark| {
            let id = uuid(300 + kind as u64, order.number);
            let body = message(order, kind, at, &id);
            drafts.push(Draft::json(ERP, at, Some(id), &body).telling(mark));
        };
        add(Kind::Booked, order.booked_at, Mark::Booked(n));
        if let Some((from, until)) = order.hold {
            add(Kind::CreditHold, from, Mark::Held(n));
            add(Kind::CreditReleased, until, Mark::HoldEnded(n));
        }
        add(Kind::PoRaised, order.po_at, Mark::PoRaised(n));
        if let Some(at) = order.confirmed_at {
            add(Kind::Confirmed, at, Mark::Confirmed(n));
        }
        if let Some(at) = order.cancelled_at {
            add(Kind::Cancelled, at, Mark::Cancelled(n));
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Booked,
    CreditHold,
    CreditReleased,
    PoRaised,
    Confirmed,
    Cancelled,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Booked => "order-booked",
            Self::CreditHold => "credit-hold",
            Self::CreditReleased => "credit-released",
            Self::PoRaised => "po-raised",
            Self::Confirmed => "order-confirmed",
            Self::Cancelled => "order-cancelled",
        }
    }
}

pub(crate) fn message(order: &Order, kind: Kind, at: Instant, id: &str) -> Json {
    let supplier = match order.route.supplier() {
        Supplier::Oem => object([("code", "FABRIKAM".into()), ("name", "Fabrikam".into())]),
        Supplier::Distributor => object([("code", "LITWARE".into()), ("name", "Litware".into())]),
    };
    let po_known = kind != Kind::Booked && order.po_at <= at;
    let placeholder = order.faults.has(Fault::Placeholder);
    let customer_po = if placeholder { "0000" } else { "" };
    object([
        ("message_id", id.into()),
        ("type", kind.name().into()),
        ("version", 1_i64.into()),
        ("occurred_at", stamp(at, OFFICE_ZONE).into()),
        ("company", "CONTOSO-US".into()),
        ("sales_order", order.sales_order().into()),
        (
            "shop_order",
            object([
                ("id", order.shop_id().to_string().into()),
                ("name", order.shop_name().into()),
            ]),
        ),
        (
            "customer",
            object([("name", order.customer.company.into()), ("reference", customer_po.into())]),
        ),
        ("purchase_order", po_known.then(|| order.po()).into()),
        ("supplier", if po_known { supplier } else { Json::Null }),
        ("currency", "USD".into()),
        ("total", money(order.total_cents()).into()),
        ("status", status(kind).into()),
        ("reason", reason(kind).into()),
        (
            "ship_to",
            object([
                ("city", order.place.city.into()),
                ("region", order.place.region.into()),
                ("postcode", order.place.postcode.into()),
                ("country", "US".into()),
            ]),
        ),
        ("lines", lines(order, kind)),
    ])
}

const fn status(kind: Kind) -> &'static str {
    match kind {
        Kind::Booked | Kind::CreditReleased => "open",
        Kind::CreditHold => "held",
        Kind::PoRaised => "ordered",
        Kind::Confirmed => "confirmed",
        Kind::Cancelled => "cancelled",
    }
}

const fn reason(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::CreditHold => Some("credit limit exceeded"),
        Kind::Cancelled => Some("cancelled on request"),
        _ => None,
    }
}

/// A wrong booking shows one more of the first line than the shop took the order for.
pub(crate) const BOOKED_TOO_MANY: u32 = 1;

fn lines(order: &Order, kind: Kind) -> Json {
    let wrong = kind == Kind::Booked && order.faults.has(Fault::ContradictoryQuantity);
    let one = |(n, line): (usize, &crate::life::Line)| {
        let extra = if wrong && n == 0 { BOOKED_TOO_MANY } else { 0 };
        let confirmed = kind == Kind::Confirmed;
        let promised_on = confirmed.then(|| order.promised_on.to_string());
        object([
            ("line", ((n as i64 + 1) * 10).into()),
            ("sku", line.product.sku.into()),
            ("description", line.product.title.into()),
            ("quantity", (line.ordered + extra).into()),
            ("quantity_confirmed", confirmed.then_some(line.confirmed).into()),
            ("unit", "EA".into()),
            ("unit_price", money(u64::from(line.product.price_cents)).into()),
            ("promised_delivery_on", promised_on.into()),
        ])
    };
    order.lines.iter().enumerate().map(one).collect()
}
