//! Segments grouped into their loops by a set's schema: what a table-driven mapping walks over.
//!
//! A segment goes to the innermost open loop that has a place for it; else outer ones are asked,
//! and what they find closes the inner ones. Nothing is ever dropped: a segment without a place
//! stays with the loop it was found in, and is a fault. HL loops are nested afterwards, by the
//! parents they name.

use super::content;
use super::document::SetView;
use super::fault::{Fault, FaultCode, Place, Severity, StandardCode, shorten};
use super::hierarchy;
use super::schema::{self, Part};
use super::segment::Segment;

/// The name of the outermost node of every tree.
pub const ROOT: &str = "SET";

/// A loop with its segments and the loops inside it, in the order of the file.
#[derive(Debug, Clone)]
pub struct LoopNode<'d> {
    /// The loop's name: the identifier of its first segment, or [`ROOT`].
    pub id: &'static str,
    /// Its own segments, the one that names it first.
    pub segments: Vec<Segment<'d>>,
    /// The loops inside it.
    pub loops: Vec<LoopNode<'d>>,
}

impl<'d> LoopNode<'d> {
    /// Its first segment with an identifier.
    pub fn first(&self, segment_id: &str) -> Option<Segment<'d>> {
        self.segments.iter().find(|s| s.id() == segment_id).copied()
    }

    /// Its own segments with an identifier.
    pub fn all<'n>(&'n self, segment_id: &'n str) -> impl Iterator<Item = Segment<'d>> + 'n {
        self.segments.iter().filter(move |s| s.id() == segment_id).copied()
    }

    /// The loops of a name directly inside it.
    pub fn children<'n>(&'n self, loop_id: &'n str) -> impl Iterator<Item = &'n LoopNode<'d>> + 'n {
        self.loops.iter().filter(move |node| node.id == loop_id)
    }

    /// The loops of a name anywhere inside it, in the order of the file.
    pub fn descendants<'n>(&'n self, loop_id: &str) -> Vec<&'n LoopNode<'d>> {
        let mut found = Vec::new();
        let mut pending: Vec<&LoopNode<'d>> = self.loops.iter().rev().collect();
        while let Some(node) = pending.pop() {
            if node.id == loop_id {
                found.push(node);
            }
            pending.extend(node.loops.iter().rev());
        }
        found
    }

    /// Element of its first segment with an identifier, `None` if blank or absent.
    pub fn value(&self, segment_id: &str, position: usize) -> Option<String> {
        self.first(segment_id)?.value(position)
    }

    /// The level of an HL loop: `S` shipment, `O` order, `T` tare, `P` pack, `I` item.
    pub fn level(&self) -> Option<String> {
        if self.id == "HL" { self.value("HL", 3) } else { None }
    }
}

/// The tree of a set and what is wrong with the set's content. A set without a schema is one node
/// with all its segments, and nothing is wrong with it.
pub fn build<'d>(set: &SetView<'d>) -> (LoopNode<'d>, Vec<Fault>) {
    let Some(schema) = schema::of(set.code()) else {
        let root = LoopNode { id: ROOT, segments: set.body().to_vec(), loops: Vec::new() };
        return (root, Vec::new());
    };
    let mut builder =
        Builder { set: *set, stack: Vec::new(), spare: Vec::new(), faults: Findings::default() };
    builder.open(ROOT, schema.parts);
    for segment in set.body() {
        builder.place(*segment);
    }
    let mut root = builder.finish();
    hierarchy::nest(set, &mut root, &mut builder.faults);
    (root, builder.faults.faults)
}

/// Most faults that are told of one set; a hostile file must not become a list longer than itself.
const SET_FAULTS_MAX: usize = 500;

/// The faults of one set. Beyond [`SET_FAULTS_MAX`] only the first error is still taken, because
/// without it the set's verdict would be wrong.
#[derive(Debug, Default)]
pub(super) struct Findings {
    faults: Vec<Fault>,
    broken: bool,
}

impl Findings {
    pub(super) fn push(&mut self, fault: Fault) {
        let breaks = fault.severity == Severity::Error && !self.broken;
        if self.faults.len() < SET_FAULTS_MAX || breaks {
            self.broken |= breaks;
            self.faults.push(fault);
        }
    }
}

/// A loop that is being filled.
struct Frame<'d> {
    node: LoopNode<'d>,
    parts: &'static [Part],
    /// How often each part has occurred.
    counts: Vec<u32>,
    /// The furthest part seen, to tell a segment that comes too late.
    furthest: usize,
}

struct Builder<'d> {
    set: SetView<'d>,
    stack: Vec<Frame<'d>>,
    /// Counts of loops that were closed, to be used again: an order has a loop per line.
    spare: Vec<Vec<u32>>,
    faults: Findings,
}

impl<'d> Builder<'d> {
    fn open(&mut self, id: &'static str, parts: &'static [Part]) {
        let node = LoopNode { id, segments: Vec::new(), loops: Vec::new() };
        let mut counts = self.spare.pop().unwrap_or_default();
        counts.resize(parts.len(), 0);
        self.stack.push(Frame { node, parts, counts, furthest: 0 });
    }

    fn place(&mut self, segment: Segment<'d>) {
        let key = segment.key();
        let found = self.stack.iter().enumerate().rev().find_map(|(depth, frame)| {
            let at = frame.parts.iter().position(|part| part.key == key)?;
            // The first part of a loop begins it; a second one is the next turn of that loop.
            (depth == 0 || at > 0).then_some((depth, at))
        });
        let Some((depth, at)) = found else {
            return self.misplaced(segment);
        };
        while self.stack.len() > depth + 1 {
            self.close();
        }
        let Some(frame) = self.stack.last_mut() else { return };
        let Some(part) = frame.parts.get(at) else { return };
        let Some(count) = frame.counts.get_mut(at) else { return };
        *count += 1;
        let repeated = part.repeat_max > 0 && *count == part.repeat_max + 1;
        let late = (at < frame.furthest).then_some(frame.furthest);
        frame.furthest = frame.furthest.max(at);
        let before = late.and_then(|furthest| frame.parts.get(furthest));
        if part.parts.is_empty() {
            frame.node.segments.push(segment);
        } else {
            self.open(part.id, part.parts);
            if let Some(inner) = self.stack.last_mut() {
                inner.node.segments.push(segment);
                if let Some(count) = inner.counts.first_mut() {
                    *count = 1;
                }
            }
        }
        if repeated {
            let code = if part.parts.is_empty() { "5" } else { "4" };
            let expected = format!("at most {}", part.repeat_max);
            self.warn(segment, FaultCode::SegmentRepeated, expected, code);
        }
        if let Some(before) = before {
            let expected = format!("before {}", before.id);
            self.warn(segment, FaultCode::SegmentOrder, expected, "7");
        }
        let stack = &self.stack;
        content::check(&self.set, segment, &|| path(stack), &mut self.faults);
    }

    fn warn(
        &mut self,
        segment: Segment<'d>,
        code: FaultCode,
        expected: String,
        standard: &'static str,
    ) {
        let kind = (Severity::Warning, code);
        let detail = (None, expected, StandardCode::Segment(standard));
        self.faults.push(fault(&self.set, segment, kind, &path(&self.stack), detail));
    }

    fn misplaced(&mut self, segment: Segment<'d>) {
        if let Some(frame) = self.stack.last_mut() {
            frame.node.segments.push(segment);
        }
        // What is no segment identifier at all, the envelope has told already.
        if !segment.id().is_empty() {
            let expected = format!("a segment of set {}", self.set.code());
            self.warn(segment, FaultCode::SegmentUnexpected, expected, "2");
        }
    }

    /// Ends the innermost loop: tells what it lacks, and hands it to the loop about it.
    fn close(&mut self) {
        let Some(mut frame) = self.stack.pop() else { return };
        let anchor = frame.node.segments.first().copied().or_else(|| self.set.header());
        for (part, count) in frame.parts.iter().zip(&frame.counts) {
            if let Some(anchor) = anchor.filter(|_| part.required && *count == 0) {
                let mut missing = fault(
                    &self.set,
                    anchor,
                    (Severity::Error, FaultCode::SegmentMissing),
                    &inner_path(&self.stack, frame.node.id),
                    (None, format!("segment {}", part.id), StandardCode::Segment("3")),
                );
                missing.place.segment_id = Some(part.id.to_owned());
                missing.found = String::new();
                self.faults.push(missing);
            }
        }
        if let Some(outer) = self.stack.last_mut() {
            frame.counts.clear();
            self.spare.push(frame.counts);
            outer.node.loops.push(frame.node);
        } else {
            self.stack.push(frame);
        }
    }

    fn finish(&mut self) -> LoopNode<'d> {
        while self.stack.len() > 1 {
            self.close();
        }
        self.close();
        let root = self.stack.pop().map(|frame| frame.node);
        root.unwrap_or(LoopNode { id: ROOT, segments: Vec::new(), loops: Vec::new() })
    }
}

/// The names of the open loops, from the outside in.
fn path(stack: &[Frame<'_>]) -> String {
    let ids: Vec<&str> = stack.iter().skip(1).map(|frame| frame.node.id).collect();
    ids.join("/")
}

/// The path of a loop that was just taken off the stack.
fn inner_path(stack: &[Frame<'_>], id: &str) -> String {
    match (stack.len(), path(stack)) {
        (0, _) => String::new(),
        (1, _) => id.to_owned(),
        (_, outer) => format!("{outer}/{id}"),
    }
}

/// A fault in the content of a set: segment, element (0: the whole segment), loop, expectation.
pub(super) fn fault(
    set: &SetView<'_>,
    segment: Segment<'_>,
    (severity, code): (Severity, FaultCode),
    path: &str,
    (element, expected, standard): (Option<usize>, String, StandardCode),
) -> Fault {
    let (offset, length) = match element {
        Some(element) => segment.element_place(element),
        None => (segment.offset(), segment.bytes().len()),
    };
    let found = element.map_or(segment.bytes(), |element| segment.element(element));
    let first = set.header().map_or(0, |st| st.number());
    let place = Place {
        offset,
        length,
        segment_number: segment.number(),
        segment_in_set: Some((segment.number() + 1).saturating_sub(first)),
        segment_id: Some(segment.id().to_owned()),
        element,
        component: None,
        loop_id: Some(path.to_owned()).filter(|path| !path.is_empty()),
        interchange: Some(set.set.interchange),
        group: Some(set.set.group),
        set: Some(set.index),
    };
    let standard_code = Some(standard);
    Fault { severity, code, place, found: shorten(found), expected, standard_code }
}
