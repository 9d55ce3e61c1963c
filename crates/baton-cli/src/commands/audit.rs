//! `baton audit`: who did what. Listed, written to a file, and checked: against itself, against a hash
//! that was noted elsewhere, or, without any system, in a file that was exported before.

use std::path::{Path, PathBuf};

use baton_core::time::Instant;
use baton_store::audit::{Broken, Chain, Line, NewLine};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::Value;

use crate::api::{Request, System, with_query};
use crate::exit::{Failure, Outcome, Result};
use crate::{listing, print};

#[derive(Debug, Subcommand)]
pub(crate) enum Audit {
    /// List who did what, newest first.
    List(List),
    /// Write all of it, or what is narrowed to, to standard output.
    Export(Export),
    /// Look whether the record is whole.
    Verify(Verify),
}

#[derive(Debug, Args)]
pub(crate) struct Narrow {
    /// Only lines of this kind.
    #[arg(long, value_parser = ["act", "refusal", "delivery"])]
    kind: Option<String>,
    /// Only what this user or key did: an id such as usr_3 or key_4, local, or baton.
    #[arg(long)]
    who: Option<String>,
    /// Only this operation, as the API's description names it: create_key.
    #[arg(long)]
    operation: Option<String>,
    /// Only what was done to this sort of thing: order, source, key, user, pack, …
    #[arg(long)]
    subject_kind: Option<String>,
    /// Only what was done to the thing of this id.
    #[arg(long)]
    subject: Option<String>,
    /// From this instant on.
    #[arg(long)]
    from: Option<Instant>,
    /// Before this instant.
    #[arg(long)]
    until: Option<Instant>,
    /// What the operator did that is about no tenant.
    #[arg(long)]
    operator: bool,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    narrow: Narrow,
    /// How many at most.
    #[arg(long, default_value_t = 50)]
    limit: u32,
    /// Where the page before this one said to go on.
    #[arg(long)]
    cursor: Option<String>,
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Ndjson,
    Csv,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    #[command(flatten)]
    narrow: Narrow,
    /// A line of JSON for each, or CSV.
    #[arg(long, value_enum, default_value = "ndjson")]
    format: Format,
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// A line's number and hash as they were noted elsewhere: NUMBER:HASH.
    #[arg(long, value_name = "NUMBER:HASH")]
    noted: Option<String>,
    /// Check a file that was exported as ndjson, whole, in place of a system.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["noted", "url", "data", "database"])]
    file: Option<PathBuf>,
    /// What the operator did that is about no tenant.
    #[arg(long)]
    operator: bool,
    #[command(flatten)]
    system: System,
}

impl Narrow {
    fn query(&self) -> Vec<(&'static str, Option<String>)> {
        vec![
            ("kind", self.kind.clone()),
            ("who", self.who.clone()),
            ("operation", self.operation.clone()),
            ("subject_kind", self.subject_kind.clone()),
            ("subject", self.subject.clone()),
            ("from", self.from.map(|at| at.to_string())),
            ("until", self.until.map(|at| at.to_string())),
            ("of", self.operator.then(|| "operator".to_owned())),
        ]
    }
}

pub(crate) fn run(audit: &Audit, json: bool) -> Result<Outcome> {
    match audit {
        Audit::List(list) => {
            let mut query = list.narrow.query();
            query.push(("limit", Some(list.limit.to_string())));
            query.push(("cursor", list.cursor.clone()));
            let found = list.system.reach()?.get(&with_query("/v1/audit", &query))?;
            let columns = [
                ("at", "/at"),
                ("who", "/who"),
                ("name", "/name"),
                ("operation", "/operation"),
                ("subject", "/subject"),
                ("outcome", "/outcome"),
                ("detail", "/detail"),
            ];
            listing::print(&found, columns, json)?;
            Ok(Outcome::Fine)
        }
        Audit::Export(export) => {
            let mut query = export.narrow.query();
            let format = if export.format == Format::Csv { "csv" } else { "ndjson" };
            query.push(("format", Some(format.to_owned())));
            let path = with_query("/v1/audit/export", &query);
            let request =
                Request { method: "GET", path: &path, headers: Vec::new(), body: Vec::new() };
            print::bytes(&export.system.reach()?.bytes(request)?)?;
            Ok(Outcome::Fine)
        }
        Audit::Verify(verify) => match &verify.file {
            Some(file) => verify_file(file),
            None => verify_system(verify, json),
        },
    }
}

fn verify_system(verify: &Verify, json: bool) -> Result<Outcome> {
    let noted = match verify.noted.as_deref().map(|noted| noted.split_once(':')) {
        None => None,
        Some(Some(noted)) => Some(noted),
        Some(None) => return Err(Failure::usage("--noted: expected NUMBER:HASH")),
    };
    let query = [
        ("seq", noted.map(|(seq, _)| seq.to_owned())),
        ("hash", noted.map(|(_, hash)| hash.to_owned())),
        ("of", verify.operator.then(|| "operator".to_owned())),
    ];
    let answer = verify.system.reach()?.get(&with_query("/v1/audit/verify", &query))?;
    if json {
        print::json(&answer)?;
    } else {
        let lines = print::count(answer["lines"].as_u64().unwrap_or_default(), "line");
        match answer["fault"].as_str() {
            Some(fault) => print::line(&format!("the record is not whole: {fault}"))?,
            None => print::line(&format!("the record is whole, {lines}"))?,
        }
        // To be noted elsewhere.
        print::line(&format!(
            "{}:{}",
            answer["lines"].as_u64().unwrap_or_default(),
            answer["hash"].as_str().unwrap_or_default()
        ))?;
    }
    Ok(Outcome::of(answer["whole"] == true))
}

/// Follows the lines of a file, which are the latest first; deliveries have no place in the chain.
fn verify_file(path: &Path) -> Result<Outcome> {
    let text = std::fs::read_to_string(path)?;
    let mut lines = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let wrong =
            || Failure::failed(format!("{}:{}: no line of a record", path.display(), number + 1));
        let item: Value = serde_json::from_str(line).map_err(|_| wrong())?;
        if !item["seq"].is_null() {
            lines.push(read(&item).ok_or_else(wrong)?);
        }
    }
    let mut chain = Chain::default();
    for line in lines.iter().rev() {
        if let Err(broken) = chain.follow(line) {
            let (seq, what) = match broken {
                Broken::Changed { seq } | Broken::NotAsNoted { seq } => {
                    (seq, "is not what was written")
                }
                Broken::Missing { seq } => (seq, "is not there"),
                Broken::CutShort { last, .. } => (last, "is the last one, and should not be"),
            };
            print::line(&format!("the file is not whole: line {seq} {what}"))?;
            return Ok(Outcome::FoundWrong);
        }
    }
    let lines = print::count(lines.len() as u64, "line");
    print::line(&format!("the file is whole, {lines}"))?;
    let hash: String = chain.hash().iter().map(|byte| format!("{byte:02x}")).collect();
    print::line(&format!("{}:{hash}", chain.seq()))?;
    Ok(Outcome::Fine)
}

fn read(item: &Value) -> Option<Line> {
    let text = |name: &str| item[name].as_str().map(str::to_owned);
    let hex = text("hash")?;
    let mut hash = [0; 32];
    for (n, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(hex.get(2 * n..2 * n + 2)?, 16).ok()?;
    }
    Some(Line {
        seq: item["seq"].as_i64()?,
        line: NewLine {
            at: text("at")?.parse().ok()?,
            who: text("who")?,
            name: text("name")?,
            role: text("role")?,
            operation: text("operation")?,
            subject_kind: text("subject_kind")?,
            subject: text("subject")?,
            outcome: text("outcome")?,
            detail: item["detail"].to_string(),
        },
        hash,
    })
}
