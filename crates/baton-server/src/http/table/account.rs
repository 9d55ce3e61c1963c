//! What somebody who is signed in sees and changes of their own account.

use axum::http::StatusCode;

use crate::http::account::{self, own_sessions, second_factor};
use crate::http::endpoint::Endpoint;
use crate::http::endpoint::Run::{Acts, Flows, Reads};
use crate::http::errors::ErrorCode as E;
use crate::http::limits::SIGN_IN_BYTES_MAX;
use crate::http::page::Page;

const PROOF: &[E] =
    &[E::CsrfTokenWrong, E::Conflict, E::SignInFailed, E::LockedOut, E::TooManyFailures];

pub(super) static ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("/v1/account", "show_account", "Shows one's own account", Reads(account::show))
        .tag("people")
        .of_session()
        .answers::<account::AccountAnswer>()
        .errors(&[E::Conflict]),
    Endpoint::put(
        "/v1/account",
        "change_account",
        "Changes one's own name and language",
        Acts(account::change),
    )
    .tag("people")
    .of_session()
    .about("user", "")
    .takes::<account::AccountChange>(SIGN_IN_BYTES_MAX)
    .answers::<account::AccountAnswer>()
    .errors(&[E::CsrfTokenWrong, E::Conflict, E::ValueWrong]),
    Endpoint::put(
        "/v1/account/password",
        "change_password",
        "Changes one's own password, and ends one's other sessions",
        Flows(account::change_password),
    )
    .tag("people")
    .of_session()
    .about("user", "")
    .takes::<account::PasswordChange>(SIGN_IN_BYTES_MAX)
    .with_status(StatusCode::NO_CONTENT)
    .errors(&[
        E::CsrfTokenWrong,
        E::Conflict,
        E::SignInFailed,
        E::LockedOut,
        E::TooManyFailures,
        E::ValueWrong,
    ]),
    Endpoint::post(
        "/v1/account/second-factor",
        "begin_second_factor",
        "Begins one's own second factor: makes a secret to be given to an app",
        Flows(second_factor::begin),
    )
    .tag("people")
    .of_session()
    .about("user", "")
    .takes::<second_factor::Begin>(SIGN_IN_BYTES_MAX)
    .answers::<second_factor::Begun>()
    .with_status(StatusCode::CREATED)
    .errors(PROOF),
    Endpoint::post(
        "/v1/account/second-factor/confirm",
        "confirm_second_factor",
        "Confirms one's own second factor by a first code; recovery codes are shown once",
        Flows(second_factor::confirm),
    )
    .tag("people")
    .of_session()
    .about("user", "")
    .takes::<second_factor::Confirm>(SIGN_IN_BYTES_MAX)
    .answers::<second_factor::RecoveryCodes>()
    .errors(PROOF),
    Endpoint::post(
        "/v1/account/second-factor/remove",
        "remove_second_factor",
        "Removes one's own second factor",
        Flows(second_factor::remove),
    )
    .tag("people")
    .of_session()
    .about("user", "")
    .takes::<second_factor::Proof>(SIGN_IN_BYTES_MAX)
    .with_status(StatusCode::NO_CONTENT)
    .errors(PROOF),
    Endpoint::post(
        "/v1/account/recovery-codes",
        "renew_recovery_codes",
        "Makes new recovery codes in the place of the old ones; they are shown once",
        Flows(second_factor::renew_codes),
    )
    .tag("people")
    .of_session()
    .about("user", "")
    .takes::<second_factor::Proof>(SIGN_IN_BYTES_MAX)
    .answers::<second_factor::RecoveryCodes>()
    .with_status(StatusCode::CREATED)
    .errors(PROOF),
    Endpoint::get(
        "/v1/account/sessions",
        "list_own_sessions",
        "Lists one's own sessions",
        Reads(own_sessions::list),
    )
    .tag("people")
    .of_session()
    .answers::<Page<own_sessions::SessionItem>>()
    .errors(&[E::Conflict]),
    Endpoint::delete(
        "/v1/account/sessions/{id}",
        "end_own_session",
        "Ends one of one's own sessions",
        Acts(own_sessions::end),
    )
    .tag("people")
    .of_session()
    .about("user", "")
    .with_status(StatusCode::NO_CONTENT)
    .errors(&[E::CsrfTokenWrong, E::Conflict, E::NotFound]),
    Endpoint::post(
        "/v1/account/sessions/end-others",
        "end_other_sessions",
        "Ends every session of one's own but this one",
        Acts(own_sessions::end_others),
    )
    .tag("people")
    .of_session()
    .about("user", "")
    .with_status(StatusCode::NO_CONTENT)
    .errors(&[E::CsrfTokenWrong, E::Conflict]),
];
