//! Whose lateness the lateness of an order is: the journey's hand-offs as stages of a course.
//!
//! Each hand-off that declares a target is a stage held by its giver. Where a hand-off is made once
//! for each of several objects, the last of them determines the end and is the critical branch.
//!
//! A stage stands still while what its hand-off declares was signalled about the order or about the
//! object that made its end: what held up a parcel that was there in time made nobody late.

use smol_str::SmolStr;

use crate::book::HandoffRule;
use crate::calendar::WorkingTime;
use crate::id::ObjectId;
use crate::identifier::ObjectKind;
use crate::liability::{Course, Ground, Stage};
use crate::milestone::Milestone;
use crate::partner::Role;
use crate::pauses;
use crate::picture::Picture;
use crate::state::{Charge, HandoffStage, HandoffState, PromiseLedger};
use crate::time::Instant;

/// The charges of an order that is late or was; none where nothing is promised or no hand-off
/// declares a target.
#[must_use]
pub fn charges(
    picture: &Picture<'_, '_>,
    handoffs: &[HandoffState],
    promise: &PromiseLedger,
) -> Vec<Charge> {
    let Some(journey) = picture.journey.filter(|_| picture.kind == ObjectKind::Order) else {
        return Vec::new();
    };
    let placed = picture.reached(Milestone::O10);
    let (Some(placed), Some(promised)) = (placed, promise.current) else { return Vec::new() };
    if promise.late_by.is_none() {
        return Vec::new();
    }
    let always = WorkingTime::always();
    let book = picture.known.book;
    let mut names: Vec<SmolStr> = Vec::new();
    let mut stages = Vec::new();
    let ended: Vec<Option<(Instant, ObjectId)>> =
        journey.handoffs.iter().map(|r| ended_by(handoffs, r, journey.promise)).collect();
    for (n, rule) in journey.handoffs.iter().enumerate() {
        let Some(target) = rule.target else { continue };
        let end = ended.get(n).copied().flatten();
        // A hand-off that was passed over, or that nobody is there to take, is no stage of the way.
        let passed = ended.iter().skip(n + 1).any(Option::is_some);
        let taken = rule.to == Role::Customer || picture.partner(rule.to).is_some();
        if end.is_none() && (passed || !taken) {
            continue;
        }
        names.push(rule.name.clone());
        stages.push(Stage {
            holder: rule.from,
            partner: picture.partner(rule.from),
            target,
            working: book.calendar(rule.calendar.as_ref()).unwrap_or(&always),
            ended_at: end.map(|(at, _)| at),
            pauses: end.map_or_else(Vec::new, |(_, object)| {
                pauses::signalled(picture, &rule.pauses, &about(picture, object))
            }),
            precedence: pauses::precedence(&rule.pauses),
        });
    }
    let course = Course {
        start_at: placed.at.latest,
        promised_at: promised.latest,
        promised_by: Role::Seller,
        stages,
    };
    let liability = course.liability();
    let minutes = liability.minutes();
    liability
        .charges
        .iter()
        .zip(minutes)
        .map(|(charge, minutes)| Charge {
            role: charge.role,
            partner: charge.partner.clone(),
            handoff: charge.stage.and_then(|n| names.get(n).cloned()),
            cause: match &charge.ground {
                Ground::Paused { cause } => Some(cause.clone()),
                Ground::Plan | Ground::Held => None,
            },
            minutes,
        })
        .collect()
}

/// The subject, an object that it reaches, and what contains that: what is said of any of them holds up
/// the object.
fn about(picture: &Picture<'_, '_>, object: ObjectId) -> Vec<usize> {
    let known = picture.known;
    let is_it = |n: &usize| known.object(*n).is_some_and(|o| o.id == object);
    let mut about = vec![picture.root];
    for (parent, child) in &picture.below {
        if is_it(&child.object) {
            about.extend([child.object, *parent]);
        }
    }
    about.sort_unstable();
    about.dedup();
    about
}

/// When the last object of a hand-off changed hands, and which that was; none while one is still to.
/// Where its release is the promised milestone itself, the promise is kept or broken by the release.
fn ended_by(
    handoffs: &[HandoffState],
    rule: &HandoffRule,
    promise: Milestone,
) -> Option<(Instant, ObjectId)> {
    let by_release = rule.released.iter().any(|e| e.milestone == promise);
    let all: Option<Vec<(Instant, ObjectId)>> = handoffs
        .iter()
        .filter(|h| h.name == rule.name)
        .map(|h| {
            let at = match h.stage {
                HandoffStage::Released { at, .. } if by_release => at.latest,
                HandoffStage::Received { at } => at.latest,
                HandoffStage::Reconciled { released_at, received_at } => {
                    if by_release {
                        released_at.latest
                    } else {
                        received_at.latest
                    }
                }
                HandoffStage::Disputed { released_at, received_at }
                | HandoffStage::Settled { released_at, received_at, .. } => {
                    let ended_at = if by_release { released_at } else { received_at };
                    ended_at?.latest
                }
                _ => return None,
            };
            Some((at, h.object))
        })
        .collect();
    all.and_then(|ends| ends.into_iter().max())
}
