//! The 997 for a group, made from the same faults as the report: what we tell a partner is what we
//! tell our own people.

use super::document::{Document, SetView};
use super::fault::{Fault, StandardCode};
use super::sets::{CODES_MAX, ElementNote, FunctionalAck, SegmentNote, SetAck};
use super::verdict::Verdict;

/// Most AK3 loops for one set: a partner needs to see what kind of thing is wrong, not all of it.
const SEGMENT_NOTES_MAX: usize = 100;
/// Longest AK404.
const COPY_CHARS_MAX: usize = 99;

/// The acknowledgment of group `group` (a position in [`Document::groups`]).
///
/// `None` for a group that must not be acknowledged: one that itself holds acknowledgments (two
/// systems would answer each other for ever), one without GS, or no group at all. The document must
/// come from [`super::read`], or faults of content are not told.
pub fn acknowledge(document: &Document<'_>, group: usize) -> Option<FunctionalAck> {
    let found = document.groups.get(group)?;
    let gs = document.segment(found.header)?;
    let functional_id = gs.text(1).trim().to_owned();
    if functional_id == "FA" {
        return None;
    }
    let views = found.sets.clone().filter_map(|index| document.set(index));
    let sets: Vec<SetAck> = views.map(|view| acknowledge_set(&view)).collect();
    let received = count(sets.len());
    let accepted = count(sets.iter().filter(|set| set.status != "R").count());
    let ge = document.segment(found.trailer);
    let stated = ge.and_then(|ge| ge.text(1).trim().parse().ok()).unwrap_or(received);
    let of_group = |f: &&Fault| f.place.group == Some(group) && f.place.set.is_none();
    let codes = codes(document.faults.iter().filter(of_group), |code| match code {
        StandardCode::Group(code) => Some(code),
        _ => None,
    });
    let with_errors = sets.iter().any(|set| set.status == "E");
    let status = match () {
        () if found.verdict == Verdict::Broken => "R",
        () if accepted == 0 && received > 0 => "R",
        () if accepted < received => "P",
        () if with_errors || found.verdict == Verdict::SoundWithWarnings => "E",
        () => "A",
    };
    Some(FunctionalAck {
        functional_id,
        group_control_number: gs.text(6).trim().to_owned(),
        sets,
        status: status.to_owned(),
        included: stated,
        received,
        accepted: if found.verdict == Verdict::Broken { 0 } else { accepted },
        codes,
    })
}

fn acknowledge_set(view: &SetView<'_>) -> SetAck {
    let mut segments: Vec<SegmentNote> = Vec::new();
    for fault in view.faults() {
        note(&mut segments, fault);
    }
    segments.sort_by_key(|segment| segment.position);
    let mut codes = codes(view.faults(), |code| match code {
        StandardCode::Set(code) => Some(code),
        _ => None,
    });
    // A set may be broken by a fault that is not listed any more; a rejection needs a reason.
    let unlisted = codes.is_empty() && view.verdict() == Verdict::Broken;
    if (!segments.is_empty() || unlisted) && codes.len() < CODES_MAX {
        codes.push("5".to_owned());
    }
    let told = !segments.is_empty() || !codes.is_empty();
    let status = match view.verdict() {
        Verdict::Broken => "R",
        Verdict::SoundWithWarnings if told => "E",
        Verdict::SoundWithWarnings | Verdict::Sound => "A",
    };
    SetAck {
        code: view.code().to_owned(),
        control_number: view.control_number().trim().to_owned(),
        segments,
        status: status.to_owned(),
        codes,
    }
}

/// Codes of some faults, each once, as many as a segment has room for. Errors come first, so that
/// what broke it is never what had no room.
fn codes<'f>(
    faults: impl Iterator<Item = &'f Fault>,
    pick: impl Fn(StandardCode) -> Option<&'static str>,
) -> Vec<String> {
    let mut faults: Vec<&Fault> = faults.collect();
    faults.sort_by_key(|fault| std::cmp::Reverse(fault.severity));
    let mut codes: Vec<String> = Vec::new();
    for code in faults.iter().filter_map(|f| f.standard_code).filter_map(pick) {
        if codes.len() < CODES_MAX && !codes.iter().any(|c| c == code) {
            codes.push(code.to_owned());
        }
    }
    codes
}

/// Adds a fault to the notes, if it is one about a segment or an element of the set.
fn note(segments: &mut Vec<SegmentNote>, fault: &Fault) {
    let place = &fault.place;
    let segment_code = match fault.standard_code {
        Some(StandardCode::Segment(code)) => code,
        // AK304 `8`: the segment has errors in its elements, which follow as AK4.
        Some(StandardCode::Element(_)) => "8",
        _ => return,
    };
    let position = count(place.segment_in_set.unwrap_or(0));
    let known = segments
        .iter()
        .position(|s| s.position == position && s.code.as_deref() == Some(segment_code));
    let element = element_note(fault);
    if let (Some(known), Some(element)) = (known, &element) {
        if let Some(segment) = segments.get_mut(known) {
            segment.elements.push(element.clone());
        }
    } else if segments.len() < SEGMENT_NOTES_MAX {
        let segment_id = place.segment_id.clone().unwrap_or_else(|| "ZZZ".to_owned());
        // AK303 names the loop itself, without those about it, in at most six characters.
        let loop_id = place.loop_id.as_deref().and_then(|path| path.rsplit('/').next());
        segments.push(SegmentNote {
            segment_id,
            position,
            loop_id: loop_id.map(str::to_owned),
            code: Some(segment_code.to_owned()),
            elements: element.into_iter().collect(),
        });
    }
}

fn element_note(fault: &Fault) -> Option<ElementNote> {
    let Some(StandardCode::Element(code)) = fault.standard_code else { return None };
    let position = fault.place.element?;
    // A copy could contain the delimiters of the interchange that it is sent in; values that could
    // are left out, which the standard allows.
    let harmless = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '.' | '-' | '/');
    let copy = Some(fault.found.trim_end())
        .filter(|found| !found.is_empty() && found.chars().all(harmless))
        .map(|found| found.chars().take(COPY_CHARS_MAX).collect());
    Some(ElementNote {
        position: count(position),
        component: fault.place.component.map(count),
        reference: None,
        code: code.to_owned(),
        copy,
    })
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
