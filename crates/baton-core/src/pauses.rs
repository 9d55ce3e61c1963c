//! Pauses from what was signalled: the spans in which somebody was kept from his work on another's
//! account, as a pack declares it for a clock or for a hand-off.
//!
//! A pause is the span of a trouble that a partner announced about one of the objects in question. When
//! nobody takes it back, it ends at its declared maximum.

use smol_str::SmolStr;

use crate::book::PauseRule;
use crate::clock::Pause;
use crate::fact::{Body, Signal};
use crate::picture::Picture;
use crate::taxonomy::ExceptionCode;
use crate::time::Instant;

/// The pauses that these rules make of what was signalled about these objects.
#[must_use]
pub fn signalled(picture: &Picture<'_, '_>, rules: &[PauseRule], objects: &[usize]) -> Vec<Pause> {
    let pairs = rules.iter().flat_map(|rule| objects.iter().map(move |object| (rule, *object)));
    pairs
        .flat_map(|(rule, object)| {
            let spans = spans(picture, object, rule.during).into_iter();
            spans.map(move |(start_at, end_at)| Pause {
                cause: cause(rule),
                party: rule.party,
                start_at,
                end_at,
                max: Some(rule.max),
            })
        })
        .collect()
}

/// Which cause is charged where pauses overlap: the one that is declared first.
#[must_use]
pub fn precedence(rules: &[PauseRule]) -> Vec<SmolStr> {
    rules.iter().map(cause).collect()
}

fn cause(rule: &PauseRule) -> SmolStr {
    SmolStr::new_static(rule.during.entry().name)
}

/// From each raising of a code to its clearing, in event time.
fn spans(
    picture: &Picture<'_, '_>,
    object: usize,
    code: ExceptionCode,
) -> Vec<(Instant, Option<Instant>)> {
    let mut spans: Vec<(Instant, Option<Instant>)> = Vec::new();
    for fact in picture.known.holding(object) {
        let Body::Trouble { exception, signal, .. } = &fact.body else { continue };
        if *exception != code {
            continue;
        }
        let running = spans.last_mut().filter(|(_, end)| end.is_none());
        match (signal, running) {
            (Signal::Raised, None) => spans.push((fact.happened.latest, None)),
            (Signal::Cleared, Some((_, end))) => *end = Some(fact.happened.earliest),
            _ => {}
        }
    }
    spans
}
