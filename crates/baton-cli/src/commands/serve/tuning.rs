//! What else of the server people set where it is started: how long receivers of webhooks are waited for,
//! how many wrong keys are taken, and how long is kept what is of use for a while. What is not said stays
//! as it is.

use std::time::Duration;

use baton_core::time::Duration as Length;
use baton_server::settings::Settings;
use clap::Args;

#[derive(Debug, Clone, Copy, Args)]
#[command(next_help_heading = "Deliveries, keys and what is kept")]
pub(crate) struct Tuning {
    /// How long a receiver of webhooks may take to answer; 10 otherwise.
    #[arg(long, value_name = "SECONDS", env = "BATON_WEBHOOK_WAIT_SECONDS")]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=120))]
    webhook_wait_seconds: Option<u64>,
    /// After so many attempts a delivery is given up; 48 otherwise, which is a day and a half.
    #[arg(long, value_name = "ATTEMPTS", env = "BATON_WEBHOOK_ATTEMPTS_MAX")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=1_000))]
    webhook_attempts_max: Option<u32>,
    /// Calls with wrong keys from one address within a minute; 20 otherwise, 0 sets no bound.
    #[arg(long, value_name = "CALLS", env = "BATON_KEY_FAILURES_MAX")]
    key_failures_max: Option<u32>,
    /// How long the stream of events can be taken up again after an event; 90 otherwise.
    #[arg(long, value_name = "DAYS", env = "BATON_EVENTS_KEPT_DAYS")]
    #[arg(value_parser = clap::value_parser!(i64).range(1..=3_650))]
    events_kept_days: Option<i64>,
    /// How long a repeat of a call with an Idempotency-Key is answered as the first one was; 7 otherwise.
    #[arg(long, value_name = "DAYS", env = "BATON_REPEATS_KEPT_DAYS")]
    #[arg(value_parser = clap::value_parser!(i64).range(1..=365))]
    repeats_kept_days: Option<i64>,
}

impl Tuning {
    pub(crate) fn set(self, settings: &mut Settings) {
        let Settings { dispatch, access, tidy, .. } = settings;
        if let Some(seconds) = self.webhook_wait_seconds {
            dispatch.answer_wait_max = Duration::from_secs(seconds);
        }
        dispatch.attempts_max = self.webhook_attempts_max.unwrap_or(dispatch.attempts_max);
        access.failures_max = self.key_failures_max.unwrap_or(access.failures_max);
        if let Some(days) = self.events_kept_days {
            tidy.changes_kept = Length::days(days);
        }
        if let Some(days) = self.repeats_kept_days {
            tidy.idempotency_kept = Length::days(days);
        }
    }
}
