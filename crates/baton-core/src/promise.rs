//! The promise ledger: every version of the commitment to the customer, what is now expected, and
//! whether it was kept.
//!
//! Promises are made per line or for the whole; the whole is promised for when its last line is. A
//! promise is called late only where that is true of the whole interval of the event.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::fact::{Body, Classifier, Detail, Relation};
use crate::milestone::Milestone;
use crate::picture::{Picture, Reached};
use crate::progress::{actual, current};
use crate::state::{Kept, MilestoneState, PromiseLedger, PromiseVersion};
use crate::time::Happened;

/// The ledger of the milestone that the journey promises.
#[must_use]
pub fn ledger(picture: &Picture<'_, '_>) -> PromiseLedger {
    let Some(milestone) = picture.journey.map(|j| j.promise) else {
        return PromiseLedger::default();
    };
    let versions = versions(picture, milestone);
    let promised = whole(picture, milestone, Classifier::Promised);
    let done = picture.reached(milestone);
    let projected = done.as_ref().map(|r| r.at).or_else(|| expected(picture, milestone, promised));
    PromiseLedger {
        requested: whole(picture, milestone, Classifier::Requested),
        first: first(&versions),
        current: promised,
        versions,
        projected,
        kept: kept(promised.as_ref(), done.as_ref()),
        late_by: promised.zip(projected).and_then(|(promise, projected)| {
            let late = projected.surely_after(promise.latest);
            late.then(|| projected.earliest.since(promise.latest))
        }),
    }
}

fn kept(promised: Option<&Happened>, done: Option<&Reached>) -> Kept {
    match (promised, done) {
        (None, _) => Kept::Unpromised,
        (Some(_), None) => Kept::Open,
        (Some(promise), Some(done)) if done.at.surely_after(promise.latest) => Kept::Late,
        (Some(promise), Some(done)) if done.at.latest <= promise.latest => Kept::OnTime,
        _ => Kept::CannotTell,
    }
}

/// The statement for the whole order, else the latest of its lines.
fn whole(
    picture: &Picture<'_, '_>,
    milestone: Milestone,
    classifier: Classifier,
) -> Option<Happened> {
    if let Some(version) = current(&picture.own, milestone, classifier) {
        return Some(version.at);
    }
    let of_lines = picture.own.iter().filter(|m| m.milestone == milestone && m.line.is_some());
    of_lines
        .filter_map(|m| m.current.get(classifier))
        .map(|v| v.at)
        .max_by_key(|at| (at.latest, at.earliest))
}

/// Without an actual: the latest estimate of what is still under way; where something has none, not
/// before the promise.
fn expected(
    picture: &Picture<'_, '_>,
    milestone: Milestone,
    promised: Option<Happened>,
) -> Option<Happened> {
    let own = whole(picture, milestone, Classifier::Estimated);
    let mut estimates: Vec<Happened> = own.into_iter().collect();
    for (_, child) in picture.below.iter().filter(|(_, c)| c.relation == Relation::Contains) {
        let Some(states) = picture.others.get(child.object) else { continue };
        if actual(states, milestone).is_none() {
            estimates.extend(best_estimate(states, milestone));
        }
    }
    estimates.into_iter().max_by_key(|at| (at.earliest, at.latest)).or(promised)
}

fn best_estimate(states: &[MilestoneState], milestone: Milestone) -> Option<Happened> {
    [Classifier::Estimated, Classifier::Appointed, Classifier::Planned]
        .into_iter()
        .find_map(|classifier| current(states, milestone, classifier))
        .map(|version| version.at)
}

fn versions(picture: &Picture<'_, '_>, milestone: Milestone) -> Vec<PromiseVersion> {
    picture
        .known
        .holding(picture.root)
        .filter_map(|fact| match &fact.body {
            Body::Progress {
                milestone: m,
                classifier: Classifier::Promised,
                due: Some(due),
                detail,
            } if *m == milestone => Some(PromiseVersion {
                at: *due,
                stated_at: fact.happened,
                by: picture.known.role_of(&fact.source),
                line: fact.about.line.as_deref().and_then(|l| picture.lines.key(l)),
                reason: reason(detail),
                fact: fact.id,
            }),
            _ => None,
        })
        .collect()
}

fn reason(detail: &Detail) -> Option<SmolStr> {
    detail.text.clone().or_else(|| detail.reason.as_ref().map(|r| r.code.clone()))
}

/// The first promise of the whole: the first whole one, else the latest of each line's first.
fn first(versions: &[PromiseVersion]) -> Option<Happened> {
    if let Some(version) = versions.iter().find(|v| v.line.is_none()) {
        return Some(version.at);
    }
    let mut by_line: BTreeMap<&SmolStr, Happened> = BTreeMap::new();
    for version in versions {
        if let Some(line) = &version.line {
            by_line.entry(line).or_insert(version.at);
        }
    }
    by_line.into_values().max_by_key(|at| (at.latest, at.earliest))
}
