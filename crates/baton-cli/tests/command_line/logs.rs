//! No secret and nothing of a message's body comes to the log, whatever goes wrong with them.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Child, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::binary::*;

/// Stands in bodies, in whatever way they are wrong.
const BODY_WORD: &str = "Zanzibar-4711";
const PASSWORD: &str = "hunter2-of-the-database";

struct Logged(Child);

impl Drop for Logged {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

fn call(url: &str, key: &str, method: &str, path: &str, body: &str) -> (u16, Value) {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(30)))
        .build()
        .into();
    let request = ureq::http::Request::builder()
        .method(method)
        .uri(format!("{url}{path}"))
        .header("Authorization", format!("Bearer {key}"))
        .body(body.to_owned())
        .unwrap();
    let mut answer = agent.run(request).unwrap();
    let text = answer.body_mut().read_to_string().unwrap();
    (answer.status().as_u16(), serde_json::from_str(&text).unwrap_or_default())
}

/// Bodies that are good, broken, or beyond what a connector understands.
fn bodies() -> Vec<String> {
    let sample = std::fs::read_to_string(samples().join("shop-order.json")).unwrap();
    vec![
        sample.replace("Fourth Coffee", BODY_WORD),
        format!("{{\"id\": 7, \"name\": \"{BODY_WORD}\", \"created_at\": \"{BODY_WORD}\"}}"),
        format!("{{\"{BODY_WORD}"),
        format!("ISA*00*{BODY_WORD}~"),
        format!("{}{BODY_WORD}", "[".repeat(100)),
    ]
}

#[test]
fn secrets_and_bodies_never_reach_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let mut child = baton()
        .args(["serve", "--port", "0", "--json", "--data"])
        .arg(folder.path().join("data"))
        .env("BATON_LOG", "trace")
        .stdout(Stdio::piped())
        .stderr(File::create(&log).unwrap())
        .spawn()
        .unwrap();
    let out = child.stdout.take().unwrap();
    let child = Logged(child);
    let mut line = String::new();
    BufReader::new(out).read_line(&mut line).unwrap();
    let told: Value = serde_json::from_str(&line).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let (url, operator) = (text(&told["url"]), text(&told["key"]));
    let mut secrets = vec![operator.clone(), text(&told["administrator_key"])];
    let sources = told["sources"].as_array().unwrap();
    secrets.extend(sources.iter().map(|source| text(&source["key"])));
    // Nobody listens there: deliveries fail, with their secret and their payload at hand.
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let hook = json!({ "url": format!("http://{nobody}/{BODY_WORD}"), "events": ["*"] });
    let (status, made) = call(&url, &operator, "POST", "/v1/subscriptions", &hook.to_string());
    assert_eq!(status, 201, "{made}");
    secrets.push(text(&made["secret"]));
    let feeds: Vec<_> = sources.iter().map(|s| (text(&s["source"]), text(&s["key"]))).collect();
    for (source, key) in &feeds {
        for body in bodies() {
            let path = format!("/v1/sources/{source}/messages");
            let (status, _) = call(&url, key, "POST", &path, &body);
            assert!([202, 400].contains(&status), "{status}: {body}");
        }
    }
    // Keys that are mistyped, and somebody's password, until they are not even looked at.
    let mistyped = feeds.iter().map(|(_, key)| format!("{}x", &key[..key.len() - 1]));
    let wrong: Vec<String> = mistyped.chain([PASSWORD.to_owned()]).collect();
    let attempts = wrong.iter().cycle().take(40);
    let refused: Vec<u16> = attempts
        .map(|key| call(&url, key, "POST", "/v1/sources/erp/messages", BODY_WORD).0)
        .collect();
    assert_eq!((refused[0], refused[39]), (401, 429), "{refused:?}");
    secrets.extend(wrong);
    let (status, _) = call(&url, &operator, "POST", "/v1/keys", &format!("{{\"{BODY_WORD}"));
    assert_eq!(status, 400);
    // What was sent is read, by the time that verifying has found nothing left to do.
    let (status, verified) = call(&url, &operator, "POST", "/v1/verify", "{}");
    assert_eq!(status, 200, "{verified}");
    drop(child);
    secrets.push(BODY_WORD.to_owned());
    let log = std::fs::read_to_string(&log).unwrap();
    for secret in &secrets {
        assert!(!log.contains(secret.as_str()), "`{secret}` stands in the log:\n{log}");
        // Nor more of a key than its beginning.
        let some: String = secret.chars().take(14).collect();
        assert!(!log.contains(&some), "the beginning of `{secret}` stands in the log:\n{log}");
    }
    assert!(log.contains("a call came with a key that does not hold"), "it did write one:\n{log}");
    assert!(log.contains("key=bsk_"), "keys are told apart by their first characters:\n{log}");
}

#[test]
fn a_databases_password_is_not_shown() {
    let database = format!("postgres://baton:{PASSWORD}@127.0.0.1:9/baton");
    for command in [&["serve", "--port", "0"][..], &["doctor"], &["migrate"], &["order", "list"]] {
        let mut command_line = baton();
        command_line.args(command).args(["--database", &database]).env("BATON_LOG", "trace");
        let output = command_line.output().unwrap();
        assert!(!output.status.success(), "{command:?}");
        for text in [&output.stdout, &output.stderr] {
            let text = String::from_utf8_lossy(text);
            assert!(!text.contains(PASSWORD), "{command:?}: {text}");
        }
    }
}

#[test]
fn lines_of_json_name_message_object_and_trace() {
    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let mut child = baton()
        .args(["serve", "--port", "0", "--json", "--log-format", "json", "--data"])
        .arg(folder.path().join("data"))
        .env("BATON_LOG", "info")
        .stdout(Stdio::piped())
        .stderr(File::create(&log).unwrap())
        .spawn()
        .unwrap();
    let out = child.stdout.take().unwrap();
    let child = Logged(child);
    let mut line = String::new();
    BufReader::new(out).read_line(&mut line).unwrap();
    let told: Value = serde_json::from_str(&line).unwrap();
    let (url, key) = (told["url"].as_str().unwrap(), told["key"].as_str().unwrap());
    for body in ["no JSON", &std::fs::read_to_string(samples().join("tracking.json")).unwrap()] {
        let send = ureq::post(&format!("{url}/v1/sources/tracking/messages"));
        let send = send.header("Authorization", format!("Bearer {key}"));
        let send = send.header("Content-Type", "application/json").header("Baton-Tenant", "main");
        send.header("traceparent", format!("00-{TRACE}-00f067aa0ba902b7-01")).send(body).unwrap();
    }
    assert_eq!(call(url, key, "POST", "/v1/verify", "{}").0, 200);
    drop(child);
    let text = std::fs::read_to_string(&log).unwrap();
    let lines: Vec<Value> = text
        .lines()
        .filter(|line| line.starts_with('{'))
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let about = |words: &str| -> Vec<&Value> {
        lines.iter().filter(|line| line["message"] == words).collect()
    };
    let durable = about("a message is durable");
    assert_eq!(durable.len(), 2, "{text}");
    assert!(durable[0]["message_id"].is_string(), "{text}");
    assert!(durable.iter().all(|line| line["span"]["trace_id"] == TRACE), "{text}");
    let quarantined = about("a part goes to quarantine");
    assert_eq!(quarantined[0]["message_id"], durable[0]["message_id"], "{text}");
    let acted = about("an exception is acted on");
    assert!(acted.iter().all(|line| line["object"].is_string()) && !acted.is_empty(), "{text}");
}
