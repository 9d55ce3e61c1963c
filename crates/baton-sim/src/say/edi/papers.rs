//! 850, 855 and 810: what is ordered, answered and billed.

use baton_formats::x12::sets::{
    AckLine, Currency, Invoice as InvoiceSet, InvoiceLine, LineAck, OrderLine, PurchaseOrder,
    PurchaseOrderAck, Totals,
};
use rust_decimal::Decimal;

use super::{Add, dated, day, feed_of, party, reference, sku};
use crate::calendar::{self, OFFICE_ZONE};
use crate::cast::{ERP_EDI, FINANCE_EDI};
use crate::life::{Answer, Group, Invoice, Line, Order, Supplier};
use crate::say::{Mark, finance};

pub(super) fn say(group: &Group, add: &mut Add<'_>) {
    for (n, order) in group.orders.iter().enumerate() {
        if order.route.supplier() == Supplier::Oem {
            add(ERP_EDI, order.po_at, Box::new(purchase_order(order)), Mark::PoRaised(n));
        }
        if let Some(at) = order.acknowledgement.sent_at {
            let feed = feed_of(order.route.supplier());
            add(feed, at, Box::new(acknowledgement(order)), Mark::Acknowledged(n));
        }
    }
    for (n, invoice) in group.invoices.iter().enumerate() {
        if let Some(at) = invoice.sent_at {
            add(FINANCE_EDI, at, Box::new(bill(group, invoice)), Mark::Invoiced(n));
        }
    }
}

fn cents(amount: u64) -> Decimal {
    Decimal::new(i64::try_from(amount).unwrap_or(i64::MAX), 2)
}

fn dollars() -> Option<Currency> {
    Some(Currency { entity: "BY".to_owned(), code: "USD".to_owned() })
}

fn counted(lines: usize) -> Option<Totals> {
    Some(Totals { line_count: u32::try_from(lines).unwrap_or(u32::MAX), hash_total: None })
}

fn line(n: usize, line: &Line) -> OrderLine {
    OrderLine {
        number: Some(((n + 1) * 10).to_string()),
        quantity: Some(line.ordered.into()),
        unit: Some("EA".to_owned()),
        unit_price: Some(cents(line.product.price_cents.into())),
        price_basis: None,
        products: sku(line.product.sku),
        descriptions: vec![line.product.title.to_owned()],
        references: Vec::new(),
        dates: Vec::new(),
    }
}

fn lines(order: &Order) -> Vec<OrderLine> {
    order.lines.iter().enumerate().map(|(n, l)| line(n, l)).collect()
}

fn purchase_order(order: &Order) -> PurchaseOrder {
    let lines = lines(order);
    PurchaseOrder {
        purpose: "00".to_owned(),
        order_type: "DS".to_owned(),
        number: order.po(),
        release: None,
        placed_on: day(calendar::date(order.po_at, OFFICE_ZONE)),
        currency: dollars(),
        references: vec![reference("VN", &order.sales_order())],
        dates: Vec::new(),
        parties: vec![party("ST", order.customer.company, order.place)],
        totals: counted(lines.len()),
        lines,
    }
}

fn acknowledgement(order: &Order) -> PurchaseOrderAck {
    let answer = order.acknowledgement.answer;
    let ack_type = match answer {
        Answer::Accepted => "AD",
        Answer::Rejected => "RD",
        _ => "AC",
    };
    let lines: Vec<AckLine> = lines(order)
        .into_iter()
        .enumerate()
        .map(|(n, line)| acknowledged(line, if n == 0 { answer } else { of_others(answer) }))
        .collect();
    let sent_at = order.acknowledgement.sent_at.unwrap_or(order.po_at);
    PurchaseOrderAck {
        purpose: "00".to_owned(),
        ack_type: ack_type.to_owned(),
        number: order.po(),
        placed_on: day(calendar::date(order.po_at, OFFICE_ZONE)),
        release: None,
        seller_number: Some(order.supplier_order()),
        acknowledged_on: day(calendar::date(sent_at, calendar::SUPPLIER_ZONE)),
        currency: dollars(),
        references: Vec::new(),
        dates: Vec::new(),
        parties: Vec::new(),
        totals: counted(lines.len()),
        lines,
    }
}

/// What is wrong with the first line is not with the others, but for a rejection.
const fn of_others(answer: Answer) -> Answer {
    match answer {
        Answer::Rejected => Answer::Rejected,
        _ => Answer::Accepted,
    }
}

fn acknowledged(mut line: OrderLine, answer: Answer) -> AckLine {
    let ordered = line.quantity;
    let (status, quantity, date) = match answer {
        Answer::Accepted => ("IA", ordered, None),
        Answer::FewerOf { confirmed } => ("IQ", Some(confirmed.into()), None),
        Answer::PricedAt { cents: price } => {
            line.unit_price = Some(cents(price.into()));
            ("IP", ordered, None)
        }
        Answer::Rejected => ("IR", Some(Decimal::ZERO), None),
        Answer::Backordered { until } => ("IB", ordered, day(until)),
    };
    let ack = LineAck {
        status: status.to_owned(),
        quantity,
        unit: Some("EA".to_owned()),
        date_qualifier: date.map(|_| "068".to_owned()),
        date,
    };
    AckLine { line, acks: vec![ack] }
}

fn bill(group: &Group, invoice: &Invoice) -> InvoiceSet {
    let orders: Vec<&Order> = group
        .orders_of(&invoice.contents)
        .into_iter()
        .filter_map(|n| group.orders.get(n))
        .collect();
    let one = match orders.as_slice() {
        [one] => Some(*one),
        _ => None,
    };
    let mut references: Vec<_> =
        orders.iter().map(|order| reference("VN", &order.sales_order())).collect();
    if one.is_none() {
        references.extend(orders.iter().map(|order| reference("PO", &order.po())));
    }
    let sent_at = invoice.sent_at.unwrap_or_default();
    let billed = |(n, portion): (usize, &crate::life::Portion)| {
        let order = group.orders.get(portion.order)?;
        let line = order.lines.get(portion.line)?;
        Some(InvoiceLine {
            number: Some((n + 1).to_string()),
            quantity: Some(portion.quantity.into()),
            unit: Some("EA".to_owned()),
            unit_price: Some(cents(line.product.price_cents.into())),
            price_basis: None,
            products: sku(line.product.sku),
            descriptions: Vec::new(),
            references: vec![reference("PO", &order.po())],
        })
    };
    let lines: Vec<InvoiceLine> = invoice.contents.iter().enumerate().filter_map(billed).collect();
    InvoiceSet {
        invoiced_on: day(calendar::date(sent_at, OFFICE_ZONE)),
        number: invoice.number.clone(),
        order_placed_on: one.and_then(|o| day(calendar::date(o.po_at, OFFICE_ZONE))),
        order_number: one.map(Order::po),
        invoice_type: Some("DI".to_owned()),
        currency: dollars(),
        references,
        parties: Vec::new(),
        dates: vec![dated("011", day(calendar::date(sent_at, OFFICE_ZONE)))],
        total: Some(cents(finance::total_cents(group, invoice))),
        totals: counted(lines.len()),
        lines,
    }
}
