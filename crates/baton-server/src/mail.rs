//! Letters to people, by one SMTP server that the operator names: invitations, and links to set another
//! password with.
//!
//! A letter is handed over while somebody waits for what came of it, so all is bounded: how long each
//! step of the protocol may take, how many letters are under way at once, and, after the server could not
//! be reached, how long it is not tried again. What could not be sent is for the caller to say; nothing
//! queues up here, because a link that comes tomorrow is worth little.
//!
//! INVARIANT: neither passwords nor what stands in a letter reach the log.

pub mod letter;
pub mod server;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::{Address, Message, SmtpTransport, Transport as _};

pub use letter::{Letter, Sender};
pub use server::{Secrecy, Server};

/// Letters that are handed over at once.
const LETTERS_MAX: usize = 4;
/// How long each step of the protocol may take.
const STEP_WAIT_MAX: Duration = Duration::from_secs(5);
/// How long a server that could not be reached is not tried again.
const LEFT_ALONE_FOR: Duration = Duration::from_secs(30);

/// How letters leave.
#[derive(Debug, Clone)]
pub struct MailSettings {
    pub server: Server,
    /// As whom: `Baton <baton@northwind.example>`.
    pub from: Mailbox,
    /// Certificates in PEM to believe beside the public ones, for a server of one's own.
    pub authorities_pem: Option<Vec<u8>>,
}

/// Why a letter did not leave.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Undelivered {
    #[error("the mail server cannot be reached: {0}")]
    Unreached(String),
    #[error("the mail server refused the letter: {0}")]
    Refused(String),
    #[error("too many letters are under way")]
    Busy,
}

/// The way to the mail server.
#[derive(Debug)]
pub struct Post {
    transport: SmtpTransport,
    from: Mailbox,
    under_way: AtomicUsize,
    /// Until when the server is not tried again, and why.
    left_alone: Mutex<Option<(Instant, String)>>,
}

impl Post {
    /// Makes the way ready; nothing is connected to before there is a letter.
    ///
    /// # Errors
    /// Where the certificates cannot be read.
    pub fn new(settings: &MailSettings) -> Result<Self, String> {
        let server = &settings.server;
        let tls = || {
            let mut parameters = TlsParameters::builder(server.host.clone())
                .certificate_store(CertificateStore::WebpkiRoots);
            if let Some(pem) = &settings.authorities_pem {
                let certificate = Certificate::from_pem(pem);
                let certificate = certificate.map_err(|why| format!("no certificate: {why}"))?;
                parameters = parameters.add_root_certificate(certificate);
            }
            parameters.build_rustls().map_err(|why| why.to_string())
        };
        let tls = match server.secrecy {
            Secrecy::Implicit => Tls::Wrapper(tls()?),
            Secrecy::Starttls => Tls::Required(tls()?),
            Secrecy::None => Tls::None,
        };
        let mut builder = SmtpTransport::builder_dangerous(server.host.clone())
            .port(server.port)
            .tls(tls)
            .timeout(Some(STEP_WAIT_MAX));
        if let Some((user, password)) = server.credentials() {
            builder = builder.credentials(Credentials::new(user.to_owned(), password.to_owned()));
        }
        Ok(Self {
            transport: builder.build(),
            from: settings.from.clone(),
            under_way: AtomicUsize::new(0),
            left_alone: Mutex::default(),
        })
    }

    /// Hands a letter over to the server.
    ///
    /// # Errors
    /// [`Undelivered`], soon.
    pub fn send(&self, to: &str, letter: &Letter) -> Result<(), Undelivered> {
        let _turn = Turn::take(&self.under_way).ok_or(Undelivered::Busy)?;
        self.reach()?;
        let to: Address = to.parse().map_err(|_| refused("no letter can go to this address"))?;
        let mut from = self.from.clone();
        if let Some(shown) = &letter.sender.shown {
            from.name = Some(letter::plain(shown));
        }
        let mut message = Message::builder();
        if let Some(reply_to) = &letter.sender.reply_to {
            message = message.reply_to(Mailbox::new(None, reply_to.clone()));
        }
        let message = message
            .from(from)
            .to(Mailbox::new(None, to))
            .subject(letter.subject())
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text())
            .map_err(refused)?;
        match self.transport.send(&message) {
            Ok(_) => Ok(()),
            Err(why) if why.is_permanent() || why.is_transient() => Err(refused(why)),
            Err(why) => {
                let why = chain(&why);
                let mut left_alone = self.left_alone.lock().unwrap_or_else(PoisonError::into_inner);
                *left_alone = Some((Instant::now() + LEFT_ALONE_FOR, why.clone()));
                Err(Undelivered::Unreached(why))
            }
        }
    }

    /// Whether the server answers, and takes the name and password that are set.
    ///
    /// # Errors
    /// [`Undelivered`], soon.
    pub fn answers(&self) -> Result<(), Undelivered> {
        let _turn = Turn::take(&self.under_way).ok_or(Undelivered::Busy)?;
        match self.transport.test_connection() {
            Ok(true) => Ok(()),
            Ok(false) => Err(Undelivered::Unreached("it ends the connection".to_owned())),
            Err(why) if why.is_permanent() || why.is_transient() => Err(refused(why)),
            Err(why) => Err(Undelivered::Unreached(chain(&why))),
        }
    }

    /// Refuses at once what could not be sent a moment ago: who invites ten people waits once.
    fn reach(&self) -> Result<(), Undelivered> {
        let mut left_alone = self.left_alone.lock().unwrap_or_else(PoisonError::into_inner);
        match &*left_alone {
            Some((until, why)) if Instant::now() < *until => {
                Err(Undelivered::Unreached(why.clone()))
            }
            _ => {
                *left_alone = None;
                Ok(())
            }
        }
    }
}

fn refused(why: impl std::fmt::Display) -> Undelivered {
    Undelivered::Refused(why.to_string())
}

/// An error with what caused it.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(why) = cause {
        let why_text = why.to_string();
        if !text.contains(&why_text) {
            text = format!("{text}: {why_text}");
        }
        cause = why.source();
    }
    text
}

/// One of the letters that are under way.
struct Turn<'a>(&'a AtomicUsize);

impl<'a> Turn<'a> {
    fn take(under_way: &'a AtomicUsize) -> Option<Self> {
        let before = under_way.fetch_add(1, Ordering::AcqRel);
        let turn = Self(under_way);
        (before < LETTERS_MAX).then_some(turn)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}
