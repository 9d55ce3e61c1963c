//! The standard's tables as pages of the book, so that they say what the program knows.

use std::fmt::Write as _;

use baton_core::milestone::MILESTONES;
use baton_core::taxonomy::EXCEPTIONS;

const MILESTONES_HEAD: &str = "\
# Milestones

The standard's points of progress. A journey picks from them; a connector states them. Codes and
meanings follow X12, EDIFACT, EPCIS and SCOR usage. *About* is the object that the milestone is a
point of (`leg` and `pkg` are recorded on shipments and packages), *owner* the party that usually
answers for it.

| code | name | about | owner | means |
| --- | --- | --- | --- | --- |
";

const EXCEPTIONS_HEAD: &str = "\
# Exceptions

The standard's taxonomy. A pack's rules raise some of them and its code tables others; which ones a
tenant can see follows from its packs. *Found by* says what shows it: an event that a partner
announces, something missing, a difference, time. Severity is 1 (notice) to 4 (critical) unless a
rule says otherwise. *Clocks* is the effect that the standard gives it; a pack declares which of
these its clocks follow.

| code | name | found by | severity | looked after by | clocks | hurts |
| --- | --- | --- | :-: | --- | --- | --- |
";

pub(super) fn milestones() -> String {
    let mut page = page_of("milestones", MILESTONES_HEAD);
    for row in MILESTONES {
        // Writing to a string cannot fail.
        let _ = writeln!(
            page,
            "| {} | `{}` | {} | {} | {} |",
            row.code, row.name, row.object, row.owner, row.meaning
        );
    }
    page
}

pub(super) fn exceptions() -> String {
    let mut page = page_of("exceptions", EXCEPTIONS_HEAD);
    for row in EXCEPTIONS {
        let _ = writeln!(
            page,
            "| {} | `{}` | {} | {} | {} | {} | {} |",
            row.code, row.name, row.detector, row.severity, row.owner, row.clock_effect, row.scor
        );
    }
    page
}

pub(super) fn permissions() -> String {
    page_of("permissions", &baton_server::http::permissions())
}

fn page_of(command: &str, text: &str) -> String {
    format!(
        "<!-- @{} by `baton reference {command}`; `cargo xtask codegen` writes it -->\n\n{text}",
        "generated"
    )
}
