//! What the live view shows, kept up from the stream of changes and from counts in the store.

use std::collections::{BTreeMap, VecDeque};

use baton_core::state::Phase;
use baton_core::time::Instant;
use baton_server::EngineHandle;
use baton_server::tenant::Tenant;
use baton_store::changes::{self, Change};
use baton_store::{StoreError, exceptions};
use serde_json::Value;

use super::summary::{all_orders, counted};
use crate::exit::{Failure, Result};

/// The latest changes that are kept for showing.
const LATEST_MAX: usize = 100;
/// Changes that are read at once.
const CHANGES_MAX: i64 = 2_000;
/// With more orders than this, phases are counted only every so often.
const RECOUNT_EVERY: u32 = 8;

/// The picture of one tenant.
#[derive(Debug, Default)]
pub(super) struct Picture {
    pub(super) clock: Option<Instant>,
    /// Phases in the order of an order's life, with how many orders are in each.
    pub(super) phases: Vec<(&'static str, u64)>,
    pub(super) orders: u64,
    /// Open exceptions by code, the most frequent first, with their titles.
    pub(super) trouble: Vec<(&'static str, &'static str, i64)>,
    /// How often the baton was passed on.
    pub(super) handoffs: u64,
    pub(super) latest: VecDeque<String>,
    pub(super) sent: u64,
    pub(super) sent_per_second: u64,
    last_change: i64,
    looks: u32,
    rate: Option<(std::time::Instant, u64)>,
}

impl Picture {
    /// Changes count from here on.
    pub(super) fn begin(engine: &EngineHandle, tenant: &Tenant) -> Result<Self> {
        let last_change = engine.store().read(|tx| Ok(changes::kept(tx, &tenant.scope)?.last))?;
        Ok(Self { last_change, ..Self::default() })
    }

    /// Looks at what has become of the tenant since.
    pub(super) fn look(&mut self, engine: &EngineHandle, tenant: &Tenant, sent: u64) -> Result<()> {
        self.clock = Some(tenant.clock.now());
        self.count_sent(sent);
        self.read(engine, tenant).map_err(Failure::from)
    }

    fn count_sent(&mut self, sent: u64) {
        self.sent = sent;
        let now = std::time::Instant::now();
        let Some((then, before)) = self.rate else {
            self.rate = Some((now, sent));
            return;
        };
        let seconds = (now - then).as_secs_f64();
        if seconds >= 1.0 {
            self.sent_per_second = ((sent - before) as f64 / seconds).round() as u64;
            self.rate = Some((now, sent));
        }
    }

    fn read(
        &mut self,
        engine: &EngineHandle,
        tenant: &Tenant,
    ) -> std::result::Result<(), StoreError> {
        let (news, mut open) = engine.store().read(|tx| {
            // A simulated clock may have run past what is kept.
            let after = self.last_change.max(changes::kept(tx, &tenant.scope)?.first - 1);
            let news = changes::between(tx, &tenant.scope, after, after + CHANGES_MAX)?;
            Ok((news, exceptions::count_open(tx, &tenant.scope)?))
        })?;
        news.iter().for_each(|change| self.note(change));
        open.sort_by_key(|(code, count)| (std::cmp::Reverse(*count), code.code()));
        self.trouble =
            open.into_iter().map(|(code, count)| (code.code(), code.entry().name, count)).collect();
        if self.orders == 0 || self.looks.is_multiple_of(RECOUNT_EVERY) {
            let orders = all_orders(engine, tenant)?;
            self.orders = orders.len() as u64;
            let counts = counted(orders.into_iter().map(|row| row.state));
            self.phases = in_order(&counts);
        }
        self.looks += 1;
        Ok(())
    }

    fn note(&mut self, change: &Change) {
        self.last_change = change.id;
        let summary: Value = serde_json::from_str(&change.summary).unwrap_or_default();
        let holder = &summary["changed"]["holder"];
        if holder["was"].is_string() && holder["is"].is_string() {
            self.handoffs += 1;
        }
        if let Some(line) = told(change, &summary) {
            self.latest.push_front(line);
            self.latest.truncate(LATEST_MAX);
        }
    }
}

fn in_order(counts: &BTreeMap<String, u64>) -> Vec<(&'static str, u64)> {
    let count = |phase: &Phase| counts.get(phase.name()).copied().unwrap_or_default();
    Phase::ALL.iter().map(|phase| (phase.name(), count(phase))).collect()
}

/// A change in one line; none for those that say nothing to a person.
fn told(change: &Change, summary: &Value) -> Option<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let what = match change.kind.as_str() {
        "order.created" => format!("order {} is known", text(&summary["number"])),
        "order.updated" => {
            let changed = &summary["changed"];
            let to = |name: &str| changed[name]["is"].as_str().map(str::to_owned);
            let news = [
                to("state").map(|state| format!("is {}", state.replace('_', " "))),
                to("holder").map(|holder| format!("is with {holder}")),
                to("progress").map(|milestone| format!("reached {milestone}")),
            ];
            let news: Vec<String> = news.into_iter().flatten().collect();
            if news.is_empty() {
                return None;
            }
            format!("order {} {}", text(&summary["number"]), news.join(", "))
        }
        "exception.opened" => format!("! {} {}", text(&summary["code"]), text(&summary["summary"])),
        "exception.cleared" => {
            format!("cleared {} {}", text(&summary["code"]), text(&summary["summary"]))
        }
        _ => return None,
    };
    Some(format!("{}  {what}", minute(change.at)))
}

/// `2026-05-04 16:10`
pub(super) fn minute(at: Instant) -> String {
    at.to_string().chars().take(16).map(|c| if c == 'T' { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn changes_are_told_in_a_line() {
        let change = |kind: &str| Change {
            id: 1,
            at: Instant::from_seconds(1_777_910_400),
            cluster: None,
            kind: kind.to_owned(),
            object: "ord_x".to_owned(),
            summary: String::new(),
        };
        let moved = json!({"number": "#9001", "changed": {"state": {"was": "placed", "is": "partly_shipped"}}});
        let raised = json!({"code": "E-TRN-05", "summary": "no scan for two days"});
        for (kind, summary, expected) in [
            ("order.updated", &moved, Some("2026-05-04 16:00  order #9001 is partly shipped")),
            (
                "exception.opened",
                &raised,
                Some("2026-05-04 16:00  ! E-TRN-05 no scan for two days"),
            ),
            ("order.updated", &json!({"number": "#9001", "changed": {}}), None),
            ("packs.activated", &json!({}), None),
        ] {
            assert_eq!(told(&change(kind), summary).as_deref(), expected, "{kind}");
        }
    }
}
