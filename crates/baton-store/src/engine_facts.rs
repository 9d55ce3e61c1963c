//! Where the facts of a message are, for reading it again. Facts stand together by cluster, so this
//! looks through all of them: it is rare, and an index for it would cost every event.

use std::collections::HashSet;

use baton_core::id::MessageNo;

use crate::clusters::ClusterNo;
use crate::error::Result;
use crate::scope::Scope;
use crate::sql::{params, sql};
use crate::tx::Tx;

/// The clusters that hold facts in force of these messages, each pair once.
///
/// # Errors
/// What the engine does.
pub fn of_messages(
    tx: &mut Tx<'_>,
    scope: &Scope,
    messages: &[MessageNo],
) -> Result<Vec<(ClusterNo, MessageNo)>> {
    let tenant = scope.whole("facts")?;
    let (Some(first), Some(last)) = (messages.iter().min(), messages.iter().max()) else {
        return Ok(Vec::new());
    };
    let wanted: HashSet<MessageNo> = messages.iter().copied().collect();
    let mut found = HashSet::new();
    tx.query(sql!("facts/of_messages"), &params![tenant, first.0, last.0], |row| {
        let message = MessageNo(row.int(1)?);
        if wanted.contains(&message) {
            found.insert((ClusterNo(row.int(0)?), message));
        }
        Ok(())
    })?;
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_unstable();
    Ok(found)
}
