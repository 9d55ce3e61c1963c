//! Steps into values: members, slices, and each item of a list.

use jaq_core::{Error, ValT as _};
use jaq_json::Val;

use super::evaluate::{Flow, Frame, Single, Take};
use super::{Does, Node, Part, Step};

static NULL: Val = Val::Null;

/// A part of a path whose places were looked up.
struct Reached<'p> {
    place: Place<'p>,
    essential: bool,
}

enum Place<'p> {
    Literal(&'p Val),
    Member(Val),
    All,
    Slice(Option<Val>, Option<Val>),
}

impl Node {
    /// A value that is at hand and need not be made: members of members of what is given.
    pub(super) fn peek<'v>(&'v self, frame: &'v Frame<'_>, input: &'v Val) -> Option<&'v Val> {
        match &self.does {
            Does::Input => Some(input),
            Does::Literal(value) => Some(value),
            Does::Variable(slot) => frame.slots.get(*slot),
            Does::Path(base, parts) => {
                let base = base.peek(frame, input)?;
                parts.iter().try_fold(base, |value, part| {
                    let Step::Member(place) = &part.step else { return None };
                    let place = match &place.does {
                        Does::Literal(place) => place,
                        Does::Variable(slot) => frame.slots.get(*slot)?,
                        _ => return None,
                    };
                    match value {
                        Val::Obj(object) => Some(object.get(place).unwrap_or(&NULL)),
                        Val::Null => Some(&NULL),
                        _ => None,
                    }
                })
            }
            _ => None,
        }
    }

    /// The one output of a path whose parts give one each.
    pub(super) fn stepped(
        base: &Node,
        parts: &[Part],
        frame: &mut Frame<'_>,
        input: &Val,
    ) -> Single {
        let value = base.one(frame, input)?;
        let reached = Self::reached(parts, frame, input)?;
        reached.into_iter().try_fold(value, |value, part| part.place.of(value))
    }

    pub(super) fn each_step<'r>(
        base: &Node,
        parts: &[Part],
        frame: &mut Frame<'r>,
        input: &Val,
        take: Take<'_, 'r>,
    ) -> Flow {
        base.each(frame, input, &mut |frame, value| {
            let reached = Self::reached(parts, frame, input)?;
            follow(&reached, value, frame, take)
        })
    }

    /// Places are looked up from the path's own input, all of them before the first step.
    fn reached<'p>(
        parts: &'p [Part],
        frame: &mut Frame<'_>,
        input: &Val,
    ) -> Result<Vec<Reached<'p>>, Error<Val>> {
        let place = |part: &'p Part| {
            let mut one = |node: &Node| node.one(frame, input);
            let place = match &part.step {
                Step::Member(node) => match &node.does {
                    Does::Literal(place) => Place::Literal(place),
                    _ => Place::Member(one(node)?),
                },
                Step::All => Place::All,
                Step::Slice(from, until) => Place::Slice(
                    from.as_ref().map(&mut one).transpose()?,
                    until.as_ref().map(&mut one).transpose()?,
                ),
            };
            Ok(Reached { place, essential: part.essential })
        };
        parts.iter().map(place).collect()
    }
}

impl Place<'_> {
    /// What stands there, for a place that is one.
    fn of(&self, value: Val) -> Single {
        match self {
            Self::Literal(place) => value.index(place),
            Self::Member(place) => value.index(place),
            Self::Slice(from, until) => value.range(from.as_ref()..until.as_ref()),
            Self::All => Ok(value),
        }
    }
}

fn follow<'r>(
    parts: &[Reached<'_>],
    value: Val,
    frame: &mut Frame<'r>,
    take: Take<'_, 'r>,
) -> Flow {
    let Some((part, rest)) = parts.split_first() else { return take(frame, value) };
    let mut go_on = |found: Single, frame: &mut Frame<'r>| match found {
        Ok(found) => follow(rest, found, frame, take),
        Err(error) if part.essential => Err(error.into()),
        Err(_) => Ok(()),
    };
    match (&part.place, value) {
        (Place::All, Val::Arr(items)) => {
            items.iter().try_for_each(|item| go_on(Ok(item.clone()), frame))
        }
        (Place::All, Val::Obj(members)) => {
            members.values().try_for_each(|member| go_on(Ok(member.clone()), frame))
        }
        (Place::All, value) => value.values().try_for_each(|found| go_on(found, frame)),
        (place, value) => go_on(place.of(value), frame),
    }
}
