//! `baton edi`: looks at X12 files without any server: is it sound, what stands in it, what would be
//! answered.

mod acknowledgment;

use std::path::PathBuf;

use baton_core::time::Instant;
use baton_formats::x12::{self, Report, Severity, Verdict};
use baton_server::clock::machine_now;
use clap::{Args, Subcommand};
use serde::Serialize;

use crate::exit::{Outcome, Result};
use crate::print::{self, Tone, paint};
use crate::{files, folders};

#[derive(Debug, Subcommand)]
pub(crate) enum Edi {
    /// Say whether X12 files are sound, and what is wrong with them where.
    Check(Check),
    /// Show an X12 file as a tree that can be read.
    Show(Show),
    /// Write the functional acknowledgment (997) that answers a file.
    Ack(Ack),
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Files or folders; `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    paths: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The file; `-` is standard input.
    file: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Ack {
    /// The file; `-` is standard input.
    file: PathBuf,
    /// Where to write it; standard output otherwise.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The control number of the interchange that is written, and of its group.
    #[arg(long, default_value_t = 1, value_name = "NUMBER")]
    control_number: u32,
    /// The instant that it is dated with; the present otherwise.
    #[arg(long, value_name = "INSTANT")]
    at: Option<Instant>,
}

pub(crate) fn run(command: &Edi, json: bool) -> Result<Outcome> {
    match command {
        Edi::Check(check) => run_check(check, json),
        Edi::Show(show) => run_show(show, json),
        Edi::Ack(ack) => run_ack(ack, json),
    }
}

/// What `check --json` prints: one document for all files.
#[derive(Debug, Serialize)]
struct Checked {
    /// The worst of all.
    verdict: Verdict,
    files: Vec<CheckedFile>,
}

#[derive(Debug, Serialize)]
struct CheckedFile {
    file: String,
    #[serde(flatten)]
    report: Report,
}

fn run_check(check: &Check, json: bool) -> Result<Outcome> {
    let mut checked = Checked { verdict: Verdict::Sound, files: Vec::new() };
    for path in folders::files(&check.paths)? {
        let bytes = files::read(&path)?;
        let report = Report::of(&x12::read(&bytes));
        checked.verdict = checked.verdict.max(report.verdict);
        let file = path.display().to_string();
        if json {
            checked.files.push(CheckedFile { file, report });
        } else {
            print::text(&told(&file, &report))?;
        }
    }
    if json {
        print::json(&checked)?;
    }
    Ok(Outcome::of(checked.verdict != Verdict::Broken))
}

/// The verdict, then every fault under it.
fn told(file: &str, report: &Report) -> String {
    let tone = match report.verdict {
        Verdict::Sound => Tone::Good,
        Verdict::SoundWithWarnings => Tone::Warning,
        Verdict::Broken => Tone::Bad,
    };
    let verdict = paint(tone, report.verdict.as_str());
    let groups = report.interchanges.iter().flat_map(|interchange| &interchange.groups);
    let sets: usize = groups.clone().map(|group| group.sets.len()).sum();
    let mut text = format!(
        "{file}: {verdict} ({}, {}, {}, {})\n",
        counted(report.interchanges.len(), "interchange"),
        counted(groups.count(), "group"),
        counted(sets, "set"),
        counted(report.segment_count, "segment"),
    );
    for fault in &report.faults {
        let severity = match fault.severity {
            Severity::Error => paint(Tone::Bad, "error"),
            Severity::Warning => paint(Tone::Warning, "warning"),
        };
        text.push_str(&format!("  {severity} {fault}\n"));
    }
    text
}

fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

fn run_show(show: &Show, json: bool) -> Result<Outcome> {
    let bytes = files::read(&show.file)?;
    let document = x12::read(&bytes);
    if json {
        print::json(&CheckedFile {
            file: show.file.display().to_string(),
            report: Report::of(&document),
        })?;
    } else {
        print::text(&x12::show(&document))?;
    }
    Ok(Outcome::of(document.verdict() != Verdict::Broken))
}

fn run_ack(ack: &Ack, json: bool) -> Result<Outcome> {
    let bytes = files::read(&ack.file)?;
    let document = x12::read(&bytes);
    let at = ack.at.unwrap_or_else(machine_now);
    let answer = acknowledgment::of(&document, at, ack.control_number).map_err(|mut failure| {
        failure.text = format!("cannot answer {}: {failure}", ack.file.display());
        failure
    })?;
    if let Some(path) = &ack.out {
        files::write(path, &answer)?;
    }
    if json {
        let text = String::from_utf8_lossy(&answer);
        let verdict = document.verdict();
        print::json(&serde_json::json!({ "verdict": verdict, "acknowledgment": text }))?;
    } else if ack.out.is_none() {
        print::bytes(&answer)?;
    }
    Ok(Outcome::of(document.verdict() != Verdict::Broken))
}
