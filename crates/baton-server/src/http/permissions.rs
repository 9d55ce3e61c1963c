//! The table of who may call what, for the documentation.

use std::fmt::Write as _;

use super::access::KeyRole;
use super::endpoint::Access;
use super::table::endpoints;

/// Every endpoint with the roles that may call it, as Markdown.
#[must_use]
pub fn permissions() -> String {
    let mut text = String::from(
        "# Permissions\n\nEvery operation of the API with the roles that may call it, by a key or signed \
         in; what says `session` is for whoever is signed in. A key sees its own tenant; an operator's key chooses one with `Baton-Tenant`; \
         a partner's key sees the orders in which its partner plays a part, without prices \
         and customers' names; a source's key sends messages of its own source.\n\n",
    );
    // Writing to a string cannot fail.
    let _ = write!(text, "| operation |");
    for role in KeyRole::ALL {
        let _ = write!(text, " {} |", role.name());
    }
    let _ = writeln!(text, "\n| --- |{}", " :-: |".repeat(KeyRole::ALL.len()));
    for endpoint in endpoints() {
        let _ = write!(text, "| `{} {}` |", endpoint.method.name(), endpoint.path);
        for role in KeyRole::ALL {
            let mark = match endpoint.access {
                Access::Open => "open",
                Access::Session => "session",
                Access::Roles(_) if endpoint.allows(role) => "yes",
                Access::Roles(_) => "",
            };
            let _ = write!(text, " {mark} |");
        }
        text.push('\n');
    }
    text
}
