//! A node that has to wait for what another one is about to commit goes on from there, as of no earlier
//! instant: else it would take back what the other one said of the time between, and say it again later.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use baton_core::book::Rulebook;
use baton_core::fact::Body;
use baton_core::id::ObjectId;
use baton_core::identifier::Identifier;
use baton_store::throwaway::Schema;
use baton_store::{facts, objects};

use super::harness::*;
use crate::Sharing;
use crate::derivation::act_name;
use crate::engine::EngineHandle;
use crate::intake::Incoming;
use crate::own_words;
use crate::record::{Read, record};
use crate::roles::Roles;
use crate::settings::Settings;
use crate::tenant::Tenant;

/// Whose word it is throughout.
const CARRIER: &str = "contoso-freight";

struct Node {
    engine: EngineHandle,
    tenant: Arc<Tenant>,
}

impl Node {
    /// One more at a place that was made.
    fn joined(schema: &Schema, made: &Bench, roles: Roles) -> Self {
        let settings = Settings { roles, ..Settings::default() };
        let (id, book) = (made.tenant.id, Rulebook::default());
        let store = open(&schema.location());
        let (engine, tenant) = start_sharing(store, id, (&settings, &book), Sharing::Several);
        Self { engine, tenant }
    }

    fn send(&self, bench: &Bench, about: &Identifier, (day, hour): (i64, i64), code: &str) -> Read {
        let received_at = at(day, hour);
        let body = own_words::body(vec![reached(about, received_at, code)]);
        let source = bench.source(CARRIER);
        let incoming = Incoming {
            source: source.clone(),
            content_type: "application/json".into(),
            headers: Vec::new(),
            body: body.clone(),
            own_id: None,
            received_at: Some(received_at),
        };
        let receipt = self.engine.intake().unwrap().receive_blocking(&self.tenant, incoming);
        let message = receipt.unwrap().message();
        Read { message, source: source.key, received_at, reading: 0, parts: own_words::read(&body) }
    }

    /// Records what was read; says when it is about to commit it, and does so when it is told to.
    fn record(&self, reads: Vec<Read>, (here, go): (Sender<()>, Receiver<()>)) {
        let tenant = Arc::clone(&self.tenant);
        let recorded = self.engine.between_steps(move |work| {
            let declared = tenant.declared();
            work.step(&tenant, &declared, |tx, step, cache| {
                record(tx, step, cache, &reads, None)?;
                here.send(()).unwrap();
                go.recv().unwrap();
                Ok(())
            })
        });
        recorded.unwrap().unwrap();
    }

    /// What was recorded of an object, in that order: milestones by their codes, and our acts.
    fn recorded_of(&self, object: &Identifier) -> Vec<String> {
        let scope = &self.tenant.scope;
        let known = self.engine.store().read(|tx| {
            let cluster = objects::cluster_of(tx, scope, ObjectId::of(object))?;
            facts::load(tx, scope, &[cluster], None)
        });
        let facts = known.unwrap().into_values().flatten();
        let mut recorded: Vec<_> = facts
            .filter_map(|fact| match fact.body {
                Body::Progress { milestone, .. } => {
                    Some((fact.recorded_at, false, milestone.code().to_owned()))
                }
                Body::Acted { act, .. } => Some((fact.recorded_at, true, act_name(act).to_owned())),
                _ => None,
            })
            .collect();
        recorded.sort_unstable();
        recorded.into_iter().map(|(.., what)| what).collect()
    }
}

/// Two nodes hear of one shipment, which counts as unmatched a day after its first word, and that is said. The second
/// node has begun before the first one commits, and waits for it. Returns what is recorded in the end.
fn story(schema: &Schema, is_known_before: bool) -> Vec<String> {
    let bench = Bench::at(schema.location(), Settings::default(), Rulebook::default());
    let parcel = shipment("TRK-1");
    bench.tenant.clock.advance_to(at(1, 1));
    // Of a source that is heard for the first time more is to be said, which would come between.
    bench.send_at(CARRIER, at(1, 0), vec![reached(&shipment("TRK-0"), at(1, 0), "T10")]);
    if is_known_before {
        bench.send_at(CARRIER, at(1, 0), vec![reached(&parcel, at(1, 0), "T10")]);
    }
    bench.settle();
    bench.engine.stop();
    let first = Node::joined(schema, &bench, "intake,derive".parse().unwrap());
    let mut reads = Vec::new();
    if !is_known_before {
        reads.push(first.send(&bench, &parcel, (1, 0), "T10"));
    }
    reads.push(first.send(&bench, &parcel, (1, 6), "T30"));
    // Only now, as nothing that is due after these receipts is said before they are read.
    first.tenant.clock.advance_to(at(2, 6));
    let ((told, here), (go, begin)) = (channel(), channel());
    let run = || first.record(reads, (told, begin));
    std::thread::scope(move |scope| {
        scope.spawn(run);
        here.recv().unwrap();
        let second = Node::joined(schema, &bench, Roles::default());
        second.tenant.clock.advance_to(at(2, 6));
        second.send(&bench, &parcel, (1, 7), "T35");
        while schema.waiting_sessions() == 0 {
            std::thread::yield_now();
        }
        go.send(()).unwrap();
        second.engine.settle(PATIENCE).unwrap();
        let recorded = second.recorded_of(&parcel);
        second.engine.stop();
        recorded
    })
}

#[test]
fn what_another_node_said_meanwhile_is_not_taken_back() {
    for is_known_before in [true, false] {
        let Some(schema) = Schema::fresh() else { return };
        let recorded = story(&schema, is_known_before);
        let wanted = ["T10", "T30", "announced", "T35"];
        assert_eq!(recorded, wanted, "known before: {is_known_before}");
    }
}
