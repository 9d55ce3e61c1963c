//! Typed values from a tree: a serde deserialiser whose errors carry a place.

use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{self, DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, Visitor};

use super::{Node, Value};
use crate::finding::{Finding, FindingCode, Position, nearest};

/// Most faults that are told of one value.
const FAULTS_MAX: usize = 50;

/// Reads `T`, telling every fault. After a fault the value at fault is left out and the rest is read
/// again, so that `None` comes with at least one finding and a finding may come with a value.
pub(crate) fn read<T: DeserializeOwned>(node: &Node, file: &str) -> (Option<T>, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut node = node.clone();
    let mut mended = Vec::new();
    while findings.len() < FAULTS_MAX {
        match T::deserialize(&node) {
            Ok(value) => return (Some(value), findings),
            Err(fault) => {
                let at = fault.at.unwrap_or(node.at);
                // What lacks a key because the key's value was wrong has been told already.
                let caused = fault.code == FindingCode::MissingKey && mended.contains(&at);
                if caused {
                    return (None, findings);
                }
                let whole = fault.code == FindingCode::MissingKey;
                findings.push(fault.finding(file, at));
                match leave_out(&mut node, at, whole) {
                    Some(from) => mended.push(from),
                    None => return (None, findings),
                }
            }
        }
    }
    (None, findings)
}

/// Takes the innermost entry or item that stands at `at` out of its map or list, or the `whole` of
/// it where a part is missing; gives where that map or list stands.
fn leave_out(node: &mut Node, at: Position, whole: bool) -> Option<Position> {
    let here = node.at;
    match &mut node.value {
        Value::Scalar { .. } => None,
        Value::List(items) => {
            let deeper = |item: &mut Node| {
                if whole && item.at == at { None } else { leave_out(item, at, whole) }
            };
            if let Some(from) = items.iter_mut().find_map(deeper) {
                return Some(from);
            }
            let n = items.iter().position(|item| item.at == at)?;
            items.remove(n);
            Some(here)
        }
        Value::Map(entries) => {
            let deeper = |(_, value): &mut (Node, Node)| {
                if whole && value.at == at { None } else { leave_out(value, at, whole) }
            };
            if let Some(from) = entries.iter_mut().find_map(deeper) {
                return Some(from);
            }
            let n = entries.iter().position(|(key, value)| value.at == at || key.at == at)?;
            entries.remove(n);
            Some(here)
        }
    }
}

/// What is wrong, and where if that is known yet.
#[derive(Debug)]
pub(crate) struct Fault {
    code: FindingCode,
    at: Option<Position>,
    found: String,
    expected: String,
    nearest: Option<String>,
}

impl Fault {
    fn finding(self, file: &str, at: Position) -> Finding {
        let mut finding = Finding::new(file, at, self.code, self.found, self.expected);
        finding.nearest = self.nearest;
        finding
    }
    fn at(mut self, at: Position) -> Self {
        self.at.get_or_insert(at);
        self
    }
    fn bad(found: impl Into<String>, expected: impl Into<String>) -> Self {
        let code = FindingCode::BadValue;
        Self { code, at: None, found: found.into(), expected: expected.into(), nearest: None }
    }
    fn unknown(found: &str, valid: &'static [&'static str]) -> Self {
        let expected = if valid.is_empty() { "no such key".into() } else { one_of(valid) };
        let nearest = nearest(found, valid.iter().copied());
        Self { nearest, ..Self::bad(found, expected) }
    }
}

fn one_of(valid: &[&str]) -> String {
    format!("one of {}", valid.join(", "))
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "found `{}`, expected {}", self.found, self.expected)
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        // Types of ours say "`x` is not an instant, expected ..."; that is split for the finding.
        let message = message.to_string();
        match message.split_once(", expected ") {
            Some((found, expected)) => {
                let name = found.split('`').nth(1).unwrap_or(found);
                Self::bad(name, expected)
            }
            None => Self::bad("", message),
        }
    }
    fn invalid_type(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::bad(found.to_string(), expected.to_string())
    }
    fn invalid_value(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::bad(found.to_string(), expected.to_string())
    }
    fn unknown_variant(found: &str, valid: &'static [&'static str]) -> Self {
        Self::unknown(found, valid)
    }
    fn unknown_field(found: &str, valid: &'static [&'static str]) -> Self {
        Self { code: FindingCode::UnknownKey, ..Self::unknown(found, valid) }
    }
    fn missing_field(field: &'static str) -> Self {
        Self { code: FindingCode::MissingKey, ..Self::bad("", format!("the key `{field}`")) }
    }
    fn duplicate_field(field: &'static str) -> Self {
        Self { code: FindingCode::RepeatedKey, ..Self::bad(field, "each key once") }
    }
}

impl Node {
    fn kind(&self) -> &'static str {
        match &self.value {
            Value::Scalar { .. } => "a single value",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }

    fn scalar<T: std::str::FromStr>(&self, expected: &str) -> Result<T, Fault> {
        let text = self.text().ok_or_else(|| Fault::bad(self.kind(), expected).at(self.at))?;
        text.parse().map_err(|_| Fault::bad(text, expected).at(self.at))
    }
}

macro_rules! numbers {
    ($($method:ident $visit:ident $type:ty, $expected:literal;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            let value: $type = self.scalar($expected)?;
            visitor.$visit(value).map_err(|e: Fault| e.at(self.at))
        }
    )*};
}

impl<'de> Deserializer<'de> for &'de Node {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let result = match &self.value {
            Value::List(items) => visitor.visit_seq(Items(items.iter())),
            Value::Map(entries) => visitor.visit_map(Entries { rest: entries.iter(), value: None }),
            Value::Scalar { .. } if self.is_null() => visitor.visit_unit(),
            Value::Scalar { text, plain: true, .. } => match text.as_str() {
                "true" => visitor.visit_bool(true),
                "false" => visitor.visit_bool(false),
                number if number.parse::<i64>().is_ok_and(|n| n.to_string() == number) => {
                    visitor.visit_i64(number.parse().unwrap_or_default())
                }
                text => visitor.visit_borrowed_str(text),
            },
            Value::Scalar { text, .. } => visitor.visit_borrowed_str(text),
        };
        result.map_err(|e: Fault| e.at(self.at))
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let value: bool = self.scalar("true or false")?;
        visitor.visit_bool(value).map_err(|e: Fault| e.at(self.at))
    }

    numbers! {
        deserialize_i8 visit_i8 i8, "a whole number"; deserialize_i16 visit_i16 i16, "a whole number";
        deserialize_i32 visit_i32 i32, "a whole number"; deserialize_i64 visit_i64 i64, "a whole number";
        deserialize_u8 visit_u8 u8, "a whole number from 0 to 255";
        deserialize_u16 visit_u16 u16, "a whole number from 0 to 65535";
        deserialize_u32 visit_u32 u32, "a whole number"; deserialize_u64 visit_u64 u64, "a whole number";
        deserialize_f32 visit_f32 f32, "a number"; deserialize_f64 visit_f64 f64, "a number";
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.value {
            Value::Scalar { text, .. } if !self.is_null() => visitor.visit_borrowed_str(text),
            Value::Scalar { .. } => Err(Fault::bad("nothing", "a text")),
            _ => Err(Fault::bad(self.kind(), "a text")),
        }
        .map_err(|e: Fault| e.at(self.at))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.value {
            Value::List(items) => visitor.visit_seq(Items(items.iter())),
            _ => Err(Fault::bad(self.kind(), "a list")),
        }
        .map_err(|e: Fault| e.at(self.at))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.value {
            Value::Map(entries) => visitor.visit_map(Entries { rest: entries.iter(), value: None }),
            Value::Scalar { .. } if self.is_null() => {
                visitor.visit_map(Entries { rest: [].iter(), value: None })
            }
            _ => Err(Fault::bad(self.kind(), "a map of keys")),
        }
        .map_err(|e: Fault| e.at(self.at))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match &self.value {
            Value::Scalar { text, .. } => {
                let de: StrDeserializer<'_, Fault> = text.as_str().into_deserializer();
                visitor.visit_enum(de)
            }
            Value::Map(entries) => match entries.as_slice() {
                [(key, value)] => visitor.visit_enum(Variant { key, value }),
                _ => Err(Fault::bad(self.kind(), one_of(variants))),
            },
            Value::List(_) => Err(Fault::bad(self.kind(), one_of(variants))),
        }
        .map_err(|e: Fault| e.at(self.at))
    }

    serde::forward_to_deserialize_any! {
        char bytes byte_buf unit unit_struct tuple tuple_struct ignored_any
    }
}

struct Items<'de>(std::slice::Iter<'de, Node>);

impl<'de> de::SeqAccess<'de> for Items<'de> {
    type Error = Fault;
    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Fault> {
        let item = self.0.next();
        item.map(|node| seed.deserialize(node).map_err(|e| e.at(node.at))).transpose()
    }
}

struct Entries<'de> {
    rest: std::slice::Iter<'de, (Node, Node)>,
    value: Option<&'de Node>,
}

impl<'de> de::MapAccess<'de> for Entries<'de> {
    type Error = Fault;
    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Fault> {
        let Some((key, value)) = self.rest.next() else { return Ok(None) };
        self.value = Some(value);
        seed.deserialize(key).map(Some).map_err(|e| e.at(key.at))
    }
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let node = self.value.take().ok_or_else(|| Fault::bad("", "a value"))?;
        seed.deserialize(node).map_err(|e| e.at(node.at))
    }
}

struct Variant<'de> {
    key: &'de Node,
    value: &'de Node,
}

impl<'de> de::EnumAccess<'de> for Variant<'de> {
    type Error = Fault;
    type Variant = &'de Node;
    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Self::Variant), Fault> {
        let name = seed.deserialize(self.key).map_err(|e| e.at(self.key.at))?;
        Ok((name, self.value))
    }
}

impl<'de> de::VariantAccess<'de> for &'de Node {
    type Error = Fault;
    fn unit_variant(self) -> Result<(), Fault> {
        if self.is_null() { Ok(()) } else { Err(Fault::bad(self.kind(), "nothing").at(self.at)) }
    }
    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Fault> {
        seed.deserialize(self).map_err(|e| e.at(self.at))
    }
    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_seq(visitor)
    }
    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.deserialize_map(visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Thing {
        name: String,
        #[serde(default)]
        size: Option<u8>,
        #[serde(default)]
        parts: Vec<Thing>,
    }

    #[test]
    fn every_fault_is_told_with_its_place() {
        let text = "name: 01\nsise: 3\nsize: 999\nparts:\n  - name: a\n    size: x\n  - size: 1\n";
        let (thing, findings) = read::<Thing>(&parse(text).unwrap(), "t.yaml");
        let told: Vec<String> = findings.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "t.yaml:2:1: unknown_key: found `sise`, expected one of name, size, parts; did you mean `size`?",
                "t.yaml:3:7: bad_value: found `999`, expected a whole number from 0 to 255",
                "t.yaml:6:11: bad_value: found `x`, expected a whole number from 0 to 255",
                "t.yaml:7:5: missing_key: expected the key `name`",
            ]
        );
        assert_eq!(thing.map(|t| t.name).as_deref(), Some("01"));
    }
}
