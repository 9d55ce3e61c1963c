//! 997: a receiver tells whether a group could be read.

use serde::Serialize;

use super::super::document::SetView;
use super::super::fault::Fault;
use super::super::segment::Segment;
use super::super::tree::{self, LoopNode};
use super::super::write::{SetWriter, WriteError, WriteSet};
use super::parts::{self, text};

/// Most codes in one AK5 or AK9.
pub const CODES_MAX: usize = 5;

/// A functional acknowledgment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FunctionalAck {
    /// AK101, the functional identifier of the group that is acknowledged.
    pub functional_id: String,
    /// AK102, its control number.
    pub group_control_number: String,
    /// AK2 loops; a receiver may leave out those of accepted sets.
    pub sets: Vec<SetAck>,
    /// AK901: `A` accepted, `E` accepted with errors, `P` partly, `R` rejected.
    pub status: String,
    /// AK902, number of sets that the group said it has.
    pub included: u32,
    /// AK903, number of sets that arrived.
    pub received: u32,
    /// AK904, number of sets that were accepted.
    pub accepted: u32,
    /// AK905 and on.
    pub codes: Vec<String>,
}

/// What is said of one set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SetAck {
    /// AK201.
    pub code: String,
    /// AK202.
    pub control_number: String,
    /// AK3 loops.
    pub segments: Vec<SegmentNote>,
    /// AK501: `A` accepted, `E` accepted with errors, `R` rejected …
    pub status: String,
    /// AK502 and on.
    pub codes: Vec<String>,
}

/// AK3: something about a segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SegmentNote {
    /// AK301.
    pub segment_id: String,
    /// AK302, its position in the set, ST being 1.
    pub position: u32,
    /// AK303.
    pub loop_id: Option<String>,
    /// AK304.
    pub code: Option<String>,
    /// AK4.
    pub elements: Vec<ElementNote>,
}

/// AK4: something about an element.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ElementNote {
    /// AK401, first component.
    pub position: u32,
    /// AK401, second component.
    pub component: Option<u32>,
    /// AK402, the number of the element in the standard's dictionary.
    pub reference: Option<String>,
    /// AK403.
    pub code: String,
    /// AK404, the bad value.
    pub copy: Option<String>,
}

impl FunctionalAck {
    /// Reads a 997. Faults are those of its content.
    pub fn read(set: &SetView<'_>) -> (FunctionalAck, Vec<Fault>) {
        let (root, faults) = tree::build(set);
        let (ak1, ak9) = (root.first("AK1"), root.first("AK9"));
        let count = |position| ak9.and_then(|s| parts::whole(s, position)).unwrap_or(0);
        let ack = FunctionalAck {
            functional_id: text(ak1, 1),
            group_control_number: text(ak1, 2),
            sets: root.children("AK2").map(SetAck::read).collect(),
            status: text(ak9, 1),
            included: count(2),
            received: count(3),
            accepted: count(4),
            codes: codes(ak9, 5),
        };
        (ack, faults)
    }
}

fn codes(segment: Option<Segment<'_>>, first: usize) -> Vec<String> {
    let of = |segment: Segment<'_>| {
        (first..first + CODES_MAX).filter_map(|position| segment.value(position)).collect()
    };
    segment.map(of).unwrap_or_default()
}

impl SetAck {
    fn read(node: &LoopNode<'_>) -> SetAck {
        SetAck {
            code: text(node.first("AK2"), 1),
            control_number: text(node.first("AK2"), 2),
            segments: node.children("AK3").map(SegmentNote::read).collect(),
            status: text(node.first("AK5"), 1),
            codes: codes(node.first("AK5"), 2),
        }
    }
}

impl SegmentNote {
    fn read(node: &LoopNode<'_>) -> SegmentNote {
        let ak3 = node.first("AK3");
        SegmentNote {
            segment_id: text(ak3, 1),
            position: ak3.and_then(|s| parts::whole(s, 2)).unwrap_or(0),
            loop_id: ak3.and_then(|s| s.value(3)),
            code: ak3.and_then(|s| s.value(4)),
            elements: node.all("AK4").map(ElementNote::read).collect(),
        }
    }

    fn write(&self, out: &mut SetWriter<'_>) -> Result<(), WriteError> {
        out.segment("AK3")
            .need(&self.segment_id)
            .number(self.position)
            .opt(self.loop_id.as_deref())
            .opt(self.code.as_deref())
            .end()?;
        for element in &self.elements {
            let position = element.position.to_string();
            let component = element.component.map(|c| c.to_string()).unwrap_or_default();
            out.segment("AK4")
                .components(&[&position, &component])
                .opt(element.reference.as_deref())
                .need(&element.code)
                .opt(element.copy.as_deref())
                .end()?;
        }
        Ok(())
    }
}

impl ElementNote {
    fn read(ak4: Segment<'_>) -> ElementNote {
        ElementNote {
            position: ak4.component(1, 1).trim().parse().unwrap_or(0),
            component: ak4.component(1, 2).trim().parse().ok(),
            reference: ak4.value(2),
            code: text(Some(ak4), 3),
            copy: ak4.value(4),
        }
    }
}

impl WriteSet for FunctionalAck {
    fn set_code(&self) -> &'static str {
        "997"
    }

    fn write(&self, out: &mut SetWriter<'_>) -> Result<(), WriteError> {
        out.segment("AK1").need(&self.functional_id).need(&self.group_control_number).end()?;
        for set in &self.sets {
            out.segment("AK2").need(&set.code).need(&set.control_number).end()?;
            for segment in &set.segments {
                segment.write(out)?;
            }
            parts::room("AK5", set.codes.len(), CODES_MAX)?;
            let mut ak5 = out.segment("AK5").need(&set.status);
            for code in &set.codes {
                ak5 = ak5.need(code);
            }
            ak5.end()?;
        }
        parts::room("AK9", self.codes.len(), CODES_MAX)?;
        let mut ak9 = out
            .segment("AK9")
            .need(&self.status)
            .number(self.included)
            .number(self.received)
            .number(self.accepted);
        for code in &self.codes {
            ak9 = ak9.need(code);
        }
        ak9.end()
    }
}
