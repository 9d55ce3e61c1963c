//! X12: purchase orders, acknowledgements, despatch advices, freight status and invoices, written by
//! the same writer that Baton's own documents are. Values never contain a delimiter; the tests read
//! every interchange back.

mod goods;
mod papers;

use baton_core::time::Instant;
use baton_formats::x12::sets::{DateReference, Party, ProductId, Reference};
use baton_formats::x12::write::{
    Address, CONTROL_NUMBER_MAX, GroupHeader, InterchangeHeader, InterchangeWriter, WriteError,
    WriteSet,
};
use baton_formats::x12::{Delimiters, X12Date, X12Time};
use jiff::civil::Date;

use super::{Draft, Mark, X12};
use crate::calendar;
use crate::cast::{DISTRIBUTOR_EDI, ERP_EDI, FINANCE_EDI, FREIGHT_EDI, OEM_EDI, Place};
use crate::life::{Group, Supplier};

/// The longest number of interchanges that one order can cause.
const INTERCHANGES_AN_ORDER: u64 = 128;

pub(super) fn say(group: &Group, drafts: &mut Vec<Draft>) {
    let first = group.orders.first().map_or(0, |o| o.number);
    let mut control = first * INTERCHANGES_AN_ORDER;
    let mut add = |source: &'static str, at: Instant, set: Box<dyn WriteSet>, mark: Mark| {
        control += 1;
        let envelope = Envelope { source, at, control, sets: vec![set] };
        drafts.push(draft(&envelope, mark));
    };
    papers::say(group, &mut add);
    goods::say(group, &mut add);
}

/// Where the sets of this module go: source, when, what, and what it tells.
type Add<'a> = dyn FnMut(&'static str, Instant, Box<dyn WriteSet>, Mark) + 'a;

struct Envelope {
    source: &'static str,
    at: Instant,
    control: u64,
    sets: Vec<Box<dyn WriteSet>>,
}

fn draft(envelope: &Envelope, mark: Mark) -> Draft {
    Draft {
        source: envelope.source,
        at: envelope.at,
        own_id: None,
        headers: Vec::new(),
        content_type: X12,
        body: write(envelope).unwrap_or_default(),
        marks: vec![mark],
        damaged_sets: 0,
    }
}

fn write(envelope: &Envelope) -> Result<Vec<u8>, WriteError> {
    let (sender, receiver) = match envelope.source {
        ERP_EDI => ("CONTOSO", "FABRIKAM"),
        OEM_EDI => ("FABRIKAM", "CONTOSO"),
        DISTRIBUTOR_EDI => ("LITWARE", "CONTOSO"),
        FREIGHT_EDI => ("ADATUM", "CONTOSO"),
        FINANCE_EDI => ("CONTOSOFIN", "CONTOSO"),
        _ => ("UNKNOWN", "CONTOSO"),
    };
    let number = u32::try_from(envelope.control % u64::from(CONTROL_NUMBER_MAX)).unwrap_or(0);
    let (date, time) = moment(envelope.at, calendar::OFFICE_ZONE);
    let (Some(date), Some(time)) = (date, time) else { return Ok(Vec::new()) };
    let mut out = InterchangeWriter::new(
        Delimiters::default(),
        &InterchangeHeader {
            sender: Address::agreed(sender),
            receiver: Address::agreed(receiver),
            date,
            time: time.clone(),
            version: "00401".to_owned(),
            control_number: number,
            test: false,
        },
    )?;
    out.begin_group(GroupHeader {
        sender: sender.to_owned(),
        receiver: receiver.to_owned(),
        date,
        time,
        control_number: number,
        version: "004010".to_owned(),
    })?;
    for (n, set) in envelope.sets.iter().enumerate() {
        out.write_set(set.as_ref(), &format!("{:04}", n + 1))?;
    }
    Ok(out.finish())
}

/// Puts a damaged copy of its set beside the good one of an interchange: the copy has lost its
/// second half, and its trailer still counts it.
pub(super) fn damage(draft: &mut Draft) {
    if draft.damaged_sets > 0 {
        return;
    }
    let text = String::from_utf8_lossy(&draft.body);
    let mut segments: Vec<&str> = text.split_terminator('~').collect();
    let find = |id: &str| segments.iter().position(|s| s.starts_with(id));
    let (Some(begins), Some(ends)) = (find("ST*"), find("SE*")) else { return };
    let copy: Vec<String> = segments[begins..=ends].iter().map(|s| renumbered(s)).collect();
    let kept = 1 + (copy.len() - 2) / 2;
    let damaged: Vec<&str> = copy
        .iter()
        .enumerate()
        .filter(|(n, _)| *n < kept || n + 1 == copy.len())
        .map(|(_, s)| s.as_str())
        .collect();
    segments.splice(ends + 1..=ends, damaged);
    let joined = segments.join("~") + "~";
    draft.body = joined.replace("~GE*1*", "~GE*2*").into_bytes();
    draft.damaged_sets += 1;
}

/// The copy has a control number of its own.
fn renumbered(segment: &str) -> String {
    let has_number = segment.starts_with("ST*") || segment.starts_with("SE*");
    match segment.strip_suffix("*0001") {
        Some(head) if has_number => format!("{head}*0002"),
        _ => segment.to_owned(),
    }
}

fn day(date: Date) -> Option<X12Date> {
    let part = |n: i8| u8::try_from(n).ok();
    X12Date::new(u16::try_from(date.year()).ok()?, part(date.month())?, part(date.day())?)
}

/// Date and time of day at a place; seconds are written.
fn moment(at: Instant, zone: &str) -> (Option<X12Date>, Option<X12Time>) {
    let local = calendar::local(at, zone);
    (day(local.date()), X12Time::parse(&local.strftime("%H%M%S").to_string()))
}

/// The X12 code of the offset that a place has at an instant.
fn zone_code(at: Instant, zone: &str) -> &'static str {
    match calendar::local(at, zone).offset().seconds() / 3_600 {
        -4 => "ED",
        -5 if zone == "America/New_York" => "ES",
        -5 => "CD",
        -6 if zone == "America/Chicago" => "CS",
        -6 => "MD",
        -7 if zone == "America/Los_Angeles" => "PD",
        -7 => "MS",
        -8 => "PS",
        _ => "LT",
    }
}

fn dated(qualifier: &str, date: Option<X12Date>) -> DateReference {
    DateReference { qualifier: qualifier.to_owned(), date, time: None, zone: None }
}

fn timed(qualifier: &str, at: Instant, zone: &str) -> DateReference {
    let (date, time) = moment(at, zone);
    let zone = Some(zone_code(at, zone).to_owned());
    DateReference { qualifier: qualifier.to_owned(), date, time, zone }
}

fn reference(qualifier: &str, value: &str) -> Reference {
    Reference { qualifier: qualifier.to_owned(), value: Some(value.to_owned()), description: None }
}

fn sku(sku: &str) -> Vec<ProductId> {
    vec![ProductId { qualifier: "VP".to_owned(), id: sku.to_owned() }]
}

fn party(entity: &str, name: &str, place: &Place) -> Party {
    Party {
        entity: entity.to_owned(),
        name: Some(name.to_owned()),
        city: Some(place.city.to_owned()),
        state: Some(place.region.to_owned()),
        postal_code: Some(place.postcode.to_owned()),
        country: Some("US".to_owned()),
        ..Party::default()
    }
}

const fn feed_of(supplier: Supplier) -> &'static str {
    match supplier {
        Supplier::Oem => OEM_EDI,
        Supplier::Distributor => DISTRIBUTOR_EDI,
    }
}
