//! Receipt: durable before it is answered, bounded, and never twice for one message.

use super::harness::*;
use crate::intake::{Incoming, IntakeError, Receipt};
use crate::own_words;
use crate::settings::Settings;
use baton_core::book::Rulebook;
use baton_core::correlate::source_identifier;
use baton_store::{messages, quarantine};

#[test]
fn a_message_becomes_facts_and_a_row() {
    let bench = Bench::new();
    let shop = order("shop_order", "northwind-shop", "1001");
    bench.send("northwind-shop", vec![reached(&shop, at(0, 0), "O10")]);
    bench.settle();
    let rows = bench.orders();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].number, "1001");
    assert_eq!(rows[0].progress.as_deref(), Some("O10"));
    assert_eq!(bench.state(&shop).facts, 1);
    assert_eq!(bench.verify().differences, []);
}

#[test]
fn duplicates_are_answered_as_the_first_was_and_read_once() {
    let bench = Bench::new();
    let shop = order("shop_order", "northwind-shop", "1001");
    let body = own_words::body(vec![reached(&shop, at(0, 0), "O10")]);
    let other = own_words::body(vec![reached(&shop, at(0, 1), "O20")]);
    let id = [("x-own-id", "evt-1")];
    let first = bench.send_raw("northwind-shop", &id, body.clone()).unwrap();
    let Receipt::Accepted { id: first_id } = first else { panic!("{first:?}") };
    let again = bench.send_raw("northwind-shop", &id, body.clone()).unwrap();
    assert_eq!(again, Receipt::Duplicate { of: first_id });
    let differs = bench.send_raw("northwind-shop", &id, other).unwrap();
    assert!(matches!(differs, Receipt::Differs { of, .. } if of == first_id), "{differs:?}");
    bench.settle();
    let state = bench.state(&shop);
    assert_eq!(state.facts, 2, "both contents were read, each once");
    let kept = bench.engine.store().read(|tx| messages::get(tx, &bench.tenant.scope, first_id));
    assert_eq!(kept.unwrap().entry.repeats, 1);
    // The reuse of a number is a fact about the source.
    let source = bench.state(&source_identifier("northwind-shop"));
    assert!(
        source.exceptions.iter().any(|e| e.code.code() == "E-DAT-05"),
        "{:?}",
        source.exceptions
    );
}

#[test]
fn equal_bytes_are_a_duplicate_only_where_messages_carry_a_version() {
    let bench = Bench::new();
    let shop = order("shop_order", "northwind-shop", "1001");
    let body = own_words::body(vec![reached(&shop, at(0, 0), "O10")]);
    for (source, duplicate) in [("northwind-shop", false), ("northwind-erp", true)] {
        bench.send_raw(source, &[], body.clone()).unwrap();
        let again = bench.send_raw(source, &[], body.clone()).unwrap();
        assert_eq!(matches!(again, Receipt::Duplicate { .. }), duplicate, "{source}");
    }
}

#[test]
fn a_bad_part_does_not_hold_up_the_good_ones_beside_it() {
    let bench = Bench::new();
    let shop = order("shop_order", "northwind-shop", "1001");
    let nobody = order("shop_order", "northwind-shop", "N/A");
    let mut body = own_words::body(vec![reached(&shop, at(0, 0), "O10")]);
    body.extend(b"\n{\"statements\": \"what?\"}\n");
    body.extend(own_words::body(vec![reached(&nobody, at(0, 0), "O20")]));
    bench.send_raw("northwind-shop", &[], body).unwrap();
    bench.settle();
    assert_eq!(bench.state(&shop).facts, 1);
    let items = bench
        .engine
        .store()
        .read(|tx| quarantine::list(tx, &bench.tenant.scope, None, None, 10))
        .unwrap();
    let mut found: Vec<_> = items.iter().map(|i| (i.part.as_str(), i.code.as_str())).collect();
    found.sort_unstable();
    assert_eq!(found, [("line 2", "facts_unreadable"), ("line 3", "no_identifier")]);
}

#[test]
fn what_exceeds_a_limit_is_refused_and_nothing_is_kept() {
    let mut settings = Settings::default();
    settings.intake.body_bytes_max = 100;
    settings.intake.header_bytes_max = 40;
    settings.intake.nesting_depth_max = 3;
    let bench = Bench::with(settings, Rulebook::default());
    let send = |headers: &[(&str, &str)], body: &[u8]| {
        bench.send_raw("northwind-shop", headers, body.to_vec()).map_err(|e| e.code())
    };
    assert_eq!(send(&[], &[b'x'; 101]), Err("body_too_long"));
    assert_eq!(
        send(&[("x-long", "0123456789012345678901234567890")], b"{}"),
        Err("headers_too_long")
    );
    assert_eq!(send(&[], b"[[[[]]]]"), Err("nested_too_deep"));
    assert_eq!(send(&[("content-encoding", "gzip")], b"{}"), Err("encoding_wrong"));
    let kept = bench
        .engine
        .store()
        .read(|tx| messages::list(tx, &bench.tenant.scope, None, None, 10))
        .unwrap();
    assert_eq!(kept, []);
}

#[test]
fn while_as_many_wait_as_may_no_more_are_taken() {
    let mut settings = Settings::default();
    settings.intake.messages_waiting_max = 1;
    // Nobody reads what is taken here.
    settings.roles = "intake".parse().unwrap();
    let bench = Bench::with(settings, Rulebook::default());
    let send = || bench.send_raw("northwind-shop", &[], b"{}".to_vec());
    assert!(matches!(send(), Ok(Receipt::Accepted { .. })));
    let busy = send();
    assert!(matches!(busy, Err(IntakeError::Busy { retry_after_seconds: 5 })), "{busy:?}");
}

#[test]
fn a_stopped_engine_takes_up_what_waited() {
    let mut bench = Bench::new();
    let shop = order("shop_order", "northwind-shop", "1001");
    for n in 0..50 {
        let item = order("shop_order", "northwind-shop", &format!("{}", 2_000 + n));
        bench.send("northwind-shop", vec![reached(&item, at(0, n), "O10")]);
        if n % 10 == 0 {
            bench.restart();
        }
    }
    bench.send("northwind-shop", vec![reached(&shop, at(0, 0), "O10")]);
    bench.engine.stop();
    let refused = bench.engine.intake();
    assert!(refused.is_err());
    bench.restart();
    bench.settle();
    assert_eq!(bench.orders().len(), 51);
    assert_eq!(bench.verify().differences, []);
}

#[test]
fn a_message_is_the_same_whichever_way_it_comes() {
    let bench = Bench::new();
    let body = own_words::body(vec![reached(&order("po", "northwind", "1"), at(0, 0), "O10")]);
    let send = |source: &str, number_inside: bool, callers: Option<&str>| {
        let headers = [("x-own-id".to_owned(), "7".to_owned())];
        let incoming = Incoming {
            source: bench.source(source),
            content_type: "application/json".into(),
            headers: headers.into_iter().filter(|_| number_inside).collect(),
            body: body.clone(),
            own_id: callers.map(str::to_owned),
            received_at: None,
        };
        bench.engine.intake().unwrap().receive_blocking(&bench.tenant, incoming).unwrap()
    };
    // By the number in the message, or by its bytes where they are enough; else by the caller's.
    for (source, inside, again) in [
        ("northwind-shop", true, true),
        ("northwind-erp", false, true),
        ("northwind-shop", false, false),
    ] {
        let Receipt::Accepted { id } = send(source, inside, Some("file-1")) else { panic!() };
        let same = Receipt::Duplicate { of: id };
        assert_eq!(send(source, inside, Some("file-1")), same, "{source}");
        assert_eq!(send(source, inside, None) == same, again, "{source}");
        assert_eq!(send(source, inside, Some("file-2")) == same, again, "{source}");
    }
}
