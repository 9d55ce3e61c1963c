//! Chance, and what it does to a process: every decision of a run is drawn from one seed, and the last
//! of them are remembered for whoever has to understand a failing one.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};

use baton_store::StoreError;
use baton_store::faults::{Faults, Moment};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

/// Steps that are shown of a run that failed.
const REMEMBERED: usize = 60;

/// Of a thousand calls of the store, how many go wrong at each moment, and how many kill the process.
const READ_FAILS: u32 = 8;
const WRITE_FAILS: u32 = 8;
const COMMIT_FAILS: u32 = 25;
const COMMIT_KILLS: u32 = 8;
const ANSWER_LOST: u32 = 20;
const ANSWER_KILLS: u32 = 8;

/// The chance of one run.
#[derive(Debug)]
pub(super) struct Fate {
    dice: Mutex<StdRng>,
    steps: Arc<Mutex<VecDeque<String>>>,
    /// Nothing goes wrong while it is calm.
    calm: Arc<AtomicBool>,
    /// Whether processes die at all.
    mortal: bool,
    /// The process is dead: its store answers nothing more until another one is born.
    dead: AtomicBool,
    /// Ends the loops of the process that lives.
    stop: Mutex<Arc<AtomicBool>>,
    counted: Arc<Mutex<Troubles>>,
    /// Somebody who waits for the next commit, and holds it up.
    meeting: Mutex<Option<Meeting>>,
}

/// Says that a commit is about to be made, and makes it when that is allowed.
#[derive(Debug)]
pub(super) struct Meeting {
    pub(super) is_here: Sender<()>,
    pub(super) goes_on: Receiver<()>,
}

/// How often what went wrong.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Troubles {
    pub(super) errors: u64,
    pub(super) unanswered: u64,
    pub(super) deaths: u64,
}

impl Fate {
    pub(super) fn new(seed: u64, calm: bool) -> Self {
        Self {
            dice: Mutex::new(StdRng::seed_from_u64(seed)),
            steps: Arc::default(),
            calm: Arc::new(AtomicBool::new(calm)),
            mortal: true,
            dead: AtomicBool::new(false),
            stop: Mutex::default(),
            counted: Arc::default(),
            meeting: Mutex::default(),
        }
    }
    /// The chance of another process in the same run: its own dice, so that both may throw at the same time.
    pub(super) fn beside(&self, seed: u64) -> Self {
        Self {
            steps: Arc::clone(&self.steps),
            calm: Arc::clone(&self.calm),
            mortal: self.mortal,
            counted: Arc::clone(&self.counted),
            ..Self::new(seed, false)
        }
    }
    /// The same, in which no process dies: what it holds in memory has to come right by itself.
    pub(super) fn without_deaths(self) -> Self {
        Self { mortal: false, ..self }
    }
    /// A number from 0 up to, and without, `below`.
    pub(super) fn draw(&self, below: usize) -> usize {
        self.dice.lock().unwrap().random_range(0..below.max(1))
    }
    /// Whether what happens so often in a thousand times happens now; never while it is calm.
    pub(super) fn strikes(&self, per_mille: u32) -> bool {
        !self.is_calm() && self.dice.lock().unwrap().random_range(0..1_000) < per_mille
    }
    pub(super) fn is_calm(&self) -> bool {
        self.calm.load(Ordering::Relaxed)
    }
    /// From now on nothing goes wrong.
    pub(super) fn calm_down(&self) {
        self.calm.store(true, Ordering::Relaxed);
    }
    pub(super) fn is_dead(&self) -> bool {
        self.dead.load(Ordering::Relaxed)
    }
    /// The process dies, if it can.
    pub(super) fn die(&self, why: &str) {
        if !self.mortal {
            return;
        }
        self.note(format!("the process dies {why}"));
        self.dead.store(true, Ordering::Relaxed);
        self.stop.lock().unwrap().store(true, Ordering::Release);
        self.counted.lock().unwrap().deaths += 1;
    }
    /// A process starts, whose loops end when the flag is set.
    pub(super) fn be_born(&self, stop: &Arc<AtomicBool>) {
        *self.stop.lock().unwrap() = Arc::clone(stop);
        self.note("a process starts".to_owned());
        self.dead.store(false, Ordering::Relaxed);
    }
    /// The next commit is held up by somebody.
    pub(super) fn meets(&self, meeting: Meeting) {
        *self.meeting.lock().unwrap() = Some(meeting);
    }
    /// The next commit is held up by nobody; whoever waited for it is told so.
    pub(super) fn meets_nobody(&self) {
        self.meeting.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
    fn hold_up(&self) {
        let meeting = self.meeting.lock().unwrap().take();
        if let Some(Meeting { is_here, goes_on }) = meeting {
            // Whoever waited may have given up.
            let _ = is_here.send(());
            let _ = goes_on.recv();
        }
    }
    pub(super) fn note(&self, step: String) {
        let mut steps = self.steps.lock().unwrap();
        if steps.len() == REMEMBERED {
            steps.pop_front();
        }
        steps.push_back(step);
    }
    /// The last steps, one a line.
    pub(super) fn story(&self) -> String {
        let steps = self.steps.lock().unwrap();
        steps.iter().map(|step| format!("\n  {step}")).collect()
    }
    pub(super) fn troubles(&self) -> Troubles {
        *self.counted.lock().unwrap()
    }

    fn error(&self, moment: Moment) -> StoreError {
        let unavailable = || StoreError::Unavailable { reason: "the simulation cut it".into() };
        let error = match self.draw(3) {
            0 => StoreError::Busy,
            1 if moment == Moment::BeforeCommit => StoreError::Full,
            _ => unavailable(),
        };
        self.note(format!("{moment:?} fails: {error}"));
        error
    }
}

impl Faults for Fate {
    fn at(&self, moment: Moment) -> Result<(), StoreError> {
        let dead = || StoreError::Unavailable { reason: "the process is dead".into() };
        if self.is_dead() {
            return Err(dead());
        }
        if moment == Moment::BeforeCommit {
            self.hold_up();
        }
        let (fails, kills) = match moment {
            Moment::Read => (READ_FAILS, 0),
            Moment::Write => (WRITE_FAILS, 0),
            Moment::BeforeCommit => (COMMIT_FAILS, COMMIT_KILLS),
            Moment::AfterCommit => (ANSWER_LOST, ANSWER_KILLS),
        };
        if self.strikes(kills) {
            self.die(&format!("at {moment:?}"));
        }
        if self.is_dead() {
            return Err(dead());
        }
        if !self.strikes(fails) {
            return Ok(());
        }
        if moment == Moment::AfterCommit {
            self.counted.lock().unwrap().unanswered += 1;
            self.note("a commit is done and not told".to_owned());
            return Err(StoreError::Unavailable { reason: "no answer to a commit".into() });
        }
        self.counted.lock().unwrap().errors += 1;
        Err(self.error(moment))
    }
}
