//! 856: a seller tells what it shipped. Partners nest the same content differently (orders in
//! shipments with packs in them, packs that hold several orders, no packs at all), so the document
//! keeps the tree as it was sent; [`ShipNotice::items`] answers the question behind most of them.

use rust_decimal::Decimal;
use serde::Serialize;

use super::super::document::SetView;
use super::super::fault::Fault;
use super::super::moment::{X12Date, X12Time};
use super::super::segment::Segment;
use super::super::tree::{self, LoopNode};
use super::super::write::{SetWriter, WriteError, WriteSet};
use super::parts::{self, DateReference, Party, ProductId, Reference, Totals, text};

/// A ship notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShipNotice {
    /// BSN01: `00` original, `01` cancellation, `05` replacement …
    pub purpose: String,
    /// BSN02.
    pub shipment_id: String,
    /// BSN03, when the notice was made.
    pub date: Option<X12Date>,
    /// BSN04.
    pub time: Option<X12Time>,
    /// BSN05, how the levels are nested, such as `0001`.
    pub structure: Option<String>,
    /// DTM before the levels.
    pub dates: Vec<DateReference>,
    /// The outermost HL loops, usually one shipment.
    pub levels: Vec<Level>,
    /// CTT.
    pub totals: Option<Totals>,
}

/// One HL loop.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Level {
    /// HL03: `S` shipment, `O` order, `T` tare, `P` pack, `I` item.
    pub code: String,
    /// LIN and SN1.
    pub item: Option<Item>,
    /// PRF.
    pub order: Option<OrderReference>,
    /// PID05 of each PID.
    pub descriptions: Vec<String>,
    /// TD1.
    pub packaging: Vec<Packaging>,
    /// TD5.
    pub routing: Vec<Routing>,
    /// REF.
    pub references: Vec<Reference>,
    /// MAN.
    pub marks: Vec<Mark>,
    /// DTM.
    pub dates: Vec<DateReference>,
    /// N1 loops.
    pub parties: Vec<Party>,
    /// HL loops that name this one as parent.
    pub levels: Vec<Level>,
}

/// LIN and SN1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// LIN01, the line of the order.
    pub line: Option<String>,
    /// LIN02 and on, in pairs.
    pub products: Vec<ProductId>,
    /// SN102.
    pub quantity: Option<Decimal>,
    /// SN103.
    pub unit: Option<String>,
    /// SN104, shipped to date.
    pub quantity_to_date: Option<Decimal>,
    /// SN105, as ordered.
    pub quantity_ordered: Option<Decimal>,
    /// SN106.
    pub unit_ordered: Option<String>,
    /// SN108, such as `AC` (accepted) or `IP` (price changed).
    pub status: Option<String>,
}

/// PRF.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrderReference {
    /// PRF01, the buyer's order number.
    pub number: String,
    /// PRF02.
    pub release: Option<String>,
    /// PRF04.
    pub placed_on: Option<X12Date>,
}

/// TD1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Packaging {
    /// TD101, such as `CTN`.
    pub code: Option<String>,
    /// TD102, how many.
    pub count: Option<u32>,
    /// TD106, such as `G` (gross).
    pub weight_qualifier: Option<String>,
    /// TD107.
    pub weight: Option<Decimal>,
    /// TD108.
    pub weight_unit: Option<String>,
}

/// TD5.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Routing {
    /// TD501.
    pub sequence: Option<String>,
    /// TD502, `2` for a SCAC.
    pub id_qualifier: Option<String>,
    /// TD503, the carrier.
    pub id: Option<String>,
    /// TD504, such as `M` (motor).
    pub mode: Option<String>,
    /// TD505, in words.
    pub routing: Option<String>,
}

/// MAN.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mark {
    /// MAN01: `GM` an SSCC, `CP` a carrier's tracking number …
    pub qualifier: String,
    /// MAN02.
    pub value: String,
}

/// Most product identifiers in one LIN.
const LIN_PRODUCTS_MAX: usize = 15;

/// An item together with what it was shipped in and for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShippedItem<'n> {
    /// The nearest order about it.
    pub order: Option<&'n OrderReference>,
    /// The marks of the nearest level about it (or its own) that has any.
    pub marks: &'n [Mark],
    /// The item.
    pub item: &'n Item,
}

impl ShipNotice {
    /// Reads an 856. Faults are those of its content.
    pub fn read(set: &SetView<'_>) -> (ShipNotice, Vec<Fault>) {
        let (root, faults) = tree::build(set);
        let bsn = root.first("BSN");
        let notice = ShipNotice {
            purpose: text(bsn, 1),
            shipment_id: text(bsn, 2),
            date: bsn.and_then(|s| parts::date(s, 3)),
            time: bsn.and_then(|s| parts::time(s, 4)),
            structure: bsn.and_then(|s| s.value(5)),
            dates: parts::dates(&root),
            levels: root.children("HL").map(Level::read).collect(),
            totals: parts::totals(&root),
        };
        (notice, faults)
    }

    /// Every item with its order and its marks, whatever the nesting.
    pub fn items(&self) -> Vec<ShippedItem<'_>> {
        let mut found = Vec::new();
        for level in &self.levels {
            level.collect_items(None, &[], &mut found);
        }
        found
    }
}

// Recursion below is bounded: reading nests at most `HL_DEPTH_MAX` levels.
impl Level {
    /// A level with a code and nothing in it.
    pub fn new(code: impl Into<String>) -> Level {
        Level { code: code.into(), ..Level::default() }
    }

    fn collect_items<'n>(
        &'n self,
        order: Option<&'n OrderReference>,
        marks: &'n [Mark],
        found: &mut Vec<ShippedItem<'n>>,
    ) {
        let order = self.order.as_ref().or(order);
        let marks = if self.marks.is_empty() { marks } else { &self.marks };
        if let Some(item) = &self.item {
            found.push(ShippedItem { order, marks, item });
        }
        for level in &self.levels {
            level.collect_items(order, marks, found);
        }
    }

    fn read(node: &LoopNode<'_>) -> Level {
        let (lin, sn1) = (node.first("LIN"), node.first("SN1"));
        Level {
            code: text(node.first("HL"), 3),
            item: lin.or(sn1).map(|_| Item::read(lin, sn1)),
            order: node.first("PRF").map(|prf| OrderReference {
                number: text(Some(prf), 1),
                release: prf.value(2),
                placed_on: parts::date(prf, 4),
            }),
            descriptions: parts::descriptions(node),
            packaging: node.all("TD1").map(Packaging::read).collect(),
            routing: node.all("TD5").map(Routing::read).collect(),
            references: parts::references(node),
            marks: node.all("MAN").map(Mark::read).collect(),
            dates: parts::dates(node),
            parties: parts::parties(node),
            levels: node.children("HL").map(Level::read).collect(),
        }
    }

    /// Writes the level under `parent` and counts `number` on.
    fn write(
        &self,
        out: &mut SetWriter<'_>,
        parent: Option<u32>,
        number: &mut u32,
    ) -> Result<(), WriteError> {
        *number += 1;
        let own = *number;
        let children = if self.levels.is_empty() { "0" } else { "1" };
        out.segment("HL").number(own).opt(parent).need(&self.code).need(children).end()?;
        if let Some(item) = &self.item {
            item.write(out)?;
        }
        if let Some(order) = &self.order {
            out.segment("PRF")
                .need(&order.number)
                .opt(order.release.as_deref())
                .skip(1)
                .opt(order.placed_on)
                .end()?;
        }
        parts::write_descriptions(out, &self.descriptions)?;
        self.write_transport(out)?;
        parts::write_references(out, &self.references)?;
        for mark in &self.marks {
            out.segment("MAN").need(&mark.qualifier).need(&mark.value).end()?;
        }
        parts::write_dates(out, &self.dates)?;
        parts::write_parties(out, &self.parties)?;
        for level in &self.levels {
            level.write(out, Some(own), number)?;
        }
        Ok(())
    }

    fn write_transport(&self, out: &mut SetWriter<'_>) -> Result<(), WriteError> {
        for packaging in &self.packaging {
            out.segment("TD1")
                .opt(packaging.code.as_deref())
                .opt(packaging.count)
                .skip(3)
                .opt(packaging.weight_qualifier.as_deref())
                .opt(packaging.weight)
                .opt(packaging.weight_unit.as_deref())
                .end()?;
        }
        for routing in &self.routing {
            out.segment("TD5")
                .opt(routing.sequence.as_deref())
                .opt(routing.id_qualifier.as_deref())
                .opt(routing.id.as_deref())
                .opt(routing.mode.as_deref())
                .opt(routing.routing.as_deref())
                .end()?;
        }
        Ok(())
    }
}

impl Item {
    fn read(lin: Option<Segment<'_>>, sn1: Option<Segment<'_>>) -> Item {
        let line = lin.and_then(|s| s.value(1)).or_else(|| sn1.and_then(|s| s.value(1)));
        let quantity = |position| sn1.and_then(|s| parts::decimal(s, position));
        Item {
            line,
            products: lin.map(|s| parts::products(s, 2)).unwrap_or_default(),
            quantity: quantity(2),
            unit: sn1.and_then(|s| s.value(3)),
            quantity_to_date: quantity(4),
            quantity_ordered: quantity(5),
            unit_ordered: sn1.and_then(|s| s.value(6)),
            status: sn1.and_then(|s| s.value(8)),
        }
    }

    fn write(&self, out: &mut SetWriter<'_>) -> Result<(), WriteError> {
        parts::room("LIN", self.products.len(), LIN_PRODUCTS_MAX)?;
        if !self.products.is_empty() {
            let mut lin = out.segment("LIN").opt(self.line.as_deref());
            for product in &self.products {
                lin = lin.text(&product.qualifier).text(&product.id);
            }
            lin.end()?;
        }
        // An item that is only named, as in a notice of serial numbers, has no SN1.
        if self.quantity.is_none() && self.unit.is_none() && !self.products.is_empty() {
            return Ok(());
        }
        out.segment("SN1")
            .opt(self.line.as_deref())
            .some(self.quantity)
            .some(self.unit.as_deref())
            .opt(self.quantity_to_date)
            .opt(self.quantity_ordered)
            .opt(self.unit_ordered.as_deref())
            .skip(1)
            .opt(self.status.as_deref())
            .end()
    }
}

impl Packaging {
    fn read(td1: Segment<'_>) -> Packaging {
        Packaging {
            code: td1.value(1),
            count: parts::whole(td1, 2),
            weight_qualifier: td1.value(6),
            weight: parts::decimal(td1, 7),
            weight_unit: td1.value(8),
        }
    }
}

impl Routing {
    fn read(td5: Segment<'_>) -> Routing {
        Routing {
            sequence: td5.value(1),
            id_qualifier: td5.value(2),
            id: td5.value(3),
            mode: td5.value(4),
            routing: td5.value(5),
        }
    }
}

impl Mark {
    fn read(man: Segment<'_>) -> Mark {
        Mark { qualifier: text(Some(man), 1), value: text(Some(man), 2) }
    }
}

impl WriteSet for ShipNotice {
    fn set_code(&self) -> &'static str {
        "856"
    }

    fn write(&self, out: &mut SetWriter<'_>) -> Result<(), WriteError> {
        out.segment("BSN")
            .need(&self.purpose)
            .need(&self.shipment_id)
            .some(self.date)
            .some(self.time.as_ref())
            .opt(self.structure.as_deref())
            .end()?;
        parts::write_dates(out, &self.dates)?;
        let mut number = 0;
        for level in &self.levels {
            level.write(out, None, &mut number)?;
        }
        parts::write_totals(out, self.totals.as_ref())
    }
}
