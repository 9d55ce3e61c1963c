//! Finding one's way in the bytes of a JSON document without building it. Nothing here recurses, so
//! nesting costs no stack; documents that are not JSON are answered with `None`, never with a guess.

use std::ops::Range;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

pub(super) fn body_start(bytes: &[u8]) -> usize {
    if bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 }
}

/// Where nesting first goes beyond `depth_max`, if it does.
pub(super) fn deeper_than(bytes: &[u8], depth_max: usize) -> Option<usize> {
    let mut scanner = Scanner { bytes, at: 0 };
    let mut depth = 0usize;
    while let Some(byte) = scanner.peek() {
        match byte {
            b'"' => scanner.skip_string().unwrap_or(()),
            b'{' | b'[' if depth == depth_max => return Some(scanner.at),
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if byte != b'"' {
            scanner.at += 1;
        }
    }
    None
}

/// The bytes of the element at a JSON pointer (RFC 6901): `""` is the whole document, `/lines/0`
/// the first element of `lines`. `None` if there is no such element, or no such document. Of a key
/// that stands twice in an object the last is found, as reading takes it.
pub fn locate(bytes: &[u8], pointer: &str) -> Option<Range<usize>> {
    let mut scanner = Scanner { bytes, at: body_start(bytes) };
    let mut tokens = pointer.split('/');
    if tokens.next() != Some("") {
        return None;
    }
    for token in tokens {
        scanner.skip_blanks();
        let name = token.replace("~1", "/").replace("~0", "~");
        match scanner.peek()? {
            b'{' => scanner.enter_member(&name)?,
            b'[' => scanner.enter_element(&name)?,
            _ => return None,
        }
    }
    scanner.skip_blanks();
    let start = scanner.at;
    scanner.skip_value()?;
    Some(start..scanner.at)
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// Moves past `byte`, blanks before it aside.
    fn expect(&mut self, byte: u8) -> Option<()> {
        self.skip_blanks();
        if self.peek()? != byte {
            return None;
        }
        self.at += 1;
        Some(())
    }

    /// Moves past a string; to the end if it has none.
    fn skip_string(&mut self) -> Option<()> {
        self.at += 1;
        loop {
            let rest = self.bytes.get(self.at..)?;
            let Some(found) = memchr::memchr2(b'"', b'\\', rest) else {
                self.at = self.bytes.len();
                return None;
            };
            self.at += found;
            if self.peek() == Some(b'"') {
                self.at += 1;
                return Some(());
            }
            self.at += 2;
            if self.at >= self.bytes.len() {
                self.at = self.bytes.len();
                return None;
            }
        }
    }

    /// Moves past one value of any kind.
    fn skip_value(&mut self) -> Option<()> {
        let mut depth = 0usize;
        loop {
            self.skip_blanks();
            match self.peek()? {
                b'"' => self.skip_string()?,
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                    continue;
                }
                b'}' | b']' => {
                    depth = depth.checked_sub(1)?;
                    self.at += 1;
                }
                b',' | b':' if depth > 0 => {
                    self.at += 1;
                    continue;
                }
                _ => self.skip_bare()?,
            }
            if depth == 0 {
                return Some(());
            }
        }
    }

    /// Moves past a number, `true`, `false` or `null`.
    fn skip_bare(&mut self) -> Option<()> {
        let start = self.at;
        let of_bare = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'+' | b'.');
        while self.peek().is_some_and(of_bare) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    /// From `{` to the value of a member.
    fn enter_member(&mut self, name: &str) -> Option<()> {
        self.expect(b'{')?;
        let mut found = None;
        self.skip_blanks();
        while self.peek()? != b'}' {
            let key = self.key()?;
            self.expect(b':')?;
            self.skip_blanks();
            if key == name {
                found = Some(self.at);
            }
            self.skip_value()?;
            self.skip_blanks();
            if self.peek()? != b'}' {
                self.expect(b',')?;
                self.skip_blanks();
            }
        }
        self.at = found?;
        Some(())
    }

    fn key(&mut self) -> Option<String> {
        let start = self.at;
        if self.peek()? != b'"' {
            return None;
        }
        self.skip_string()?;
        serde_json::from_slice(self.bytes.get(start..self.at)?).ok()
    }

    /// From `[` to an element.
    fn enter_element(&mut self, index: &str) -> Option<()> {
        // RFC 6901 knows no leading zeros and no signs.
        let canonical = index == "0" || !index.starts_with(['0', '+']);
        let wanted: usize = index.parse().ok().filter(|_| canonical)?;
        self.expect(b'[')?;
        for _ in 0..wanted {
            self.skip_blanks();
            if self.peek()? == b']' {
                return None;
            }
            self.skip_value()?;
            self.expect(b',')?;
        }
        self.skip_blanks();
        (self.peek()? != b']').then_some(())
    }
}
