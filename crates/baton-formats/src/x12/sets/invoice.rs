//! 810: a seller asks for money.

use rust_decimal::Decimal;
use serde::Serialize;

use super::super::content;
use super::super::document::SetView;
use super::super::fault::Fault;
use super::super::moment::X12Date;
use super::super::tree::{self, LoopNode};
use super::super::write::{SetWriter, WriteError, WriteSet};
use super::parts::{self, Currency, DateReference, Party, ProductId, Reference, Totals, text};
use super::purchase_order::PRODUCTS_MAX;

/// TDS amounts are written without a decimal point; their last two digits are fractions.
const TDS_DECIMALS: u32 = 2;

/// An invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Invoice {
    /// BIG01.
    pub invoiced_on: Option<X12Date>,
    /// BIG02.
    pub number: String,
    /// BIG03.
    pub order_placed_on: Option<X12Date>,
    /// BIG04.
    pub order_number: Option<String>,
    /// BIG07, such as `DI` (debit) or `CR` (credit memo).
    pub invoice_type: Option<String>,
    /// CUR.
    pub currency: Option<Currency>,
    /// REF.
    pub references: Vec<Reference>,
    /// N1 loops.
    pub parties: Vec<Party>,
    /// DTM.
    pub dates: Vec<DateReference>,
    /// IT1 loops.
    pub lines: Vec<InvoiceLine>,
    /// TDS01, the amount to pay.
    pub total: Option<Decimal>,
    /// CTT.
    pub totals: Option<Totals>,
}

/// One line of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InvoiceLine {
    /// IT101.
    pub number: Option<String>,
    /// IT102.
    pub quantity: Option<Decimal>,
    /// IT103.
    pub unit: Option<String>,
    /// IT104.
    pub unit_price: Option<Decimal>,
    /// IT105.
    pub price_basis: Option<String>,
    /// IT106 to IT125, in pairs.
    pub products: Vec<ProductId>,
    /// PID05 of each PID.
    pub descriptions: Vec<String>,
    /// REF of the line, such as the order it bills.
    pub references: Vec<Reference>,
}

impl Invoice {
    /// Reads an 810. Faults are those of its content.
    pub fn read(set: &SetView<'_>) -> (Invoice, Vec<Fault>) {
        let (root, faults) = tree::build(set);
        let big = root.first("BIG");
        let tds = root.first("TDS").and_then(|s| content::integer(&s.text(1)));
        let invoice = Invoice {
            invoiced_on: big.and_then(|s| parts::date(s, 1)),
            number: text(big, 2),
            order_placed_on: big.and_then(|s| parts::date(s, 3)),
            order_number: big.and_then(|s| s.value(4)),
            invoice_type: big.and_then(|s| s.value(7)),
            currency: parts::currency(&root),
            references: parts::references(&root),
            parties: parts::parties(&root),
            dates: parts::dates(&root),
            lines: root.children("IT1").map(InvoiceLine::read).collect(),
            total: tds.map(|amount| Decimal::new(amount, TDS_DECIMALS)),
            totals: parts::totals(&root),
        };
        (invoice, faults)
    }
}

impl InvoiceLine {
    fn read(node: &LoopNode<'_>) -> InvoiceLine {
        let it1 = node.first("IT1");
        InvoiceLine {
            number: node.value("IT1", 1),
            quantity: it1.and_then(|s| parts::decimal(s, 2)),
            unit: node.value("IT1", 3),
            unit_price: it1.and_then(|s| parts::decimal(s, 4)),
            price_basis: node.value("IT1", 5),
            products: it1.map(|s| parts::products(s, 6)).unwrap_or_default(),
            descriptions: parts::descriptions(node),
            references: parts::references(node),
        }
    }

    fn write(&self, out: &mut SetWriter<'_>) -> Result<(), WriteError> {
        parts::room("IT1", self.products.len(), PRODUCTS_MAX)?;
        let mut it1 = out
            .segment("IT1")
            .opt(self.number.as_deref())
            .opt(self.quantity)
            .opt(self.unit.as_deref())
            .opt(self.unit_price)
            .opt(self.price_basis.as_deref());
        for product in &self.products {
            it1 = it1.text(&product.qualifier).text(&product.id);
        }
        it1.end()?;
        parts::write_descriptions(out, &self.descriptions)?;
        parts::write_references(out, &self.references)
    }
}

impl WriteSet for Invoice {
    fn set_code(&self) -> &'static str {
        "810"
    }

    fn write(&self, out: &mut SetWriter<'_>) -> Result<(), WriteError> {
        out.segment("BIG")
            .some(self.invoiced_on)
            .need(&self.number)
            .opt(self.order_placed_on)
            .opt(self.order_number.as_deref())
            .skip(2)
            .opt(self.invoice_type.as_deref())
            .end()?;
        parts::write_currency(out, self.currency.as_ref())?;
        parts::write_references(out, &self.references)?;
        parts::write_parties(out, &self.parties)?;
        parts::write_dates(out, &self.dates)?;
        for line in &self.lines {
            line.write(out)?;
        }
        if self.total.is_none() {
            return Err(WriteError::Empty { element: "TDS01".to_owned() });
        }
        out.segment("TDS").implied(self.total, TDS_DECIMALS).end()?;
        parts::write_totals(out, self.totals.as_ref())
    }
}
