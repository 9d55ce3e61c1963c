//! A partner as a whole: how its feeds do, and what was agreed with it: the service levels and hand-offs
//! that the active packs declare for its role, each with the place where it stands.
//!
//! How a feed does is told of its newest messages, so many and no more, and the answer says of how many.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::book::{HandoffRule, Rulebook, Sla};
use baton_core::fact::{Body, Classifier, Fact};
use baton_core::id::MessageNo;
use baton_core::partner::{PartnerKey, Role};
use baton_core::time::{Duration, Instant};
use baton_store::messages::Entry;
use baton_store::sources::Source;
use baton_store::{
    Scope, StoreError, Tx, engine_facts, facts, messages, partners, quarantine, sources,
};
use schemars::JsonSchema;
use serde::Serialize;
use smol_str::SmolStr;

use super::answer::Answer;
use super::call::Call;
use super::endpoint::Outcome;
use super::reader::{Reader, declared_at, reader};
use crate::activation::{StoredPacks, stored};

/// Messages of a feed that are looked at, and of how many of them the facts.
const MESSAGES_MAX: usize = 200;
const READ_MAX: usize = 50;
/// Open items of the quarantine that are looked through.
const OPEN_MAX: usize = 500;

/// A partner as a whole.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PartnerProfile {
    #[schemars(with = "String")]
    partner: PartnerKey,
    name: String,
    role: Role,
    feeds: Vec<ProfiledFeed>,
    /// Service levels whose clock it runs against.
    slas: Vec<Agreed<Sla>>,
    /// Hand-offs that it gives or takes, by journey: what of a lateness is charged to whom is measured
    /// against their targets.
    handoffs: Vec<AgreedHandoff>,
    /// Working times that those are meant in.
    calendars: Vec<AgreedCalendar>,
}

/// How a feed does, by its newest messages.
#[derive(Debug, Serialize, JsonSchema)]
struct ProfiledFeed {
    source: String,
    name: String,
    connector: String,
    /// Where it is read.
    reader: Option<Reader>,
    heard_at: Option<Instant>,
    silent_after: Option<Duration>,
    disabled_at: Option<Instant>,
    /// How many messages were looked at, and the receipt of the oldest.
    messages: usize,
    since: Option<Instant>,
    /// Half of the messages came within this long after the one before.
    cadence: Option<Duration>,
    /// How often messages came again.
    repeats: i64,
    /// Of how many messages the facts were looked at.
    read: usize,
    /// Half of what happened was heard of within this long, and nine tenths.
    lag: Option<Duration>,
    lag_most: Option<Duration>,
    /// Codes that no table knows, and how often they stand there.
    unmapped: Vec<ProfiledCode>,
    /// Messages of these with something that could not be read and is open.
    unread: usize,
}

/// A code that no table knows.
#[derive(Debug, Serialize, JsonSchema)]
struct ProfiledCode {
    element: String,
    code: String,
    count: usize,
}

/// What was agreed, and where a pack says so.
#[derive(Debug, Serialize, JsonSchema)]
struct Agreed<T> {
    #[serde(flatten)]
    what: T,
    declared: Option<Reader>,
}

/// A hand-off of a journey.
#[derive(Debug, Serialize, JsonSchema)]
struct AgreedHandoff {
    journey: String,
    name: String,
    from: Role,
    to: Role,
    /// Whether it gives the baton, or takes it.
    gives: bool,
    grace: Duration,
    target: Option<Duration>,
    calendar: Option<String>,
    declared: Option<Reader>,
}

/// A working time.
#[derive(Debug, Serialize, JsonSchema)]
struct AgreedCalendar {
    name: String,
    declared: Option<Reader>,
}

pub(super) fn show(call: &Call) -> Outcome {
    let (tenant, scope) = (call.tenant()?, call.scope()?);
    let key = call.parameter("partner");
    // Which file of which pack is none of a partner's business.
    let shown = |place: Option<Reader>| place.filter(|_| !call.is_partner());
    let mut profile = call.store().read(|tx| {
        let partner = partners::get(tx, &scope, key)?;
        let packs = stored(tx, &tenant.scope)?;
        let mut feeds = Vec::new();
        for source in sources::list(tx, &scope)? {
            if source.partner.as_ref() == Some(&partner.key) {
                feeds.push(feed(tx, &scope, &tenant.scope, source)?);
            }
        }
        let declared = tenant.declared();
        let slas: Vec<Agreed<Sla>> = slas(&declared.book, &packs, partner.role);
        let handoffs = handoffs(&declared.book, &packs, partner.role);
        let calendars = calendars(&slas, &handoffs, &packs);
        let (partner, name, role) = (partner.key, partner.name, partner.role);
        Ok(PartnerProfile { partner, name, role, feeds, slas, handoffs, calendars })
    })?;
    for feed in &mut profile.feeds {
        feed.reader = shown(feed.reader.take());
    }
    for sla in &mut profile.slas {
        sla.declared = shown(sla.declared.take());
    }
    for handoff in &mut profile.handoffs {
        handoff.declared = shown(handoff.declared.take());
    }
    for calendar in &mut profile.calendars {
        calendar.declared = shown(calendar.declared.take());
    }
    Answer::json(profile)
}

fn feed(
    tx: &mut Tx<'_>,
    scope: &Scope,
    whole: &Scope,
    source: Source,
) -> Result<ProfiledFeed, StoreError> {
    let entries = messages::list(tx, scope, Some(source.id), None, MESSAGES_MAX)?;
    let numbers: Vec<MessageNo> = entries.iter().take(READ_MAX).map(|entry| entry.id).collect();
    let facts = facts_of(tx, whole, &numbers)?;
    let known: BTreeSet<MessageNo> = entries.iter().map(|entry| entry.id).collect();
    let open = quarantine::list(tx, scope, Some(quarantine::State::Open), None, OPEN_MAX)?;
    let unread: BTreeSet<MessageNo> =
        open.into_iter().map(|item| item.message).filter(|number| known.contains(number)).collect();
    let lags = lags(&facts);
    Ok(ProfiledFeed {
        reader: reader(tx, whole, &source.connector, &serde_json::Value::Null)?,
        source: source.key.to_string(),
        name: source.name,
        connector: source.connector,
        heard_at: source.heard_at,
        silent_after: source.silent_after,
        disabled_at: source.disabled_at,
        messages: entries.len(),
        since: entries.iter().map(|entry| entry.received_at).min(),
        cadence: cadence(&entries),
        repeats: entries.iter().map(|entry| entry.repeats).sum(),
        read: numbers.len(),
        lag: share(&lags, 50),
        lag_most: share(&lags, 90),
        unmapped: unmapped(&facts),
        unread: unread.len(),
    })
}

fn facts_of(
    tx: &mut Tx<'_>,
    whole: &Scope,
    numbers: &[MessageNo],
) -> Result<Vec<Fact>, StoreError> {
    let places = engine_facts::of_messages(tx, whole, numbers)?;
    let clusters: BTreeSet<_> = places.into_iter().map(|(cluster, _)| cluster).collect();
    let clusters: Vec<_> = clusters.into_iter().collect();
    let wanted: BTreeSet<MessageNo> = numbers.iter().copied().collect();
    let all = facts::load(tx, whole, &clusters, None)?;
    let mut found: Vec<Fact> =
        all.into_values().flatten().filter(|fact| wanted.contains(&fact.message)).collect();
    found.sort_by_key(|fact| fact.id);
    found.dedup_by_key(|fact| fact.id);
    Ok(found)
}

/// How long it took until what happened was heard of.
fn lags(facts: &[Fact]) -> Vec<Duration> {
    let told = facts
        .iter()
        .filter(|fact| matches!(fact.body, Body::Progress { classifier: Classifier::Actual, .. }));
    let mut lags: Vec<Duration> =
        told.map(|fact| fact.received_at.since(fact.happened.latest).max(Duration::ZERO)).collect();
    lags.sort_unstable();
    lags
}

fn cadence(entries: &[Entry]) -> Option<Duration> {
    let mut receipts: Vec<Instant> = entries.iter().map(|entry| entry.received_at).collect();
    receipts.sort_unstable();
    let mut gaps: Vec<Duration> =
        receipts.iter().zip(receipts.iter().skip(1)).map(|(a, b)| b.since(*a)).collect();
    gaps.sort_unstable();
    share(&gaps, 50)
}

/// What so many in a hundred are within; of none there is none.
fn share(sorted: &[Duration], in_hundred: usize) -> Option<Duration> {
    let at = (sorted.len() * in_hundred).div_ceil(100).checked_sub(1)?;
    sorted.get(at).copied()
}

fn unmapped(facts: &[Fact]) -> Vec<ProfiledCode> {
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    for fact in facts {
        if let Body::Unmapped { code } = &fact.body {
            *counts.entry((code.element.to_string(), code.code.to_string())).or_default() += 1;
        }
    }
    let shown = |((element, code), count)| ProfiledCode { element, code, count };
    let mut found: Vec<ProfiledCode> = counts.into_iter().map(shown).collect();
    found.sort_by(|a, b| (b.count, &a.code).cmp(&(a.count, &b.code)));
    found
}

fn slas(book: &Rulebook, packs: &StoredPacks, role: Role) -> Vec<Agreed<Sla>> {
    let own = book.slas.iter().filter(|sla| sla.owner == role);
    own.map(|sla| Agreed {
        declared: declared_at(packs, "slas.yaml", &sla.name),
        what: sla.clone(),
    })
    .collect()
}

fn handoffs(book: &Rulebook, packs: &StoredPacks, role: Role) -> Vec<AgreedHandoff> {
    let all = book.journeys.iter().flat_map(|journey| {
        let of = move |rule: &HandoffRule| rule.from == role || rule.to == role;
        journey.handoffs.iter().filter(move |rule| of(rule)).map(move |rule| (journey, rule))
    });
    all.map(|(journey, rule)| AgreedHandoff {
        journey: journey.name.to_string(),
        name: rule.name.to_string(),
        from: rule.from,
        to: rule.to,
        gives: rule.from == role,
        grace: rule.grace,
        target: rule.target,
        calendar: rule.calendar.as_ref().map(ToString::to_string),
        declared: declared_at(packs, "journeys.yaml", &journey.name),
    })
    .collect()
}

fn calendars(
    slas: &[Agreed<Sla>],
    handoffs: &[AgreedHandoff],
    packs: &StoredPacks,
) -> Vec<AgreedCalendar> {
    let named = slas.iter().filter_map(|sla| sla.what.calendar.as_ref().map(SmolStr::to_string));
    let names: BTreeSet<String> =
        named.chain(handoffs.iter().filter_map(|handoff| handoff.calendar.clone())).collect();
    let shown = |name: String| AgreedCalendar {
        declared: declared_at(packs, "calendars.yaml", &name),
        name,
    };
    names.into_iter().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_what_there_is() {
        let hours = |all: &[i64]| all.iter().map(|n| Duration::hours(*n)).collect::<Vec<_>>();
        for (all, in_hundred, expected) in [
            (vec![], 50, None),
            (vec![7], 50, Some(7)),
            (vec![1, 2, 3, 4], 50, Some(2)),
            (vec![1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 90, Some(9)),
        ] {
            assert_eq!(share(&hours(&all), in_hundred), expected.map(Duration::hours), "{all:?}");
        }
    }
}
