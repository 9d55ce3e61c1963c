//! Messages, orders and exceptions: what people and programs work with every day.

use axum::http::StatusCode;

use super::{ANSWER, ANY, PREVIEW, READ, SEE, SEND, SPEAK, WORK};
use crate::http::endpoint::Endpoint;
use crate::http::endpoint::Run::{Acts, Flows, Reads, Writes};
use crate::http::errors::ErrorCode as E;
use crate::http::limits::{JSON_BYTES_MAX, PACKS_BYTES_MAX};
use crate::http::page::Page;
use crate::http::shown_fact::ShownFact;
use crate::http::{
    changes, customers, exceptions, explain, facts, handoffs, home, intake, messages, orders,
    overview, preview, quarantine, timeline, unmatched, views, what_if,
};

pub(super) static ENDPOINTS: &[Endpoint] = &[
    Endpoint::post(
        "/v1/sources/{source}/messages",
        "send_message",
        "Sends a message, or one a line; answered when it is durable",
        Flows(intake::receive),
    )
    .tag("intake")
    .roles(SEND)
    .query::<intake::IntakeQuery>()
    .about("source", "source")
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
        E::IntakeElsewhere,
        E::StoreUnavailable,
    ]),
    Endpoint::post(
        "/v1/sources/{source}/preview",
        "preview_message",
        "Reads a message as the source's connector would; keeps nothing",
        Reads(preview::preview),
    )
    .tag("intake")
    .roles(PREVIEW)
    .takes_raw(ANY, "The message, byte for byte.")
    .answers::<preview::Preview>()
    .errors(&[E::NestedTooDeep]),
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
    .answers::<quarantine::QuarantineDetail>(),
    Endpoint::post(
        "/v1/quarantine/reread",
        "reread_many",
        "Reads again what is open, all or by code and source",
        Acts(quarantine::reread_many),
    )
    .tag("messages")
    .roles(WORK)
    .about("quarantine", "")
    .takes::<quarantine::RereadRequest>(JSON_BYTES_MAX)
    .answers::<quarantine::RereadAnswer>(),
    Endpoint::post(
        "/v1/quarantine/{id}/reread",
        "reread",
        "Reads the message of an item again",
        Acts(quarantine::reread_one),
    )
    .tag("messages")
    .about("quarantine", "id")
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
    .about("quarantine", "id")
    .tells(&["reason", "code"])
    .takes::<quarantine::DiscardRequest>(JSON_BYTES_MAX)
    .answers::<quarantine::QuarantineItem>()
    .errors(&[E::Conflict, E::ValueWrong]),
    Endpoint::get(
        "/v1/unmatched",
        "list_unmatched",
        "Lists what hangs on no order, the newest first",
        Reads(unmatched::list),
    )
    .tag("messages")
    .roles(READ)
    .query::<unmatched::UnmatchedQuery>()
    .answers::<Page<unmatched::UnmatchedItem>>()
    .errors(&[E::CursorWrong]),
    Endpoint::get(
        "/v1/unmatched/{id}",
        "show_unmatched",
        "Shows something that hangs on no order, and orders that it might be of, with why",
        Reads(unmatched::show),
    )
    .tag("messages")
    .roles(READ)
    .answers::<unmatched::UnmatchedDetail>(),
    Endpoint::post(
        "/v1/unmatched/{id}/link",
        "link_unmatched",
        "States as a person's word to which order it belongs",
        Acts(unmatched::link),
    )
    .tag("messages")
    .roles(WORK)
    .about("object", "id")
    .takes::<unmatched::LinkRequest>(JSON_BYTES_MAX)
    .answers::<facts::StatedAnswer>()
    .with_status(StatusCode::ACCEPTED)
    .errors(&[E::ValueWrong, E::Busy, E::Stopping]),
    Endpoint::get("/v1/orders", "list_orders", "Lists orders", Reads(orders::list))
        .tag("orders")
        .roles(SEE)
        .query::<orders::OrdersQuery>()
        .answers::<orders::OrdersPage>()
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
    Endpoint::get(
        "/v1/orders/{id}/timeline",
        "order_timeline",
        "Every fact that an order reaches, in time",
        Reads(timeline::timeline),
    )
    .tag("orders")
    .roles(SEE)
    .query::<timeline::TimelineQuery>()
    .answers::<Page<ShownFact>>()
    .errors(&[E::CursorWrong]),
    Endpoint::get(
        "/v1/orders/{id}/explain",
        "explain",
        "Explains a claim: its facts, and the bytes that state them",
        Reads(explain::explain),
    )
    .tag("orders")
    .roles(SEE)
    .query::<explain::ExplainQuery>()
    .answers::<explain::Explanation>()
    .errors(&[E::ClaimUnknown]),
    Endpoint::post(
        "/v1/orders/{id}/what-if",
        "what_if",
        "Derives an order by other packs and lists what would differ; writes nothing",
        Reads(what_if::what_if),
    )
    .tag("orders")
    .roles(READ)
    .takes::<what_if::WhatIfRequest>(PACKS_BYTES_MAX)
    .answers::<what_if::WhatIfAnswer>()
    .errors(&[E::PackFaults, E::ValueWrong]),
    Endpoint::post(
        "/v1/orders/{id}/facts",
        "state_fact",
        "States something about an order: a note, a milestone, a link, a waiver",
        Acts(facts::state),
    )
    .tag("orders")
    .roles(SPEAK)
    .about("order", "id")
    .takes::<facts::StatedFact>(JSON_BYTES_MAX)
    .answers::<facts::StatedAnswer>()
    .with_status(StatusCode::ACCEPTED)
    .errors(&[E::FactWrong, E::Busy, E::Stopping]),
    Endpoint::get(
        "/v1/overview",
        "overview",
        "Counts orders by phase, late ones among them, and open exceptions by code",
        Reads(overview::overview),
    )
    .tag("orders")
    .roles(READ)
    .answers::<overview::Overview>(),
    Endpoint::get(
        "/v1/home",
        "show_home",
        "What is promised for today and at risk, and what changed since the caller last looked",
        Reads(home::show),
    )
    .tag("orders")
    .roles(SEE)
    .query::<home::HomeQuery>()
    .answers::<home::Home>(),
    Endpoint::post(
        "/v1/home/look",
        "note_look",
        "Notes up to which change the caller has looked",
        Writes(home::look),
    )
    .tag("orders")
    .roles(SEE)
    .takes::<home::LookRequest>(JSON_BYTES_MAX)
    .with_status(StatusCode::NO_CONTENT),
    Endpoint::get(
        "/v1/handoffs",
        "list_handoffs",
        "Lists hand-offs that wait for a partner's word, or that are disputed",
        Reads(handoffs::list),
    )
    .tag("orders")
    .roles(SEE)
    .query::<handoffs::HandoffsQuery>()
    .answers::<Page<handoffs::HandoffItem>>()
    .errors(&[E::CursorWrong]),
    Endpoint::post(
        "/v1/orders/{id}/handoffs",
        "answer_handoff",
        "Accepts or disputes a hand-off, for its giver or taker; or settles a dispute, for the tenant",
        Acts(handoffs::answer),
    )
    .tag("orders")
    .roles(ANSWER)
    .about("order", "id")
    .takes::<handoffs::HandoffAnswer>(JSON_BYTES_MAX)
    .answers::<facts::StatedAnswer>()
    .with_status(StatusCode::ACCEPTED)
    .errors(&[E::FactWrong, E::Busy, E::Stopping]),
    Endpoint::get("/v1/views", "list_views", "Lists saved views", Reads(views::list))
        .tag("orders")
        .roles(SEE)
        .answers::<Page<views::ViewItem>>(),
    Endpoint::post(
        "/v1/views",
        "create_view",
        "Keeps a list's filters, order and columns under a name",
        Writes(views::create),
    )
    .tag("orders")
    .roles(SEE)
    .about("view", "id")
    .tells(&["name", "page", "shared"])
    .takes::<views::NewViewRequest>(JSON_BYTES_MAX)
    .answers::<views::ViewItem>()
    .with_status(StatusCode::CREATED)
    .errors(&[E::Conflict, E::ValueWrong]),
    Endpoint::delete("/v1/views/{id}", "delete_view", "Deletes a view", Writes(views::delete))
        .tag("orders")
        .roles(SEE)
        .about("view", "id")
        .answers::<views::ViewItem>(),
    Endpoint::get(
        "/v1/customers",
        "find_customers",
        "Names of customers, as orders have them",
        Reads(customers::list),
    )
    .tag("orders")
    .roles(READ)
    .query::<customers::CustomersQuery>()
    .answers::<Page<customers::CustomerItem>>(),
    Endpoint::get(
        "/v1/my-customers",
        "show_my_customers",
        "The customers that the caller looks after",
        Reads(customers::mine),
    )
    .tag("orders")
    .roles(READ)
    .answers::<customers::MyCustomers>(),
    Endpoint::put(
        "/v1/my-customers",
        "choose_my_customers",
        "Chooses the customers that the caller looks after, in place of those before",
        Writes(customers::choose),
    )
    .tag("orders")
    .roles(READ)
    .about("my_customers", "")
    .takes::<customers::MyCustomers>(JSON_BYTES_MAX)
    .answers::<customers::MyCustomers>()
    .errors(&[E::ValueWrong]),
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
    Endpoint::get(
        "/v1/events",
        "events",
        "Streams changes as server-sent events; taken up again with `Last-Event-ID`",
        Flows(changes::events),
    )
    .tag("events")
    .roles(SEE)
    .query::<changes::EventsQuery>()
    .answers_raw(
        "text/event-stream",
        "Events with number, kind, and as data `{at, object, summary}`.",
    )
    .errors(&[E::Busy, E::EventsGone]),
];
