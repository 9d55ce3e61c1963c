//! `baton demo`: a made-up world of partners that sends real wire formats into Baton, so that a
//! newcomer sees history and movement at once, and scripts have a world whose truth is known.
//!
//! The world lives in the tenant `sample`, a sandbox with a clock of its own. Beside it stands `main`,
//! on real time and empty, for the newcomer's own files.

mod export;
mod keepsake;
mod picture;
mod player;
mod screen;
mod setting;
mod settled;
mod summary;

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use baton_core::time::{Duration as Length, Instant};
use baton_server::EngineHandle;
use baton_server::settings::Settings;
use baton_server::tenant::Tenant;
use baton_sim::{Config, FaultRates, Sent, World};
use baton_store::Location;
use clap::Args;
use serde::{Deserialize, Serialize};

use self::keepsake::Keepsake;
use self::picture::{Picture, minute};
use self::player::Player;
use self::screen::Screen;
use self::setting::Setting;
use crate::exit::{Failure, Outcome, Result};
use crate::lock::Lock;
use crate::serving::Serving;
use crate::{place, print};

const PORT: u16 = 7_300;
const SEED: u64 = 7;
/// After its history the world goes on at an hour a second.
const LIVE_SPEED_PER_MILLE: i64 = 3_600_000;
const LIVE_STEP: Duration = Duration::from_millis(250);
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// Between two plain lines where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(3);
/// A second run sends the last stretch again, because the first may have been killed in it.
const OVERLAP: Length = Length::hours(6);

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// The folder that keeps the sample world; it is made where there is none.
    #[arg(long, value_name = "DIR", env = "BATON_DEMO_DATA")]
    data: Option<PathBuf>,
    /// Keep the sample world in this database instead, and in the folder only what the demo itself has
    /// to remember. Nobody else may use it meanwhile.
    #[arg(long, value_name = "URL", conflicts_with = "fresh")]
    database: Option<String>,
    /// The port on 127.0.0.1 where the API listens; 0 takes a free one.
    #[arg(long, default_value_t = PORT)]
    port: u16,
    /// Of the sample world: the same seed, the same world. 7 where the folder is new.
    #[arg(long)]
    seed: Option<u64>,
    /// How many orders the world's history has, at thirty a day. 2,000 in 60 days otherwise.
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    orders: Option<u64>,
    /// How often partners make mistakes.
    #[arg(long, value_enum)]
    faults: Option<Faults>,
    /// Tell this address of everything that happens in the sample world, as signed webhooks.
    #[arg(long, value_name = "URL")]
    webhook: Option<String>,
    /// Play the history, wait until every order is derived to its end, print a JSON summary as the last
    /// line, and end.
    #[arg(long)]
    until_settled: bool,
    /// Work each simulated hour off before the next is sent: slower, and what is said when
    /// depends on the simulated clock instead of on the speed of the machine.
    #[arg(long, requires = "until_settled")]
    in_step: bool,
    /// Start over: forget what the folder holds.
    #[arg(long)]
    fresh: bool,
}

/// How often partners make mistakes in the sample world.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Faults {
    /// Every kind of mistake, three times as often as usual.
    All,
    /// As often as in a new sample world.
    #[default]
    Usual,
    /// Never.
    None,
}

pub(crate) fn run(demo: &Demo) -> Result<Outcome> {
    let folder = demo.data.clone().unwrap_or_else(keepsake::default_folder);
    introduce(demo, &folder);
    if demo.fresh {
        keepsake::forget(&folder)?;
    }
    let in_folder = || Location::Folder(folder.clone());
    let location = demo.database.clone().map_or_else(in_folder, Location::Database);
    let mut lock = Lock::take(&Location::Folder(folder.clone()))?;
    let kept = keepsake::open(&folder, (demo.seed, demo.orders, demo.faults))?;
    let config = config(&kept);
    let mut settings = Settings::default();
    settings.access.demo_tenant = Some(setting::SAMPLE.to_owned());
    let engine = place::start_alone_with(place::open_or_make(&location)?, settings)?;
    let setting = Setting::of(&engine, kept, &folder, config.start_at)?;
    if let Some(url) = &demo.webhook {
        setting.subscribe(&engine, url)?;
    }
    let serving = Serving::start(&engine, (std::net::Ipv4Addr::LOCALHOST, demo.port).into())?;
    lock.note(&format!("baton demo at http://{}", serving.address()))?;
    let stop = serving.stop_flag();
    let outcome = if demo.until_settled {
        settled::run(&engine, &setting, &World::new(config), (&serving, demo.in_step))
    } else {
        play(&engine, &setting, &World::new(config), &serving)
    };
    stop.store(true, Ordering::Release);
    serving.stop();
    let parked = setting.park_clock(&engine);
    engine.stop();
    drop(lock);
    outcome.and_then(|outcome| parked.map(|()| outcome))
}

fn config(kept: &Keepsake) -> Config {
    let seed = kept.seed;
    let config =
        kept.orders.map_or_else(|| Config::demo(seed), |orders| Config::test(seed, orders));
    config.with_faults(match kept.faults {
        Faults::All => FaultRates::all(),
        Faults::Usual => FaultRates::default(),
        Faults::None => FaultRates::none(),
    })
}

/// Within the first second: what is going to happen, and where to look.
fn introduce(demo: &Demo, folder: &std::path::Path) {
    eprintln!(
        "Baton demo: a made-up shop, its ERP, an OEM, a distributor, two carriers, an installer and\n\
         finance send real wire formats (JSON, X12) into Baton, with mistakes; Baton matches, tracks,\n\
         times and flags every order.\n\
         here: http://127.0.0.1:{} (pages for a browser, and the API)\n\
         data: {}",
        demo.port,
        folder.display()
    );
    if demo.until_settled {
        eprintln!("Plays the world's history as fast as it can; the last line is a JSON summary.");
    } else {
        eprintln!(
            "First plays the history as fast as it can, then goes on at a simulated hour a second.\n\
             Ctrl-C ends it; started again it carries on, --fresh starts over."
        );
    }
}

/// Plays history, then goes on for ever, while somebody watches.
fn play(
    engine: &EngineHandle,
    setting: &Setting,
    world: &World,
    serving: &Serving,
) -> Result<Outcome> {
    let (stop, sent) = (serving.stop_flag(), Arc::new(AtomicU64::new(0)));
    let begin_at = setting.sample.clock.now() - OVERLAP;
    let history_end = world.config().start_at + Length::days(i64::from(world.config().days));
    let mut player = Player::new(
        world.endless_from(begin_at),
        (setting.feeder(serving.address())?, setting.addresses()),
        (engine.clone(), Arc::clone(&setting.sample)),
        (Arc::clone(&stop), Arc::clone(&sent)),
    );
    let words = setting.words(serving.address());
    std::thread::scope(|scope| {
        let flag = Arc::clone(&stop);
        let playing = scope.spawn(move || {
            let played = go_on(&mut player, history_end, &flag);
            // Whoever watches is not left alone with a world that stands still.
            flag.store(true, Ordering::Release);
            played
        });
        let watched = watch(engine, &setting.sample, (&stop, &sent), &words);
        stop.store(true, Ordering::Release);
        let played = playing.join().map_err(|_| Failure::failed("the sample world broke down"))?;
        watched.and(played)
    })?;
    eprintln!("Ended cleanly; `baton demo` carries on from here.");
    Ok(Outcome::Fine)
}

fn go_on<I: Iterator<Item = Sent>>(
    player: &mut Player<I>,
    history_end: Instant,
    stop: &AtomicBool,
) -> Result<()> {
    if player.tenant.clock.now() < history_end {
        player.play_until(history_end)?;
    }
    player.tenant.clock.set_speed(LIVE_SPEED_PER_MILLE);
    while !stop.load(Ordering::Acquire) {
        let now = player.tenant.clock.now();
        player.play_until(now)?;
        std::thread::sleep(LIVE_STEP);
    }
    Ok(())
}

/// Shows the world until somebody has seen enough.
fn watch(
    engine: &EngineHandle,
    tenant: &Tenant,
    (stop, sent): (&AtomicBool, &AtomicU64),
    words: &[String],
) -> Result<()> {
    let mut picture = Picture::begin(engine, tenant)?;
    if !std::io::stdout().is_terminal() || !std::io::stdin().is_terminal() {
        words.iter().try_for_each(|line| print::line(line))?;
        while !stop.load(Ordering::Acquire) {
            picture.look(engine, tenant, sent.load(Ordering::Relaxed))?;
            print::line(&plain_line(&picture))?;
            wait_for(LINE_EVERY, || stop.load(Ordering::Acquire));
        }
        return Ok(());
    }
    let mut screen = Screen::take()?;
    while !stop.load(Ordering::Acquire) {
        picture.look(engine, tenant, sent.load(Ordering::Relaxed))?;
        screen.draw(&picture, words)?;
        if screen.asked_to_end(LOOK_EVERY)? {
            return Ok(());
        }
    }
    Ok(())
}

/// Waits, unless there is no reason to any more.
fn wait_for(how_long: Duration, is_over: impl Fn() -> bool) {
    let end = std::time::Instant::now() + how_long;
    while std::time::Instant::now() < end && !is_over() {
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn plain_line(picture: &Picture) -> String {
    let phases: Vec<String> = picture
        .phases
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| format!("{count} {}", name.replace('_', " ")))
        .collect();
    let open: i64 = picture.trouble.iter().map(|(_, _, count)| count).sum();
    let phases =
        if phases.is_empty() { String::new() } else { format!(" ({})", phases.join(", ")) };
    format!(
        "{} simulated: {} orders{phases}, {open} exceptions open, {} messages, {} a second",
        picture.clock.map(minute).unwrap_or_default(),
        picture.orders,
        picture.sent,
        picture.sent_per_second,
    )
}
