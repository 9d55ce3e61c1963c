//! A throw-away Redis for one test, on loopback, gone with the test however that ends.
//!
//! Found on the path (`cargo xtask test` installs it where it can); else the test is left out, with a
//! note. Compiled with the feature `throwaway`, which only tests ask for.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Prints the server's number, and ends it when whoever holds our input is gone.
const SCRIPT: &str = r#"port=$1; password=$2; shift 2
redis-server "$@" "$port" --bind 127.0.0.1 --requirepass "$password" --save "" \
    --appendonly no --dir / --daemonize no >/dev/null 2>&1 &
server=$!
echo "$server"
read -r _
kill -9 "$server" 2>/dev/null"#;

const PATIENCE: Duration = Duration::from_secs(20);

/// A running Redis, or one that was stopped for a while.
#[derive(Debug)]
pub struct Redis {
    port: u16,
    password: String,
    /// Its certificate and the key of that, where it speaks TLS and nothing else.
    tls: Option<(PathBuf, PathBuf)>,
    running: Option<(Child, String)>,
}

#[expect(clippy::expect_used, reason = "only tests compile this, and they are to fail")]
impl Redis {
    /// Starts one; `None`, with a note, where there is no `redis-server`.
    ///
    /// # Panics
    /// Where there is one and it does not start.
    #[must_use]
    pub fn start() -> Option<Self> {
        Self::start_as(None)
    }

    /// The same behind TLS, with the certificate and the key in these files.
    ///
    /// # Panics
    /// Where there is one and it does not start.
    #[must_use]
    pub fn start_with_tls(certificate: &Path, key: &Path) -> Option<Self> {
        Self::start_as(Some((certificate.to_owned(), key.to_owned())))
    }

    fn start_as(tls: Option<(PathBuf, PathBuf)>) -> Option<Self> {
        let found = Command::new("redis-server").arg("--version").stdout(Stdio::null()).status();
        if !found.is_ok_and(|status| status.success()) {
            eprintln!(
                "skipped with Redis: there is no redis-server (Debian: apt-get install redis-server)"
            );
            return None;
        }
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = free.local_addr().expect("its address").port();
        drop(free);
        let mut bytes = [0_u8; 16];
        let mut chance = std::fs::File::open("/dev/urandom").expect("chance");
        chance.read_exact(&mut bytes).expect("chance");
        let password = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut redis = Self { port, password, tls, running: None };
        redis.begin();
        Some(redis)
    }

    /// Its address, password and all.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "rediss" } else { "redis" };
        format!("{scheme}://:{}@127.0.0.1:{}", self.password, self.port)
    }

    /// Starts it again at the same address, after [`Redis::kill`].
    ///
    /// # Panics
    /// Where it does not start.
    pub fn begin(&mut self) {
        let mut command = Command::new("sh");
        command.args(["-c", SCRIPT, "sh", &self.port.to_string(), &self.password]);
        if let Some((certificate, key)) = &self.tls {
            command.args(["--port", "0", "--tls-auth-clients", "no"]);
            command.arg("--tls-cert-file").arg(certificate).arg("--tls-key-file").arg(key);
            command.arg("--tls-ca-cert-file").arg(certificate).arg("--tls-port");
        } else {
            command.arg("--port");
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut script = command.spawn().expect("a shell");
        let mut line = String::new();
        let told = script.stdout.take().expect("the shell's output");
        BufReader::new(told).read_line(&mut line).expect("the shell says its number");
        self.running = Some((script, line.trim().to_owned()));
        let began = Instant::now();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        while TcpStream::connect(address).is_err() {
            assert!(began.elapsed() < PATIENCE, "redis-server does not listen");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Kills it.
    ///
    /// # Panics
    /// Where it cannot be waited for.
    pub fn kill(&mut self) {
        let Some((mut script, _)) = self.running.take() else { return };
        drop(script.stdin.take());
        script.wait().expect("the shell ends");
    }

    /// Has it hang, as a machine does that is out of memory, or go on.
    ///
    /// # Panics
    /// Where it is not there.
    pub fn hang(&self, hang: bool) {
        let (_, number) = self.running.as_ref().expect("it runs");
        let signal = if hang { "-STOP" } else { "-CONT" };
        let sent = Command::new("kill").args([signal, number]).status();
        assert!(sent.expect("kill").success());
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        if let Some((mut script, _)) = self.running.take() {
            drop(script.stdin.take());
            // Whatever it says: the test is over.
            let _ = script.wait();
        }
    }
}
