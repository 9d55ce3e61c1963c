//! What a newcomer and a script do first: files judged, packs made, samples sent, a world played.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::Value;

use crate::binary::*;

#[test]
fn x12_files_are_judged_shown_and_answered() {
    let sound = samples().join("purchase-order.850.edi");
    let broken = samples().join("broken/wrong-count.850.edi");
    let checked = json(baton().args(["edi", "check"]).arg(&sound), 0);
    assert_eq!(checked["verdict"], "sound");
    let checked = json(baton().args(["edi", "check"]).arg(&sound).arg(&broken), 1);
    assert_eq!(checked["verdict"], "broken");
    assert_eq!(checked["files"][0]["verdict"], "sound");
    assert_eq!(checked["files"][1]["faults"][0]["code"], "X12-SE-COUNT");
    assert!(run(baton().args(["edi", "check"]).arg(&broken), 1).contains("expected `15`"));
    assert!(run(baton().args(["edi", "show"]).arg(&sound), 0).contains("850 purchase order"));
    run(baton().args(["edi", "check", "no-such-file.edi"]), 3);
    let folder = tempfile::tempdir().unwrap();
    for (file, code, status) in [(&sound, 0, "AK5*A"), (&broken, 1, "AK5*R")] {
        let answer = folder.path().join("answer.edi");
        run(baton().args(["edi", "ack"]).arg(file).arg("--out").arg(&answer), code);
        assert!(std::fs::read_to_string(&answer).unwrap().contains(status));
        assert_eq!(json(baton().args(["edi", "check"]).arg(&answer), 0)["verdict"], "sound");
        run(baton().args(["edi", "ack"]).arg(&answer), 4);
    }
}

#[test]
fn a_new_pack_is_sound_and_a_broken_one_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let pack = folder.path().join("acme-tracking");
    run(baton().args(["pack", "new"]).arg(&pack), 0);
    assert_eq!(json(baton().args(["pack", "check"]).arg(&pack), 0)["sound"], true);
    assert_eq!(json(baton().args(["pack", "test"]).arg(&pack), 0)["passed"], true);
    run(baton().args(["pack", "new"]).arg(&pack), 4);
    std::fs::write(pack.join("pack.yaml"), "name: acme-tracking\nversion: 1.0.0\n").unwrap();
    let told = run(baton().args(["pack", "check"]).arg(&pack), 1);
    assert!(told.contains("pack.yaml:1:1: missing_key"), "{told}");
    run(baton().args(["pack", "check", "no-such-folder"]), 3);
}

#[test]
fn a_newcomer_sends_samples_and_sees_the_order() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    ingest_samples(|| server.baton());
    // Somebody else's process works on the folder.
    let refused = baton().args(["order", "list", "--data"]).arg(folder.path()).output().unwrap();
    assert_eq!(refused.status.code(), Some(4));
    run(baton().args(["order", "list", "--url", &server.url, "--key", "bak_wrong"]), 4);
    // Verifying waits until everything is worked off.
    let verified = json(server.baton().arg("verify"), 0);
    assert_eq!(verified["differences_found"], 0);
    let order = json(server.baton().args(["order", "show", "TSP790000009001"]), 0);
    assert_eq!(order["progress"], "T60");
    let numbers = order["identifiers"].to_string();
    assert!(numbers.contains("#9001") && numbers.contains("4500099001"), "{numbers}");
    let page = run(server.baton().args(["order", "show", "#9001"]), 0);
    assert!(page.contains("on_time"), "{page}");
    let why = run(server.baton().args(["order", "explain", "#9001", "milestone:T60"]), 0);
    assert!(why.contains("\"delivered\""), "{why}");
    run(server.baton().args(["order", "show", "no-such-number"]), 3);
    drop(server);
    // The same data without a server, and what was sent again is known.
    ingest_samples(|| {
        let mut command = baton();
        command.env("BATON_DATA", folder.path());
        command
    });
    let mut list = baton();
    list.args(["message", "list", "--data"]).arg(folder.path());
    let messages = json(&mut list, 0);
    let repeats = |item: &Value| item["source"] != "people" && item["repeats"] == 1;
    assert_eq!(messages["items"].as_array().unwrap().iter().filter(|m| repeats(m)).count(), 6);
}

#[test]
fn a_broken_off_ingest_is_taken_up_again() {
    let folder = tempfile::tempdir().unwrap();
    let files = tempfile::tempdir().unwrap();
    for n in 0..300 {
        let text = std::fs::read_to_string(samples().join("tracking.json")).unwrap();
        let text = text.replace("tsp-9001-delivered", &format!("event-{n}"));
        let text = text.replace("TSP790000009001", &format!("TSP7900001{n:05}"));
        std::fs::write(files.path().join(format!("{n:03}.json")), text).unwrap();
    }
    let server = Server::start(folder.path());
    let ingest = || {
        let mut command = server.baton();
        command.args(["ingest", "--source", "tracking"]).arg(files.path());
        command
    };
    let mut first = ingest().stdout(Stdio::null()).spawn().unwrap();
    first.kill().unwrap();
    first.wait().unwrap();
    assert_eq!(json(&mut ingest(), 0)["messages"], 300);
    assert_eq!(json(&mut ingest(), 0)["duplicates"], 300);
    let mut lines = Vec::new();
    for n in 0..3 {
        writeln!(lines, "{{\"event_id\":\"line-{n}\",\"tracking_number\":\"T{n}\",\"status\":\"delivered\",\"timestamp\":\"2026-05-07T14:31:00Z\"}}").unwrap();
    }
    let batch = files.path().join("batch.ndjson");
    std::fs::write(&batch, lines).unwrap();
    let mut batched = server.baton();
    batched.args(["ingest", "--source", "tracking", "--batch", "ndjson"]).arg(&batch);
    assert_eq!(json(&mut batched, 0)["messages"], 3);
}

#[test]
fn the_sample_world_is_played_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let mut demo = baton();
    demo.args(["demo", "--port", "0", "--orders", "30", "--until-settled", "--fresh", "--data"]);
    let out = run(demo.arg(folder.path()), 0);
    let summary: Value = serde_json::from_str(out.lines().last().unwrap()).unwrap();
    assert_eq!(summary["orders"], 30);
    // What the delivered messages show for certain is found, and little else is raised.
    assert!(summary["recall_per_mille"].as_u64().unwrap() >= 900, "{summary}");
    assert!(summary["precision_per_mille"].as_u64().unwrap() >= 900, "{summary}");
    let mut verify = baton();
    verify.args(["verify", "--tenant", "sample", "--data"]).arg(folder.path());
    assert_eq!(json(&mut verify, 0)["differences_found"], 0);
    // What it is billed by is what was played, before the figures are closed and afterwards.
    let on = |args: &[&str]| {
        let mut command = baton();
        command.args(args).args(["--tenant", "sample", "--data"]).arg(folder.path());
        command
    };
    for _ in 0..2 {
        let used = json(&mut on(&["usage", "--month", "2026-03"]), 0)["months"][0].clone();
        for (figure, played) in [
            ("messages", "messages"),
            ("repeats", "duplicates"),
            ("quarantined", "quarantined"),
            ("orders", "orders"),
        ] {
            assert_eq!(used[figure], summary[played], "{figure} of {used}, {summary}");
        }
    }
    let table = run(&mut on(&["usage", "--month", "2026-03", "--by", "day"]), 0);
    assert!(table.contains("2026-03-02") && table.contains("yes"), "{table}");
    let file = run(&mut on(&["usage", "--month", "2026-03", "--all-tenants", "--csv"]), 0);
    assert!(file.starts_with("tenant,name,month,messages,"), "{file}");
    // A customer is given a link, which is ended.
    let orders = json(&mut on(&["order", "list", "--limit", "1"]), 0);
    let number = orders["items"][0]["number"].as_str().unwrap();
    let made = json(&mut on(&["order", "track", "new", number, "--for", "Fourth Coffee"]), 0);
    let id = made["id"].as_str().unwrap();
    assert!(made["path"].as_str().unwrap().starts_with('/'), "{made}");
    run(&mut on(&["order", "track", "end", id]), 0);
    let listed = json(&mut on(&["order", "track", "list", number]), 0);
    let link = &listed["items"][0];
    assert_eq!((&link["id"], &link["label"]), (&made["id"], &"Fourth Coffee".into()));
    assert!(link["revoked_at"].is_string(), "{listed}");
    // Another seed is another world, and this folder holds one already.
    let mut other = baton();
    other.args(["demo", "--port", "0", "--seed", "8", "--until-settled", "--data"]);
    run(other.arg(folder.path()), 4);
}

#[test]
fn the_program_describes_itself() {
    let reference = run(baton().arg("reference"), 0);
    assert!(reference.contains("## `baton edi check`"), "{reference}");
    let api: Value = serde_json::from_str(&run(baton().arg("openapi"), 0)).unwrap();
    assert!(api["paths"]["/v1/orders"].is_object());
    assert!(run(baton().args(["completions", "bash"]), 0).contains("baton"));
    let folder = tempfile::tempdir().unwrap();
    run(baton().args(["reference", "errors", "--out"]).arg(folder.path()), 0);
    assert!(folder.path().join("key_wrong.md").is_file());
    run(baton().args(["pack", "schema", "--out"]).arg(folder.path()), 0);
    assert!(folder.path().join("connector.schema.json").is_file());
    run(baton().arg("no-such-command"), 2);
    let mut ack = baton();
    let answer = json(ack.args(["edi", "ack"]).arg(samples().join("purchase-order.850.edi")), 0);
    assert!(answer["acknowledgment"].as_str().unwrap().contains("ST*997*"), "{answer}");
}
