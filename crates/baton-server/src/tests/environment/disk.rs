//! A disk that fills up and is given room, and one that cannot be written to. They are small file
//! systems in memory, which only root can make; where this is somebody else, the tests are left out
//! aloud (the same errors are among the faults of the simulation).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use baton_core::book::Rulebook;
use baton_store::{Location, Store, StoreError};

use super::*;

/// A file system of its own, gone with this.
struct Mount(tempfile::TempDir);

impl Mount {
    fn new(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let options = format!("size={size}");
        let made = mount(&["-t", "tmpfs", "-o", &options, "tmpfs"], folder.path());
        if !made {
            eprintln!("skipped: no file system can be made here, which takes root");
        }
        made.then_some(Self(folder))
    }
    fn again(&self, options: &str) {
        assert!(mount(&["-o", &format!("remount,{options}")], self.0.path()), "{options}");
    }
    fn location(&self) -> Location {
        Location::Folder(self.folder())
    }
    fn folder(&self) -> PathBuf {
        self.0.path().join("data")
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let mut command = Command::new("umount");
        // What still holds it open keeps it no longer than itself.
        let _ = command.arg("-l").arg(self.0.path()).status();
    }
}

fn mount(arguments: &[&str], at: &Path) -> bool {
    let mut command = Command::new("mount");
    command.args(arguments).arg(at).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Not to be squeezed, or a disk would take it for ever.
fn ballast(n: usize) -> String {
    (0..110)
        .map(|part| blake3::hash(format!("{n} {part}").as_bytes()).to_hex().to_string())
        .collect()
}

#[test]
fn a_full_disk_loses_nothing_and_is_over_when_there_is_room() {
    let Some(mount) = Mount::new("4m") else { return };
    let bench = Bench::at(mount.location(), quick(), Rulebook::default());
    let mut acknowledged = BTreeSet::new();
    let mut refused = None;
    for n in 0.. {
        match send(&bench, n, &ballast(n)) {
            Ok(id) => acknowledged.insert(id),
            Err(why) => {
                refused = Some((n, why));
                break;
            }
        };
        assert!(n < 5_000, "the disk is never full");
    }
    let (n, why) = refused.unwrap();
    assert!(matches!(why, IntakeError::Store(_)), "{why}");
    let (status, said) = ready(&bench);
    assert_eq!(status, 503, "{said}");
    assert!(said.contains("store_unavailable") && said.contains("disk"), "{said}");
    assert!(said.contains("\"loop\":\"intake\""), "{said}");
    mount.again("size=64m");
    wait_until("it is ready again", || ready(&bench).0 == 200);
    // Nobody was told of it, so it is sent again.
    for n in n..n + 20 {
        acknowledged.insert(send(&bench, n, &ballast(n)).unwrap());
    }
    nothing_is_lost(&bench, &acknowledged);
}

#[test]
fn a_store_that_cannot_be_written_to_says_so_and_works_once_it_can() {
    let Some(mount) = Mount::new("16m") else { return };
    let mut acknowledged = BTreeSet::new();
    {
        let bench = Bench::at(mount.location(), quick(), Rulebook::default());
        acknowledged.insert(send(&bench, 1, "").unwrap());
        bench.settle();
        bench.engine.stop();
    }
    mount.again("ro");
    let settings = baton_store::Settings::default();
    let opened = Store::open(&mount.location(), &settings).and_then(|store| store.migrate());
    let Err(StoreError::Unavailable { reason }) = opened else { panic!("{opened:?}") };
    assert!(reason.contains("permissions"), "{reason}");
    mount.again("rw");
    let store = Store::open(&mount.location(), &settings).unwrap();
    store.check_schema().unwrap();
    assert_eq!(acknowledged.len(), 1);
}
