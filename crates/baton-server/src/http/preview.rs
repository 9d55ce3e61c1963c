//! What would be understood of a message before it is sent: it is read by a source's connector as it
//! would be, and kept nowhere.

use baton_core::fact::{Body, Place, Statement};
use baton_core::identifier::About;
use baton_core::time::Happened;
use baton_store::sources;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::answer::Answer;
use super::call::Call;
use super::endpoint::Outcome;
use super::intake::content_type;
use crate::body::check_depth;
use crate::reading::{Letter, Part};

/// Statements of one part that are shown; a batch of thousands is looked at, not read.
const STATEMENTS_MAX: usize = 200;

/// What a source's connector makes of a message.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Preview {
    /// Transaction sets, lines of a batch, or one part for all.
    parts: Vec<PreviewPart>,
}

/// A part of the message: read, or not.
#[derive(Debug, Serialize, JsonSchema)]
struct PreviewPart {
    name: String,
    statements: Vec<PreviewStatement>,
    statements_count: usize,
    /// What was wrong, where, and what was expected; null where it was read.
    fault: Option<Value>,
    /// The code that the item of the quarantine would have; null where it was read.
    code: Option<String>,
}

/// What one part states.
#[derive(Debug, Serialize, JsonSchema)]
struct PreviewStatement {
    about: About,
    happened: Happened,
    stated: Body,
    place: Place,
}

impl PreviewPart {
    fn of(part: Part) -> Self {
        let (statements, fault, code) = match part.outcome {
            Ok(statements) => (statements, None, None),
            Err(fault) => (Vec::new(), Some(fault.error), Some(fault.code)),
        };
        let statements_count = statements.len();
        let show = |Statement { about, happened, body, place }| PreviewStatement {
            about,
            happened,
            stated: body,
            place,
        };
        let statements = statements.into_iter().take(STATEMENTS_MAX).map(show).collect();
        Self { name: part.name, statements, statements_count, fault, code }
    }
}

pub(super) fn preview(call: &Call) -> Outcome {
    let (tenant, scope) = (call.tenant()?, call.scope()?);
    let source = call.store().read(|tx| sources::by_key(tx, &scope, call.parameter("source")))?;
    check_depth(&call.body, call.api.engine.settings().intake.nesting_depth_max)?;
    let content_type = content_type(&call.headers)?;
    let parts = tenant.declared().connectors.read(&Letter {
        source: &source,
        content_type: &content_type,
        headers: &[],
        body: &call.body,
        received_at: tenant.clock.now(),
    });
    Answer::json(Preview { parts: parts.into_iter().map(PreviewPart::of).collect() })
}
