//! The table of endpoints: the map of the API.

use axum::http::StatusCode;

use super::access::KeyRole::{
    self, Admin, Auditor, Monitor, Operations, Operator, Partner, Source,
};
use super::endpoint::Endpoint;
use super::endpoint::Run::{Acts, Flows, Reads, Writes};
use super::errors::ErrorCode as E;
use super::limits::JSON_BYTES_MAX;
use super::page::Page;
use super::{exceptions, health, intake, messages, orders, quarantine};

/// Sees everything of the tenant.
const READ: &[KeyRole] = &[Operator, Admin, Operations, Auditor];
/// The same, or what a partner may see of it.
const SEE: &[KeyRole] = &[Operator, Admin, Operations, Auditor, Partner];
/// Works on orders.
const WORK: &[KeyRole] = &[Operator, Admin, Operations];
/// Sends messages.
const SEND: &[KeyRole] = &[Operator, Admin, Operations, Source];
const EVERYBODY: &[KeyRole] = &KeyRole::ALL;

const ANY: &str = "*/*";

/// Groups of endpoints, in words.
pub(super) const TAGS: &[(&str, &str)] = &[
    ("intake", "Sending messages."),
    ("messages", "Messages as they were received, and what of them could not be read."),
    ("orders", "What holds of every order, and why."),
    ("exceptions", "What went wrong."),
    ("server", "The server itself."),
];

pub(super) static TABLE: &[Endpoint] = &[
    Endpoint::post(
        "/v1/sources/{source}/messages",
        "send_message",
        "Sends a message, or one a line; answered when it is durable",
        Flows(intake::receive),
    )
    .tag("intake")
    .roles(SEND)
    .query::<intake::IntakeQuery>()
    .takes_raw(ANY, "The message, byte for byte; with `?batch=ndjson` one a line.")
    .answers::<intake::ReceiptAnswer>()
    .with_status(StatusCode::ACCEPTED)
    .errors(&[
        E::WrongSource,
        E::BodyTooLong,
        E::DecompressedTooLong,
        E::TooManyLines,
        E::HeadersTooLong,
        E::NestedTooDeep,
        E::EncodingWrong,
        E::ReceivedAtRefused,
        E::BodyTimeout,
        E::Busy,
        E::Stopping,
        E::StoreUnavailable,
    ]),
    Endpoint::get(
        "/v1/messages",
        "list_messages",
        "Lists messages, newest first",
        Reads(messages::list),
    )
    .tag("messages")
    .roles(SEE)
    .query::<messages::MessagesQuery>()
    .answers::<Page<messages::MessageItem>>()
    .errors(&[E::CursorWrong]),
    Endpoint::get(
        "/v1/messages/{id}",
        "show_message",
        "Shows a message, the facts that it yielded and what could not be read",
        Reads(messages::show),
    )
    .tag("messages")
    .roles(SEE)
    .answers::<messages::MessageDetail>(),
    Endpoint::get(
        "/v1/messages/{id}/raw",
        "raw_message",
        "The body of a message, byte for byte",
        Reads(messages::raw),
    )
    .tag("messages")
    .roles(SEE)
    .answers_raw(ANY, "The body as it came."),
    Endpoint::get(
        "/v1/quarantine",
        "list_quarantine",
        "Lists what of messages could not be read",
        Reads(quarantine::list),
    )
    .tag("messages")
    .roles(SEE)
    .query::<quarantine::QuarantineQuery>()
    .answers::<Page<quarantine::QuarantineItem>>()
    .errors(&[E::CursorWrong]),
    Endpoint::get(
        "/v1/quarantine/{id}",
        "show_quarantine",
        "Shows what could not be read, where, and what was expected",
        Reads(quarantine::show),
    )
    .tag("messages")
    .roles(SEE)
    .answers::<quarantine::QuarantineItem>(),
    Endpoint::post(
        "/v1/quarantine/reread",
        "reread_many",
        "Reads again what is open, all or by code and source",
        Acts(quarantine::reread_many),
    )
    .tag("messages")
    .roles(WORK)
    .takes::<quarantine::RereadRequest>(JSON_BYTES_MAX)
    .answers::<quarantine::RereadAnswer>(),
    Endpoint::post(
        "/v1/quarantine/{id}/reread",
        "reread",
        "Reads the message of an item again",
        Acts(quarantine::reread_one),
    )
    .tag("messages")
    .roles(WORK)
    .answers::<quarantine::RereadAnswer>()
    .errors(&[E::Conflict]),
    Endpoint::post(
        "/v1/quarantine/{id}/discard",
        "discard",
        "Says that an item does not matter, and why",
        Writes(quarantine::discard),
    )
    .tag("messages")
    .roles(WORK)
    .takes::<quarantine::DiscardRequest>(JSON_BYTES_MAX)
    .answers::<quarantine::QuarantineItem>()
    .errors(&[E::Conflict, E::ValueWrong]),
    Endpoint::get("/v1/orders", "list_orders", "Lists orders", Reads(orders::list))
        .tag("orders")
        .roles(SEE)
        .query::<orders::OrdersQuery>()
        .answers::<Page<super::order_row::OrderItem>>()
        .errors(&[E::CursorWrong]),
    Endpoint::get(
        "/v1/orders/{id}",
        "show_order",
        "Shows an order as a whole, now or as it was known",
        Reads(orders::show),
    )
    .tag("orders")
    .roles(SEE)
    .query::<orders::OrderQuery>()
    .answers::<baton_core::state::State>(),
    Endpoint::get("/v1/exceptions", "list_exceptions", "Lists exceptions", Reads(exceptions::list))
        .tag("exceptions")
        .roles(SEE)
        .query::<exceptions::ExceptionsQuery>()
        .answers::<Page<exceptions::ExceptionItem>>()
        .errors(&[E::CursorWrong]),
    Endpoint::get(
        "/v1/exceptions/{id}",
        "show_exception",
        "Shows an exception and what it rests on",
        Reads(exceptions::show),
    )
    .tag("exceptions")
    .roles(SEE)
    .answers::<exceptions::ExceptionDetail>(),
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
