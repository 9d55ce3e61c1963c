//! A broken rule, in the words of the person who has to mend it: where, what, and what to do.

use std::fmt;

use crate::Outcome;

/// One broken rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fault {
    /// Path relative to the repository, with `:line` where there is one; or a package's name.
    pub(crate) place: String,
    pub(crate) wrong: String,
    pub(crate) remedy: String,
}

impl Fault {
    pub(crate) fn new(
        place: impl Into<String>,
        wrong: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self { place: place.into(), wrong: wrong.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}\n    to do: {}", self.place, self.wrong, self.remedy)
    }
}

/// Prints every fault, not only the first, and one closing line either way.
pub(crate) fn report(check: &str, faults: &[Fault]) -> Outcome {
    for fault in faults {
        eprintln!("{fault}");
    }
    match faults.len() {
        0 => println!("{check}: ok"),
        1 => eprintln!("error: {check}: 1 fault"),
        n => eprintln!("error: {check}: {n} faults"),
    }
    Outcome::of(faults.is_empty())
}
