//! YAML as a tree of nodes that know where they stand, and typed values read from it.
//!
//! The tree keeps scalars as they were written, so that a code such as `01` or `NO` stays text where
//! text is wanted. Reading a type tells every fault of the node, not only the first: what is wrong is
//! set aside and the rest is read again.

mod read;

use serde_saphyr::granit_parser::{Event, Parser, ScalarStyle, Span};

pub(crate) use self::read::read;
use crate::finding::Position;

/// Deepest nesting of a YAML file.
pub(crate) const YAML_DEPTH_MAX: usize = 40;
/// Most nodes of a YAML file.
pub(crate) const YAML_NODES_MAX: usize = 200_000;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) at: Position,
    pub(crate) value: Value,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Scalar {
        text: String,
        /// Not quoted: it may be a number, a truth value or nothing.
        plain: bool,
        /// A block scalar: its lines are indented by so many blanks.
        block: Option<usize>,
    },
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
}

impl Node {
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar { text, plain: true, .. } if matches!(text.as_str(), "" | "~" | "null"))
    }

    pub(crate) fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    pub(crate) fn entries(&self) -> &[(Node, Node)] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|(k, _)| k.text() == Some(key)).map(|(_, v)| v)
    }

    /// The node at a path of keys and indices; where it ends early, the last node on the way.
    pub(crate) fn find(&self, path: &str) -> &Node {
        let mut node = self;
        for part in path.split('/').filter(|part| !part.is_empty()) {
            let key = part.replace("~1", "/").replace("~0", "~");
            let inner = match &node.value {
                Value::List(items) => key.parse().ok().and_then(|n: usize| items.get(n)),
                _ => node.get(&key),
            };
            match inner {
                Some(inner) => node = inner,
                None => break,
            }
        }
        node
    }

    /// Where line and column (from 1) of this node's text stand in the file.
    pub(crate) fn within(&self, line: usize, column: usize) -> Position {
        match &self.value {
            Value::Scalar { block: Some(indent), .. } => {
                Position { line: self.at.line + line - 1, column: indent + column }
            }
            Value::Scalar { plain, .. } if line == 1 => {
                let quote = usize::from(!plain);
                Position { line: self.at.line, column: self.at.column + column - 1 + quote }
            }
            _ => self.at,
        }
    }
}

/// A fault of the syntax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SyntaxFault {
    pub(crate) at: Position,
    pub(crate) found: String,
    pub(crate) expected: String,
}

/// Reads the one document of a file.
///
/// Anchors and aliases are refused: a pack is read by people who do not know them, and they can make
/// a small file large.
pub(crate) fn parse(text: &str) -> Result<Node, SyntaxFault> {
    let mut builder = Builder { text, stack: Vec::new(), root: None, nodes: 0 };
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|fault| {
            let marker = fault.marker();
            let at = Position { line: marker.line(), column: marker.col() + 1 };
            SyntaxFault { at, found: fault.info().to_owned(), expected: "well-formed YAML".into() }
        })?;
        builder.take(event, span)?;
    }
    builder.root.ok_or_else(|| {
        let at = Position { line: 1, column: 1 };
        SyntaxFault { at, found: "nothing".into(), expected: "a YAML document".into() }
    })
}

struct Open {
    node: Node,
    /// A key that awaits its value.
    key: Option<Node>,
}

struct Builder<'t> {
    text: &'t str,
    stack: Vec<Open>,
    root: Option<Node>,
    nodes: usize,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), SyntaxFault> {
        let at = Position { line: span.start.line(), column: span.start.col() + 1 };
        let refuse = |found: &str, expected: &str| {
            Err(SyntaxFault { at, found: found.to_owned(), expected: expected.to_owned() })
        };
        match event {
            Event::Scalar(text, style, ..) => {
                let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                let block = block.then(|| self.indent_from(at.line));
                let plain = matches!(style, ScalarStyle::Plain);
                let value = Value::Scalar { text: text.into_owned(), plain, block };
                self.nodes += 1;
                self.put(Node { at, value })
            }
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                self.nodes += 1;
                let list = matches!(event, Event::SequenceStart(..));
                let value = if list { Value::List(Vec::new()) } else { Value::Map(Vec::new()) };
                self.stack.push(Open { node: Node { at, value }, key: None });
                if self.stack.len() > YAML_DEPTH_MAX {
                    return refuse("deep nesting", &format!("at most {YAML_DEPTH_MAX} levels"));
                }
                if self.nodes > YAML_NODES_MAX {
                    return refuse("a huge file", &format!("at most {YAML_NODES_MAX} values"));
                }
                Ok(())
            }
            Event::SequenceEnd | Event::MappingEnd => match self.stack.pop() {
                Some(open) => self.put(open.node),
                None => Ok(()),
            },
            Event::Alias(..) | Event::UnresolvedAlias(..) => {
                refuse("an alias (`*name`)", "the value itself")
            }
            Event::DocumentStart(..) if self.root.is_some() => {
                refuse("a second document", "one YAML document a file")
            }
            _ => Ok(()),
        }
    }

    /// How far the first line with text from `line` on is indented.
    fn indent_from(&self, line: usize) -> usize {
        let filled = |l: &&str| !l.trim().is_empty();
        let first = self.text.lines().skip(line.saturating_sub(1)).find(filled);
        first.map_or(0, |l| l.len() - l.trim_start_matches(' ').len())
    }

    fn put(&mut self, node: Node) -> Result<(), SyntaxFault> {
        let Some(open) = self.stack.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match &mut open.node.value {
            Value::List(items) => items.push(node),
            Value::Map(entries) => match open.key.take() {
                Some(key) => entries.push((key, node)),
                None if node.text().is_none() => {
                    let expected = "a name as key".to_owned();
                    return Err(SyntaxFault {
                        at: node.at,
                        found: "a nested key".into(),
                        expected,
                    });
                }
                None if entries.iter().any(|(k, _)| k.text() == node.text()) => {
                    let found = node.text().unwrap_or_default().to_owned();
                    let expected = "each key once".to_owned();
                    return Err(SyntaxFault { at: node.at, found, expected });
                }
                None => open.key = Some(node),
            },
            Value::Scalar { .. } => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_know_where_they_stand() {
        let node =
            parse("a: 1\nb:\n  - x\n  - code: 01\n    jq: |\n      .a\n      | .b\n").unwrap();
        let second = node.find("/b/1/code");
        assert_eq!((second.at, second.text()), (Position { line: 4, column: 11 }, Some("01")));
        let jq = node.find("/b/1/jq");
        assert_eq!(jq.within(2, 3), Position { line: 7, column: 9 });
    }

    #[test]
    fn what_is_no_tree_is_told() {
        for (text, found) in [
            ("a: &x 1\nb: *x", "an alias"),
            ("a: 1\na: 2", "a"),
            ("---\na: 1\n---\nb: 2", "a second"),
            ("a: [1", ""),
            ("", "nothing"),
        ] {
            let fault = parse(text).unwrap_err();
            assert!(fault.found.contains(found), "{text}: {fault:?}");
        }
        assert!(parse(&"[".repeat(1000)).is_err());
    }
}
