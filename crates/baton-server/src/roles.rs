//! What a node does where several share a database. A node that does everything is the usual case.
//!
//! The roles split the way of the data where it rests in rows anyway: messages that wait, timers, the
//! outbox. What a message touches is derived in the transaction that records it, so `interpret` does that
//! too; `derive` is what comes due with time.

use std::str::FromStr;

/// The roles of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Roles {
    /// Takes messages over HTTP.
    pub intake: bool,
    /// Reads messages that wait, records them, and derives what they touch.
    pub interpret: bool,
    /// Derives what has come due.
    pub derive: bool,
    /// Delivers webhooks.
    pub dispatch: bool,
}

impl Default for Roles {
    fn default() -> Self {
        Self { intake: true, interpret: true, derive: true, dispatch: true }
    }
}

impl FromStr for Roles {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let mut roles = Self { intake: false, interpret: false, derive: false, dispatch: false };
        for name in text.split(',').map(str::trim) {
            let role = match name {
                "intake" => &mut roles.intake,
                "interpret" => &mut roles.interpret,
                "derive" => &mut roles.derive,
                "dispatch" => &mut roles.dispatch,
                _ => {
                    return Err(format!(
                        "`{name}` is no role of a node: expected some of intake, interpret, derive, dispatch, with commas between"
                    ));
                }
            };
            *role = true;
        }
        Ok(roles)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_named_with_commas_between() {
        let only = Roles { intake: false, interpret: false, derive: false, dispatch: false };
        for (text, roles) in [
            ("intake,interpret,derive,dispatch", Some(Roles::default())),
            ("dispatch", Some(Roles { dispatch: true, ..only })),
            ("intake, derive", Some(Roles { intake: true, derive: true, ..only })),
            ("", None),
            ("intake,deliver", None),
        ] {
            assert_eq!(text.parse::<Roles>().ok(), roles, "{text}");
        }
    }
}
