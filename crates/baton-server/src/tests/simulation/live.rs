//! A run in real time, on a machine whose clock is simulated: messages come late, in any order and
//! again, timers come due while others wait, and the clock is set forward and back by up to a day.
//!
//! What Baton says at a moment of knowledge depends on such things and may. What must hold all the same:
//! nothing acknowledged is lost, no act is doubled or owed, what is written follows from the facts, and
//! all that partners stated is what the same messages state when they come in order.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use baton_core::fact::Body;
use baton_core::partner::SourceKey;
use baton_core::time::{Duration, Instant};
use baton_store::messages::{self, Message};
use baton_store::outbox::State;
use baton_store::sources::OWN;
use baton_store::tenants::Clock;
use baton_store::{Scope, Store, StoreError, clusters, orders, outbox, quarantine};

use super::fate::Fate;
use super::node;
use super::outcome::ALL;
use super::play::Done;
use super::post::Post;
use super::process::Process;
use super::scene::{WORLDS, config, letters};
use crate::event::act_of;
use crate::settings::Settings;

/// Real time passes in steps of up to so many minutes.
const STEP_MINUTES_MAX: usize = 25;
/// So long after the last letter, and after everything has calmed down, nothing may be owed.
const AFTERMATH: Duration = Duration::hours(30);
const SENT_AGAIN: u32 = 15;
const DELAYED: usize = 8;
const CLOCK_JUMPS: u32 = 6;
const SETTLES_IN: usize = 20_000;

pub(super) fn simulate(seed: u64) -> Result<Done, String> {
    let world = 1 + seed % WORLDS;
    let mut run = Live::new(seed, world);
    let played = run.play();
    played.map_err(|why| format!("in real time: {why}{}", run.process.fate.story()))?;
    let days = run.world_at.since(config(world).start_at).whole_minutes() / (24 * 60);
    Ok(Done {
        days: days.unsigned_abs(),
        troubles: run.process.fate.troubles(),
        deliveries: run.process.receiver.taken().values().sum(),
        steps: run.process.steps,
        waits: run.process.waits,
    })
}

fn settings(fate: &Fate) -> Settings {
    let mut settings = node::settings(fate);
    settings.steps.batch_messages_max = 1 + fate.draw(5);
    settings.steps.wake_max = 1 + fate.draw(5);
    settings
}

struct Live {
    process: Process,
    post: Post,
    /// The world's time, whatever the machine's clock shows.
    world_at: Instant,
    /// Letters by when they are sent, late or not.
    to_come: BTreeSet<(Instant, usize)>,
}

impl Live {
    fn new(seed: u64, world: u64) -> Self {
        let start_at = config(world).start_at;
        let fate = Fate::new(seed, false);
        let fate = if seed.is_multiple_of(2) { fate } else { fate.without_deaths() };
        let process = Process::new(fate, Clock::Real, start_at, settings);
        let letters = letters(world);
        let fate = &process.fate;
        let send_at = |(n, at): (usize, Instant)| match fate.draw(DELAYED) {
            0 => (at + Duration::minutes(fate.draw(4_000) as i64), n),
            _ => (at, n),
        };
        let to_come = letters.iter().map(|sent| sent.send_at).enumerate().map(send_at).collect();
        let post = Post::new(&letters, &process.scene.sources);
        Self { process, post, world_at: start_at, to_come }
    }

    fn play(&mut self) -> Result<(), String> {
        let last = self.to_come.last().map_or(self.world_at, |(at, _)| *at);
        while self.world_at < last + AFTERMATH || !self.post.is_done() {
            self.step();
        }
        self.process.fate.calm_down();
        // From here on at most the longest wait between two attempts passes.
        let until = self.world_at + Duration::hours(3);
        while self.world_at < until {
            self.step();
        }
        for _ in 0..SETTLES_IN {
            if self.owes()? {
                return Err("commands are owed hours after everything calmed down".to_owned());
            }
            if self.process.has_settled().map_err(|why| why.to_string())? {
                self.process.check()?;
                return self.check();
            }
            self.process.step();
        }
        Err("it does not settle".to_owned())
    }

    /// Whether a command waits that was made before the last hours.
    fn owes(&self) -> Result<bool, String> {
        let since = self.process.machine_at() - Duration::hours(2);
        let scope = &self.process.scope;
        let calm = &self.process.scene.calm;
        let waiting = calm.read(|tx| outbox::list(tx, scope, State::Pending, None, ALL));
        let waiting = waiting.map_err(|why| why.to_string())?;
        Ok(waiting.iter().any(|command| command.created_at < since))
    }

    fn step(&mut self) {
        let fate = Arc::clone(&self.process.fate);
        let passed = Duration::minutes(fate.draw(STEP_MINUTES_MAX) as i64);
        self.world_at = self.world_at + passed;
        self.process.set_machine(self.process.machine_at() + passed);
        if fate.strikes(CLOCK_JUMPS) {
            let minutes = [90, 1_440, 2_880, -90, -1_440][fate.draw(5)];
            self.process.jump(Duration::minutes(minutes));
        }
        while let Some((at, n)) = self.to_come.first().copied()
            && at <= self.world_at
        {
            self.to_come.pop_first();
            self.post.unsent.push(n);
        }
        if fate.strikes(SENT_AGAIN)
            && let Some((n, _)) = self.post.acknowledged.get(fate.draw(1_000)).copied()
            && !self.post.unsent.contains(&n)
        {
            self.post.unsent.push(n);
        }
        for _ in 0..3 {
            let unsent = &self.post.unsent;
            if !unsent.is_empty() && fate.draw(3) == 0 {
                let n = unsent[fate.draw(unsent.len())];
                self.post.send((self.process.node(), &fate), n, 1, None);
            } else {
                self.process.step();
            }
            self.post.hear();
        }
    }

    fn check(&mut self) -> Result<(), String> {
        let (store, scope) = (&self.process.scene.calm, &self.process.scope);
        let kept = kept(store, scope).map_err(|why| why.to_string())?;
        for (n, id) in &self.post.acknowledged {
            let message = kept.iter().find(|message| message.entry.id == *id);
            if message.is_none_or(|m| m.body.len() != self.post.letter(*n).body.len()) {
                return Err(format!("letter {n} was acknowledged as {id:?} and is not kept"));
            }
        }
        let taken = self.process.receiver.taken();
        self.acts(store, scope, &taken)?;
        let found = stated(&self.process).map_err(|why| why.to_string())?;
        let wanted = in_order(&kept, self.process.now())?;
        let missing = wanted.difference(&found).map(|line| format!("\n- {line}")).take(10);
        let surplus = found.difference(&wanted).map(|line| format!("\n+ {line}")).take(10);
        let lines: String = missing.chain(surplus).collect();
        if lines.is_empty() { Ok(()) } else { Err(format!("in order it is otherwise:{lines}")) }
    }

    /// No act has two successors, each has its command, and each command was taken.
    fn acts(
        &self,
        store: &Store,
        scope: &Scope,
        taken: &BTreeMap<String, u32>,
    ) -> Result<(), String> {
        let facts = self.process.facts();
        let mut chains = BTreeMap::new();
        let mut acts = BTreeSet::new();
        for fact in &facts {
            let Body::Acted { act, code, expectation, id, previous } = &fact.body else { continue };
            acts.insert(id.to_string());
            let place = (fact.about.object.to_string(), *code, expectation.clone(), *previous);
            if let Some(other) = chains.insert(place.clone(), *id)
                && other != *id
            {
                return Err(format!("{act:?} of {place:?} is there twice"));
            }
        }
        let pages = [State::Pending, State::Delivered, State::Dead].map(|state| {
            store.read(|tx| outbox::list(tx, scope, state, None, ALL)).unwrap_or_default()
        });
        let commands: Vec<String> = pages
            .iter()
            .flatten()
            .map(|command| act_of(&command.payload).unwrap_or(command.act).to_string())
            .collect();
        let distinct: BTreeSet<String> = commands.iter().cloned().collect();
        let received: BTreeSet<String> = taken.keys().cloned().collect();
        if distinct.len() != commands.len() || distinct != acts || distinct != received {
            return Err(format!(
                "{} acts, {} commands, {} of them different, {} taken",
                acts.len(),
                commands.len(),
                distinct.len(),
                received.len()
            ));
        }
        Ok(())
    }
}

/// The messages of partners.
fn kept(store: &Store, scope: &Scope) -> Result<Vec<Message>, StoreError> {
    store.read(|tx| {
        let ids = messages::list(tx, scope, None, None, ALL)?;
        let own = crate::own_words::CONTENT_TYPE;
        let ids: Vec<_> =
            ids.iter().filter(|e| e.content_type != own).map(|entry| entry.id).collect();
        messages::get_many(tx, scope, &ids)
    })
}

/// What partners stated and where it put their orders, and what could not be read.
fn stated(process: &Process) -> Result<BTreeSet<String>, StoreError> {
    let own = SourceKey::new_static(OWN);
    let (facts, scope) = (process.facts(), &process.scope);
    let theirs = facts.iter().filter(|fact| fact.source != own);
    let mut lines: BTreeSet<String> = theirs
        .map(|fact| format!("fact {} {} {}", fact.id, fact.about.object, fact.received_at))
        .collect();
    process.scene.calm.read(|tx| {
        let all = clusters::list(tx, scope, clusters::ClusterNo(0), ALL)?;
        for row in orders::by_clusters(tx, scope, &all)? {
            lines.insert(format!(
                "order {} {} {:?} {:?} {:?} {:?}",
                row.id, row.number, row.progress, row.position, row.value, row.partners
            ));
        }
        for item in quarantine::list(tx, scope, None, None, ALL)? {
            let entry = messages::get(tx, scope, item.message)?.entry;
            let (source, at) = (entry.source_key, entry.received_at);
            lines.insert(format!("quarantine {source} {at} {} {}", item.part, item.code));
        }
        Ok(lines)
    })
}

/// What the same messages state where they come in the order of their receipts, undisturbed.
fn in_order(kept: &[Message], end: Instant) -> Result<BTreeSet<String>, String> {
    let mut ordered: Vec<&Message> = kept.iter().collect();
    ordered.sort_by_key(|message| (message.entry.received_at, message.entry.id));
    let start_at = ordered.first().map_or(end, |message| message.entry.received_at);
    let clock = Clock::Simulated { simulated_at: start_at, real_at: start_at, speed_per_mille: 0 };
    let mut process = Process::new(Fate::new(0, true), clock, start_at, node::settings);
    let settle = |process: &mut Process| -> Result<(), String> {
        for _ in 0..SETTLES_IN {
            if process.has_settled().map_err(|why| why.to_string())? {
                return Ok(());
            }
            process.step();
        }
        Err("in order it does not settle".to_owned())
    };
    for message in ordered {
        let source = process.scene.sources[message.entry.source_key.as_str()].clone();
        let incoming = crate::intake::Incoming {
            source,
            content_type: message.entry.content_type.clone(),
            headers: crate::intake::read_headers(&message.entry.headers),
            body: message.body.clone(),
            own_id: None,
            received_at: Some(message.entry.received_at),
        };
        process.set_sandbox(message.entry.received_at);
        let answer = process.node().receive(incoming).map_err(|why| why.to_string())?;
        process.node().commit();
        drop(answer);
        settle(&mut process)?;
    }
    process.set_sandbox(end);
    settle(&mut process)?;
    stated(&process).map_err(|why| why.to_string())
}
