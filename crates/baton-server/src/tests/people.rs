//! What people state goes the same way as what partners send.

use super::harness::*;
use crate::people::StatingError;
use crate::reading::{Connectors, Fault, Letter, Part};
use crate::tenant::Declared;
use baton_core::fact::Body;
use baton_core::id::ObjectId;
use baton_core::wording::Wording;
use baton_store::quarantine;
use baton_store::sources::Source;
use std::sync::Arc;

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

#[test]
fn what_a_person_states_goes_the_way_of_all_messages() {
    let bench = Bench::new();
    let shop = order("shop_order", "northwind-shop", "1001");
    bench.send("northwind-shop", vec![reached(&shop, at(0, 0), "O10")]);
    let note = says(&shop, at(0, 1), Body::Noted { text: "rang the customer".into() });
    for _ in 0..2 {
        let stated = bench.engine.state(
            bench.tenant.id,
            "ada".into(),
            vec![note.clone()],
            Some("r1".into()),
        );
        wait(stated).unwrap();
    }
    bench.settle();
    assert_eq!(bench.state(&shop).facts, 2, "stated once, however often it was sent");
    assert_eq!(bench.source("person:ada").name, "ada");
    let nobody = wait(bench.engine.state(bench.tenant.id, "".into(), vec![note], None));
    assert!(matches!(nobody, Err(StatingError::NoPerson)), "{nobody:?}");
    let nothing = wait(bench.engine.state(bench.tenant.id, "ada".into(), vec![], None));
    assert!(matches!(nothing, Err(StatingError::Nothing)), "{nothing:?}");
}

/// Reads nothing, as before its pack was fixed.
#[derive(Debug)]
struct Broken;

impl Connectors for Broken {
    fn own_id(&self, _: &Letter<'_>) -> Option<String> {
        None
    }
    fn bytes_identify(&self, _: &Source) -> bool {
        false
    }
    fn read(&self, letter: &Letter<'_>) -> Vec<Part> {
        // One good part and one that this version cannot read.
        let mut parts = PlainWords.read(letter);
        if let Some(last) = parts.last_mut() {
            last.outcome = Err(Fault::new("unmapped", &Wording::default(), "no such status"));
        }
        parts
    }
}

#[test]
fn a_message_is_read_again_and_its_old_facts_give_way() {
    let bench = Bench::new();
    let fixed = bench.tenant.declared();
    bench.tenant.declare(Arc::new(Declared { connectors: Arc::new(Broken), ..(*fixed).clone() }));
    let shop = order("shop_order", "northwind-shop", "1001");
    let later = order("shop_order", "northwind-shop", "1002");
    let mut body = crate::own_words::body(vec![reached(&shop, at(0, 0), "O10")]);
    body.push(b'\n');
    body.extend(crate::own_words::body(vec![reached(&later, at(0, 0), "O10")]));
    let receipt = bench.send_raw("northwind-shop", &[], body).unwrap();
    bench.settle();
    assert_eq!(bench.orders().len(), 1);
    bench.tenant.declare(fixed);
    bench.tenant.clock.advance_to(at(1, 0));
    let again = bench.engine.reread(bench.tenant.id, &[receipt.message()], "ada").unwrap();
    assert_eq!((again.messages, again.facts, again.faults), (1, 2, 0));
    bench.settle();
    assert_eq!(bench.orders().len(), 2);
    assert_eq!(bench.state(&shop).facts, 1, "the old reading's fact is not there twice");
    let open = bench.engine.store().read(|tx| quarantine::count_open(tx, &bench.tenant.scope));
    assert_eq!(open.unwrap(), 0);
    assert_eq!(bench.verify().differences, []);
    let before = bench.try_state(
        ObjectId::of(&later),
        crate::history::View { as_of: Some(at(0, 23)), ..Default::default() },
    );
    assert!(before.is_err(), "nothing was known of it before");
}
