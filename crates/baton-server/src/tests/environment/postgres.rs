//! A database that is cut off: sessions are ended in the middle of transactions, and the server is away
//! for a while. Between the engine and the server stands a relay that can cut every connection and
//! refuse new ones, as a server does that is started again.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use baton_core::book::Rulebook;
use baton_store::Location;
use baton_store::throwaway::Schema;

use super::*;

const MESSAGES: usize = 240;
/// Something is cut each time so many more messages are acknowledged.
const CUT_EVERY: usize = 12;

/// Passes bytes on between the engine and the server.
#[derive(Default)]
struct Relay {
    open: Mutex<Vec<TcpStream>>,
    away: AtomicBool,
}

impl Relay {
    fn start(server: SocketAddr) -> (SocketAddr, Arc<Self>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let relay = Arc::new(Self::default());
        let kept = Arc::clone(&relay);
        std::thread::spawn(move || {
            for near in listener.incoming().flatten() {
                if !kept.away.load(Ordering::Acquire)
                    && let Ok(far) = TcpStream::connect(server)
                {
                    kept.pass(&near, &far);
                    kept.pass(&far, &near);
                }
            }
        });
        (address, relay)
    }
    fn pass(&self, from: &TcpStream, to: &TcpStream) {
        let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
        self.open.lock().unwrap().push(from.try_clone().unwrap());
        std::thread::spawn(move || {
            let mut some = [0; 16_384];
            while let Ok(count) = from.read(&mut some)
                && count > 0
                && to.write_all(&some[..count]).is_ok()
            {}
            // The other direction ends with this one.
            let _ = to.shutdown(Shutdown::Both);
        });
    }
    fn cut(&self) {
        for stream in self.open.lock().unwrap().drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

/// The address with the relay in the server's place.
fn through(url: &str) -> Option<(String, Arc<Relay>)> {
    let (user, rest) = url.split_once('@')?;
    let (server, database) = rest.split_once('/')?;
    let (relay, kept) = Relay::start(server.parse().ok()?);
    Some((format!("{user}@{relay}/{database}"), kept))
}

#[test]
fn a_database_that_is_cut_off_again_and_again_loses_nothing() {
    let Some(schema) = Schema::fresh() else { return };
    let (url, relay) = through(&schema.url).expect("the address is user@host:port/database");
    let bench = Bench::at(Location::Database(url), quick(), Rulebook::default());
    let sent = AtomicUsize::new(0);
    let acknowledged: BTreeSet<MessageNo> = std::thread::scope(|scope| {
        let sender = scope.spawn(|| {
            let until_kept = |n| loop {
                match std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| send(&bench, n, "")))
                {
                    Ok(Ok(id)) => return id,
                    // Refused, or the sender could not look up its source: it sends again.
                    _ => std::thread::yield_now(),
                }
            };
            let count = |n| {
                let id = until_kept(n);
                sent.fetch_add(1, Ordering::AcqRel);
                id
            };
            (0..MESSAGES).map(count).collect()
        });
        for cut in 1..MESSAGES / CUT_EVERY {
            wait_until("messages are taken", || sent.load(Ordering::Acquire) >= cut * CUT_EVERY);
            match cut % 3 {
                0 => relay.cut(),
                1 => drop(schema.end_sessions()),
                _ => {
                    relay.away.store(true, Ordering::Release);
                    relay.cut();
                    wait_until("it says that it is not ready", || ready(&bench).0 == 503);
                    relay.away.store(false, Ordering::Release);
                    wait_until("it is ready again", || ready(&bench).0 == 200);
                }
            }
        }
        sender.join().unwrap()
    });
    assert_eq!(acknowledged.len(), MESSAGES);
    nothing_is_lost(&bench, &acknowledged);
    let text = bench.engine.metrics().text();
    assert!(text.contains("baton_loop_failures_total{"), "no loop noticed anything");
}
