//! The program `redis-server` for the tests that start one of their own: found, else installed by apt as
//! root on Debian, else those tests are left out and the caller says so. No server is started here, and
//! none that runs is ever spoken to.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::apt;

const SERVER: &str = "redis-server";

/// What to do to have the tests that were left out.
pub(crate) const HOW_TO_GET: &str =
    "install Redis (Debian: `apt-get install redis-server`; macOS: `brew install redis`)";

/// Debian's package starts a server of its own unless this program says that none is to be started.
const POLICY: &str = "/usr/sbin/policy-rc.d";
const START_NOTHING: &str = "#!/bin/sh\nexit 101\n";

/// Whether there is one, perhaps from now on.
pub(crate) fn is_to_be_had() -> bool {
    if apt::is_there(SERVER) {
        return true;
    }
    if !apt::is_ours() {
        return false;
    }
    eprintln!("no redis-server found: installing Debian's package");
    // Whoever has a policy of his own keeps it.
    let ours = !Path::new(POLICY).exists();
    if ours && let Err(error) = forbid_start() {
        eprintln!("it would start a server, which could not be forbidden: {error}");
        return false;
    }
    let installed = apt::install(SERVER);
    if ours && let Err(error) = fs::remove_file(POLICY) {
        eprintln!("cannot remove {POLICY}: {error}");
    }
    installed && apt::is_there(SERVER)
}

fn forbid_start() -> std::io::Result<()> {
    fs::write(POLICY, START_NOTHING)?;
    fs::set_permissions(POLICY, fs::Permissions::from_mode(0o755))
}
