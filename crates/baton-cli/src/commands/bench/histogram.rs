//! A histogram as the metrics tell it, and what may be said of it: between two readings, the least bound
//! below which a share of the observations lies.

/// Bounds in seconds, with how many observations lie below each. The last bound is infinite.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Histogram {
    buckets: Vec<(f64, u64)>,
}

impl Histogram {
    /// The series of a family that has `label` among its labels; empty where there is none.
    pub(super) fn of(text: &str, family: &str, label: &str) -> Self {
        let bucket = |line: &str| {
            let labels = line.strip_prefix(family)?.strip_prefix("_bucket{")?;
            let (labels, count) = labels.split_once("} ")?;
            if !label.is_empty() && !labels.split(',').any(|l| l == label) {
                return None;
            }
            let bound =
                labels.split(',').find_map(|l| l.strip_prefix("le=\"")?.strip_suffix('"'))?;
            let bound = if bound == "+Inf" { f64::INFINITY } else { bound.parse().ok()? };
            Some((bound, count.parse().ok()?))
        };
        Self { buckets: text.lines().filter_map(bucket).collect() }
    }

    /// What was observed after an earlier reading.
    pub(super) fn since(&self, earlier: &Self) -> Self {
        let before = |bound: f64| {
            earlier.buckets.iter().find(|(b, _)| *b == bound).map_or(0, |(_, count)| *count)
        };
        let buckets =
            self.buckets.iter().map(|(b, n)| (*b, n.saturating_sub(before(*b)))).collect();
        Self { buckets }
    }

    pub(super) fn count(&self) -> u64 {
        self.buckets.last().map_or(0, |(_, count)| *count)
    }

    /// The least bound below which this share lies; 0 of nothing.
    pub(super) fn quantile(&self, share: f64) -> f64 {
        let wanted = self.count() as f64 * share;
        self.buckets
            .iter()
            .find(|(_, count)| *count as f64 >= wanted)
            .map_or(0.0, |(bound, _)| *bound)
    }
}

/// Of measured times the one below which a share lies, in milliseconds; 0 of none.
pub(super) fn quantile_ms(sorted: &[std::time::Duration], share: f64) -> f64 {
    let at = (sorted.len() as f64 * share).ceil() as usize;
    sorted.get(at.saturating_sub(1)).map_or(0.0, |time| time.as_secs_f64() * 1e3)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const TEXT: &str = "# TYPE lag histogram\n\
        lag_bucket{stage=\"read\",le=\"0.1\"} 9\nlag_bucket{stage=\"read\",le=\"+Inf\"} 9\n\
        lag_bucket{stage=\"derived\",le=\"0.1\"} 90\nlag_bucket{stage=\"derived\",le=\"0.5\"} 99\n\
        lag_bucket{stage=\"derived\",le=\"+Inf\"} 100\nlag_sum{stage=\"derived\"} 3\n";

    #[test]
    fn a_quantile_is_the_bound_of_its_bucket() {
        let all = Histogram::of(TEXT, "lag", "stage=\"derived\"");
        for (share, bound) in [(0.5, 0.1), (0.9, 0.1), (0.99, 0.5), (1.0, f64::INFINITY)] {
            assert_eq!(all.quantile(share), bound, "{share}");
        }
        assert_eq!(all.count(), 100);
        let later = Histogram { buckets: vec![(0.1, 90), (0.5, 109), (f64::INFINITY, 110)] };
        assert_eq!(later.since(&all).quantile(0.5), 0.5);
        assert_eq!(Histogram::default().quantile(0.5), 0.0);
    }

    #[test]
    fn a_measured_quantile_is_one_of_the_times() {
        let times: Vec<Duration> = (1..=100).map(Duration::from_millis).collect();
        for (share, ms) in [(0.5, 50.0), (0.95, 95.0), (0.99, 99.0), (1.0, 100.0)] {
            assert_eq!(quantile_ms(&times, share), ms);
        }
        assert_eq!(quantile_ms(&[], 0.5), 0.0);
    }
}
