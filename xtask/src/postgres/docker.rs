//! A throw-away server from Docker's image, where PostgreSQL's own programs are not to be had.

use std::process::{Command, Stdio};

use anyhow::Result;

use super::keeper::Keeper;
use super::local::random_word;
use super::{Durability, Server, url};

const IMAGE: &str = "postgres:17-alpine";

/// `$1` image, `$2` more options; the password is in the environment. The image first starts a server without a port
/// to set itself up, so readiness is asked over TCP. Docker picks the port, on loopback alone.
const SCRIPT: &str = r#"
id=$(docker run --detach --rm --env POSTGRES_PASSWORD --publish 127.0.0.1::5432 "$1" \
  -c max_connections=200 $2 </dev/null) || exit 1
tries=0
until docker exec "$id" pg_isready --quiet --host=127.0.0.1 </dev/null; do
  tries=$((tries + 1))
  if [ $tries -gt 120 ]; then docker logs "$id" >&2; docker kill "$id" >&2; exit 1; fi
  sleep 0.5
done
echo "ready $(docker port "$id" 5432/tcp | head -n 1)"
read -r _
docker kill "$id" >/dev/null
"#;

/// Whether a Docker is there that answers: the program alone starts nothing.
pub(super) fn is_running() -> bool {
    let mut command = Command::new("docker");
    command.args(["info", "--format", "{{.ServerVersion}}"]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// # Errors
/// If the image cannot be had or does not start; Docker's words are on standard error.
pub(super) fn start(durability: Durability) -> Result<Server> {
    let password = random_word()?;
    let mut command = Command::new("sh");
    command
        .args(["-c", SCRIPT, "sh", IMAGE, durability.options()])
        .env("POSTGRES_PASSWORD", &password);
    let (keeper, port) = Keeper::start(command)?;
    let origin = format!("Docker, {IMAGE}");
    Ok(Server { url: url(&password, port), origin, process: None, _keeper: keeper })
}
