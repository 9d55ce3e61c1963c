//! Signing in, what a session says, and users.

use axum::http::StatusCode;

use super::ADMIN;
use crate::http::endpoint::Endpoint;
use crate::http::endpoint::Run::{Acts, Flows, Reads, Writes};
use crate::http::errors::ErrorCode as E;
use crate::http::limits::SIGN_IN_BYTES_MAX;
use crate::http::page::Page;
use crate::http::sign_in::{self, session};
use crate::http::users;

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
    Endpoint::post(
        "/v1/invitation",
        "take_up_invitation",
        "Sets a password by a link, and takes up the seat that it is for",
        Flows(sign_in::take_up),
    )
    .tag("people")
    .open()
    .takes::<sign_in::TakenUp>(SIGN_IN_BYTES_MAX)
    .with_status(StatusCode::NO_CONTENT)
    .errors(&[E::SignInFailed, E::TooManyFailures, E::CsrfTokenWrong, E::ValueWrong]),
    Endpoint::get("/v1/users", "list_users", "Lists the tenant's users", Reads(users::list))
        .tag("people")
        .roles(ADMIN)
        .answers::<Page<users::UserItem>>(),
    Endpoint::post(
        "/v1/users",
        "invite_user",
        "Invites somebody; the link is shown once",
        Writes(users::invite),
    )
    .tag("people")
    .roles(ADMIN)
    .takes::<users::NewUser>(SIGN_IN_BYTES_MAX)
    .answers::<users::LinkAnswer>()
    .with_status(StatusCode::CREATED)
    .errors(&[E::Conflict, E::ValueWrong, E::NotFound]),
    Endpoint::post(
        "/v1/users/{id}/reset",
        "reset_user",
        "Makes a link to set another password with, and unlocks the login",
        Writes(users::reset),
    )
    .tag("people")
    .roles(ADMIN)
    .answers::<users::LinkAnswer>()
    .errors(&[E::Conflict]),
    Endpoint::delete(
        "/v1/users/{id}",
        "disable_user",
        "Ends somebody's seat at once",
        Writes(users::disable),
    )
    .tag("people")
    .roles(ADMIN)
    .answers::<users::UserItem>()
    .errors(&[E::Conflict]),
];
