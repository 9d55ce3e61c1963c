//! Running a plan: outputs are handed on by calls, and what gives one output is a function.

use jaq_core::ops::Math;
use jaq_core::{Error, ValT as _};
use jaq_json::{Map, Val};

use super::super::guard::{Bounds, multiplied};
use super::{Does, Node, Plan, Reduce, Target};

/// Why a node gives no more.
#[derive(Debug)]
pub(in super::super) enum Stop {
    Failed(Error<Val>),
    /// Whoever took the outputs wants no more.
    Taken,
}

impl From<Error<Val>> for Stop {
    fn from(error: Error<Val>) -> Self {
        Self::Failed(error)
    }
}

pub(super) type Single = Result<Val, Error<Val>>;
pub(super) type Flow = Result<(), Stop>;
/// Takes an output.
pub(super) type Take<'t, 'r> = &'t mut dyn FnMut(&mut Frame<'r>, Val) -> Flow;

/// The variables of a run, and its bounds.
#[derive(Debug)]
pub(super) struct Frame<'r> {
    pub(super) slots: Vec<Val>,
    pub(super) bounds: &'r Bounds,
}

impl Plan {
    /// Runs it; `variables` come first among the slots.
    pub(in super::super) fn run(
        &self,
        input: &Val,
        variables: &[Val],
        bounds: &Bounds,
        mut take: impl FnMut(Val) -> bool,
    ) -> Flow {
        let mut slots = variables.to_vec();
        slots.resize(self.slots, Val::Null);
        let mut frame = Frame { slots, bounds };
        self.root.each(&mut frame, input, &mut |_, value| {
            if take(value) { Ok(()) } else { Err(Stop::Taken) }
        })
    }
}

impl Target {
    fn bind(&self, frame: &mut Frame<'_>, value: Val) -> Result<(), Error<Val>> {
        match self {
            Self::Slot(slot) => {
                if let Some(slot) = frame.slots.get_mut(*slot) {
                    *slot = value;
                }
                Ok(())
            }
            Self::Members(members) => members.iter().try_for_each(|(place, target)| {
                let member = value.clone().index(place)?;
                target.bind(frame, member)
            }),
        }
    }
}

impl Node {
    /// Hands on each output.
    pub(super) fn each<'r>(&self, frame: &mut Frame<'r>, input: &Val, take: Take<'_, 'r>) -> Flow {
        match &self.does {
            Does::Empty => Ok(()),
            Does::Comma(both) => {
                both.0.each(frame, input, take)?;
                both.1.each(frame, input, take)
            }
            Does::Pipe(both) if both.0.is_single() => {
                let value = both.0.one(frame, input)?;
                both.1.each(frame, &value, take)
            }
            Does::Pipe(both) => {
                both.0.each(frame, input, &mut |frame, value| both.1.each(frame, &value, take))
            }
            Does::Bind(bind) => {
                let (source, target, body) = &**bind;
                source.each(frame, input, &mut |frame, value| {
                    target.bind(frame, value)?;
                    body.each(frame, input, take)
                })
            }
            Does::If(parts) => {
                let (condition, then, otherwise) = &**parts;
                condition.each_truth(frame, input, &mut |frame, holds| {
                    if holds { then } else { otherwise }.each(frame, input, take)
                })
            }
            Does::Alternative(both) => {
                let mut found = false;
                both.0.each(frame, input, &mut |frame, value| {
                    if !value.as_bool() {
                        return Ok(());
                    }
                    found = true;
                    take(frame, value)
                })?;
                if found { Ok(()) } else { both.1.each(frame, input, take) }
            }
            Does::Logic(both, stop) => both.0.each_truth(frame, input, &mut |frame, left| {
                if left == *stop {
                    return take(frame, Val::Bool(left));
                }
                both.1.each_truth(frame, input, &mut |frame, right| take(frame, right.into()))
            }),
            Does::Try(both) => self.each_tried(both, frame, input, take),
            Does::First(of) => {
                let mut first = None;
                let all = of.each(frame, input, &mut |frame, value| {
                    first = Some(take(frame, value));
                    Err(Stop::Taken)
                });
                first.unwrap_or(all)
            }
            Does::Path(base, parts) => Self::each_step(base, parts, frame, input, take),
            Does::Math(both, op) if !self.is_single() => {
                both.0.each(frame, input, &mut |frame, left| {
                    both.1.each(frame, input, &mut |frame, right| {
                        take(frame, op.run(left.clone(), right)?)
                    })
                })
            }
            Does::Compare(both, op) if !self.is_single() => {
                both.0.each(frame, input, &mut |frame, left| {
                    both.1.each(frame, input, &mut |frame, right| {
                        take(frame, op.run(&left, &right).into())
                    })
                })
            }
            Does::Times(both) if !self.is_single() => {
                both.0.each(frame, input, &mut |frame, left| {
                    both.1.each(frame, input, &mut |frame, right| {
                        take(frame, multiplied(left.clone(), right)?)
                    })
                })
            }
            Does::ToText(of) if !of.is_single() => {
                of.each(frame, input, &mut |frame, value| take(frame, value.into_string()))
            }
            Does::Negative(of) if !of.is_single() => {
                of.each(frame, input, &mut |frame, value| take(frame, (-value)?))
            }
            Does::Handed(handed) => handed.each(frame, input, take),
            _ => {
                let value = self.one(frame, input)?;
                take(frame, value)
            }
        }
    }

    /// Whether each output is neither null nor false.
    fn each_truth<'r>(
        &self,
        frame: &mut Frame<'r>,
        input: &Val,
        take: &mut dyn FnMut(&mut Frame<'r>, bool) -> Flow,
    ) -> Flow {
        if self.is_single() {
            let truth = self.truth(frame, input)?;
            return take(frame, truth);
        }
        self.each(frame, input, &mut |frame, value| take(frame, value.as_bool()))
    }

    fn truth(&self, frame: &mut Frame<'_>, input: &Val) -> Result<bool, Error<Val>> {
        if let Some(value) = self.peek(frame, input) {
            return Ok(value.as_bool());
        }
        match &self.does {
            Does::Compare(both, op) => {
                let (left, right) = &**both;
                if let Some(right) = right.peek(frame, input)
                    && let Some(left) = left.peek(frame, input)
                {
                    return Ok(op.run(left, right));
                }
                let (left, right) = (left.one(frame, input)?, right.one(frame, input)?);
                Ok(op.run(&left, &right))
            }
            Does::Logic(both, stop) => {
                let left = both.0.truth(frame, input)?;
                if left == *stop { Ok(left) } else { both.1.truth(frame, input) }
            }
            _ => Ok(self.one(frame, input)?.as_bool()),
        }
    }

    fn each_tried<'r>(
        &self,
        both: &(Node, Node),
        frame: &mut Frame<'r>,
        input: &Val,
        take: Take<'_, 'r>,
    ) -> Flow {
        // What fails in taking an output is not what is tried.
        let mut beyond = None;
        let tried = both.0.each(frame, input, &mut |frame, value| {
            take(frame, value).map_err(|stop| {
                beyond = Some(stop);
                Stop::Taken
            })
        });
        match (beyond, tried) {
            (Some(stop), _) => Err(stop),
            (None, Err(Stop::Failed(error))) => both.1.each(frame, &error.into_val(), take),
            (None, flow) => flow,
        }
    }

    /// The one output of a node that gives one.
    pub(super) fn one(&self, frame: &mut Frame<'_>, input: &Val) -> Single {
        match &self.does {
            Does::Input => Ok(input.clone()),
            Does::Literal(value) => Ok(value.clone()),
            Does::Variable(slot) => Ok(frame.slots.get(*slot).cloned().unwrap_or_default()),
            Does::Tick => frame.bounds.step(input).map(|()| input.clone()),
            Does::Raise => Err(Error::new(input.clone())),
            Does::Pairs => {
                let pair = |(key, value)| [key, value].into_iter().collect();
                input.clone().key_values().map(|member| member.map(pair)).collect()
            }
            Does::List(items) => Self::list(items, frame, input),
            Does::Object(members) => {
                let mut object = Map::default();
                Self::fill(&mut object, members, frame, input)?;
                Ok(Val::obj(object))
            }
            Does::Text(parts) => Self::text(parts, frame, input),
            Does::ToText(of) => Ok(of.one(frame, input)?.into_string()),
            Does::Negative(of) => of.one(frame, input).and_then(|value| -value),
            Does::Math(both, op) => Self::calculated(both, *op, frame, input),
            Does::Times(both) => {
                let left = both.0.one(frame, input)?;
                multiplied(left, both.1.one(frame, input)?)
            }
            Does::Compare(..) | Does::Logic(..) => self.truth(frame, input).map(Val::from),
            Does::Join(join) => Self::join(join, frame, input),
            Does::Pipe(both) => {
                if let Does::Tick = both.0.does {
                    frame.bounds.step(input)?;
                    return both.1.one(frame, input);
                }
                let value = both.0.one(frame, input)?;
                both.1.one(frame, &value)
            }
            Does::Bind(bind) => {
                let value = bind.0.one(frame, input)?;
                bind.1.bind(frame, value)?;
                bind.2.one(frame, input)
            }
            Does::Alternative(both) => {
                let value = both.0.one(frame, input)?;
                if value.as_bool() { Ok(value) } else { both.1.one(frame, input) }
            }
            Does::If(parts) => {
                let holds = parts.0.truth(frame, input)?;
                if holds { &parts.1 } else { &parts.2 }.one(frame, input)
            }
            Does::Path(base, parts) => match self.peek(frame, input) {
                Some(value) => Ok(value.clone()),
                None => Self::stepped(base, parts, frame, input),
            },
            Does::Try(both) => match both.0.one(frame, input) {
                Err(error) => both.1.one(frame, &error.into_val()),
                value => value,
            },
            Does::Reduce(reduce) => reduce.one(frame, input),
            Does::Empty | Does::Comma(_) | Does::First(_) | Does::Handed(_) => {
                self.first(frame, input)
            }
        }
    }

    fn first(&self, frame: &mut Frame<'_>, input: &Val) -> Single {
        let mut first = Val::Null;
        let all = self.each(frame, input, &mut |_, value| {
            first = value;
            Err(Stop::Taken)
        });
        match all {
            Err(Stop::Failed(error)) => Err(error),
            _ => Ok(first),
        }
    }

    fn list(items: &[Node], frame: &mut Frame<'_>, input: &Val) -> Single {
        let mut list = Vec::with_capacity(items.len());
        for item in items {
            if item.is_single() {
                list.push(item.one(frame, input)?);
                continue;
            }
            let all = item.each(frame, input, &mut |_, value| {
                list.push(value);
                Ok(())
            });
            if let Err(Stop::Failed(error)) = all {
                return Err(error);
            }
        }
        Ok(Val::Arr(list.into()))
    }

    fn fill(
        object: &mut Map,
        members: &[(Node, Node)],
        frame: &mut Frame<'_>,
        input: &Val,
    ) -> Result<(), Error<Val>> {
        object.reserve(members.len());
        for (key, value) in members {
            let key = key.one(frame, input)?;
            object.insert(key, value.one(frame, input)?);
        }
        Ok(())
    }

    fn text(parts: &[Node], frame: &mut Frame<'_>, input: &Val) -> Single {
        let mut text = Vec::new();
        for part in parts {
            if let Val::TStr(bytes) = part.one(frame, input)?.into_string() {
                text.extend_from_slice(&bytes);
            }
        }
        Ok(Val::utf8_str(text))
    }

    /// Adding members to an object is most of what mappings calculate.
    fn calculated(both: &(Node, Node), op: Math, frame: &mut Frame<'_>, input: &Val) -> Single {
        let (left, right) = both;
        let left = left.one(frame, input)?;
        if let (Val::Obj(object), Does::Object(members), Math::Add) = (&left, &right.does, op) {
            let mut sum = Map::default();
            sum.reserve(object.len() + members.len());
            sum.extend(object.iter().map(|(key, value)| (key.clone(), value.clone())));
            Self::fill(&mut sum, members, frame, input)?;
            return Ok(Val::obj(sum));
        }
        op.run(left, right.one(frame, input)?)
    }

    /// As jq defines it, with the steps that its definition takes.
    fn join((separator, otherwise): &(Node, Node), frame: &mut Frame<'_>, input: &Val) -> Single {
        let Val::Arr(items) = input else { return otherwise.one(frame, input) };
        let separator = separator.one(frame, input)?;
        frame.bounds.step(input)?;
        frame.bounds.step(input)?;
        let mut parts = Vec::with_capacity(items.len());
        for (number, item) in items.iter().enumerate() {
            let text = item.clone().into_string();
            let is_last = number + 1 == items.len();
            parts.push(if is_last { text } else { (text + separator.clone())? });
        }
        parts.into_iter().try_fold(Val::utf8_str(""), |joined, part| {
            frame.bounds.step(&joined)?;
            joined + part
        })
    }
}

impl Reduce {
    fn one(&self, frame: &mut Frame<'_>, input: &Val) -> Single {
        let mut value = self.from.one(frame, input)?;
        let all = self.over.each(frame, input, &mut |frame, item| {
            self.target.bind(frame, item)?;
            value = self.update.one(frame, &value)?;
            Ok(())
        });
        match all {
            Err(Stop::Failed(error)) => Err(error),
            _ => Ok(value),
        }
    }
}
