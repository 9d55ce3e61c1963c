//! The mechanism of generated files, with a shell script in the place of `baton`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use super::{Files, Generator, Output, Plan, compare, generate, plan, read, write};
use crate::baton::has_command;

fn files(of: &[(&str, &str)]) -> Files {
    of.iter().map(|(path, text)| (PathBuf::from(path), text.as_bytes().to_vec())).collect()
}

#[test]
fn differences_are_named_by_file_and_line() {
    for (held, wanted, expected) in [
        (files(&[("a", "1\n2\n")]), files(&[("a", "1\n2\n")]), vec![]),
        (files(&[("a", "1\n2\n")]), files(&[("a", "1\n3\n")]), vec!["x/a:2"]),
        (files(&[("a", "1\n")]), files(&[("a", "1\n2\n")]), vec!["x/a:2"]),
        (files(&[]), files(&[("b/c", "1")]), vec!["x/b/c"]),
        (files(&[("old", "1")]), files(&[]), vec!["x/old"]),
        (files(&[("", "1")]), files(&[("", "2")]), vec!["x:1"]),
    ] {
        let found: Vec<String> =
            compare::faults("x", &held, &wanted).into_iter().map(|fault| fault.place).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn a_missing_command_is_passed_over_only_while_nothing_is_checked_in() {
    for (has_command, is_checked_in, expected) in [
        (true, true, Plan::Run),
        (true, false, Plan::Run),
        (false, false, Plan::NotThereYet),
        (false, true, Plan::CommandLost),
    ] {
        assert_eq!(plan(has_command, is_checked_in), expected);
    }
}

/// Knows `print` and `fill --out DIR`, and no other command.
const STAND_IN: &str = r#"#!/bin/sh
case "$*" in
  "print --help") echo "Usage: baton print" ;;
  "fill --help") echo "Usage: baton fill --out <DIR>" ;;
  print) echo printed ;;
  "fill --out "*) mkdir "$3/sub" && echo one >"$3/one" && echo two >"$3/sub/two" ;;
  *) exit 2 ;;
esac
"#;

fn stand_in(folder: &Path) -> PathBuf {
    let path = folder.join("baton");
    fs::write(&path, STAND_IN).expect("the script is written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it may run");
    path
}

#[test]
fn generators_write_what_check_then_accepts() {
    let folder = tempfile::tempdir().expect("a folder");
    let baton = stand_in(folder.path());
    for (command, output, expected) in [
        (&["print"][..], Output::Printed { file: "out" }, files(&[("", "printed\n")])),
        (
            &["fill"][..],
            Output::Folder { folder: "out" },
            files(&[("one", "one\n"), ("sub/two", "two\n")]),
        ),
    ] {
        let root = folder.path().join(command[0]);
        assert!(has_command(&baton, command).expect("the stand-in answers"));
        let wanted = generate(&baton, &Generator { what: "x", command, output }).expect("written");
        assert_eq!(wanted, expected);
        assert_eq!(read(&root, output).expect("nothing yet"), Files::new());
        write(&root, output, &Files::new(), &wanted).expect("written");
        assert_eq!(read(&root, output).expect("read back"), wanted);
    }
    assert!(!has_command(&baton, &["other"]).expect("the stand-in answers"));
}

#[test]
fn what_is_no_longer_generated_is_removed() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = Output::Folder { folder: "out" };
    let (before, after) = (files(&[("a", "1"), ("b", "1")]), files(&[("b", "2")]));
    write(folder.path(), output, &Files::new(), &before).expect("written");
    write(folder.path(), output, &before, &after).expect("written");
    assert_eq!(read(folder.path(), output).expect("read back"), after);
}
