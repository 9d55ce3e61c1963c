//! 850: a buyer orders.

use rust_decimal::Decimal;
use serde::Serialize;

use super::super::document::SetView;
use super::super::fault::Fault;
use super::super::moment::X12Date;
use super::super::tree::{self, LoopNode};
use super::super::write::{SetWriter, WriteError, WriteSet};
use super::parts::{self, Currency, DateReference, Party, ProductId, Reference, Totals, text};

/// A purchase order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PurchaseOrder {
    /// BEG01: `00` original, `01` cancellation, `05` replacement …
    pub purpose: String,
    /// BEG02, such as `SA` (stand-alone) or `DS` (drop ship).
    pub order_type: String,
    /// BEG03, the buyer's number.
    pub number: String,
    /// BEG04, release under a blanket order.
    pub release: Option<String>,
    /// BEG05.
    pub placed_on: Option<X12Date>,
    /// CUR.
    pub currency: Option<Currency>,
    /// REF.
    pub references: Vec<Reference>,
    /// DTM.
    pub dates: Vec<DateReference>,
    /// N1 loops.
    pub parties: Vec<Party>,
    /// PO1 loops.
    pub lines: Vec<OrderLine>,
    /// CTT.
    pub totals: Option<Totals>,
}

/// One line of an order or of its acknowledgment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrderLine {
    /// PO101.
    pub number: Option<String>,
    /// PO102.
    pub quantity: Option<Decimal>,
    /// PO103, such as `EA`.
    pub unit: Option<String>,
    /// PO104.
    pub unit_price: Option<Decimal>,
    /// PO105.
    pub price_basis: Option<String>,
    /// PO106 to PO125, in pairs.
    pub products: Vec<ProductId>,
    /// PID05 of each PID.
    pub descriptions: Vec<String>,
    /// REF of the line.
    pub references: Vec<Reference>,
    /// DTM of the line.
    pub dates: Vec<DateReference>,
}

/// Most product identifiers in one PO1 or IT1.
pub(super) const PRODUCTS_MAX: usize = 10;

impl PurchaseOrder {
    /// Reads an 850. Faults are those of its content.
    pub fn read(set: &SetView<'_>) -> (PurchaseOrder, Vec<Fault>) {
        let (root, faults) = tree::build(set);
        let beg = root.first("BEG");
        let order = PurchaseOrder {
            purpose: text(beg, 1),
            order_type: text(beg, 2),
            number: text(beg, 3),
            release: beg.and_then(|s| s.value(4)),
            placed_on: beg.and_then(|s| parts::date(s, 5)),
            currency: parts::currency(&root),
            references: parts::references(&root),
            dates: parts::dates(&root),
            parties: parts::parties(&root),
            lines: root.children("PO1").map(OrderLine::read).collect(),
            totals: parts::totals(&root),
        };
        (order, faults)
    }
}

impl OrderLine {
    /// Reads a PO1 loop.
    pub(super) fn read(node: &LoopNode<'_>) -> OrderLine {
        let po1 = node.first("PO1");
        OrderLine {
            number: node.value("PO1", 1),
            quantity: po1.and_then(|s| parts::decimal(s, 2)),
            unit: node.value("PO1", 3),
            unit_price: po1.and_then(|s| parts::decimal(s, 4)),
            price_basis: node.value("PO1", 5),
            products: po1.map(|s| parts::products(s, 6)).unwrap_or_default(),
            descriptions: parts::descriptions(node),
            references: parts::references(node),
            dates: parts::dates(node),
        }
    }

    pub(super) fn write(&self, out: &mut SetWriter<'_>) -> Result<(), WriteError> {
        parts::room("PO1", self.products.len(), PRODUCTS_MAX)?;
        let mut po1 = out
            .segment("PO1")
            .opt(self.number.as_deref())
            .opt(self.quantity)
            .opt(self.unit.as_deref())
            .opt(self.unit_price)
            .opt(self.price_basis.as_deref());
        for product in &self.products {
            po1 = po1.text(&product.qualifier).text(&product.id);
        }
        po1.end()?;
        parts::write_descriptions(out, &self.descriptions)?;
        parts::write_references(out, &self.references)?;
        parts::write_dates(out, &self.dates)
    }
}

impl WriteSet for PurchaseOrder {
    fn set_code(&self) -> &'static str {
        "850"
    }

    fn write(&self, out: &mut SetWriter<'_>) -> Result<(), WriteError> {
        out.segment("BEG")
            .need(&self.purpose)
            .need(&self.order_type)
            .need(&self.number)
            .opt(self.release.as_deref())
            .some(self.placed_on)
            .end()?;
        parts::write_currency(out, self.currency.as_ref())?;
        parts::write_references(out, &self.references)?;
        parts::write_dates(out, &self.dates)?;
        parts::write_parties(out, &self.parties)?;
        for line in &self.lines {
            line.write(out)?;
        }
        parts::write_totals(out, self.totals.as_ref())
    }
}
