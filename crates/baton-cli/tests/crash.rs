//! The process is killed at seeded instants while the sample world sends, started again each time, and
//! ends with what an undisturbed run holds. The sandbox's clock stands still while the process is down.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

const ORDERS: &str = "25";
const SEED: &str = "11";
/// Kills before the run is left alone.
const KILLS: u64 = 5;
/// The process lives between these before it is killed; a run takes several times as long in all.
const LIVES_MS: (u64, u64) = (250, 1_200);

fn demo(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_baton"));
    command.args(["demo", "--port", "0", "--seed", SEED, "--orders", ORDERS]);
    command.args(["--until-settled", "--in-step", "--data"]).arg(folder);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// Runs to the end; the summary.
fn summary(folder: &Path) -> serde_json::Value {
    let output = demo(folder).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    serde_json::from_str(text.lines().last().unwrap()).unwrap()
}

/// A number that looks like chance and is the same in every run.
fn drawn(n: u64) -> u64 {
    let mut bits = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[test]
fn a_killed_process_loses_and_doubles_nothing() {
    let (calm, killed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let wanted = summary(calm.path());
    let mut kills = 0;
    for n in 0..KILLS {
        let mut child = demo(killed.path()).spawn().unwrap();
        let (least, most) = LIVES_MS;
        std::thread::sleep(Duration::from_millis(least + drawn(n) % (most - least)));
        let ended = child.try_wait().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        kills += u64::from(ended.is_none());
    }
    assert!(kills > 0, "every run had ended before it was killed");
    let found = summary(killed.path());
    for field in [
        "ended_at",
        "orders",
        "orders_by_phase",
        "messages",
        "quarantined",
        "exceptions",
        "exceptions_open",
        "state_digest",
    ] {
        assert_eq!(found[field], wanted[field], "{field}");
    }
}
