//! What the tidy loop forgets, by clocks that the test sets.

use std::sync::Arc;
use std::time::Duration;

use baton_core::time::{Duration as Length, Instant};
use baton_store::changes::{self, NewChange};
use baton_store::idempotency::{self, Answer};
use baton_store::tenants::{self, Clock, NewTenant};
use baton_store::{Location, Scope, Store};

use super::harness::at;
use crate::clock::MachineClock;
use crate::metrics::Metrics;
use crate::registry::Registry;
use crate::settings::TidyLimits;
use crate::tenant::{Declared, Tenant};
use crate::tidy::{Forgotten, TidyLoop};

const ROWS: i64 = 10;

/// A row an hour of each kind, in two tenants.
fn filled(store: &Store, key: &str) -> Tenant {
    store
        .write(|tx| {
            let clock = Clock::Simulated {
                simulated_at: at(0, ROWS),
                real_at: at(0, 0),
                speed_per_mille: 0,
            };
            let new = NewTenant { key, name: key, clock, created_at: at(0, 0) };
            let scope = Scope::tenant(tenants::create(tx, &Scope::operator(), &new)?);
            for hour in 0..ROWS {
                let answer = Answer {
                    request_hash: vec![1],
                    status: 200,
                    response: "{}".into(),
                    at: at(0, hour),
                };
                idempotency::keep(tx, &scope, &format!("key-{hour}"), &answer)?;
                let change = NewChange {
                    at: at(0, hour),
                    cluster: None,
                    kind: "order.updated",
                    object: "",
                    summary: "{}",
                };
                changes::append(tx, &scope, &[change])?;
            }
            let (stored, clock) = (tenants::get(tx, &scope)?, MachineClock::System);
            Ok(Tenant::new(&stored, clock, Declared::nothing(), (0, at(0, 0))))
        })
        .unwrap()
}

fn tidy_loop(store: &Arc<Store>, limits: TidyLimits) -> TidyLoop {
    TidyLoop {
        store: Arc::clone(store),
        registry: Arc::<Registry>::default(),
        limits,
        metrics: Arc::<Metrics>::default(),
        troubles: Arc::default(),
        bell: Arc::default(),
        stop: Arc::default(),
    }
}

#[test]
fn what_is_old_is_forgotten_in_batches_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::Folder(folder.path().to_owned());
    let store = Store::open(&location, &baton_store::Settings::default()).unwrap();
    store.migrate().unwrap();
    let store = Arc::new(store);
    let (ours, theirs) = (filled(&store, "ours"), filled(&store, "theirs"));
    let limits = TidyLimits {
        every: Duration::from_secs(3_600),
        batch_rows: 2,
        batches_max: 2,
        idempotency_kept: Length::hours(3),
        changes_kept: Length::hours(5),
    };
    let tidy = tidy_loop(&store, limits);
    let pass = |now: Instant| tidy.tidy(&ours, now).unwrap();
    let forgot = |idempotency_keys, changes| Forgotten { idempotency_keys, changes };
    // No more than two batches of two in one pass; the next goes on.
    assert_eq!(pass(at(0, ROWS)), forgot(4, 4));
    assert_eq!(pass(at(0, ROWS)), forgot(3, 1));
    assert_eq!(pass(at(0, ROWS)), forgot(0, 0));
    // Each ages by its own clock: the machine's, and the tenant's.
    assert_eq!(pass(at(0, ROWS + 1)), forgot(1, 0));
    ours.clock.advance_to(at(0, ROWS + 2));
    assert_eq!(pass(at(0, ROWS + 1)), forgot(0, 2));
    let kept = |tenant: &Tenant| {
        let look = store.read(|tx| {
            let first = changes::between(tx, &tenant.scope, 0, 99)?;
            let last = idempotency::look_up(tx, &tenant.scope, "key-9")?;
            Ok((first.len(), last.is_some()))
        });
        look.unwrap()
    };
    assert_eq!(kept(&ours), (3, true));
    assert_eq!(kept(&theirs), (10, true));
    let text = tidy.metrics.text();
    assert!(text.contains("baton_tidied_rows_total{what=\"changes\"} 7"), "{text}");
}
