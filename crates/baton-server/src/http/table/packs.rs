//! Packs: read, changed, tried out, asked for, activated.

use axum::http::StatusCode;

use super::{ADMIN, READ, SPEAK};
use crate::http::endpoint::Endpoint;
use crate::http::endpoint::Run::{Acts, Reads, Writes};
use crate::http::errors::ErrorCode as E;
use crate::http::limits::{JSON_BYTES_MAX, PACKS_BYTES_MAX};
use crate::http::packs::{self, deciding, difference, drafts, fixtures, history, requests, trial};
use crate::http::page::Page;

pub(super) static ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(
        "/v1/packs",
        "list_packs",
        "Lists every stored version of every pack",
        Reads(packs::list),
    )
    .tag("packs")
    .roles(READ)
    .answers::<Page<packs::PackItem>>(),
    Endpoint::post(
        "/v1/packs",
        "activate_packs",
        "Checks, stores and activates packs",
        Acts(packs::activate),
    )
    .tag("packs")
    .roles(ADMIN)
    .about("pack", "")
    .takes::<packs::ActivateRequest>(PACKS_BYTES_MAX)
    .answers::<packs::ActivateAnswer>()
    .with_status(StatusCode::CREATED)
    .errors(&[E::PackFaults, E::ValueWrong, E::Conflict, E::ApprovalNeeded]),
    Endpoint::get(
        "/v1/packs/{pack}",
        "show_pack",
        "Shows a version of a pack with its files",
        Reads(packs::show),
    )
    .tag("packs")
    .roles(READ)
    .query::<packs::PackQuery>()
    .answers::<packs::PackDetail>(),
    Endpoint::get(
        "/v1/packs/{pack}/draft",
        "show_draft",
        "Shows the caller's draft of a pack",
        Reads(drafts::show),
    )
    .tag("packs")
    .roles(ADMIN)
    .answers::<drafts::DraftDetail>(),
    Endpoint::get(
        "/v1/pack-drafts",
        "list_drafts",
        "Lists what people have changed of packs and not brought in, and packs that they have begun",
        Reads(drafts::list),
    )
    .tag("packs")
    .roles(ADMIN)
    .answers::<Page<drafts::DraftItem>>(),
    Endpoint::post(
        "/v1/packs/{pack}/draft",
        "begin_draft",
        "Begins a new pack as the caller's draft: a small one that passes its test, or a copy of another",
        Writes(drafts::begin),
    )
    .tag("packs")
    .roles(ADMIN)
    .about("pack", "pack")
    .takes::<drafts::BeginDraft>(JSON_BYTES_MAX)
    .answers::<drafts::DraftItem>()
    .with_status(StatusCode::CREATED)
    .errors(&[E::NotFound, E::Conflict, E::ValueWrong]),
    Endpoint::put(
        "/v1/packs/{pack}/draft",
        "save_draft",
        "Saves the caller's draft of a pack, which nothing depends on",
        Writes(drafts::save),
    )
    .tag("packs")
    .roles(ADMIN)
    .about("pack", "pack")
    .takes::<drafts::SaveDraft>(PACKS_BYTES_MAX)
    .answers::<drafts::DraftItem>()
    .errors(&[E::Conflict, E::ValueWrong, E::PackFaults]),
    Endpoint::delete(
        "/v1/packs/{pack}/draft",
        "discard_draft",
        "Throws the caller's draft of a pack away",
        Writes(drafts::discard),
    )
    .tag("packs")
    .roles(ADMIN)
    .about("pack", "pack")
    .answers::<drafts::DraftItem>(),
    Endpoint::get(
        "/v1/pack-schemas",
        "pack_schemas",
        "The JSON Schema of each sort of file of a pack, for editors",
        Reads(fixtures::schemas),
    )
    .tag("packs")
    .roles(READ)
    .answers::<Page<fixtures::SchemaItem>>(),
    Endpoint::post(
        "/v1/pack-differences",
        "compare_packs",
        "Compares two versions, or a version and a draft, file by file",
        Reads(difference::show),
    )
    .tag("packs")
    .roles(READ)
    .takes::<difference::DifferenceRequest>(PACKS_BYTES_MAX)
    .answers::<difference::DifferenceAnswer>()
    .errors(&[E::ValueWrong, E::PackFaults]),
    Endpoint::post(
        "/v1/pack-tests",
        "test_packs",
        "Runs the fixtures of packs, beside those that are active",
        Reads(fixtures::run),
    )
    .tag("packs")
    .roles(READ)
    .takes::<fixtures::TestRequest>(PACKS_BYTES_MAX)
    .answers::<Page<fixtures::TestItem>>()
    .errors(&[E::ValueWrong, E::PackFaults]),
    Endpoint::post(
        "/v1/pack-trials",
        "try_packs",
        "Tries packs against a part of what happened: what would be read, and come out, differently",
        Reads(trial::run),
    )
    .tag("packs")
    .roles(READ)
    .takes::<trial::TrialRequest>(PACKS_BYTES_MAX)
    .answers::<trial::TrialAnswer>()
    .errors(&[E::PackFaults, E::ValueWrong, E::CursorWrong]),
    Endpoint::get(
        "/v1/pack-activations",
        "list_activations",
        "Lists what was activated when, by whom and why; the newest first",
        Reads(history::list),
    )
    .tag("packs")
    .roles(READ)
    .query::<history::ActivationsQuery>()
    .answers::<Page<history::ActivationItem>>()
    .errors(&[E::CursorWrong]),
    Endpoint::get(
        "/v1/pack-policy",
        "pack_policy",
        "Says how many have to approve before packs become active",
        Reads(requests::policy),
    )
    .tag("packs")
    .roles(READ)
    .answers::<requests::PackPolicy>(),
    Endpoint::get(
        "/v1/pack-requests",
        "list_pack_requests",
        "Lists requests to activate packs, the newest first",
        Reads(requests::list),
    )
    .tag("packs")
    .roles(READ)
    .query::<requests::RequestsQuery>()
    .answers::<Page<requests::RequestItem>>()
    .errors(&[E::CursorWrong]),
    Endpoint::post(
        "/v1/pack-requests",
        "ask_for_packs",
        "Asks to activate packs, or to change how many have to approve; done at once where nobody has to",
        Acts(requests::ask),
    )
    .tag("packs")
    .roles(ADMIN)
    .about("pack_request", "")
    .takes::<requests::AskRequest>(PACKS_BYTES_MAX)
    .answers::<requests::RequestItem>()
    .with_status(StatusCode::CREATED)
    .errors(&[E::PackFaults, E::ValueWrong, E::Conflict]),
    Endpoint::get(
        "/v1/pack-requests/{id}",
        "show_pack_request",
        "Shows a request and what was said to it",
        Reads(requests::show),
    )
    .tag("packs")
    .roles(READ)
    .answers::<requests::RequestItem>(),
    Endpoint::post(
        "/v1/pack-requests/{id}/words",
        "answer_pack_request",
        "Comments on a request, approves or refuses it, or withdraws it",
        Acts(deciding::answer),
    )
    .tag("packs")
    .roles(SPEAK)
    .about("pack_request", "id")
    .takes::<deciding::AnswerRequest>(JSON_BYTES_MAX)
    .answers::<requests::RequestItem>()
    .errors(&[E::Conflict, E::CannotApprove, E::PackFaults, E::ValueWrong]),
];
