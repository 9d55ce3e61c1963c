//! Statements that need no connector: what people state, and what Baton notes about a source.
//!
//! They are messages like all others (kept, read, replayed), with a body that lists statements as they
//! are. So they go the same way, survive a re-reading and show up as evidence.

use baton_core::correlate::source_identifier;
use baton_core::fact::{Body, Place, Statement};
use baton_core::taxonomy::ExceptionCode;
use baton_core::time::{Happened, Instant};
use baton_core::wording::Wording;
use serde::{Deserialize, Serialize};

use crate::reading::{Fault, Part};

/// The content type of such messages.
pub const CONTENT_TYPE: &str = "application/vnd.baton.facts+json";
/// Connectors of the sources whose messages are read so.
pub const CONNECTORS: [&str; 2] = ["acts", "person"];
/// A number used again with other bytes.
const REUSED_NUMBER: &str = "E-DAT-05";

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    statements: Vec<Statement>,
}

/// The body of a message that states these.
#[must_use]
pub fn body(statements: Vec<Statement>) -> Vec<u8> {
    serde_json::to_vec(&Document { statements }).unwrap_or_default()
}

/// Reads such a body.
#[must_use]
pub fn read(body: &[u8]) -> Vec<Part> {
    let outcome = serde_json::from_slice(body).map_err(|fault: serde_json::Error| {
        let place = Wording::new("place").with("line", fault.line());
        Fault::new(
            "facts_unreadable",
            &place.with("column", fault.column()),
            format_args!("the list of statements cannot be read: {fault}"),
        )
    });
    let outcome = outcome.map(|document: Document| {
        let mut statements = document.statements;
        for (n, statement) in statements.iter_mut().enumerate() {
            if statement.place == Place::None {
                statement.place = Place::Pointer(format!("/statements/{n}").into());
            }
        }
        statements
    });
    vec![Part { name: String::new(), outcome }]
}

/// The source was heard again at `at`, after a silence that began with its receipt at `previous`.
#[must_use]
pub fn heard_again(source: &str, previous: Instant, at: Instant) -> Statement {
    about_source(source, at, Body::HeardAgain { previous })
}

/// The source used a number again with other bytes, which is known from `at` on. It does not say which of
/// the messages came first: that may be chance.
#[must_use]
pub fn number_reused(source: &str, number: &str, at: Instant) -> Option<Statement> {
    let exception = ExceptionCode::find(REUSED_NUMBER)?;
    let text = format!("messages with different content have the number {number}").into();
    Some(about_source(source, at, Body::MessageFault { exception, text }))
}

fn about_source(source: &str, at: Instant, body: Body) -> Statement {
    Statement {
        about: source_identifier(source).into(),
        happened: Happened::at(at),
        body,
        place: Place::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_come_back_with_their_place() {
        let at = Instant::from_seconds(1_000);
        let stated = heard_again("northwind-shop", at, at);
        let parts = read(&body(vec![stated.clone()]));
        let [Part { outcome: Ok(read), .. }] = parts.as_slice() else { panic!("{parts:?}") };
        assert_eq!(read[0].body, stated.body);
        assert_eq!(read[0].place, Place::Pointer("/statements/0".into()));
        assert!(number_reused("northwind-shop", "1001", at).is_some());
    }

    #[test]
    fn what_is_no_list_of_statements_says_so() {
        let parts = read(b"{\"statements\": 3}");
        let [Part { outcome: Err(fault), .. }] = parts.as_slice() else { panic!("{parts:?}") };
        assert_eq!(fault.code, "facts_unreadable");
        assert!(fault.error.to_string().contains("cannot be read"), "{fault:?}");
    }
}
