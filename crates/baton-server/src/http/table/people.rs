//! Signing in, and what a session says.

use axum::http::StatusCode;

use crate::http::endpoint::Endpoint;
use crate::http::endpoint::Run::{Acts, Flows, Reads};
use crate::http::errors::ErrorCode as E;
use crate::http::limits::SIGN_IN_BYTES_MAX;
use crate::http::sign_in::{self, session};

pub(super) static ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(
        "/v1/sign-in",
        "ways_to_sign_in",
        "Says how one can sign in",
        Reads(sign_in::ways),
    )
    .tag("people")
    .open()
    .answers::<sign_in::WaysIn>(),
    Endpoint::post(
        "/v1/session",
        "sign_in",
        "Signs in: opens a session, which the browser holds as a cookie",
        Flows(sign_in::open),
    )
    .tag("people")
    .open()
    .takes::<sign_in::SignIn>(SIGN_IN_BYTES_MAX)
    .answers::<session::SessionAnswer>()
    .with_status(StatusCode::CREATED)
    .errors(&[
        E::SignInFailed,
        E::SecondFactorWanted,
        E::LockedOut,
        E::TooManyFailures,
        E::CsrfTokenWrong,
    ]),
    Endpoint::get("/v1/session", "show_session", "Says who is signed in", Reads(session::show))
        .tag("people")
        .of_session()
        .answers::<session::SessionAnswer>(),
    Endpoint::delete("/v1/session", "sign_out", "Signs out", Acts(session::end))
        .tag("people")
        .of_session()
        .with_status(StatusCode::NO_CONTENT)
        .errors(&[E::CsrfTokenWrong]),
    Endpoint::put(
        "/v1/session/tenant",
        "choose_tenant",
        "Chooses the tenant that the session is about",
        Acts(session::choose_tenant),
    )
    .tag("people")
    .of_session()
    .takes::<session::TenantChoice>(SIGN_IN_BYTES_MAX)
    .answers::<session::SessionAnswer>()
    .errors(&[E::CsrfTokenWrong, E::TenantUnknown]),
];
