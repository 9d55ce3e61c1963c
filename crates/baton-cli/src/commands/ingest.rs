//! `baton ingest`: messages from files into a source, into a running server or straight into data.
//!
//! Each message is sent with an id made of its file's name and its content, so that running the same
//! command again after it was broken off neither loses nor doubles anything: what has arrived is known
//! and answered as the first time.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use baton_core::id::Digest;
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::api::{Answer, Api, Request, System, encoded};
use crate::exit::{Failure, Outcome, Result, Why};
use crate::{files, folders, print};

/// Messages that are under way at once.
const SENDERS: usize = 16;
/// Lines that are sent together.
const LINES_TOGETHER: usize = 500;
/// How often a busy server is asked again, and how long is waited where it does not say.
const TRIES_MAX: u32 = 30;
const BUSY_WAIT: Duration = Duration::from_secs(2);
/// How long what was sent may take to be worked off, where this process does it.
const PATIENCE: Duration = Duration::from_secs(3_600);

#[derive(Debug, Args)]
pub(crate) struct Ingest {
    /// The source that the messages are from.
    #[arg(long, value_name = "SOURCE")]
    source: String,
    /// The source's own key, if no other key is given.
    #[arg(long, value_name = "KEY", env = "BATON_SOURCE_KEY", hide_env_values = true)]
    source_key: Option<String>,
    /// Files or folders; `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    paths: Vec<PathBuf>,
    /// Every line of a file is a message of its own.
    #[arg(long, value_enum)]
    batch: Option<Batch>,
    /// What the content is; found by the file's ending otherwise.
    #[arg(long, value_name = "TYPE")]
    content_type: Option<String>,
    /// A header that the connector wants to see, such as `X-Shopify-Topic: orders/create`.
    #[arg(long = "header", value_name = "NAME: VALUE")]
    headers: Vec<String>,
    #[command(flatten)]
    system: System,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Batch {
    Ndjson,
}

/// What came of it.
#[derive(Debug, Default, Serialize)]
struct Report {
    files: u64,
    messages: u64,
    /// Of those, known before.
    duplicates: u64,
    refused: Vec<Refused>,
}

/// A file (or a line of it) of which nothing was kept.
#[derive(Debug, Serialize)]
struct Refused {
    file: String,
    why: String,
}

pub(crate) fn run(ingest: &Ingest, json: bool) -> Result<Outcome> {
    let mut system = ingest.system.clone();
    // What is said for this call alone wins over what the shell happens to hold.
    system.key = ingest.source_key.clone().or(system.key);
    let headers = ingest.headers.iter().map(|text| header(text)).collect::<Result<Vec<_>>>()?;
    let files = folders::files(&ingest.paths)?;
    let api = system.reach()?;
    let bar = bar(files.len() as u64);
    let sending =
        Sending { ingest, api: &api, headers, report: Mutex::default(), next: AtomicU64::new(0) };
    let sent = sending.all(&files, &bar);
    bar.finish_and_clear();
    let report = sending.report.into_inner().unwrap_or_else(PoisonError::into_inner);
    tell(&report, json)?;
    sent?;
    api.settle(PATIENCE)?;
    Ok(Outcome::of(report.refused.is_empty()))
}

fn bar(files: u64) -> ProgressBar {
    // Drawn on standard error, and not at all where that is no terminal.
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} files, {elapsed} {msg}");
    let bar = ProgressBar::new(files);
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar
}

fn tell(report: &Report, json: bool) -> Result<()> {
    for refused in &report.refused {
        eprintln!("refused: {}: {}", refused.file, refused.why);
    }
    if json {
        return print::json(report);
    }
    print::line(&format!(
        "{}, {} durable, {} of them known before; {} refused",
        print::count(report.files, "file"),
        print::count(report.messages, "message"),
        report.duplicates,
        report.refused.len()
    ))
}

struct Sending<'a> {
    ingest: &'a Ingest,
    api: &'a Api,
    headers: Vec<(String, String)>,
    report: Mutex<Report>,
    /// The next file that nobody has taken.
    next: AtomicU64,
}

impl Sending<'_> {
    /// Sends all files, some at once. Ends at the first thing that no other file would survive.
    fn all(&self, files: &[PathBuf], bar: &ProgressBar) -> Result<()> {
        let work = || -> Result<()> {
            loop {
                let n = self.next.fetch_add(1, Ordering::Relaxed);
                let Some(path) = usize::try_from(n).ok().and_then(|n| files.get(n)) else {
                    return Ok(());
                };
                if let Err(failure) = self.file(path) {
                    // The others need not go on.
                    self.next.store(u64::MAX / 2, Ordering::Relaxed);
                    return Err(failure);
                }
                bar.inc(1);
            }
        };
        std::thread::scope(|scope| {
            let senders = SENDERS.min(files.len().max(1));
            let threads: Vec<_> = (0..senders).map(|_| scope.spawn(work)).collect();
            let ended = threads.into_iter().map(|thread| {
                thread.join().unwrap_or_else(|_| Err(Failure::failed("a sender broke down")))
            });
            ended.collect::<Vec<_>>().into_iter().collect()
        })
    }

    fn file(&self, path: &Path) -> Result<()> {
        let bytes = files::read(path)?;
        let name = path.display().to_string();
        match self.ingest.batch {
            None => self.message(&name, &bytes)?,
            Some(Batch::Ndjson) => {
                for (number, lines) in chunks(&bytes).enumerate() {
                    self.lines(&name, number, lines)?;
                }
            }
        }
        self.note(|report| report.files += 1);
        Ok(())
    }

    fn message(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let id = id(name, 0, bytes);
        let answer = self.send(&self.path(""), &id, self.content_type(name), bytes)?;
        if answer.status >= 400 {
            return self.refused(name, &answer);
        }
        let duplicate = answer.header("baton-result") == Some("duplicate");
        self.note(|report| {
            report.messages += 1;
            report.duplicates += u64::from(duplicate);
        });
        Ok(())
    }

    fn lines(&self, name: &str, number: usize, lines: &[u8]) -> Result<()> {
        let id = id(name, number, lines);
        let path = self.path("?batch=ndjson");
        let answer = self.send(&path, &id, "application/x-ndjson".to_owned(), lines)?;
        if answer.status >= 400 {
            return self.refused(name, &answer);
        }
        let document: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        for item in document["items"].as_array().into_iter().flatten() {
            let line = item["line"].as_u64().unwrap_or_default() as usize + number * LINES_TOGETHER;
            match item["result"].as_str() {
                Some("refused") => {
                    let why = item["problem"]["detail"].as_str().unwrap_or("no reason given");
                    let (file, why) = (format!("{name}:{line}"), why.to_owned());
                    self.note(|report| report.refused.push(Refused { file, why }));
                }
                result => self.note(|report| {
                    report.messages += 1;
                    report.duplicates += u64::from(result == Some("duplicate"));
                }),
            }
        }
        Ok(())
    }

    /// Sends until the server is not busy.
    fn send(&self, path: &str, id: &str, content_type: String, body: &[u8]) -> Result<Answer> {
        let mut headers = self.headers.clone();
        headers.push(("Content-Type".to_owned(), content_type));
        headers.push(("Idempotency-Key".to_owned(), id.to_owned()));
        for _ in 0..TRIES_MAX {
            let (headers, body) = (headers.clone(), body.to_vec());
            let answer = self.api.send(Request { method: "POST", path, headers, body })?;
            if answer.status != 503 {
                return Ok(answer);
            }
            let seconds = answer.header("retry-after").and_then(|text| text.parse().ok());
            std::thread::sleep(seconds.map_or(BUSY_WAIT, Duration::from_secs));
        }
        Err(Failure::not_found("the server stays busy: run the same command again later"))
    }

    /// A refusal of this message is noted; one that concerns every message ends it all.
    fn refused(&self, name: &str, answer: &Answer) -> Result<()> {
        let failure = answer.failure();
        let concerns_all =
            matches!(answer.status, 401 | 403 | 404) || matches!(failure.why, Why::Failed);
        if concerns_all {
            return Err(failure);
        }
        let refused = Refused { file: name.to_owned(), why: failure.text };
        self.note(|report| report.refused.push(refused));
        Ok(())
    }

    fn note(&self, change: impl FnOnce(&mut Report)) {
        change(&mut self.report.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn path(&self, query: &str) -> String {
        format!("/v1/sources/{}/messages{query}", encoded(&self.ingest.source))
    }

    fn content_type(&self, name: &str) -> String {
        let ending = Path::new(name).extension().map(std::ffi::OsStr::to_ascii_lowercase);
        let by_ending = match ending.as_ref().and_then(|ending| ending.to_str()) {
            Some("json") => "application/json",
            Some("edi" | "x12") => "application/edi-x12",
            Some("xml") => "application/xml",
            Some("csv") => "text/csv",
            _ => "application/octet-stream",
        };
        self.ingest.content_type.clone().unwrap_or_else(|| by_ending.to_owned())
    }
}

/// Names a message by its file and its content.
fn id(name: &str, part: usize, bytes: &[u8]) -> String {
    format!("file-{}", Digest::of(&[name.as_bytes(), part.to_string().as_bytes(), bytes]))
}

/// So many lines at a time, ends of lines included.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let line_ends = rest.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
        let end = line_ends.map(|(n, _)| n + 1).nth(LINES_TOGETHER - 1).unwrap_or(rest.len());
        let (chunk, more) = rest.split_at(end);
        rest = more;
        (!chunk.is_empty()).then_some(chunk)
    })
}

fn header(text: &str) -> Result<(String, String)> {
    let parts = text.split_once(':').map(|(name, value)| (name.trim(), value.trim()));
    match parts {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err(Failure::usage(format!("`{text}` is no header: expected `Name: value`"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_sent_in_chunks_that_do_not_change_when_a_file_grows() {
        let lines = |count: usize| "{}\n".repeat(count).into_bytes();
        let sizes = |bytes: &[u8]| chunks(bytes).map(<[u8]>::len).collect::<Vec<_>>();
        assert_eq!(sizes(&lines(0)), Vec::<usize>::new());
        assert_eq!(sizes(&lines(LINES_TOGETHER)), vec![3 * LINES_TOGETHER]);
        assert_eq!(sizes(&lines(LINES_TOGETHER + 2)), vec![3 * LINES_TOGETHER, 6]);
        assert_eq!(sizes(b"{}\n{}"), vec![5]);
    }

    #[test]
    fn ids_tell_files_and_contents_apart() {
        assert_eq!(id("a.json", 0, b"1"), id("a.json", 0, b"1"));
        assert_ne!(id("a.json", 0, b"1"), id("b.json", 0, b"1"));
        assert_ne!(id("a.json", 0, b"1"), id("a.json", 1, b"1"));
        assert_ne!(id("a.json", 0, b"1"), id("a.json", 0, b"2"));
    }

    #[test]
    fn headers_are_name_and_value() {
        let wanted = ("X-Topic".to_owned(), "a:b".to_owned());
        assert_eq!(header("X-Topic: a:b").unwrap(), wanted);
        assert!(header("no header").is_err());
        assert!(header(": x").is_err());
    }
}
