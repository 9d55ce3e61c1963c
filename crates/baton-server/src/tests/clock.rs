use super::harness::*;
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
    let source = baton_core::correlate::source_identifier("contoso-freight");
    assert_eq!(bench.state(&source).facts, 1);
}
