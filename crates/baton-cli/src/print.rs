//! What goes to standard output, and how: data there and nothing else, JSON in the API's own shapes,
//! colour only for a person at a terminal.

use std::io::{IsTerminal as _, Write as _};

use serde::Serialize;

use crate::exit::{Failure, Result};

/// Writes text to standard output. A reader that went away (`baton … | head`) is no failure.
pub(crate) fn text(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    quiet_end(written)
}

/// A line on standard output.
pub(crate) fn line(line: &str) -> Result<()> {
    text(&format!("{line}\n"))
}

/// How many there are of something, as people say it: `1 file`, `2 files`.
pub(crate) fn count(number: u64, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

/// Bytes as they are.
pub(crate) fn bytes(bytes: &[u8]) -> Result<()> {
    let mut out = std::io::stdout().lock();
    quiet_end(out.write_all(bytes).and_then(|()| out.flush()))
}

/// A JSON document, indented.
pub(crate) fn json(value: &impl Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|why| Failure::failed(format!("the answer is no JSON: {why}")))?;
    line(&text)
}

fn quiet_end(written: std::io::Result<()>) -> Result<()> {
    match written {
        Err(why) if why.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

/// How a word is to stand out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Good,
    Warning,
    Bad,
    Quiet,
    Strong,
}

/// Paints for the terminal that standard output is, if it is one and nobody set `NO_COLOR`.
pub(crate) fn paint(tone: Tone, text: &str) -> String {
    if colourful() { painted(tone, text) } else { text.to_owned() }
}

fn colourful() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
}

fn painted(tone: Tone, text: &str) -> String {
    let code = match tone {
        Tone::Good => "32",
        Tone::Warning => "33",
        Tone::Bad => "31",
        Tone::Quiet => "2",
        Tone::Strong => "1",
    };
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}

/// Rows as aligned columns under their heads. Colour codes in a cell would count as its width, so
/// only the last column may carry them.
pub(crate) fn table<const N: usize>(heads: [&str; N], rows: &[[String; N]]) -> String {
    let mut widths = heads.map(|head| head.chars().count());
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    let heads = heads.map(str::to_owned);
    for (n, row) in std::iter::once(&heads).chain(rows).enumerate() {
        let mut line = String::new();
        for (width, cell) in widths.iter().zip(row) {
            line.push_str(&format!("{cell:<width$}  "));
        }
        let line = line.trim_end();
        text.push_str(&if n == 0 { paint(Tone::Quiet, line) } else { line.to_owned() });
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["a".to_owned(), "first".to_owned()], ["long".to_owned(), "b".to_owned()]];
        assert_eq!(table(["id", "word"], &rows), "id    word\na     first\nlong  b\n");
        assert_eq!(table(["id"], &[]), "id\n");
    }

    #[test]
    fn one_is_not_many() {
        assert_eq!([0, 1, 2].map(|n| count(n, "file")), ["0 files", "1 file", "2 files"]);
    }

    #[test]
    fn paint_is_left_out_where_nobody_sees_it() {
        assert_eq!(painted(Tone::Bad, "x"), "\u{1b}[31mx\u{1b}[0m");
    }
}
