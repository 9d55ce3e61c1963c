//! What may come in over HTTP, and how much is worked on at once. Limits on messages are settings of
//! the engine (see [`crate::settings::IntakeLimits`]); these are the edge's own.

use std::time::Duration;

/// The longest body of a call other than a message, in bytes.
pub(super) const JSON_BYTES_MAX: usize = 1 << 20;
/// The longest body that brings packs, in bytes: the files of several, written as JSON.
pub(super) const PACKS_BYTES_MAX: usize = 64 << 20;
/// How deep a JSON body may nest.
pub(super) const JSON_DEPTH_MAX: usize = 64;
/// All headers of a call together, names and values, in bytes.
pub(super) const HEADER_BYTES_MAX: usize = 32 << 10;
/// The part of an address after the question mark, in bytes.
pub(super) const QUERY_BYTES_MAX: usize = 4 << 10;
/// One part of an address's path, decoded, in bytes.
pub(super) const PATH_PART_BYTES_MAX: usize = 200;
/// A key, or what is sent as one, in bytes.
pub(super) const KEY_BYTES_MAX: usize = 200;
/// Networks that one key, or one source, may be limited to.
pub(super) const NETWORKS_MAX: usize = 50;
/// A key's last use is noted again once what is known of it is older than this.
pub(super) const KEY_USE_NOTED_EVERY: baton_core::time::Duration =
    baton_core::time::Duration::hours(1);
/// An `Idempotency-Key`, in bytes.
pub(super) const IDEMPOTENCY_KEY_BYTES_MAX: usize = 200;
/// Orders that one call for scorecards looks at, and the span of their promises: what it is where the
/// call does not say, and at most.
pub(super) const SCORED_ORDERS_MAX: usize = 10_000;
pub(super) const SCORED_SPAN_DEFAULT: baton_core::time::Duration =
    baton_core::time::Duration::days(28);
pub(super) const SCORED_SPAN_MAX: baton_core::time::Duration =
    baton_core::time::Duration::days(366);
/// Entries of a page that does not say how many it wants, and at most.
pub(super) const PAGE_DEFAULT: usize = 50;
pub(super) const PAGE_MAX: usize = 500;
/// Lines of one `?batch=ndjson`.
pub(super) const BATCH_LINES_MAX: usize = 10_000;
/// Lines of a batch that wait for their commit together.
pub(super) const BATCH_TOGETHER_MAX: usize = 500;
/// Bodies of all calls that are under way, in KiB; a body that does not say its length counts as the
/// longest that it may be.
pub(super) const BODIES_KIB_MAX: u32 = 512 << 10;
/// How long a body may take to arrive.
pub(super) const BODY_WAIT_MAX: Duration = Duration::from_secs(60);
/// Calls that use the store at once; others wait for their turn, in order.
pub(super) const STORE_CALLS_MAX: usize = 32;
/// Passwords that are checked at once; each takes some 20 MB and a processor.
pub(super) const HASHING_MAX: usize = 2;
/// People who forgot their passwords and whose letters are not gone yet; of more nobody is sent one.
pub(super) const FORGETFUL_MAX: usize = 16;
/// The body of a call that signs somebody in, in bytes.
pub(super) const SIGN_IN_BYTES_MAX: usize = 4 << 10;
/// Streams of events that may be open at once.
pub(super) const EVENT_STREAMS_MAX: usize = 200;
/// Events that are read at once.
pub(super) const EVENTS_TOGETHER_MAX: i64 = 200;
/// Between two looks for new events at least.
pub(super) const EVENTS_APART: Duration = Duration::from_millis(20);
/// A stream that has nothing to say says so this often, so that it is not taken for dead.
pub(super) const EVENTS_ALIVE_EVERY: Duration = Duration::from_secs(15);
/// How long an answer from the store about a key is believed. Ending a key in this process is at once;
/// another node notices within this time.
pub(super) const KEY_BELIEVED: Duration = Duration::from_secs(5);
/// Keys that are remembered.
pub(super) const KEYS_REMEMBERED_MAX: usize = 10_000;
/// Facts of one claim that are shown with their bytes.
pub(super) const EXPLAINED_FACTS_MAX: usize = 100;
/// Bytes of a message that are shown for one fact.
pub(super) const EXCERPT_BYTES_MAX: usize = 2_000;
/// Differences that a what-if lists.
pub(super) const DIFFERENCES_MAX: usize = 1_000;
/// Messages that one call reads again.
pub(super) const REREAD_MAX: usize = 10_000;
/// How long a call waits for the engine to have nothing left to do.
pub(super) const SETTLE_WAIT_MAX: Duration = Duration::from_secs(10);
/// How long old and new key of a source overlap where the call does not say.
pub(super) const OVERLAP_DEFAULT: baton_core::time::Duration =
    baton_core::time::Duration::hours(24);
pub(super) const OVERLAP_MAX: baton_core::time::Duration = baton_core::time::Duration::days(90);
/// A name, label, reason or address in a body, in bytes.
pub(super) const TEXT_BYTES_MAX: usize = 1_000;
/// A person's note, in bytes.
pub(super) const NOTE_BYTES_MAX: usize = 10_000;
/// Orders whose hand-offs one call looks at, and how many of them at once: each is derived, and a reader
/// who wants more asks for the next page.
pub(super) const HANDOFF_ORDERS_MAX: usize = 100;
pub(super) const HANDOFF_ORDERS_AT_ONCE: usize = 25;
/// Messages of a feed, the newest, that its health is told by.
pub(super) const FEED_MESSAGES_MAX: usize = 200;
/// Changes that one look at what is new goes through, the newest, and for a partner, each of whose has
/// to be looked at for whether it is one that it may see.
pub(super) const NEWS_CHANGES_MAX: i64 = 5_000;
pub(super) const NEWS_CHANGES_PARTNER_MAX: i64 = 500;
/// Orders that were joined to others, of which it says what they are called now.
pub(super) const NEWS_JOINED_MAX: usize = 500;
/// Orders and exceptions that it names.
pub(super) const NEWS_ITEMS_MAX: usize = 20;
/// A saved view: its name, and the search part of the page's address, in bytes.
pub(super) const VIEW_NAME_BYTES_MAX: usize = 100;
pub(super) const VIEW_SEARCH_BYTES_MAX: usize = 2_000;
/// Customers' names that are offered at once.
pub(super) const CUSTOMERS_FOUND_MAX: usize = 50;
/// Views that one caller keeps.
pub(super) const VIEWS_MAX: usize = 200;
/// How long counts over all of a tenant's orders are good for, at least and at most; in between so many
/// times as long as they took.
pub(super) const COUNTS_BELIEVED: Duration = Duration::from_secs(5);
pub(super) const COUNTS_BELIEVED_TIMES: u32 = 40;
pub(super) const COUNTS_BELIEVED_MAX: Duration = Duration::from_secs(60);
/// How old counts may be that are shown while somebody counts anew.
pub(super) const COUNTS_SHOWN_MAX: Duration = Duration::from_secs(15 * 60);
/// Orders promised for a day that are looked at, those that are named, and how long a day may be.
pub(super) const TODAY_ORDERS_MAX: usize = 1_000;
pub(super) const TODAY_ITEMS_MAX: usize = 10;
pub(super) const TODAY_SPAN_MAX: baton_core::time::Duration = baton_core::time::Duration::hours(50);
/// Orders whose value a sum of what is at stake takes in.
pub(super) const STAKE_ORDERS_MAX: usize = 2_000;

/// Months of usage in one answer, and where none are said.
pub(super) const USAGE_MONTHS_MAX: i64 = 36;
pub(super) const USAGE_MONTHS_DEFAULT: i64 = 12;
