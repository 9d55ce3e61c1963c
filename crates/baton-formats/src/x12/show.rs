//! A file as a tree that a person can read: what `baton edi show` prints. Loops are indented by the
//! schema, HL levels by their parents, and each fault stands under the segment it is about.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::document::{Document, Group, Interchange, SetView};
use super::fault::{Fault, Severity, shorten};
use super::schema;
use super::segment::Segment;
use super::tree::{self, LoopNode};

/// Blanks for each level.
const INDENT: usize = 2;

/// The document as text, one segment a line.
pub fn show(document: &Document<'_>) -> String {
    let mut faults: BTreeMap<usize, Vec<&Fault>> = BTreeMap::new();
    for fault in &document.faults {
        faults.entry(fault.place.segment_number).or_default().push(fault);
    }
    let mut view = View { text: String::new(), faults };
    view.faults_of(0, 0);
    let mut shown = 0;
    for interchange in &document.interchanges {
        // Segments outside everything are shown where they stand.
        view.loose(document.range(&(shown..interchange.segments.start)), 0);
        view.interchange(document, interchange);
        shown = interchange.segments.end.max(shown);
    }
    view.loose(document.range(&(shown..document.segments.len())), 0);
    view.text
}

struct View<'f> {
    text: String,
    faults: BTreeMap<usize, Vec<&'f Fault>>,
}

impl View<'_> {
    fn line(&mut self, depth: usize, text: &str) {
        let _ = writeln!(self.text, "{:width$}{text}", "", width = depth * INDENT);
    }

    fn faults_of(&mut self, number: usize, depth: usize) {
        for fault in self.faults.remove(&number).unwrap_or_default() {
            let mark = match fault.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            };
            let element = fault.place.element.map_or_else(String::new, |e| format!(" element {e}"));
            let code = fault.code;
            let mut text = format!("! {mark} {code}{element}: {}", code.meaning());
            if !fault.expected.is_empty() {
                let _ = write!(text, ", expected {}", fault.expected);
            }
            self.line(depth + 1, &text);
        }
    }

    fn segment(&mut self, segment: Segment<'_>, depth: usize) {
        let id = shorten(segment.id_bytes());
        let mut line = format!("{id:<4}");
        for element in segment.elements() {
            let _ = write!(line, "| {} ", shorten(element.trim_ascii_end()));
        }
        self.line(depth, line.trim_end());
        self.faults_of(segment.number(), depth);
    }

    fn loose(&mut self, segments: &[Segment<'_>], depth: usize) {
        for segment in segments {
            self.segment(*segment, depth);
        }
    }

    fn interchange(&mut self, document: &Document<'_>, interchange: &Interchange) {
        let isa = document.segment(interchange.header);
        let of = |position| isa.map_or_else(String::new, |s| s.text(position).trim().to_owned());
        let title =
            format!("interchange {} from {} to {}: {}", of(13), of(6), of(8), interchange.verdict);
        self.line(0, &title);
        let mut at = interchange.segments.start;
        for group in document.groups.get(interchange.groups.clone()).unwrap_or_default() {
            self.loose(document.range(&(at..group.segments.start)), 1);
            self.group(document, group);
            at = group.segments.end.max(at);
        }
        self.loose(document.range(&(at..interchange.segments.end)), 1);
    }

    fn group(&mut self, document: &Document<'_>, group: &Group) {
        let gs = document.segment(group.header);
        let of = |position| gs.map_or_else(String::new, |s| s.text(position).trim().to_owned());
        self.line(1, &format!("group {} of {}: {}", of(6), of(1), group.verdict));
        let mut at = group.segments.start;
        for set in group.sets.clone().filter_map(|index| document.set(index)) {
            self.loose(document.range(&(at..set.set.segments.start)), 2);
            self.set(&set);
            at = set.set.segments.end.max(at);
        }
        self.loose(document.range(&(at..group.segments.end)), 2);
    }

    fn set(&mut self, set: &SetView<'_>) {
        let name = schema::of(set.code()).map_or("transaction set", |schema| schema.name);
        let title = format!("{} {name} {}: {}", set.code(), set.control_number(), set.verdict());
        self.line(2, &title);
        if let Some(st) = set.header() {
            self.segment(st, 3);
        }
        let (root, _) = tree::build(set);
        self.node(&root, 3);
        if let Some(se) = set.document.segment(set.set.trailer) {
            self.segment(se, 3);
        }
    }

    /// Recursion is bounded: schemas are a few loops deep and HL levels have a limit.
    fn node(&mut self, node: &LoopNode<'_>, depth: usize) {
        let mut segments = node.segments.iter();
        let inner = if node.id == tree::ROOT { depth } else { depth + 1 };
        if inner > depth
            && let Some(first) = segments.next()
        {
            self.segment(*first, depth);
        }
        // Segments and loops are shown in the order of the file, whichever came first.
        let mut loops = node.loops.iter().peekable();
        for segment in segments {
            while let Some(next) = loops.next_if(|n| first_number(n) < segment.number()) {
                self.node(next, inner);
            }
            self.segment(*segment, inner);
        }
        for next in loops {
            self.node(next, inner);
        }
    }
}

fn first_number(node: &LoopNode<'_>) -> usize {
    node.segments.first().map_or(usize::MAX, Segment::number)
}
