//! What a search for orders looks for: numbers as they are said, and the beginnings of numbers and of words.

use super::Filter;
use super::write::words_of;

/// What is searched for: identifiers, ranges of them, and ranges of words.
#[derive(Default)]
pub(super) struct Patterns {
    pub(super) ranges: [(String, String); 2],
    /// The longest first: it leads to the fewest.
    pub(super) words: Vec<(String, String)>,
    pub(super) identifiers: [String; 2],
}

/// Everything that begins with a text.
fn beginning_with(from: String) -> (String, String) {
    let until = format!("{from}{}", char::MAX);
    (from, until)
}

impl Patterns {
    pub(super) fn of(filter: &Filter) -> Self {
        let text = filter.text.as_deref().unwrap_or_default().trim();
        let mut words = words_of(text);
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        Self {
            ranges: with_and_without_mark(text).map(beginning_with),
            words: words.into_iter().map(beginning_with).collect(),
            identifiers: with_and_without_mark(filter.identifier.as_deref().unwrap_or_default()),
        }
    }
}

/// A number as it was said, and the other way: shops put `#` before a number that people leave out.
fn with_and_without_mark(number: &str) -> [String; 2] {
    let other = match number.strip_prefix('#') {
        Some(bare) if !bare.is_empty() => bare.to_owned(),
        _ if number.is_empty() => String::new(),
        _ => format!("#{number}"),
    };
    [number.to_owned(), other]
}
