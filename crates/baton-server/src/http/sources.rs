//! Sources: the feeds through which partners and systems speak, and their keys.

use axum::http::StatusCode;
use baton_core::partner::{PartnerKey, Role, SourceKey};
use baton_core::time::{Duration, Instant};
use baton_core::wording::Wording;
use baton_store::sources::{self, NewSource, Source};
use baton_store::{Tx, partners};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::answer::Answer;
use super::call::Call;
use super::endpoint::Outcome;
use super::errors::ErrorCode;
use super::limits::{OVERLAP_DEFAULT, OVERLAP_MAX, TEXT_BYTES_MAX};
use super::networks::Networks;
use super::page::Page;
use super::problem::Problem;
use super::secret::{SOURCE_KEY, mint};
use crate::clock::machine_now;
use crate::own_words;

/// The longest key of a source or a partner, in bytes.
const NAME_BYTES_MAX: usize = 60;

/// A feed.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct SourceItem {
    #[schemars(with = "String")]
    source: SourceKey,
    name: String,
    /// Whose feed it is.
    #[schemars(with = "Option<String>")]
    partner: Option<PartnerKey>,
    role: Role,
    /// The connector that reads it, as the packs name it.
    connector: String,
    settings: Value,
    /// It is silent when not heard for this long.
    silent_after: Option<Duration>,
    /// The receipt of its latest message.
    heard_at: Option<Instant>,
    created_at: Instant,
    disabled_at: Option<Instant>,
    /// From where its keys hold; an empty list is from everywhere.
    networks: Vec<String>,
    /// Where its messages are sent.
    address: String,
    /// The key to send with; only in the answer to making it.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
}

/// A feed to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewSourceRequest {
    /// Lower-case letters, digits and hyphens, unique within the tenant: part of the address.
    source: String,
    name: Option<String>,
    partner: Option<String>,
    role: Role,
    connector: String,
    #[serde(default)]
    settings: Value,
    silent_after: Option<Duration>,
    /// From where its keys hold, such as `192.0.2.0/24`; from everywhere, if left out.
    #[serde(default)]
    networks: Vec<String>,
}

/// Changes to a feed; what is left out stays.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceChange {
    name: Option<String>,
    connector: Option<String>,
    settings: Option<Value>,
    silent_after: Option<Duration>,
    /// A disabled source's keys are refused.
    disabled: Option<bool>,
    /// From where its keys hold; an empty list is from everywhere.
    networks: Option<Vec<String>>,
}

/// How a key is changed for another.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RotateRequest {
    /// How long the old keys still hold, such as `24h` (the default) or `0s`.
    overlap: Option<Duration>,
}

/// A new key of a source.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RotateAnswer {
    #[schemars(with = "String")]
    source: SourceKey,
    /// Until when the old keys hold.
    old_keys_end_at: Instant,
    /// Shown once.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
}

impl SourceItem {
    fn of(source: Source) -> Self {
        Self {
            address: format!("/v1/sources/{}/messages", source.key),
            source: source.key,
            name: source.name,
            partner: source.partner,
            role: source.role,
            connector: source.connector,
            settings: source.settings,
            silent_after: source.silent_after,
            heard_at: source.heard_at,
            created_at: source.created_at,
            disabled_at: source.disabled_at,
            networks: Networks::kept(&source.networks).unwrap_or_default().texts(),
            key: None,
        }
    }
}

pub(super) fn list(call: &Call) -> Outcome {
    let scope = call.scope()?;
    let found = call.store().read(|tx| sources::list(tx, &scope))?;
    Answer::json(Page::whole(found.into_iter().map(SourceItem::of).collect()))
}

pub(super) fn show(call: &Call) -> Outcome {
    let scope = call.scope()?;
    let found = call.store().read(|tx| sources::by_key(tx, &scope, call.parameter("source")))?;
    Answer::json(SourceItem::of(found))
}

/// A key that stands in addresses and files.
pub(super) fn check_name(field: &str, name: &str) -> Result<(), Problem> {
    let plain = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    let begins = name.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    if plain && begins && name.len() <= NAME_BYTES_MAX {
        return Ok(());
    }
    let why = format!(
        "{field}: expected 1 to {NAME_BYTES_MAX} lower-case letters, digits and hyphens, found `{}`",
        name.chars().take(NAME_BYTES_MAX).collect::<String>()
    );
    let wording = Wording::new("name_wrong").with("field", field).with("most", NAME_BYTES_MAX);
    Err(Problem::of(ErrorCode::ValueWrong, why).said(wording))
}

pub(super) fn create(call: &Call, tx: &mut Tx<'_>) -> Outcome {
    let new: NewSourceRequest = call.json()?;
    check_name("source", &new.source)?;
    let name = new.name.as_deref().unwrap_or(&new.source);
    check_text("name", name)?;
    check_connector(&new.connector)?;
    let scope = call.scope()?;
    if let Some(partner) = &new.partner {
        partners::get(tx, &scope, partner)?;
    }
    let row = NewSource {
        key: &new.source,
        name,
        partner: new.partner.as_deref(),
        role: new.role,
        connector: &new.connector,
        settings: new.settings.clone(),
        silent_after: new.silent_after,
        created_at: call.tenant()?.clock.now(),
    };
    let id = sources::create(tx, &scope, &row)?;
    let minted = mint(SOURCE_KEY)?;
    sources::add_key(tx, &scope, id, &minted.hash, machine_now())?;
    let mut made = sources::by_key(tx, &scope, &new.source)?;
    if !new.networks.is_empty() {
        made.networks = Networks::said(&new.networks)?.to_kept();
        sources::update(tx, &scope, &made)?;
    }
    let answer = Answer::json(SourceItem::of(made))?.with_status(StatusCode::CREATED);
    Ok(answer.with_secret("key", minted.secret))
}

fn check_text(field: &str, text: &str) -> Result<(), Problem> {
    if !text.trim().is_empty() && text.len() <= TEXT_BYTES_MAX {
        return Ok(());
    }
    Err(Problem::length(ErrorCode::ValueWrong, field, 1, TEXT_BYTES_MAX))
}

/// Connectors by which Baton itself and people speak are for nobody else.
fn check_connector(name: &str) -> Result<(), Problem> {
    check_text("connector", name)?;
    if own_words::CONNECTORS.contains(&name) {
        let why = format!("connector: `{name}` is one of Baton's own");
        let wording = Wording::new("connector_own").with("name", name);
        return Err(Problem::of(ErrorCode::ValueWrong, why).said(wording));
    }
    Ok(())
}

pub(super) fn change(call: &Call, tx: &mut Tx<'_>) -> Outcome {
    let change: SourceChange = call.json()?;
    let scope = call.scope()?;
    let mut source = sources::by_key(tx, &scope, call.parameter("source"))?;
    refuse_own(&source)?;
    if let Some(name) = change.name {
        check_text("name", &name)?;
        source.name = name;
    }
    if let Some(connector) = change.connector {
        check_connector(&connector)?;
        source.connector = connector;
    }
    source.settings = change.settings.unwrap_or(source.settings);
    source.silent_after = change.silent_after.or(source.silent_after);
    match change.disabled {
        Some(true) => source.disabled_at = source.disabled_at.or(Some(call.tenant()?.clock.now())),
        Some(false) => source.disabled_at = None,
        None => {}
    }
    if let Some(networks) = &change.networks {
        source.networks = Networks::said(networks)?.to_kept();
    }
    sources::update(tx, &scope, &source)?;
    Ok(Answer::json(SourceItem::of(source))?.about_access())
}

/// What Baton and people speak through is not for partners to send to.
fn refuse_own(source: &Source) -> Result<(), Problem> {
    if source.role != Role::Platform {
        return Ok(());
    }
    let why = "is one of Baton's own and has no keys or settings";
    let key = source.key.to_string();
    Err(baton_store::StoreError::Conflict { what: "source", key, why }.into())
}

/// How long an old key still holds beside the new one.
pub(super) fn overlap(call: &Call) -> Result<Duration, Problem> {
    let request: RotateRequest =
        if call.body.is_empty() { RotateRequest::default() } else { call.json()? };
    let overlap = request.overlap.unwrap_or(OVERLAP_DEFAULT);
    if overlap > OVERLAP_MAX {
        let why = format!("overlap: {overlap} is longer than {OVERLAP_MAX}");
        let wording = Wording::new("overlap_long").with("length", OVERLAP_MAX);
        return Err(Problem::of(ErrorCode::ValueWrong, why).said(wording));
    }
    Ok(overlap)
}

pub(super) fn rotate(call: &Call, tx: &mut Tx<'_>) -> Outcome {
    let overlap = overlap(call)?;
    let scope = call.scope()?;
    let source = sources::by_key(tx, &scope, call.parameter("source"))?;
    refuse_own(&source)?;
    let minted = mint(SOURCE_KEY)?;
    let now = machine_now();
    sources::add_key(tx, &scope, source.id, &minted.hash, now)?;
    sources::expire_other_keys(tx, &scope, source.id, &minted.hash, now + overlap)?;
    let answer = RotateAnswer { source: source.key, old_keys_end_at: now + overlap, key: None };
    let answer = Answer::json(answer)?.with_status(StatusCode::CREATED).about_access();
    Ok(answer.with_secret("key", minted.secret))
}
