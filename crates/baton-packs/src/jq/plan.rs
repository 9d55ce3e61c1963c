//! Programs as most mappings are, run without an iterator for every step.
//!
//! jaq gives each filter a boxed iterator, which a mapping of thirty filters pays for with most of its
//! time. A [`Plan`] is the same program as a tree of [`Node`]s that hand their outputs on by calls:
//! definitions are put in where they are used, variables are slots, and what gives exactly one output
//! is a plain function. Values, operators and their errors are jaq's own.
//!
//! INVARIANT: a plan gives what jaq gives, outputs, errors and steps alike; a test holds them side by
//! side. What a plan cannot say (updates, labels, recursion, most native filters) is a
//! [`Node::Handed`], which jaq runs, and a program that is nothing else stays whole with jaq.

mod evaluate;
mod handed;
mod inline;
mod names;
mod paths;

use jaq_core::ops::{Cmp, Math};
use jaq_json::Val;

pub(super) use self::evaluate::Stop;
use self::handed::Handed;
pub(super) use self::inline::plan;

/// A program as a tree, with room for its variables.
#[derive(Debug)]
pub(super) struct Plan {
    root: Node,
    slots: usize,
}

/// How many outputs a node gives for one input; an error is an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outputs {
    One,
    /// At least one.
    Some,
    Any,
}

/// A filter.
#[derive(Debug)]
struct Node {
    does: Does,
    outputs: Outputs,
    /// Calls within calls that running it takes at the most, about.
    depth: usize,
}

/// What a filter does.
#[derive(Debug)]
enum Does {
    Input,
    Literal(Val),
    Variable(usize),
    Empty,
    /// Counts a step.
    Tick,
    /// Fails with its input.
    Raise,
    /// Key and value of each member, as lists of two.
    Pairs,
    /// The items' outputs, one after the other.
    List(Vec<Node>),
    /// Keys and values, each of one output.
    Object(Vec<(Node, Node)>),
    /// Texts of one output each, joined.
    Text(Vec<Node>),
    ToText(Box<Node>),
    Negative(Box<Node>),
    Math(Box<(Node, Node)>, Math),
    /// Multiplies within bounds.
    Times(Box<(Node, Node)>),
    Compare(Box<(Node, Node)>, Cmp),
    /// `and`, `or`: ends at the first operand that is as truthy as this.
    Logic(Box<(Node, Node)>, bool),
    /// `join`, and what is to be done with an input that is no list.
    Join(Box<(Node, Node)>),
    Pipe(Box<(Node, Node)>),
    Bind(Box<(Node, Target, Node)>),
    Comma(Box<(Node, Node)>),
    Alternative(Box<(Node, Node)>),
    If(Box<(Node, Node, Node)>),
    Path(Box<Node>, Vec<Part>),
    /// The second is run on what the first fails with.
    Try(Box<(Node, Node)>),
    /// Each output of `over` is bound, and `update` makes of the value before the value after.
    Reduce(Box<Reduce>),
    First(Box<Node>),
    Handed(Box<Handed>),
}

#[derive(Debug)]
struct Reduce {
    over: Node,
    target: Target,
    from: Node,
    update: Node,
}

/// What a value is bound to.
#[derive(Debug)]
enum Target {
    Slot(usize),
    /// The members at these places.
    Members(Vec<(Val, Target)>),
}

#[derive(Debug)]
struct Part {
    step: Step,
    /// Fails where there is nothing to step into; else it gives nothing.
    essential: bool,
}

#[derive(Debug)]
enum Step {
    Member(Node),
    All,
    Slice(Option<Node>, Option<Node>),
}

impl From<Does> for Node {
    fn from(does: Does) -> Self {
        let (outputs, depth) = (does.outputs(), 1 + does.depth_within());
        Self { does, outputs, depth }
    }
}

impl Node {
    fn is_single(&self) -> bool {
        self.outputs == Outputs::One
    }

    /// Whether it can neither fail nor be left out.
    fn is_given(&self) -> bool {
        matches!(self.does, Does::Input | Does::Literal(_) | Does::Variable(_))
    }
}

impl Does {
    fn outputs(&self) -> Outputs {
        use Outputs::{Any, One, Some};
        match self {
            Self::Input
            | Self::Literal(_)
            | Self::Variable(_)
            | Self::Tick
            | Self::Raise
            | Self::Pairs
            | Self::List(_)
            | Self::Object(_)
            | Self::Text(_)
            | Self::Join(_)
            | Self::Reduce(_) => One,
            Self::ToText(of) | Self::Negative(of) => of.outputs,
            Self::Math(both, _) | Self::Compare(both, _) | Self::Times(both) | Self::Pipe(both) => {
                both.0.outputs.times(both.1.outputs)
            }
            // The right one may be left out where the left one decides.
            Self::Logic(both, _) => both.0.outputs.times(One.or(both.1.outputs)),
            Self::Bind(bind) => bind.0.outputs.times(bind.2.outputs),
            Self::Comma(both) => match (both.0.outputs, both.1.outputs) {
                (Any, Any) => Any,
                _ => Some,
            },
            Self::Alternative(both) | Self::Try(both) => both.0.outputs.or(both.1.outputs),
            Self::If(parts) => parts.0.outputs.times(parts.1.outputs.or(parts.2.outputs)),
            Self::Path(base, parts) => {
                let single = |part: &Part| part.essential && !matches!(part.step, Step::All);
                if parts.iter().all(single) { base.outputs } else { Any }
            }
            Self::First(of) if of.outputs != Any => One,
            Self::Handed(handed) if handed.is_single() => One,
            Self::Empty | Self::First(_) | Self::Handed(_) => Any,
        }
    }

    fn depth_within(&self) -> usize {
        // What goes on with several outputs of another runs within its call.
        let after = |first: &Node, next: usize| {
            if first.is_single() { first.depth.max(next) } else { first.depth + next }
        };
        let deepest = |nodes: &mut dyn Iterator<Item = &Node>| {
            nodes.map(|node| node.depth).max().unwrap_or(0)
        };
        match self {
            Self::List(items) | Self::Text(items) => deepest(&mut items.iter()),
            Self::Object(members) => deepest(&mut members.iter().flat_map(|(k, v)| [k, v])),
            Self::ToText(of) | Self::Negative(of) | Self::First(of) => of.depth,
            Self::Math(both, _) | Self::Compare(both, _) | Self::Logic(both, _) => {
                after(&both.0, both.1.depth)
            }
            Self::Times(both) | Self::Pipe(both) => after(&both.0, both.1.depth),
            Self::Bind(bind) => after(&bind.0, bind.2.depth),
            Self::Join(both) | Self::Comma(both) | Self::Alternative(both) | Self::Try(both) => {
                both.0.depth.max(both.1.depth)
            }
            Self::If(parts) => after(&parts.0, parts.1.depth.max(parts.2.depth)),
            Self::Path(base, parts) => {
                let places = parts.iter().map(|part| match &part.step {
                    Step::Member(place) => place.depth,
                    Step::All => 0,
                    Step::Slice(from, until) => deepest(&mut from.iter().chain(until)),
                });
                base.depth.max(places.max().unwrap_or(0)) + parts.len()
            }
            Self::Reduce(reduce) => after(&reduce.over, reduce.update.depth).max(reduce.from.depth),
            _ => 0,
        }
    }
}

impl Outputs {
    /// Of one filter on the outputs of another.
    fn times(self, other: Self) -> Self {
        match (self, other) {
            (Self::One, other) | (other, Self::One) => other,
            (Self::Some, Self::Some) => Self::Some,
            _ => Self::Any,
        }
    }
    /// Of one filter or another.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::One, Self::One) => Self::One,
            (Self::Any, _) | (_, Self::Any) => Self::Any,
            _ => Self::Some,
        }
    }
}

#[cfg(test)]
mod tests;
