//! The binary on PostgreSQL: what works on a folder works there. Runs where `BATON_TEST_POSTGRES`
//! names a throw-away server.

use std::ffi::OsStr;

use baton_store::throwaway::Schema;

use crate::binary::*;

#[test]
fn a_database_is_migrated_served_and_looked_at() {
    let Some(schema) = Schema::fresh() else { return };
    let on = |args: &[&str]| {
        let mut command = baton();
        command.args(args).args(["--database", &schema.url]);
        command
    };
    let doctor = run(&mut on(&["doctor"]), 1);
    assert!(doctor.contains("run `baton migrate`"), "{doctor}");
    assert_eq!(json(&mut on(&["migrate"]), 0)["before"], 0);
    assert!(run(&mut on(&["migrate"]), 0).contains("nothing to do"));
    let server = Server::on(&[OsStr::new("--database"), OsStr::new(&schema.url)]);
    ingest_samples(|| server.baton());
    let verified = json(server.baton().arg("verify"), 0);
    assert_eq!(verified["differences_found"], 0);
    let order = json(server.baton().args(["order", "show", "9001"]), 0);
    assert_eq!(order["progress"], "T60");
    run(server.baton().args(["order", "note", "9001", "rang the customer"]), 0);
    run(server.baton().args(["order", "milestone", "9001", "S30"]), 0);
    run(server.baton().arg("verify"), 0);
    for (args, found) in [
        (vec!["order", "list", "--text", "Fourth", "--sort", "promised"], "#9001"),
        (vec!["order", "list", "--partner", "litware"], "#9001"),
        (vec!["order", "timeline", "9001"], "rang the customer"),
        (vec!["order", "explain", "9001", "milestone:T60"], "rests on"),
        (vec!["order", "show", "9001", "--as-of", "2030-01-01T00:00:00Z"], "S30"),
        (vec!["exception", "list", "--order", "9001"], "E-"),
        (vec!["message", "list"], "supplier-x12"),
        (vec!["source", "list"], "x12-retail"),
        (vec!["partner", "list"], "litware"),
        (vec!["key", "list"], "operator"),
        (vec!["tenant", "list"], "main"),
        (vec!["pack", "list"], "starter"),
        (vec!["quarantine", "list"], "id"),
    ] {
        let out = run(server.baton().args(&args), 0);
        assert!(out.contains(found), "{found} in {args:?}: {out}");
    }
    // Several processes may share a database: beside the server, and after it.
    let beside = json(&mut on(&["order", "show", "9001", "--tenant", "main"]), 0);
    assert_eq!(beside["id"], order["id"]);
    drop(server);
    assert_eq!(json(&mut on(&["verify", "--tenant", "main"]), 0)["differences_found"], 0);
    let doctor = run(&mut on(&["doctor"]), 0);
    assert!(doctor.contains("sources of main"), "{doctor}");
    ingest_samples(|| {
        let mut command = baton();
        command.env("BATON_DATABASE", &schema.url).env("BATON_TENANT", "main");
        command
    });
    let again = Server::on(&[OsStr::new("--database"), OsStr::new(&schema.url)]);
    assert!(again.told["key"].is_null());
}

#[test]
fn the_sample_world_ends_alike_in_a_folder_and_in_a_database() {
    let Some(schema) = Schema::fresh() else { return };
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let summary = |place: &[&str], folder: &tempfile::TempDir| {
        let mut demo = baton();
        demo.args(["demo", "--port", "0", "--orders", "60", "--until-settled", "--in-step"]);
        let out = run(demo.args(place).arg("--data").arg(folder.path()), 0);
        serde_json::from_str::<serde_json::Value>(out.lines().last().unwrap()).unwrap()
    };
    let embedded = summary(&[], &folders[0]);
    let database = summary(&["--database", &schema.url], &folders[1]);
    for held in ["orders", "messages", "facts", "quarantined", "exceptions", "state_digest"] {
        assert_eq!(database[held], embedded[held], "{held}");
    }
    let mut verify = baton();
    verify.args(["verify", "--tenant", "sample", "--database", &schema.url]);
    assert_eq!(json(&mut verify, 0)["differences_found"], 0);
}

#[test]
fn a_database_that_does_not_answer_is_told() {
    let nowhere = "postgres://baton:secret@127.0.0.1:9/baton";
    for args in [vec!["migrate"], vec!["order", "list"], vec!["serve", "--listen", "127.0.0.1:0"]] {
        let out = baton().args(&args).args(["--database", nowhere]).output().unwrap();
        let told = String::from_utf8(out.stderr).unwrap();
        assert_eq!(out.status.code(), Some(3), "{args:?}: {told}");
        assert!(!told.contains("secret"), "{told}");
    }
}
