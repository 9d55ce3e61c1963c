//! Requests to activate packs: who asks says why, others comment, approve or refuse, and when enough
//! have approved, what was asked for is done. Where nobody's approval is needed it is done at once, and
//! the request stands as its reason. How many have to approve is changed by a request as well.
//!
//! What becomes of them is in [`super::deciding`].
//!
//! INVARIANT: what becomes active is byte for byte what was approved: a request names versions, which
//! are stored when it is asked and never change.

use axum::http::StatusCode;
use baton_core::time::{Duration, Instant};
use baton_core::wording::Wording;
use baton_store::pack_requests::{self, NewRequest, Request, Speaker, State, Word};
use baton_store::{Scope, StoreError, memberships, pack_drafts, packs};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::deciding::{grant, note};
use super::source::{PackSource, beside, faults, read};
use super::{letters, rules};
use crate::activation::to_store;
use crate::clock::machine_now;
use crate::http::access::KeyRole;
use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::endpoint::Outcome;
use crate::http::errors::ErrorCode;
use crate::http::limits::TEXT_BYTES_MAX;
use crate::http::page::{self, Page};
use crate::http::problem::Problem;
use crate::packs::compile;

pub(super) const PREFIX: &str = "prq_";
/// How long a request waits to be decided.
const WAITS_FOR: Duration = Duration::days(7);

/// What is asked for: packs, or how many have to approve from then on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct AskRequest {
    /// To be activated beside those that are active; one of the same name is replaced. They are stored
    /// as versions at once, and become active when enough have approved.
    #[serde(default)]
    packs: Vec<PackSource>,
    /// `true`: orders that are there go by the new rules too.
    #[serde(default)]
    move_orders: bool,
    /// How many others have to approve from then on, 0 to 5; instead of packs.
    approvals: Option<i64>,
    /// Why, for those who decide, and for whoever looks later.
    reason: String,
}

/// What a request is about.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[schemars(rename = "WantedChange")]
pub(super) enum Wanted {
    /// These versions become active.
    Activation { packs: Vec<WantedPack>, move_orders: bool },
    /// So many others have to approve from then on.
    Approvals { approvals: i64 },
}

/// A version that is to become active.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(super) struct WantedPack {
    pub(super) pack: String,
    pub(super) version: String,
    pub(super) digest: String,
    /// The version that was active when it was asked; where another is by now, it has to be asked anew.
    pub(super) was: Option<String>,
}

/// A request, with what was said to it.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct RequestItem {
    id: String,
    /// `open`, `granted`, `refused`, `withdrawn`, `expired`.
    state: &'static str,
    wanted: Wanted,
    reason: String,
    asked_by: String,
    asked_at: Instant,
    /// It is decided no more from then on.
    expires_at: Instant,
    /// How many have to approve, and how many have.
    needed: i64,
    approved: i64,
    /// Whether the caller asked for it.
    mine: bool,
    /// Whether the caller's word would decide.
    may_decide: bool,
    words: Vec<WordItem>,
    closed_at: Option<Instant>,
    closed_by: Option<String>,
}

/// What somebody said.
#[derive(Debug, Serialize, JsonSchema)]
struct WordItem {
    by: String,
    at: Instant,
    /// `comment`, `approval`, `refusal`, `withdrawal`.
    kind: &'static str,
    text: String,
}

/// Which requests.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct RequestsQuery {
    cursor: Option<String>,
    limit: Option<usize>,
}

/// What it takes to activate packs.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct PackPolicy {
    /// How many others have to approve; 0: nobody.
    approvals: i64,
    /// How many the caller's own request would take: a key's takes one more.
    approvals_for_you: i64,
    /// People of the tenant who could approve; the operator's staff can as well.
    administrators: usize,
}

pub(super) fn speaker(call: &Call) -> Speaker {
    Speaker { author: call.principal.owner(), person: call.principal.person() }
}

fn parse_id(text: &str) -> Option<i64> {
    text.strip_prefix(PREFIX)?.parse().ok().filter(|number| *number > 0)
}

impl RequestItem {
    fn of(call: &Call, request: Request, words: Vec<Word>, policy: i64) -> Result<Self, Problem> {
        let author = call.principal.owner();
        let standing = rules::standing(&request, machine_now());
        let mine = request.asked_by.author == author;
        let decides = DECIDE.contains(&call.principal.role()) && call.principal.is_person();
        let approved = rules::approved(&request, &words);
        Ok(Self {
            id: format!("{PREFIX}{}", request.id),
            state: standing,
            wanted: wanted(&request)?,
            needed: needed(&request, policy),
            approved: approved.len() as i64,
            mine,
            may_decide: standing == "open" && decides && !mine && !approved.contains(&*author),
            reason: request.reason,
            asked_by: request.asked_by.person,
            asked_at: request.asked_at,
            expires_at: request.expires_at,
            closed_at: request.closed_at,
            closed_by: request.closed_by,
            words: words
                .into_iter()
                .map(|word| WordItem {
                    by: word.by.person,
                    at: word.said_at,
                    kind: word.kind.name(),
                    text: word.words,
                })
                .collect(),
        })
    }
}

/// Who decides, if they are people.
pub(super) const DECIDE: [KeyRole; 2] = [KeyRole::Operator, KeyRole::Admin];

/// What was needed when it was asked, and no less than is by now; what was done took what it took.
pub(super) fn needed(request: &Request, policy: i64) -> i64 {
    if request.state == State::Open {
        request.needed.max(rules::needed(policy, &request.asked_by.author))
    } else {
        request.needed
    }
}

pub(super) fn wanted(request: &Request) -> Result<Wanted, Problem> {
    serde_json::from_str(&request.wanted)
        .map_err(|_| StoreError::Corrupt { what: "a request" }.into())
}

/// How many packs a request is about.
pub(super) fn packs_of(request: &Request) -> usize {
    match wanted(request) {
        Ok(Wanted::Activation { packs, .. }) => packs.len(),
        _ => 0,
    }
}

pub(super) fn text_of(
    field: &str,
    text: &str,
    least: usize,
    bytes_max: usize,
) -> Result<String, Problem> {
    let text = text.trim();
    if text.len() < least || text.len() > bytes_max {
        return Err(Problem::length(ErrorCode::ValueWrong, field, least, bytes_max));
    }
    Ok(text.to_owned())
}

pub(in crate::http) fn policy(call: &Call) -> Outcome {
    let scope = call.scope()?;
    let (approvals, members) = call
        .store()
        .read(|tx| Ok((rules::approvals(tx, &scope)?, memberships::list(tx, &scope)?)))?;
    Answer::json(PackPolicy {
        approvals,
        approvals_for_you: rules::needed(approvals, &call.principal.owner()),
        administrators: members.iter().filter(|member| decides(member)).count(),
    })
}

pub(super) fn decides(member: &memberships::Member) -> bool {
    let role = KeyRole::find(&member.membership.role);
    role.is_some_and(|role| DECIDE.contains(&role))
        && member.membership.holds()
        && member.login_disabled_at.is_none()
}

pub(in crate::http) fn list(call: &Call) -> Outcome {
    let query: RequestsQuery = call.query()?;
    let limit = page::limit(query.limit)?;
    let before = page::cursor(query.cursor.as_deref(), parse_id)?;
    let scope = call.scope()?;
    let (policy, rows) = call.store().read(|tx| {
        let mut rows = Vec::new();
        for request in pack_requests::list(tx, &scope, before, limit + 1)? {
            let words = pack_requests::words(tx, &scope, request.id)?;
            rows.push((request, words));
        }
        Ok((rules::approvals(tx, &scope)?, rows))
    })?;
    let cursor = |(request, _): &(Request, Vec<Word>)| format!("{PREFIX}{}", request.id);
    let page = Page::cut(rows, limit, cursor, |(request, words)| {
        RequestItem::of(call, request, words, policy)
    });
    let items: Result<Vec<RequestItem>, Problem> = page.items.into_iter().collect();
    Answer::json(Page { items: items?, next_cursor: page.next_cursor })
}

/// The request that the address names, and what was said to it.
pub(super) fn found(call: &Call) -> Result<(Request, Vec<Word>), Problem> {
    let text = call.parameter("id");
    let none = || Problem::not_found("request", text);
    let (scope, id) = (call.scope()?, parse_id(text).ok_or_else(none)?);
    let found = call.store().read(|tx| {
        Ok((pack_requests::get(tx, &scope, id)?, pack_requests::words(tx, &scope, id)?))
    });
    found.map_err(|error| match error {
        StoreError::NotFound { .. } => none(),
        other => other.into(),
    })
}

pub(super) fn shown(call: &Call, id: i64) -> Result<RequestItem, Problem> {
    let scope = call.scope()?;
    let (request, words, policy) = call.store().read(|tx| {
        let request = pack_requests::get(tx, &scope, id)?;
        Ok((request, pack_requests::words(tx, &scope, id)?, rules::approvals(tx, &scope)?))
    })?;
    RequestItem::of(call, request, words, policy)
}

pub(in crate::http) fn show(call: &Call) -> Outcome {
    let (request, _) = found(call)?;
    Answer::json(shown(call, request.id)?)
}

pub(in crate::http) fn ask(call: &Call) -> Outcome {
    let AskRequest { packs: sources, move_orders, approvals, reason } = call.json()?;
    let reason = text_of("reason", &reason, 1, TEXT_BYTES_MAX)?;
    let asked = match (approvals, sources.is_empty()) {
        (None, false) => ask_for_packs(call, sources, move_orders)?,
        (Some(approvals), true) => ask_for_approvals(call, approvals)?,
        _ => {
            let why = "expected packs, or approvals, and not both";
            let wording = Wording::new("packs_or_approvals");
            return Err(Problem::of(ErrorCode::ValueWrong, why).said(wording));
        }
    };
    let (scope, asked_by, asked_at) = (call.scope()?, speaker(call), machine_now());
    let wanted = serde_json::to_string(&asked.wanted).map_err(Problem::internal)?;
    let id = call.store().write(|tx| {
        for pack in &asked.to_store {
            packs::store(tx, &scope, pack)?;
        }
        for draft in &asked.drafts {
            pack_drafts::delete(tx, &scope, draft, &asked_by.author)?;
        }
        let new = NewRequest {
            wanted: &wanted,
            reason: &reason,
            needed: asked.needed,
            asked_by: &asked_by,
            asked_at,
            expires_at: asked_at + WAITS_FOR,
        };
        let id = pack_requests::ask(tx, &scope, &new)?;
        note(tx, &scope, call, "packs.requested", id)?;
        let detail = serde_json::json!({ "approvals_needed": asked.needed });
        call.tell(tx, Some(&format!("{PREFIX}{id}")), &detail)?;
        Ok(id)
    })?;
    if asked.needed == 0 {
        grant(call, id)?;
    } else {
        let until = asked_at + WAITS_FOR;
        letters::write(call, &letters::Asked { id, wanted: &asked.wanted, reason: &reason, until });
    }
    Ok(Answer::json(shown(call, id)?)?.with_status(StatusCode::CREATED))
}

/// A request that is sound, on its way into the store.
struct Asked {
    wanted: Wanted,
    needed: i64,
    to_store: Vec<packs::Pack>,
    /// Drafts that it was made of, which have served.
    drafts: Vec<String>,
}

fn ask_for_packs(
    call: &Call,
    sources: Vec<PackSource>,
    move_orders: bool,
) -> Result<Asked, Problem> {
    let (tenant, scope) = (call.tenant()?, call.scope()?);
    let drafts = sources
        .iter()
        .filter_map(|source| match source {
            PackSource::Draft { draft } => Some(draft.clone()),
            _ => None,
        })
        .collect();
    let files = read(call, sources)?;
    let (all, active, policy) = call.store().read(|tx| {
        let all = beside(tx, &scope, &files)?;
        Ok((all, packs::active(tx, &scope, None)?, rules::approvals(tx, &scope)?))
    })?;
    compile(&all).map_err(|findings| faults(&findings))?;
    let at = tenant.clock.now();
    let to_store: Result<Vec<packs::Pack>, Problem> =
        files.iter().map(|files| to_store(files, at).map_err(|found| faults(&found))).collect();
    let to_store = to_store?;
    let was = |name: &str| active.iter().find(|a| a.pack == name).map(|a| a.version.clone());
    let wanted = to_store.iter().map(|pack| WantedPack {
        pack: pack.name.clone(),
        version: pack.version.clone(),
        digest: pack.digest.clone(),
        was: was(&pack.name),
    });
    let wanted = Wanted::Activation { packs: wanted.collect(), move_orders };
    Ok(Asked { wanted, needed: rules::needed(policy, &call.principal.owner()), to_store, drafts })
}

fn ask_for_approvals(call: &Call, approvals: i64) -> Result<Asked, Problem> {
    if !(0..=rules::APPROVALS_MAX).contains(&approvals) {
        let most = rules::APPROVALS_MAX;
        return Err(Problem::from_to(ErrorCode::ValueWrong, "approvals", 0, most));
    }
    let scope = call.scope()?;
    let (policy, people) = call.store().read(|tx| {
        let mut people = memberships::list(tx, &scope)?;
        people.extend(memberships::list(tx, &Scope::operator())?);
        Ok((rules::approvals(tx, &scope)?, people))
    })?;
    let people = people.iter().filter(|member| decides(member)).count() as i64;
    if approvals > policy && people <= approvals {
        // It could never be met again, nor taken back.
        let why = format!(
            "approvals: {approvals} others can approve only where there are {} administrators who have taken up their seats",
            approvals + 1
        );
        let wording = Wording::new("approvals_unmeetable").with("people", approvals + 1);
        return Err(Problem::of(ErrorCode::ValueWrong, why).said(wording));
    }
    let wanted = Wanted::Approvals { approvals };
    Ok(Asked {
        wanted,
        needed: if approvals < policy { rules::needed(policy, &call.principal.owner()) } else { 0 },
        to_store: Vec::new(),
        drafts: Vec::new(),
    })
}
