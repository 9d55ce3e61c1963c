//! The disk that a data folder is on: whether it can be written, how long that takes, and how much
//! room is left.

use std::path::Path;
use std::time::Instant;

use baton_core::wording::Wording;

use super::{Health, Line};

/// A small durable write that takes longer makes a slow system.
const SLOW_WRITE_MS: u128 = 50;
/// With less room than this the system is about to stop taking messages.
const FREE_BYTES_MIN: u64 = 256 << 20;
/// With less room than this somebody should see to it.
const FREE_BYTES_LOW: u64 = 2 << 30;
const SLOW: &str = "a faster disk makes a faster system";

/// Looks at the disk under a data folder; a database keeps its own.
#[must_use]
pub fn disk(folder: Option<&Path>) -> Line {
    const WHAT: &str = "disk";
    let Some(folder) = folder else {
        return Line::well(WHAT, "the database keeps it").said(Wording::new("disk_database"));
    };
    let began = Instant::now();
    if let Err(why) = write_durably(folder) {
        let what_to_do = "free some space, or let this user write to the folder";
        let found = format!("cannot write: {why}");
        return Line::new(WHAT, Health::Fail, found, what_to_do).said(Wording::new("disk_refuses"));
    }
    let took_ms = began.elapsed().as_millis();
    let room = free_bytes(folder);
    let (health, what_to_do) = judged(took_ms, room);
    let name = match health {
        Health::Ok => "disk_well",
        _ if what_to_do == SLOW => "disk_slow",
        _ => "disk_full",
    };
    let free = room.map_or_else(|| "?".to_owned(), gibibytes);
    let wording = Wording::new(name).with("took", format_args!("{took_ms} ms")).with("free", free);
    let room = room.map_or_else(String::new, |bytes| format!(", {} free", gibibytes(bytes)));
    let found = format!("a small durable write takes {took_ms} ms{room}");
    Line::new(WHAT, health, found, what_to_do).said(wording)
}

fn judged(took_ms: u128, room: Option<u64>) -> (Health, &'static str) {
    let more = "free some space or move the folder to a larger disk: once it is full, messages are answered 503 and nothing is kept";
    match room {
        Some(bytes) if bytes < FREE_BYTES_MIN => (Health::Fail, more),
        Some(bytes) if bytes < FREE_BYTES_LOW => (Health::Warn, more),
        _ if took_ms > SLOW_WRITE_MS => (Health::Warn, SLOW),
        _ => (Health::Ok, ""),
    }
}

fn write_durably(folder: &Path) -> std::io::Result<()> {
    let path = folder.join(format!("doctor-{}.tmp", std::process::id()));
    let written = std::fs::File::create(&path).and_then(|mut file| {
        std::io::Write::write_all(&mut file, b"doctor")?;
        file.sync_all()
    });
    let removed = std::fs::remove_file(&path);
    written.and(removed)
}

/// What an ordinary user may still write there; `None` where the system does not say.
#[cfg(unix)]
fn free_bytes(folder: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(folder).ok()?;
    found.f_bavail.checked_mul(found.f_frsize)
}

#[cfg(not(unix))]
fn free_bytes(_: &Path) -> Option<u64> {
    None
}

fn gibibytes(bytes: u64) -> String {
    // Tenths are precise enough to act on.
    let tenths = (bytes >> 20) * 10 / 1024;
    format!("{}.{} GiB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_room_and_slow_writes_are_told() {
        for (took_ms, room, health) in [
            (1, None, Health::Ok),
            (1, Some(100 << 30), Health::Ok),
            (SLOW_WRITE_MS + 1, Some(100 << 30), Health::Warn),
            (1, Some(FREE_BYTES_LOW - 1), Health::Warn),
            (SLOW_WRITE_MS + 1, Some(FREE_BYTES_MIN - 1), Health::Fail),
        ] {
            let (judged, what_to_do) = judged(took_ms, room);
            assert_eq!(judged, health, "{took_ms} {room:?}");
            assert_eq!(what_to_do.is_empty(), health == Health::Ok);
        }
        assert_eq!(gibibytes(1_610_612_736), "1.5 GiB");
    }

    #[test]
    fn a_folder_is_written_to_and_left_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let line = disk(Some(folder.path()));
        assert!(line.found.starts_with("a small durable write takes"), "{line:?}");
        assert!(cfg!(not(unix)) || line.found.ends_with("GiB free"), "{line:?}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        let line = disk(Some(&folder.path().join("nowhere")));
        assert_eq!(line.health, Health::Fail);
    }
}
