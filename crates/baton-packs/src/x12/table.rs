//! A set's table: rows, each a place in the loops, conditions, and a statement whose values are
//! references.

use baton_core::fact::Place;
use baton_formats::x12::Segment;
use baton_formats::x12::tree::LoopNode;
use bytes::Bytes;
use jaq_json::Val;
use serde_json::Value;

use super::reference::{Reference, Spot, Step};
use crate::connector::{OneOf, RowDeclaration, SetDeclaration};
use crate::statement::{Read, Reader};

/// Keys whose values are words of Baton's and never references.
const LITERAL_KEYS: &[&str] = &[
    "milestone",
    "table",
    "trouble",
    "cleared",
    "retracted",
    "role",
    "strength",
    "exception",
    "removed",
];
/// Keys whose list of references is joined; elsewhere the first that is there counts.
const JOINED_KEYS: &[&str] = &["place", "text", "note"];
const EXPECTED: &str =
    "a reference such as PO102, REF[BM]02 or ^HL:O/PRF01, or =text for the text itself";

/// How a set is read.
#[derive(Debug, Clone, Default)]
pub(crate) struct SetTable {
    rows: Vec<Row>,
}

#[derive(Debug, Clone)]
struct Row {
    at: Vec<Step>,
    when: Vec<(Reference, OneOf)>,
    say: Template,
}

/// A statement to be filled in.
#[derive(Debug, Clone)]
enum Template {
    Literal(Val),
    Reference(Reference),
    First(Vec<Template>),
    Joined(Vec<Template>),
    List(Vec<Template>),
    Object(Vec<(Val, Template)>),
}

/// Path within the set's declaration, what was found, what was expected.
type TableFault = (String, String, String);

fn text(text: &str) -> Val {
    Val::utf8_str(Bytes::copy_from_slice(text.as_bytes()))
}

impl SetTable {
    /// Reads a declaration; what is wrong is left out of the table and told.
    pub(crate) fn compile(set: &SetDeclaration) -> (Self, Vec<TableFault>) {
        let mut faults = Vec::new();
        let rows = set.rows.iter().enumerate();
        let rows = rows.filter_map(|(n, row)| Row::compile(row, &format!("rows/{n}"), &mut faults));
        (Self { rows: rows.collect() }, faults)
    }

    pub(crate) fn read(&self, root: &LoopNode<'_>, reader: &Reader<'_>, into: &mut Read) {
        let mut loops = vec![root];
        self.visit(&mut loops, reader, into);
    }

    // Depth is bounded by the reader of the tree.
    fn visit(&self, loops: &mut Vec<&LoopNode<'_>>, reader: &Reader<'_>, into: &mut Read) {
        let Some(node) = loops.last().copied() else { return };
        for row in &self.rows {
            row.read_here(loops, node, reader, into);
        }
        for inner in &node.loops {
            loops.push(inner);
            self.visit(loops, reader, into);
            loops.pop();
        }
    }
}

impl Row {
    fn compile(row: &RowDeclaration, path: &str, faults: &mut Vec<TableFault>) -> Option<Self> {
        let before = faults.len();
        let at: Option<Vec<Step>> = match row.at.as_str() {
            "header" => Some(vec![]),
            path => path
                .split('/')
                .map(|step| Step::parse(step).filter(|s| !s.id().is_empty()))
                .collect(),
        };
        if at.is_none() {
            let expected = "header, or loops and segments such as PO1, PO1/ACK or HL:I".to_owned();
            faults.push((format!("{path}/at"), row.at.clone(), expected));
        }
        let mut when = Vec::new();
        for (key, values) in &row.when {
            match Reference::parse(key) {
                Some(reference) => when.push((reference, values.clone())),
                None => faults.push((format!("{path}/when"), key.clone(), EXPECTED.to_owned())),
            }
        }
        let say = Template::compile(&row.say, "", &format!("{path}/say"), faults);
        if !row.say.is_object() {
            faults.push((format!("{path}/say"), row.say.to_string(), "a statement".to_owned()));
        }
        if let Some(fields) = row.say.as_object() {
            for key in fields.keys().filter(|k| !crate::statement::keys().any(|known| known == *k))
            {
                let near = crate::finding::nearest(key, crate::statement::keys());
                let hint = near.map_or_else(String::new, |n| format!(" such as `{n}`"));
                faults.push((
                    format!("{path}/say/{key}"),
                    key.clone(),
                    format!("a key that statements have{hint}"),
                ));
            }
        }
        let at = at?;
        (faults.len() == before).then_some(Self { at, when, say })
    }

    fn read_here(
        &self,
        loops: &[&LoopNode<'_>],
        node: &LoopNode<'_>,
        reader: &Reader<'_>,
        into: &mut Read,
    ) {
        if self.at.is_empty() {
            if loops.len() == 1 {
                self.say(&Spot { loops, segment: None }, reader, into);
            }
            return;
        }
        if is_at(&self.at, loops) {
            self.say(&Spot { loops, segment: None }, reader, into);
            return;
        }
        // The last step may name a segment within the loop; one that begins a loop was met above.
        let Some((last, about)) = self.at.split_last() else { return };
        if about.is_empty() || is_at(about, loops) {
            let begins = node.segments.first().map(Segment::number).filter(|_| loops.len() > 1);
            for segment in node.all(last.id()) {
                if Some(segment.number()) != begins {
                    self.say(&Spot { loops, segment: Some(segment) }, reader, into);
                }
            }
        }
    }

    fn say(&self, spot: &Spot<'_, '_>, reader: &Reader<'_>, into: &mut Read) {
        let holds = |(reference, wanted): &(Reference, OneOf)| {
            is_one_of(reference.value(spot).as_deref(), wanted)
        };
        if !self.when.iter().all(holds) {
            return;
        }
        let place = spot.evidence().map_or(Place::None, |segment| Place::Segment {
            number: u32::try_from(segment.number()).unwrap_or(u32::MAX),
            offset: segment.offset() as u64,
            length: u32::try_from(segment.bytes().len()).unwrap_or(u32::MAX),
        });
        reader.read(&self.say.fill(spot), &place, into);
    }
}

/// Whether the innermost loops are those of the path.
fn is_at(path: &[Step], loops: &[&LoopNode<'_>]) -> bool {
    let Some(from) = loops.len().checked_sub(path.len()) else { return false };
    loops.iter().skip(from).zip(path).all(|(node, step)| step.is(node))
}

fn is_one_of(found: Option<&str>, wanted: &OneOf) -> bool {
    let found = found.map(str::trim);
    let (mut excluded, mut included) = (false, None);
    for value in wanted.values() {
        match (value.strip_prefix('!'), value.as_str()) {
            (Some(other), _) => excluded |= found == Some(other),
            (None, "*") => included = Some(included == Some(true) || found.is_some()),
            (None, "") => included = Some(included == Some(true) || found.is_none()),
            (None, value) => included = Some(included == Some(true) || found == Some(value)),
        }
    }
    !excluded && included.unwrap_or(true)
}

impl Template {
    fn compile(value: &Value, key: &str, path: &str, faults: &mut Vec<TableFault>) -> Self {
        match value {
            Value::Object(fields) => Self::Object(
                fields
                    .iter()
                    .map(|(key, value)| {
                        let path = format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"));
                        (text(key), Self::compile(value, key, &path, faults))
                    })
                    .collect(),
            ),
            Value::Array(items) if is_kind(key) => Self::identifier(items, path, faults),
            Value::Array(items) => {
                let items = items.iter().enumerate();
                let each = items
                    .map(|(n, item)| Self::compile(item, key, &format!("{path}/{n}"), faults))
                    .collect();
                if JOINED_KEYS.contains(&key) { Self::Joined(each) } else { Self::First(each) }
            }
            Value::String(word) if LITERAL_KEYS.contains(&key) => Self::Literal(text(word)),
            Value::String(word) => Self::leaf(word, path, faults),
            Value::Bool(flag) => Self::Literal(Val::Bool(*flag)),
            Value::Null => Self::Literal(Val::Null),
            Value::Number(number) => Self::Literal(text(&number.to_string())),
        }
    }

    fn leaf(word: &str, path: &str, faults: &mut Vec<TableFault>) -> Self {
        if let Some(literal) = word.strip_prefix('=') {
            return Self::Literal(text(literal));
        }
        match Reference::parse(word) {
            Some(reference) => Self::Reference(reference),
            None => {
                faults.push((path.to_owned(), word.to_owned(), EXPECTED.to_owned()));
                Self::Literal(Val::Null)
            }
        }
    }

    /// `[scheme, reference]` or `[scheme, reference, issuer]`; the issuer may be a reference too.
    fn identifier(items: &[Value], path: &str, faults: &mut Vec<TableFault>) -> Self {
        let mut each = Vec::new();
        for (n, item) in items.iter().enumerate() {
            let path = format!("{path}/{n}");
            each.push(match (n, item) {
                (0, Value::String(scheme)) => Self::Literal(text(scheme)),
                (2, Value::String(issuer)) => Reference::parse(issuer)
                    .map_or_else(|| Self::Literal(text(issuer)), Self::Reference),
                (1, item @ (Value::String(_) | Value::Array(_))) => {
                    Self::compile(item, "number", &path, faults)
                }
                (_, item) => {
                    let expected = "[scheme, reference] or [scheme, reference, issuer]";
                    faults.push((path, item.to_string(), expected.to_owned()));
                    Self::Literal(Val::Null)
                }
            });
        }
        Self::List(each)
    }

    fn fill(&self, spot: &Spot<'_, '_>) -> Val {
        match self {
            Self::Literal(value) => value.clone(),
            Self::Reference(reference) => {
                reference.value(spot).map_or(Val::Null, |v| text(v.trim()))
            }
            Self::First(each) => {
                let filled = each.iter().map(|one| one.fill(spot));
                filled.into_iter().find(|v| *v != Val::Null).unwrap_or_default()
            }
            Self::Joined(each) => {
                let filled = each.iter().map(|one| one.fill(spot));
                let texts: Vec<String> = filled
                    .filter_map(|v| crate::statement::text_of(&v).map(str::to_owned))
                    .collect();
                if texts.is_empty() { Val::Null } else { text(&texts.join(", ")) }
            }
            Self::List(each) => each.iter().map(|one| one.fill(spot)).collect(),
            Self::Object(fields) => {
                Val::obj(fields.iter().map(|(key, one)| (key.clone(), one.fill(spot))).collect())
            }
        }
    }
}

fn is_kind(key: &str) -> bool {
    baton_core::identifier::ObjectKind::ALL.iter().any(|kind| kind.name() == key)
}
