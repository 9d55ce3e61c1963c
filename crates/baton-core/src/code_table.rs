//! Types for codes of a fixed table: one byte in memory, the code as text everywhere else.

/// Declares a code type over a table of entries that have a `code` field.
macro_rules! code_type {
    ($(#[$doc:meta])* $name:ident, $entry:ident, $table:ident, $what:literal, $expected:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u8);

        impl $name {
            /// The code's row; every value was made by finding one.
            #[must_use]
            pub fn entry(self) -> &'static $entry {
                $table.get(self.position()).unwrap_or(&$table[0])
            }
            #[must_use]
            pub fn code(self) -> &'static str {
                self.entry().code
            }
            /// The position in the standard's table, which is in the order of the trade.
            #[must_use]
            pub(crate) const fn position(self) -> usize {
                self.0 as usize
            }
            /// A code that the rules themselves name. Looked up while compiling, so that asking for
            /// it costs nothing at run time; a code that is not in the table does not compile.
            pub(crate) const fn named(code: &str) -> Self {
                let mut row = 0;
                while row < $table.len() {
                    if crate::code_table::same($table[row].code, code) {
                        return Self(row as u8);
                    }
                    row += 1;
                }
                [Self(0)][$table.len()]
            }
            #[must_use]
            pub fn find(code: &str) -> Option<Self> {
                let at = $table.iter().position(|row| row.code == code)?;
                u8::try_from(at).ok().map(Self)
            }
            pub fn all() -> impl Iterator<Item = Self> {
                (0..$table.len()).filter_map(|n| u8::try_from(n).ok().map(Self))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.code())
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
                Self::find(&text).ok_or_else(|| {
                    serde::de::Error::custom(format_args!(
                        "`{text}` is not a known {}, expected {}", $what, $expected
                    ))
                })
            }
        }
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let codes: Vec<&str> = $table.iter().map(|row| row.code).collect();
                schemars::json_schema!({ "type": "string", "enum": codes })
            }
        }
    };
}

/// Whether two codes are one, while compiling.
pub(crate) const fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut n = 0;
    while n < one.len() {
        if one[n] != other[n] {
            return false;
        }
        n += 1;
    }
    true
}

pub(crate) use code_type;
