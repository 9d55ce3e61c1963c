//! A world heard from its first message to its last by the shipped packs, and what was announced.

mod clusters;
mod keeper;

use std::collections::BTreeMap;

use baton_core::book::Rulebook;
use baton_core::correlate::source_identifier;
use baton_core::fact::{Act, Body, Place, Statement};
use baton_core::partner::SourceInfo;
use baton_core::state::State;
use baton_core::time::{Duration, Happened, Instant};
use baton_packs::{Pack, Sender, compile, connectors, shipped};
use baton_sim::{Found, Judgement, World, judge};

use clusters::Clusters;
use keeper::Keeper;

/// What a run came to.
pub(crate) struct Run {
    pub(crate) clusters: Clusters,
    /// Every subject at the end, with all that was announced of it.
    pub(crate) states: Vec<State>,
    end: Instant,
}

impl Run {
    pub(crate) fn of(world: &World, show_faults: bool) -> Self {
        let packs: Vec<Pack> =
            shipped().into_iter().filter_map(|files| Pack::from_files(files).0).collect();
        let book: Rulebook = compile(&packs).expect("shipped packs compile");
        let sources = world.sources().iter().map(|s| SourceInfo {
            key: s.key.into(),
            partner: Some(s.partner.into()),
            role: s.role,
            heard_at: None,
            silent_after: Some(s.silent_after),
        });
        let mut keeper = Keeper::new(sources.collect(), &book);
        let end = hear_all(world, &packs, &mut keeper, show_faults);
        keeper.wake_until(end);
        let states = keeper.states(end);
        Self { states, end, clusters: keeper.clusters }
    }

    /// What was announced, held against the truth.
    pub(crate) fn judged(&self, world: &World) -> Judgement {
        judge(&world.truth().expected_by(self.end), &found(&self.states))
    }
}

/// Hears every message of the world; returns the instant at which all that follows has had its time.
fn hear_all(world: &World, packs: &[Pack], keeper: &mut Keeper<'_>, show_faults: bool) -> Instant {
    let readers = connectors(packs).expect("shipped connectors are ready");
    let mut heard: BTreeMap<&str, Instant> = BTreeMap::new();
    let mut end = Instant::MIN;
    for sent in world.messages() {
        let at = sent.send_at;
        end = at;
        let source = world.sources().iter().find(|s| s.key == sent.source).expect("a known source");
        // A first word is as after a silence: it makes the feed a subject of its own.
        let previous = heard
            .insert(source.key, at)
            .map_or(Some(at), |p| (at.since(p) > source.silent_after).then_some(p));
        let mut statements: Vec<Statement> = Vec::new();
        statements.extend(previous.map(|previous| Statement {
            about: source_identifier(source.key).into(),
            happened: Happened::at(at),
            body: Body::HeardAgain { previous },
            place: Place::None,
        }));
        let reader = &readers[source.connector];
        let sender =
            Sender { source: source.key, partner: Some(source.partner), role: source.role.name() };
        for part in reader.interpret(&sent.body, &sent.headers, at, sender) {
            match part.result {
                Ok(read) => statements.extend(read),
                Err(faults) if show_faults => {
                    println!("{} {}: {:?}", source.key, part.part, faults.first());
                }
                Err(_) => {}
            }
        }
        keeper.wake_until(at);
        keeper.hear(source.key, statements, at);
    }
    end + Duration::days(2)
}

/// Exceptions of every subject, with the numbers of the orders that reach it.
fn found(states: &[State]) -> Vec<Found> {
    let mut orders_of: BTreeMap<baton_core::id::ObjectId, Vec<String>> = BTreeMap::new();
    for order in states.iter().filter(|s| s.name.kind.name() == "order") {
        for object in &order.objects {
            let values = order.identifiers.iter().map(|i| i.value.to_string());
            orders_of.entry(object.id).or_default().extend(values);
        }
    }
    let mut found = Vec::new();
    for state in states {
        for exception in &state.exceptions {
            let acts = &exception.acts;
            for (n, act) in acts.iter().enumerate().filter(|(_, a)| a.act == Act::Announced) {
                let own = state.identifiers.iter().map(|i| i.value.to_string());
                let orders = orders_of.get(&state.id).into_iter().flatten().cloned();
                found.push(Found {
                    code: exception.code.code().to_owned(),
                    identifiers: own.chain(orders).collect(),
                    opened_at: act.at,
                    closed_at: acts.get(n + 1).map(|ended| ended.at),
                });
            }
        }
    }
    found
}
