//! The one way in which commands ask a system for anything: requests of its HTTP API, sent over the
//! wire to a running server, or in this process to the same routes opened on its data.

mod local;
mod remote;

use baton_store::Location;
use clap::Args;
use serde_json::Value;

use self::local::Local;
pub(crate) use self::local::person;
use self::remote::Remote;
use crate::exit::{Failure, Result, Why};
use crate::place::{Place, variable};

/// The longest answer that is read, in bytes.
const ANSWER_BYTES_MAX: u64 = 256 << 20;
/// Longest part of an answer that is no problem document and is repeated to the user.
const ANSWER_CHARS_MAX: usize = 300;
pub(crate) const URL_VARIABLE: &str = "BATON_URL";
const TENANT_HEADER: &str = "Baton-Tenant";

/// Which system a command speaks to.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Which system")]
pub(crate) struct System {
    /// The address of a running server, such as http://127.0.0.1:7300 [env: BATON_URL]
    #[arg(long, value_name = "URL", conflicts_with_all = ["data", "database"])]
    pub(crate) url: Option<String>,
    /// The key to call it with.
    #[arg(long, env = "BATON_KEY", hide_env_values = true)]
    pub(crate) key: Option<String>,
    #[command(flatten)]
    pub(crate) place: Place,
    /// The tenant that is meant, where the key or the data has several.
    #[arg(long, value_name = "TENANT", env = "BATON_TENANT")]
    pub(crate) tenant: Option<String>,
}

/// A request of the API.
#[derive(Debug, Clone)]
pub(crate) struct Request<'a> {
    pub(crate) method: &'static str,
    /// With its query.
    pub(crate) path: &'a str,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// What came back.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// With names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// A system that can be asked.
#[derive(Debug)]
pub(crate) struct Api {
    to: To,
    tenant: Option<String>,
}

#[derive(Debug)]
enum To {
    Remote(Remote),
    Local(Local),
}

impl System {
    /// Reaches the system: `--data` and `--database` open it in this process, else the server at `--url`
    /// or the usual address is meant. What the command line does not say the environment may.
    pub(crate) fn reach(&self) -> Result<Api> {
        let to = match self.target(variable(URL_VARIABLE))? {
            Target::Place(location) => To::Local(Local::open(&location)?),
            Target::Server(url) => To::Remote(Remote::new(url.as_deref(), self.key.as_deref())?),
        };
        Ok(Api { to, tenant: self.tenant.clone() })
    }

    /// What is meant, where `url_set` is what the environment says.
    pub(crate) fn target(&self, url_set: Option<String>) -> Result<Target> {
        if let Some(said) = self.place.said() {
            return Ok(Target::Place(said));
        }
        if let Some(url) = &self.url {
            return Ok(Target::Server(Some(url.clone())));
        }
        match (self.place.location()?, url_set) {
            (Some(_), Some(_)) => Err(Failure::usage(format!(
                "{URL_VARIABLE} and BATON_DATA (or BATON_DATABASE) name two systems: unset one, or say --url, --data or --database"
            ))),
            (Some(location), None) => Ok(Target::Place(location)),
            (None, url) => Ok(Target::Server(url)),
        }
    }
}

/// A system as it was named.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Place(Location),
    /// At an address, or the usual one.
    Server(Option<String>),
}

impl Api {
    /// The routes over an engine of this process, for one tenant or, as an operator, for none.
    pub(crate) fn of(engine: &baton_server::EngineHandle, tenant: Option<&str>) -> Result<Self> {
        Ok(Self { to: To::Local(Local::over(engine)?), tenant: tenant.map(str::to_owned) })
    }

    /// Waits until everything is worked off, where this process does the work.
    pub(crate) fn settle(&self, at_most: std::time::Duration) -> Result<()> {
        let To::Local(local) = &self.to else { return Ok(()) };
        let Some(engine) = local.engine() else { return Ok(()) };
        engine.settle(at_most).map_err(|why| Failure::failed(why.to_string()))
    }

    /// Sends a request and takes whatever comes back.
    pub(crate) fn send(&self, mut request: Request<'_>) -> Result<Answer> {
        if let Some(tenant) = &self.tenant {
            request.headers.push((TENANT_HEADER.to_owned(), tenant.clone()));
        }
        match &self.to {
            To::Remote(remote) => remote.send(&request),
            To::Local(local) => local.send(&request),
        }
    }

    /// The bytes of a good answer; a refusal is a failure with its words.
    pub(crate) fn bytes(&self, request: Request<'_>) -> Result<Vec<u8>> {
        let answer = self.send(request)?;
        if answer.status < 400 { Ok(answer.body) } else { Err(answer.failure()) }
    }

    fn json(&self, request: Request<'_>) -> Result<Value> {
        let body = self.bytes(request)?;
        if body.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&body)
            .map_err(|why| Failure::failed(format!("the answer is no JSON: {why}")))
    }

    pub(crate) fn get(&self, path: &str) -> Result<Value> {
        self.json(Request { method: "GET", path, headers: Vec::new(), body: Vec::new() })
    }
    pub(crate) fn post(&self, path: &str, body: &Value) -> Result<Value> {
        self.json(with_json("POST", path, body))
    }
    pub(crate) fn put(&self, path: &str, body: &Value) -> Result<Value> {
        self.json(with_json("PUT", path, body))
    }
    pub(crate) fn delete(&self, path: &str) -> Result<Value> {
        self.json(Request { method: "DELETE", path, headers: Vec::new(), body: Vec::new() })
    }
}

fn with_json<'a>(method: &'static str, path: &'a str, body: &Value) -> Request<'a> {
    let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
    Request { method, path, headers, body: body.to_string().into_bytes() }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A refusal in the words of its problem document.
    pub(crate) fn failure(&self) -> Failure {
        let why = match self.status {
            400 | 422 => Why::Usage,
            404 | 429 | 503 => Why::NotFound,
            401 | 403 | 409 | 413 => Why::Refused,
            _ => Why::Failed,
        };
        let problem: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        let (title, detail) = (problem["title"].as_str(), problem["detail"].as_str());
        let Some((title, detail)) = title.zip(detail) else {
            let text: String =
                String::from_utf8_lossy(&self.body).chars().take(ANSWER_CHARS_MAX).collect();
            return Failure::new(why, format!("the server answered {}: {text}", self.status));
        };
        let code = problem["code"].as_str().unwrap_or("unknown");
        let mut text = format!("{title}: {detail} ({code})");
        for finding in problem["findings"].as_array().into_iter().flatten() {
            text.push_str(&format!("\n  {}", told_finding(finding)));
        }
        Failure::new(why, text)
    }
}

fn told_finding(finding: &Value) -> String {
    let text = |name: &str| finding[name].as_str().unwrap_or_default();
    let number = |name: &str| finding[name].as_u64().unwrap_or_default();
    format!(
        "{}:{}:{}: {}: found `{}`, expected {}",
        text("file"),
        number("line"),
        number("column"),
        text("code"),
        text("found"),
        text("expected")
    )
}

/// A text as part of a path or a query.
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// A path with those parts of a query that are there.
pub(crate) fn with_query(path: &str, parts: &[(&str, Option<String>)]) -> String {
    let mut out = path.to_owned();
    let mut joint = '?';
    for (name, value) in parts {
        if let Some(value) = value {
            out.push_str(&format!("{joint}{name}={}", encoded(value)));
            joint = '&';
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_encoded_for_addresses() {
        assert_eq!(encoded("#9001 é/?"), "%239001%20%C3%A9%2F%3F");
        let parts =
            [("state", Some("open".to_owned())), ("late", None), ("text", Some("a b".into()))];
        assert_eq!(with_query("/v1/orders", &parts), "/v1/orders?state=open&text=a%20b");
        assert_eq!(with_query("/v1/orders", &[]), "/v1/orders");
    }

    #[test]
    fn refusals_are_told_in_their_own_words() {
        let problem = r#"{"title":"the packs have faults","detail":"1 fault","code":"pack_faults",
            "findings":[{"file":"pack.yaml","line":1,"column":7,"code":"bad_value","found":"A","expected":"a name"}]}"#;
        for (status, body, why, words) in [
            (404, r#"{"title":"t","detail":"d","code":"c"}"#, Why::NotFound, "t: d (c)"),
            (
                422,
                problem,
                Why::Usage,
                "the packs have faults: 1 fault (pack_faults)\n  pack.yaml:1:7: bad_value: found `A`, expected a name",
            ),
            (500, "<html>", Why::Failed, "the server answered 500: <html>"),
        ] {
            let failure =
                Answer { status, headers: Vec::new(), body: body.as_bytes().to_vec() }.failure();
            assert_eq!((failure.why, failure.text.as_str()), (why, words));
        }
    }
}
