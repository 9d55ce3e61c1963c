//! A mail server that is thrown away: it speaks enough of SMTP to be handed a letter, or to refuse one.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// How long a letter is waited for that is to come.
const PATIENCE: Duration = Duration::from_secs(30);

/// How the server is.
#[derive(Clone)]
pub(super) enum Manner {
    /// Takes every letter.
    Takes,
    /// Knows nobody.
    Refuses,
    /// Takes letters from whoever says this name and password, over TLS from the first byte.
    Guarded(Arc<ServerConfig>, &'static str),
}

/// A letter as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Letter {
    pub(super) to: String,
    /// Headers and text, with what letters write as `=41` read back.
    pub(super) text: String,
}

pub(super) struct Postbox {
    pub(super) address: SocketAddr,
    letters: Receiver<Letter>,
}

impl Postbox {
    pub(super) fn open(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, letters) = channel();
        // Ends with the test's process: nothing is connected to it any more.
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                // One that breaks off leaves no letter.
                let _ = served(stream, &manner, &sender);
            }
        });
        Self { address, letters }
    }

    /// The next letter.
    pub(super) fn letter(&self) -> Letter {
        self.letters.recv_timeout(PATIENCE).expect("a letter comes")
    }

    /// Whether there is none by now.
    pub(super) fn is_empty(&self) -> bool {
        self.letters.try_recv().is_err()
    }
}

impl Letter {
    /// The secret of the link in it.
    pub(super) fn link(&self) -> String {
        let (_, rest) = self.text.split_once("/invitation#").expect("there is a link");
        rest.split_whitespace().next().unwrap().to_owned()
    }
}

fn served(stream: TcpStream, manner: &Manner, letters: &Sender<Letter>) -> std::io::Result<()> {
    match manner {
        Manner::Guarded(config, credentials) => {
            let connection = ServerConnection::new(Arc::clone(config)).unwrap();
            talk(StreamOwned::new(connection, stream), Some(credentials), true, letters)
        }
        _ => talk(stream, None, matches!(manner, Manner::Takes), letters),
    }
}

fn talk(
    stream: impl Read + Write,
    credentials: Option<&str>,
    takes: bool,
    letters: &Sender<Letter>,
) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let say = |stream: &mut BufReader<_>, text: &str| -> std::io::Result<()> {
        let inner: &mut _ = stream.get_mut();
        Write::write_all(inner, format!("{text}\r\n").as_bytes())?;
        Write::flush(inner)
    };
    say(&mut stream, "220 postbox ESMTP")?;
    let (mut to, mut is_known) = (String::new(), credentials.is_none());
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let line = line.trim_end();
        match line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase().as_str() {
            "EHLO" if credentials.is_some() => say(&mut stream, "250-postbox\r\n250 AUTH PLAIN")?,
            "EHLO" => say(&mut stream, "250 postbox")?,
            "AUTH" => {
                is_known =
                    credentials.is_some_and(|expected| line == format!("AUTH PLAIN {expected}"));
                say(&mut stream, if is_known { "235 come in" } else { "535 who are you" })?;
            }
            "MAIL" if is_known => say(&mut stream, "250 from them")?,
            "RCPT" if takes => {
                to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                say(&mut stream, "250 to them")?;
            }
            "RCPT" => say(&mut stream, "550 nobody of that name")?,
            "DATA" => {
                say(&mut stream, "354 go on")?;
                let mut text = String::new();
                while !text.ends_with("\r\n.\r\n") {
                    if stream.read_line(&mut text)? == 0 {
                        return Ok(());
                    }
                }
                let letter = Letter { to: to.clone(), text: read_back(&text) };
                // Before the answer: whoever is told that it was taken finds it here.
                let _ = letters.send(letter);
                say(&mut stream, "250 taken")?;
            }
            "NOOP" => say(&mut stream, "250 here")?,
            "QUIT" => return say(&mut stream, "221 bye"),
            _ => say(&mut stream, "502 what")?,
        }
    }
}

/// Quoted-printable, as far as letters here have it.
fn read_back(text: &str) -> String {
    let text = text.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let digits = tail.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match digits.and_then(|two| u8::from_str_radix(two, 16).ok()).filter(|_| *first == b'=') {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
