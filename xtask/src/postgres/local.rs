//! A throw-away server from PostgreSQL's own programs.

use std::fs::{self, File};
use std::io::Read as _;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use tempfile::TempDir;

use super::binaries::{self, Binaries};
use super::keeper::Keeper;
use super::{Durability, Server, url};
use crate::apt;

/// Another process may take a port between our look and the server's bind; then another is tried.
const PORTS_TRIED_MAX: usize = 3;

/// The system's own folder and not TMPDIR: as root the server runs as another user, who may not be
/// allowed into root's private one.
const TEMPORARY: &str = "/tmp";

/// `$1` folder of the programs, `$2` our folder, `$3` port, `$4` more options. Nothing here is tuned,
/// and the files are gone after use. Sockets in the file system are off, so the port is the one door.
const SCRIPT: &str = r#"
cd "$2" || exit 1
if [ ! -d cluster ]; then
  "$1/initdb" --pgdata=cluster --username=postgres --pwfile=password --auth=scram-sha-256 \
    --encoding=UTF8 --locale=C --no-sync >initdb.log 2>&1 || { cat initdb.log >&2; exit 1; }
fi
options="-c listen_addresses=127.0.0.1 -c port=$3 -c unix_socket_directories='' \
  -c max_connections=200 $4"
"$1/pg_ctl" start --pgdata=cluster --wait --timeout=60 --silent --log=server.log \
  --options="$options" >&2 || { tail -n 20 server.log >&2; exit 1; }
echo "ready $3"
read -r _
"$1/pg_ctl" stop --pgdata=cluster --mode=immediate --silent >&2
rm -rf "$2"
"#;

/// # Errors
/// If no cluster could be made or started; the programs' words are on standard error.
pub(super) fn start(found: &Binaries, durability: Durability) -> Result<Server> {
    let user = server_user()?;
    let folder = folder_for(user.as_ref())?;
    let password = random_word()?;
    let password_file = folder.path().join("password");
    fs::write(&password_file, &password).context("cannot write the test server's password")?;
    fs::set_permissions(&password_file, fs::Permissions::from_mode(0o600))?;
    if let Some(user) = &user {
        chown(&password_file, Some(user.id), Some(user.group))?;
    }

    let mut failure = None;
    for _ in 0..PORTS_TRIED_MAX {
        let mut command = shell_as(user.as_ref());
        command.args(["-c", SCRIPT, "sh"]).arg(&found.folder).arg(folder.path());
        command.arg(free_port()?.to_string()).arg(durability.options());
        match Keeper::start(command) {
            Ok((keeper, port)) => {
                // From here the script removes the folder, also when we cannot.
                let folder = folder.keep();
                let process = first_process(&folder);
                let origin = format!("PostgreSQL {} of {}", found.major, found.folder.display());
                return Ok(Server { url: url(&password, port), origin, process, _keeper: keeper });
            }
            Err(error) => failure = Some(error),
        }
        // Another port helps only if the server was the one that failed.
        if !folder.path().join("server.log").exists() {
            break;
        }
    }
    Err(failure.unwrap_or_else(|| anyhow::anyhow!("no port was tried")))
}

/// The server's first line in the file that it keeps while it runs.
fn first_process(folder: &Path) -> Option<u32> {
    let file = fs::read_to_string(folder.join("cluster").join("postmaster.pid")).ok()?;
    file.lines().next()?.trim().parse().ok()
}

/// The unprivileged user that the server runs as.
struct User {
    name: &'static str,
    id: u32,
    group: u32,
}

/// Nothing if we are not root; PostgreSQL refuses to run as root.
fn server_user() -> Result<Option<User>> {
    if apt::effective_user_id() != Some(0) {
        return Ok(None);
    }
    for name in ["postgres", "nobody"] {
        if let (Some(id), Some(group)) = (binaries::user_id(name), binaries::group_id(name)) {
            return Ok(Some(User { name, id, group }));
        }
    }
    bail!("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as")
}

fn folder_for(user: Option<&User>) -> Result<TempDir> {
    let parent = Path::new(TEMPORARY);
    let parent = if parent.is_dir() { parent.to_path_buf() } else { std::env::temp_dir() };
    let folder = tempfile::Builder::new()
        .prefix("baton-postgres-")
        .tempdir_in(&parent)
        .with_context(|| format!("cannot make a folder in {}", parent.display()))?;
    if let Some(user) = user {
        chown(folder.path(), Some(user.id), Some(user.group))?;
    }
    Ok(folder)
}

fn shell_as(user: Option<&User>) -> Command {
    let Some(user) = user else {
        return Command::new("sh");
    };
    if is_there("setpriv") {
        let mut command = Command::new("setpriv");
        command.arg(format!("--reuid={}", user.id)).arg(format!("--regid={}", user.group));
        command.args(["--clear-groups", "sh"]);
        command
    } else {
        let mut command = Command::new("runuser");
        command.args(["-u", user.name, "--", "sh"]);
        command
    }
}

fn is_there(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

/// A port of loopback that nobody listens on at this moment, by the kernel's own choice.
fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port on 127.0.0.1")?;
    Ok(listener.local_addr()?.port())
}

/// 32 hexadecimal digits. Loopback is open to every user of the machine, and who may speak to
/// PostgreSQL as its superuser may run programs as its user.
pub(super) fn random_word() -> Result<String> {
    let mut bytes = [0_u8; 16];
    File::open("/dev/urandom")
        .and_then(|mut file| file.read_exact(&mut bytes))
        .context("cannot read /dev/urandom")?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::{free_port, random_word};

    #[test]
    fn a_free_port_can_be_bound_and_a_taken_one_is_not_offered() {
        let port = free_port().expect("a port");
        let taken = TcpListener::bind(("127.0.0.1", port)).expect("the port is free");
        for _ in 0..100 {
            assert_ne!(free_port().expect("a port"), port);
        }
        drop(taken);
    }

    #[test]
    fn passwords_need_no_quoting_and_differ() {
        let (one, other) = (random_word().expect("chance"), random_word().expect("chance"));
        assert_ne!(one, other);
        assert!(one.len() == 32 && one.bytes().all(|b| b.is_ascii_hexdigit()), "{one}");
    }
}
