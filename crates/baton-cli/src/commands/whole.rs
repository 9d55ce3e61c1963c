//! `baton export`: everything of a tenant in one file of JSON lines. `baton import`: a tenant from such a
//! file, into a store of either kind. Both work on the store itself, an export beside a running server.

use std::io::BufReader;
use std::path::PathBuf;

use baton_store::whole::{self, Head};
use baton_store::{Scope, Store, tenants};
use clap::Args;
use serde_json::json;

use crate::exit::{Failure, Outcome, Result};
use crate::lock::Lock;
use crate::place::{self, Place};
use crate::{files, print, record};

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The file to make. It must not be there yet.
    file: PathBuf,
    /// The tenant; need not be said where there is one only.
    #[arg(long, value_name = "TENANT", env = "BATON_TENANT")]
    tenant: Option<String>,
    /// Write hashes of keys, and subscriptions with their secrets, as well: then keys and receivers go on
    /// working, and the file is as secret as they are.
    #[arg(long)]
    with_keys: bool,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// A file that `baton export` made.
    file: PathBuf,
    /// Give the tenant another key than it had.
    #[arg(long = "as", value_name = "TENANT")]
    tenant: Option<String>,
    #[command(flatten)]
    place: Place,
}

pub(crate) fn run_export(export: &Export, json: bool) -> Result<Outcome> {
    let store = place::open(&export.place.stated()?)?;
    let tenant = match &export.tenant {
        Some(tenant) => tenant.clone(),
        None => only_tenant(&store)?,
    };
    let head = files::make_whole(&export.file, |out| {
        Ok(whole::export(&store, &tenant, export.with_keys, out)?)
    })?;
    tell(&head, &tenant, json)
}

pub(crate) fn run_import(import: &Import, json: bool) -> Result<Outcome> {
    let location = import.place.stated()?;
    // Before the store is made: a mistyped name is not to leave one behind.
    let open = || std::fs::File::open(&import.file).map(BufReader::new);
    open().map_err(|why| {
        let mut failure = Failure::from(why);
        failure.text = format!("cannot read {}: {failure}", import.file.display());
        failure
    })?;
    let lock = Lock::take(&location)?;
    let store = place::open_or_make(&location)?;
    let from = import.file.file_name().unwrap_or_default().to_string_lossy();
    let line = record::line("import_tenant", ("tenant", ""), &json!({ "file": from }));
    let head = whole::import(&store, import.tenant.as_deref(), Some(&line), open)?;
    drop(lock);
    let tenant = import.tenant.as_ref().unwrap_or(&head.tenant.key);
    tell(&head, tenant, json)
}

fn only_tenant(store: &Store) -> Result<String> {
    let all = store.read(|tx| tenants::list(tx, &Scope::operator()))?;
    match all.as_slice() {
        [only] => Ok(only.key.clone()),
        [] => Err(Failure::not_found("there is no tenant")),
        _ => {
            let keys: Vec<&str> = all.iter().map(|tenant| tenant.key.as_str()).collect();
            Err(Failure::usage(format!("which tenant (--tenant)? There are {}", keys.join(", "))))
        }
    }
}

fn tell(head: &Head, tenant: &str, json: bool) -> Result<Outcome> {
    let count = |what: &str| head.counts.get(what).copied().unwrap_or(0);
    if json {
        print::json(&json!({
            "tenant": tenant, "with_keys": head.with_keys, "counts": head.counts,
        }))?;
    } else {
        let (orders, messages) = (count("orders"), count("message"));
        let (orders, messages) = (print::count(orders, "order"), print::count(messages, "message"));
        let keys = if head.with_keys { "with keys" } else { "without keys" };
        print::line(&format!("{tenant}: {orders}, {messages}, {keys}"))?;
    }
    Ok(Outcome::Fine)
}
