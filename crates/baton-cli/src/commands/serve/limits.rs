//! The limits of intake, as they can be set where a server is started. Those that are not said stay as
//! they are.

use baton_server::settings::IntakeLimits;
use clap::Args;

/// Connectors read no more, whatever intake lets through: see the packs' own bounds.
const BODY_BYTES_MOST: u64 = 64 << 20;
const NESTING_DEPTH_MOST: u64 = 64;

#[derive(Debug, Clone, Copy, Args)]
#[command(next_help_heading = "Limits of intake")]
pub(crate) struct Limits {
    /// The longest body as it comes; 16 MiB otherwise.
    #[arg(long, value_name = "BYTES", env = "BATON_BODY_BYTES_MAX")]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=BODY_BYTES_MOST))]
    body_bytes_max: Option<u64>,
    /// The longest body once it is decompressed; 64 MiB otherwise.
    #[arg(long, value_name = "BYTES", env = "BATON_DECOMPRESSED_BYTES_MAX")]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=BODY_BYTES_MOST))]
    decompressed_bytes_max: Option<u64>,
    /// The headers that are kept with a message, names and values; 8 KiB otherwise.
    #[arg(long, value_name = "BYTES", env = "BATON_HEADER_BYTES_MAX")]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=32 << 10))]
    header_bytes_max: Option<u64>,
    /// How deep a JSON body may nest; 64 otherwise.
    #[arg(long, value_name = "LEVELS", env = "BATON_NESTING_DEPTH_MAX")]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=NESTING_DEPTH_MOST))]
    nesting_depth_max: Option<u64>,
    /// How many messages of a tenant may wait to be read before it is busy; 100000 otherwise.
    #[arg(long, value_name = "MESSAGES", env = "BATON_MESSAGES_WAITING_MAX")]
    #[arg(value_parser = clap::value_parser!(i64).range(1..))]
    messages_waiting_max: Option<i64>,
    /// When a sender that finds it busy is to try again; 5 otherwise.
    #[arg(long, value_name = "SECONDS", env = "BATON_RETRY_AFTER_SECONDS")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=3_600))]
    retry_after_seconds: Option<u32>,
}

impl Limits {
    pub(crate) fn set(self, intake: &mut IntakeLimits) {
        let bytes = |said: Option<u64>, known: usize| {
            said.and_then(|said| usize::try_from(said).ok()).unwrap_or(known)
        };
        intake.body_bytes_max = bytes(self.body_bytes_max, intake.body_bytes_max);
        intake.decompressed_bytes_max =
            bytes(self.decompressed_bytes_max, intake.decompressed_bytes_max);
        intake.header_bytes_max = bytes(self.header_bytes_max, intake.header_bytes_max);
        intake.nesting_depth_max = bytes(self.nesting_depth_max, intake.nesting_depth_max);
        intake.messages_waiting_max =
            self.messages_waiting_max.unwrap_or(intake.messages_waiting_max);
        intake.retry_after_seconds = self.retry_after_seconds.unwrap_or(intake.retry_after_seconds);
    }
}
