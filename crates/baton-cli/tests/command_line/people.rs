//! What people state by the command line, and how it shows.

use serde_json::Value;

use crate::binary::*;

/// A server with the samples in it, worked off.
fn server(folder: &std::path::Path) -> Server {
    let server = Server::start(folder);
    ingest_samples(|| server.baton());
    settle(&server);
    server
}

/// Verifying waits until everything is worked off.
fn settle(server: &Server) {
    run(server.baton().arg("verify"), 0);
}

#[test]
fn people_state_facts_and_they_show() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(folder.path());
    let stated = |args: &[&str]| -> Value {
        let answer = json(server.baton().args(args), 0);
        assert!(answer["id"].as_str().unwrap().starts_with("msg_"), "{answer}");
        assert_eq!(answer["person"], "first-operator");
        settle(&server);
        answer
    };
    let order = || json(server.baton().args(["order", "show", "9001"]), 0);
    stated(&["order", "note", "9001", "rang the customer"]);
    let timeline = run(server.baton().args(["order", "timeline", "#9001"]), 0);
    assert!(timeline.contains("rang the customer") && timeline.contains("fct_"), "{timeline}");
    // A milestone, and its striking.
    let at = "2026-05-09T10:00:00Z";
    let told = stated(&["order", "milestone", "4500099001", "S30", "--at", at]);
    assert!(order()["milestones"].to_string().contains("\"S30\""));
    let message = told["id"].as_str().unwrap();
    run(server.baton().args(["message", "strike", message]), 2);
    stated(&["message", "strike", message, "--reason", "it was the neighbour's"]);
    let page = run(server.baton().args(["order", "show", "9001"]), 0);
    assert!(!page.contains("S30 "), "{page}");
    // A number of a system that Baton does not hear.
    stated(&["order", "link", "9001", "ticket:helpdesk:T-77"]);
    assert_eq!(json(server.baton().args(["order", "show", "T-77"]), 0)["id"], order()["id"]);
    stated(&["order", "unlink", "9001", "T-77"]);
    assert!(!order()["identifiers"].to_string().contains("T-77"));
    for (args, code) in [
        (["order", "note", "no-such-order", "text"], 3),
        (["order", "note", "9001", " "], 2),
        (["order", "milestone", "9001", "X99"], 2),
        (["order", "link", "9001", "no-such-order"], 3),
        (["order", "unlink", "9001", "no-such-number"], 3),
    ] {
        run(server.baton().args(args), code);
    }
}

#[test]
fn an_exception_is_shown_and_waived() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(folder.path());
    let file = folder.path().join("damaged.json");
    let damaged = std::fs::read_to_string(samples().join("tracking.json")).unwrap();
    let damaged =
        damaged.replace("tsp-9001-delivered", "tsp-9001-damaged").replace("\"DL\"", "null");
    std::fs::write(&file, damaged.replace("\"delivered\"", "\"damaged\"")).unwrap();
    run(server.baton().args(["ingest", "--source", "tracking"]).arg(&file), 0);
    settle(&server);
    let listed = json(server.baton().args(["exception", "list", "--code", "E-TRN-08"]), 0);
    let damage = listed["items"][0]["id"].as_str().unwrap().to_owned();
    let of_order = json(server.baton().args(["order", "list", "--exception", "E-TRN-08"]), 0);
    assert_eq!(of_order["items"].as_array().unwrap().len(), 1, "{of_order}");
    let page = run(server.baton().args(["exception", "show", &damage]), 0);
    for word in [damage.as_str(), "open E-TRN-08", "TSP790000009001", "rests on   fct_"] {
        assert!(page.contains(word), "{word} in {page}");
    }
    assert!(!page.contains('\u{1b}'), "no colour where nobody sees it");
    // It is the parcel's: the order that shows it is found.
    let waive = ["exception", "waive", &damage, "--reason", "the customer keeps it"];
    assert!(run(server.baton().args(waive), 0).contains("stated by first-operator"));
    settle(&server);
    assert_eq!(json(server.baton().args(["exception", "show", &damage]), 0)["state"], "waived");
    run(server.baton().args(["exception", "waive", "exc_none", "--reason", "x"]), 3);
}

#[test]
fn messages_and_what_could_not_be_read_are_shown_and_discarded() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let broken = samples().join("broken/wrong-count.850.edi");
    run(server.baton().args(["ingest", "--source", "x12"]).arg(broken), 0);
    settle(&server);
    let item = json(server.baton().args(["quarantine", "list"]), 0)["items"][0].clone();
    let (id, message) = (item["id"].as_str().unwrap(), item["message"].as_str().unwrap());
    let page = run(server.baton().args(["quarantine", "show", id]), 0);
    for word in ["open in quarantine", message, "in segment ", "expected `15`"] {
        assert!(page.contains(word), "{word} in {page}");
    }
    let page = run(server.baton().args(["message", "show", message]), 0);
    assert!(page.contains("of x12") && page.contains(id), "{page}");
    assert!(json(server.baton().args(["message", "show", message]), 0)["quarantine"].is_array());
    run(server.baton().args(["quarantine", "discard", id]), 2);
    let discard = ["quarantine", "discard", id, "--reason", "sent again by hand"];
    assert_eq!(json(server.baton().args(discard), 0)["state"], "discarded");
    let page = run(server.baton().args(["quarantine", "show", id]), 0);
    assert!(page.contains("sent again by hand"), "{page}");
    run(server.baton().args(discard), 4);
}

#[test]
fn people_are_invited_and_listed() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let invite =
        ["user", "invite", "noor@northwind.example", "--name", "Noor", "--role", "finance"];
    let link = run(server.baton().args(invite), 0);
    assert!(link.trim().starts_with("bal_"), "{link}");
    run(server.baton().args(invite), 4);
    let listed = json(server.baton().args(["user", "list"]), 0);
    let user = &listed["items"][0];
    assert_eq!((&user["role"], &user["accepted_at"]), (&"finance".into(), &Value::Null));
    let id = user["id"].as_str().unwrap();
    assert_ne!(run(server.baton().args(["user", "reset", id]), 0), link);
    let change = ["user", "change", id, "--role", "auditor"];
    assert_eq!(json(server.baton().args(change), 0)["role"], "auditor");
    let change = ["user", "change", id, "--name", "N. Lindqvist"];
    let changed = json(server.baton().args(change), 0);
    assert_eq!((&changed["role"], &changed["name"]), (&"auditor".into(), &"N. Lindqvist".into()));
    run(server.baton().args(["user", "change", "usr_999", "--role", "auditor"]), 3);
    assert!(run(server.baton().args(["user", "sign-out", id]), 0).contains("no session"));
    run(server.baton().args(["user", "remove-second-factor", id]), 4);
    run(server.baton().args(["user", "disable", id]), 0);
    run(server.baton().args(["user", "disable", id]), 3);
}

#[test]
fn a_key_is_changed_for_another_that_may_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let add = ["key", "add", "warehouse", "--role", "auditor", "--network", "192.0.2.0/24"];
    let made = json(server.baton().args(add), 0);
    let id = made["id"].as_str().unwrap();
    let rotated = json(server.baton().args(["key", "rotate", id, "--overlap", "1h"]), 0);
    for field in ["label", "role", "networks"] {
        assert_eq!(rotated[field], made[field], "{field}");
    }
    assert_ne!(rotated["key"], made["key"]);
    let listed = json(server.baton().args(["key", "list"]), 0);
    let old = listed["items"].as_array().unwrap().iter().find(|key| key["id"] == id).unwrap();
    assert_ne!(old["expires_at"], Value::Null);
    run(server.baton().args(["key", "revoke", id]), 0);
    run(server.baton().args(["key", "rotate", id]), 4);
}
