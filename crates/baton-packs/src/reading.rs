//! From a message's bytes to statements, part by part.
//!
//! A message has parts: the one document of a JSON message, each line of NDJSON, each transaction set
//! of an interchange. A faulty part is quarantined; the parts beside it are read.

use std::ops::Range;

use baton_core::fact::{Place, Statement};
use baton_core::id::Digest;
use baton_core::time::Instant;
use baton_formats::{json, ndjson};
use jaq_json::Val;

use crate::connector::{Connector, Format, Mapping, OwnId};
use crate::jq::{RunFault, depth_of_json};
use crate::mapping_fault::{MappingCode, MappingFault};
use crate::pointed;
use crate::statement::{Read, Reader, Sender, text_of};

pub use crate::jq::JSON_DEPTH_MAX;

/// Largest message that is read, in bytes. The intake has its own, smaller limit.
pub const MESSAGE_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Most parts of one message.
pub const PARTS_MAX: usize = 100_000;

/// Most faults that are told of one part: a person needs the first, not ten thousand of a kind.
const FAULTS_MAX: usize = 20;

/// Names and values of a message's headers. Names are compared without regard to case.
pub type Headers = [(String, String)];

/// What one part of a message says, or why it cannot be read.
#[derive(Debug, Clone, PartialEq)]
pub struct PartReading {
    /// `message`, `line 3`, `ISA 000000101 / GS 1 / ST 0001`.
    pub part: String,
    pub result: Result<Vec<Statement>, Vec<MappingFault>>,
    pub warnings: Vec<MappingFault>,
}

impl PartReading {
    pub(crate) fn faulty(part: &str, fault: MappingFault) -> Self {
        Self { part: part.to_owned(), result: Err(vec![fault]), warnings: Vec::new() }
    }
    pub(crate) fn new(part: &str, read: Read) -> Self {
        let Read { statements, mut faults, warnings } = read;
        faults.truncate(FAULTS_MAX);
        let result = if faults.is_empty() { Ok(statements) } else { Err(faults) };
        Self { part: part.to_owned(), result, warnings }
    }
}

/// The value of a header, whatever the case of its name.
pub(crate) fn header<'h>(headers: &'h Headers, name: &str) -> Option<&'h str> {
    headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

impl Connector {
    /// Reads a message. Never fails as a whole: each part has its own result, and there is at least
    /// one part.
    #[must_use]
    pub fn interpret(
        &self,
        bytes: &[u8],
        headers: &Headers,
        received_at: Instant,
        sender: Sender<'_>,
    ) -> Vec<PartReading> {
        if bytes.len() > MESSAGE_BYTES_MAX {
            let expected = format!("at most {MESSAGE_BYTES_MAX} bytes");
            let found = format!("{} bytes", bytes.len());
            let fault = MappingFault::new(MappingCode::LimitExceeded, &found, expected);
            return vec![PartReading::faulty("message", fault)];
        }
        let reader = Reader {
            sender,
            tables: &self.tables,
            issuers: &self.issuers,
            issuer: &self.issuer,
            zone: self.zone.as_ref(),
            received_at,
        };
        match self.format {
            Format::Json => {
                vec![self.document("message", bytes, headers, &reader, &Place::Pointer("".into()))]
            }
            Format::Ndjson => self.lines(bytes, headers, &reader),
            Format::X12 => self.interchanges(bytes, &reader),
        }
    }

    fn lines(&self, bytes: &[u8], headers: &Headers, reader: &Reader<'_>) -> Vec<PartReading> {
        let lines = bytes.split(|b| *b == b'\n').zip(1_u32..);
        let filled = lines.filter(|(line, _)| !line.trim_ascii().is_empty());
        let mut parts: Vec<PartReading> = filled
            .take(PARTS_MAX + 1)
            .map(|(line, n)| {
                self.document(&format!("line {n}"), line, headers, reader, &Place::Line(n))
            })
            .collect();
        if parts.len() > PARTS_MAX {
            parts.truncate(PARTS_MAX);
            let expected = format!("at most {PARTS_MAX} lines");
            let fault = MappingFault::new(MappingCode::LimitExceeded, "more lines", expected);
            parts.push(PartReading::faulty("further lines", fault));
        }
        if parts.is_empty() {
            let fault =
                MappingFault::new(MappingCode::NotReadable, "nothing", "one JSON document a line");
            parts.push(PartReading::faulty("message", fault));
        }
        parts
    }

    fn document(
        &self,
        part: &str,
        bytes: &[u8],
        headers: &Headers,
        reader: &Reader<'_>,
        place: &Place,
    ) -> PartReading {
        let mut read = Read::default();
        let mapped = parse(bytes).and_then(|value| {
            let variables = self.variables(&reader.sender, headers);
            let mapping = self.mapping(&value, &variables, headers, bytes.len())?;
            let ran = mapping.program.run(&value, &variables, bytes.len(), |output| {
                reader.read(&output, place, &mut read);
                true
            });
            ran.map_err(|fault| run_fault(fault, &mapping.name))
        });
        if let Err(fault) = mapped {
            read.faults.push(fault.at(place));
        }
        PartReading::new(part, read)
    }

    /// What mappings may refer to; what none of them does is left out.
    fn variables(&self, sender: &Sender<'_>, headers: &Headers) -> [Val; 4] {
        let wanted = |name: &str| {
            let wants = |m: &Mapping| {
                m.program.refers_to(name) || m.predicate.as_ref().is_some_and(|p| p.refers_to(name))
            };
            self.mappings.iter().any(wants)
        };
        let text = |text: &str| Val::utf8_str(text.as_bytes().to_vec());
        let given = |name: &str, value: &str| {
            if wanted(name) { text(value) } else { Val::Null }
        };
        let names = if wanted("$headers") { headers } else { &[] };
        let headers =
            names.iter().map(|(name, value)| (text(&name.to_ascii_lowercase()), text(value)));
        [
            given("$source", sender.source),
            given("$partner", sender.issuer("$partner")),
            given("$role", sender.role),
            Val::obj(headers.collect()),
        ]
    }

    /// The first mapping that is for such a message.
    fn mapping(
        &self,
        value: &Val,
        variables: &[Val; 4],
        headers: &Headers,
        bytes: usize,
    ) -> Result<&Mapping, MappingFault> {
        for mapping in &self.mappings {
            let matches = |(name, values): &(String, Vec<String>)| {
                header(headers, name).is_some_and(|found| values.iter().any(|v| v == found))
            };
            if !mapping.headers.iter().all(matches) {
                continue;
            }
            let Some(predicate) = &mapping.predicate else { return Ok(mapping) };
            let held = predicate.holds(value, variables, bytes);
            if held.map_err(|fault| run_fault(fault, &mapping.name))? {
                return Ok(mapping);
            }
        }
        let conditions = self.mappings.iter().flat_map(|m| &m.headers);
        let mut expected: Vec<String> =
            conditions.map(|(name, values)| format!("{name} {}", values.join(" or "))).collect();
        expected.dedup();
        let found = self
            .mappings
            .iter()
            .flat_map(|m| &m.headers)
            .find_map(|(name, _)| header(headers, name).map(|value| format!("{name} {value}")));
        let names: Vec<&str> = self.mappings.iter().map(|m| m.name.as_str()).collect();
        let expected = if expected.is_empty() { names.join(", ") } else { expected.join("; ") };
        let expected = format!("a message that a mapping is for: {expected}");
        Err(MappingFault::new(MappingCode::NoMapping, &found.unwrap_or_default(), expected))
    }

    /// The sender's own id of a message, where the format or the declaration has one.
    #[must_use]
    pub fn own_id(&self, bytes: &[u8], headers: &Headers) -> Option<String> {
        if self.format == Format::X12 {
            return crate::x12::control_numbers(bytes);
        }
        match self.own_id.as_ref()? {
            OwnId::Header(name) => header(headers, name).map(str::to_owned),
            OwnId::Pointer(pointer) => pointed::text(bytes, pointer).unwrap_or_else(|| {
                let value = parse(bytes).ok()?;
                let found = at_pointer(&value, pointer)?;
                match found {
                    Val::TStr(_) => text_of(found).map(str::to_owned),
                    Val::Num(_) => Some(found.to_string()),
                    _ => None,
                }
            }),
        }
        .filter(|id| !id.trim().is_empty())
    }

    /// A digest of a message but for the members that the connector ignores: equal digests are equal
    /// messages, also where the bytes differ. `None` where nothing of it is ignored; then the bytes say it.
    #[must_use]
    pub fn content(&self, bytes: &[u8]) -> Option<Digest> {
        if self.ignore.is_empty() {
            return None;
        }
        let mut ignored: Vec<Range<usize>> = match self.format {
            Format::Json => self.ignored(bytes, 0),
            Format::Ndjson => ndjson::lines(bytes)
                .flat_map(|line| self.ignored(line.bytes, line.range.start))
                .collect(),
            Format::X12 => Vec::new(),
        };
        if ignored.is_empty() {
            return None;
        }
        // One may lie within another.
        ignored.sort_unstable_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
        let (mut kept, mut from) = (Vec::new(), 0);
        for range in ignored {
            if range.start >= from {
                kept.extend(bytes.get(from..range.start));
                from = range.end;
            }
        }
        kept.extend(bytes.get(from..));
        Some(Digest::of(&kept))
    }

    /// Whether the second message is the first one again: it has the same number, or is of a kind whose
    /// bytes are enough, and differs in nothing but what is ignored.
    #[must_use]
    pub fn repeats(&self, first: &[u8], second: &[u8], headers: &Headers) -> bool {
        let number = self.own_id(first, headers);
        if number != self.own_id(second, headers) || (number.is_none() && !self.versioned) {
            return false;
        }
        let content = self.content(first);
        first == second || (content.is_some() && content == self.content(second))
    }

    /// Where the ignored members of one document stand, if it begins at `offset`.
    fn ignored(&self, document: &[u8], offset: usize) -> Vec<Range<usize>> {
        let found = self.ignore.iter().filter_map(|pointer| json::locate(document, pointer));
        found.map(|range| range.start + offset..range.end + offset).collect()
    }
}

/// Parses strict JSON to what jq works on.
fn parse(bytes: &[u8]) -> Result<Val, MappingFault> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let not_json = |found: &str| Err(MappingFault::new(MappingCode::NotReadable, found, "JSON"));
    if let Err(why) = std::str::from_utf8(bytes) {
        return not_json(&format!("a byte that is not UTF-8 at {}", why.valid_up_to()));
    }
    if let Err(at) = depth_of_json(bytes, JSON_DEPTH_MAX) {
        return match bytes.get(at) {
            Some(b'{' | b'[') => {
                let expected = format!("at most {JSON_DEPTH_MAX} levels");
                let found = format!("deep nesting at byte {at}");
                Err(MappingFault::new(MappingCode::LimitExceeded, &found, expected))
            }
            _ => not_json(&format!("no JSON at byte {at}")),
        };
    }
    jaq_json::read::parse_single(bytes).or_else(|why| not_json(&why.to_string()))
}

fn run_fault(fault: RunFault, mapping: &str) -> MappingFault {
    let (code, found, expected) = match fault {
        RunFault::Failed(why) => {
            (MappingCode::MappingFailed, why, format!("what the mapping `{mapping}` can read"))
        }
        RunFault::Bounded(bound) => {
            (MappingCode::LimitExceeded, bound, format!("the mapping `{mapping}` to end"))
        }
    };
    MappingFault::new(code, &found, expected)
}

fn at_pointer<'v>(value: &'v Val, pointer: &str) -> Option<&'v Val> {
    pointer.split('/').skip(1).try_fold(value, |value, part| {
        let key = part.replace("~1", "/").replace("~0", "~");
        match value {
            Val::Obj(object) => {
                object.iter().find(|(k, _)| text_of(k) == Some(key.as_str())).map(|(_, v)| v)
            }
            Val::Arr(items) => items.get(key.parse::<usize>().ok()?),
            _ => None,
        }
    })
}
