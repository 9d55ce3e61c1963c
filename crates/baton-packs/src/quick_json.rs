//! JSON as nearly all of it is written, read in one pass into what jq works on.
//!
//! Texts are slices of the message and not copies of them. Whatever is out of the ordinary (a fault, a
//! control character, a number that JSON does not have) is left to jaq's own reader, which tells what is
//! wrong with it; what this one reads, the other reads alike.

use bytes::Bytes;
use jaq_json::{Map, Num, Val};

/// Room for the members of an object, before it has to grow.
const MEMBERS_USUAL: usize = 8;

/// The one value of a text of UTF-8, if nothing about it is out of the ordinary.
pub(crate) fn read(text: &Bytes, depth_max: usize) -> Option<Val> {
    let mut reader = Reader { text, at: 0, depth_left: depth_max };
    let value = reader.value()?;
    reader.skip_blanks();
    (reader.at == text.len()).then_some(value)
}

struct Reader<'t> {
    text: &'t Bytes,
    at: usize,
    depth_left: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// The next byte that is not blank, which is passed.
    fn next(&mut self) -> Option<u8> {
        self.skip_blanks();
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn word(&mut self, rest: &[u8], value: Val) -> Option<Val> {
        let end = self.at + rest.len();
        let found = self.text.get(self.at..end)? == rest;
        self.at = end;
        found.then_some(value)
    }

    fn value(&mut self) -> Option<Val> {
        match self.next()? {
            b'"' => self.string(),
            b'{' => self.object(),
            b'[' => self.list(),
            b'n' => self.word(b"ull", Val::Null),
            b't' => self.word(b"rue", Val::Bool(true)),
            b'f' => self.word(b"alse", Val::Bool(false)),
            b'-' | b'0'..=b'9' => self.number(self.at - 1),
            _ => None,
        }
    }

    fn object(&mut self) -> Option<Val> {
        self.depth_left = self.depth_left.checked_sub(1)?;
        let mut members = Map::default();
        let mut next = self.next()?;
        while next != b'}' {
            if next != b'"' {
                return None;
            }
            let key = self.string()?;
            if self.next()? != b':' {
                return None;
            }
            if members.is_empty() {
                members.reserve(MEMBERS_USUAL);
            }
            members.insert(key, self.value()?);
            next = match self.next()? {
                b',' => self.next().filter(|byte| *byte == b'"')?,
                b'}' => b'}',
                _ => return None,
            };
        }
        self.depth_left += 1;
        Some(Val::obj(members))
    }

    fn list(&mut self) -> Option<Val> {
        self.depth_left = self.depth_left.checked_sub(1)?;
        let mut items = Vec::new();
        self.skip_blanks();
        if self.peek()? == b']' {
            self.at += 1;
        } else {
            loop {
                items.push(self.value()?);
                match self.next()? {
                    b',' => {}
                    b']' => break,
                    _ => return None,
                }
            }
        }
        self.depth_left += 1;
        Some(Val::Arr(items.into()))
    }

    /// A text whose opening quote is passed.
    fn string(&mut self) -> Option<Val> {
        let from = self.at;
        let plain = |byte: &u8| matches!(byte, b'"' | b'\\' | ..=0x1f);
        let ends = from + self.text.get(from..)?.iter().position(plain)?;
        self.at = ends + 1;
        match self.text.get(ends)? {
            b'"' => Some(Val::utf8_str(self.text.slice(from..ends))),
            b'\\' => self.escaped(from, ends),
            _ => None,
        }
    }

    /// A text with escapes, which are jaq's to read.
    fn escaped(&mut self, from: usize, first: usize) -> Option<Val> {
        let mut at = first;
        loop {
            match self.text.get(at)? {
                b'"' => break,
                b'\\' => at += 2,
                ..=0x1f => return None,
                _ => at += 1,
            }
        }
        self.at = at + 1;
        jaq_json::read::parse_single(self.text.get(from - 1..self.at)?).ok()
    }

    fn digits(&mut self) -> Option<usize> {
        let rest = self.text.get(self.at..)?;
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        (count > 0).then_some(count)
    }

    /// A number that begins at `from`, exact as it is written.
    fn number(&mut self, from: usize) -> Option<Val> {
        self.at = from + usize::from(self.text.get(from) == Some(&b'-'));
        let leading = self.peek();
        if self.digits()? > 1 && leading == Some(b'0') {
            return None;
        }
        let mut whole = true;
        if self.peek() == Some(b'.') {
            (self.at, whole) = (self.at + 1, false);
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            (self.at, whole) = (self.at + 1, false);
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        let text = std::str::from_utf8(self.text.get(from..self.at)?).ok()?;
        if whole {
            return Num::from_str_radix(text, 10).map(Val::Num);
        }
        Some(Val::Num(Num::Dec(text.to_owned().into())))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str) -> bool {
        let quick = read(&Bytes::copy_from_slice(text.as_bytes()), 64);
        if let Some(quick) = &quick {
            let slow = jaq_json::read::parse_single(text.as_bytes()).unwrap();
            // The text shows what equality does not: how a number was written, how members are ordered.
            assert_eq!((quick, quick.to_string()), (&slow, slow.to_string()), "{text}");
        }
        quick.is_some()
    }

    #[test]
    fn what_is_usual_is_read_and_the_rest_is_left() {
        for (text, read) in [
            (r#" {"a" : [1, -0, 2.50, 1e5, -1.5E-3], "b":{}, "c":"x\n\u00e9\ud83d\ude00"} "#, true),
            (r#"{"a":1,"b":2,"a":3}"#, true),
            ("123456789012345678901234567890", true),
            ("[null,true,false,[],\"\",\"é\"]", true),
            (r#""\\""#, true),
            ("[1,]", false),
            (r#"{"a":1,}"#, false),
            ("{,}", false),
            ("01", false),
            ("+1", false),
            ("1.", false),
            ("[1] [2]", false),
            ("nul", false),
            ("{1:2}", false),
            ("\"a\tb\"", false),
            (r#""\x41""#, false),
            (r#""open"#, false),
            ("", false),
        ] {
            assert_eq!(check(text), read, "{text}");
        }
        assert!(check(&format!("{}{}", "[".repeat(64), "]".repeat(64))));
        assert!(!check(&format!("{}{}", "[".repeat(65), "]".repeat(65))));
    }

    proptest! {
        #[test]
        fn what_is_read_is_read_alike(
            text in r#"([\[\]{}:, ]|"a"|"b"|"\\u00[0-9a-f]{2}"|-?[0-9]{1,3}(\.[0-9]{0,2})?([eE][+-]?[0-9]{0,2})?|null|true){0,12}"#
        ) {
            check(&text);
        }
    }
}
