//! Which lines are wanted, and a page of them: the record and the outbox, merged by time. A cursor holds
//! how far each of the two was read.

use std::fmt;

use baton_core::time::Instant;
use baton_core::wording::Wording;
use baton_store::audit::{self as record, Filter};
use baton_store::{Scope, StoreError, Tx, outbox};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{AuditItem, COMMAND, DELIVER, DELIVERY, Kind};
use crate::acting::BATON;
use crate::http::errors::ErrorCode;
use crate::http::limits::TEXT_BYTES_MAX;
use crate::http::page;
use crate::http::problem::Problem;

/// Which lines.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct AuditQuery {
    /// `operator`: what the operator did that is about no tenant.
    pub(super) of: Option<String>,
    /// `act`, `refusal` or `delivery`; all, if left out.
    pub(super) kind: Option<Kind>,
    /// An id: `usr_3`, `key_4`, `local`, `baton`.
    pub(super) who: Option<String>,
    /// As the API's description names it: `create_key`.
    pub(super) operation: Option<String>,
    /// `order`, `source`, `key`, `user`, …
    pub(super) subject_kind: Option<String>,
    /// The id of what it was done to.
    pub(super) subject: Option<String>,
    /// From this instant on.
    pub(super) from: Option<String>,
    /// Before this instant.
    pub(super) until: Option<String>,
    /// `ndjson` (the default) or `csv`, for an export.
    pub(super) format: Option<String>,
    pub(super) cursor: Option<String>,
    pub(super) limit: Option<usize>,
}

/// What is wanted, checked.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    filter: Filter,
    lines: bool,
    deliveries: bool,
}

/// Up to where both were read: what is wanted is below these numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Before {
    line: i64,
    delivery: i64,
}

impl Default for Before {
    fn default() -> Self {
        Self { line: i64::MAX, delivery: i64::MAX }
    }
}

impl fmt::Display for Before {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What was not read yet is left out.
        let shown =
            |number: i64| if number == i64::MAX { String::new() } else { number.to_string() };
        write!(f, "{}-{}", shown(self.line), shown(self.delivery))
    }
}

impl Before {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (line, delivery) = text.split_once('-')?;
        let read = |text: &str| if text.is_empty() { Some(i64::MAX) } else { text.parse().ok() };
        Some(Self { line: read(line)?, delivery: read(delivery)? })
    }
}

impl AuditQuery {
    pub(super) fn wanted(&self) -> Result<Wanted, Problem> {
        let texts = [&self.who, &self.operation, &self.subject_kind, &self.subject];
        if texts.into_iter().flatten().any(|text| text.len() > TEXT_BYTES_MAX) {
            let why = format!("expected at most {TEXT_BYTES_MAX} bytes in each filter");
            let wording = Wording::new("filter_long").with("most", TEXT_BYTES_MAX);
            return Err(Problem::of(ErrorCode::QueryWrong, why).said(wording));
        }
        let filter = Filter {
            who: self.who.clone(),
            operation: self.operation.clone(),
            subject_kind: self.subject_kind.clone(),
            subject: self.subject.clone(),
            done: match self.kind {
                Some(Kind::Act) => Some(true),
                Some(Kind::Refusal) => Some(false),
                Some(Kind::Delivery) | None => None,
            },
            from: page::value("from", self.from.as_deref())?,
            until: page::value("until", self.until.as_deref())?,
        };
        let is =
            |said: &Option<String>, word: &str| said.as_deref().is_none_or(|said| said == word);
        let deliveries = matches!(self.kind, None | Some(Kind::Delivery))
            && self.of.is_none()
            && is(&self.who, BATON)
            && is(&self.operation, DELIVER)
            && is(&self.subject_kind, DELIVERY)
            && self.subject.as_deref().is_none_or(|id| id.starts_with(COMMAND));
        Ok(Wanted { filter, lines: self.kind != Some(Kind::Delivery), deliveries })
    }
}

impl Wanted {
    /// Up to `limit` lines below the cursor, the latest first, and where the next page begins.
    pub(super) fn page(
        &self,
        tx: &mut Tx<'_>,
        scope: &Scope,
        mut before: Before,
        limit: usize,
    ) -> Result<(Vec<AuditItem>, Option<Before>), StoreError> {
        let lines = if self.lines {
            record::list(tx, scope, &self.filter, Some(before.line), limit + 1)?
        } else {
            Vec::new()
        };
        let sent = if self.deliveries {
            self.sent(tx, scope, before.delivery, limit + 1)?
        } else {
            Vec::new()
        };
        let more = lines.len() + sent.len() > limit;
        let (mut lines, mut sent) = (lines.into_iter().peekable(), sent.into_iter().peekable());
        let mut items = Vec::new();
        while items.len() < limit {
            let line_is_later = match (lines.peek(), sent.peek()) {
                (Some(line), Some(command)) => line.line.at >= command.created_at,
                (Some(_), None) => true,
                (None, Some(_)) => false,
                (None, None) => break,
            };
            if line_is_later {
                let Some(line) = lines.next() else { break };
                before.line = line.seq;
                items.push(AuditItem::of(line));
            } else {
                let Some(command) = sent.next() else { break };
                before.delivery = command.id;
                items.push(AuditItem::sent(&command));
            }
        }
        Ok((items, more.then_some(before)))
    }

    /// Deliveries below a number, the latest first.
    fn sent(
        &self,
        tx: &mut Tx<'_>,
        scope: &Scope,
        before: i64,
        limit: usize,
    ) -> Result<Vec<outbox::Command>, StoreError> {
        let Filter { subject, from, until, .. } = &self.filter;
        let before = match until {
            Some(until) => before.min(outbox::first_from(tx, scope, *until)?),
            None => before,
        };
        let (before, limit) = match subject {
            // One, by its number.
            Some(id) => match id.strip_prefix(COMMAND).and_then(|n| n.parse::<i64>().ok()) {
                Some(number) if number < before => (number.saturating_add(1), 1),
                _ => return Ok(Vec::new()),
            },
            None => (before, limit),
        };
        let mut found = outbox::newest(tx, scope, before, limit)?;
        let is_wanted = |command: &outbox::Command| {
            from.is_none_or(|from: Instant| command.created_at >= from)
                && subject.as_ref().is_none_or(|id| *id == format!("{COMMAND}{}", command.id))
        };
        found.retain(is_wanted);
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_as_it_was_written() {
        for before in [Before::default(), Before { line: 7, delivery: i64::MAX }] {
            assert_eq!(Before::parse(&before.to_string()), Some(before));
        }
        for text in ["", "7", "a-1", "1-2-3"] {
            assert_eq!(Before::parse(text), None, "{text}");
        }
    }
}
