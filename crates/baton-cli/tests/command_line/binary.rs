//! The binary in a process of its own, and what tests ask of it.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

pub(crate) fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples")
}

pub(crate) fn baton() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_baton"));
    for variable in ["BATON_URL", "BATON_KEY", "BATON_DATA", "BATON_DATABASE", "BATON_TENANT"] {
        command.env_remove(variable);
    }
    command.stdin(Stdio::null());
    command
}

/// Runs and expects this exit code; standard output.
#[track_caller]
pub(crate) fn run(command: &mut Command, code: i32) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let (out, err) = (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
    assert_eq!(status.code(), Some(code), "{out}{err}");
    out
}

#[track_caller]
pub(crate) fn json(command: &mut Command, code: i32) -> Value {
    serde_json::from_str(&run(command.arg("--json"), code)).unwrap()
}

/// A server in a process of its own, killed if the test fails.
pub(crate) struct Server {
    child: Child,
    pub(crate) url: String,
    pub(crate) key: String,
    /// What the first line on standard output says.
    pub(crate) told: Value,
}

impl Server {
    pub(crate) fn start(folder: &Path) -> Self {
        Self::on(&[OsStr::new("--data"), folder.as_os_str()])
    }

    /// A server on the place that these options name.
    pub(crate) fn on(place: &[&OsStr]) -> Self {
        let mut command = baton();
        command.args(["serve", "--listen", "127.0.0.1:0", "--json"]).args(place);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let told: Value = serde_json::from_str(&line).unwrap();
        let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
        Self { child, url: text("url"), key: text("key"), told: told.clone() }
    }

    pub(crate) fn baton(&self) -> Command {
        let mut command = baton();
        command.env("BATON_URL", &self.url).env("BATON_KEY", &self.key);
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

pub(crate) fn ingest_samples(mut command: impl FnMut() -> Command) {
    for (source, file) in [
        ("tracking", "tracking.json"),
        ("carrier-x12", "shipment-status.214.edi"),
        ("supplier-x12", "ship-notice.856.edi"),
        ("x12", "purchase-order.850.edi"),
        ("erp", "erp-purchase-order.json"),
        ("shop", "shop-order.json"),
    ] {
        let mut ingest = command();
        ingest.args(["ingest", "--source", source]).arg(samples().join(file));
        if source == "shop" {
            ingest.args(["--header", "X-Shopify-Topic: orders/create"]);
        }
        let told = json(&mut ingest, 0);
        assert_eq!((&told["messages"], &told["files"]), (&1.into(), &1.into()));
    }
}
