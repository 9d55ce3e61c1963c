//! One JSON document a line. Lines are only found here, not read: a line that is not JSON must not
//! keep its neighbours from being read.

use std::ops::Range;

/// One line that is not blank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<'a> {
    /// Number in the file, from 1; blank lines count.
    pub number: usize,
    /// Where it stands, without its line break.
    pub range: Range<usize>,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// The lines of a file; blank ones and a byte-order mark are skipped.
pub fn lines(bytes: &[u8]) -> Lines<'_> {
    let at = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    Lines { bytes, at, number: 0 }
}

/// Iterator over lines, see [`lines`].
#[derive(Debug, Clone)]
pub struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    number: usize,
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        loop {
            let rest = self.bytes.get(self.at..).filter(|rest| !rest.is_empty())?;
            let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let start = self.at;
            self.at = start + length + 1;
            self.number += 1;
            let line = rest.get(..length)?;
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if !line.trim_ascii().is_empty() {
                let range = start..start + line.len();
                return Some(Line { number: self.number, range, bytes: line });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(usize, &str)]) {
        let found: Vec<(usize, &str)> = lines(text.as_bytes())
            .map(|line| {
                assert_eq!(&text.as_bytes()[line.range.clone()], line.bytes);
                (line.number, std::str::from_utf8(line.bytes).unwrap())
            })
            .collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn lines_are_numbered_and_blank_ones_skipped() {
        check("", &[]);
        check("\n\r\n  \n", &[]);
        check("1", &[(1, "1")]);
        check("{}\n\n[]\r\n 3 ", &[(1, "{}"), (3, "[]"), (4, " 3 ")]);
        check("\u{feff}{}\n", &[(1, "{}")]);
    }
}
