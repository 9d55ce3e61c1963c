//! What the engine counts, and the text in which Prometheus reads it.
//!
//! Names and units follow the standard's metrics part. Labels are of small closed sets or tenants'
//! sources; no order, customer or tracking number is ever one. A family that meets more label values
//! than its cap counts the rest under `other`.

use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use baton_store::Sizes;
use baton_store::sources::Source;

/// Label sets that one family tells apart.
const SERIES_MAX: usize = 500;
/// The label values of all beyond that; no family has more labels.
const OTHERS: [&str; 4] = ["other"; 4];
const BUCKET_SECONDS: [f64; 15] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.2, 0.25, 0.5, 1.0, 5.0, 60.0, 3_600.0];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Counter,
    Gauge,
    Histogram,
}

#[derive(Debug)]
struct Family {
    name: &'static str,
    help: &'static str,
    sort: Sort,
    labels: &'static [&'static str],
    /// In the order of their label values.
    series: Mutex<Vec<(Vec<String>, Series)>>,
}

#[derive(Debug, Default, Clone)]
struct Series {
    value: f64,
    count: u64,
    buckets: [u64; BUCKET_SECONDS.len()],
}

impl Family {
    const fn new(
        sort: Sort,
        name: &'static str,
        help: &'static str,
        labels: &'static [&'static str],
    ) -> Self {
        Self { name, help, sort, labels, series: Mutex::new(Vec::new()) }
    }

    fn with(&self, values: &[&str], change: impl FnOnce(&mut Series)) {
        let mut series = self.series.lock().unwrap_or_else(PoisonError::into_inner);
        let find = |series: &[(Vec<String>, Series)], values: &[&str]| {
            series.binary_search_by(|(known, _)| {
                known.iter().map(String::as_str).cmp(values.iter().copied())
            })
        };
        let (values, found) = match find(&series, values) {
            Err(_) if series.len() >= SERIES_MAX => {
                let other = OTHERS.get(..self.labels.len()).unwrap_or(&OTHERS);
                (other, find(&series, other))
            }
            found => (values, found),
        };
        let at = found.unwrap_or_else(|at| {
            let key = values.iter().map(|value| (*value).to_owned()).collect();
            series.insert(at, (key, Series::default()));
            at
        });
        if let Some((_, series)) = series.get_mut(at) {
            change(series);
        }
    }

    fn write(&self, text: &mut String) {
        let series = self.series.lock().unwrap_or_else(PoisonError::into_inner);
        let kind = match self.sort {
            Sort::Counter => "counter",
            Sort::Gauge => "gauge",
            Sort::Histogram => "histogram",
        };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "# HELP {} {}\n# TYPE {} {kind}", self.name, self.help, self.name);
        for (values, series) in series.iter() {
            let labels: Vec<String> = self
                .labels
                .iter()
                .zip(values)
                .map(|(label, value)| format!("{label}=\"{}\"", escaped(value)))
                .collect();
            if self.sort == Sort::Histogram {
                self.write_histogram(text, &labels, series);
            } else {
                let _ = writeln!(text, "{}{} {}", self.name, braced(&labels), series.value);
            }
        }
    }

    fn write_histogram(&self, text: &mut String, labels: &[String], series: &Series) {
        let bounds = BUCKET_SECONDS.iter().map(f64::to_string).zip(series.buckets);
        for (bound, count) in bounds.chain([("+Inf".to_owned(), series.count)]) {
            let mut labels = labels.to_vec();
            labels.push(format!("le=\"{bound}\""));
            let _ = writeln!(text, "{}_bucket{} {count}", self.name, braced(&labels));
        }
        let labels = braced(labels);
        let _ = writeln!(text, "{}_sum{labels} {}", self.name, series.value);
        let _ = writeln!(text, "{}_count{labels} {}", self.name, series.count);
    }
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

fn braced(labels: &[String]) -> String {
    if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) }
}

macro_rules! families {
    ($($field:ident: $sort:ident $name:literal [$($label:literal),*] $help:literal;)*) => {
        /// Every family of the engine.
        #[derive(Debug)]
        pub struct Metrics { $($field: Family),* }

        impl Default for Metrics {
            fn default() -> Self {
                Self { $($field: Family::new(Sort::$sort, $name, $help, &[$($label),*])),* }
            }
        }
        impl Metrics {
            /// All families as Prometheus' text format has them.
            #[must_use]
            pub fn text(&self) -> String {
                let mut text = String::new();
                $(self.$field.write(&mut text);)*
                text
            }
        }
    };
}

families! {
    events: Counter "baton_events_received_total" ["source_type", "message_type", "result"] "Messages by the connector of their source, their media type, and what became of them on receipt.";
    message_bytes: Counter "baton_message_received_bytes_total" ["source"] "Bytes of message bodies that were kept.";
    parts: Counter "baton_parts_interpreted_total" ["result"] "Parts of messages that were read, by result.";
    facts: Counter "baton_facts_recorded_total" [] "Facts that were recorded.";
    foreseen: Counter "baton_derivations_total" ["foreseen"] "Clusters that steps derived, by whether that was done before the step took the store.";
    derived: Counter "baton_subjects_derived_total" ["changed"] "Derivations, by whether the state was another one.";
    exceptions: Counter "baton_exceptions_total" ["act"] "Exceptions announced, cleared and withdrawn.";
    clocks: Counter "baton_sla_clocks_total" ["outcome"] "SLA clocks that came out, by how: met, breached or cancelled.";
    lag: Histogram "baton_event_lag_seconds" ["stage"] "Real time from receipt to a stage.";
    batch: Histogram "baton_loop_batch_seconds" ["loop"] "Real time of one batch of a loop that found something to do.";
    commit: Histogram "baton_store_commit_seconds" [] "Real time in which the store made one transaction durable.";
    file_bytes: Gauge "baton_store_file_bytes" [] "Size of the embedded store's file.";
    log_bytes: Gauge "baton_store_wal_bytes" [] "Size of the embedded store's write-ahead log.";
    mapping: Histogram "baton_mapping_seconds" ["connector"] "Real time in which one message was read by its connector.";
    mapping_faults: Counter "baton_mapping_faults_total" ["connector", "code"] "Parts of messages that their connector could not read, by why.";
    timer_delay: Histogram "baton_timer_fire_delay_seconds" [] "Tenant time from a timer's due instant to its derivation.";
    waiting: Gauge "baton_messages_waiting" ["tenant"] "Messages that wait to be read.";
    waiting_age: Gauge "baton_messages_oldest_age_seconds" ["tenant"] "How long ago, by the tenant's clock, the message was received that waits longest.";
    timers_due: Gauge "baton_timers_due" ["tenant"] "Subjects whose time has come and that are not derived yet.";
    timers_age: Gauge "baton_timers_oldest_due_age_seconds" ["tenant"] "How long ago, by the tenant's clock, the first of them was due.";
    feeds: Gauge "baton_feed_last_event_timestamp_seconds" ["tenant", "partner", "source"] "When a feed was last heard, by the tenant's clock, in seconds since 1970.";
    quarantined: Gauge "baton_quarantine_items" ["tenant"] "Parts of messages in quarantine that nobody settled.";
    outbox_pending: Gauge "baton_outbox_pending" ["tenant"] "Deliveries that wait.";
    outbox_age: Gauge "baton_outbox_oldest_age_seconds" ["tenant"] "Age of the oldest delivery that waits.";
    deliveries: Counter "baton_deliveries_total" ["result"] "Attempts to deliver, by result.";
    failures: Counter "baton_loop_failures_total" ["loop", "code"] "Steps of a loop that failed and are tried again.";
    tidied: Counter "baton_tidied_rows_total" ["what"] "Rows that were of use for a while and are forgotten.";
    calls: Counter "baton_http_calls_total" ["endpoint", "status"] "Calls of the API by endpoint and status.";
    call_seconds: Histogram "baton_http_call_seconds" ["endpoint"] "Real time from a call's head to its answer.";
    letters: Counter "baton_letters_total" ["outcome"] "Letters to people, by what came of them.";
    failed_authentications: Counter "baton_failed_authentications_total" ["why"] "Calls with a key that does not hold, by why.";
    spans: Counter "baton_spans_total" ["result"] "Spans of traces by what became of them: sent, or dropped because the collector was away.";
    relay_up: Gauge "baton_relay_up" [] "Whether this node hears itself through Redis, where one is configured.";
    relay_words: Counter "baton_relay_words_total" ["direction"] "Words that this node said to others through Redis, and heard from them.";
    build: Gauge "baton_build_info" ["version"] "The version that runs.";
}

impl Metrics {
    /// Counts a message on receipt, by the connector of its source and its media type.
    pub fn event(&self, source_type: &str, content_type: &str, result: &str) {
        let media = content_type.split(';').next().unwrap_or_default().trim();
        self.events.with(&[source_type, media, result], |s| s.value += 1.0);
    }
    pub(crate) fn kept(&self, source: &str, bytes: usize) {
        self.message_bytes.with(&[source], |s| s.value += bytes as f64);
    }
    pub(crate) fn feed(&self, tenant: &str, source: &Source) {
        let Some(heard_at) = source.heard_at else { return };
        let partner = source.partner.as_deref().unwrap_or_default();
        let seconds = heard_at.micros() as f64 / 1e6;
        self.feeds.with(&[tenant, partner, &source.key], |s| s.value = seconds);
    }
    pub(crate) fn quarantined(&self, tenant: &str, count: i64) {
        self.quarantined.with(&[tenant], |s| s.value = count as f64);
    }
    pub(crate) fn part(&self, result: &str, count: usize) {
        self.parts.with(&[result], |s| s.value += count as f64);
    }
    pub(crate) fn facts(&self, count: usize) {
        self.facts.with(&[], |s| s.value += count as f64);
    }
    pub(crate) fn foreseen(&self, before: usize, within: usize) {
        for (foreseen, count) in [("yes", before), ("no", within)] {
            self.foreseen.with(&[foreseen], |s| s.value += count as f64);
        }
    }
    pub(crate) fn derived(&self, changed: bool) {
        self.derived.with(&[if changed { "yes" } else { "no" }], |s| s.value += 1.0);
    }
    pub(crate) fn exception(&self, act: &str) {
        self.exceptions.with(&[act], |s| s.value += 1.0);
    }
    pub(crate) fn clock(&self, outcome: &str) {
        self.clocks.with(&[outcome], |s| s.value += 1.0);
    }
    pub(crate) fn lag(&self, stage: &str, lag: Duration) {
        observe(&self.lag, &[stage], lag.as_secs_f64());
    }
    pub(crate) fn batch(&self, which: &str, took: Duration) {
        observe(&self.batch, &[which], took.as_secs_f64());
    }
    pub(crate) fn commit(&self, took: Duration) {
        observe(&self.commit, &[], took.as_secs_f64());
    }
    pub(crate) fn sizes(&self, sizes: Sizes) {
        self.file_bytes.with(&[], |s| s.value = sizes.file_bytes as f64);
        self.log_bytes.with(&[], |s| s.value = sizes.log_bytes as f64);
    }
    pub(crate) fn mapped(&self, connector: &str, took: Duration) {
        observe(&self.mapping, &[connector], took.as_secs_f64());
    }
    pub(crate) fn not_mapped(&self, connector: &str, code: &str) {
        self.mapping_faults.with(&[connector, code], |s| s.value += 1.0);
    }
    pub(crate) fn waiting_age(&self, tenant: &str, seconds: f64) {
        self.waiting_age.with(&[tenant], |s| s.value = seconds);
    }
    pub(crate) fn timers(&self, tenant: &str, due: i64, oldest_age_seconds: f64) {
        self.timers_due.with(&[tenant], |s| s.value = due as f64);
        self.timers_age.with(&[tenant], |s| s.value = oldest_age_seconds);
    }
    pub(crate) fn timer_delay(&self, seconds: f64) {
        observe(&self.timer_delay, &[], seconds);
    }
    pub(crate) fn waiting(&self, tenant: &str, count: i64) {
        self.waiting.with(&[tenant], |s| s.value = count as f64);
    }
    pub(crate) fn outbox(&self, tenant: &str, pending: i64, oldest_age_seconds: f64) {
        self.outbox_pending.with(&[tenant], |s| s.value = pending as f64);
        self.outbox_age.with(&[tenant], |s| s.value = oldest_age_seconds);
    }
    pub(crate) fn delivery(&self, result: &str) {
        self.deliveries.with(&[result], |s| s.value += 1.0);
    }
    /// Counts a call of the API.
    pub(crate) fn call(&self, endpoint: &str, status: &str, took: Duration) {
        self.calls.with(&[endpoint, status], |s| s.value += 1.0);
        observe(&self.call_seconds, &[endpoint], took.as_secs_f64());
    }
    /// Counts a step that failed, by the kind of its error.
    pub(crate) fn failure(&self, which: &str, code: &str) {
        self.failures.with(&[which, code], |s| s.value += 1.0);
    }
    pub(crate) fn tidied(&self, what: &str, rows: u64) {
        self.tidied.with(&[what], |s| s.value += rows as f64);
    }
    /// Counts a call that was refused for its key.
    pub(crate) fn letter(&self, outcome: &str) {
        self.letters.with(&[outcome], |s| s.value += 1.0);
    }
    pub(crate) fn failed_authentication(&self, why: &str) {
        self.failed_authentications.with(&[why], |s| s.value += 1.0);
    }
    pub(crate) fn spans(&self, result: &str, count: usize) {
        self.spans.with(&[result], |s| s.value += count as f64);
    }
    pub(crate) fn relay_up(&self, up: bool) {
        self.relay_up.with(&[], |s| s.value = f64::from(u8::from(up)));
    }
    /// Counts words by whether they were `said` or `heard`.
    pub(crate) fn relay_words(&self, direction: &str, count: usize) {
        self.relay_words.with(&[direction], |s| s.value += count as f64);
    }
    pub(crate) fn build(&self, version: &str) {
        self.build.with(&[version], |s| s.value = 1.0);
    }
}

fn observe(family: &Family, labels: &[&str], seconds: f64) {
    family.with(labels, |series| {
        series.value += seconds;
        series.count += 1;
        for (bucket, bound) in series.buckets.iter_mut().zip(BUCKET_SECONDS) {
            *bucket += u64::from(seconds <= bound);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_what_prometheus_reads() {
        let metrics = Metrics::default();
        metrics.event("shopify", "application/json; charset=utf-8", "accepted");
        metrics.event("shopify", "application/json", "accepted");
        metrics.event("odd\"name", "text/plain", "duplicate");
        metrics.kept("northwind-shop", 120);
        metrics.kept("northwind-shop", 80);
        metrics.timer_delay(0.3);
        let text = metrics.text();
        for line in [
            "baton_events_received_total{source_type=\"shopify\",message_type=\"application/json\",result=\"accepted\"} 2",
            "baton_events_received_total{source_type=\"odd\\\"name\",message_type=\"text/plain\",result=\"duplicate\"} 1",
            "baton_message_received_bytes_total{source=\"northwind-shop\"} 200",
            "# TYPE baton_timer_fire_delay_seconds histogram",
            "baton_timer_fire_delay_seconds_bucket{le=\"0.1\"} 0",
            "baton_timer_fire_delay_seconds_bucket{le=\"0.5\"} 1",
            "baton_timer_fire_delay_seconds_bucket{le=\"+Inf\"} 1",
            "baton_timer_fire_delay_seconds_count 1",
        ] {
            assert!(text.lines().any(|l| l == line), "{line}\nin\n{text}");
        }
    }

    #[test]
    fn labels_are_capped() {
        let metrics = Metrics::default();
        for n in 0..2 * SERIES_MAX {
            metrics.event(&format!("source-{n}"), "application/json", "accepted");
        }
        let lines = metrics.text().lines().filter(|l| l.contains("result=\"")).count()
            + metrics.text().lines().filter(|l| l.contains("result=\"other\"")).count();
        assert!(lines <= SERIES_MAX + 2, "{lines}");
        assert!(metrics.text().contains("source_type=\"other\""));
    }
}
