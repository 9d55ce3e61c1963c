//! What the machine says of this process: the processor time that it has used.

use std::time::Duration;

/// Clock ticks in a second, as Linux counts processor time for `/proc`; fixed on every architecture
/// that Linux has a stable interface for.
const TICKS_PER_SECOND: u64 = 100;
/// Fields after the command's name up to and without user time.
const FIELDS_BEFORE_USER: usize = 11;

/// User and system time of this process, all threads, without its children. `None` where the system
/// does not tell.
pub(crate) fn processor_time() -> Option<Duration> {
    parse(&std::fs::read_to_string("/proc/self/stat").ok()?)
}

/// The command's name is in parentheses and may itself hold blanks and parentheses.
fn parse(stat: &str) -> Option<Duration> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_ascii_whitespace().skip(FIELDS_BEFORE_USER);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(Duration::from_millis((user + system) * 1_000 / TICKS_PER_SECOND))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_user_and_system_time() {
        let stat = "7 (a b) c) S 1 2 3 4 5 6 7 8 9 10 250 50 99 99 20";
        assert_eq!(parse(stat), Some(Duration::from_secs(3)));
        assert_eq!(parse("7 (a) S 1"), None);
        assert_eq!(parse(""), None);
    }
}
