//! Contoso's finance department: approvals and payments as JSON (format in FORMATS.md). Invoices go
//! by X12 810, see [`super::edi`].

use super::{Draft, Mark, uuid};
use crate::calendar::{OFFICE_ZONE, stamp};
use crate::cast::FINANCE_JSON;
use crate::json::{Json, money, object};
use crate::life::{Group, Invoice};

pub(super) fn say(group: &Group, drafts: &mut Vec<Draft>) {
    let number = group.orders.first().map_or(0, |o| o.number);
    for (n, invoice) in group.invoices.iter().enumerate() {
        for (kind, event, at) in
            [(500, "approved", invoice.approved_at), (501, "paid", invoice.paid_at)]
        {
            let Some(at) = at else { continue };
            let id = uuid(kind, number * 64 + n as u64);
            let orders = group.orders_of(&invoice.contents);
            let sales_orders: Json = orders
                .iter()
                .filter_map(|n| group.orders.get(*n))
                .map(crate::life::Order::sales_order)
                .collect();
            let body = object([
                ("event_id", id.as_str().into()),
                ("event", event.into()),
                ("at", stamp(at, OFFICE_ZONE).into()),
                ("invoice", invoice.number.as_str().into()),
                ("sales_orders", sales_orders),
                ("amount", money(total_cents(group, invoice)).into()),
                ("currency", "USD".into()),
            ]);
            drafts.push(Draft::json(FINANCE_JSON, at, Some(id), &body).telling(Mark::Paid(n)));
        }
    }
}

/// What an invoice asks for.
pub(crate) fn total_cents(group: &Group, invoice: &Invoice) -> u64 {
    let cents = |p: &crate::life::Portion| {
        let line = group.orders.get(p.order).and_then(|o| o.lines.get(p.line));
        line.map_or(0, |l| u64::from(l.product.price_cents) * u64::from(p.quantity))
    };
    invoice.contents.iter().map(cents).sum()
}
