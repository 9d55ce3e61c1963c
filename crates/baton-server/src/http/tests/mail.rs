//! Letters: invitations and links for a forgotten password go out by mail, and what cannot go is shown to
//! whoever asked for it.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use baton_store::{Tx, people};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use serde_json::{Value, json};

use super::bench::*;
use super::postbox::{Manner, Postbox};
use super::sign_in::{PASSWORD, limits, member, scope};
use super::users::{NOOR, enter, invite, take_up};
use crate::mail::MailSettings;
use crate::settings::Settings;

const OTHER: &str = "a short way to Austin";

fn bench(server: &str, authorities_pem: Option<Vec<u8>>) -> Bench {
    let mail = MailSettings {
        server: server.parse().unwrap(),
        from: "Baton <baton@northwind.example>".parse().unwrap(),
        authorities_pem,
    };
    let public_url = Some("https://baton.example".parse().unwrap());
    Bench::with(Settings { access: limits(), mail: Some(mail), public_url, ..Settings::default() })
}

fn open_at(postbox: &Postbox) -> Bench {
    bench(&format!("smtp://{}?tls=none", postbox.address), None)
}

fn metric(bench: &Bench, outcome: &str) -> bool {
    let metrics = bench.local("", "GET", "/metrics").send();
    let metrics = String::from_utf8(metrics.body).unwrap();
    metrics.contains(&format!("baton_letters_total{{outcome=\"{outcome}\"}} 1\n"))
}

#[test]
fn an_invitation_goes_out_by_letter_and_nobody_else_sees_its_link() {
    let postbox = Postbox::open(Manner::Takes);
    let bench = open_at(&postbox);
    let tenant = bench.tenant("northwind");
    let invited = invite(&bench, &tenant.admin, NOOR, "operations");
    assert_eq!(invited.status, 201, "{}", invited.json());
    let answer = invited.json();
    assert_eq!((&answer["sent"], &answer["mail_failure"]), (&json!(true), &Value::Null));
    assert_eq!(answer.get("link"), None);
    let letter = postbox.letter();
    assert_eq!(letter.to, NOOR);
    for part in [
        "From: Baton <baton@northwind.example>",
        "To: noor@northwind.example",
        "Subject: northwind invites you to Baton",
        "https://baton.example/invitation#bal_",
    ] {
        assert!(letter.text.contains(part), "{part} in {}", letter.text);
    }
    assert_eq!(take_up(&bench, &letter.link(), PASSWORD).status, 204);
    assert_eq!(enter(&bench, NOOR, PASSWORD).status, 201);
    assert!(metric(&bench, "sent"));
}

#[test]
fn letters_are_in_the_readers_language_or_the_tenants() {
    let postbox = Postbox::open(Manner::Takes);
    let bench = open_at(&postbox);
    let tenant = bench.tenant("northwind");
    let rules = json!({ "second_factor_roles": [], "language": "de" });
    assert_eq!(bench.call(&tenant.admin, "PUT", "/v1/sign-in-rules").json(&rules).status, 200);
    for (login, language, words) in [
        ("a@x.example", Value::Null, "lädt Sie zu Baton ein"),
        ("b@x.example", json!("en"), "invites you to Baton"),
        ("c@x.example", json!("de"), "lädt Sie zu Baton ein"),
    ] {
        let body =
            json!({ "login": login, "name": "Noor", "role": "auditor", "language": language });
        assert_eq!(bench.call(&tenant.admin, "POST", "/v1/users").json(&body).status, 201);
        let letter = postbox.letter();
        assert!(letter.to == login && letter.text.contains(words), "{language}: {}", letter.text);
    }
}

#[test]
fn what_cannot_be_sent_is_shown_to_whoever_invites() {
    let refuses = Postbox::open(Manner::Refuses);
    for (what, server, words) in [
        ("nobody listens", "smtp://127.0.0.1:1?tls=none".to_owned(), "cannot be reached"),
        ("it refuses", format!("smtp://{}?tls=none", refuses.address), "refused the letter"),
        // What is to be kept secret does not go out in the open.
        ("it has no TLS", format!("smtp://{}", refuses.address), "cannot be reached"),
    ] {
        let bench = bench(&server, None);
        let tenant = bench.tenant("northwind");
        let invited = invite(&bench, &tenant.admin, NOOR, "operations");
        assert_eq!(invited.status, 201, "{what}: {}", invited.json());
        assert_eq!(invited.json()["sent"], json!(false), "{what}");
        let why = invited.text("mail_failure");
        assert!(why.contains(words), "{what}: {why}");
        assert!(metric(&bench, "failed"));
        // The seat is there, and the link is good.
        assert_eq!(take_up(&bench, &invited.text("link"), PASSWORD).status, 204, "{what}");
        let reset = format!("/v1/users/{}/reset", invited.text("id"));
        let reset = bench.call(&tenant.admin, "POST", &reset).send();
        assert!(reset.text("link").starts_with("bal_"), "{what}");
    }
    assert!(refuses.is_empty());
}

#[test]
fn a_guarded_server_is_told_who_we_are_over_a_connection_that_is_secret() {
    let own = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(own.signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![own.cert.der().clone()], key)
        .unwrap();
    let expected: &'static str = STANDARD.encode("\0ada\0s3cret").leak();
    let postbox = Postbox::open(Manner::Guarded(Arc::new(config), expected));
    let port = postbox.address.port();
    let pem = own.cert.pem().into_bytes();
    for (user, authorities, sent) in [
        ("ada:s3cret", Some(pem.clone()), true),
        ("ada:wrong", Some(pem), false),
        ("ada:s3cret", None, false),
    ] {
        let bench = bench(&format!("smtps://{user}@localhost:{port}"), authorities);
        let tenant = bench.tenant("northwind");
        let invited = invite(&bench, &tenant.admin, NOOR, "operations").json();
        assert_eq!(invited["sent"], json!(sent), "{user}: {invited}");
        assert!(!invited.to_string().contains("s3cret"), "{invited}");
    }
    assert_eq!(postbox.letter().to, NOOR);
    assert!(postbox.is_empty());
}

#[test]
fn a_forgotten_password_is_answered_alike_for_everybody_and_sent_to_whoever_has_one() {
    let postbox = Postbox::open(Manner::Takes);
    let bench = open_at(&postbox);
    let tenant = bench.tenant("northwind");
    let scope = scope(&bench, &tenant);
    member(&bench, NOOR, &[(&scope, "operations")]);
    member(&bench, "seatless@x.example", &[]);
    assert_eq!(bench.call("", "GET", "/v1/sign-in").send().json()["forgotten"], json!(true));
    let forgot = |login: &str| {
        let call = bench.call("", "POST", "/v1/forgotten-password").from("198.51.100.7");
        let reply = call.json(&json!({ "login": login }));
        (reply.status, reply.body)
    };
    // One letter within some minutes: the second time nothing is sent.
    for login in ["nobody@x.example", "seatless@x.example", "", " Noor@Northwind.example ", NOOR] {
        assert_eq!(forgot(login), (202, Vec::new()), "{login}");
    }
    let letter = postbox.letter();
    assert_eq!(letter.to, NOOR);
    assert!(letter.text.contains("Subject: Set a new password for Baton"), "{}", letter.text);
    assert_eq!(enter(&bench, NOOR, PASSWORD).status, 201, "the old one holds until then");
    assert_eq!(take_up(&bench, &letter.link(), OTHER).status, 204);
    assert_eq!(enter(&bench, NOOR, PASSWORD).outcome(), "sign_in_failed");
    assert_eq!(enter(&bench, NOOR, OTHER).status, 201);
    drop(bench);
    assert!(postbox.is_empty(), "nobody else was written to");
}

#[test]
fn without_a_mail_server_nothing_is_promised() {
    let bench = super::sign_in::bench();
    assert_eq!(bench.call("", "GET", "/v1/sign-in").send().json()["forgotten"], json!(false));
    let call = bench.call("", "POST", "/v1/forgotten-password");
    assert_eq!(call.json(&json!({ "login": NOOR })).outcome(), "no_mail_server");
}

#[test]
fn letters_carry_the_sender_that_the_brand_says() {
    let postbox = Postbox::open(Manner::Takes);
    let bench = open_at(&postbox);
    let tenant = bench.tenant("northwind");
    let letter = |login: &str| {
        assert_eq!(invite(&bench, &tenant.admin, login, "operations").status, 201);
        postbox.letter().text
    };
    let brand = |key: &str, path: &str, body: Value| {
        let reply = if key.is_empty() {
            bench.local(&tenant.name, "PUT", path).json(&body)
        } else {
            bench.call(key, "PUT", path).json(&body)
        };
        assert_eq!(reply.status, 200, "{}", reply.json());
    };
    let first = letter("a@x.example");
    assert!(first.contains("From: Baton <baton@northwind.example>"), "{first}");
    assert!(!first.contains("Reply-To:"), "{first}");
    // What the operator says stands in for whoever says nothing.
    let operators = json!({
        "name": "Fourth Coffee", "mail_name": "Fourth Coffee Orders",
        "mail_reply_to": "help@fourth-coffee.example",
    });
    brand("", "/v1/brand?of=operator", operators);
    let second = letter("b@x.example");
    for part in [
        "From: \"Fourth Coffee Orders\" <baton@northwind.example>",
        "Reply-To: help@fourth-coffee.example",
        "Subject: northwind invites you to Baton",
    ] {
        assert!(second.contains(part), "{part} in {second}");
    }
    let own = json!({
        "name": "Northwind Traders", "mail_name": "Northwind", "mail_reply_to": "it@northwind.example",
    });
    brand(&tenant.admin, "/v1/brand", own);
    let third = letter("c@x.example");
    for part in [
        "From: Northwind <baton@northwind.example>",
        "Reply-To: it@northwind.example",
        "Subject: Northwind Traders invites you to Baton",
    ] {
        assert!(third.contains(part), "{part} in {third}");
    }
    let shown = bench.get(&tenant.admin, "/v1/brand").json();
    assert_eq!(
        (&shown["mail_name"], &shown["mail_reply_to"]),
        (&json!("Northwind"), &json!("it@northwind.example"))
    );
    for (field, value) in [
        ("mail_reply_to", "nobody"),
        ("mail_reply_to", "a@x.example\r\nBcc: b@x.example"),
        ("mail_name", "Northwind\r\nBcc: b@x.example"),
    ] {
        let body = json!({ "name": "Northwind", field: value });
        let refused = bench.call(&tenant.admin, "PUT", "/v1/brand").json(&body);
        assert_eq!(refused.outcome(), "value_wrong", "{field} {value:?}");
    }
}

#[test]
fn who_may_approve_packs_is_written_to_and_nobody_else() {
    let postbox = Postbox::open(Manner::Takes);
    let bench = open_at(&postbox);
    let tenant = bench.tenant("northwind");
    let of = scope(&bench, &tenant);
    for (login, role) in
        [("ada@x.example", "admin"), ("ben@x.example", "admin"), ("cleo@x.example", "operations")]
    {
        member(&bench, login, &[(&of, role)]);
    }
    let german = |tx: &mut Tx<'_>| {
        let ben = people::by_login(tx, "ben@x.example")?.unwrap();
        people::set_locale(tx, ben.id, Some("de"))
    };
    bench.engine.store().write(german).unwrap();
    let ada = super::sign_in::Browser::of(&enter(&bench, "ada@x.example", PASSWORD));
    let ask = |body: &Value| {
        let asked = ada.call(&bench, "POST", "/v1/pack-requests").json(body);
        assert_eq!(asked.status, 201, "{}", asked.json());
        asked
    };
    // What needs nobody is done, and nobody is bothered with it.
    ask(&json!({ "approvals": 1, "reason": "two see more" }));
    let packs = pack(ACME)["packs"].clone();
    let asked = ask(&json!({ "packs": packs, "reason": "stock notes\r\n\r\nof ACME" }));
    let letter = postbox.letter();
    assert_eq!(letter.to, "ben@x.example");
    for part in [
        "ada@x.example bittet um Ihre Zustimmung bei northwind",
        "diese Pakete zu aktivieren: acme@1.0.0.",
        "Der Grund: stock notes of ACME",
        &format!("https://baton.example/packs?request={}", asked.text("id")),
    ] {
        assert!(letter.text.contains(part), "{part} in {}", letter.text);
    }
    ask(&json!({ "approvals": 0, "reason": "it takes too long" }));
    let letter = postbox.letter();
    assert_eq!(
        letter.to, "ben@x.example",
        "of whoever asks, and of whoever may not, there is none"
    );
    assert!(
        letter.text.contains("Pakete ohne Zustimmung aktiv werden zu lassen"),
        "{}",
        letter.text
    );
    assert!(postbox.is_empty());
}

#[test]
fn the_doctor_says_whether_letters_leave_and_what_to_do() {
    let takes = Postbox::open(Manner::Takes);
    let of_here = |server: String| bench(&server, None);
    for (bench, health, words, to_do) in [
        (Bench::new(), "ok", "no mail server is set", "--mail"),
        (open_at(&takes), "ok", "answers; letters come from Baton <baton@northwind.example>", ""),
        (of_here("smtp://127.0.0.1:1?tls=none".into()), "warn", "cannot be reached", "runs"),
    ] {
        let examined = bench.local("", "GET", "/v1/doctor").send();
        assert_eq!(examined.status, 200);
        let lines = examined.items();
        let line = lines.iter().find(|line| line["what"] == "letters").unwrap();
        assert_eq!(line["health"], health, "{line}");
        assert!(line["found"].as_str().unwrap().contains(words), "{line}");
        assert!(line["what_to_do"].as_str().unwrap_or_default().contains(to_do), "{line}");
        // What the machine is set to is not a tenant's affair.
        let tenant = bench.tenant("northwind");
        let own = bench.get(&tenant.admin, "/v1/doctor").items();
        assert!(own.iter().all(|line| line["what"] != "letters"), "{own:?}");
    }
}
