//! Where the mail server is, as people say it.

use std::fmt;
use std::str::FromStr;

use percent_encoding::percent_decode_str;
use url::Url;

/// The usual ports of submission: with TLS from the first byte, and with STARTTLS or without either.
const PORT_IMPLICIT: u16 = 465;
const PORT_SUBMISSION: u16 = 587;

/// How the connection is kept secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secrecy {
    /// TLS from the first byte.
    Implicit,
    /// TLS by STARTTLS, and nothing is sent without it.
    Starttls,
    /// Not at all: for a server on this machine.
    None,
}

/// An SMTP server. Shown without the password.
#[derive(Clone, PartialEq, Eq)]
pub struct Server {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) secrecy: Secrecy,
    user: Option<String>,
    password: Option<String>,
}

impl Server {
    /// With a password that is not in the address.
    #[must_use]
    pub fn with_password(self, password: &str) -> Self {
        Self { password: Some(password.to_owned()), ..self }
    }
    /// Whether it asks for a password that nobody said.
    #[must_use]
    pub const fn wants_password(&self) -> bool {
        self.user.is_some() && self.password.is_none()
    }
    pub(super) fn credentials(&self) -> Option<(&str, &str)> {
        self.user.as_deref().zip(self.password.as_deref())
    }
}

impl FromStr for Server {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        // The text is not repeated: there may be a password in it.
        let expected = "expected smtps://USER@HOST for TLS, smtp://USER@HOST for STARTTLS, or smtp://HOST?tls=none for a server on this machine";
        let url = Url::parse(text).map_err(|why| format!("is no address ({why}): {expected}"))?;
        let wrong = || format!("is no address of a mail server: {expected}");
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(wrong)?;
        let secrecy = match (url.scheme(), url.query()) {
            ("smtps", None) => Secrecy::Implicit,
            ("smtp", None | Some("tls=starttls")) => Secrecy::Starttls,
            ("smtp", Some("tls=none")) => Secrecy::None,
            _ => return Err(wrong()),
        };
        if !["", "/"].contains(&url.path()) || url.fragment().is_some() {
            return Err(wrong());
        }
        let usual = if secrecy == Secrecy::Implicit { PORT_IMPLICIT } else { PORT_SUBMISSION };
        let decoded = |part: &str| -> Result<String, String> {
            percent_decode_str(part)
                .decode_utf8()
                .map(Into::into)
                .map_err(|_| format!("has a name or password that is no text: {expected}"))
        };
        let user = (!url.username().is_empty()).then(|| decoded(url.username())).transpose()?;
        let password = url.password().map(decoded).transpose()?;
        let host = host.trim_matches(['[', ']']).to_owned();
        Ok(Self { host, port: url.port().unwrap_or(usual), secrecy, user, password })
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.secrecy == Secrecy::Implicit { "smtps" } else { "smtp" };
        write!(f, "{scheme}://{}:{}", self.host, self.port)
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Server({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_taken_and_shown_without_its_password() {
        for (text, shown, credentials) in [
            ("smtps://mail.example", Some("smtps://mail.example:465"), None),
            (
                "smtp://ada%40x.example:s3cret%21@mail.example",
                Some("smtp://mail.example:587"),
                Some(("ada@x.example", "s3cret!")),
            ),
            ("smtp://mail.example:2525?tls=starttls", Some("smtp://mail.example:2525"), None),
            ("smtp://127.0.0.1:25?tls=none", Some("smtp://127.0.0.1:25"), None),
            ("smtp://ada@mail.example", Some("smtp://mail.example:587"), None),
            ("smtps://mail.example?tls=none", None, None),
            ("smtp://mail.example?tls=maybe", None, None),
            ("smtp://mail.example/inbox", None, None),
            ("http://mail.example", None, None),
            ("mail.example:25", None, None),
            ("smtp://", None, None),
            ("", None, None),
        ] {
            let found = text.parse::<Server>();
            let told = format!("{found:?}");
            assert!(!told.contains("s3cret"), "{told}");
            let found = found.ok();
            assert_eq!(found.as_ref().map(ToString::to_string).as_deref(), shown, "{text}");
            assert_eq!(found.as_ref().and_then(Server::credentials), credentials, "{text}");
        }
        let server: Server = "smtp://ada@mail.example".parse().unwrap();
        assert!(server.wants_password());
        let server = server.with_password("s3cret");
        assert_eq!(server.credentials(), Some(("ada", "s3cret")));
        assert!(!server.wants_password());
    }
}
