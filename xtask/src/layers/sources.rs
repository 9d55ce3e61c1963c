//! What the text of a source file must not hold, by the crate it is in.
//!
//! Deliberately a reading of lines and no parser: a statement is recognised where it starts, at the
//! opening of a string literal or of a line, so that prose about a statement is not taken for one.

use crate::fault::Fault;

/// How a SQL statement starts, and what must follow on the same line (lower case).
const STATEMENTS: [(&str, &str); 9] = [
    ("insert into ", ""),
    ("insert or ", " into "),
    ("delete from ", " "),
    ("select ", " from "),
    ("update ", " set "),
    ("create table ", ""),
    ("create index ", ""),
    ("alter table ", ""),
    ("drop table ", ""),
];

/// Crates that are functions of their arguments and nothing else.
const PURE: [&str; 2] = ["crates/baton-core/src/", "crates/baton-formats/src/"];

/// What reaches the world from a pure crate, and what to do instead.
const WORLD: [(&str, &str); 9] = [
    ("std::fs", "take the bytes as an argument"),
    ("std::net", "take the bytes as an argument"),
    ("std::env", "take the setting as an argument"),
    ("std::process", "return a value that says what is to be done"),
    ("std::thread", "leave concurrency to the caller"),
    ("SystemTime", "take the instant as an argument"),
    ("std::time::Instant", "take the instant as an argument"),
    ("::now()", "take the instant as an argument"),
    ("async fn", "compute; the caller does the waiting"),
];

pub(super) fn concerns(path: &str) -> bool {
    path.starts_with("crates/") && (path.ends_with(".rs") || path.ends_with(".sql"))
}

pub(super) fn faults(path: &str, text: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    if !path.starts_with("crates/baton-store/") {
        if path.ends_with(".sql") {
            faults.push(Fault::new(path, "SQL outside baton-store", "move it to baton-store"));
        } else {
            faults.extend(text.lines().enumerate().filter(|(_, line)| has_sql(line)).map(
                |(at, _)| {
                    Fault::new(
                        format!("{path}:{}", at + 1),
                        "SQL outside baton-store",
                        "add a query function to baton-store and call that",
                    )
                },
            ));
        }
    }
    if PURE.iter().any(|crate_| path.starts_with(crate_)) && !is_test_file(path) {
        faults.extend(world_faults(path, text));
    }
    faults
}

fn has_sql(line: &str) -> bool {
    let line = line.trim_start();
    if line.starts_with("//") {
        return false;
    }
    let lower = line.to_lowercase();
    let starts = std::iter::once(lower.as_str()).chain(lower.split('"').skip(1));
    starts.map(str::trim_start).any(|start| {
        STATEMENTS.iter().any(|(verb, then)| {
            start.strip_prefix(verb).is_some_and(|rest| format!(" {rest} ").contains(then))
        })
    })
}

fn is_test_file(path: &str) -> bool {
    path.ends_with("tests.rs") || path.contains("/tests/")
}

/// Unit tests at the end of a file may reach the world: the corpus is read from disk.
fn world_faults(path: &str, text: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim_start();
        if line.starts_with("#[cfg(test)]") {
            break;
        }
        if line.starts_with("//") {
            continue;
        }
        for (needle, remedy) in WORLD {
            if line.contains(needle) {
                faults.push(Fault::new(
                    format!("{path}:{}", at + 1),
                    format!("`{needle}` in a pure crate"),
                    remedy,
                ));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::faults;

    fn check(path: &str, text: &str, expected: &[&str]) {
        let found: Vec<String> =
            faults(path, text).iter().map(|f| format!("{}: {}", f.place, f.wrong)).collect();
        assert_eq!(found, expected, "{path}\n{text}");
    }

    #[test]
    fn sql_is_found_where_a_statement_starts() {
        let server = "crates/baton-server/src/a.rs";
        let fault = ["crates/baton-server/src/a.rs:1: SQL outside baton-store"];
        for sql in [
            r#"db.query("SELECT id FROM message", &[])"#,
            r#"let q = "  insert into fact values ($1)";"#,
            "    update message set state = 1",
            r##"execute(r#"delete from fact where id = 1"#)"##,
            r#"("x", "create table t(id int)")"#,
        ] {
            check(server, sql, &fault);
            check("crates/baton-store/src/a.rs", sql, &[]);
        }
        for prose in [
            "// select id from message would be wrong here",
            "/// insert into the tree",
            "insert_into(map)",
            r#"bail!("cannot delete from a closed order")"#,
            r#""update the pack and set a version""#.replace(" set ", " give it ").as_str(),
            "let selected = rows.from();",
        ] {
            check(server, prose, &[]);
        }
        check(
            "crates/baton-server/src/q.sql",
            "",
            &["crates/baton-server/src/q.sql: SQL outside baton-store"],
        );
    }

    #[test]
    fn the_world_is_kept_out_of_pure_crates() {
        let clock = "fn f() {\n    let t = jiff::Timestamp::now();\n}";
        check(
            "crates/baton-core/src/time.rs",
            clock,
            &["crates/baton-core/src/time.rs:2: `::now()` in a pure crate"],
        );
        check(
            "crates/baton-formats/src/x12.rs",
            "use std::fs;",
            &["crates/baton-formats/src/x12.rs:1: `std::fs` in a pure crate"],
        );
        check("crates/baton-server/src/clock.rs", clock, &[]);
        check("crates/baton-core/src/time.rs", "// never Timestamp::now()", &[]);
        check("crates/baton-formats/src/x12.rs", "#[cfg(test)]\nuse std::fs;", &[]);
        check("crates/baton-formats/src/x12/tests.rs", "use std::fs;", &[]);
        check("crates/baton-formats/tests/corpus.rs", "use std::fs;", &[]);
    }
}
