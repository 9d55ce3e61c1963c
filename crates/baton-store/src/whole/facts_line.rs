//! A row of facts as a line has it.

use std::borrow::Cow;

use baton_core::fact::{Body, Fact, Place, Statement};
use baton_core::id::{FactId, MessageNo};
use baton_core::identifier::About;
use baton_core::partner::SourceKey;
use baton_core::time::{Happened, Instant};
use serde::{Deserialize, Serialize};

/// The facts of a row, and when the message that they are from was received.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Facts<'a> {
    pub(super) received_at: i64,
    facts: Vec<One<'a>>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct One<'a> {
    /// Made of what follows and of the source, so that a change shows.
    id: FactId,
    about: Cow<'a, About>,
    happened: Happened,
    body: Cow<'a, Body>,
    place: Cow<'a, Place>,
}

impl<'a> Facts<'a> {
    pub(super) fn of(facts: &'a [Fact]) -> Self {
        let one = |fact: &'a Fact| One {
            id: fact.id,
            about: Cow::Borrowed(&fact.about),
            happened: fact.happened,
            body: Cow::Borrowed(&fact.body),
            place: Cow::Borrowed(&fact.place),
        };
        Self {
            received_at: facts.first().map_or(0, |fact| fact.received_at.micros()),
            facts: facts.iter().map(one).collect(),
        }
    }

    /// The facts as they are kept; what was found and expected where one is not what its id was made of.
    pub(super) fn kept(
        self,
        source: &SourceKey,
        message: MessageNo,
        recorded_at: Instant,
    ) -> Result<Vec<Fact>, (String, String)> {
        let received_at = Instant::from_micros(self.received_at);
        let mut kept = Vec::with_capacity(self.facts.len());
        for One { id, about, happened, body, place } in self.facts {
            let (about, body, place) = (about.into_owned(), body.into_owned(), place.into_owned());
            let statement = Statement { about, happened, body, place };
            let fact = Fact::new(statement, source, message, received_at, recorded_at);
            if fact.id != id {
                return Err((
                    format!("a fact `{id}`"),
                    format!("one that makes this id, and not `{}`", fact.id),
                ));
            }
            kept.push(fact);
        }
        Ok(kept)
    }
}
