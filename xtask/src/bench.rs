//! `cargo xtask bench`: what one event costs, and how many times the floor that is.
//!
//! The floor is a program that writes the rows of one event and does nothing else. It and
//! `baton bench` run in turn, round by round, because a machine's speed drifts over minutes; the
//! medians are compared. A ratio can be compared between machines, an absolute figure cannot.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use clap::{Args, ValueEnum};
use serde::Deserialize;

use crate::Outcome;
use crate::postgres::{self, Durability};
use crate::release;
use crate::workspace::Workspace;

/// Names a folder with the floor's sources.
const FLOOR_VARIABLE: &str = "BATON_FLOOR";
const FLOOR_DEFAULT: &str = "../shared/bench/raw-rows";
const FLOOR_BINARY: &str = "raw-rows";

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Events in each run, of either program: what an event costs grows with them, in the floor as well.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(1..))]
    events: u32,
    /// Runs of each program.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Measure the binary as it is shipped, which takes as long to build as `cargo xtask release`.
    #[arg(long)]
    shipped: bool,
    /// The store that is measured; PostgreSQL's own processor time counts.
    #[arg(long, value_enum, default_value_t = Kind::Sqlite)]
    store: Kind,
    /// What else `baton bench` is to do, such as `-- --standing 100000 --reads 100`: see its `--help`.
    #[arg(last = true)]
    more: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    Sqlite,
    Postgres,
}

/// Cost of one event, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
struct Cost {
    cpu_us_per_event: f64,
    wall_us_per_event: f64,
}

pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<Outcome> {
    let floor = build_floor(workspace)?;
    let baton = match options.shipped {
        true => release::build(workspace)?,
        false => workspace.build_baton(true)?,
    };
    let (mut floor_costs, mut baton_costs) = (Vec::new(), Vec::new());
    for round in 1..=options.rounds {
        if let Some(floor) = &floor {
            let cost = measure_floor(floor, options.events)?;
            println!("round {round}  floor  {}", shown(cost));
            floor_costs.push(cost);
        }
        let cost = measure_baton(&baton, options)?;
        println!("round {round}  baton  {}", shown(cost));
        baton_costs.push(cost);
    }
    print!("{}", summary(&floor_costs, &baton_costs, options));
    Ok(Outcome::Passed)
}

/// Builds the floor from a copy, because its own folder may be read-only. Nothing if it is not
/// there: a clone of this repository alone does not have it.
fn build_floor(workspace: &Workspace) -> Result<Option<PathBuf>> {
    let named = std::env::var_os(FLOOR_VARIABLE).map(PathBuf::from);
    let source = named.clone().unwrap_or_else(|| workspace.root.join(FLOOR_DEFAULT));
    if !source.join("Cargo.toml").is_file() {
        if named.is_some() {
            bail!("{FLOOR_VARIABLE} names {}, where there is no Cargo.toml", source.display());
        }
        println!("no floor: {FLOOR_DEFAULT} is not there; {FLOOR_VARIABLE} may name its folder");
        return Ok(None);
    }
    let copy = workspace.metadata()?.target_directory.join("floor");
    copy_tree(&source, &copy)?;
    let target = copy.join("target");
    let status = workspace
        .cargo_command()
        .current_dir(&copy)
        .args(["build", "--release", "--locked", "--target-dir"])
        .arg(&target)
        .status()
        .context("cannot start cargo")?;
    if !status.success() {
        bail!("the floor does not build; the compiler's words are above");
    }
    Ok(Some(target.join("release").join(FLOOR_BINARY)))
}

/// Copies contents and not permissions: the next copy must be able to write over this one. What is
/// there with the same content stays as it is, so that cargo sees no change.
fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    for path in (Workspace { root: from.to_path_buf() }).files()? {
        let (source, target) = (from.join(&path), to.join(&path));
        let bytes =
            fs::read(&source).with_context(|| format!("cannot read {}", source.display()))?;
        if fs::read(&target).is_ok_and(|held| held == bytes) {
            continue;
        }
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&target, bytes).with_context(|| format!("cannot write {}", target.display()))?;
    }
    Ok(())
}

fn measure_floor(floor: &Path, events: u32) -> Result<Cost> {
    // A folder of its own beside the binary: the same disk that the build uses, and gone after.
    let folder = tempfile::tempdir_in(floor.parent().unwrap_or(Path::new(".")))?;
    let mut command = Command::new(floor);
    command.arg(events.to_string()).arg(folder.path().join("rows.db"));
    let printed = output_of(command)?;
    parse_floor(&printed).with_context(|| format!("the floor printed no cost: {printed:?}"))
}

fn measure_baton(baton: &Path, options: &Options) -> Result<Cost> {
    let mut command = Command::new(baton);
    command.args(["bench", "--json", "--events"]).arg(options.events.to_string());
    command.args(&options.more);
    let server = match options.store {
        Kind::Sqlite => None,
        Kind::Postgres => match postgres::start(Durability::Full)? {
            Some(server) => Some(server),
            None => bail!("there is no PostgreSQL to measure: {}", postgres::HOW_TO_GET),
        },
    };
    if let Some(server) = &server {
        let process = server.process.with_context(|| {
            format!(
                "{} does not show its processor time: measure with PostgreSQL's own programs",
                server.origin
            )
        })?;
        command.args(["--database", &server.url, "--database-process", &process.to_string()]);
    }
    let printed = output_of(command)?;
    drop(server);
    if !options.more.is_empty() {
        print!("{printed}");
    }
    parse_baton(&printed).with_context(|| format!("baton bench printed no cost: {printed:?}"))
}

fn output_of(mut command: Command) -> Result<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stderr(std::process::Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start {program}"))?;
    if !output.status.success() {
        bail!("{program} failed; its words are above");
    }
    String::from_utf8(output.stdout).context("a bench prints UTF-8")
}

/// `raw rows: 27.1 us CPU, 30.4 us wall an event (…)`.
fn parse_floor(printed: &str) -> Option<Cost> {
    let line = printed.lines().rev().find_map(|line| line.strip_prefix("raw rows: "))?;
    let (cpu, rest) = line.split_once(" us CPU, ")?;
    let (wall, _) = rest.split_once(" us wall")?;
    usable(Cost { cpu_us_per_event: cpu.parse().ok()?, wall_us_per_event: wall.parse().ok()? })
}

/// The last line is a JSON object; further members are welcome.
fn parse_baton(printed: &str) -> Option<Cost> {
    usable(serde_json::from_str(printed.trim_end().lines().last()?).ok()?)
}

/// A cost of nothing, or of no number, is a fault of the measurement.
fn usable(cost: Cost) -> Option<Cost> {
    let fine = |us: f64| us.is_finite() && us > 0.0;
    (fine(cost.cpu_us_per_event) && fine(cost.wall_us_per_event)).then_some(cost)
}

fn shown(cost: Cost) -> String {
    let Cost { cpu_us_per_event: cpu, wall_us_per_event: wall } = cost;
    format!("{cpu:8.1} us CPU, {wall:8.1} us wall an event")
}

/// Nothing for no costs.
fn median(costs: &[Cost]) -> Option<Cost> {
    let middle = |of: fn(&Cost) -> f64| {
        let mut sorted: Vec<f64> = costs.iter().map(of).collect();
        sorted.sort_by(f64::total_cmp);
        let upper = *sorted.get(sorted.len() / 2)?;
        let lower = *sorted.get(sorted.len().checked_sub(1)? / 2)?;
        Some(f64::midpoint(lower, upper))
    };
    Some(Cost {
        cpu_us_per_event: middle(|cost| cost.cpu_us_per_event)?,
        wall_us_per_event: middle(|cost| cost.wall_us_per_event)?,
    })
}

fn summary(floor: &[Cost], baton: &[Cost], options: &Options) -> String {
    let mut text = format!("medians of {} rounds of {} events\n", options.rounds, options.events);
    let (floor, baton) = (median(floor), median(baton));
    for (name, cost) in [("floor", floor), ("baton", baton)] {
        if let Some(cost) = cost {
            text += &format!("  {name}  {}\n", shown(cost));
        }
    }
    if let (Some(floor), Some(baton)) = (floor, baton) {
        let ratio = baton.cpu_us_per_event / floor.cpu_us_per_event;
        text += &format!("ratio of CPU time an event, baton to floor: {ratio:.2}\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Cost, Kind, Options, median, parse_baton, parse_floor, summary};

    fn cost(cpu_us_per_event: f64, wall_us_per_event: f64) -> Cost {
        Cost { cpu_us_per_event, wall_us_per_event }
    }

    #[test]
    fn printed_costs_are_read() {
        let line = "raw rows: 27.1 us CPU, 30.4 us wall an event (100000 events, 10000 orders)\n";
        for (printed, expected) in [
            (line, Some(cost(27.1, 30.4))),
            ("raw rows: x us CPU, 30.4 us wall an event", None),
            ("raw rows: 0.0 us CPU, 30.4 us wall an event", None),
            ("", None),
        ] {
            assert_eq!(parse_floor(printed), expected, "{printed}");
        }
        let json = r#"{"cpu_us_per_event":81.5,"wall_us_per_event":100,"events":5}"#;
        for (printed, expected) in [
            (json.to_owned(), Some(cost(81.5, 100.0))),
            (format!("warming up\n{json}\n"), Some(cost(81.5, 100.0))),
            (format!("{json}\ndone"), None),
            (r#"{"cpu_us_per_event":81.5}"#.to_owned(), None),
            (r#"{"cpu_us_per_event":-1,"wall_us_per_event":1}"#.to_owned(), None),
            (String::new(), None),
        ] {
            assert_eq!(parse_baton(&printed), expected, "{printed}");
        }
    }

    #[test]
    fn medians_are_of_each_measure_by_itself() {
        for (costs, expected) in [
            (vec![], None),
            (vec![cost(1.0, 9.0)], Some(cost(1.0, 9.0))),
            (vec![cost(3.0, 1.0), cost(1.0, 2.0), cost(2.0, 30.0)], Some(cost(2.0, 2.0))),
            (vec![cost(1.0, 1.0), cost(2.0, 3.0)], Some(cost(1.5, 2.0))),
        ] {
            assert_eq!(median(&costs), expected);
        }
    }

    #[test]
    fn the_ratio_is_stated_only_beside_a_floor() {
        let options = Options {
            events: 10,
            rounds: 1,
            shipped: false,
            store: Kind::Sqlite,
            more: Vec::new(),
        };
        let with = summary(&[cost(20.0, 1.0)], &[cost(50.0, 1.0)], &options);
        assert!(with.ends_with("baton to floor: 2.50\n"), "{with}");
        let without = summary(&[], &[cost(50.0, 1.0)], &options);
        assert!(!without.contains("ratio"), "{without}");
    }
}
