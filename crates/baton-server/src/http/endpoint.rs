//! An endpoint as a value: its address, who may call it, what goes in and comes out, and the function
//! behind it. Routes, the API's description and the table of permissions are all made from these.

use std::pin::Pin;

use axum::http::StatusCode;
use axum::response::Response;
use baton_store::Tx;
use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::access::KeyRole;
use super::answer::Answer;
use super::call::Call;
use super::errors::ErrorCode;
use super::problem::Problem;

pub(super) type Outcome = Result<Answer, Problem>;
pub(super) type Later = Pin<Box<dyn Future<Output = Result<Response, Problem>> + Send>>;

/// The function behind an endpoint.
#[derive(Debug, Clone, Copy)]
pub(super) enum Run {
    /// Reads; may block.
    Reads(fn(&Call) -> Outcome),
    /// Writes rows in one transaction, which also keeps the answer for a repeat.
    Writes(fn(&Call, &mut Tx<'_>) -> Outcome),
    /// Has the engine do something that is a transaction, or several, of its own; may block.
    Acts(fn(&Call) -> Outcome),
    /// Never blocks.
    Flows(fn(Call) -> Later),
}

/// Who may call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Everybody, without a key.
    Open,
    /// Whoever has a session, by its cookie and by nothing else.
    Session,
    Roles(&'static [KeyRole]),
}

/// The methods that the API has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    Get,
    Post,
    Put,
    Delete,
}

impl Method {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// What a body is, in the description.
#[derive(Debug, Clone, Copy)]
pub(super) enum Content {
    Json(fn(&mut SchemaGenerator) -> Schema),
    /// Any other content, by its type and in words.
    Raw(&'static str, &'static str),
}

/// An endpoint.
#[derive(Debug, Clone, Copy)]
pub(super) struct Endpoint {
    pub(super) method: Method,
    pub(super) path: &'static str,
    /// Its name in the description: `list_orders`.
    pub(super) name: &'static str,
    pub(super) summary: &'static str,
    pub(super) tag: &'static str,
    pub(super) access: Access,
    /// Whether it is about a tenant: if not, none need be chosen.
    pub(super) within_tenant: bool,
    pub(super) query: Option<fn(&mut SchemaGenerator) -> Schema>,
    pub(super) body: Option<Content>,
    /// The longest body, in bytes.
    pub(super) body_bytes_max: usize,
    pub(super) status: StatusCode,
    pub(super) answer: Option<Content>,
    /// What sort of thing it changes, and the part of the path, or else the field of the answer, that
    /// names it: for the record of acts.
    pub(super) about: Option<(&'static str, &'static str)>,
    /// Fields of the answer that the record of acts keeps; never a secret.
    pub(super) tells: &'static [&'static str],
    /// Beside those that every endpoint can answer.
    pub(super) errors: &'static [ErrorCode],
    pub(super) run: Run,
}

fn schema<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

impl Endpoint {
    const fn new(
        method: Method,
        path: &'static str,
        name: &'static str,
        summary: &'static str,
        run: Run,
    ) -> Self {
        Self {
            method,
            path,
            name,
            summary,
            tag: "",
            access: Access::Roles(&[]),
            within_tenant: true,
            query: None,
            body: None,
            body_bytes_max: 0,
            status: StatusCode::OK,
            answer: None,
            about: None,
            tells: &[],
            errors: &[],
            run,
        }
    }
    pub(super) const fn get(
        path: &'static str,
        name: &'static str,
        summary: &'static str,
        run: Run,
    ) -> Self {
        Self::new(Method::Get, path, name, summary, run)
    }
    pub(super) const fn post(
        path: &'static str,
        name: &'static str,
        summary: &'static str,
        run: Run,
    ) -> Self {
        Self::new(Method::Post, path, name, summary, run)
    }
    pub(super) const fn put(
        path: &'static str,
        name: &'static str,
        summary: &'static str,
        run: Run,
    ) -> Self {
        Self::new(Method::Put, path, name, summary, run)
    }
    pub(super) const fn delete(
        path: &'static str,
        name: &'static str,
        summary: &'static str,
        run: Run,
    ) -> Self {
        Self::new(Method::Delete, path, name, summary, run)
    }
    pub(super) const fn tag(mut self, tag: &'static str) -> Self {
        self.tag = tag;
        self
    }
    pub(super) const fn roles(mut self, roles: &'static [KeyRole]) -> Self {
        self.access = Access::Roles(roles);
        self
    }
    pub(super) const fn open(mut self) -> Self {
        self.access = Access::Open;
        self.within_tenant = false;
        self
    }
    pub(super) const fn of_session(mut self) -> Self {
        self.access = Access::Session;
        self.within_tenant = false;
        self
    }
    pub(super) const fn of_no_tenant(mut self) -> Self {
        self.within_tenant = false;
        self
    }
    pub(super) const fn query<T: JsonSchema>(mut self) -> Self {
        self.query = Some(schema::<T>);
        self
    }
    pub(super) const fn takes<T: JsonSchema>(mut self, bytes_max: usize) -> Self {
        self.body = Some(Content::Json(schema::<T>));
        self.body_bytes_max = bytes_max;
        self
    }
    pub(super) const fn takes_raw(mut self, kind: &'static str, words: &'static str) -> Self {
        self.body = Some(Content::Raw(kind, words));
        self
    }
    pub(super) const fn answers<T: JsonSchema>(mut self) -> Self {
        self.answer = Some(Content::Json(schema::<T>));
        self
    }
    pub(super) const fn answers_raw(mut self, kind: &'static str, words: &'static str) -> Self {
        self.answer = Some(Content::Raw(kind, words));
        self
    }
    pub(super) const fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }
    pub(super) const fn errors(mut self, errors: &'static [ErrorCode]) -> Self {
        self.errors = errors;
        self
    }
    pub(super) const fn about(mut self, kind: &'static str, field: &'static str) -> Self {
        self.about = Some((kind, field));
        self
    }
    pub(super) const fn tells(mut self, fields: &'static [&'static str]) -> Self {
        self.tells = fields;
        self
    }
    /// Whether it changes something, so that the record of acts has a line of it.
    #[cfg(test)]
    pub(super) const fn is_act(&self) -> bool {
        self.about.is_some()
    }
    pub(super) fn allows(&self, role: KeyRole) -> bool {
        match self.access {
            Access::Open | Access::Session => true,
            Access::Roles(roles) => roles.contains(&role),
        }
    }
    /// Whether a repeat with the same `Idempotency-Key` is answered as the first was.
    pub(super) const fn is_repeatable(&self) -> bool {
        matches!(self.run, Run::Writes(_) | Run::Acts(_))
    }
    /// The names in its path.
    pub(super) fn path_names(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }
}
