//! What names mean at a place of a program: variables, definitions, and filters given as arguments.

use std::rc::Rc;

use jaq_core::load::parse::{Def, Term};

/// What a name stands for at a place of the program.
pub(super) enum Name<'t, 's> {
    Variable(&'s str, usize),
    Definition(&'t Def<&'s str>),
    /// A filter that was given as an argument, with the names at the place of the call.
    Argument(&'s str, &'t Term<&'s str>, Names<'t, 's>),
}

/// The names at a place, innermost first.
pub(super) struct Link<'t, 's> {
    pub(super) name: Name<'t, 's>,
    pub(super) outer: Names<'t, 's>,
}

#[derive(Clone)]
pub(super) struct Names<'t, 's> {
    innermost: Option<Rc<Link<'t, 's>>>,
    /// How many definitions of the prelude are seen.
    pub(super) prelude: usize,
}

impl<'t, 's> Names<'t, 's> {
    /// None but these first definitions of the prelude.
    pub(super) fn of_prelude(prelude: usize) -> Self {
        Self { innermost: None, prelude }
    }

    pub(super) fn with(&self, name: Name<'t, 's>) -> Self {
        let link = Link { name, outer: self.clone() };
        Self { innermost: Some(Rc::new(link)), prelude: self.prelude }
    }

    pub(super) fn links(&self) -> impl Iterator<Item = &Link<'t, 's>> {
        std::iter::successors(self.innermost.as_deref(), |link| link.outer.innermost.as_deref())
    }

    pub(super) fn variable(&self, name: &str) -> Option<usize> {
        self.links().find_map(|link| match &link.name {
            Name::Variable(known, slot) if *known == name => Some(*slot),
            _ => None,
        })
    }

    /// Whether a filter's name stands for something of the program's own.
    pub(super) fn has_filter(&self, name: &str, arity: usize) -> bool {
        self.links().any(|link| match &link.name {
            Name::Variable(..) => false,
            Name::Definition(def) => def.name == name && def.args.len() == arity,
            Name::Argument(known, ..) => *known == name && arity == 0,
        })
    }
}
