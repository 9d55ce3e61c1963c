//! Sends many messages at once over kept-alive connections, each again until the server has it: a
//! sender as a partner's system would be, only more patient.
//!
//! A connection that breaks is opened again and its message repeated; Baton knows a repeat. So nothing
//! is lost and nothing doubled, whatever happens to the server meanwhile.

use std::net::SocketAddr;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::exit::{Failure, Result};
use crate::wire::{Answer, Connection, Post};

/// How often a message is tried before the sender gives up.
const TRIES_MAX: u32 = 20;
/// The wait after a broken connection, and the longest that a busy server can ask for.
const BROKEN_WAIT: Duration = Duration::from_millis(200);
const BUSY_WAIT_MAX: Duration = Duration::from_secs(2);
/// Longest part of an unexpected answer that is repeated to the user.
const ANSWER_CHARS_MAX: usize = 300;

/// The header in which a sender into a sandbox states when a message is received.
pub(crate) const RECEIVED_AT: &str = "Baton-Received-At";

/// A message with where it goes.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    pub(crate) path: Arc<str>,
    pub(crate) key: Arc<str>,
    pub(crate) content_type: &'static str,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// Connections with a thread each. Ends them when dropped.
#[derive(Debug)]
pub(crate) struct Feeder {
    /// Letters that travel together go in their order over one connection.
    letters: Option<SyncSender<Vec<Letter>>>,
    sent: Receiver<Result<()>>,
    threads: Vec<JoinHandle<()>>,
}

impl Feeder {
    /// Opens as many connections as may have a message under way at once.
    pub(crate) fn start(address: SocketAddr, connections: usize) -> Result<Self> {
        let (letters, to_send) = sync_channel::<Vec<Letter>>(connections.max(1));
        let (done, sent) = channel();
        let to_send = Arc::new(Mutex::new(to_send));
        let mut threads = Vec::new();
        for _ in 0..connections.max(1) {
            let (to_send, done) = (Arc::clone(&to_send), done.clone());
            let work = move || {
                let mut connection = None;
                while let Some(letters) = next(&to_send) {
                    for letter in &letters {
                        let outcome = deliver(&mut connection, address, letter);
                        if done.send(outcome).is_err() {
                            return;
                        }
                    }
                }
            };
            threads.push(std::thread::Builder::new().name("baton-sender".into()).spawn(work)?);
        }
        Ok(Self { letters: Some(letters), sent, threads })
    }

    /// Sends letters side by side; returns when the server has them all.
    pub(crate) fn send(&self, letters: impl IntoIterator<Item = Letter>) -> Result<u64> {
        self.send_lanes(letters.into_iter().map(|letter| vec![letter]))
    }

    /// As [`Feeder::send`], but each lane's letters go one after the other, as one partner's system sends
    /// them: the next when the server has the one before.
    pub(crate) fn send_lanes(&self, lanes: impl IntoIterator<Item = Vec<Letter>>) -> Result<u64> {
        let gone = || Failure::failed("the sending threads have ended");
        let to = self.letters.as_ref().ok_or_else(gone)?;
        let (mut under_way, mut sent) = (0_u64, 0_u64);
        for lane in lanes {
            under_way += lane.len() as u64;
            to.send(lane).map_err(|_| gone())?;
            while let Ok(outcome) = self.sent.try_recv() {
                outcome?;
                sent += 1;
            }
        }
        while sent < under_way {
            self.sent.recv().map_err(|_| gone())??;
            sent += 1;
        }
        Ok(sent)
    }
}

impl Drop for Feeder {
    fn drop(&mut self) {
        self.letters = None;
        for thread in self.threads.drain(..) {
            // A thread that failed has told so through its channel.
            let _ = thread.join();
        }
    }
}

fn next(letters: &Mutex<Receiver<Vec<Letter>>>) -> Option<Vec<Letter>> {
    letters.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

/// Sends one letter until it is acknowledged.
fn deliver(slot: &mut Option<Connection>, address: SocketAddr, letter: &Letter) -> Result<()> {
    let mut last = String::new();
    for _ in 0..TRIES_MAX {
        match attempt(slot, address, letter) {
            Ok(answer) if (200..300).contains(&answer.status) => return Ok(()),
            Ok(answer) if answer.status == 503 || answer.status == 429 => {
                last = format!("the server answered {}", answer.status);
                std::thread::sleep(answer.retry_after.unwrap_or(BROKEN_WAIT).min(BUSY_WAIT_MAX));
            }
            Ok(answer) => {
                let text = String::from_utf8_lossy(&answer.body);
                let text: String = text.chars().take(ANSWER_CHARS_MAX).collect();
                let text = format!("{} was refused ({}): {text}", letter.path, answer.status);
                return Err(Failure::refused(text));
            }
            Err(why) => {
                *slot = None;
                last = why.to_string();
                std::thread::sleep(BROKEN_WAIT);
            }
        }
    }
    Err(Failure::not_found(format!(
        "{address} did not take a message in {TRIES_MAX} tries: {last}"
    )))
}

fn attempt(
    slot: &mut Option<Connection>,
    address: SocketAddr,
    letter: &Letter,
) -> std::io::Result<Answer> {
    let connection = match slot {
        Some(connection) => connection,
        None => slot.insert(Connection::open(address)?),
    };
    connection.post(&Post {
        path: &letter.path,
        key: &letter.key,
        content_type: letter.content_type,
        headers: &letter.headers,
        body: &letter.body,
    })
}
