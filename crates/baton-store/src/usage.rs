//! What a tenant used, by day and month. Nothing is looked for again in long tables, and no writer waits for
//! another: whoever commits something that counts leaves a row beside it (a *note*: so many of a kind, at an
//! instant), and the tidy loop takes notes in batches and adds them to their days.
//!
//! INVARIANT: a note is deleted in the transaction that adds it to a day, so it counts once. A day that is
//! closed gets nothing any more; what is late for it counts for the first day that is open.

use std::collections::BTreeMap;

use baton_core::time::Instant;
use baton_core::usage::{Day, Figures, Month};

use crate::error::{Result, StoreError};
use crate::people::PersonId;
use crate::scope::{Scope, TenantId};
use crate::sql::{Row, params, sql};
use crate::tx::Tx;

/// What notes are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Messages that were accepted.
    Message,
    /// Messages that came again.
    Repeat,
    /// Messages that are in quarantine for the first time.
    Quarantine,
    /// Events that were delivered.
    Delivery,
    /// Orders that were heard of for the first time.
    Order,
}

impl Kind {
    const ALL: [Self; 5] =
        [Self::Message, Self::Repeat, Self::Quarantine, Self::Delivery, Self::Order];

    const fn name(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Repeat => "repeat",
            Self::Quarantine => "quarantine",
            Self::Delivery => "delivery",
            Self::Order => "order",
        }
    }
}

/// A note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Note {
    pub kind: Kind,
    pub at: Instant,
    pub events: i64,
    pub bytes: i64,
}

impl Note {
    /// What it adds to its day.
    #[must_use]
    pub fn figures(&self) -> Figures {
        let none = Figures::default();
        match self.kind {
            Kind::Message => Figures { messages: self.events, bytes: self.bytes, ..none },
            Kind::Repeat => Figures { repeats: self.events, ..none },
            Kind::Quarantine => Figures { quarantined: self.events, ..none },
            Kind::Delivery => Figures { deliveries: self.events, ..none },
            Kind::Order => Figures { orders: self.events, ..none },
        }
    }
}

/// How far was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// All days before this one are final.
    pub closed_before: Day,
}

/// Leaves a note; its number is one that no other of its kind has.
pub(crate) fn note(tx: &mut Tx<'_>, tenant: i64, number: i64, note: Note) -> Result<()> {
    let values = params![tenant, note.kind.name(), number, note.at, note.events, note.bytes];
    tx.execute(sql!("usage/note"), values).map(drop)
}

/// Notes messages of a source, unless it is Baton's own.
pub(crate) fn note_received(
    tx: &mut Tx<'_>,
    (tenant, source): (i64, i64),
    number: i64,
    note: Note,
) -> Result<()> {
    let values = params![tenant, source, number, note.at, note.events, note.bytes];
    tx.execute(sql!("usage/note_received"), values).map(drop)
}

/// Notes the messages of these items of the quarantine that had none before.
pub(crate) fn note_quarantined(
    tx: &mut Tx<'_>,
    tenant: i64,
    (first, last): (i64, i64),
) -> Result<()> {
    tx.execute(sql!("usage/note_quarantined"), params![tenant, first, last]).map(drop)
}

/// Notes so many orders that were heard of for the first time; of those, `cluster` is the one with the lowest
/// number.
pub(crate) fn note_orders(
    tx: &mut Tx<'_>,
    tenant: i64,
    cluster: i64,
    (at, orders): (Instant, u64),
) -> Result<()> {
    let orders = i64::try_from(orders).unwrap_or(i64::MAX);
    let values = params![tenant, Kind::Order.name(), cluster, at, orders];
    tx.execute(sql!("usage/note_orders"), values).map(drop)
}

/// Takes up to `limit` notes of each kind: they are gone, and to be added.
///
/// # Errors
/// What the engine does.
pub fn take(tx: &mut Tx<'_>, scope: &Scope, limit: usize) -> Result<Vec<Note>> {
    let tenant = scope.whole("usage")?;
    let mut taken = Vec::new();
    for kind in Kind::ALL {
        let values = params![tenant, kind.name(), limit as i64];
        taken.extend(tx.rows(sql!("usage/take"), &values, read)?);
    }
    Ok(taken)
}

/// Up to `limit` notes that nobody has taken.
///
/// # Errors
/// What the engine does.
pub fn waiting(tx: &mut Tx<'_>, scope: &Scope, limit: usize) -> Result<Vec<Note>> {
    let tenant = scope.whole("usage")?;
    tx.rows(sql!("usage/waiting"), &params![tenant, limit as i64], read)
}

/// Adds to days.
///
/// # Errors
/// What the engine does.
pub fn add(tx: &mut Tx<'_>, scope: &Scope, days: &BTreeMap<Day, Figures>) -> Result<()> {
    let tenant = scope.whole("usage")?;
    for (day, figures) in days {
        let Figures { messages, bytes, repeats, quarantined, orders, deliveries } = *figures;
        let values =
            params![tenant, day.0, messages, bytes, repeats, quarantined, orders, deliveries];
        tx.execute(sql!("usage/add"), values)?;
    }
    Ok(())
}

/// The days from `from` and before `until` that have something.
///
/// # Errors
/// What the engine does.
pub fn days(
    tx: &mut Tx<'_>,
    scope: &Scope,
    from: Day,
    until: Day,
) -> Result<BTreeMap<Day, Figures>> {
    let tenant = scope.whole("usage")?;
    let found = tx.rows(sql!("usage/days"), &params![tenant, from.0, until.0], |row| {
        let figures = Figures {
            messages: row.int(1)?,
            bytes: row.int(2)?,
            repeats: row.int(3)?,
            quarantined: row.int(4)?,
            orders: row.int(5)?,
            deliveries: row.int(6)?,
        };
        Ok((Day(row.int(0)?), figures))
    })?;
    Ok(found.into_iter().collect())
}

/// How far was counted.
///
/// # Errors
/// What the engine does.
pub fn progress(tx: &mut Tx<'_>, scope: &Scope) -> Result<Progress> {
    let tenant = scope.whole("usage")?;
    let found = tx.row(sql!("usage/progress"), &params![tenant], read_progress)?;
    Ok(found.unwrap_or(Progress { closed_before: Day(0) }))
}

/// The same, for whoever counts: others wait until this transaction ends.
///
/// # Errors
/// What the engine does.
pub fn hold(tx: &mut Tx<'_>, scope: &Scope) -> Result<Progress> {
    let tenant = scope.whole("usage")?;
    let found = tx.row(sql!("usage/hold"), &params![tenant], read_progress)?;
    found.ok_or(StoreError::Corrupt { what: "how far use was counted" })
}

/// Notes how far was counted.
///
/// # Errors
/// What the engine does.
pub fn advance(tx: &mut Tx<'_>, scope: &Scope, progress: Progress) -> Result<()> {
    let tenant = scope.whole("usage")?;
    let values = params![tenant, progress.closed_before.0];
    tx.execute(sql!("usage/advance"), values).map(drop)
}

/// Notes that somebody used a tenant in a month; whoever has no membership in it is not its.
///
/// # Errors
/// What the engine does.
pub fn note_active(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    person: PersonId,
    month: Month,
) -> Result<()> {
    let values = params![tenant.0, month.0, person.0];
    tx.execute(sql!("usage/note_active"), values).map(drop)
}

/// Keeps of the months before this one how many people were active, and forgets who.
///
/// # Errors
/// What the engine does.
pub fn close_months(tx: &mut Tx<'_>, scope: &Scope, before: Month) -> Result<()> {
    let tenant = scope.whole("usage")?;
    tx.execute(sql!("usage/close_months"), params![tenant, before.0])?;
    tx.execute(sql!("usage/forget_active"), params![tenant, before.0]).map(drop)
}

/// How many people were active in the months from `from` and before `until`.
///
/// # Errors
/// What the engine does.
pub fn people(
    tx: &mut Tx<'_>,
    scope: &Scope,
    from: Month,
    until: Month,
) -> Result<BTreeMap<Month, i64>> {
    let tenant = scope.whole("usage")?;
    let found = tx.rows(sql!("usage/people"), &params![tenant, from.0, until.0], |row| {
        Ok((Month(row.int(0)?), row.int(1)?))
    })?;
    Ok(found.into_iter().collect())
}

fn read(row: &Row<'_>) -> Result<Note> {
    let name = row.text(0)?;
    let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name);
    Ok(Note {
        kind: kind.ok_or(StoreError::Corrupt { what: "a note of what was used" })?,
        at: row.instant(1)?,
        events: row.int(2)?,
        bytes: row.int(3)?,
    })
}

fn read_progress(row: &Row<'_>) -> Result<Progress> {
    Ok(Progress { closed_before: Day(row.int(0)?) })
}
