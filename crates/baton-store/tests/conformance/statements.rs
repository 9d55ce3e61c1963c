//! Every statement under `sql/` is one that its engine understands, also those that few tests reach.

use std::path::{Path, PathBuf};

use baton_store::{FILE_NAME, Location, Settings, Store};

use crate::harness::{fresh_schema, on_folder};

fn statements(engine: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("sql")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if !name.ends_with(".parts.sql")
                && !name.starts_with("begin.")
                && (name.ends_with(&format!(".{engine}.sql")) || name.matches('.').count() == 1)
            {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    assert!(found.len() > 50, "the statements were not found");
    found
}

#[test]
fn sqlite_prepares_every_statement() {
    on_folder(|folder| {
        Store::open(&Location::Folder(folder.to_owned()), &Settings::default())
            .and_then(|store| store.migrate())
            .unwrap();
        let connection = rusqlite::Connection::open(folder.join(FILE_NAME)).unwrap();
        for (path, text) in statements("sqlite") {
            let prepared = connection.prepare(&text.replace('$', "?"));
            assert!(prepared.is_ok(), "{}: {:?}", path.display(), prepared.err());
        }
    });
}

#[test]
fn postgres_prepares_every_statement() {
    let Some(schema) = fresh_schema() else { return };
    Store::open(&schema.location(), &Settings::default()).unwrap().migrate().unwrap();
    let mut client = postgres::Client::connect(&schema.url, postgres::NoTls).unwrap();
    for (path, text) in statements("postgres") {
        let prepared = client.prepare(&text);
        assert!(prepared.is_ok(), "{}: {:?}", path.display(), prepared.err());
    }
}
