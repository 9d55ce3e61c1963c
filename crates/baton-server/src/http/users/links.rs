//! Links that people are sent, or are handed: to take up a seat, or to set another password.
//!
//! Where a mail server is set, a link goes out by letter, and whoever made it does not see it: then it
//! also proves that the address is the person's. Where none is, or it cannot be reached, whoever made the
//! link is shown it once, and told.

use baton_core::time::{Duration, Instant};
use baton_store::links::{self, Kind};
use baton_store::people::{self, PersonId};
use baton_store::{Scope, StoreError, Tx, audit as record, memberships, sessions};
use schemars::JsonSchema;
use serde::Serialize;

use super::PREFIX;
use crate::http::Api;
use crate::http::answer::Answer;
use crate::http::audit;
use crate::http::call::Call;
use crate::http::endpoint::Outcome;
use crate::http::problem::Problem;
use crate::http::secret::{LINK, mint};
use crate::http::sign_in::rules;
use crate::language::Language;
use crate::mail::letter::About;
use crate::mail::{Letter, Sender, Undelivered};

/// How long a link is good.
const INVITED_DAYS: i64 = 7;
pub(in crate::http) const RESET_HOURS: i64 = 24;
const INVITED_FOR: Duration = Duration::days(INVITED_DAYS);
pub(in crate::http) const RESET_FOR: Duration = Duration::hours(RESET_HOURS);

/// A link that was sent, or is to be handed over to whom it is for.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct LinkAnswer {
    id: String,
    login: String,
    expires_at: Instant,
    /// Whether a letter with it is on its way.
    sent: bool,
    /// Why not, where a mail server is set.
    mail_failure: Option<String>,
    /// What `POST /v1/invitation` takes, with the password. Shown this once, and only where no letter
    /// went out.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
}

/// A link as it was made, and whom it is for.
pub(super) struct Made {
    secret: String,
    person: PersonId,
    login: String,
    name: String,
    kind: Kind,
    expires_at: Instant,
    language: Language,
}

/// Makes a link for somebody with a seat in the scope.
pub(super) fn make(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (person, name, kind): (PersonId, &str, Kind),
    at: Instant,
) -> Result<Made, Problem> {
    let minted = mint(LINK)?;
    let expires_at = match kind {
        Kind::Invitation => at + INVITED_FOR,
        Kind::Reset => at + RESET_FOR,
    };
    links::create(tx, scope, (&minted.hash, person, kind), (at, expires_at))?;
    let found = people::get(tx, person)?.ok_or(StoreError::Corrupt { what: "a user" })?;
    let language = rules::language(tx, &found, scope.tenant_id())?;
    let (login, name) = (found.login, name.to_owned());
    Ok(Made { secret: minted.secret, person, login, name, kind, expires_at, language })
}

/// Sends a link that is committed; what could not be sent is shown.
pub(super) fn hand_over(call: &Call, made: Made, sender: Sender) -> Outcome {
    let sent = address(call, &made.secret).and_then(|url| {
        let about = match made.kind {
            Kind::Invitation => About::Invitation { url, days: INVITED_DAYS },
            Kind::Reset => About::Reset { url, hours: RESET_HOURS },
        };
        let (language, name) = (made.language, made.name.clone());
        deliver(&call.api, &made.login, &Letter { language, name, sender, about })
    });
    let answer = LinkAnswer {
        id: format!("{PREFIX}{}", made.person.0),
        login: made.login,
        expires_at: made.expires_at,
        sent: matches!(sent, Some(Ok(()))),
        mail_failure: sent.clone().and_then(Result::err).map(|why| why.to_string()),
        link: None,
    };
    let answer = Answer::json(answer)?;
    Ok(if matches!(sent, Some(Ok(()))) { answer } else { answer.with_secret("link", made.secret) })
}

/// Where a link leads to. The secret is in the fragment, which browsers send to nobody.
pub(in crate::http) fn address(call: &Call, secret: &str) -> Option<String> {
    let url = call.api.engine.settings().public_url.as_ref()?;
    Some(url.at(&format!("/invitation#{secret}")))
}

/// Sends a letter, where letters are sent.
pub(in crate::http) fn deliver(
    api: &Api,
    to: &str,
    letter: &Letter,
) -> Option<Result<(), Undelivered>> {
    let sent = api.post.as_ref()?.send(to, letter);
    api.engine.metrics().letter(if sent.is_ok() { "sent" } else { "failed" });
    if let Err(why) = &sent {
        tracing::warn!(%why, about = ?letter.about, "a letter did not leave");
    }
    Some(sent)
}

/// What was said with a link.
pub(in crate::http) enum Said {
    /// The password that the person has.
    Own,
    /// One to be set, as it is to be kept.
    New(String),
}

/// Sets the password that came with a link, or, of an invited person who has one, ends the link by it.
/// `None` where the link is of no use by now.
pub(in crate::http) fn use_link(
    call: &Call,
    tx: &mut Tx<'_>,
    link_hash: &[u8],
    said: &Said,
    at: Instant,
) -> Result<Option<PersonId>, StoreError> {
    let Some(link) = links::get(tx, link_hash, at)? else { return Ok(None) };
    if !links::take(tx, link_hash)? {
        return Ok(None);
    }
    match (said, link.kind) {
        (Said::New(kept), Kind::Reset) => {
            people::set_password(tx, link.person, kept)?;
            sessions::end_all(tx, link.person)?;
        }
        // By the link of another tenant the same person may have set one since this was looked at.
        (Said::New(kept), Kind::Invitation) => {
            if !people::set_first_password(tx, link.person, kept)? {
                let why = "was set by another link a moment ago: say that one";
                return Err(StoreError::Conflict { what: "password", key: String::new(), why });
            }
        }
        (Said::Own, _) => {}
    }
    if link.kind == Kind::Invitation {
        let scope = link.tenant.map_or_else(Scope::operator, Scope::tenant);
        memberships::accept(tx, &scope, link.person, at)?;
    }
    tell(call, tx, &link)?;
    Ok(Some(link.person))
}

/// Adds the line of a link that was used to the record of the tenant that it is of.
fn tell(call: &Call, tx: &mut Tx<'_>, link: &links::Link) -> Result<(), StoreError> {
    let who = audit::user(link.person);
    let mut line = call.line(Some(&who), &serde_json::json!({ "link": link.kind.name() }));
    let seats = memberships::of_person(tx, link.person)?;
    if let Some(seat) = seats.into_iter().find(|seat| seat.tenant == link.tenant) {
        (line.name, line.role) = (seat.name, seat.role);
    }
    line.who = who;
    let record = link.tenant.map_or_else(Scope::operator, Scope::tenant);
    record::append(tx, &record, &line).map(drop)
}
