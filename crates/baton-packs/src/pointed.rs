//! The text at a JSON pointer, found in one pass that keeps nothing else of the document: what a message
//! is called is asked of each before it is kept.

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// `Some` where the document is plain JSON and the answer is sure: a text, or nothing. Else (a number, or
/// what a stricter or a laxer reader may see otherwise) the whole is to be read.
pub(crate) fn text(document: &[u8], pointer: &str) -> Option<Option<String>> {
    let steps: Vec<String> =
        pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect();
    let mut reader = serde_json::Deserializer::from_slice(document);
    let found = At { steps: &steps }.deserialize(&mut reader).ok()?;
    reader.end().ok()?;
    match found {
        Found::Text(text) => Some(Some(text)),
        Found::Nothing => Some(None),
        Found::Other => None,
    }
}

enum Found {
    Text(String),
    Nothing,
    Other,
}

/// Looks for what the steps lead to from here.
#[derive(Clone, Copy)]
struct At<'s> {
    steps: &'s [String],
}

impl<'de> DeserializeSeed<'de> for At<'_> {
    type Value = Found;
    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Found, D::Error> {
        reader.deserialize_any(self)
    }
}

/// A value of any kind, at the end of the steps or before it.
macro_rules! scalars {
    ($($visit:ident: $kind:ty),*) => {
        $(fn $visit<E>(self, _: $kind) -> Result<Found, E> {
            Ok(if self.steps.is_empty() { Found::Other } else { Found::Nothing })
        })*
    };
}

impl<'de> Visitor<'de> for At<'_> {
    type Value = Found;
    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("any JSON")
    }
    scalars!(visit_i64: i64, visit_u64: u64, visit_f64: f64);
    fn visit_bool<E>(self, _: bool) -> Result<Found, E> {
        Ok(Found::Nothing)
    }
    fn visit_unit<E>(self) -> Result<Found, E> {
        Ok(Found::Nothing)
    }
    fn visit_str<E>(self, text: &str) -> Result<Found, E> {
        Ok(if self.steps.is_empty() { Found::Text(text.to_owned()) } else { Found::Nothing })
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Found, A::Error> {
        let step = self.steps.split_first();
        let wanted = step.and_then(|(step, rest)| Some((step.parse::<usize>().ok()?, rest)));
        let (mut n, mut found) = (0, Found::Nothing);
        loop {
            match wanted {
                Some((at, steps)) if at == n => {
                    let Some(item) = items.next_element_seed(At { steps })? else { break };
                    found = item;
                }
                _ => {
                    if items.next_element::<IgnoredAny>()?.is_none() {
                        break;
                    }
                }
            }
            n += 1;
        }
        Ok(found)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Found, A::Error> {
        let wanted = self.steps.split_first();
        // Of members of one name the last counts.
        let mut found = Found::Nothing;
        while let Some(is_wanted) = members.next_key_seed(Named(wanted.map(|(step, _)| step)))? {
            match wanted {
                Some((_, steps)) if is_wanted => found = members.next_value_seed(At { steps })?,
                _ => {
                    members.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(found)
    }
}

/// Whether a member's name is this one.
struct Named<'s>(Option<&'s String>);

impl<'de> DeserializeSeed<'de> for Named<'_> {
    type Value = bool;
    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<bool, D::Error> {
        reader.deserialize_str(self)
    }
}

impl Visitor<'_> for Named<'_> {
    type Value = bool;
    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a member's name")
    }
    fn visit_str<E>(self, name: &str) -> Result<bool, E> {
        Ok(self.0.is_some_and(|wanted| wanted == name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_at_a_pointer_is_found_without_the_rest() {
        for (document, pointer, expected) in [
            (r#"{"id":"a-1","n":[1,{"x":null}]}"#, "/id", Some(Some("a-1"))),
            (r#"{"id":"\u00e4"}"#, "/id", Some(Some("ä"))),
            (r#"{"id":"a","id":"b"}"#, "/id", Some(Some("b"))),
            (r#"{"a":{"b":["x","y"]}}"#, "/a/b/1", Some(Some("y"))),
            (r#"{"a/b":{"c~":"z"}}"#, "/a~1b/c~0", Some(Some("z"))),
            (r#"{"a":["x"]}"#, "/a/1", Some(None)),
            (r#"{"a":"x"}"#, "/a/b", Some(None)),
            (r#"{"id":null}"#, "/id", Some(None)),
            (r#"{"id":true}"#, "/id", Some(None)),
            ("[]", "/id", Some(None)),
            // Left to the whole reading.
            (r#"{"id":7}"#, "/id", None),
            (r#"{"id":"a"} x"#, "/id", None),
            (r#"{"id":"a""#, "/id", None),
            ("", "/id", None),
        ] {
            let expected = expected.map(|text| text.map(str::to_owned));
            assert_eq!(text(document.as_bytes(), pointer), expected, "{document} {pointer}");
        }
    }
}
