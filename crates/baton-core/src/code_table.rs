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
                $table.get(usize::from(self.0)).unwrap_or(&$table[0])
            }
            #[must_use]
            pub fn code(self) -> &'static str {
                self.entry().code
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

pub(crate) use code_type;
