//! The real process is killed while the sample world sends and a receiver takes its webhooks, started
//! again each time, and ends with what an undisturbed run holds: the same states, facts and commands,
//! each command delivered, none owed. The sandbox's clock stands still while the process is down.
//!
//! A few seeds, and every place at which a process can be made to die, in every test run; as many as
//! wanted by `cargo xtask torture`.

#[path = "torture/plan.rs"]
mod plan;
#[path = "torture/receiver.rs"]
mod receiver;
#[path = "torture/store.rs"]
mod store;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use baton_server::crash::{ARMED_BY, CrashPoint};
use plan::{Death, Plan};
use receiver::Receiver;
use serde_json::Value;
use store::{Kind, Place};

const ORDERS: &str = "6";
/// Seeds of every test run.
const USUAL_SEEDS: std::ops::Range<u64> = 1..3;
/// What `cargo xtask torture` says: the first seed, how many, and the store.
const FIRST: &str = "BATON_TORTURE_FIRST";
const SEEDS: &str = "BATON_TORTURE_SEEDS";
const STORE: &str = "BATON_TORTURE_STORE";
/// Another build of the binary, for instance the optimised one.
const BINARY: &str = "BATON_TORTURE_BINARY";
/// The folder to which both worlds of a seed that differs are exported.
const DIFFERING: &str = "BATON_TORTURE_DIFFERING";
const FOUND: &str = "found";
const WANTED: &str = "wanted";
/// By this the sample world writes what two runs of it share, a line for each fact and command.
const LINES_TO: &str = "BATON_DEMO_EXPORT";
/// For how long the server's sessions of a killed process stand still, and how long it goes on asking.
const HELD: Duration = Duration::from_millis(400);
const ASKING: Duration = Duration::from_millis(15);
/// How often it is looked whether a process has ended by itself.
const LOOK: Duration = Duration::from_millis(20);

/// What two runs of one world share.
#[derive(Debug, PartialEq)]
struct Ended {
    summary: BTreeMap<&'static str, Value>,
    /// The commands that the receiver has taken, by id.
    delivered: BTreeSet<String>,
}

fn baton() -> Command {
    let built = env!("CARGO_BIN_EXE_baton").into();
    Command::new(std::env::var_os(BINARY).unwrap_or(built))
}

fn demo(world: u64, place: &Place, receiver: &Receiver) -> Command {
    let mut command = baton();
    command.args(["demo", "--port", "0", "--orders", ORDERS, "--faults", "all"]);
    command.args(["--until-settled", "--in-step"]);
    command.args(["--seed", &world.to_string(), "--webhook", &receiver.url()]);
    place.of(&mut command);
    command.env_remove(ARMED_BY);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

fn shared_lines(place: &Place) -> PathBuf {
    place.folder.path().join("shared.txt")
}

/// Runs to the end.
fn ended(world: u64, place: &Place, receiver: &Receiver) -> Result<Ended, String> {
    let mut command = demo(world, place, receiver);
    command.env(LINES_TO, shared_lines(place));
    let output = command.output().map_err(|why| why.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        return Err(format!("the last life ended with {}: {text}", output.status));
    }
    let last = text.lines().last().unwrap_or_default();
    let mut found: Value = serde_json::from_str(last).map_err(|why| format!("{why}: {text}"))?;
    let fields = [
        "ended_at",
        "orders",
        "orders_by_phase",
        "messages",
        "quarantined",
        "exceptions",
        "exceptions_open",
        "state_digest",
        "commands",
        "export_digest",
    ];
    let summary = fields.map(|field| (field, found[field].take())).into_iter().collect();
    Ok(Ended { summary, delivered: receiver.taken().into_keys().collect() })
}

/// The undisturbed run of a world, played once.
fn wanted(world: u64, kind: Kind) -> Value {
    static KNOWN: Mutex<Option<HashMap<u64, Value>>> = Mutex::new(None);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let all = known.get_or_insert_default();
    all.entry(world)
        .or_insert_with(|| {
            let found = ended(world, &Place::new(kind), &Receiver::start()).unwrap();
            assert_eq!(found.summary["commands"]["pending"], 0, "commands are owed");
            shown(&found)
        })
        .clone()
}

fn shown(ended: &Ended) -> Value {
    serde_json::json!({ "summary": ended.summary, "delivered": ended.delivered })
}

/// The fields that differ.
fn difference(wanted: &Value, found: &Value) -> String {
    let lines = wanted["summary"].as_object().into_iter().flatten().filter_map(|(field, value)| {
        let other = &found["summary"][field];
        (other != value).then(|| format!("\n{field}: {value} became {other}"))
    });
    let delivered = |value: &Value| value["delivered"].as_array().map_or(0, Vec::len);
    let counts = format!("\ndelivered: {} and {}", delivered(wanted), delivered(found));
    lines.chain([counts]).collect()
}

/// Lives once and dies; whether it was killed before it had come to its end.
fn live(world: u64, death: Death, place: &Place, receiver: &Receiver) -> bool {
    let mut command = demo(world, place, receiver);
    if let Death::At(point, arrival) = death {
        command.env(ARMED_BY, format!("{}:{arrival}", point.name()));
    }
    while receiver.arrivals.try_recv().is_ok() {}
    let mut child = command.spawn().unwrap();
    match death {
        Death::At(..) => {}
        Death::Delivered(count) => until_delivered(&mut child, count, receiver),
        Death::After(life) => until(&mut child, life),
        Death::Late(life) => {
            until(&mut child, life);
            let held = place.hold_sessions();
            until(&mut child, ASKING);
            std::thread::spawn(move || {
                std::thread::sleep(HELD);
                drop(held);
            });
        }
    }
    if !matches!(death, Death::At(..)) {
        child.kill().unwrap();
    }
    !child.wait_with_output().unwrap().status.success()
}

fn until(child: &mut Child, life: Duration) {
    let end = Instant::now() + life;
    while Instant::now() < end && child.try_wait().unwrap().is_none() {
        std::thread::park_timeout(LOOK.min(end.saturating_duration_since(Instant::now())));
    }
}

fn until_delivered(child: &mut Child, count: u32, receiver: &Receiver) {
    let mut left = count;
    while left > 0 && child.try_wait().unwrap().is_none() {
        left -= u32::from(receiver.arrivals.recv_timeout(LOOK).is_ok());
    }
}

/// Kills a process as planned and compares; how often it was killed.
fn torture(plan: &Plan, kind: Kind) -> Result<u32, String> {
    let wanted = wanted(plan.world, kind);
    let (place, receiver) = (Place::new(kind), Receiver::start());
    let mut kills = 0;
    for death in &plan.deaths {
        if !live(plan.world, *death, &place, &receiver) {
            break;
        }
        kills += 1;
    }
    let found = shown(&ended(plan.world, &place, &receiver)?);
    if found == wanted {
        return Ok(kills);
    }
    let kept = keep(plan.world, &place, kind);
    Err(format!("after {kills} kills: {}\n{kept}", difference(&wanted, &found)))
}

/// Keeps a world that differs, where a folder for it is named, and says where: what the fields of a summary
/// cannot tell, the files can.
fn keep(world: u64, found: &Place, kind: Kind) -> String {
    let Some(folder) = std::env::var_os(DIFFERING) else {
        return format!("the worlds are not kept: {DIFFERING} names no folder");
    };
    match keep_both(world, found, kind, Path::new(&folder)) {
        Ok(files) => format!("both worlds are in {}", files.display()),
        Err(why) => format!("the worlds could not be kept: {why}"),
    }
}

/// Puts a world that has ended, and beside it the same one undisturbed, into a new folder below the one that is
/// named: of each the lines that two runs share, and all that `baton export` writes, with the machine's instants.
fn keep_both(
    world: u64,
    found: &Place,
    kind: Kind,
    folder: &Path,
) -> Result<PathBuf, Box<dyn Error>> {
    std::fs::create_dir_all(folder)?;
    let undisturbed = Place::new(kind);
    ended(world, &undisturbed, &Receiver::start())?;
    let beginning = format!("world-{world}-");
    let files = tempfile::Builder::new().prefix(&beginning).tempdir_in(folder)?.keep();
    for (place, name) in [(found, FOUND), (&undisturbed, WANTED)] {
        std::fs::copy(shared_lines(place), files.join(name).with_extension("txt"))?;
        let mut command = baton();
        command.arg("export").arg(files.join(name).with_extension("ndjson"));
        place.of(command.args(["--tenant", "sample"]));
        let output = command.output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into());
        }
    }
    Ok(files)
}

/// Each place once, a few deaths a life's story.
fn each_place() -> Vec<Plan> {
    let arrivals = [1, 5, 11, 3];
    CrashPoint::ALL
        .chunks(3)
        .map(|points| {
            let deaths = points.iter().zip(arrivals).map(|(p, n)| Death::At(*p, n)).collect();
            Plan { world: 1, deaths }
        })
        .collect()
}

#[test]
fn a_process_that_dies_at_any_place_loses_and_doubles_nothing() {
    for plan in each_place() {
        let kills = torture(&plan, Kind::Sqlite).unwrap_or_else(|why| panic!("{plan:?}: {why}"));
        assert_eq!(kills as usize, plan.deaths.len(), "some places were not come to: {plan:?}");
    }
}

#[test]
fn some_seeds_of_torture_on_each_store() {
    for seed in USUAL_SEEDS {
        run(seed, Kind::Sqlite);
    }
    if Kind::Postgres.is_here() {
        run(USUAL_SEEDS.start, Kind::Postgres);
    }
}

#[test]
fn of_a_world_that_went_as_it_should_the_same_lines_are_kept_as_of_the_undisturbed_one() {
    let (place, folder) = (Place::new(Kind::Sqlite), tempfile::tempdir().unwrap());
    ended(1, &place, &Receiver::start()).unwrap();
    let files = keep_both(1, &place, Kind::Sqlite, folder.path()).unwrap();
    let read = |name: &str| std::fs::read_to_string(files.join(name)).unwrap();
    let (found, wanted) = (read("found.txt"), read("wanted.txt"));
    assert!(found.lines().any(|line| line.starts_with("command ")), "no command in {found}");
    assert_eq!(found.lines().collect::<Vec<_>>(), wanted.lines().collect::<Vec<_>>());
    for name in ["found.ndjson", "wanted.ndjson"] {
        assert!(read(name).starts_with("{\"baton_tenant\":"), "{name} is no export");
    }
}

fn run(seed: u64, kind: Kind) -> u32 {
    let plan = Plan::drawn(seed);
    let replay = format!("cargo xtask torture --store {} --first {seed} --seeds 1", kind.name());
    torture(&plan, kind).unwrap_or_else(|why| panic!("seed {seed} ({replay}): {plan:?} {why}"))
}

#[test]
#[ignore = "as many seeds as `cargo xtask torture` says"]
fn torture_as_told() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let (first, seeds) = (number(FIRST).unwrap_or(1), number(SEEDS).unwrap_or(1));
    let kind = match std::env::var(STORE).as_deref() {
        Ok("postgres") => Kind::Postgres,
        _ => Kind::Sqlite,
    };
    assert!(kind.is_here(), "there is no server to torture");
    let (next, kills) = (AtomicU64::new(first), AtomicU64::new(0));
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + seeds {
                        return;
                    }
                    let killed = u64::from(run(seed, kind));
                    let all = kills.fetch_add(killed, Ordering::Relaxed) + killed;
                    eprintln!("seed {seed}: the same after {killed} kills ({all} in all)");
                }
            });
        }
    });
}
