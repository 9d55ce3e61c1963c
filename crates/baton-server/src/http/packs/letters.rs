//! Letters to those who may approve what somebody asks for: with what it is, the reason, and the way to it.
//! Nobody who asks waits for them, and none go out where there is no mail server or nobody knows where
//! browsers reach this Baton: the request stands in the app in any case.

use std::sync::Arc;

use baton_core::time::Instant;
use baton_store::memberships::{self, Member};
use baton_store::{Scope, StoreError, Tx, people};

use super::requests::{PREFIX, Wanted, decides};
use crate::http::Api;
use crate::http::brand;
use crate::http::call::Call;
use crate::http::sign_in::rules;
use crate::http::users::links::deliver;
use crate::mail::Letter;
use crate::mail::letter::{About, WantedThen};

/// People who are written to about one request.
const LETTERS_MAX: usize = 50;

/// What was asked.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    pub(super) id: i64,
    pub(super) wanted: &'a Wanted,
    pub(super) reason: &'a str,
    pub(super) until: Instant,
}

/// Writes to whoever may approve a request that the caller has made.
pub(super) fn write(call: &Call, asked: &Asked<'_>) {
    let url = call.api.engine.settings().public_url.as_ref();
    let Some(url) = url.filter(|_| call.api.post.is_some()) else { return };
    let Ok(scope) = call.scope() else { return };
    let wanted = match asked.wanted {
        Wanted::Activation { packs, .. } => WantedThen::Packs(
            packs.iter().map(|wanted| format!("{}@{}", wanted.pack, wanted.version)).collect(),
        ),
        Wanted::Approvals { approvals } => WantedThen::Approvals(*approvals),
    };
    let about = About::Approval {
        url: url.at(&format!("/packs?request={PREFIX}{}", asked.id)),
        asked_by: call.principal.person(),
        wanted,
        reason: asked.reason.to_owned(),
        until: asked.until,
    };
    let author = call.principal.owner();
    match call.store().read(|tx| letters(tx, &scope, &author, &about)) {
        Ok(letters) => send(Arc::clone(&call.api), letters),
        Err(why) => tracing::warn!(%why, "nobody was written to about a request"),
    }
}

/// Those of the tenant; where it has nobody but whoever asks, the operator's staff.
fn letters(
    tx: &mut Tx<'_>,
    scope: &Scope,
    author: &str,
    about: &About,
) -> Result<Vec<(String, Letter)>, StoreError> {
    // As drafts and requests name their authors.
    let is_other =
        |member: &Member| decides(member) && format!("person {}", member.login) != author;
    let others = |members: Vec<Member>| members.into_iter().filter(is_other).collect::<Vec<_>>();
    let mut readers = others(memberships::list(tx, scope)?);
    if readers.is_empty() {
        readers = others(memberships::list(tx, &Scope::operator())?);
    }
    let sender = brand::sender(tx, scope.tenant_id())?;
    let mut letters = Vec::new();
    for reader in readers.into_iter().take(LETTERS_MAX) {
        let Some(person) = people::get(tx, reader.membership.person)? else { continue };
        let language = rules::language(tx, &person, scope.tenant_id())?;
        let (name, sender, about) = (reader.membership.name, sender.clone(), about.clone());
        letters.push((reader.login, Letter { language, name, sender, about }));
    }
    Ok(letters)
}

/// One after another, so that other letters find their turn.
fn send(api: Arc<Api>, letters: Vec<(String, Letter)>) {
    if letters.is_empty() {
        return;
    }
    // It ends by itself: each step of each letter is bounded.
    drop(tokio::task::spawn_blocking(move || {
        for (to, letter) in &letters {
            deliver(&api, to, letter);
        }
    }));
}
