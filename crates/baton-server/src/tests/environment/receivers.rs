//! A receiver of webhooks that takes a connection and never answers holds nobody else up.

use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};

use baton_core::book::Rulebook;
use baton_core::id::{ActId, Digest};
use baton_store::clusters::ClusterNo;
use baton_store::outbox::{self, NewCommand, State};
use baton_store::subscriptions;

use super::*;
use crate::clock::machine_now;
use crate::dispatch::sign::Secret;

const COMMANDS: u8 = 20;
const ANSWER_WAIT: Duration = Duration::from_millis(200);

/// Listens, and does `with` whatever it is to do with each connection.
fn listen(with: fn(TcpStream, &Sender<TcpStream>)) -> (String, Receiver<TcpStream>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let (sent, taken) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            with(stream, &sent);
        }
    });
    (url, taken)
}

/// Keeps a connection open and says nothing.
fn hang(stream: TcpStream, kept: &Sender<TcpStream>) {
    // Who made it keeps what comes.
    let _ = kept.send(stream);
}

fn answer(mut stream: TcpStream, taken: &Sender<TcpStream>) {
    use std::io::{Read as _, Write as _};
    let mut some = [0; 16_384];
    let mut read = 0;
    while !some[..read].ends_with(b"\"last\":true}") {
        match stream.read(&mut some[read..]) {
            Ok(count) if count > 0 => read += count,
            _ => return,
        }
    }
    let said = stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");
    if said.is_ok() {
        let _ = taken.send(stream);
    }
}

#[test]
fn a_receiver_that_hangs_holds_nobody_else_up() {
    let mut settings = quick();
    settings.dispatch.answer_wait_max = ANSWER_WAIT;
    let bench = Bench::with(settings, Rulebook::default());
    let (hanging, kept) = listen(hang);
    let (good, taken) = listen(answer);
    let scope = &bench.tenant.scope;
    let owed = bench.engine.store().write(|tx| {
        let secret = Secret::text(&[7; 32]);
        let mut to = Vec::new();
        for url in [&hanging, &good] {
            to.push(subscriptions::create(tx, scope, (url, &secret), &[], at(0, 0))?);
        }
        for n in 0..COMMANDS {
            for subscription in &to {
                let act = ActId(Digest::of(&[&[n], &subscription.to_le_bytes()]));
                let command = NewCommand {
                    act,
                    cluster: ClusterNo(i64::from(n)),
                    subscription: *subscription,
                    payload: &format!("{{\"data\":{{\"act\":\"{act}\"}},\"last\":true}}"),
                    next_at: machine_now(),
                    created_at: machine_now(),
                };
                outbox::add(tx, scope, &[command])?;
            }
        }
        Ok(())
    });
    owed.unwrap();
    let began = std::time::Instant::now();
    bench.engine.wake();
    for _ in 0..COMMANDS {
        taken.recv_timeout(PATIENCE).unwrap();
    }
    // Each of four workers may have waited once; without care, for every delivery.
    assert!(began.elapsed() < ANSWER_WAIT * u32::from(COMMANDS) / 4, "{:?}", began.elapsed());
    assert!(kept.try_iter().count() <= 8, "it is left alone for a while");
    wait_until("the good one's are noted", || {
        let list =
            |tx: &mut baton_store::Tx<'_>| outbox::list(tx, scope, State::Delivered, None, ALL);
        bench.engine.store().read(list).unwrap().len() == usize::from(COMMANDS)
    });
    let pending =
        bench.engine.store().read(|tx| outbox::list(tx, scope, State::Pending, None, ALL)).unwrap();
    assert_eq!(pending.len(), usize::from(COMMANDS), "nothing is given up");
    let attempts: i64 = pending.iter().map(|command| command.attempts).sum();
    assert!(attempts <= 8, "what was not tried counts as no attempt: {attempts}");
}
