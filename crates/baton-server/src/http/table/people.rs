//! Signing in, what a session says, and users.

use axum::http::StatusCode;

use super::ADMIN;
use crate::http::endpoint::Endpoint;
use crate::http::endpoint::Run::{Acts, Flows, Reads, Writes};
use crate::http::errors::ErrorCode as E;
use crate::http::limits::SIGN_IN_BYTES_MAX;
use crate::http::page::Page;
use crate::http::sign_in::{self, forgotten, invitation, oidc, rules, session};
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
    .query::<sign_in::WaysInQuery>()
    .answers::<sign_in::WaysIn>(),
    Endpoint::post(
        "/v1/session",
        "sign_in",
        "Signs in: opens a session, which the browser holds as a cookie",
        Flows(sign_in::open),
    )
    .tag("people")
    .open()
    .about("session", "")
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
    Endpoint::get(
        "/v1/oidc/{provider}/start",
        "begin_sign_in_by_provider",
        "Leads the browser to a provider of identities, to sign in there",
        Flows(oidc::start),
    )
    .tag("people")
    .open()
    .query::<oidc::From>()
    .with_status(StatusCode::SEE_OTHER)
    .errors(&[E::NotFound, E::QueryWrong]),
    Endpoint::get(
        "/v1/oidc/{provider}/callback",
        "sign_in_by_provider",
        "Takes up whoever comes back from a provider of identities: opens a session, and leads to the pages",
        Flows(oidc::callback),
    )
    .tag("people")
    .open()
    .about("session", "")
    .query::<oidc::Answered>()
    .with_status(StatusCode::SEE_OTHER)
    .errors(&[E::NotFound, E::QueryWrong, E::TooManyFailures]),
    Endpoint::get("/v1/session", "show_session", "Says who is signed in", Reads(session::show))
        .tag("people")
        .of_session()
        .answers::<session::SessionAnswer>(),
    Endpoint::delete("/v1/session", "sign_out", "Signs out", Acts(session::end))
        .tag("people")
        .about("session", "")
        .of_session()
        .answers::<session::SignedOut>()
        .errors(&[E::CsrfTokenWrong]),
    Endpoint::put(
        "/v1/session/tenant",
        "choose_tenant",
        "Chooses the tenant that the session is about",
        Acts(session::choose_tenant),
    )
    .tag("people")
    .of_session()
    .about("session", "")
    .takes::<session::TenantChoice>(SIGN_IN_BYTES_MAX)
    .answers::<session::SessionAnswer>()
    .errors(&[E::CsrfTokenWrong, E::TenantUnknown]),
    Endpoint::post(
        "/v1/invitation",
        "take_up_invitation",
        "Sets a password by a link, and takes up the seat that it is for",
        Flows(invitation::take_up),
    )
    .tag("people")
    .open()
    .about("user", "")
    .takes::<invitation::TakenUp>(SIGN_IN_BYTES_MAX)
    .with_status(StatusCode::NO_CONTENT)
    .errors(&[
        E::SignInFailed,
        E::LockedOut,
        E::TooManyFailures,
        E::CsrfTokenWrong,
        E::ValueWrong,
        E::Conflict,
    ]),
    Endpoint::post(
        "/v1/invitation/look",
        "look_at_invitation",
        "Says what a link is for",
        Flows(invitation::look),
    )
    .tag("people")
    .open()
    .takes::<invitation::Looked>(SIGN_IN_BYTES_MAX)
    .answers::<invitation::LinkShown>()
    .errors(&[E::SignInFailed, E::TooManyFailures, E::CsrfTokenWrong]),
    Endpoint::post(
        "/v1/forgotten-password",
        "forgot_password",
        "Sends whoever has this login a link to set another password with; answers the same for everybody",
        Flows(forgotten::forgot),
    )
    .tag("people")
    .open()
    .takes::<forgotten::Forgotten>(SIGN_IN_BYTES_MAX)
    .with_status(StatusCode::ACCEPTED)
    .errors(&[E::TooManyFailures, E::CsrfTokenWrong, E::NoMailServer]),
    Endpoint::get(
        "/v1/sign-in-rules",
        "show_sign_in_rules",
        "Shows what the tenant asks of its people where they sign in",
        Reads(rules::show),
    )
    .tag("people")
    .roles(ADMIN)
    .answers::<rules::SignInRules>(),
    Endpoint::put(
        "/v1/sign-in-rules",
        "set_sign_in_rules",
        "Sets what the tenant asks of its people where they sign in",
        Writes(rules::set),
    )
    .tag("people")
    .roles(ADMIN)
    .about("sign_in_rules", "")
    .takes::<rules::SignInRules>(SIGN_IN_BYTES_MAX)
    .answers::<rules::SignInRules>()
    .errors(&[E::ValueWrong]),
    Endpoint::get("/v1/users", "list_users", "Lists the tenant's users", Reads(users::list))
        .tag("people")
        .roles(ADMIN)
        .answers::<Page<users::UserItem>>(),
    Endpoint::post(
        "/v1/users",
        "invite_user",
        "Invites somebody; the link is sent, or shown once",
        Acts(users::invite),
    )
    .tag("people")
    .roles(ADMIN)
    .about("user", "id")
    .tells(&["login"])
    .takes::<users::NewUser>(SIGN_IN_BYTES_MAX)
    .answers::<users::links::LinkAnswer>()
    .with_status(StatusCode::CREATED)
    .errors(&[E::Conflict, E::ValueWrong, E::NotFound]),
    Endpoint::post(
        "/v1/users/{id}/reset",
        "reset_user",
        "Makes a link to set another password with, and unlocks the login; it is sent, or shown once",
        Acts(users::reset),
    )
    .tag("people")
    .about("user", "id")
    .roles(ADMIN)
    .answers::<users::links::LinkAnswer>()
    .errors(&[E::Conflict]),
    Endpoint::put(
        "/v1/users/{id}",
        "change_user",
        "Changes how somebody is called, what they may do, and whose view they have",
        Writes(users::change),
    )
    .tag("people")
    .roles(ADMIN)
    .about("user", "id")
    .tells(&["name", "role", "partner"])
    .takes::<users::UserChange>(SIGN_IN_BYTES_MAX)
    .answers::<users::UserItem>()
    .errors(&[E::Conflict, E::ValueWrong, E::NotFound]),
    Endpoint::delete(
        "/v1/users/{id}/sessions",
        "sign_user_out",
        "Ends every session of somebody",
        Writes(users::sign_out),
    )
    .tag("people")
    .roles(ADMIN)
    .about("user", "id")
    .answers::<users::UserItem>(),
    Endpoint::delete(
        "/v1/users/{id}/second-factor",
        "remove_users_second_factor",
        "Takes the second factor away of somebody who lost it, and ends their sessions",
        Writes(users::remove_second_factor),
    )
    .tag("people")
    .roles(ADMIN)
    .about("user", "id")
    .answers::<users::UserItem>()
    .errors(&[E::Conflict]),
    Endpoint::delete(
        "/v1/users/{id}",
        "disable_user",
        "Ends somebody's seat at once",
        Writes(users::disable),
    )
    .tag("people")
    .about("user", "id")
    .roles(ADMIN)
    .answers::<users::UserItem>()
    .errors(&[E::Conflict]),
];
