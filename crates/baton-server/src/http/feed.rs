//! How a feed does: how often it speaks, how long after things happened, which of its codes nobody maps,
//! and what came more than once. Told by its newest messages, so that it costs the same however long the
//! feed has been there.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::fact::{Body, Classifier, CodeRef, Fact};
use baton_core::id::MessageNo;
use baton_core::partner::SourceKey;
use baton_core::time::{Basis, Duration, Instant};
use baton_store::messages::{self, Entry};
use baton_store::{engine_facts, facts, quarantine, sources};
use schemars::JsonSchema;
use serde::Serialize;

use super::answer::Answer;
use super::call::Call;
use super::endpoint::Outcome;
use super::limits::FEED_MESSAGES_MAX;
use crate::receipt::message_id;

/// How a feed does.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct FeedHealth {
    #[schemars(with = "String")]
    source: SourceKey,
    /// Messages that were looked at, the newest, and since when they are.
    messages: usize,
    since: Option<Instant>,
    heard_at: Option<Instant>,
    silent_after: Option<Duration>,
    /// Whether it was not heard for longer than that.
    is_silent: bool,
    /// Between two messages, as a rule: the median.
    every: Option<Duration>,
    /// The longest time between two of them.
    longest_gap: Option<Duration>,
    /// Between what happened and its receipt: the median, and what nine of ten are within.
    lag: Option<Duration>,
    lag_of_nine_in_ten: Option<Duration>,
    /// Messages that came again, and how often in all.
    repeated: usize,
    repeats: i64,
    /// Codes that no table maps, the most frequent first.
    unmapped: Vec<UnmappedCode>,
    /// Of these messages, those of which something could not be read and waits for somebody.
    unreadable: usize,
}

/// A code that no table maps.
#[derive(Debug, Serialize, JsonSchema)]
struct UnmappedCode {
    code: CodeRef,
    times: usize,
    /// A message that has it.
    message: String,
}

pub(super) fn health(call: &Call) -> Outcome {
    let (tenant, scope) = (call.tenant()?, call.scope()?);
    let whole = &tenant.scope;
    let read = call.store().read(|tx| {
        let source = sources::by_key(tx, &scope, call.parameter("source"))?;
        let entries = messages::list(tx, &scope, Some(source.id), None, FEED_MESSAGES_MAX)?;
        let ids: Vec<MessageNo> = entries.iter().map(|entry| entry.id).collect();
        let clusters: BTreeSet<_> =
            engine_facts::of_messages(tx, whole, &ids)?.into_iter().map(|(c, _)| c).collect();
        let clusters: Vec<_> = clusters.into_iter().collect();
        let wanted: BTreeSet<MessageNo> = ids.iter().copied().collect();
        let mut said: Vec<Fact> = Vec::new();
        for facts in facts::load(tx, whole, &clusters, None)?.into_values() {
            said.extend(facts.into_iter().filter(|fact| wanted.contains(&fact.message)));
        }
        let open = quarantine::list(tx, &scope, Some(quarantine::State::Open), None, 1_000)?;
        let faulty: BTreeSet<MessageNo> =
            open.into_iter().map(|item| item.message).filter(|id| wanted.contains(id)).collect();
        Ok((source, entries, said, faulty.len()))
    });
    let (source, entries, said, unreadable) = read?;
    let now = tenant.clock.now();
    let (every, longest_gap) = cadence(&entries);
    let (lag, lag_of_nine_in_ten) = lags(&said);
    let silent = |at: Instant| source.silent_after.is_some_and(|after| at + after <= now);
    Answer::json(FeedHealth {
        messages: entries.len(),
        since: entries.last().map(|entry| entry.received_at),
        heard_at: source.heard_at,
        silent_after: source.silent_after,
        is_silent: source.heard_at.is_some_and(silent),
        every,
        longest_gap,
        lag,
        lag_of_nine_in_ten,
        repeated: entries.iter().filter(|entry| entry.repeats > 0).count(),
        repeats: entries.iter().map(|entry| entry.repeats).sum(),
        unmapped: unmapped(&said, |id| message_id(tenant.id, id)),
        unreadable,
        source: source.key,
    })
}

/// The median and the longest time between two receipts.
fn cadence(entries: &[Entry]) -> (Option<Duration>, Option<Duration>) {
    let mut at: Vec<Instant> = entries.iter().map(|entry| entry.received_at).collect();
    at.sort_unstable();
    let mut gaps: Vec<i64> =
        at.iter().zip(at.iter().skip(1)).map(|(a, b)| b.since(*a).micros()).collect();
    gaps.sort_unstable();
    (share(&gaps, 500), gaps.last().copied().map(Duration::from_micros))
}

/// How long after things happened they were received. What has no time of its own says nothing of it.
fn lags(said: &[Fact]) -> (Option<Duration>, Option<Duration>) {
    let actual = |fact: &&Fact| {
        matches!(fact.body, Body::Progress { classifier: Classifier::Actual, .. })
            && fact.happened.basis != Basis::Receipt
    };
    let lag = |fact: &Fact| fact.received_at.since(fact.happened.earliest).micros().max(0);
    let mut lags: Vec<i64> = said.iter().filter(actual).map(lag).collect();
    lags.sort_unstable();
    (share(&lags, 500), share(&lags, 900))
}

/// What so many per mille of sorted lengths are within.
fn share(sorted: &[i64], per_mille: usize) -> Option<Duration> {
    let last = sorted.len().checked_sub(1)?;
    sorted.get(last * per_mille / 1_000).copied().map(Duration::from_micros)
}

fn unmapped(said: &[Fact], name: impl Fn(MessageNo) -> String) -> Vec<UnmappedCode> {
    let mut found: BTreeMap<&CodeRef, (usize, MessageNo)> = BTreeMap::new();
    for fact in said {
        if let Body::Unmapped { code } = &fact.body {
            let (times, message) = found.entry(code).or_insert((0, fact.message));
            *times += 1;
            *message = fact.message.max(*message);
        }
    }
    let mut codes: Vec<UnmappedCode> = found
        .into_iter()
        .map(|(code, (times, message))| UnmappedCode {
            code: code.clone(),
            times,
            message: name(message),
        })
        .collect();
    codes.sort_by_key(|unmapped| std::cmp::Reverse(unmapped.times));
    codes
}
