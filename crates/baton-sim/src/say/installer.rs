//! Wingtip's job messages. The format is this world's own (see FORMATS.md) and carries no message id:
//! a repeat is told by its bytes, of which the event time is a part.

use baton_core::time::Instant;

use super::{Draft, Mark};
use crate::calendar::stamp;
use crate::cast::INSTALLER;
use crate::config::Fault;
use crate::json::object;
use crate::life::{Group, Order};

pub(super) fn say(group: &Group, drafts: &mut Vec<Draft>) {
    for (n, order) in group.orders.iter().enumerate() {
        let Some(job) = order.job else { continue };
        for (event, at) in [
            ("scheduled", Some(job.scheduled_at)),
            ("started", job.started_at),
            ("installed", job.installed_at),
            ("activated", job.activated_at),
            ("accepted", job.accepted_at),
        ] {
            if let Some(at) = at {
                drafts.push(draft(order, event, at, job.slot_at).telling(Mark::Job(n)));
            }
        }
    }
}

fn draft(order: &Order, event: &str, at: Instant, slot_at: Instant) -> Draft {
    let zone = order.place.zone;
    let placeholder = order.faults.has(Fault::Placeholder);
    let sales_order = if placeholder { "N/A".to_owned() } else { order.sales_order() };
    let (first, last) = order.customer.contact;
    let body = object([
        ("job", order.job_number().into()),
        ("event", event.into()),
        ("at", stamp(at, zone).into()),
        (
            "references",
            object([("sales_order", sales_order.into()), ("shop_order", order.shop_name().into())]),
        ),
        ("slot_start", stamp(slot_at, zone).into()),
        (
            "site",
            object([("city", order.place.city.into()), ("region", order.place.region.into())]),
        ),
        ("technician", "T. Specimen".into()),
        ("signed_by", (event == "accepted").then(|| format!("{first} {last}")).into()),
    ]);
    Draft::json(INSTALLER, at, None, &body)
}
