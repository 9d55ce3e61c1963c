//! From what a mapping yields to statements: the vocabulary that integrators write.
//!
//! A mapping yields objects such as
//! `{"about": {"order": ["po", "PO-1"]}, "milestone": "O10", "at": "2026-05-03T14:10:00Z"}`.
//! One object says who it is about, when, and one or more things; each becomes a [`Statement`]. A key
//! whose value is null says nothing, so that a mapping need not ask first whether a field is there.

mod parts;
mod status;

use baton_core::fact::{
    Body, Classifier, Detail, Field, LinkClass, Measure, Place, Presence, Relation, Signal,
    Statement, Value,
};
use baton_core::identifier::{About, Identifier};
use baton_core::milestone::Milestone;
use baton_core::taxonomy::ExceptionCode;
use baton_core::time::{Happened, Instant};
use jaq_json::Val;
use jiff::tz::TimeZone;
use smol_str::SmolStr;

pub(crate) use self::parts::text_of;
use crate::codes::CodeTables;
use crate::finding::nearest;
use crate::mapping_fault::{MappingCode, MappingFault};
use crate::moment;

/// Who sent a message: what the server knows of its source.
#[derive(Debug, Clone, Copy)]
pub struct Sender<'a> {
    /// The source's key.
    pub source: &'a str,
    /// The partner's key, if it is a partner's.
    pub partner: Option<&'a str>,
    /// The role that the source speaks as.
    pub role: &'a str,
}

impl Sender<'_> {
    /// `$source` and `$partner` by their values, anything else as it is.
    pub(crate) fn issuer<'t>(&'t self, text: &'t str) -> &'t str {
        match text {
            "$partner" => self.partner.unwrap_or(self.source),
            "$source" => self.source,
            literal => literal,
        }
    }
}

/// What statements of one message are read by.
pub(crate) struct Reader<'a> {
    pub(crate) sender: Sender<'a>,
    pub(crate) tables: &'a CodeTables,
    /// Who gives numbers of a scheme, where the statement does not say.
    pub(crate) issuers: &'a [(SmolStr, SmolStr)],
    pub(crate) issuer: &'a str,
    pub(crate) zone: Option<&'a TimeZone>,
    pub(crate) received_at: Instant,
}

/// Statements read, and what was wrong.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) statements: Vec<Statement>,
    pub(crate) faults: Vec<MappingFault>,
    pub(crate) warnings: Vec<MappingFault>,
}

type Result<T> = std::result::Result<T, MappingFault>;

/// Keys that say nothing by themselves.
const MODIFIERS: &[&str] = &[
    "about", "at", "zone", "pointer", "via", "place", "text", "reason", "liable", "strength",
    "removed",
];
/// Keys that say something, beside measures and fields.
const SAYINGS: &[&str] = &[
    "milestone",
    "status",
    "same_as",
    "contains",
    "billed_by",
    "served_by",
    "part_of",
    "bills",
    "serves",
    "plays",
    "trouble",
    "cleared",
    "retracted",
    "note",
    "fault",
];
const CLASSIFIERS: [(&str, Classifier); 5] = [
    ("requested", Classifier::Requested),
    ("promised", Classifier::Promised),
    ("planned", Classifier::Planned),
    ("estimated", Classifier::Estimated),
    ("appointed", Classifier::Appointed),
];
const MEASURES: [(&str, Measure); 10] = [
    ("ordered", Measure::Ordered),
    ("confirmed", Measure::Confirmed),
    ("backordered", Measure::Backordered),
    ("allocated", Measure::Allocated),
    ("shipped", Measure::Shipped),
    ("delivered", Measure::Delivered),
    ("received", Measure::Received),
    ("cancelled", Measure::Cancelled),
    ("invoiced", Measure::Invoiced),
    ("returned", Measure::Returned),
];
const FIELDS: [(&str, Field); 12] = [
    ("price", Field::Price),
    ("total", Field::Total),
    ("description", Field::Description),
    ("customer_ref", Field::CustomerRef),
    ("customer_name", Field::CustomerName),
    ("ship_to_place", Field::ShipToPlace),
    ("ship_to_postcode", Field::ShipToPostcode),
    ("ship_to_country", Field::ShipToCountry),
    ("channel", Field::Channel),
    ("incoterm", Field::Incoterm),
    ("service_level", Field::ServiceLevel),
    ("number", Field::Number),
];

fn named<T: Copy>(table: &[(&str, T)], name: &str) -> Option<T> {
    table.iter().find(|(n, _)| *n == name).map(|(_, value)| *value)
}

/// Every key that a statement may have.
pub(crate) fn keys() -> impl Iterator<Item = &'static str> {
    let classifiers = CLASSIFIERS.iter().map(|(n, _)| *n);
    let measures = MEASURES.iter().map(|(n, _)| *n);
    let fields = FIELDS.iter().map(|(n, _)| *n);
    let plain = MODIFIERS.iter().chain(SAYINGS).copied();
    plain.chain(classifiers).chain(measures).chain(fields)
}

/// What all things said by one object share.
struct Common {
    about: About,
    happened: Happened,
    detail: Detail,
    place: Place,
    via: Option<Identifier>,
    class: LinkClass,
    presence: Presence,
}

impl Reader<'_> {
    /// Reads one output of a mapping. `place` is the evidence unless the object names its own.
    pub(crate) fn read(&self, value: &Val, place: &Place, into: &mut Read) {
        let place = match (value, place) {
            (Val::Obj(_), Place::Pointer(_) | Place::None) => {
                let named = parts::optional(value, "pointer").and_then(text_of);
                named.map_or_else(|| place.clone(), |p| Place::Pointer(p.into()))
            }
            _ => place.clone(),
        };
        let before = into.statements.len();
        if let Err(fault) = self.read_object(value, &place, into) {
            into.statements.truncate(before);
            into.faults.push(fault.at(&place));
        }
    }

    fn read_object(&self, value: &Val, place: &Place, into: &mut Read) -> Result<()> {
        let Val::Obj(object) = value else {
            let expected = "an object with `about` and what is said of it";
            return Err(MappingFault::new(
                MappingCode::NotAStatement,
                &value.to_string(),
                expected,
            ));
        };
        let key_of = |key: &str| parts::optional(value, key);
        let common = self.common(&key_of, place)?;
        let before = into.statements.len();
        let mut said = false;
        for (key, value) in object.iter() {
            let name = text_of(key).unwrap_or_default();
            if MODIFIERS.contains(&name) {
                continue;
            }
            said = true;
            if *value == Val::Null {
                if keys().any(|known| known == name) {
                    continue;
                }
                return Err(unknown_key(name));
            }
            self.say(name, value, &common, into).map_err(|fault| fault.key(name))?;
        }
        if !said && into.statements.len() == before {
            let expected = "something said, such as `milestone`, `status` or `ordered`";
            return Err(MappingFault::new(MappingCode::NotAStatement, "", expected));
        }
        Ok(())
    }

    fn common<'v>(
        &self,
        key_of: &dyn Fn(&str) -> Option<&'v Val>,
        place: &Place,
    ) -> Result<Common> {
        let about = match key_of("about") {
            Some(about) => self.about(about).map_err(|fault| fault.key("about"))?,
            None => return Err(MappingFault::new(MappingCode::NoSubject, "", "`about`")),
        };
        let zone = key_of("zone").map(|z| self.zone_of(z)).transpose()?;
        let zone = zone.as_ref().or(self.zone);
        let happened = match key_of("at") {
            Some(at) => self.time(at, zone).map_err(|fault| fault.key("at"))?,
            None => None,
        };
        let text = |key| key_of(key).and_then(text_of).map(SmolStr::from);
        let detail = Detail {
            place: text("place"),
            text: text("text"),
            liable: key_of("liable").map(parts::role).transpose()?,
            reason: None,
            status: None,
        };
        let class = match key_of("strength").map(|v| text_of(v).unwrap_or_default()) {
            None | Some("declared_key") => LinkClass::DeclaredKey,
            Some("reference") => LinkClass::Reference,
            Some(other) => {
                let expected = "declared_key or reference";
                return Err(
                    MappingFault::new(MappingCode::NotAStatement, other, expected).key("strength")
                );
            }
        };
        let removed = matches!(key_of("removed"), Some(Val::Bool(true)));
        let via = match key_of("via") {
            Some(via) => self.object(via).map_err(|fault| fault.key("via"))?,
            None => None,
        };
        Ok(Common {
            about,
            happened: happened.unwrap_or_else(|| Happened::received(self.received_at)),
            detail,
            place: place.clone(),
            via,
            class,
            presence: if removed { Presence::Removed } else { Presence::Added },
        })
    }

    fn say(&self, name: &str, value: &Val, common: &Common, into: &mut Read) -> Result<()> {
        if let Some(measure) = named(&MEASURES, name) {
            let quantity = parts::quantity(value)?;
            let via = common.via.clone().map(Box::new);
            return common.state(Body::Amount { measure, quantity, via }, into);
        }
        if let Some(field) = named(&FIELDS, name) {
            let value = match field {
                Field::Price | Field::Total => Value::Money(parts::money(value)?),
                _ => Value::Text(parts::text(value)?),
            };
            return common.state(Body::Stated { field, value }, into);
        }
        if let Some(classifier) = named(&CLASSIFIERS, name) {
            return self.expect(classifier, value, common, into);
        }
        match name {
            "milestone" => {
                let (milestone, detail) = (milestone(value)?, common.detail.clone());
                let classifier = Classifier::Actual;
                let body = Body::Progress { milestone, classifier, due: None, detail };
                common.state(body, into)
            }
            "status" => self.status(value, common, into),
            "same_as" => match self.other(value, &common.place, into)? {
                Some(other) => common.state(Body::Same { other, class: common.class }, into),
                None => Ok(()),
            },
            "contains" => self.relate(Relation::Contains, value, common, into),
            "billed_by" => self.relate(Relation::BilledBy, value, common, into),
            "served_by" => self.relate(Relation::ServedBy, value, common, into),
            "part_of" => self.relate_up(Relation::Contains, value, common, into),
            "bills" => self.relate_up(Relation::BilledBy, value, common, into),
            "serves" => self.relate_up(Relation::ServedBy, value, common, into),
            "plays" => {
                let (role, partner) = parts::plays(value, &self.sender)?;
                common.state(Body::Plays { role, partner }, into)
            }
            "trouble" => common.signal(exception(value)?, Signal::Raised, into),
            "cleared" => common.signal(exception(value)?, Signal::Cleared, into),
            "retracted" => {
                let milestone = match value {
                    Val::Bool(true) => None,
                    code => Some(milestone(code)?),
                };
                common.state(Body::Retracted { milestone, classifier: None }, into)
            }
            "note" => common.state(Body::Noted { text: parts::text(value)? }, into),
            "fault" => {
                let exception = exception(parts::member(value, "exception")?)?;
                let text = parts::text(parts::member(value, "text")?)?;
                common.state(Body::MessageFault { exception, text }, into)
            }
            other => Err(unknown_key(other)),
        }
    }

    /// `{"estimated": {"milestone": "T60", "due": "2026-05-05"}}`; nothing is said without `due`.
    fn expect(
        &self,
        classifier: Classifier,
        value: &Val,
        common: &Common,
        into: &mut Read,
    ) -> Result<()> {
        let milestone = milestone(parts::member(value, "milestone")?)?;
        let zone = parts::optional(value, "zone").map(|z| self.zone_of(z)).transpose()?;
        let due = match parts::optional(value, "due") {
            Some(due) => self.time(due, zone.as_ref().or(self.zone)).map_err(|f| f.key("due"))?,
            None => None,
        };
        if due.is_none() {
            return Ok(());
        }
        let detail = common.detail.clone();
        common.state(Body::Progress { milestone, classifier, due, detail }, into)
    }

    fn relate(
        &self,
        relation: Relation,
        value: &Val,
        common: &Common,
        into: &mut Read,
    ) -> Result<()> {
        let presence = common.presence;
        match self.other(value, &common.place, into)? {
            Some(child) => common.state(Body::Related { relation, child, presence }, into),
            None => Ok(()),
        }
    }

    /// The same relations said from below: the shipment is part of the order.
    fn relate_up(
        &self,
        relation: Relation,
        value: &Val,
        common: &Common,
        into: &mut Read,
    ) -> Result<()> {
        let Some(parent) = self.other(value, &common.place, into)? else { return Ok(()) };
        let (child, presence) = (common.about.object.clone(), common.presence);
        let (happened, place) = (common.happened, common.place.clone());
        let body = Body::Related { relation, child, presence };
        into.statements.push(Statement { about: parent.into(), happened, body, place });
        Ok(())
    }

    /// Another object. A placeholder names none and is told as a warning; no number says nothing.
    fn other(&self, value: &Val, place: &Place, into: &mut Read) -> Result<Option<Identifier>> {
        let Some(other) = self.object(value)? else { return Ok(None) };
        if !other.is_placeholder() {
            return Ok(Some(other));
        }
        let expected = "a number; it was left out, as many things share it";
        into.warnings
            .push(MappingFault::new(MappingCode::Placeholder, &other.value, expected).at(place));
        Ok(None)
    }

    fn zone_of(&self, value: &Val) -> Result<TimeZone> {
        let name = text_of(value).unwrap_or_default();
        moment::zone(name).ok_or_else(|| {
            let expected = "a time zone such as America/Chicago or -05:00";
            MappingFault::new(MappingCode::BadTime, name, expected).key("zone")
        })
    }
}

impl Common {
    fn state(&self, body: Body, into: &mut Read) -> Result<()> {
        let (about, happened, place) = (self.about.clone(), self.happened, self.place.clone());
        into.statements.push(Statement { about, happened, body, place });
        Ok(())
    }

    fn signal(&self, exception: ExceptionCode, signal: Signal, into: &mut Read) -> Result<()> {
        let detail = self.detail.clone();
        self.state(Body::Trouble { exception, signal, detail }, into)
    }
}

fn unknown_key(name: &str) -> MappingFault {
    let hint = nearest(name, keys()).map_or_else(String::new, |n| format!(" such as `{n}`"));
    let expected = format!("a key that statements have{hint}");
    MappingFault::new(MappingCode::NotAStatement, name, expected)
}

fn milestone(value: &Val) -> Result<Milestone> {
    let code = text_of(value).unwrap_or_default();
    Milestone::find(code).ok_or_else(|| {
        let expected = "a milestone of the standard such as O10 or T60";
        MappingFault::new(MappingCode::UnknownName, &value.to_string(), expected)
    })
}

fn exception(value: &Val) -> Result<ExceptionCode> {
    let code = text_of(value).unwrap_or_default();
    ExceptionCode::find(code).ok_or_else(|| {
        let expected = "an exception of the taxonomy such as E-ORD-07";
        MappingFault::new(MappingCode::UnknownName, &value.to_string(), expected)
    })
}

#[cfg(test)]
mod tests;
