//! Stories on a simulated machine: a receiver that is down for an hour, and a clock that is set back by a
//! day. Whatever was owed is delivered once all is well again, with nobody's help.

use baton_core::fact::{Act, Body};
use baton_core::id::{ActId, Digest};
use baton_core::time::{Duration, Instant};
use baton_store::clusters::ClusterNo;
use baton_store::outbox::{self, NewCommand, State};
use baton_store::subscriptions;
use baton_store::tenants::Clock;

use super::fate::Fate;
use super::node;
use super::outcome::ALL;
use super::post::Post;
use super::process::Process;
use super::scene::{config, letters};
use crate::settings::{DispatchLimits, Settings};

const COMMANDS: u8 = 12;

/// With as many attempts as a real system makes.
fn settings(fate: &Fate) -> Settings {
    let mut settings = node::settings(fate);
    settings.dispatch.attempts_max = DispatchLimits::default().attempts_max;
    settings
}

fn process() -> Process {
    let start_at = config(1).start_at;
    Process::new(Fate::new(1, true), Clock::Real, start_at, settings)
}

fn owe(process: &Process) {
    let at = process.machine_at();
    let add = process.scene.calm.write(|tx| {
        let scope = &process.scope;
        let subscription = subscriptions::list(tx, scope)?[0].id;
        for n in 0..COMMANDS {
            let act = ActId(Digest::of(&[&[n]]));
            let payload = serde_json::json!({ "data": { "act": act } }).to_string();
            let command = NewCommand {
                act,
                cluster: ClusterNo(i64::from(n % 4)),
                subscription,
                payload: &payload,
                next_at: at,
                created_at: at,
            };
            outbox::add(tx, scope, &[command])?;
        }
        Ok(())
    });
    add.unwrap();
}

/// Lets time pass, and everybody take steps.
fn pass(process: &mut Process, time: Duration) {
    let until = process.machine_at() + time;
    while process.machine_at() < until {
        process.set_machine(process.machine_at() + Duration::seconds(20));
        for _ in 0..12 {
            process.step();
        }
    }
}

fn delivered(process: &Process) -> usize {
    let list = |state| {
        let all = process.scene.calm.read(|tx| outbox::list(tx, &process.scope, state, None, ALL));
        all.unwrap().len()
    };
    assert_eq!(list(State::Dead), 0, "nothing is given up");
    list(State::Delivered)
}

fn each_once(process: &Process) {
    assert_eq!(delivered(process), usize::from(COMMANDS));
    let taken = process.receiver.taken();
    assert_eq!(taken.len(), usize::from(COMMANDS));
    assert!(taken.values().all(|count| *count == 1), "{taken:?}");
}

#[test]
fn what_a_receiver_refuses_for_an_hour_is_delivered_within_the_next() {
    let mut process = process();
    owe(&process);
    process.receiver.refuse_until(process.machine_at() + Duration::hours(1));
    pass(&mut process, Duration::minutes(59));
    assert_eq!(delivered(&process), 0);
    pass(&mut process, Duration::minutes(125));
    each_once(&process);
}

#[test]
fn a_clock_that_is_set_back_by_a_day_holds_no_delivery_up() {
    let mut process = process();
    owe(&process);
    process.receiver.refuse_until(process.machine_at() + Duration::minutes(10));
    pass(&mut process, Duration::minutes(2));
    process.receiver.refuse_until(Instant::MIN);
    process.jump(Duration::days(-1));
    pass(&mut process, Duration::minutes(5));
    each_once(&process);
}

#[test]
fn messages_that_come_while_the_clock_is_set_back_are_read_and_acts_stay_in_order() {
    let mut process = process();
    let all = letters(1);
    let mut post = Post::new(&all, &process.scene.sources);
    for (n, sent) in all.iter().enumerate() {
        process.set_machine(sent.send_at.max(process.machine_at()));
        if n == all.len() / 2 {
            process.jump(Duration::days(-1));
        }
        let fate = std::sync::Arc::clone(&process.fate);
        post.unsent.push(n);
        post.send((process.node(), &fate), n, 1, None);
        let before = process.node().tenant.recorded_at();
        for _ in 0..2_000 {
            post.hear();
            if post.is_done() && process.has_settled().unwrap() {
                break;
            }
            process.step();
        }
        assert!(post.is_done(), "letter {n} is not acknowledged");
        assert!(process.node().tenant.recorded_at() >= before, "what is recorded never goes back");
    }
    process.check().unwrap();
    let announced = process
        .facts()
        .into_iter()
        .filter(|fact| matches!(fact.body, Body::Acted { act: Act::Announced, .. }));
    assert!(announced.count() > 5);
}
