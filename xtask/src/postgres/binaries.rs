//! Where PostgreSQL's programs are, and how they come onto a Debian machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::MAJOR_MIN;
use crate::apt::{self, id};

/// Where Debian keeps one folder for each major version, outside PATH.
const DEBIAN_ROOT: &str = "/usr/lib/postgresql";

/// Debian's package makes and starts a server of its own unless it is told not to.
const CREATE_CLUSTER_FOLDER: &str = "/etc/postgresql-common/createcluster.d";
const CREATE_CLUSTER_FILE: &str = "baton-tests.conf";
const CREATE_CLUSTER_TEXT: &str = "create_main_cluster = false\n";

/// A folder with `initdb`, `pg_ctl` and `postgres` of one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Binaries {
    pub(super) folder: PathBuf,
    pub(super) major: u32,
}

/// The newest that is new enough, of PATH and Debian's folders.
pub(super) fn find() -> Option<Binaries> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    if let Ok(versions) = fs::read_dir(DEBIAN_ROOT) {
        folders.extend(versions.flatten().map(|version| version.path().join("bin")));
    }
    newest(folders.iter().filter_map(|folder| {
        let complete = ["initdb", "pg_ctl"].iter().all(|name| folder.join(name).is_file());
        let major = if complete { major_of(&folder.join("postgres")) } else { None };
        major.map(|major| Binaries { folder: folder.clone(), major })
    }))
}

/// Of two folders of the same version the first: PATH is the user's own wish.
fn newest(found: impl Iterator<Item = Binaries>) -> Option<Binaries> {
    found
        .filter(|binaries| binaries.major >= MAJOR_MIN)
        .reduce(|best, next| if next.major > best.major { next } else { best })
}

fn major_of(postgres: &Path) -> Option<u32> {
    let output = Command::new(postgres).arg("--version").output().ok()?;
    parse_major(&String::from_utf8_lossy(&output.stdout))
}

/// `postgres (PostgreSQL) 15.18 (Debian 15.18-0)` is 15; `… 18beta1` is 18.
fn parse_major(version: &str) -> Option<u32> {
    let number = version.split_once("(PostgreSQL)")?.1.trim_start();
    let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
    number.get(..end)?.parse().ok()
}

/// Installs Debian's package, as root on Debian only; true if apt says that it did. Its failure is
/// shown and is no error: Docker may still be there.
pub(super) fn install() -> bool {
    if !apt::is_ours() {
        return false;
    }
    eprintln!("no PostgreSQL {MAJOR_MIN} or newer found: installing Debian's package");
    let own_server_forbidden = match forbid_own_server() {
        Ok(file) => file,
        Err(error) => {
            eprintln!("it would start a server, which could not be forbidden: {error}");
            return false;
        }
    };
    let installed = apt::install("postgresql");
    // Whoever installs PostgreSQL in earnest later gets what Debian gives everybody.
    if let Err(error) = fs::remove_file(&own_server_forbidden) {
        eprintln!("cannot remove {}: {error}", own_server_forbidden.display());
    }
    installed
}

fn forbid_own_server() -> std::io::Result<PathBuf> {
    fs::create_dir_all(CREATE_CLUSTER_FOLDER)?;
    let file = Path::new(CREATE_CLUSTER_FOLDER).join(CREATE_CLUSTER_FILE);
    fs::write(&file, CREATE_CLUSTER_TEXT)?;
    Ok(file)
}

/// The number of a user by name; nothing if there is none of that name.
pub(super) fn user_id(name: &str) -> Option<u32> {
    id(&["-u", name])
}

pub(super) fn group_id(user: &str) -> Option<u32> {
    id(&["-g", user])
}

#[cfg(test)]
mod tests {
    use super::{Binaries, newest, parse_major};

    #[test]
    fn versions_are_read_from_what_postgres_prints() {
        for (printed, major) in [
            ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", Some(15)),
            ("postgres (PostgreSQL) 17.2", Some(17)),
            ("postgres (PostgreSQL) 18beta1", Some(18)),
            ("postgres (PostgreSQL) 9.6.24", Some(9)),
            ("postgres (PostgreSQL) devel", None),
            ("postgres 15.1", None),
            ("", None),
        ] {
            assert_eq!(parse_major(printed), major, "{printed:?}");
        }
    }

    #[test]
    fn the_newest_is_taken_and_none_that_is_too_old() {
        let of = |(folder, major): &(&str, u32)| Binaries { folder: folder.into(), major: *major };
        for (found, taken) in [
            (vec![("a", 15), ("b", 17), ("c", 16)], Some("b")),
            (vec![("a", 15), ("b", 15)], Some("a")),
            (vec![("a", 14), ("b", 13)], None),
            (vec![("a", 14), ("b", 15)], Some("b")),
            (vec![], None),
        ] {
            let folder = newest(found.iter().map(of)).map(|binaries| binaries.folder);
            assert_eq!(folder, taken.map(Into::into), "{found:?}");
        }
    }
}
