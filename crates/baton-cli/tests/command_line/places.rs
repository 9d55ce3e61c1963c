//! Which system is meant, and the keys that a first start shows.

use crate::binary::*;

#[test]
fn a_first_start_shows_each_key_once() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let administrator = server.told["administrator_key"].as_str().unwrap().to_owned();
    let keys = json(server.baton().args(["key", "list", "--tenant", "main"]), 0);
    let keys = keys["items"].as_array().unwrap();
    assert_eq!(keys.len(), 2, "none is made that nobody is shown: {keys:?}");
    let as_administrator = |args: &[&str], code| {
        run(server.baton().args(args).args(["--key", &administrator]), code);
    };
    as_administrator(&["order", "list"], 0);
    as_administrator(&["source", "list"], 0);
    // It runs its tenant, and no other.
    as_administrator(&["tenant", "create", "second"], 4);
    let key = run(server.baton().args(["tenant", "create", "second"]), 0);
    run(server.baton().args(["order", "list", "--key", key.trim()]), 0);
    // The doctor sees the same by the wire as in the folder, and an administrator his tenant's own.
    for (args, lines) in [
        (
            vec!["doctor"],
            &["server", "clocks", "disk", "store", "keys of main", "keys of second"][..],
        ),
        (vec!["doctor", "--tenant", "second"], &["disk", "keys of second"]),
        (vec!["doctor", "--data", folder.path().to_str().unwrap()], &["disk", "keys of second"]),
        (vec!["doctor", "--key", &administrator], &["server", "packs of main", "clock of main"]),
    ] {
        let told = run(server.baton().args(&args), 0);
        for line in lines {
            let found = told.lines().any(|told| told.starts_with(&format!("ok   {line}: ")));
            assert!(found, "{line} in {args:?}: {told}");
        }
        let all = args.len() == 1 || args.contains(&"--data");
        assert_eq!(told.contains("of main") && told.contains("of second"), all, "{told}");
    }
    run(server.baton().args(["doctor", "--tenant", "nobody"]), 3);
    run(server.baton().args(["doctor", "--key", "bak_wrong"]), 4);
    run(baton().args(["doctor", "--data", "no-such-folder"]), 1);
    drop(server);
    let again = Server::start(folder.path());
    assert!(again.told["administrator_key"].is_null() && again.told["key"].is_null());
}

#[test]
fn a_source_is_changed_disabled_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let change = |args: &[&str]| {
        let mut command = server.baton();
        command.args(["source", "change", "tracking"]).args(args);
        json(&mut command, 0)
    };
    let send = |code| {
        let mut command = server.baton();
        command.args(["ingest", "--source", "tracking"]).arg(samples().join("tracking.json"));
        run(&mut command, code);
    };
    let changed = change(&["--silent-after", "5d", "--network", "192.0.2.7"]);
    assert_eq!(changed["networks"], serde_json::json!(["192.0.2.7/32"]));
    let changed = change(&["--name", "Scans"]);
    assert_eq!((&changed["name"], &changed["silent_after"]), (&"Scans".into(), &"5d".into()));
    assert_eq!(changed["networks"], serde_json::json!(["192.0.2.7/32"]), "what is not said stays");
    assert_eq!(change(&["--everywhere"])["networks"], serde_json::json!([]));
    send(0);
    assert!(change(&["--disable"])["disabled_at"].is_string());
    send(1);
    assert!(change(&["--enable"])["disabled_at"].is_null());
    send(0);
    run(server.baton().args(["source", "change", "tracking", "--disable", "--enable"]), 2);
}

#[test]
fn a_start_that_was_broken_off_is_a_first_start_again() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    run(baton().args(["migrate", "--data"]).arg(data), 0);
    // As far as a first start may come: the tenant, whose key is lost with the process.
    run(baton().args(["tenant", "create", "main", "--data"]).arg(data), 0);
    let server = Server::start(data);
    let administrator = server.told["administrator_key"].as_str().unwrap();
    run(server.baton().args(["order", "list", "--key", administrator]), 0);
    run(server.baton().args(["tenant", "list"]), 0);
}

#[test]
fn what_the_command_line_says_wins_over_the_environment() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let server = Server::start(one.path());
    drop(Server::start(other.path()));
    let listed = |set: &[(&str, &str)], args: &[&str], code| {
        let mut command = baton();
        command.envs(set.iter().copied()).args(["order", "list", "--tenant", "main"]).args(args);
        run(&mut command, code);
    };
    let (url, key) = (("BATON_URL", server.url.as_str()), ("BATON_KEY", server.key.as_str()));
    let folder = other.path().to_str().unwrap();
    let nowhere = "http://127.0.0.1:9";
    listed(&[url, key], &[], 0);
    listed(&[url, key], &["--data", folder], 0);
    listed(&[("BATON_URL", nowhere), key], &["--data", folder], 0);
    listed(
        &[("BATON_URL", nowhere), key, ("BATON_DATABASE", "postgres://x@127.0.0.1:9/x")],
        &["--data", folder],
        0,
    );
    listed(&[("BATON_DATA", "no-such-folder"), key], &["--url", &server.url], 0);
    listed(&[("BATON_DATA", folder)], &[], 0);
    // Two that are set, and none that is said.
    listed(&[url, key, ("BATON_DATA", folder)], &[], 2);
    listed(&[("BATON_DATABASE", "postgres://x"), ("BATON_DATA", folder)], &[], 2);
    listed(&[key], &["--url", nowhere, "--data", folder], 2);
    listed(&[key], &["--url", nowhere], 3);
}

/// The allocator says so itself: a build that lost the setting would be another program than the one that was measured.
#[cfg(target_os = "linux")]
#[test]
fn the_allocator_is_set_by_what_is_compiled_in() {
    let output = baton().arg("--version").env("MALLOC_CONF", "confirm_conf:true").output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    for set in ["background_thread:true", "thp:always"] {
        assert!(told.contains(&format!("-- Set conf value: {set}")), "{set}: {told}");
    }
}
