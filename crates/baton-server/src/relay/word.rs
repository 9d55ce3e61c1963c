//! What nodes tell each other: that there is something to look at, never what it is. Whoever does not
//! hear a word finds the same by himself, later.
//!
//! A letter is one line: the node that wrote it, then words with blanks between, each perhaps with how
//! often it is meant. What a node does not understand it leaves out: nodes of two versions may run beside
//! each other while one replaces the other.

use std::collections::BTreeMap;
use std::net::IpAddr;

use baton_store::TenantId;

/// Words of one letter at most; those beyond are left out of it.
pub(super) const WORDS_MAX: usize = 1_000;
/// A letter beyond this is not read, in bytes: none of ours is as long.
const LETTER_BYTES_MAX: usize = 256 << 10;
/// How often one word may be meant.
const TIMES_MAX: u32 = 1_000;

/// One thing that others may want to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Word {
    /// Messages wait that the node which took them does not read.
    Messages,
    /// Deliveries wait that the node which wrote them does not make.
    Outbox,
    /// Something may be due that the node which derived it does not wake.
    Timers,
    /// A tenant was made, or packs were activated.
    Standing,
    /// Changes of a tenant were committed.
    Changes(TenantId),
    /// A call from there came with a key that does not hold.
    Failed(IpAddr),
}

impl Word {
    fn text(self) -> String {
        match self {
            Self::Messages => "messages".to_owned(),
            Self::Outbox => "outbox".to_owned(),
            Self::Timers => "timers".to_owned(),
            Self::Standing => "standing".to_owned(),
            Self::Changes(tenant) => format!("changes:{}", tenant.0),
            Self::Failed(address) => format!("failed:{address}"),
        }
    }

    fn of(text: &str) -> Option<Self> {
        Some(match text.split_once(':') {
            None => match text {
                "messages" => Self::Messages,
                "outbox" => Self::Outbox,
                "timers" => Self::Timers,
                "standing" => Self::Standing,
                _ => return None,
            },
            Some(("changes", tenant)) => Self::Changes(TenantId(tenant.parse().ok()?)),
            Some(("failed", address)) => Self::Failed(address.parse().ok()?),
            Some(_) => return None,
        })
    }
}

/// Words, each with how often it is meant.
pub(super) type Words = BTreeMap<Word, u32>;

/// A letter of a node.
pub(super) fn written(node: i64, words: &Words) -> String {
    let mut letter = format!("{node:x}");
    for (word, times) in words {
        letter.push(' ');
        if *times > 1 {
            letter.push_str(&format!("{times}*"));
        }
        letter.push_str(&word.text());
    }
    letter
}

/// Who wrote a letter, and what is understood of it; nothing where it is no letter.
pub(super) fn read(letter: &[u8]) -> Option<(i64, Words)> {
    let letter = std::str::from_utf8(letter.get(..letter.len().min(LETTER_BYTES_MAX))?).ok()?;
    let mut parts = letter.split(' ');
    let node = u64::from_str_radix(parts.next()?, 16).ok()?;
    let word = |part: &str| {
        let (times, text) = part.split_once('*').unwrap_or(("1", part));
        let times = times.parse::<u32>().ok()?.clamp(1, TIMES_MAX);
        Some((Word::of(text)?, times))
    };
    let words = parts.filter_map(word).take(WORDS_MAX).collect();
    Some((i64::from_ne_bytes(node.to_ne_bytes()), words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_read_as_it_was_written() {
        let address = |text: &str| text.parse().unwrap();
        let words = Words::from([
            (Word::Messages, 1),
            (Word::Outbox, 1),
            (Word::Timers, 1),
            (Word::Standing, 1),
            (Word::Changes(TenantId(7)), 1),
            (Word::Failed(address("192.0.2.9")), 3),
            (Word::Failed(address("2001:db8::1")), 1),
        ]);
        for node in [0, 1, -1, i64::MIN, i64::MAX] {
            assert_eq!(read(written(node, &words).as_bytes()), Some((node, words.clone())));
        }
        assert_eq!(read(written(5, &Words::new()).as_bytes()), Some((5, Words::new())));
    }

    #[test]
    fn what_is_not_understood_is_left_out() {
        let check = |letter: &str, expected: Option<&[(Word, u32)]>| {
            let found = read(letter.as_bytes()).map(|(_, words)| words.into_iter().collect());
            assert_eq!(found, expected.map(<[_]>::to_vec), "{letter}");
        };
        check("1f later:9 messages", Some(&[(Word::Messages, 1)]));
        check("1f changes:x changes: failed:nobody 3* *messages", Some(&[]));
        check("1f 4000000000*messages", Some(&[(Word::Messages, TIMES_MAX)]));
        check("1f 99999999999*messages 0*outbox", Some(&[(Word::Outbox, 1)]));
        check("", None);
        check("hello there", None);
        assert_eq!(read(&[0xff, 0xfe]), None);
    }
}
