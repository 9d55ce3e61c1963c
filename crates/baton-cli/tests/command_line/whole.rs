//! A tenant goes whole from one kind of store to the other and back, and is the same.

use std::path::Path;
use std::process::Command;

use baton_store::throwaway::Schema;
use serde_json::Value;

use crate::binary::*;

fn exported(place: &[&str], file: &Path, with_keys: bool) -> Vec<u8> {
    let mut export = baton();
    export.args(["export", "--tenant", "sample"]).arg(file).args(place);
    if with_keys {
        export.arg("--with-keys");
    }
    run(&mut export, 0);
    std::fs::read(file).unwrap()
}

fn import(place: &[&str], file: &Path) -> Command {
    let mut import = baton();
    import.arg("import").arg(file).args(place);
    import
}

/// Every order as the API shows it, but for the instant at which it is looked at.
fn orders(place: &[&str]) -> Vec<Value> {
    let on = |args: &[&str]| {
        let mut command = baton();
        command.args(args).args(["--tenant", "sample"]).args(place);
        json(&mut command, 0)
    };
    let list = on(&["order", "list", "--limit", "200"]);
    let all = list["items"].as_array().unwrap();
    let some = all.iter().take(5).map(|row| on(&["order", "show", row["id"].as_str().unwrap()]));
    all.iter().cloned().chain(some).collect()
}

#[test]
fn a_tenant_goes_to_another_kind_of_store_and_back() {
    let folders = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let [first, last, files] = folders.each_ref().map(tempfile::TempDir::path);
    let mut demo = baton();
    demo.args(["demo", "--port", "0", "--orders", "60", "--faults", "all", "--until-settled"]);
    // There is nobody at the discard port: commands are owed.
    demo.args(["--webhook", "http://127.0.0.1:9/", "--data"]).arg(first);
    run(&mut demo, 0);
    let schema = Schema::fresh();
    let between = tempfile::tempdir().unwrap();
    let places = [
        vec!["--data", first.to_str().unwrap()],
        match &schema {
            Some(schema) => vec!["--database", schema.url.as_str()],
            // Without a server at least from folder to folder.
            None => vec!["--data", between.path().to_str().unwrap()],
        },
        vec!["--data", last.to_str().unwrap()],
    ];
    let mut written = Vec::new();
    for (n, place) in places.iter().enumerate() {
        if n > 0 {
            let from = files.join(format!("{}.ndjson", n - 1));
            let told = json(&mut import(place, &from), 0);
            assert_eq!(told["tenant"], "sample");
            run(&mut import(place, &from), 4);
        }
        written.push(exported(place, &files.join(format!("{n}.ndjson")), true));
    }
    assert!(written[0] == written[1] && written[1] == written[2], "the exports differ");
    // Looking sets an engine to work, so it comes after.
    for (n, place) in places.iter().enumerate().skip(1) {
        let told = json(baton().args(["audit", "list", "--operator"]).args(place), 0);
        let line = &told["items"][0];
        assert_eq!(
            (&line["operation"], &line["subject"], &line["detail"]["file"]),
            (&"import_tenant".into(), &"sample".into(), &format!("{}.ndjson", n - 1).into())
        );
    }
    let head = written[0].split(|byte| *byte == b'\n').next().unwrap();
    let head: Value = serde_json::from_slice(head).unwrap();
    for held in ["message", "fact", "orders", "exception", "outbox", "api_key", "activation"] {
        assert!(head["counts"][held].as_u64().unwrap() > 0, "{held}: {head}");
    }
    let text = String::from_utf8(exported(&places[0], &files.join("plain"), false)).unwrap();
    for kind in ["source_key", "api_key", "subscription"] {
        assert!(!text.contains(&format!("{{\"{kind}\":")), "{kind}");
    }
    // What is derived from it, and what the rows say, is the same.
    let shown = places.each_ref().map(|place| orders(place));
    assert!(shown[0].len() > 20);
    assert!(shown[0] == shown[1] && shown[1] == shown[2], "the orders differ");
    for place in &places {
        let mut verify = baton();
        verify.args(["verify", "--tenant", "sample"]).args(place);
        assert_eq!(json(&mut verify, 0)["differences_found"], 0);
    }
}
