//! Every limit and size of the engine, by name, with the value that suits a small server.
//!
//! What comes from outside is bounded here and nowhere else: how large a message may be, how many may
//! wait, how much one step of the engine may do before it commits.

use std::time::Duration;

use ipnet::IpNet;

use crate::PublicUrl;
use crate::http::KeyRole;
use crate::mail::MailSettings;
use crate::oidc::Provider;
use crate::relay::Address;
use crate::roles::Roles;
use crate::traces;

/// The engine's settings.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    pub intake: IntakeLimits,
    pub steps: StepLimits,
    pub dispatch: DispatchLimits,
    pub tidy: TidyLimits,
    pub access: AccessLimits,
    pub roles: Roles,
    /// The Redis through which nodes that share a database tell each other what to look at.
    pub redis: Option<Address>,
    /// The collector to which traces go.
    pub otlp: Option<traces::Address>,
    /// Where browsers reach this Baton: what links in letters begin with.
    pub public_url: Option<PublicUrl>,
    /// How letters leave; without it, links are shown to whoever asks for them.
    pub mail: Option<MailSettings>,
    /// Providers of identities by which people come in.
    pub oidc: Vec<Provider>,
}

/// What may be received, and how receipts are committed.
#[derive(Debug, Clone)]
pub struct IntakeLimits {
    /// The longest body as it comes, in bytes.
    pub body_bytes_max: usize,
    /// The longest body once it is decompressed, in bytes.
    pub decompressed_bytes_max: usize,
    /// The headers that are kept with a message, names and values, in bytes.
    pub header_bytes_max: usize,
    /// How deep a JSON body may nest.
    pub nesting_depth_max: usize,
    /// How many messages of a tenant may wait to be read before intake says that it is busy.
    pub messages_waiting_max: i64,
    /// When a busy sender is to try again, in seconds.
    pub retry_after_seconds: u32,
    /// How long the first of several messages waits for others to share its commit.
    pub commit_wait: Duration,
    /// How many messages share one commit at most.
    pub commit_messages_max: usize,
}

impl Default for IntakeLimits {
    fn default() -> Self {
        Self {
            body_bytes_max: 16 << 20,
            decompressed_bytes_max: 64 << 20,
            header_bytes_max: 8 << 10,
            nesting_depth_max: 64,
            messages_waiting_max: 100_000,
            retry_after_seconds: 5,
            commit_wait: Duration::from_millis(2),
            commit_messages_max: 500,
        }
    }
}

/// Who may call, and how often in vain.
#[derive(Debug, Clone)]
pub struct AccessLimits {
    /// Failed authentications from one address in a span of time; 0 sets no bound.
    pub failures_max: u32,
    pub failures_span: Duration,
    /// Addresses that are remembered for it.
    pub addresses_max: usize,
    /// Proxies whose word about where a call comes from is taken, in `X-Forwarded-For`.
    pub trusted_proxies: Vec<IpNet>,
    /// Failures to sign in by one login, one after the other, after which it waits.
    pub sign_in_failures_max: u32,
    /// How long it waits after the last of them.
    pub locked_out_for: Duration,
    /// What checking a password costs whoever tries: memory in KiB, and how often it is gone through.
    pub password_memory_kib: u32,
    pub password_passes: u32,
    /// Roles whose people have to set a second factor before anything else, in every tenant.
    pub second_factor_roles: Vec<KeyRole>,
    /// The tenant whose people without a password anybody at this machine may be: only in the demo.
    pub demo_tenant: Option<String>,
}

impl Default for AccessLimits {
    fn default() -> Self {
        Self {
            failures_max: 20,
            failures_span: Duration::from_secs(60),
            addresses_max: 10_000,
            trusted_proxies: Vec::new(),
            sign_in_failures_max: 10,
            locked_out_for: Duration::from_secs(15 * 60),
            password_memory_kib: 19 << 10,
            password_passes: 2,
            second_factor_roles: Vec::new(),
            demo_tenant: None,
        }
    }
}

/// How much one step of the loops does, and how far it reaches.
#[derive(Debug, Clone)]
pub struct StepLimits {
    /// Messages that are read and committed together.
    pub batch_messages_max: usize,
    /// How long messages gather between two batches while they come in a stream.
    pub gather_wait: Duration,
    /// How long at most where the stream is so dense that they nearly fill a batch meanwhile.
    pub gather_wait_max: Duration,
    /// Bytes of bodies that are read together; a single longer message goes alone.
    pub batch_bytes_max: usize,
    /// Messages from which on a step is derived before it takes the store's one writer, as far as it can be told; a
    /// shorter one is over sooner.
    pub foreseen_messages_min: usize,
    /// Threads that read messages.
    pub readers: usize,
    /// Threads that derive what messages changed.
    pub derivers: usize,
    /// Threads that derive what somebody asks for of all orders, as `verify` does and scorecards do.
    pub derivers_on_demand: usize,
    /// Clusters that one transaction derives; the rest are woken in the next.
    pub derive_clusters_max: usize,
    /// Subjects that are woken together.
    pub wake_max: usize,
    /// Clusters that are followed upwards from one that changed; those above them are woken later.
    pub ancestors_max: usize,
    /// Clusters that are followed downwards from one that is derived.
    pub descendants_max: usize,
    /// Facts that one derivation reads.
    pub facts_max: usize,
    /// How often a subject is derived again in one step because acts of ours came due.
    pub act_rounds_max: usize,
    /// Facts that are kept decoded between steps, over all clusters.
    pub facts_cached_max: usize,
    /// Identifiers whose cluster is kept between steps.
    pub aliases_cached_max: usize,
    /// How often the loops look for work that nobody announced.
    pub tick: Duration,
    /// How often streams of events look for changes that nobody announced, once for all of a tenant.
    pub events_tick: Duration,
    /// Where several processes share a store: how long after it last said that it lives what a process
    /// holds is kept for it.
    pub lease: Duration,
    /// The wait after a step failed because the store could not; it doubles with each further failure.
    pub retry_wait_first: Duration,
    pub retry_wait_max: Duration,
}

/// More threads than this wait for each other's memory rather than help.
const DERIVERS_MAX: usize = 8;
const READERS_MAX: usize = 2;

/// Messages are received, read and derived at the same time, so that each of the loops has a part of them:
/// where all take them all, they push each other aside, and every event costs a tenth more.
fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

impl Default for StepLimits {
    fn default() -> Self {
        Self {
            batch_messages_max: 2_000,
            gather_wait: Duration::from_millis(40),
            gather_wait_max: Duration::from_millis(480),
            batch_bytes_max: 32 << 20,
            foreseen_messages_min: 8,
            readers: (cores() / 2).clamp(1, READERS_MAX),
            derivers: (cores() / 2).clamp(1, DERIVERS_MAX),
            derivers_on_demand: cores().min(DERIVERS_MAX),
            derive_clusters_max: 8_000,
            wake_max: 500,
            ancestors_max: 2_000,
            descendants_max: 2_000,
            facts_max: 20_000,
            act_rounds_max: 8,
            facts_cached_max: 250_000,
            aliases_cached_max: 200_000,
            tick: Duration::from_millis(200),
            events_tick: Duration::from_millis(300),
            lease: Duration::from_secs(5),
            retry_wait_first: Duration::from_millis(50),
            retry_wait_max: Duration::from_secs(5),
        }
    }
}

/// How webhooks are delivered.
#[derive(Debug, Clone)]
pub struct DispatchLimits {
    pub workers: usize,
    /// Deliveries that are taken from the outbox at once.
    pub batch_max: usize,
    /// How long a receiver may take to answer.
    pub answer_wait_max: Duration,
    /// After so many attempts a delivery is a dead letter.
    pub attempts_max: u32,
    /// The wait after the first failure; it doubles with each further one.
    pub backoff_first: Duration,
    pub backoff_max: Duration,
    /// Seed of the jitter.
    pub jitter_seed: u64,
}

impl Default for DispatchLimits {
    fn default() -> Self {
        Self {
            workers: 4,
            batch_max: 100,
            answer_wait_max: Duration::from_secs(10),
            attempts_max: 48,
            backoff_first: Duration::from_secs(2),
            backoff_max: Duration::from_secs(3_600),
            jitter_seed: 0x00ba_7071,
        }
    }
}

/// What is forgotten, and when.
#[derive(Debug, Clone)]
pub struct TidyLimits {
    /// How often the loop looks.
    pub every: Duration,
    /// Rows of one transaction.
    pub batch_rows: usize,
    /// Transactions for each kind of row, in each tenant, each time.
    pub batches_max: usize,
    /// How long a request with an `Idempotency-Key` is answered as it was.
    pub idempotency_kept: baton_core::time::Duration,
    /// How long the stream of changes can be taken up again after an event, by the tenant's clock.
    pub changes_kept: baton_core::time::Duration,
}

impl Default for TidyLimits {
    fn default() -> Self {
        Self {
            every: Duration::from_secs(60),
            batch_rows: 1_000,
            batches_max: 100,
            idempotency_kept: baton_core::time::Duration::days(7),
            changes_kept: baton_core::time::Duration::days(90),
        }
    }
}
