//! What the machine says of processes: the processor time and the memory that they have used.

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

/// The same of a process with all that descend from it, those that have ended included.
pub(crate) fn processor_time_of_tree(process: u32) -> Option<Duration> {
    let stats: Vec<Stat> = std::fs::read_dir("/proc")
        .ok()?
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok())
        .filter_map(|id| Some((id, std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?)))
        .filter_map(|(id, stat)| Stat::parse(id, &stat))
        .collect();
    of_tree(process, &stats)
}

fn of_tree(process: u32, stats: &[Stat]) -> Option<Duration> {
    let mut tree = vec![stats.iter().find(|stat| stat.process == process)?];
    let mut next = 0;
    while let Some(parent) = tree.get(next).map(|stat| stat.process) {
        tree.extend(stats.iter().filter(|stat| stat.parent == parent));
        next += 1;
    }
    Some(tree.iter().map(|stat| stat.own + stat.ended).sum())
}

/// Memory of this process that is in the machine's, in bytes.
pub(crate) fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1_024)
}

/// A process, its times, and those of its children that have ended.
#[derive(Debug, Clone, Copy)]
struct Stat {
    process: u32,
    parent: u32,
    own: Duration,
    ended: Duration,
}

impl Stat {
    fn parse(process: u32, stat: &str) -> Option<Self> {
        let (_, rest) = stat.rsplit_once(')')?;
        let fields: Vec<&str> = rest.split_ascii_whitespace().collect();
        let time = |at: usize| {
            let ticks: u64 = fields.get(at)?.parse().ok()?;
            Some(Duration::from_millis(ticks * 1_000 / TICKS_PER_SECOND))
        };
        let parent = fields.get(1)?.parse().ok()?;
        let at = FIELDS_BEFORE_USER;
        Some(Self {
            process,
            parent,
            own: time(at)? + time(at + 1)?,
            ended: time(at + 2)? + time(at + 3)?,
        })
    }
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
    fn a_tree_is_a_process_and_all_below_it() {
        let stat = |process, parent, user| {
            let line = format!("{process} (p) S {parent} 2 3 4 5 6 7 8 9 10 {user} 0 10 0 20");
            Stat::parse(process, &line)
        };
        let stats: Vec<Stat> =
            [stat(7, 1, 100), stat(8, 7, 100), stat(9, 8, 100), stat(10, 1, 100)]
                .into_iter()
                .flatten()
                .collect();
        assert_eq!(of_tree(7, &stats), Some(Duration::from_millis(3_300)));
        assert_eq!(of_tree(11, &stats), None);
    }

    #[test]
    fn processor_time_is_user_and_system_time() {
        let stat = "7 (a b) c) S 1 2 3 4 5 6 7 8 9 10 250 50 99 99 20";
        assert_eq!(parse(stat), Some(Duration::from_secs(3)));
        assert_eq!(parse("7 (a) S 1"), None);
        assert_eq!(parse(""), None);
    }
}
