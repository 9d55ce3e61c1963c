//! The segments that many sets share: references, dates, parties, products, totals.

use rust_decimal::Decimal;
use serde::Serialize;

use super::super::content;
use super::super::moment::{X12Date, X12Time};
use super::super::segment::{Segment, clean};
use super::super::tree::LoopNode;
use super::super::write::{SetWriter, WriteError};

/// REF, or L11 with its elements the other way round: a number of some kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// What kind of number, such as `BM` (bill of lading) or `CN` (carrier's reference).
    pub qualifier: String,
    /// The number.
    pub value: Option<String>,
    /// Free text beside it.
    pub description: Option<String>,
}

/// DTM: a date, a time or both, of some kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DateReference {
    /// What happens then, such as `011` (shipped) or `002` (delivery requested).
    pub qualifier: String,
    /// The date as written.
    pub date: Option<X12Date>,
    /// The time as written.
    pub time: Option<X12Time>,
    /// The time code as written, such as `ET`; see [`super::super::zone`].
    pub zone: Option<String>,
}

/// N1 with N3 and N4: somebody who has a part in it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Party {
    /// Which part, such as `BY` (buyer) or `ST` (ship to).
    pub entity: String,
    /// Name.
    pub name: Option<String>,
    /// What kind of identifier, such as `92` (assigned by the buyer).
    pub id_qualifier: Option<String>,
    /// The identifier.
    pub id: Option<String>,
    /// Address lines, at most [`ADDRESS_LINES_MAX`] of which are written.
    pub address: Vec<String>,
    /// City.
    pub city: Option<String>,
    /// State or province.
    pub state: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Country.
    pub country: Option<String>,
}

/// Two N3 segments of two lines each.
pub const ADDRESS_LINES_MAX: usize = 4;

/// One of the identifiers of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProductId {
    /// What kind of identifier, such as `VP` (vendor's part number) or `UP` (UPC).
    pub qualifier: String,
    /// The identifier.
    pub id: String,
}

/// CUR.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Currency {
    /// Whose currency it is, such as `BY`.
    pub entity: String,
    /// Currency code, such as `USD`.
    pub code: String,
}

/// CTT: what the sender counted, to compare with what was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Number of lines.
    pub line_count: u32,
    /// Sum of some quantity over the lines, by agreement.
    pub hash_total: Option<Decimal>,
}

pub(super) fn date(segment: Segment<'_>, position: usize) -> Option<X12Date> {
    X12Date::parse(&segment.text(position))
}

pub(super) fn time(segment: Segment<'_>, position: usize) -> Option<X12Time> {
    X12Time::parse(&segment.text(position))
}

pub(super) fn decimal(segment: Segment<'_>, position: usize) -> Option<Decimal> {
    content::decimal(&segment.text(position)).filter(|_| !segment.element(position).is_empty())
}

pub(super) fn whole(segment: Segment<'_>, position: usize) -> Option<u32> {
    content::integer(&segment.text(position)).and_then(|n| u32::try_from(n).ok())
}

/// Element of a segment that may be absent; empty if either is.
pub(super) fn text(segment: Option<Segment<'_>>, position: usize) -> String {
    segment.and_then(|s| s.value(position)).unwrap_or_default()
}

pub(super) fn references(node: &LoopNode<'_>) -> Vec<Reference> {
    let read = |s: Segment<'_>| Reference {
        qualifier: text(Some(s), 1),
        value: s.value(2),
        description: s.value(3),
    };
    node.all("REF").map(read).collect()
}

pub(super) fn write_references(
    out: &mut SetWriter<'_>,
    references: &[Reference],
) -> Result<(), WriteError> {
    for reference in references {
        out.segment("REF")
            .need(&reference.qualifier)
            .opt(reference.value.as_deref())
            .opt(reference.description.as_deref())
            .end()?;
    }
    Ok(())
}

pub(super) fn dates(node: &LoopNode<'_>) -> Vec<DateReference> {
    let read = |s: Segment<'_>| DateReference {
        qualifier: text(Some(s), 1),
        date: date(s, 2),
        time: time(s, 3),
        zone: s.value(4),
    };
    node.all("DTM").map(read).collect()
}

pub(super) fn write_dates(
    out: &mut SetWriter<'_>,
    dates: &[DateReference],
) -> Result<(), WriteError> {
    for date in dates {
        out.segment("DTM")
            .need(&date.qualifier)
            .opt(date.date)
            .opt(date.time.as_ref())
            .opt(date.zone.as_deref())
            .end()?;
    }
    Ok(())
}

pub(super) fn parties(node: &LoopNode<'_>) -> Vec<Party> {
    let read = |n1: &LoopNode<'_>| {
        let n4 = n1.first("N4");
        let of_n4 = |position| n4.and_then(|s| s.value(position));
        let lines = n1.all("N3").flat_map(|s| [s.value(1), s.value(2)]);
        Party {
            entity: text(n1.first("N1"), 1),
            name: n1.value("N1", 2),
            id_qualifier: n1.value("N1", 3),
            id: n1.value("N1", 4),
            address: lines.flatten().collect(),
            city: of_n4(1),
            state: of_n4(2),
            postal_code: of_n4(3),
            country: of_n4(4),
        }
    };
    node.children("N1").map(read).collect()
}

pub(super) fn write_parties(out: &mut SetWriter<'_>, parties: &[Party]) -> Result<(), WriteError> {
    for party in parties {
        out.segment("N1")
            .need(&party.entity)
            .opt(party.name.as_deref())
            .opt(party.id_qualifier.as_deref())
            .opt(party.id.as_deref())
            .end()?;
        room("N3", party.address.len(), ADDRESS_LINES_MAX)?;
        for lines in party.address.chunks(2) {
            let [first, rest @ ..] = lines else { continue };
            out.segment("N3").need(first).opt(rest.first()).end()?;
        }
        let place = [&party.city, &party.state, &party.postal_code, &party.country];
        if place.iter().any(|value| value.is_some()) {
            let mut n4 = out.segment("N4");
            for value in place {
                n4 = n4.opt(value.as_deref());
            }
            n4.end()?;
        }
    }
    Ok(())
}

/// Refuses a list that has no room, rather than to cut it.
pub(super) fn room(segment: &str, count: usize, count_max: usize) -> Result<(), WriteError> {
    if count <= count_max {
        return Ok(());
    }
    Err(WriteError::Count { segment: segment.to_owned(), count, count_max })
}

/// Pairs of qualifier and identifier from element `first` on. A pair of which one half is empty is
/// kept: half an identifier is still evidence.
pub(super) fn products(segment: Segment<'_>, first: usize) -> Vec<ProductId> {
    let mut elements = segment.elements().skip(first - 1);
    let mut found = Vec::new();
    while let Some(qualifier) = elements.next() {
        let text = |element| clean(element).trim_end().to_owned();
        let (qualifier, id) = (text(qualifier), text(elements.next().unwrap_or_default()));
        if !qualifier.is_empty() || !id.is_empty() {
            found.push(ProductId { qualifier, id });
        }
    }
    found
}

pub(super) fn descriptions(node: &LoopNode<'_>) -> Vec<String> {
    let in_loops = node.children("PID").filter_map(|pid| pid.value("PID", 5));
    node.all("PID").filter_map(|s| s.value(5)).chain(in_loops).collect()
}

pub(super) fn write_descriptions(
    out: &mut SetWriter<'_>,
    descriptions: &[String],
) -> Result<(), WriteError> {
    for description in descriptions {
        out.segment("PID").need("F").skip(3).need(description).end()?;
    }
    Ok(())
}

pub(super) fn currency(node: &LoopNode<'_>) -> Option<Currency> {
    let cur = node.first("CUR")?;
    Some(Currency { entity: text(Some(cur), 1), code: text(Some(cur), 2) })
}

pub(super) fn write_currency(
    out: &mut SetWriter<'_>,
    currency: Option<&Currency>,
) -> Result<(), WriteError> {
    let Some(currency) = currency else { return Ok(()) };
    out.segment("CUR").need(&currency.entity).need(&currency.code).end()
}

pub(super) fn totals(node: &LoopNode<'_>) -> Option<Totals> {
    let in_loop = node.children("CTT").find_map(|ctt| ctt.first("CTT"));
    let ctt = node.first("CTT").or(in_loop)?;
    Some(Totals { line_count: whole(ctt, 1)?, hash_total: decimal(ctt, 2) })
}

pub(super) fn write_totals(
    out: &mut SetWriter<'_>,
    totals: Option<&Totals>,
) -> Result<(), WriteError> {
    let Some(totals) = totals else { return Ok(()) };
    out.segment("CTT").number(totals.line_count).opt(totals.hash_total).end()
}
