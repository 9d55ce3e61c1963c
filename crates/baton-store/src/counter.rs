//! Numbers that only grow: message numbers, cluster numbers, the order of changes.
//!
//! Most may have gaps. With several nodes on one PostgreSQL those are taken in blocks, outside the
//! caller's transaction, so that two nodes never wait for each other's commit to get one. The
//! numbers of changes have none: readers follow them, and a number that appeared after a later one
//! would be missed. Nor have those of commands, which go out in their order. Both are taken inside
//! the transaction, as its last acts.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use crate::error::{Result, StoreError};
use crate::postgres::Postgres;
use crate::sql::{Param, sql};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Counter {
    Tenant,
    Message,
    Source,
    ApiKey,
    Cluster,
    Act,
    Quarantine,
    Outbox,
    Subscription,
    Activation,
    Change,
    Person,
    Session,
    SavedView,
    PackRequest,
    Audit,
    TrackingLink,
}

/// How many numbers a node takes at once.
const BLOCK: i64 = 1_000;
/// The owner of numbers that are unique in the whole store.
const WHOLE_STORE: i64 = 0;

impl Counter {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Tenant => "tenant",
            Self::Message => "message",
            Self::Source => "source",
            Self::ApiKey => "api_key",
            Self::Cluster => "cluster",
            Self::Act => "act",
            Self::Quarantine => "quarantine",
            Self::Outbox => "outbox",
            Self::Subscription => "subscription",
            Self::Activation => "activation",
            Self::Change => "change",
            Self::Person => "person",
            Self::Session => "session",
            Self::SavedView => "saved_view",
            Self::PackRequest => "pack_request",
            Self::Audit => "audit",
            Self::TrackingLink => "tracking_link",
        }
    }
    /// Whether an order of commit need not be seen in the numbers.
    pub(crate) const fn may_have_gaps(self) -> bool {
        matches!(self, Self::Message | Self::Cluster | Self::Act | Self::Outbox | Self::Quarantine)
    }
    pub(crate) const fn owner(self, tenant: i64) -> i64 {
        match self {
            Self::Tenant | Self::Message => WHOLE_STORE,
            _ => tenant,
        }
    }
}

/// The rests of the blocks that this process has taken.
#[derive(Default)]
pub(crate) struct Blocks(Mutex<HashMap<(i64, Counter), Range<i64>>>);

impl Blocks {
    pub(crate) fn take(
        &self,
        server: &Postgres,
        owner: i64,
        counter: Counter,
        count: usize,
    ) -> Result<Range<i64>> {
        let count = i64::try_from(count)
            .map_err(|_| StoreError::TooMany { what: "numbers", limit: usize::MAX })?;
        let mut blocks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let rest = blocks.entry((owner, counter)).or_insert(0..0);
        if rest.end - rest.start < count {
            let size = count.max(BLOCK);
            let mut last = 0;
            server.counting(|session| {
                let values = [Param::Int(owner), Param::Text(counter.name()), Param::Int(size)];
                let values = values.each_ref().map(|v| v as &(dyn postgres::types::ToSql + Sync));
                session.query(sql!("counter/take"), &values, |row| {
                    last = row.int(0)?;
                    Ok(())
                })
            })?;
            *rest = last - size + 1..last + 1;
        }
        let taken = rest.start..rest.start + count;
        rest.start = taken.end;
        Ok(taken)
    }
}

impl fmt::Debug for Blocks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blocks").finish_non_exhaustive()
    }
}
