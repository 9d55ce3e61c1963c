//! Limits of intake are set where the server is started, and hold.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use serde_json::Value;

use crate::binary::*;

struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[test]
fn a_limit_that_is_set_holds_to_the_byte() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = baton()
        .args(["serve", "--port", "0", "--json", "--body-bytes-max", "40", "--data"])
        .arg(folder.path().join("data"))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let stdout = child.stdout.take().unwrap();
    let _served = Served(child);
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line).unwrap();
    let told: Value = serde_json::from_str(&line).unwrap();
    let sources = told["sources"].as_array().unwrap();
    let key = sources.iter().find(|s| s["source"] == "tracking").unwrap()["key"].as_str().unwrap();
    let url = format!("{}/v1/sources/tracking/messages", told["url"].as_str().unwrap());
    let agent: ureq::Agent =
        ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let post = |bytes: usize| {
        let body = format!("{{\"x\":\"{}\"}}", "y".repeat(bytes - 8));
        let call = agent.post(&url).header("Authorization", format!("Bearer {key}"));
        let mut answer = call.content_type("application/json").send(body.as_bytes()).unwrap();
        let body: Value =
            serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
        (answer.status().as_u16(), body["code"].as_str().map(str::to_owned))
    };
    assert_eq!(post(40), (202, None));
    assert_eq!(post(41), (413, Some("body_too_long".to_owned())));
}

#[test]
fn wrong_keys_are_bounded_as_it_is_set() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = baton()
        .args(["serve", "--port", "0", "--json", "--key-failures-max", "2", "--data"])
        .arg(folder.path().join("data"))
        .env("BATON_LOG", "error")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let stdout = child.stdout.take().unwrap();
    let _served = Served(child);
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line).unwrap();
    let told: Value = serde_json::from_str(&line).unwrap();
    let agent: ureq::Agent =
        ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let url = format!("{}/v1/orders", told["url"].as_str().unwrap());
    let guess = || agent.get(&url).header("Authorization", "Bearer bak_guess").call().unwrap();
    let refused = [guess(), guess(), guess()].map(|answer| answer.status().as_u16());
    assert_eq!(refused, [401, 401, 429]);
}

#[test]
fn what_cannot_be_set_so_is_refused_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    for (option, value) in [
        ("--webhook-wait-seconds", "0"),
        ("--webhook-attempts-max", "none"),
        ("--events-kept-days", "0"),
        ("--repeats-kept-days", "400"),
        ("--otlp", "127.0.0.1:4318"),
    ] {
        let mut serve = baton();
        serve.args(["serve", "--port", "0", option, value, "--data"]).arg(&data);
        let output = serve.output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.contains(option), "{option}: {told}");
    }
}

/// What is said of people is looked at as a whole, and no password is repeated.
#[test]
fn what_would_leave_people_outside_is_refused_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let (data, providers) = (folder.path().join("data"), folder.path().join("providers.yaml"));
    let provider = "- id: x\n  name: X\n  issuer: http://x.example\n  client_id: baton\n";
    std::fs::write(&providers, provider.to_owned() + "  mail_domains: [x.example]\n").unwrap();
    let providers = providers.to_str().unwrap();
    let here = "--public-url=https://baton.example";
    let from = "--mail-from=Baton <baton@x.example>";
    for (options, words) in [
        (&["--public-url=http://baton.example"][..], "--public-url"),
        (&["--mail=smtp://mail.example", from], "--public-url"),
        (&["--mail=smtp://mail.example", here], "--mail-from"),
        (&["--mail=smtp://mail.example", here, "--mail-from=nobody"], "--mail-from"),
        (&["--mail=http://ada:s3cret@mail.example", here, from], "--mail"),
        (&["--mail=smtp://ada@mail.example", here, from], "password"),
        (&["--second-factor-roles=source"], "source"),
        (&["--oidc", providers], "issuer"),
        (&["--oidc=no-such-file"], "no-such-file"),
    ] {
        let mut serve = baton();
        serve.args(["serve", "--port", "0", "--data"]).arg(&data).args(options);
        let output = serve.output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{options:?}: {told}");
        assert!(told.contains(words) && !told.contains("s3cret"), "{options:?}: {told}");
    }
}
