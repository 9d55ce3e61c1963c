//! The line that tells of a call, made of the endpoint's declaration, the caller and the answer.

use baton_store::audit::{self, DONE, NewLine};
use baton_store::people::PersonId;
use baton_store::{Scope, StoreError, Tx};
use serde_json::{Map, Value};

use crate::acting::By;
use crate::clock::machine_now;
use crate::http::access::Principal;
use crate::http::answer::{Answer, Body};
use crate::http::call::Call;

/// What a line says beside who, what and when, in bytes; of more it says that it was too long.
const DETAIL_BYTES_MAX: usize = 4_000;

/// A user, as the API names them.
pub(in crate::http) fn user(person: PersonId) -> String {
    format!("usr_{}", person.0)
}

/// Who calls: an id, and how they are called.
pub(in crate::http) fn who(principal: &Principal) -> (String, String) {
    match principal {
        Principal::Local(_) => ("local".to_owned(), principal.person()),
        Principal::Person { person, .. } => (user(person.id), person.name.clone()),
        Principal::Key { key, .. } => (format!("key_{}", key.id), principal.person()),
        Principal::Source { source, .. } => (format!("source:{}", source.key), source.name.clone()),
    }
}

impl Call {
    /// The line that tells of this call; what it is about is what the path names, unless `subject` says.
    pub(in crate::http) fn line(&self, subject: Option<&str>, detail: &Value) -> NewLine {
        let (kind, field) = self.endpoint.about.unwrap_or_default();
        let (who, name) = who(&self.principal);
        let detail = if detail.is_null() { "{}".to_owned() } else { detail.to_string() };
        let detail = if detail.len() > DETAIL_BYTES_MAX {
            r#"{"too_long":true}"#.to_owned()
        } else {
            detail
        };
        NewLine {
            at: machine_now(),
            who,
            name,
            role: self.principal.role().name().to_owned(),
            operation: self.endpoint.name.to_owned(),
            subject_kind: kind.to_owned(),
            subject: subject.unwrap_or_else(|| self.parameter(field)).to_owned(),
            outcome: DONE.to_owned(),
            detail,
        }
    }
    /// Adds the line that tells of this call; last in the transaction of what it does.
    pub(in crate::http) fn tell(
        &self,
        tx: &mut Tx<'_>,
        subject: Option<&str>,
        detail: &Value,
    ) -> Result<(), StoreError> {
        audit::append(tx, &self.record(), &self.line(subject, detail)).map(drop)
    }
    /// Whoever calls, with the line that tells of it, for what the engine does.
    pub(in crate::http) fn by(&self, subject: Option<&str>, detail: &Value) -> By {
        By::told(self.principal.person(), self.line(subject, detail))
    }
    /// Whose record has this call's line.
    pub(in crate::http) fn record(&self) -> Scope {
        let of_operator = !self.endpoint.within_tenant
            && self
                .uri
                .query()
                .is_some_and(|query| query.split('&').any(|said| said == "of=operator"));
        match self.tenant() {
            Ok(tenant) if !of_operator => tenant.scope.clone(),
            _ => Scope::operator(),
        }
    }
}

/// Adds the line of a call that wrote what it was to write; last in its transaction.
pub(in crate::http) fn tell(
    call: &Call,
    tx: &mut Tx<'_>,
    answer: &Answer,
) -> Result<(), StoreError> {
    let Some((_, field)) = call.endpoint.about else { return Ok(()) };
    let empty = Map::new();
    let fields = match &answer.body {
        Body::Json(Value::Object(fields)) => fields,
        _ => &empty,
    };
    let named = fields.get(field).and_then(Value::as_str);
    let subject = Some(call.parameter(field)).filter(|text| !text.is_empty()).or(named);
    let told = call.endpoint.tells.iter().filter_map(|name| {
        let value = fields.get(*name).filter(|value| !value.is_null())?;
        Some(((*name).to_owned(), value.clone()))
    });
    let line = call.line(subject, &Value::Object(told.collect()));
    audit::append(tx, &call.record(), &line).map(drop)
}
