//! `baton backup`: a served folder's store in one file. `baton restore`: such a file in place of a store.
//! Both work on the files themselves, a backup beside a running server.

use std::path::{Path, PathBuf};

use baton_store::backup::{self, Copied};
use baton_store::{FILE_NAME, Location, Settings, Store};
use clap::Args;
use serde_json::json;

use crate::exit::{Failure, Outcome, Result};
use crate::lock::Lock;
use crate::place::Place;
use crate::{print, record};

const ASK_THE_DATABASE: &str = "a database is kept and put back by its own tools, `pg_dump` or `pg_basebackup`: see \"Backup\" in the manual";

#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// The file to make. It must not be there yet.
    file: PathBuf,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// A file that `baton backup` made.
    file: PathBuf,
    /// Put it there also where there is a store already, which is kept beside it as baton.db.replaced.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    place: Place,
}

/// The data folder; a database is for others to copy.
fn folder_of(place: &Place) -> Result<PathBuf> {
    match place.stated()? {
        Location::Folder(folder) => Ok(folder),
        Location::Database(_) => Err(Failure::usage(ASK_THE_DATABASE)),
    }
}

pub(crate) fn run(backup: &Backup, json: bool) -> Result<Outcome> {
    let folder = folder_of(&backup.place)?;
    if !folder.join(FILE_NAME).is_file() {
        return Err(Failure::not_found(format!("there is no Baton data in {}", folder.display())));
    }
    let copied = backup::make(&folder, &backup.file)?;
    if json {
        print::json(&document(&copied, &backup.file))?;
    } else {
        print::line(&format!("{}: {}", backup.file.display(), told(&copied)))?;
    }
    Ok(Outcome::Fine)
}

pub(crate) fn run_restore(restore: &Restore, json: bool) -> Result<Outcome> {
    let folder = folder_of(&restore.place)?;
    let lock = Lock::take(&Location::Folder(folder.clone()))?;
    let restored = backup::restore(&restore.file, &folder, restore.force)?;
    tell_restored(restore, &folder, &restored.copied)?;
    drop(lock);
    let replaced = restored.replaced.as_ref().map(|path| path.display().to_string());
    if json {
        let mut document = document(&restored.copied, &folder);
        document["replaced"] = json!(replaced);
        print::json(&document)?;
        return Ok(Outcome::Fine);
    }
    print::line(&format!("{}: {}", folder.display(), told(&restored.copied)))?;
    if let Some(replaced) = replaced {
        print::line(&format!("what was there before is {replaced}; remove it when you like"))?;
    }
    print::line(&format!("`baton verify --data {}` checks it", folder.display()))?;
    Ok(Outcome::Fine)
}

/// In the record of the store that is there now. One of an earlier program has other tables: that it was
/// brought up to date will be told when it is.
fn tell_restored(restore: &Restore, folder: &Path, copied: &Copied) -> Result<()> {
    let store = Store::open(&Location::Folder(folder.to_owned()), &Settings::default())?;
    if store.check_schema().is_err() {
        return Ok(());
    }
    let file = restore.file.file_name().unwrap_or_default().to_string_lossy();
    let detail = json!({ "file": file, "last_message": copied.last_message });
    record::tell(&store, &record::line("restore", ("store", ""), &detail))
}

fn document(copied: &Copied, to: &Path) -> serde_json::Value {
    json!({
        "to": to.display().to_string(),
        "store": copied.identity,
        "schema": copied.schema,
        "last_message": copied.last_message,
        "size_bytes": copied.size_bytes,
    })
}

fn told(copied: &Copied) -> String {
    let Copied { identity, schema, last_message, size_bytes } = copied;
    let store = identity.as_deref().unwrap_or("without a name yet");
    format!(
        "store {store}, schema version {schema}, up to message {last_message}, {size_bytes} bytes, checked and durable"
    )
}
