//! The parts of a statement: identifiers, amounts, texts and times.

use baton_core::amount::{Money, Quantity};
use baton_core::identifier::{About, IDENTIFIER_BYTES_MAX, Identifier, LineRef, ObjectKind};
use baton_core::partner::Role;
use baton_core::time::Happened;
use jaq_json::{Num, Val};
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use smol_str::SmolStr;

use super::{Reader, Result, Sender};
use crate::finding::nearest;
use crate::mapping_fault::{MappingCode, MappingFault};
use crate::moment;

/// The unit of a quantity that has none: pieces.
const PIECES: &str = "EA";
/// Longest text of a field, in bytes.
const TEXT_BYTES_MAX: usize = 1_000;

pub(crate) fn text_of(value: &Val) -> Option<&str> {
    match value {
        Val::TStr(bytes) => std::str::from_utf8(bytes).ok(),
        _ => None,
    }
}

/// A key's value unless it is null. Objects are small: looking through them beats making a key.
pub(super) fn optional<'v>(value: &'v Val, key: &str) -> Option<&'v Val> {
    let Val::Obj(object) = value else { return None };
    let is_key = |k: &Val| matches!(k, Val::TStr(bytes) if ***bytes == *key.as_bytes());
    let (_, found) = object.iter().find(|(k, _)| is_key(k))?;
    Some(found).filter(|v| !matches!(v, Val::Null))
}

pub(super) fn member<'v>(value: &'v Val, key: &str) -> Result<&'v Val> {
    optional(value, key).ok_or_else(|| {
        let expected = format!("an object with the key `{key}`");
        MappingFault::new(MappingCode::NotAStatement, &value.to_string(), expected)
    })
}

/// A text, or a number as it was written.
pub(super) fn text(value: &Val) -> Result<SmolStr> {
    let text = match value {
        Val::TStr(_) => text_of(value).map(SmolStr::from),
        Val::Num(_) => Some(SmolStr::from(value.to_string())),
        _ => None,
    };
    let fault = |expected: &str| {
        Err(MappingFault::new(MappingCode::NotAStatement, &value.to_string(), expected))
    };
    match text {
        Some(text) if text.len() > TEXT_BYTES_MAX => fault("a text of at most 1000 bytes"),
        Some(text) => Ok(text),
        None => fault("a text"),
    }
}

pub(super) fn role(value: &Val) -> Result<Role> {
    let name = text_of(value).unwrap_or_default();
    serde_json::from_value(serde_json::Value::from(name)).map_err(|_| {
        let expected = "a role such as carrier, oem or service";
        MappingFault::new(MappingCode::UnknownName, name, expected).key("role")
    })
}

/// `{"role": "carrier", "partner": "adatum"}`; the partner is the sender unless it is given.
pub(super) fn plays(value: &Val, sender: &Sender<'_>) -> Result<(Role, SmolStr)> {
    let role = role(member(value, "role")?)?;
    let partner = match optional(value, "partner") {
        Some(partner) => text(partner)?,
        None => SmolStr::from(sender.issuer("$partner")),
    };
    Ok((role, SmolStr::from(sender.issuer(&partner))))
}

/// An exact decimal. A float is refused: somebody calculated with it and it is exact no more.
pub(super) fn decimal(value: &Val) -> Result<Decimal> {
    let read = match value {
        Val::Num(Num::Int(n)) => Some(Decimal::from(*n as i64)),
        Val::Num(Num::Dec(text)) => exact(text),
        Val::Num(Num::BigInt(n)) => exact(&n.to_string()),
        Val::Num(Num::Float(f)) if f.fract() == 0.0 && f.abs() < 1e15 => {
            Some(Decimal::from(*f as i64))
        }
        Val::TStr(_) => text_of(value).and_then(|text| exact(text.trim())),
        _ => None,
    };
    read.ok_or_else(|| {
        let expected = match value {
            Val::Num(Num::Float(_)) => "an exact number: pass it on as it came, as text or number",
            _ => "a decimal number such as 12.50",
        };
        MappingFault::new(MappingCode::BadAmount, &value.to_string(), expected)
    })
}

fn exact(text: &str) -> Option<Decimal> {
    Decimal::from_str_exact(text).ok().or_else(|| Decimal::from_scientific(text).ok())
}

/// `{"value": "10", "unit": "EA"}`, or a bare number of pieces.
pub(super) fn quantity(value: &Val) -> Result<Quantity> {
    let Val::Obj(_) = value else {
        return Ok(Quantity { value: decimal(value)?, unit: PIECES.into() });
    };
    let unit = match optional(value, "unit") {
        Some(unit) => text(unit)?,
        None => PIECES.into(),
    };
    Ok(Quantity { value: decimal(member(value, "value")?)?, unit })
}

/// `{"amount": "12.50", "currency": "USD"}`.
pub(super) fn money(value: &Val) -> Result<Money> {
    let amount = decimal(member(value, "amount")?)?;
    let currency = text(member(value, "currency")?)?;
    let plausible = currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_uppercase());
    if plausible {
        return Ok(Money { amount, currency });
    }
    let expected = "a currency of ISO 4217 such as USD";
    Err(MappingFault::new(MappingCode::BadAmount, &currency, expected).key("currency"))
}

impl Reader<'_> {
    /// What a statement is about: `{"order": ["po", "PO-1"], "line": {"number": "1", "sku": "A"}}`.
    pub(super) fn about(&self, value: &Val) -> Result<About> {
        let no_number = || {
            let expected = "an object with its number, such as {\"order\": [\"po\", \"PO-1\"]}";
            MappingFault::new(MappingCode::NoSubject, &value.to_string(), expected)
        };
        let object = self.object(value)?.ok_or_else(no_number)?;
        if object.is_placeholder() {
            let expected =
                "a number of its own; this one stands for none, and many things share it";
            return Err(MappingFault::new(MappingCode::NoSubject, &object.value, expected));
        }
        let line =
            optional(value, "line").map(|line| line_of(line, &object).map(Box::new)).transpose()?;
        Ok(About { object, line })
    }

    /// One object by its number; `None` where the number is null or blank.
    pub(super) fn object(&self, value: &Val) -> Result<Option<Identifier>> {
        let fault = |found: &str, expected: &str| {
            Err(MappingFault::new(MappingCode::BadIdentifier, found, expected))
        };
        let Val::Obj(object) = value else {
            return fault(&value.to_string(), "an object such as {\"order\": [\"po\", \"PO-1\"]}");
        };
        let mut found = None;
        for (key, value) in object.iter() {
            let name = text_of(key).unwrap_or_default();
            if name == "line" {
                continue;
            }
            let Some(kind) = ObjectKind::ALL.into_iter().find(|k| k.name() == name) else {
                let names = ObjectKind::ALL.map(ObjectKind::name);
                let hint = nearest(name, names).unwrap_or_else(|| names.join(", "));
                return fault(name, &format!("a kind of object such as {hint}"));
            };
            if found.is_some() {
                return fault(name, "one object only");
            }
            found = Some(self.identifier(kind, value).map_err(|f| f.key(name))?);
        }
        match found {
            Some(identifier) => Ok(identifier),
            None => fault("", "an object such as {\"order\": [\"po\", \"PO-1\"]}"),
        }
    }

    /// `[scheme, value]` or `[scheme, value, issuer]`.
    fn identifier(&self, kind: ObjectKind, value: &Val) -> Result<Option<Identifier>> {
        let expected = "[scheme, number] or [scheme, number, issuer]";
        let fault = |found: &str, expected: &str| {
            Err(MappingFault::new(MappingCode::BadIdentifier, found, expected))
        };
        let items = match value {
            Val::Null => return Ok(None),
            Val::Arr(items) => items,
            other => return fault(&other.to_string(), expected),
        };
        let (scheme, number, issuer) = match items.as_slice() {
            [scheme, number] => (scheme, number, None),
            [scheme, number, issuer] => (scheme, number, Some(issuer).filter(|i| **i != Val::Null)),
            _ => return fault(&value.to_string(), expected),
        };
        let Some(scheme) = text_of(scheme).filter(|s| !s.is_empty()) else {
            return fault(&scheme.to_string(), "the name of a scheme such as po or tracking");
        };
        let number = match number {
            Val::Null => return Ok(None),
            Val::TStr(_) | Val::Num(Num::Int(_) | Num::BigInt(_)) => text(number)?,
            other => return fault(&other.to_string(), "a number as text, or a whole number"),
        };
        // A feed speaks of itself by its own key.
        let own = kind == ObjectKind::Source && number == "$source";
        let number = if own { self.sender.source } else { number.trim() };
        if number.is_empty() {
            return Ok(None);
        }
        if number.len() > IDENTIFIER_BYTES_MAX {
            return fault(number, &format!("at most {IDENTIFIER_BYTES_MAX} bytes"));
        }
        let issuer = match issuer {
            Some(issuer) => text(issuer)?,
            None => {
                let declared = self.issuers.iter().find(|(s, _)| s == scheme);
                SmolStr::from(declared.map_or(self.issuer, |(_, issuer)| issuer))
            }
        };
        Ok(Some(Identifier::new(kind, scheme, self.sender.issuer(&issuer), number)))
    }

    /// A text, or `{"date": …, "time": …, "zone": …}`. Null is no time.
    pub(super) fn time(&self, value: &Val, zone: Option<&TimeZone>) -> Result<Option<Happened>> {
        let bad = || MappingFault::new(MappingCode::BadTime, &value.to_string(), moment::EXPECTED);
        match value {
            Val::Null => Ok(None),
            Val::TStr(_) => {
                let text = text_of(value).unwrap_or_default();
                if text.trim().is_empty() {
                    return Ok(None);
                }
                moment::read(text, zone).map(Some).ok_or_else(bad)
            }
            Val::Obj(_) => {
                let Some(date) = optional(value, "date") else { return Ok(None) };
                // A code that names no zone, such as LT for local time, leaves it to the connector.
                let own = optional(value, "zone").and_then(text_of).and_then(moment::zone);
                let time = optional(value, "time").map(text).transpose()?;
                let date = text(date)?;
                if date.trim().is_empty() {
                    return Ok(None);
                }
                let stated = own.is_some();
                let read = moment::read_parts(&date, time.as_deref(), own.as_ref().or(zone));
                let given = |mut happened: Happened| {
                    if stated && happened.earliest == happened.latest {
                        happened.basis = baton_core::time::Basis::Given;
                    }
                    happened
                };
                read.map(given).map(Some).ok_or_else(bad)
            }
            _ => Err(bad()),
        }
    }
}

/// `{"number": …, "sku": …, "numbering": …}`. Lines are numbered by whoever numbered their order,
/// unless the statement says otherwise.
fn line_of(value: &Val, order: &Identifier) -> Result<LineRef> {
    if order.kind != ObjectKind::Order {
        let expected = "a line of an order";
        return Err(MappingFault::new(MappingCode::BadIdentifier, order.kind.name(), expected));
    }
    let read = |key| optional(value, key).map(text).transpose().map_err(|f| f.key("line"));
    let filled = |text: Option<SmolStr>| text.filter(|t| !t.trim().is_empty());
    let (number, sku) = (filled(read("number")?), filled(read("sku")?));
    if number.is_none() && sku.is_none() {
        let expected = "a line with `number` or `sku`";
        return Err(MappingFault::new(MappingCode::NoSubject, &value.to_string(), expected));
    }
    let default = || SmolStr::from(format!("{}:{}", order.scheme, order.issuer));
    let numbering = read("numbering")?.unwrap_or_else(default);
    Ok(LineRef { numbering, number, sku })
}
