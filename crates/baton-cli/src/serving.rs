//! The HTTP server over an engine, on threads of its own, until it is told to stop: by the program, by
//! Ctrl-C, or by SIGTERM.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use baton_server::EngineHandle;
use baton_server::http;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::exit::{Failure, Result};

/// Threads that serve sockets; what uses the store has threads beside them.
const SOCKET_THREADS: usize = 2;
/// Under which name the server counts by itself, right after its start.
const STARTED: &str = "start";
/// The exit code of a program that a signal ended.
const INTERRUPTED: i32 = 130;
const SECOND_SIGNAL_AFTER: Duration = Duration::from_secs(1);
/// How long calls that are under way may take when the server stops.
const STOP_WAIT_MAX: Duration = Duration::from_secs(20);

/// A running server.
#[derive(Debug)]
pub(crate) struct Serving {
    runtime: Runtime,
    address: SocketAddr,
    stop: watch::Sender<bool>,
    asked: Arc<AtomicBool>,
    hears: watch::Receiver<bool>,
    server: JoinHandle<std::io::Result<()>>,
}

impl Serving {
    pub(crate) fn start(engine: &EngineHandle, listen: SocketAddr) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(SOCKET_THREADS)
            .thread_name("baton-http")
            .enable_all()
            .build()?;
        let listener = runtime.block_on(TcpListener::bind(listen)).map_err(|why| {
            Failure::not_found(format!(
                "cannot listen on {listen}: {why}. Another port may be free"
            ))
        })?;
        let address = listener.local_addr()?;
        let (stop, mut stopped) = watch::channel(false);
        let (ask, hears) = watch::channel(false);
        let asked = Arc::new(AtomicBool::new(false));
        let shutdown = async move {
            // The sender going away is a stop as well.
            let _ = stopped.wait_for(|stop| *stop).await;
        };
        let app = http::app(engine.clone());
        let looked_after = engine.tenants().iter().map(|tenant| tenant.key.clone()).collect();
        let here = http::InProcess::new(app.clone(), http::local_principal(STARTED));
        runtime.spawn(count_first(here, looked_after));
        let server = runtime.spawn(async move { http::serve(listener, app, shutdown).await });
        runtime.spawn(hear_signals(Arc::clone(&asked), ask));
        Ok(Self { runtime, address, stop, asked, hears, server })
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Set when somebody asked the program to end. The server goes on until [`Serving::stop`], so that
    /// what is under way can be finished.
    pub(crate) fn stop_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.asked)
    }

    /// Serves until somebody asks for the end.
    pub(crate) fn until_asked(self) {
        let mut hears = self.hears.clone();
        self.runtime.block_on(async {
            // The sender going away is an end as well.
            let _ = hears.wait_for(|asked| *asked).await;
        });
        self.stop();
    }

    /// Ends: calls that are under way are answered first.
    pub(crate) fn stop(self) {
        self.stop.send_replace(true);
        let Self { runtime, server, .. } = self;
        let ended = runtime.block_on(async { tokio::time::timeout(STOP_WAIT_MAX, server).await });
        if !matches!(ended, Ok(Ok(Ok(())))) {
            tracing::warn!("some calls were still under way when the server ended");
        }
        runtime.shutdown_background();
    }
}

/// Counts what first pages show of each tenant, one after the other, so that nobody waits for the first count
/// after a start: of a million orders, on a machine that has read none of them yet, it takes seconds.
async fn count_first(here: http::InProcess, tenants: Vec<String>) {
    for tenant in tenants {
        let of_tenant = [("Baton-Tenant".to_owned(), tenant)];
        // Whoever asks for it is told what is wrong; here nobody is.
        let _ = here.call("GET", "/v1/overview", &of_tenant, Vec::new()).await;
    }
}

/// Ctrl-C and SIGTERM ask for the end; a second one does not wait for it.
async fn hear_signals(asked: Arc<AtomicBool>, ask: watch::Sender<bool>) {
    signalled().await;
    asked.store(true, Ordering::Release);
    ask.send_replace(true);
    // One press may be heard twice: by the program, and by the group that it runs in.
    tokio::time::sleep(SECOND_SIGNAL_AFTER).await;
    signalled().await;
    std::process::exit(INTERRUPTED);
}

async fn signalled() {
    #[cfg(unix)]
    let terminated = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}
