//! What a plan hands to jaq: a filter of its own, whose global variables are the plan's slots.

use std::fmt;

use jaq_core::{Ctx, Filter, Vars, unwrap_valr};
use jaq_json::Val;

use super::super::guard::{Guard, Reading};
use super::evaluate::{Flow, Frame, Stop, Take};

pub(in super::super) struct Handed {
    filter: Filter<Reading>,
    /// The slots of its variables, in the order in which it was compiled with them.
    slots: Vec<usize>,
    single: bool,
}

impl fmt::Debug for Handed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handed").field("slots", &self.slots).finish_non_exhaustive()
    }
}

impl Handed {
    pub(super) fn new(filter: Filter<Reading>, slots: Vec<usize>, single: bool) -> Self {
        Self { filter, slots, single }
    }

    /// Whether it is known to give exactly one output.
    pub(super) fn is_single(&self) -> bool {
        self.single
    }

    pub(super) fn each<'r>(&self, frame: &mut Frame<'r>, input: &Val, take: Take<'_, 'r>) -> Flow {
        let values: Vec<Val> =
            self.slots.iter().filter_map(|slot| frame.slots.get(*slot).cloned()).collect();
        let guard = Guard { lut: &self.filter.lut, bounds: frame.bounds };
        let ctx = Ctx::<Reading>::new(&guard, Vars::new(values));
        for output in self.filter.id.run((ctx, input.clone())).map(unwrap_valr) {
            take(frame, output.map_err(Stop::Failed)?)?;
        }
        Ok(())
    }
}
