//! Milestones: what was requested, promised, planned, estimated and done, side by side, with every
//! version kept; and from them progress (the furthest) and position (the last physical event).
//!
//! Who is believed follows declared authority; a person's word holds until the owner of the milestone
//! states something later. Roll-up over objects is computed here and never stored as truth.

use std::collections::BTreeMap;

use smallvec::SmallVec;
use smol_str::SmolStr;

use crate::book::AuthorityOver;
use crate::current::Current;
use crate::fact::{Body, Classifier, Fact};
use crate::id::FactId;
use crate::known::{Known, PERSON_PREFIX};
use crate::lines::LineKey;
use crate::milestone::Milestone;
use crate::partner::Role;
use crate::state::{MilestoneState, Version};
use crate::time::Happened;

/// Milestones that may truly happen more than once: the latest counts, else the first.
const REPEATING: &[&str] = &["O35", "T25", "T28", "T30", "T31", "T32", "T35", "T38", "T50", "T58"];

/// Milestones that say where the goods are.
const PHYSICAL: &[&str] = &[
    "A20", "A30", "A40", "F30", "F40", "F50", "T09", "T10", "T21", "T22", "T20", "T25", "T30",
    "T31", "T32", "T35", "T38", "T41", "T46", "T50", "T55", "T57", "T58", "T60", "T90", "R30",
    "R40",
];

/// Milestones that end something without being further along.
const SIDEWAYS: &[&str] = &["O90", "T58", "T90", "T95", "S90", "B25", "R10"];

const IS_REPEATING: u128 = set(REPEATING);
const IS_PHYSICAL: u128 = set(PHYSICAL);
const IS_SIDEWAYS: u128 = set(SIDEWAYS);

/// A set of milestones as bits, made while compiling.
const fn set(codes: &[&str]) -> u128 {
    let (mut bits, mut n) = (0, 0);
    while n < codes.len() {
        bits |= 1 << Milestone::named(codes[n]).position();
        n += 1;
    }
    bits
}

const fn listed(set: u128, milestone: Milestone) -> bool {
    set >> milestone.position() & 1 == 1
}

impl Milestone {
    #[must_use]
    pub fn is_physical(self) -> bool {
        listed(IS_PHYSICAL, self)
    }
    #[must_use]
    pub fn repeats(self) -> bool {
        listed(IS_REPEATING, self)
    }
    /// How far along it is; none for those that lead nowhere. O95 closes and comes last.
    #[must_use]
    pub fn rank(self) -> Option<u16> {
        if listed(IS_SIDEWAYS, self) {
            return None;
        }
        let stage = match self.code().as_bytes().first() {
            Some(b'O') if self == Self::O95 => 7,
            Some(b'O') => 0,
            Some(b'A') => 1,
            Some(b'F') => 2,
            Some(b'T') => 3,
            Some(b'S') => 4,
            Some(b'B') => 5,
            _ => 6,
        };
        u16::try_from(stage * 100 + self.position()).ok()
    }
}

/// One statement about a milestone: small, as they are sorted.
struct Spoken<'f> {
    milestone: Milestone,
    line: Option<SmolStr>,
    classifier: Classifier,
    due: Option<Happened>,
    fact: &'f Fact,
}

/// The milestones of one object and of its lines: `lines` are the lines of all facts about it, or nothing
/// where they are not asked for.
#[must_use]
pub fn milestones(
    known: &Known<'_>,
    object: usize,
    lines: &[Option<LineKey>],
) -> Vec<MilestoneState> {
    let mut spoken: Vec<Spoken<'_>> = Vec::new();
    for (n, fact) in known.about(object).enumerate() {
        let Body::Progress { milestone, classifier, due, .. } = &fact.body else { continue };
        spoken.push(Spoken {
            milestone: *milestone,
            line: lines.get(n).cloned().flatten(),
            classifier: *classifier,
            due: *due,
            fact,
        });
    }
    // Stable, so that the versions of each stay in time.
    spoken.sort_by(|a, b| (a.milestone, &a.line).cmp(&(b.milestone, &b.line)));
    spoken
        .chunk_by(|a, b| a.milestone == b.milestone && a.line == b.line)
        .filter_map(|said| {
            let first = said.first()?;
            let versions: Vec<Version> = said.iter().map(|s| version(known, s)).collect();
            Some(MilestoneState {
                milestone: first.milestone,
                line: first.line.clone(),
                current: believed(known, first.milestone, &versions),
                versions,
                disputed_by: None,
            })
        })
        .collect()
}

fn version(known: &Known<'_>, Spoken { classifier, due, fact, .. }: &Spoken<'_>) -> Version {
    Version {
        classifier: *classifier,
        at: due.unwrap_or(fact.happened),
        stated_at: fact.happened,
        received_at: fact.received_at,
        role: known.role_of(&fact.source),
        source: fact.source.clone(),
        fact: fact.id,
        retracted_by: known.retracted_by(fact.id),
    }
}

/// The believed version by classifier. `versions` come in time.
fn believed(known: &Known<'_>, milestone: Milestone, versions: &[Version]) -> Current {
    if let [only] = versions {
        return only.retracted_by.is_none().then(|| only.clone()).into_iter().collect();
    }
    let roles = known.book.believed(AuthorityOver::Milestone(milestone));
    let trust = |role: Role| roles.iter().position(|r| *r == role).unwrap_or(roles.len());
    let by_person = |v: &&Version| v.source.starts_with(PERSON_PREFIX);
    let mut classifiers: SmallVec<[Classifier; 6]> =
        versions.iter().map(|v| v.classifier).collect();
    classifiers.sort_unstable();
    classifiers.dedup();
    let believed = |classifier: Classifier| {
        let stated = || {
            versions.iter().filter(move |v| v.classifier == classifier && v.retracted_by.is_none())
        };
        let partners = || stated().filter(|v| !by_person(v));
        let Some(best) = partners().map(|v| trust(v.role)).min() else {
            // Only people spoke, or every statement was taken back.
            return stated().next_back();
        };
        let mut of_best = partners().filter(|v| trust(v.role) == best);
        let first_counts = classifier == Classifier::Actual && !milestone.repeats();
        let partner = if first_counts { of_best.next() } else { of_best.next_back() };
        let last_heard = partners().filter(|v| trust(v.role) == best).map(|v| v.received_at).max();
        let person = stated()
            .filter(|v| by_person(v) && Some(v.received_at) > last_heard)
            .max_by_key(|v| (v.received_at, v.fact));
        person.or(partner)
    };
    classifiers.into_iter().filter_map(believed).cloned().collect()
}

/// The actual of a milestone, line-less, if it was reached.
#[must_use]
pub fn actual(milestones: &[MilestoneState], milestone: Milestone) -> Option<&Version> {
    current(milestones, milestone, Classifier::Actual)
}

/// The believed statement of that classifier, line-less.
#[must_use]
pub fn current(
    milestones: &[MilestoneState],
    milestone: Milestone,
    classifier: Classifier,
) -> Option<&Version> {
    milestones
        .iter()
        .find(|m| m.milestone == milestone && m.line.is_none())
        .and_then(|m| m.current.get(classifier))
}

/// The furthest milestone reached, lines included.
#[must_use]
pub fn furthest<'m>(milestones: impl Iterator<Item = &'m MilestoneState>) -> Option<Milestone> {
    milestones
        .filter(|m| m.current.has(Classifier::Actual))
        .filter_map(|m| m.milestone.rank().map(|rank| (rank, m.milestone)))
        .max()
        .map(|(_, milestone)| milestone)
}

/// The last physical event by event time, then content, with where it was.
#[must_use]
pub fn position(
    known: &Known<'_>,
    objects: impl Iterator<Item = usize>,
) -> Option<(Milestone, Option<SmolStr>, Happened)> {
    let mut last: Option<(&Fact, Milestone, Option<&SmolStr>)> = None;
    for object in objects {
        for fact in known.holding(object) {
            let Body::Progress { milestone, classifier: Classifier::Actual, detail, .. } =
                &fact.body
            else {
                continue;
            };
            let later = last.as_ref().is_none_or(|(seen, ..)| fact.in_time(seen).is_gt());
            if milestone.is_physical() && later {
                last = Some((fact, *milestone, detail.place.as_ref()));
            }
        }
    }
    last.map(|(fact, milestone, place)| (milestone, place.cloned(), fact.happened))
}

/// Marks terminal milestones that a later event disputes, as the journey declares.
pub fn dispute(
    milestones: &mut [MilestoneState],
    excludes: &BTreeMap<Milestone, Vec<Milestone>>,
) -> bool {
    if !milestones.iter().any(|m| excludes.contains_key(&m.milestone)) {
        return false;
    }
    let actuals: Vec<(Milestone, Happened, FactId)> = milestones
        .iter()
        .flat_map(|m| m.versions.iter().map(move |v| (m.milestone, v)))
        .filter(|(_, v)| v.classifier == Classifier::Actual && v.retracted_by.is_none())
        .map(|(m, v)| (m, v.at, v.fact))
        .collect();
    let mut disputed = false;
    for state in milestones.iter_mut() {
        let Some(reached) = state.current.get(Classifier::Actual) else { continue };
        let Some(excluded) = excludes.get(&state.milestone) else { continue };
        state.disputed_by = actuals
            .iter()
            .find(|(m, at, _)| excluded.contains(m) && at.surely_after(reached.at.latest))
            .map(|(.., fact)| *fact);
        disputed |= state.disputed_by.is_some();
    }
    disputed
}
