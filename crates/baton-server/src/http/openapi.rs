//! The API's own description, OpenAPI 3.1, made from the table of endpoints.

use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::endpoint::{Access, Content, Endpoint};
use super::errors::ErrorCode;
use super::problem::ProblemDocument;
use super::table::{TAGS, endpoints};

/// What every endpoint that wants a key can answer.
const ERRORS_OF_ALL: [ErrorCode; 7] = [
    ErrorCode::KeyMissing,
    ErrorCode::KeyWrong,
    ErrorCode::NoSession,
    ErrorCode::CsrfTokenWrong,
    ErrorCode::TooManyFailures,
    ErrorCode::RoleTooSmall,
    ErrorCode::Internal,
];
const DESCRIPTION: &str = "Baton sits above the systems of many partners and knows, for every order, \
    who holds the baton, whether it will arrive as promised, what went wrong and what was done about \
    it. Lists are `{\"items\": […], \"next_cursor\": …}`; refusals are RFC 9457 problems with a stable \
    `code`; writes take an `Idempotency-Key`.";

/// The description of the whole API.
#[must_use]
pub fn openapi() -> Value {
    let (paths, mut schemas, answered) = described();
    // What both sides name is described as it is answered.
    schemas.extend(answered);
    let tags: Vec<Value> =
        TAGS.iter().map(|(name, words)| json!({ "name": name, "description": words })).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Baton",
            "version": env!("CARGO_PKG_VERSION"),
            "description": DESCRIPTION,
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "security": [{ "key": [] }, { "session": [] }],
        "tags": tags,
        "paths": paths,
        "components": {
            "securitySchemes": {
                "key": { "type": "http", "scheme": "bearer" },
                "session": { "type": "apiKey", "in": "cookie", "name": "baton_session" },
            },
            "schemas": schemas,
        },
    })
}

/// The paths, and the types that are asked for and answered.
fn described() -> (Map<String, Value>, Map<String, Value>, Map<String, Value>) {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
    });
    let mut requests = settings.clone().into_generator();
    let mut answers = settings.for_serialize().into_generator();
    let problem = answers.subschema_for::<ProblemDocument>().to_value();
    let mut paths = Map::new();
    for endpoint in endpoints() {
        let operation = operation(endpoint, &mut requests, &mut answers, &problem);
        let path = paths.entry(endpoint.path).or_insert_with(|| json!({}));
        if let Some(path) = path.as_object_mut() {
            path.insert(endpoint.method.name().to_ascii_lowercase(), operation);
        }
    }
    (paths, requests.take_definitions(true), answers.take_definitions(true))
}

/// Types that are asked for otherwise than they are answered, under one name.
#[cfg(test)]
pub(super) fn differing() -> Vec<String> {
    let (_, asked, answered) = described();
    let differs = |(name, schema): (&String, &Value)| {
        answered.get(name).is_some_and(|other| other != schema).then(|| name.clone())
    };
    asked.iter().filter_map(differs).collect()
}

fn operation(
    endpoint: &Endpoint,
    requests: &mut SchemaGenerator,
    answers: &mut SchemaGenerator,
    problem: &Value,
) -> Value {
    let mut responses = Map::new();
    let success = match &endpoint.answer {
        None => json!({ "description": "Done." }),
        Some(Content::Json(schema)) => {
            let schema = schema(answers).to_value();
            json!({ "description": "Done.", "content": { "application/json": { "schema": schema } } })
        }
        Some(Content::Raw(kind, words)) => {
            json!({ "description": words, "content": { *kind: { "schema": { "type": "string" } } } })
        }
    };
    responses.insert(endpoint.status.as_str().to_owned(), success);
    for (status, codes) in by_status(endpoint) {
        let names: Vec<String> = codes.iter().map(|code| format!("`{}`", code.name())).collect();
        let content = json!({ "application/problem+json": { "schema": problem } });
        let answer = json!({ "description": names.join(", "), "content": content });
        responses.insert(status.to_string(), answer);
    }
    let mut operation = json!({
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "tags": [endpoint.tag],
        "parameters": parameters(endpoint, requests),
        "responses": responses,
    });
    if let Some(object) = operation.as_object_mut() {
        match endpoint.access {
            Access::Open => {
                object.insert("security".into(), json!([]));
            }
            Access::Session => {
                object.insert("security".into(), json!([{ "session": [] }]));
            }
            Access::Roles(roles) => {
                object.insert("x-roles".into(), json!(roles));
            }
        }
        if let Some(body) = &endpoint.body {
            object.insert("requestBody".into(), request_body(body, requests));
        }
    }
    operation
}

/// The problems that an endpoint can answer, by status.
fn by_status(endpoint: &Endpoint) -> std::collections::BTreeMap<u16, Vec<ErrorCode>> {
    let mut codes: Vec<ErrorCode> = endpoint.errors.to_vec();
    if endpoint.access == Access::Session {
        codes.push(ErrorCode::NoSession);
    }
    if matches!(endpoint.access, Access::Roles(_)) {
        codes.extend(ERRORS_OF_ALL);
        if endpoint.within_tenant {
            codes.extend([ErrorCode::TenantNeeded, ErrorCode::TenantUnknown]);
        }
    }
    if endpoint.query.is_some() {
        codes.push(ErrorCode::QueryWrong);
    }
    if endpoint.path_names().next().is_some() {
        codes.push(ErrorCode::NotFound);
    }
    if matches!(endpoint.body, Some(Content::Json(_))) {
        codes.extend([ErrorCode::BodyWrong, ErrorCode::BodyTooLong]);
    }
    if endpoint.is_repeatable() {
        codes.extend([ErrorCode::IdempotencyKeyReused, ErrorCode::IdempotencyInProgress]);
    }
    codes.sort_unstable();
    codes.dedup();
    let mut by_status = std::collections::BTreeMap::<u16, Vec<ErrorCode>>::new();
    for code in codes {
        by_status.entry(code.page().status).or_default().push(code);
    }
    by_status
}

fn request_body(body: &Content, requests: &mut SchemaGenerator) -> Value {
    match body {
        Content::Json(schema) => {
            let schema = schema(requests).to_value();
            json!({ "required": true, "content": { "application/json": { "schema": schema } } })
        }
        Content::Raw(kind, words) => {
            json!({ "required": true, "description": words, "content": { *kind: {} } })
        }
    }
}

/// Path, query and header parameters.
fn parameters(endpoint: &Endpoint, requests: &mut SchemaGenerator) -> Vec<Value> {
    let mut parameters: Vec<Value> = endpoint
        .path_names()
        .map(|name| {
            json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })
        })
        .collect();
    if let Some(schema) = endpoint.query {
        parameters.extend(query_parameters(&schema(requests), requests));
    }
    if matches!(endpoint.access, Access::Roles(_)) {
        let words = "The tenant that is meant, for a key that can act for several.";
        parameters.push(header("Baton-Tenant", words));
    }
    if endpoint.is_repeatable() {
        let words = "A repeat with the same key is answered as the first was, and not done again.";
        parameters.push(header("Idempotency-Key", words));
    }
    parameters
}

fn header(name: &str, words: &str) -> Value {
    json!({ "name": name, "in": "header", "description": words, "schema": { "type": "string" } })
}

/// A query's type is an object whose fields are the parameters.
fn query_parameters(schema: &Schema, requests: &SchemaGenerator) -> Vec<Value> {
    let named = schema.get("$ref").and_then(Value::as_str).and_then(|at| at.rsplit('/').next());
    let object = match named.and_then(|name| requests.definitions().get(name)) {
        Some(definition) => definition.clone(),
        None => schema.clone().to_value(),
    };
    let Some(fields) = object.get("properties").and_then(Value::as_object) else {
        return Vec::new();
    };
    fields
        .iter()
        .map(|(name, field)| {
            let mut field = field.clone();
            let words = field.as_object_mut().and_then(|field| field.remove("description"));
            json!({ "name": name, "in": "query", "description": words, "schema": field })
        })
        .collect()
}
