//! Copies of a store that is written to, and files that are none.

use std::sync::atomic::{AtomicBool, Ordering};

use baton_core::time::Instant;

use super::*;
use crate::tenants::{self, Clock, NewTenant};
use crate::{Location, Scope, Settings, Store, changes};

fn store(folder: &Path) -> Store {
    let store = Store::open(&Location::Folder(folder.to_owned()), &Settings::default()).unwrap();
    store.migrate().unwrap();
    store
}

fn tenant(store: &Store) -> Scope {
    let created_at = Instant::default();
    let new = NewTenant { key: "main", name: "Main", clock: Clock::Real, created_at };
    let operator = Scope::operator();
    Scope::tenant(store.write(|tx| tenants::create(tx, &operator, &new)).unwrap())
}

fn note(store: &Store, scope: &Scope, summary: &str) -> i64 {
    let at = Instant::default();
    let change = changes::NewChange { at, cluster: None, kind: "note", object: "o", summary };
    store.write(|tx| changes::append(tx, scope, std::slice::from_ref(&change))).unwrap()
}

fn noted(store: &Store, scope: &Scope) -> usize {
    store.read(|tx| changes::between(tx, scope, 0, 100_000)).unwrap().len()
}

fn files(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_copy_under_load_is_of_one_instant_and_holds_what_was_committed_before() {
    let (folder, backups) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = store(folder.path());
    let scope = tenant(&store);
    let long = "x".repeat(5_000);
    for _ in 0..1_000 {
        note(&store, &scope, &long);
    }
    let over = AtomicBool::new(false);
    std::thread::scope(|threads| {
        threads.spawn(|| {
            while !over.load(Ordering::Acquire) {
                note(&store, &scope, &long);
            }
        });
        for round in 0..3 {
            let before = noted(&store, &scope);
            let file = backups.path().join(format!("{round}.baton"));
            let copied = make(folder.path(), &file).unwrap();
            assert_eq!(copied.schema, migrations::NEWEST);
            assert_eq!(copied.identity.as_ref().unwrap().len(), 32);
            assert_eq!(copied.size_bytes, fs::metadata(&file).unwrap().len());
            let other = tempfile::tempdir().unwrap();
            let restored = restore(&file, other.path(), false).unwrap();
            assert_eq!((&restored.copied, restored.replaced), (&copied, None));
            let restored = self::store(other.path());
            let (held, after) = (noted(&restored, &scope), noted(&store, &scope));
            assert!(before <= held && held <= after, "{before} {held} {after}");
            assert_eq!(note(&restored, &scope, "goes on"), held as i64 + 1);
        }
        over.store(true, Ordering::Release);
    });
    assert_eq!(files(backups.path()), ["0.baton", "1.baton", "2.baton"]);
}

#[test]
fn a_store_makes_place_only_when_told_and_is_kept() {
    let folders = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let [one, other, backups] = folders.each_ref().map(tempfile::TempDir::path);
    let file = backups.join("one.baton");
    let (first, second) = (store(one), store(other));
    let scope = tenant(&first);
    note(&first, &scope, "of the first");
    make(one, &file).unwrap();
    let refused = make(one, &file).unwrap_err().to_string();
    assert!(refused.contains("is there already"), "{refused}");
    let scope = tenant(&second);
    note(&second, &scope, "of the second");
    note(&second, &scope, "of the second as well");
    let refused = restore(&file, other, false).unwrap_err().to_string();
    assert!(refused.contains("--force"), "{refused}");
    drop(second);
    let restored = restore(&file, other, true).unwrap();
    assert_eq!(noted(&store(other), &scope), 1);
    let third = tempfile::tempdir().unwrap();
    fs::copy(restored.replaced.unwrap(), third.path().join(FILE_NAME)).unwrap();
    assert_eq!(noted(&store(third.path()), &scope), 2);
    // And a second time, over what was set aside the first time.
    restore(&file, other, true).unwrap();
    assert_eq!(noted(&store(other), &scope), 1);
    assert_eq!(files(backups), ["one.baton"]);
}

#[test]
fn what_is_no_backup_is_refused_and_nothing_changed() {
    let folders = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let [one, other, backups] = folders.each_ref().map(tempfile::TempDir::path);
    let scope = tenant(&store(one));
    let long = "x".repeat(2_000);
    assert_eq!((0..200).map(|_| note(&store(one), &scope, &long)).max(), Some(200));
    let whole = backups.join("whole");
    make(one, &whole).unwrap();
    let bytes = fs::read(&whole).unwrap();
    let written = |name: &str, bytes: &[u8]| {
        let file = backups.join(name);
        fs::write(&file, bytes).unwrap();
        file
    };
    let mut damaged = bytes.clone();
    let middle = damaged.len() / 2;
    damaged[middle..middle + 4_096].fill(0xa5);
    let newer = written("newer", &bytes);
    let connection = Connection::open(&newer).unwrap();
    connection.execute_batch("insert into schema_version values (1000)").unwrap();
    drop(connection);
    let foreign = backups.join("foreign");
    Connection::open(&foreign).unwrap().execute_batch("create table t (a)").unwrap();
    for (file, expected) in [
        (backups.join("missing"), "there is no file"),
        (written("text", b"this is a letter and no backup"), "no whole backup"),
        (written("empty", b""), "no whole backup"),
        (foreign, "no whole backup"),
        (newer, "schema version 1000"),
        (written("cut", &bytes[..bytes.len() / 2]), "no whole backup"),
        (written("damaged", &damaged), "unreadable"),
    ] {
        let refused = restore(&file, other, false).unwrap_err().to_string();
        assert!(refused.contains(expected), "{}: {refused}", file.display());
        assert!(!other.join(FILE_NAME).exists());
    }
    // A store that is too damaged to be copied is not announced as a backup.
    fs::write(other.join(FILE_NAME), &damaged).unwrap();
    assert!(make(other, &backups.join("of-damaged")).is_err());
    assert!(!backups.join("of-damaged").exists());
    // It makes place all the same.
    restore(&whole, other, true).unwrap();
    assert_eq!(noted(&store(other), &scope), 200);
}

#[test]
fn a_store_that_is_not_migrated_yet_can_be_kept_before_it_is() {
    let (folder, backups) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let location = Location::Folder(folder.path().to_owned());
    let old = Store::open(&location, &Settings::default()).unwrap();
    old.write(|tx| migrations::migrate_to(tx, 3)).unwrap();
    let file = backups.path().join("old");
    let copied = make(folder.path(), &file).unwrap();
    assert_eq!((copied.schema, copied.identity), (3, None));
    old.migrate().unwrap();
    restore(&file, backups.path(), false).unwrap();
    let location = Location::Folder(backups.path().to_owned());
    let restored = Store::open(&location, &Settings::default()).unwrap();
    assert_eq!(restored.migrate().unwrap(), (3, migrations::NEWEST));
}
