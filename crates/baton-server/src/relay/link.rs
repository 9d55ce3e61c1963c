//! The relay's two threads: one writes letters, one reads them. Each has a connection of its own, and
//! makes it anew where it was lost.

use std::time::Duration;

use redis::{Client, Commands as _, Connection, RedisError, RedisResult};

use super::word::{self, Words};
use super::{Relay, Word};

/// A node writes at least this often.
const BEAT: Duration = Duration::from_secs(1);
/// A node that does not hear itself for so long has lost the relay.
const SILENCE: Duration = Duration::from_secs(4);
/// How long a connection may take to be made, or a letter to be taken.
const ANSWER_WAIT_MAX: Duration = Duration::from_secs(2);
/// Between two letters: what is said meanwhile goes into one.
const APART: Duration = Duration::from_millis(4);
/// Between two attempts to connect.
const RETRY_WAIT: Duration = Duration::from_millis(500);
/// What a node that could not hear for a while looks after.
const EVERYTHING: [Word; 4] = [Word::Messages, Word::Outbox, Word::Timers, Word::Standing];

impl Relay {
    /// Writes letters until the relay is ended.
    fn write(&self) {
        let mut connection = None;
        loop {
            let seen = self.bell.rings();
            let words = self.take();
            let ending = self.is_ended();
            match self.send(&mut connection, &words) {
                Ok(()) => self.metrics.relay_words("said", times(&words)),
                // What could not be said is found later by those who wait for it.
                Err(why) => {
                    connection = None;
                    self.note_lost(why.to_string());
                }
            }
            if ending {
                return;
            }
            if connection.is_none() {
                std::thread::sleep(RETRY_WAIT);
            } else {
                std::thread::sleep(APART);
                self.bell.wait(seen, BEAT);
            }
        }
    }

    fn take(&self) -> Words {
        std::mem::take(&mut *self.said.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    fn send(&self, connection: &mut Option<Connection>, words: &Words) -> RedisResult<()> {
        let known = match connection.as_mut() {
            Some(known) => known,
            None => connection.insert(self.connect(ANSWER_WAIT_MAX)?),
        };
        known.publish(self.address.channel(), word::written(self.node, words))
    }

    /// Reads letters until the relay is ended.
    fn read(&self) {
        while !self.is_ended() {
            match self.read_while_well() {
                Ok(()) => return,
                Err(why) => {
                    let why = if why.is_timeout() {
                        "it does not answer".to_owned()
                    } else {
                        why.to_string()
                    };
                    self.note_lost(why);
                    std::thread::sleep(RETRY_WAIT);
                }
            }
        }
    }

    fn read_while_well(&self) -> Result<(), RedisError> {
        let mut connection = self.connect(SILENCE)?;
        let mut letters = connection.as_pubsub();
        letters.subscribe(self.address.channel())?;
        let mut heard_self_at = std::time::Instant::now();
        // What was said before this is not heard any more.
        self.tell_ears(&EVERYTHING.into_iter().map(|word| (word, 1)).collect());
        loop {
            let letter = letters.get_message()?;
            if self.is_ended() {
                return Ok(());
            }
            match word::read(letter.get_payload_bytes()) {
                Some((node, _)) if node == self.node => {
                    heard_self_at = std::time::Instant::now();
                    self.note_well();
                }
                Some((_, words)) => {
                    self.metrics.relay_words("heard", times(&words));
                    self.tell_ears(&words);
                }
                None => {}
            }
            if heard_self_at.elapsed() > SILENCE {
                // Others are heard: it is the thread that writes which has no connection, and says why.
                heard_self_at = std::time::Instant::now();
                self.note_lost("what this node says does not come through".to_owned());
            }
        }
    }

    fn connect(&self, wait: Duration) -> RedisResult<Connection> {
        let client = Client::open(self.address.url())?;
        let connection = client.get_connection_with_timeout(ANSWER_WAIT_MAX)?;
        connection.set_read_timeout(Some(wait))?;
        connection.set_write_timeout(Some(ANSWER_WAIT_MAX))?;
        Ok(connection)
    }
}

fn times(words: &Words) -> usize {
    words.values().map(|times| *times as usize).sum()
}

/// What a thread runs.
type Run = fn(&Relay);
/// The two threads, by name.
pub(crate) const THREADS: [(&str, Run); 2] =
    [("baton-relay-say", Relay::write), ("baton-relay-hear", Relay::read)];
