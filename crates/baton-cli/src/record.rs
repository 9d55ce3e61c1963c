//! What is done to a store at its own machine, beside the API, as lines of the record of acts: who takes a
//! tenant in, puts a backup back or changes the tables is seen by whoever looks at the record later.

use baton_server::clock::machine_now;
use baton_store::audit::{self, NewLine};
use baton_store::{Scope, Store};
use serde_json::{Value, json};

use crate::api::person;
use crate::exit::Result;

/// How the record calls the person at the machine, and what they may.
const LOCAL: &str = "local";
const ROLE: &str = "operator";

/// A line of something that the person at this machine does.
pub(crate) fn line(operation: &str, (kind, subject): (&str, &str), detail: &Value) -> NewLine {
    NewLine {
        at: machine_now(),
        who: LOCAL.to_owned(),
        name: person(),
        role: ROLE.to_owned(),
        operation: operation.to_owned(),
        subject_kind: kind.to_owned(),
        subject: subject.to_owned(),
        outcome: audit::DONE.to_owned(),
        detail: detail.to_string(),
    }
}

/// Adds a line to the record of what is about no tenant.
pub(crate) fn tell(store: &Store, line: &NewLine) -> Result<()> {
    store.write(|tx| audit::append(tx, &Scope::operator(), line))?;
    Ok(())
}

/// Brings a store's tables up to date and tells of it; a store that is made is no change of one.
pub(crate) fn migrate(store: &Store) -> Result<(i64, i64)> {
    let (before, after) = store.migrate()?;
    if before > 0 && before < after {
        let detail = json!({ "before": before, "after": after });
        tell(store, &line("migrate", ("store", ""), &detail))?;
    }
    Ok((before, after))
}
