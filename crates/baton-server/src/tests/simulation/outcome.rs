//! What a run came to, in lines that two runs of one world share: facts, states, exceptions, commands,
//! quarantine; without what depends on when the machine did something.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::fact::{Body, Fact, distinct};
use baton_store::outbox::State;
use baton_store::{Scope, Store, StoreError, Tx, clusters, exceptions, facts, messages, objects};
use baton_store::{orders, outbox, quarantine};

/// More rows than any world of a simulation has.
pub(super) const ALL: usize = 5_000;
/// Lines of a difference that are shown.
const SHOWN: usize = 12;

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    /// Each with its place among equal ones.
    lines: BTreeSet<String>,
    /// The acts that the receiver has taken.
    taken: BTreeSet<String>,
}

impl Outcome {
    pub(super) fn of(store: &Store, scope: &Scope, taken: &BTreeMap<String, u32>) -> Self {
        let mut counted: BTreeMap<String, u32> = BTreeMap::new();
        let lines = store.read(|tx| lines(tx, scope)).unwrap().into_iter();
        let lines = lines.map(|line| {
            let count = counted.entry(line.clone()).or_default();
            *count += 1;
            if *count > 1 { format!("{line}, once more ({count})") } else { line }
        });
        let lines = lines.collect();
        Self { lines, taken: taken.keys().cloned().collect() }
    }

    /// How another run differs, if it does.
    pub(super) fn difference(&self, other: &Self) -> Option<String> {
        let sets = [("", &self.lines, &other.lines), ("taken ", &self.taken, &other.taken)];
        let differences: Vec<String> = sets
            .into_iter()
            .flat_map(|(what, wanted, found)| {
                let missing = wanted.difference(found).map(move |l| format!("- {what}{l}"));
                let surplus = found.difference(wanted).map(move |l| format!("+ {what}{l}"));
                missing.take(SHOWN).chain(surplus.take(SHOWN))
            })
            .collect();
        (!differences.is_empty()).then(|| differences.join("\n"))
    }
}

fn lines(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<String>, StoreError> {
    let all = clusters::list(tx, scope, clusters::ClusterNo(0), ALL)?;
    let mut lines = Vec::new();
    for row in orders::by_clusters(tx, scope, &all)? {
        lines.push(format!("order {} {} {:x}", row.id, row.state, row.digest));
    }
    for row in exceptions::by_clusters(tx, scope, &all)? {
        lines.push(format!("exception {} {} {} {:?}", row.id, row.code, row.state, row.closed_at));
    }
    lines.extend(
        objects::by_clusters(tx, scope, &all)?.iter().map(|row| format!("object {}", row.id)),
    );
    for facts in facts::load(tx, scope, &all, None)?.into_values() {
        lines.extend(distinct(facts).iter().map(fact));
    }
    for state in [State::Pending, State::Delivered, State::Dead] {
        let some = outbox::list(tx, scope, state, None, ALL)?;
        lines
            .extend(some.iter().map(|command| format!("command {} {}", command.act, state.name())));
    }
    let own = crate::own_words::CONTENT_TYPE;
    let kept = messages::list(tx, scope, None, None, ALL)?;
    let kept = kept.iter().filter(|entry| entry.content_type != own).count();
    lines.push(format!("{kept} messages"));
    for item in quarantine::list(tx, scope, None, None, ALL)? {
        let entry = messages::get(tx, scope, item.message)?.entry;
        let (source, at) = (entry.source_key, entry.received_at);
        lines.push(format!("quarantine {source} {at} {} {}", item.part, item.code));
    }
    Ok(lines)
}

fn fact(fact: &Fact) -> String {
    match &fact.body {
        // When it was delivered, and at which attempt, is the machine's.
        Body::Delivered { act, to, ok, .. } => format!("delivered {act} {to} {ok}"),
        body => format!("fact {} {} {} {body:?}", fact.id, fact.about.object, fact.received_at),
    }
}
