//! Clocks of tenants, and timers that are worked off late with their own due instants.

use super::harness::*;
use crate::settings::Settings;
use baton_core::book::Rulebook;
use baton_core::fact::Act;
use baton_core::state::ExceptionStatus;
use baton_core::time::Duration;

#[test]
fn receipts_are_stamped_by_the_tenants_clock_which_survives_a_restart() {
    let mut bench = Bench::new();
    bench.tenant.clock.advance_to(at(5, 0));
    let shop = order("shop_order", "northwind-shop", "1001");
    bench.send("northwind-shop", vec![reached(&shop, at(0, 0), "O10")]);
    bench.settle();
    assert_eq!(bench.source("northwind-shop").heard_at, Some(at(5, 0)));
    bench.restart();
    assert_eq!(bench.tenant.clock.now(), at(5, 0));
}

#[test]
fn a_source_that_was_silent_is_noted_as_heard_again() {
    let bench = Bench::new();
    let box_one = shipment("TRK-1");
    bench.send("contoso-freight", vec![reached(&box_one, at(0, 0), "T10")]);
    bench.tenant.clock.advance_to(at(2, 0) + Duration::hours(1));
    bench.send("contoso-freight", vec![reached(&box_one, at(2, 0), "T30")]);
    bench.send("contoso-freight", vec![reached(&box_one, at(2, 1), "T35")]);
    bench.settle();
    let source = bench.state(&baton_core::correlate::source_identifier("contoso-freight"));
    let [silence] = source.exceptions.as_slice() else { panic!("{:?}", source.exceptions) };
    assert_eq!(silence.code.code(), "E-DAT-08");
    let status =
        ExceptionStatus::Cleared { raised_at: at(2, 0), cleared_at: at(2, 0) + Duration::hours(1) };
    assert_eq!(silence.status, status);
    assert_eq!(
        silence.acts.iter().map(|act| act.act).collect::<Vec<_>>(),
        [Act::Announced, Act::Cleared]
    );
}

#[test]
fn a_silence_is_not_taken_back_while_the_note_of_its_end_waits_to_be_read() {
    let mut settings = Settings::default();
    // What ended it, and the note of it, are read one after the other.
    settings.steps.batch_messages_max = 1;
    let bench = Bench::with(settings, Rulebook::default());
    let box_one = shipment("TRK-1");
    bench.send("contoso-freight", vec![reached(&box_one, at(0, 0), "T10")]);
    bench.settle();
    bench.tenant.clock.advance_to(at(2, 1));
    bench.engine.wake();
    bench.settle();
    bench.send("contoso-freight", vec![reached(&box_one, at(2, 0), "T30")]);
    bench.settle();
    let source = bench.state(&baton_core::correlate::source_identifier("contoso-freight"));
    let [silence] = source.exceptions.as_slice() else { panic!("{:?}", source.exceptions) };
    assert_eq!(
        silence.acts.iter().map(|act| (act.act, act.at)).collect::<Vec<_>>(),
        [(Act::Announced, at(2, 0)), (Act::Cleared, at(2, 1))]
    );
    assert_eq!(bench.verify().differences, []);
}

#[test]
fn a_timer_fires_by_the_simulated_clock_and_its_act_carries_the_instant_at_which_it_was_due() {
    let mut bench = Bench::new();
    let box_one = shipment("TRK-1");
    bench.send("contoso-freight", vec![reached(&box_one, at(0, 0), "T10")]);
    bench.settle();
    let source = baton_core::correlate::source_identifier("contoso-freight");
    assert_eq!(bench.state(&source).exceptions, []);
    // The process is down when the timer comes due; time goes on for the tenant meanwhile.
    bench.tenant.clock.advance_to(at(1, 0));
    bench.send("northwind-shop", vec![reached(&order("o", "s", "1"), at(1, 0), "O10")]);
    bench.restart();
    bench.tenant.clock.advance_to(at(9, 0));
    bench.engine.wake();
    bench.settle();
    let state = bench.state(&source);
    let [silence] = state.exceptions.as_slice() else { panic!("{:?}", state.exceptions) };
    assert_eq!(silence.status, ExceptionStatus::Open { raised_at: at(2, 0) });
    assert_eq!(silence.acts[0].at, at(2, 0), "announced as of when it was due, a week late");
    assert_eq!(bench.verify().differences, []);
}

fn with_a_clock() -> Rulebook {
    let slas = serde_json::json!([{ "name": "acknowledged", "on": "order", "owner": "commerce",
        "start": {"reached": "O10"}, "stop": [{"reached": "O20"}], "cancel": [{"reached": "O90"}],
        "target": "8h" }]);
    Rulebook { slas: serde_json::from_value(slas).unwrap(), ..Rulebook::default() }
}

#[test]
fn a_clock_that_came_out_is_counted_once_across_wakes_repeats_and_restarts() {
    let mut bench = Bench::with(Settings::default(), with_a_clock());
    let counted = |bench: &Bench| -> Vec<String> {
        let text = bench.engine.metrics().text();
        let lines = text.lines().filter(|line| line.starts_with("baton_sla_clocks_total"));
        lines.map(str::to_owned).collect()
    };
    bench.tenant.clock.advance_to(at(0, 1));
    let placed = |n: &str| order("shop_order", "northwind-shop", n);
    for n in ["1", "2", "3"] {
        bench.send("northwind-shop", vec![reached(&placed(n), at(0, 0), "O10")]);
    }
    bench.settle();
    assert_eq!(counted(&bench), [""; 0]);
    bench.tenant.clock.advance_to(at(0, 2));
    bench.send("northwind-shop", vec![reached(&placed("1"), at(0, 2), "O20")]);
    bench.send("northwind-shop", vec![reached(&placed("2"), at(0, 2), "O90")]);
    bench.settle();
    let both = ["cancelled", "met"].map(|o| format!("baton_sla_clocks_total{{outcome=\"{o}\"}} 1"));
    assert_eq!(counted(&bench), both);
    // Said again, nothing comes out that did not before.
    bench.send(
        "northwind-shop",
        vec![reached(&placed("1"), at(0, 2), "O20"), reached(&placed("1"), at(0, 2), "O30")],
    );
    bench.settle();
    assert_eq!(counted(&bench), both);
    // The counters of a new process start at nothing: only the breach is still to come.
    bench.restart();
    bench.tenant.clock.advance_to(at(1, 0));
    bench.engine.wake();
    bench.settle();
    bench.send("northwind-shop", vec![reached(&placed("1"), at(0, 3), "O30")]);
    bench.send("northwind-shop", vec![reached(&placed("3"), at(1, 0), "O20")]);
    bench.settle();
    assert_eq!(counted(&bench), ["baton_sla_clocks_total{outcome=\"breached\"} 1"]);
}
