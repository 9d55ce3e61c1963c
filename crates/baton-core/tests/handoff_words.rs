//! Traps about what partners say of hand-offs themselves: who may, what it changes, and what it must not.

mod story;

use baton_core::fact::Body;
use baton_core::state::{ExceptionStatus, HandoffStage, HandoffState, State};
use baton_core::time::Happened;
use baton_core::verdict::{Ground, Side, Verdict};
use story::book::book;
use story::*;

const TAKER: &str = "person:parcel:ines";
const GIVER: &str = "person:oem:tom";
const TENANT: &str = "person:ada";
const NOW: &str = "2026-03-08T00:00";

/// A package that the OEM released at noon of the third.
fn released() -> Story {
    let mut s = Story::default();
    s.reached("shop", po("P1"), "O10", "2026-03-02T09:00");
    s.contains("oem", po("P1"), package("T1"), "2026-03-03T10:00");
    s.reached("oem", package("T1"), "F60", "2026-03-03T12:00");
    // Somebody of each must have been heard of the order.
    s.contains("parcel", po("P1"), package("T1"), "2026-03-03T10:00");
    s
}

fn judge(s: &mut Story, who: &str, handoff: &str, verdict: Verdict, when: &str) {
    let verdict = Box::new(verdict);
    let body = Body::Judged { handoff: handoff.into(), verdict, reason: "looked".into() };
    s.say(who, package("T1"), Happened::at(at(when)), body);
}

fn accepts(side: Side) -> Verdict {
    Verdict::Accepted { side, at: None }
}

fn disputes(side: Side, ground: Ground) -> Verdict {
    Verdict::Disputed { side, ground, instead: "it was not".into(), at: None }
}

fn h4(state: &State) -> &HandoffState {
    state.handoffs.iter().find(|h| h.name == "H4").unwrap()
}

fn stage(s: &Story) -> HandoffStage {
    h4(&s.state(&po("P1"), &book(), NOW)).stage
}

/// The package's own exceptions.
fn troubles(s: &Story) -> Vec<&'static str> {
    open(&s.state(&package("T1"), &book(), NOW))
}

#[test]
fn a_taker_that_accepts_takes_the_givers_word_and_ends_the_gap() {
    let mut s = released();
    assert!(matches!(stage(&s), HandoffStage::Released { .. }));
    assert!(troubles(&s).contains(&"E-TRN-27"));
    judge(&mut s, TAKER, "H4", accepts(Side::Taker), "2026-03-04T08:00");
    let noon = Happened::at(at("2026-03-03T12:00"));
    assert_eq!(stage(&s), HandoffStage::Reconciled { released_at: noon, received_at: noon });
    assert!(!troubles(&s).contains(&"E-TRN-27"));
    let state = s.state(&po("P1"), &book(), NOW);
    assert_eq!(state.holder.as_ref().unwrap().partner.as_deref(), Some("parcel"));
    let word = &h4(&state).words[0];
    assert_eq!((word.source.as_str(), word.partner.as_deref()), (TAKER, Some("parcel")));
    assert!(h4(&state).facts.contains(&word.fact), "it is evidence");
}

#[test]
fn an_acceptance_before_the_release_is_no_receipt() {
    let mut s = released();
    judge(&mut s, TAKER, "H4", accepts(Side::Taker), "2026-03-03T09:00");
    assert!(matches!(stage(&s), HandoffStage::Released { .. }));
    let mut offered = Story::default();
    offered.reached("shop", po("P1"), "O10", "2026-03-02T09:00");
    offered.contains("oem", po("P1"), package("T1"), "2026-03-03T10:00");
    judge(&mut offered, TAKER, "H4", accepts(Side::Taker), "2026-03-03T09:00");
    assert!(matches!(stage(&offered), HandoffStage::Accepted { .. }));
    judge(&mut offered, TAKER, "H4", disputes(Side::Taker, Ground::Other), "2026-03-03T11:00");
    assert!(matches!(stage(&offered), HandoffStage::Refused { .. }));
}

#[test]
fn a_dispute_hides_no_custody_gap_and_gives_the_baton_to_nobody() {
    let mut s = released();
    judge(&mut s, TAKER, "H4", disputes(Side::Taker, Ground::Custody), "2026-03-04T08:00");
    assert!(matches!(stage(&s), HandoffStage::Disputed { received_at: None, .. }));
    assert_eq!(
        troubles(&s).iter().filter(|c| ["E-TRN-27", "E-TRN-28"].contains(c)).count(),
        2,
        "{:?}",
        troubles(&s)
    );
    let state = s.state(&po("P1"), &book(), NOW);
    assert_ne!(state.holder.unwrap().partner.as_deref(), Some("parcel"));
}

#[test]
fn nobody_disputes_for_another() {
    for (who, verdict) in [
        (GIVER, disputes(Side::Taker, Ground::Quantity)),
        (TAKER, disputes(Side::Giver, Ground::Quantity)),
        (TENANT, disputes(Side::Taker, Ground::Quantity)),
        (TENANT, accepts(Side::Taker)),
        ("parcel", Verdict::Settled),
        (TAKER, Verdict::Settled),
    ] {
        let mut s = released();
        judge(&mut s, who, "H4", verdict.clone(), "2026-03-04T08:00");
        assert!(matches!(stage(&s), HandoffStage::Released { .. }), "{who} {verdict:?}");
        assert!(h4(&s.state(&po("P1"), &book(), NOW)).words.is_empty(), "{who} {verdict:?}");
    }
}

#[test]
fn whoever_disputed_takes_it_back_by_accepting_and_nobody_else_does() {
    let mut s = released();
    s.reached("parcel", package("T1"), "T10", "2026-03-03T13:00");
    judge(&mut s, TAKER, "H4", disputes(Side::Taker, Ground::Quantity), "2026-03-04T08:00");
    assert!(matches!(stage(&s), HandoffStage::Disputed { received_at: Some(_), .. }));
    judge(&mut s, GIVER, "H4", accepts(Side::Giver), "2026-03-04T09:00");
    assert!(matches!(stage(&s), HandoffStage::Disputed { .. }));
    judge(&mut s, TAKER, "H4", accepts(Side::Taker), "2026-03-04T10:00");
    assert!(matches!(stage(&s), HandoffStage::Reconciled { .. }));
    let state = s.state(&package("T1"), &book(), NOW);
    let dispute = state.exceptions.iter().find(|e| e.code.code() == "E-TRN-28").unwrap();
    let cleared_at = at("2026-03-04T10:00");
    let raised_at = at("2026-03-04T08:00");
    assert_eq!(dispute.status, ExceptionStatus::Cleared { raised_at, cleared_at });
}

#[test]
fn the_tenant_settles_and_a_later_word_opens_it_again() {
    let mut s = released();
    s.reached("parcel", package("T1"), "T10", "2026-03-03T13:00");
    judge(&mut s, TAKER, "H4", disputes(Side::Taker, Ground::Condition), "2026-03-04T08:00");
    judge(&mut s, TENANT, "H4", Verdict::Settled, "2026-03-05T08:00");
    let settled_at = at("2026-03-05T08:00");
    assert!(matches!(stage(&s), HandoffStage::Settled { settled_at: at, .. } if at == settled_at));
    assert!(!troubles(&s).contains(&"E-TRN-28"));
    let state = s.state(&po("P1"), &book(), NOW);
    assert_eq!(state.holder.unwrap().partner.as_deref(), Some("parcel"), "it was taken");
    judge(&mut s, TAKER, "H4", disputes(Side::Taker, Ground::Condition), "2026-03-06T08:00");
    assert!(matches!(stage(&s), HandoffStage::Disputed { .. }));
    assert!(troubles(&s).contains(&"E-TRN-28"));
}

#[test]
fn that_it_never_came_is_over_when_the_same_side_shows_that_it_did() {
    for (ground, over) in [(Ground::Custody, true), (Ground::Quantity, false)] {
        let mut s = released();
        judge(&mut s, TAKER, "H4", disputes(Side::Taker, ground), "2026-03-04T08:00");
        s.reached("parcel", package("T1"), "T10", "2026-03-05T13:00");
        let found = matches!(stage(&s), HandoffStage::Reconciled { .. });
        assert_eq!(found, over, "{ground:?}");
    }
}

#[test]
fn times_that_contradict_agree_once_a_side_takes_the_others_word() {
    let mut s = released();
    s.reached("parcel", package("T1"), "T10", "2026-03-03T11:00");
    assert!(matches!(stage(&s), HandoffStage::Disputed { .. }));
    judge(&mut s, GIVER, "H4", accepts(Side::Giver), "2026-03-04T08:00");
    let eleven = Happened::at(at("2026-03-03T11:00"));
    assert_eq!(stage(&s), HandoffStage::Reconciled { released_at: eleven, received_at: eleven });
}

#[test]
fn a_partners_people_play_no_part_of_their_own() {
    let mut s = released();
    let before = s.state(&po("P1"), &book(), NOW).partners;
    judge(&mut s, TAKER, "H4", accepts(Side::Taker), "2026-03-04T08:00");
    assert_eq!(s.state(&po("P1"), &book(), NOW).partners, before);
}
