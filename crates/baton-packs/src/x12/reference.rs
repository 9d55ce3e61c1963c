//! References to elements, as tables write them.
//!
//! | written | means |
//! | --- | --- |
//! | `BEG03` | element 3 of the loop's first BEG |
//! | `REF[BM]02` | element 2 of its REF whose qualifier is BM |
//! | `PO1(VP\|BP)` | the product id after qualifier VP, else BP |
//! | `AT701-2` | component 2 of an element |
//! | `N1[ST]/N104` | within the loop N1 whose first element is ST |
//! | `^HL:O/PRF01` | within the nearest loop about this one that is an HL of level O |
//! | `^/BEG03` | within the whole set |
//! | `TDS01:N2` | with two implied decimals |

use std::borrow::Cow;

use baton_formats::x12::Segment;
use baton_formats::x12::tree::LoopNode;

/// A reference, read once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference {
    up: Option<Step>,
    down: Vec<Step>,
    segment: String,
    qualifier: Option<String>,
    what: What,
    decimals: u32,
}

/// A loop by its identifier, and by its level or first element. No identifier: the whole set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    id: String,
    level: Option<String>,
    qualifier: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    Element {
        position: usize,
        component: Option<usize>,
    },
    /// The value after the first of these qualifiers.
    Product(Vec<String>),
}

/// Where a row stands: the loops about it, outermost first, the row's own last, and perhaps one of its
/// segments.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot<'r, 'd> {
    pub(super) loops: &'r [&'r LoopNode<'d>],
    pub(super) segment: Option<Segment<'d>>,
}

impl<'d> Spot<'_, 'd> {
    /// The segment that is the evidence of the row.
    pub(super) fn evidence(&self) -> Option<Segment<'d>> {
        self.segment.or_else(|| self.loops.last()?.segments.first().copied())
    }
}

/// Segments whose qualifier is not their first element.
fn qualifier_position(segment: &str) -> usize {
    if segment == "L11" { 2 } else { 1 }
}

/// Where the pairs of qualifier and product id begin.
fn products_from(segment: &str) -> usize {
    match segment {
        "LIN" => 2,
        "SLN" => 9,
        _ => 6,
    }
}

impl Reference {
    /// Reads a reference; `None` if it is not one.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (text, decimals) = match text.split_once(":N") {
            Some((head, digits)) => (head, digits.parse().ok()?),
            None => (text, 0),
        };
        let (up, text) = match text.strip_prefix('^') {
            Some(rest) => {
                let (step, rest) = rest.split_once('/')?;
                (Some(Step::parse(step)?), rest)
            }
            None => (None, text),
        };
        let mut steps: Vec<&str> = text.split('/').collect();
        let last = steps.pop()?;
        let down = steps.into_iter().map(Step::parse).collect::<Option<Vec<_>>>()?;
        if down.iter().any(|step| step.id.is_empty()) {
            return None;
        }
        let element = Self::element(last)?;
        Some(Self { up, down, decimals, ..element })
    }

    fn element(text: &str) -> Option<Self> {
        let plain = |segment: &str, qualifier: Option<&str>, what| {
            let upper = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
            let named = (2..=3).contains(&segment.len()) && segment.bytes().all(upper);
            let qualifier = qualifier.map(str::to_owned);
            let (up, down, segment) = (None, Vec::new(), segment.to_owned());
            named.then_some(Self { up, down, segment, qualifier, what, decimals: 0 })
        };
        if let Some((segment, rest)) = text.split_once('(') {
            let qualifiers = rest.strip_suffix(')')?.split('|').map(str::to_owned).collect();
            return plain(segment, None, What::Product(qualifiers));
        }
        let (text, component) = match text.rsplit_once('-') {
            Some((head, n)) => (head, Some(n.parse().ok()?)),
            None => (text, None),
        };
        let (head, digits) = text.split_at_checked(text.len().checked_sub(2)?)?;
        let position = digits.parse().ok().filter(|n| *n > 0)?;
        let (segment, qualifier) = match head.split_once('[') {
            Some((segment, rest)) => (segment, Some(rest.strip_suffix(']')?)),
            None => (head, None),
        };
        plain(segment, qualifier, What::Element { position, component })
    }

    /// The value that stands there; `None` if it is absent or blank.
    pub(super) fn value<'d>(&self, spot: &Spot<'_, 'd>) -> Option<Cow<'d, str>> {
        let mut node = match &self.up {
            Some(step) => {
                *spot.loops.iter().rev().skip(1).chain(spot.loops.first()).find(|n| step.is(n))?
            }
            None => *spot.loops.last()?,
        };
        for step in &self.down {
            node = node.loops.iter().find(|inner| step.is(inner))?;
        }
        let own = spot.segment.filter(|s| {
            self.up.is_none()
                && self.down.is_empty()
                && self.qualifier.is_none()
                && s.id() == self.segment
        });
        let segment = match (&self.qualifier, own) {
            (_, Some(own)) => own,
            (None, None) => node.first(&self.segment)?,
            (Some(wanted), None) => node
                .segments
                .iter()
                .find(|s| {
                    let at = qualifier_position(&self.segment);
                    s.id() == self.segment && s.text(at).trim() == wanted
                })
                .copied()?,
        };
        let text = self.text(segment)?;
        Some(if self.decimals == 0 { text } else { with_decimals(&text, self.decimals).into() })
    }

    fn text<'d>(&self, segment: Segment<'d>) -> Option<Cow<'d, str>> {
        let filled = |text: Cow<'d, str>| Some(text).filter(|text| !text.trim().is_empty());
        match &self.what {
            What::Element { position, component: None } => filled(segment.text(*position)),
            What::Element { position, component: Some(component) } => {
                filled(segment.component(*position, *component))
            }
            What::Product(qualifiers) => {
                let elements = segment.elements().count();
                qualifiers.iter().find_map(|wanted| {
                    let pairs = (products_from(&self.segment)..elements).step_by(2);
                    pairs
                        .filter(|n| segment.text(*n).trim() == wanted)
                        .find_map(|n| filled(segment.text(n + 1)))
                })
            }
        }
    }
}

fn with_decimals(text: &str, decimals: u32) -> String {
    match text.trim().parse::<i64>() {
        Ok(number) => rust_decimal::Decimal::try_new(number, decimals)
            .map_or_else(|_| text.to_owned(), |d| d.to_string()),
        Err(_) => text.to_owned(),
    }
}

impl Step {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (text, qualifier) = match text.split_once('[') {
            Some((head, rest)) => (head, Some(rest.strip_suffix(']')?.to_owned())),
            None => (text, None),
        };
        let (id, level) = match text.split_once(':') {
            Some((id, level)) => (id, Some(level.to_owned())),
            None => (text, None),
        };
        let upper = id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        upper.then(|| Self { id: id.to_owned(), level, qualifier })
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn is(&self, node: &LoopNode<'_>) -> bool {
        let named = if self.id.is_empty() {
            node.id == baton_formats::x12::tree::ROOT
        } else {
            node.id == self.id
        };
        let first = |position| {
            let text = node.segments.first().map(|s| s.text(position));
            text.filter(|text| !text.trim().is_empty())
        };
        let level = self.level.as_ref().is_none_or(|l| first(3).is_some_and(|v| v.trim() == l));
        let qualified =
            self.qualifier.as_ref().is_none_or(|q| first(1).is_some_and(|v| v.trim() == q));
        named && level && qualified
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_or_refused() {
        for text in [
            "BEG03",
            "N104",
            "REF[BM]02",
            "PO1(VP|BP)",
            "AT701-2",
            "N1[ST]/N104",
            "^HL:O/PRF01",
            "^/BEG03",
            "TDS01:N2",
            "L11[PO]01",
        ] {
            assert!(Reference::parse(text).is_some(), "{text}");
        }
        for text in
            ["", "BEG", "BEG00", "beg03", "REF[BM02", "^BEG03", "/BEG03", "EA", "x/BEG03", "PO1(VP"]
        {
            assert!(Reference::parse(text).is_none(), "{text}");
        }
    }
}
