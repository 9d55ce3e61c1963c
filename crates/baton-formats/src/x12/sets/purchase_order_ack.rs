//! 855: a seller answers an order, line by line.

use rust_decimal::Decimal;
use serde::Serialize;

use super::super::document::SetView;
use super::super::fault::Fault;
use super::super::moment::X12Date;
use super::super::segment::Segment;
use super::super::tree::{self, LoopNode};
use super::super::write::{SetWriter, WriteError, WriteSet};
use super::parts::{self, Currency, DateReference, Party, Reference, Totals, text};
use super::purchase_order::OrderLine;

/// A purchase order acknowledgment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PurchaseOrderAck {
    /// BAK01: `00` original …
    pub purpose: String,
    /// BAK02: `AD` accepted with detail, `AC` with changes, `RD` rejected …
    pub ack_type: String,
    /// BAK03, the buyer's order number.
    pub number: String,
    /// BAK04, the date of the order.
    pub placed_on: Option<X12Date>,
    /// BAK05, release under a blanket order.
    pub release: Option<String>,
    /// BAK08, the seller's own order number.
    pub seller_number: Option<String>,
    /// BAK09, the date of the acknowledgment.
    pub acknowledged_on: Option<X12Date>,
    /// CUR.
    pub currency: Option<Currency>,
    /// REF.
    pub references: Vec<Reference>,
    /// DTM.
    pub dates: Vec<DateReference>,
    /// N1 loops.
    pub parties: Vec<Party>,
    /// PO1 loops.
    pub lines: Vec<AckLine>,
    /// CTT.
    pub totals: Option<Totals>,
}

/// A line of an order with what the seller says of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AckLine {
    /// The line as ordered, or as the seller repeats it.
    pub line: OrderLine,
    /// ACK; several when a line is split.
    pub acks: Vec<LineAck>,
}

/// ACK.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LineAck {
    /// ACK01: `IA` accepted, `IB` backordered, `IQ` quantity changed, `IR` rejected …
    pub status: String,
    /// ACK02.
    pub quantity: Option<Decimal>,
    /// ACK03.
    pub unit: Option<String>,
    /// ACK04, what the date is, such as `068` (current schedule ship).
    pub date_qualifier: Option<String>,
    /// ACK05.
    pub date: Option<X12Date>,
}

impl PurchaseOrderAck {
    /// Reads an 855. Faults are those of its content.
    pub fn read(set: &SetView<'_>) -> (PurchaseOrderAck, Vec<Fault>) {
        let (root, faults) = tree::build(set);
        let bak = root.first("BAK");
        let ack = PurchaseOrderAck {
            purpose: text(bak, 1),
            ack_type: text(bak, 2),
            number: text(bak, 3),
            placed_on: bak.and_then(|s| parts::date(s, 4)),
            release: bak.and_then(|s| s.value(5)),
            seller_number: bak.and_then(|s| s.value(8)),
            acknowledged_on: bak.and_then(|s| parts::date(s, 9)),
            currency: parts::currency(&root),
            references: parts::references(&root),
            dates: parts::dates(&root),
            parties: parts::parties(&root),
            lines: root.children("PO1").map(AckLine::read).collect(),
            totals: parts::totals(&root),
        };
        (ack, faults)
    }
}

impl AckLine {
    fn read(node: &LoopNode<'_>) -> AckLine {
        let acks = node.children("ACK").filter_map(|ack| ack.first("ACK"));
        AckLine { line: OrderLine::read(node), acks: acks.map(LineAck::read).collect() }
    }
}

impl LineAck {
    fn read(ack: Segment<'_>) -> LineAck {
        LineAck {
            status: text(Some(ack), 1),
            quantity: parts::decimal(ack, 2),
            unit: ack.value(3),
            date_qualifier: ack.value(4),
            date: parts::date(ack, 5),
        }
    }
}

impl WriteSet for PurchaseOrderAck {
    fn set_code(&self) -> &'static str {
        "855"
    }

    fn write(&self, out: &mut SetWriter<'_>) -> Result<(), WriteError> {
        out.segment("BAK")
            .need(&self.purpose)
            .need(&self.ack_type)
            .need(&self.number)
            .some(self.placed_on)
            .opt(self.release.as_deref())
            .skip(2)
            .opt(self.seller_number.as_deref())
            .opt(self.acknowledged_on)
            .end()?;
        parts::write_currency(out, self.currency.as_ref())?;
        parts::write_references(out, &self.references)?;
        parts::write_dates(out, &self.dates)?;
        parts::write_parties(out, &self.parties)?;
        for AckLine { line, acks } in &self.lines {
            line.write(out)?;
            for ack in acks {
                out.segment("ACK")
                    .need(&ack.status)
                    .opt(ack.quantity)
                    .opt(ack.unit.as_deref())
                    .opt(ack.date_qualifier.as_deref())
                    .opt(ack.date)
                    .end()?;
            }
        }
        parts::write_totals(out, self.totals.as_ref())
    }
}
