//! Whose lateness the lateness of an order is: the journey's hand-offs as stages of a course.
//!
//! Each hand-off that declares a target is a stage held by its giver. Where a hand-off is made once
//! for each of several objects, the last of them determines the end and is the critical branch.

use smol_str::SmolStr;

use crate::book::HandoffRule;
use crate::calendar::WorkingTime;
use crate::clock::Pause;
use crate::identifier::ObjectKind;
use crate::liability::{Course, Stage};
use crate::milestone::Milestone;
use crate::partner::Role;
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
    let ended: Vec<Option<Instant>> =
        journey.handoffs.iter().map(|r| ended_at(handoffs, r, journey.promise)).collect();
    for (n, rule) in journey.handoffs.iter().enumerate() {
        let Some(target) = rule.target else { continue };
        let ended_at = ended.get(n).copied().flatten();
        // A hand-off that was passed over, or that nobody is there to take, is no stage of the way.
        let passed = ended.iter().skip(n + 1).any(Option::is_some);
        let taken = rule.to == Role::Customer || picture.partner(rule.to).is_some();
        if ended_at.is_none() && (passed || !taken) {
            continue;
        }
        names.push(rule.name.clone());
        stages.push(Stage {
            holder: rule.from,
            partner: picture.partner(rule.from),
            target,
            working: book.calendar(rule.calendar.as_ref()).unwrap_or(&always),
            ended_at,
        });
    }
    let pauses: Vec<Pause> = Vec::new();
    let course = Course {
        start_at: placed.at.latest,
        promised_at: promised.latest,
        promised_by: Role::Seller,
        stages,
        pauses,
        precedence: &[],
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
            minutes,
        })
        .collect()
}

/// When the last object of a hand-off changed hands; none while one is still to. Where its release is
/// the promised milestone itself, the promise is kept or broken by the release.
fn ended_at(handoffs: &[HandoffState], rule: &HandoffRule, promise: Milestone) -> Option<Instant> {
    let by_release = rule.released.iter().any(|e| e.milestone == promise);
    let all: Option<Vec<Instant>> = handoffs
        .iter()
        .filter(|h| h.name == rule.name)
        .map(|h| match h.stage {
            HandoffStage::Released { at, .. } if by_release => Some(at.latest),
            HandoffStage::Received { at } => Some(at.latest),
            HandoffStage::Reconciled { released_at, received_at }
            | HandoffStage::Disputed { released_at, received_at } => {
                Some(if by_release { released_at.latest } else { received_at.latest })
            }
            _ => None,
        })
        .collect();
    all.and_then(|instants| instants.into_iter().max())
}
