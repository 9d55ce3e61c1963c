//! `baton pack`: what an integrator does with packs before and when they are put into a system.

mod review;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use baton_packs::{Finding, PackFiles, TestReport};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::api::System;
use crate::exit::{Failure, Outcome, Result};
use crate::print::{self, Tone, paint};
use crate::{files, listing};

#[derive(Debug, Subcommand)]
pub(crate) enum Pack {
    /// Tell everything that is wrong with a pack, with file, line and column.
    Check(Folder),
    /// Run a pack's fixtures and show what differs from what they expect.
    Test(Test),
    /// Begin a pack that passes its own tests, to be changed into what is wanted.
    New(New),
    /// Write the JSON Schema of each file of a pack, for editors.
    Schema(Schema),
    /// Store packs and make them the active ones of their names, in a running system.
    Activate(Activate),
    /// List the packs of a system and which versions are active.
    List(List),
    /// Show what differs between two packs, folders or stored versions, line by line.
    Diff(review::Diff),
    /// Try packs against what happened: which messages would be read differently, and which orders
    /// would come out differently if they were moved to the rules. Changes nothing.
    Try(review::Try),
    /// List what was activated when, by whom and why.
    History(review::History),
    /// Ask for packs to be activated; done at once where nobody has to approve.
    Request(review::Request),
    /// Ask for an earlier version to be in force again.
    Rollback(review::Rollback),
    /// List requests.
    Requests(review::Requests),
    /// Comment on a request.
    Comment(review::Decide),
    /// Approve a request of somebody else. A key cannot; whoever sits at the data (`--data`,
    /// `--database`) can.
    Approve(review::Decide),
    /// Refuse a request of somebody else.
    Refuse(review::Decide),
    /// Take one's own request back.
    Withdraw(review::Decide),
    /// Ask for so many others to have to approve from then on.
    Approvals(review::Approvals),
}

#[derive(Debug, Args)]
pub(crate) struct Folder {
    /// The pack's folder.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Test {
    /// The pack's folder.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Keep what is read now as what is expected. Read it before you believe it.
    #[arg(long)]
    record: bool,
}

#[derive(Debug, Args)]
pub(crate) struct New {
    /// The new folder; its last part is the pack's name.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The pack's name, if it is not the folder's.
    #[arg(long)]
    name: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// The folder that is filled.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Activate {
    /// The packs' folders.
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// Only look for faults; change nothing.
    #[arg(long)]
    check_only: bool,
    /// Move the orders that are there to the new rules; `baton replay --with DIR` shows before what
    /// would differ. Else only new orders go by them.
    #[arg(long, conflicts_with = "check_only")]
    move_orders: bool,
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    system: System,
}

pub(crate) fn run(command: &Pack, json: bool) -> Result<Outcome> {
    match command {
        Pack::Check(check) => run_check(check, json),
        Pack::Test(test) => run_test(test, json),
        Pack::New(new) => run_new(new),
        Pack::Schema(schema) => run_schema(schema),
        Pack::Activate(activate) => run_activate(activate, json),
        Pack::List(list) => run_list(list, json),
        Pack::Diff(diff) => review::diff(diff, json),
        Pack::Try(tried) => review::try_packs(tried, json),
        Pack::History(history) => review::history(history, json),
        Pack::Request(request) => review::request(request, json),
        Pack::Rollback(rollback) => review::rollback(rollback, json),
        Pack::Requests(requests) => review::requests(requests, json),
        Pack::Comment(word) => review::decide(word, "comment", json),
        Pack::Approve(word) => review::decide(word, "approve", json),
        Pack::Refuse(word) => review::decide(word, "refuse", json),
        Pack::Withdraw(word) => review::decide(word, "withdraw", json),
        Pack::Approvals(approvals) => review::approvals(approvals, json),
    }
}

fn run_check(check: &Folder, json: bool) -> Result<Outcome> {
    there(&check.folder)?;
    let findings = baton_packs::check(&check.folder);
    if json {
        print::json(&json!({ "sound": findings.is_empty(), "findings": findings }))?;
    } else if findings.is_empty() {
        print::line(&format!("{}: {}", check.folder.display(), paint(Tone::Good, "sound")))?;
    } else {
        print::text(&told(&check.folder, &findings))?;
    }
    Ok(Outcome::of(findings.is_empty()))
}

/// A finding a line, with a path that an editor can open.
fn told(folder: &std::path::Path, findings: &[Finding]) -> String {
    findings.iter().map(|finding| format!("{}/{finding}\n", folder.display())).collect()
}

fn run_test(test: &Test, json: bool) -> Result<Outcome> {
    there(&test.folder)?;
    if test.record {
        let count = baton_packs::record(&test.folder)?;
        eprintln!("written: what {count} fixtures expect; read it before you keep it");
    }
    let report = baton_packs::test(&test.folder);
    if json {
        print::json(&json!({
            "passed": report.passed(),
            "findings": report.findings,
            "fixtures": report.fixtures,
        }))?;
    } else {
        print::text(&told_test(&test.folder, &report))?;
    }
    Ok(Outcome::of(report.passed()))
}

fn told_test(folder: &std::path::Path, report: &TestReport) -> String {
    let mut text = told(folder, &report.findings);
    for fixture in &report.fixtures {
        let word =
            if fixture.passed { paint(Tone::Good, "ok") } else { paint(Tone::Bad, "differs") };
        text.push_str(&format!("{}: {word}\n", fixture.name));
        for line in fixture.difference.lines() {
            let tone = match line.as_bytes().first() {
                Some(b'-') => Tone::Bad,
                Some(b'+') => Tone::Good,
                _ => Tone::Quiet,
            };
            text.push_str(&format!("  {}\n", paint(tone, line)));
        }
    }
    let differ = report.fixtures.iter().filter(|fixture| !fixture.passed).count();
    match (report.findings.len(), report.fixtures.len()) {
        (0, 0) => text.push_str("there are no fixtures\n"),
        (0, all) => {
            let all = print::count(all as u64, "fixture");
            text.push_str(&format!("{all}, {differ} differ\n"));
        }
        (faults, _) => {
            text.push_str(&format!("{faults} faults; the fixtures run when they are mended\n"));
        }
    }
    text
}

fn run_new(new: &New) -> Result<Outcome> {
    let from_folder = || new.folder.file_name().map(|name| name.to_string_lossy().into_owned());
    let Some(name) = new.name.clone().or_else(from_folder) else {
        return Err(Failure::usage("the folder has no name: say the pack's with --name"));
    };
    if let Err(findings) = baton_packs::new(&new.folder, &name) {
        return Err(Failure::refused(told(&new.folder, &findings).trim_end().to_owned()));
    }
    let folder = new.folder.display();
    eprintln!("written: {folder}. Next: baton pack check {folder}, baton pack test {folder}");
    Ok(Outcome::Fine)
}

fn run_schema(schema: &Schema) -> Result<Outcome> {
    for (name, value) in baton_packs::schemas() {
        let text = serde_json::to_string_pretty(&value)
            .map_err(|why| Failure::failed(format!("a schema is no JSON: {why}")))?;
        files::write(&schema.out.join(name), format!("{text}\n").as_bytes())?;
    }
    Ok(Outcome::Fine)
}

fn run_activate(activate: &Activate, json: bool) -> Result<Outcome> {
    let packs: Result<Vec<Value>> =
        activate.folders.iter().map(|folder| pack_document(folder)).collect();
    let body = json!({
        "packs": packs?,
        "check_only": activate.check_only,
        "move_orders": activate.move_orders,
    });
    let answer = activate.system.reach()?.post("/v1/packs", &body)?;
    if json {
        print::json(&answer)?;
    } else {
        let active = answer["active"].as_str().unwrap_or_default();
        let done = answer["activated"] == true;
        print::line(&format!("{}: {active}", if done { "active" } else { "would be active" }))?;
    }
    Ok(Outcome::Fine)
}

/// The files of a pack, as the API takes them.
pub(super) fn pack_document(folder: &Path) -> Result<Value> {
    there(folder)?;
    let (pack, findings) = PackFiles::read(folder);
    if !findings.is_empty() {
        return Err(Failure::refused(told(folder, &findings).trim_end().to_owned()));
    }
    let text = |(name, bytes): (String, Vec<u8>)| match String::from_utf8(bytes) {
        Ok(text) => Ok((name, text)),
        Err(_) => {
            let text = format!("{}/{name} is not UTF-8: a pack is text", folder.display());
            Err(Failure::refused(text))
        }
    };
    let files: Result<BTreeMap<String, String>> = pack.files.into_iter().map(text).collect();
    Ok(json!({ "files": files? }))
}

fn run_list(list: &List, json: bool) -> Result<Outcome> {
    let columns = [
        ("pack", "/pack"),
        ("version", "/version"),
        ("active since", "/active_since"),
        ("by", "/activated_by"),
        ("stored", "/stored_at"),
    ];
    listing::print(&list.system.reach()?.get("/v1/packs")?, columns, json)?;
    Ok(Outcome::Fine)
}

/// A folder that is not there is another matter than a pack with faults.
fn there(folder: &std::path::Path) -> Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    Err(Failure::not_found(format!("there is no folder {}", folder.display())))
}
