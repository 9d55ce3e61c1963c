//! A backup is taken while the sample world sends, put elsewhere, and holds what was acknowledged.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Stdio};

use baton_core::id::MessageNo;
use baton_store::{Location, Scope, Settings, Store, messages, tenants};

use crate::binary::*;

/// The sample world on its way, ended with the test.
struct Playing {
    child: Child,
    /// Each line of it says how many messages were sent so far.
    lines: BufReader<ChildStdout>,
}

impl Playing {
    fn start(folder: &Path) -> Self {
        let mut child = baton()
            .args(["demo", "--port", "0", "--seed", "3", "--orders", "100000", "--data"])
            .arg(folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Self { child, lines }
    }

    /// Waits until it says something with these words.
    fn until(&mut self, words: &str) {
        let mut line = String::new();
        while !line.contains(words) {
            line.clear();
            assert_ne!(self.lines.read_line(&mut line).unwrap(), 0, "the world has ended");
        }
    }
}

impl Drop for Playing {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn open(folder: &Path) -> (Store, Scope) {
    let store = Store::open(&Location::Folder(folder.to_owned()), &Settings::default()).unwrap();
    let sample = store.read(|tx| tenants::by_key(tx, &Scope::operator(), "sample")).unwrap();
    (store, Scope::tenant(sample.id))
}

/// The newest messages, each with the hash of its body. What was acknowledged is among what is seen.
fn newest(store: &Store, scope: &Scope) -> BTreeMap<MessageNo, Vec<u8>> {
    let found = store.read(|tx| messages::list(tx, scope, None, None, 5_000)).unwrap();
    found.into_iter().map(|entry| (entry.id, entry.hash.to_vec())).collect()
}

#[test]
fn a_backup_under_load_holds_what_was_acknowledged_before_it() {
    let folders = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let [served, other, backups] = folders.each_ref().map(tempfile::TempDir::path);
    let mut playing = Playing::start(served);
    // It has said so twice: history is on its way.
    playing.until("messages, ");
    playing.until("messages, ");
    let (store, scope) = open(served);
    let before = newest(&store, &scope);
    assert!(before.len() > 100, "{}", before.len());
    let file = backups.join("sample.baton");
    let copied = json(baton().args(["backup", "--data"]).arg(served).arg(&file), 0);
    assert_eq!(copied["size_bytes"], std::fs::metadata(&file).unwrap().len());
    // The world went on, and goes on.
    playing.until("messages, ");
    let after = newest(&store, &scope);
    let last = |known: &BTreeMap<MessageNo, Vec<u8>>| known.keys().last().unwrap().0;
    let copied_last = copied["last_message"].as_i64().unwrap();
    assert!(last(&before) <= copied_last && copied_last <= last(&after));
    assert!(last(&before) < last(&after), "nothing was sent meanwhile");
    // Nobody puts anything into a folder that is served.
    let restore = |file: &Path, folder: &Path| {
        let mut restore = baton();
        restore.arg("restore").arg(file).arg("--data").arg(folder);
        restore
    };
    run(restore(&file, served).arg("--force"), 4);
    drop(playing);

    let restored = json(&mut restore(&file, other), 0);
    assert_eq!(restored["store"], copied["store"]);
    let verified = json(baton().args(["verify", "--tenant", "sample", "--data"]).arg(other), 0);
    assert_eq!(verified["differences_found"], 0);
    assert!(verified["subjects"].as_u64().unwrap() > 20, "{verified}");
    let told = json(baton().args(["audit", "list", "--operator", "--data"]).arg(other), 0);
    let line = &told["items"][0];
    assert_eq!((&line["operation"], &line["who"]), (&"restore".into(), &"local".into()), "{told}");
    assert_eq!(line["detail"]["last_message"], copied["last_message"]);
    let (restored, scope) = open(other);
    let ids: Vec<MessageNo> = before.keys().copied().collect();
    let found = restored.read(|tx| messages::get_many(tx, &scope, &ids)).unwrap();
    let found: BTreeMap<MessageNo, Vec<u8>> =
        found.into_iter().map(|m| (m.entry.id, m.entry.hash.to_vec())).collect();
    assert_eq!(found, before);
    run(&mut restore(&file, other), 4);
    run(restore(&file, other).arg("--force"), 0);
    assert!(other.join("baton.db.replaced").is_file());
}

#[test]
fn a_database_is_for_its_own_tools() {
    for command in ["backup", "restore"] {
        let nowhere = "postgres://baton@127.0.0.1:9/baton";
        let out = baton().args([command, "file", "--database", nowhere]).output().unwrap();
        let told = String::from_utf8(out.stderr).unwrap();
        assert_eq!(out.status.code(), Some(2), "{told}");
        assert!(told.contains("pg_dump"), "{told}");
    }
}
