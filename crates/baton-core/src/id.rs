//! Ids: each has its own type, and those of the core are made of content, never of a counter or
//! chance, so that the same facts give the same ids on every machine and in every order of arrival.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use smallvec::SmallVec;

use crate::identifier::{Identifier, ObjectKind};

/// Crockford's base 32, lower case: no i, l, o, u.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const ID_CHARS: usize = 20;
/// Content up to this length is joined without asking for memory.
const JOINED_INLINE: usize = 512;

/// The first 100 bits of a content hash: enough that two of a billion never meet by accident.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(u128);

impl Digest {
    /// Hashes parts with their lengths, so that (`ab`, `c`) differs from (`a`, `bc`).
    #[must_use]
    pub fn of(parts: &[&[u8]]) -> Self {
        // In one piece: most are short, and a hasher that takes pieces costs more than to join them.
        let mut joined: SmallVec<[u8; JOINED_INLINE]> = SmallVec::new();
        for part in parts {
            joined.extend_from_slice(&(part.len() as u64).to_le_bytes());
            joined.extend_from_slice(part);
        }
        let hash = blake3::hash(&joined);
        let bits = hash.as_bytes().first_chunk().copied().map_or(0, u128::from_le_bytes);
        Self(bits >> 28)
    }
    #[must_use]
    pub const fn to_u128(self) -> u128 {
        self.0
    }
    #[must_use]
    pub const fn from_u128(bits: u128) -> Self {
        Self(bits & ((1 << 100) - 1))
    }
    /// The low 63 bits, for an integer key in a table that also keeps the whole.
    #[must_use]
    pub const fn short(self) -> i64 {
        (self.0 as u64 >> 1) as i64
    }
    fn parse(text: &str) -> Option<Self> {
        if text.len() != ID_CHARS {
            return None;
        }
        let mut bits = 0u128;
        for byte in text.bytes() {
            let digit = ALPHABET.iter().position(|a| *a == byte)?;
            bits = (bits << 5) | digit as u128;
        }
        Some(Self(bits))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for n in (0..ID_CHARS).rev() {
            let digit = (self.0 >> (5 * n)) & 31;
            let letter = ALPHABET.get(digit as usize).copied().unwrap_or(b'0');
            fmt::Write::write_char(f, char::from(letter))?;
        }
        Ok(())
    }
}

/// An id that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an id, expected {expected} followed by 20 letters and digits")]
pub struct NotAnId {
    text: String,
    expected: &'static str,
}

macro_rules! digest_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Digest);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                text.strip_prefix(concat!($prefix, "_"))
                    .and_then(Digest::parse)
                    .map(Self)
                    .ok_or_else(|| NotAnId { text: text.to_owned(), expected: concat!($prefix, "_") })
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                if to.is_human_readable() { to.collect_str(self) } else { to.serialize_u128(self.0.to_u128()) }
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                if from.is_human_readable() {
                    let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
                    text.parse().map_err(serde::de::Error::custom)
                } else {
                    u128::deserialize(from).map(|bits| Self(Digest::from_u128(bits)))
                }
            }
        }
        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "pattern": concat!("^", $prefix, "_[0-9a-z]{20}$") })
            }
        }
    };
}

digest_id! {
    /// A fact: made of its content and its source.
    FactId, "fct"
}
digest_id! {
    /// One raising of an exception: made of kind, object and expectation.
    ExceptionId, "exc"
}
digest_id! {
    /// An act of ours (an announcement, a command): made of what caused it.
    ActId, "act"
}

/// An object: made of the identifier that names it best (declared rank, then value), so that two
/// nodes that learn the same links agree, and a join never mints a new id.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId {
    pub kind: ObjectKind,
    pub digest: Digest,
}

impl ObjectId {
    #[must_use]
    pub fn of(name: &Identifier) -> Self {
        let digest = Digest::of(&[
            name.kind.name().as_bytes(),
            name.scheme.as_bytes(),
            name.issuer.as_bytes(),
            name.value.as_bytes(),
        ]);
        Self { kind: name.kind, digest }
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.kind.prefix(), self.digest)
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for ObjectId {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let wrong = || NotAnId { text: text.to_owned(), expected: "a prefix such as ord_ or shp_" };
        let (prefix, rest) = text.split_once('_').ok_or_else(wrong)?;
        let kind = ObjectKind::ALL.into_iter().find(|k| k.prefix() == prefix).ok_or_else(wrong)?;
        Ok(Self { kind, digest: Digest::parse(rest).ok_or_else(wrong)? })
    }
}

impl Serialize for ObjectId {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ObjectId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for ObjectId {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ObjectId".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^(ord|shp|pkg|leg|inv|job|src)_[0-9a-z]{20}$" })
    }
}

/// A message's number within its store: where facts point for their evidence.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct MessageNo(pub i64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_round_trip() {
        let id = ObjectId::of(&Identifier::new(ObjectKind::Order, "po", "erp", "PO-1"));
        assert!(id.to_string().starts_with("ord_"));
        assert_eq!(id.to_string().parse::<ObjectId>().unwrap(), id);
        let fact = FactId(Digest::of(&[b"ab", b"c"]));
        assert_eq!(fact.to_string().parse::<FactId>().unwrap(), fact);
        assert_ne!(fact, FactId(Digest::of(&[b"a", b"bc"])));
        for wrong in ["", "ord_", "ord_x", "fct_iiiiiiiiiiiiiiiiiiii", "zzz_00000000000000000000"] {
            assert!(wrong.parse::<ObjectId>().is_err(), "{wrong}");
        }
    }
}
