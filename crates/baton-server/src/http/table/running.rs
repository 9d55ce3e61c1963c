//! Sources, keys, deliveries and the server: what those who run Baton work with.

use axum::http::StatusCode;

use super::{ADMIN, EVERYBODY, PARTNERS, READ, SEE, WIRING, WORK};
use crate::http::access::KeyRole::{Monitor, Operator};
use crate::http::endpoint::Endpoint;
use crate::http::endpoint::Run::{Acts, Reads, Writes};
use crate::http::errors::ErrorCode as E;
use crate::http::limits::JSON_BYTES_MAX;
use crate::http::page::Page;
use crate::http::{
    doctor, feed, health, keys, outbox, partner_profile, partners, scorecards, sources,
    subscriptions, tenants, verify,
};

pub(super) static ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("/v1/sources", "list_sources", "Lists sources", Reads(sources::list))
        .tag("sources")
        .roles(SEE)
        .answers::<Page<sources::SourceItem>>(),
    Endpoint::post(
        "/v1/sources",
        "create_source",
        "Makes a source and its first key",
        Writes(sources::create),
    )
    .tag("sources")
    .roles(ADMIN)
    .about("source", "source")
    .tells(&["role", "connector", "partner"])
    .takes::<sources::NewSourceRequest>(JSON_BYTES_MAX)
    .answers::<sources::SourceItem>()
    .with_status(StatusCode::CREATED)
    .errors(&[E::Conflict, E::ValueWrong, E::NotFound]),
    Endpoint::get("/v1/sources/{source}", "show_source", "Shows a source", Reads(sources::show))
        .tag("sources")
        .roles(SEE)
        .answers::<sources::SourceItem>(),
    Endpoint::post(
        "/v1/sources/{source}",
        "change_source",
        "Changes a source, or disables it",
        Writes(sources::change),
    )
    .tag("sources")
    .roles(ADMIN)
    .about("source", "source")
    .tells(&["connector", "disabled_at"])
    .takes::<sources::SourceChange>(JSON_BYTES_MAX)
    .answers::<sources::SourceItem>()
    .errors(&[E::Conflict, E::ValueWrong]),
    Endpoint::post(
        "/v1/sources/{source}/keys",
        "rotate_source_key",
        "Makes a new key of a source; the old ones end after an overlap",
        Writes(sources::rotate),
    )
    .tag("sources")
    .roles(ADMIN)
    .about("source", "source")
    .takes::<sources::RotateRequest>(JSON_BYTES_MAX)
    .answers::<sources::RotateAnswer>()
    .with_status(StatusCode::CREATED)
    .errors(&[E::Conflict, E::ValueWrong]),
    Endpoint::get(
        "/v1/sources/{source}/health",
        "feed_health",
        "Tells how a feed does, by its newest messages",
        Reads(feed::health),
    )
    .tag("sources")
    .roles(SEE)
    .answers::<feed::FeedHealth>(),
    Endpoint::get("/v1/partners", "list_partners", "Lists partners", Reads(partners::list))
        .tag("sources")
        .roles(SEE)
        .answers::<Page<partners::PartnerItem>>(),
    Endpoint::get(
        "/v1/partner-names",
        "name_partners",
        "What the partners are called that the caller may know of",
        Reads(partners::names),
    )
    .tag("sources")
    .roles(SEE)
    .query::<partners::NamesQuery>()
    .answers::<Page<partners::NamedPartner>>(),
    Endpoint::post(
        "/v1/partners",
        "put_partner",
        "Adds a partner, or changes its name, role, and what it sees of prices and names",
        Writes(partners::put),
    )
    .tag("sources")
    .roles(PARTNERS)
    .about("partner", "partner")
    .tells(&["name", "role"])
    .takes::<partners::PartnerRequest>(JSON_BYTES_MAX)
    .answers::<partners::PartnerItem>()
    .errors(&[E::ValueWrong, E::RoleTooSmall]),
    Endpoint::get(
        "/v1/partners/{partner}",
        "show_partner",
        "Shows a partner as a whole: how its feeds do, and what was agreed with it",
        Reads(partner_profile::show),
    )
    .tag("sources")
    .roles(SEE)
    .answers::<partner_profile::PartnerProfile>(),
    Endpoint::get(
        "/v1/scorecards",
        "show_scorecards",
        "Tells how the orders that were promised for a span came out, and each partner's share in it",
        Reads(scorecards::show),
    )
    .tag("sources")
    .roles(SEE)
    .query::<scorecards::ScorecardsQuery>()
    .answers::<scorecards::ScorecardsAnswer>()
    .errors(&[E::QueryWrong]),
    Endpoint::get(
        "/v1/tenants",
        "list_tenants",
        "Lists tenants: all for an operator, else the key's own",
        Reads(tenants::list),
    )
    .tag("running")
    .roles(READ)
    .of_no_tenant()
    .answers::<Page<tenants::TenantItem>>(),
    Endpoint::post(
        "/v1/tenants",
        "create_tenant",
        "Makes a tenant and the key that runs it",
        Acts(tenants::create),
    )
    .tag("running")
    .roles(&[Operator])
    .of_no_tenant()
    .about("tenant", "tenant")
    .takes::<tenants::NewTenantRequest>(JSON_BYTES_MAX)
    .answers::<tenants::TenantItem>()
    .with_status(StatusCode::CREATED)
    .errors(&[E::Conflict, E::ValueWrong]),
    Endpoint::get("/v1/keys", "list_keys", "Lists the tenant's keys", Reads(keys::list))
        .tag("running")
        .roles(ADMIN)
        .answers::<Page<keys::KeyItem>>(),
    Endpoint::post(
        "/v1/keys",
        "create_key",
        "Makes a key, which is shown once",
        Writes(keys::create),
    )
    .tag("running")
    .roles(ADMIN)
    .about("key", "id")
    .tells(&["label", "role", "partner", "expires_at"])
    .takes::<keys::NewKey>(JSON_BYTES_MAX)
    .answers::<keys::KeyItem>()
    .with_status(StatusCode::CREATED)
    .errors(&[E::ValueWrong, E::NotFound]),
    Endpoint::post(
        "/v1/keys/{id}/rotate",
        "rotate_key",
        "Makes another key that may the same; the old one ends after an overlap",
        Writes(keys::rotate),
    )
    .tag("running")
    .roles(ADMIN)
    .about("key", "id")
    .tells(&["id", "label", "role"])
    .takes::<sources::RotateRequest>(JSON_BYTES_MAX)
    .answers::<keys::KeyItem>()
    .with_status(StatusCode::CREATED)
    .errors(&[E::Conflict, E::RoleTooSmall, E::ValueWrong]),
    Endpoint::delete("/v1/keys/{id}", "revoke_key", "Ends a key at once", Writes(keys::revoke))
        .tag("running")
        .about("key", "id")
        .tells(&["label", "role"])
        .roles(ADMIN)
        .answers::<keys::KeyItem>()
        .errors(&[E::Conflict]),
    Endpoint::get(
        "/v1/subscriptions",
        "list_subscriptions",
        "Lists where events are delivered to",
        Reads(subscriptions::list),
    )
    .tag("events")
    .roles(WIRING)
    .answers::<Page<subscriptions::SubscriptionItem>>(),
    Endpoint::post(
        "/v1/subscriptions",
        "create_subscription",
        "Has events delivered to an address, signed with a secret that is shown once",
        Writes(subscriptions::create),
    )
    .tag("events")
    .roles(ADMIN)
    .about("subscription", "id")
    .takes::<subscriptions::NewSubscription>(JSON_BYTES_MAX)
    .answers::<subscriptions::SubscriptionItem>()
    .with_status(StatusCode::CREATED)
    .errors(&[E::ValueWrong]),
    Endpoint::post(
        "/v1/subscriptions/{id}",
        "change_subscription",
        "Stops deliveries, or has them go on",
        Writes(subscriptions::change),
    )
    .tag("events")
    .roles(ADMIN)
    .about("subscription", "id")
    .tells(&["disabled_at"])
    .takes::<subscriptions::SubscriptionChange>(JSON_BYTES_MAX)
    .answers::<subscriptions::SubscriptionItem>(),
    Endpoint::get("/v1/outbox", "list_outbox", "Lists deliveries by state", Reads(outbox::list))
        .tag("events")
        .roles(WIRING)
        .query::<outbox::OutboxQuery>()
        .answers::<Page<outbox::CommandItem>>()
        .errors(&[E::CursorWrong]),
    Endpoint::post(
        "/v1/outbox/{id}/retry",
        "retry_delivery",
        "Tries a delivery again that was given up",
        Writes(outbox::retry),
    )
    .tag("events")
    .about("delivery", "id")
    .roles(WORK)
    .answers::<outbox::RetryAnswer>(),
    Endpoint::post(
        "/v1/verify",
        "verify",
        "Derives everything again and compares it with what was written",
        Acts(verify::verify),
    )
    .tag("running")
    .roles(ADMIN)
    .answers::<verify::VerifyAnswer>()
    .errors(&[E::NotSettled]),
    Endpoint::get(
        "/v1/doctor",
        "examine",
        "Looks the system over and says what to do",
        Reads(doctor::examine),
    )
    .tag("running")
    .roles(ADMIN)
    .of_no_tenant()
    .answers::<doctor::Examination>(),
    Endpoint::get("/v1/caller", "show_caller", "Says whose key it is", Reads(health::caller))
        .tag("server")
        .roles(EVERYBODY)
        .of_no_tenant()
        .answers::<health::Caller>(),
    Endpoint::get("/v1/openapi.json", "openapi", "This description", Reads(health::description))
        .tag("server")
        .roles(EVERYBODY)
        .of_no_tenant()
        .answers_raw("application/json", "OpenAPI 3.1."),
    Endpoint::get(
        "/docs/errors/{code}",
        "explain_error",
        "The page that a refusal's `type` names",
        Reads(health::error_page),
    )
    .tag("server")
    .open()
    .answers_raw("text/plain", "Markdown."),
    Endpoint::get("/health/live", "live", "Says that the process lives", Reads(health::live))
        .tag("server")
        .open()
        .answers::<health::Health>(),
    Endpoint::get(
        "/health/ready",
        "ready",
        "Says whether the store answers and the loops run",
        Reads(health::ready),
    )
    .tag("server")
    .open()
    .answers::<health::Health>()
    .errors(&[E::StoreUnavailable, E::Stopping]),
    Endpoint::get("/metrics", "metrics", "What Prometheus reads", Reads(health::metrics))
        .tag("server")
        .roles(&[Operator, Monitor])
        .of_no_tenant()
        .answers_raw("text/plain", "Prometheus' text format."),
];
