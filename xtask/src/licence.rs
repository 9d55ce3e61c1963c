//! Reads the SPDX licence expression of a package and judges it against what Baton may ship.
//!
//! `OR` is the author's offer, so one acceptable branch is enough; `AND` is a duty, so every part
//! must be acceptable; `WITH` adds a named permission to a licence. `AND` binds tighter than `OR`.
//! Old packages write `MIT/Apache-2.0`, which means `OR`.

/// Licences that allow shipping in an Apache-2.0 product with no more than a notice. MPL-2.0 is
/// file-level copyleft: unchanged use as a dependency is fine.
const ALLOWED: [&str; 13] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Zlib",
];

/// Permissions that may follow `WITH`; they only take duties away.
const ALLOWED_EXCEPTIONS: [&str; 1] = ["LLVM-exception"];

/// Deepest nesting of brackets that is read; real expressions have one or two.
const DEPTH_MAX: usize = 16;

/// Whether Baton may ship a package with this licence expression.
///
/// # Errors
/// What is wrong with the expression, if it is not one.
pub(crate) fn is_allowed(expression: &str) -> Result<bool, String> {
    let tokens = tokens(expression);
    let mut reader = Reader { tokens: &tokens, depth: 0 };
    let verdict = reader.any()?;
    match reader.tokens.first() {
        None => Ok(verdict),
        Some(rest) => Err(format!("unexpected `{rest}` in `{expression}`")),
    }
}

fn tokens(expression: &str) -> Vec<String> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    spaced.split_whitespace().map(str::to_owned).collect()
}

struct Reader<'a> {
    tokens: &'a [String],
    depth: usize,
}

impl Reader<'_> {
    fn take(&mut self, wanted: &str) -> bool {
        let found = self.tokens.first().is_some_and(|token| token == wanted);
        if found {
            self.tokens = self.tokens.get(1..).unwrap_or_default();
        }
        found
    }

    /// `a OR b OR …`; every branch is read, so that a fault in a later one is still seen.
    fn any(&mut self) -> Result<bool, String> {
        let mut verdict = self.all()?;
        while self.take("OR") {
            verdict |= self.all()?;
        }
        Ok(verdict)
    }

    fn all(&mut self) -> Result<bool, String> {
        let mut verdict = self.one()?;
        while self.take("AND") {
            verdict &= self.one()?;
        }
        Ok(verdict)
    }

    fn one(&mut self) -> Result<bool, String> {
        if self.take("(") {
            self.depth += 1;
            if self.depth > DEPTH_MAX {
                return Err(format!("more than {DEPTH_MAX} nested brackets"));
            }
            let verdict = self.any()?;
            self.depth -= 1;
            return if self.take(")") {
                Ok(verdict)
            } else {
                Err("a bracket is not closed".into())
            };
        }
        let licence = self.name()?;
        let allowed = ALLOWED.contains(&licence.as_str());
        if self.take("WITH") {
            let exception = self.name()?;
            return Ok(allowed && ALLOWED_EXCEPTIONS.contains(&exception.as_str()));
        }
        Ok(allowed)
    }

    fn name(&mut self) -> Result<String, String> {
        match self.tokens.split_first() {
            Some((name, rest)) if !["OR", "AND", "WITH", "(", ")"].contains(&name.as_str()) => {
                self.tokens = rest;
                Ok(name.clone())
            }
            Some((found, _)) => Err(format!("expected a licence, found `{found}`")),
            None => Err("expected a licence, found the end".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_allowed;

    #[test]
    fn expressions_are_judged() {
        for (expression, allowed) in [
            ("MIT", true),
            ("GPL-3.0-only", false),
            ("MIT OR Apache-2.0", true),
            ("MIT/Apache-2.0", true),
            ("GPL-2.0-only OR Apache-2.0", true),
            ("Apache-2.0 OR GPL-2.0-only", true),
            ("MIT AND GPL-2.0-only", false),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
            ("(MIT OR Apache-2.0) AND LGPL-2.1-or-later", false),
            // AND binds tighter: GPL AND MIT is refused, ISC is offered beside it.
            ("GPL-2.0-only AND MIT OR ISC", true),
            ("ISC OR GPL-2.0-only AND MIT", true),
            ("GPL-2.0-only AND (MIT OR ISC)", false),
            ("Apache-2.0 WITH LLVM-exception", true),
            ("Apache-2.0 WITH Unheard-exception", false),
            ("GPL-2.0-only WITH LLVM-exception", false),
            ("Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT", true),
            ("MPL-2.0", true),
            ("mit", false),
        ] {
            assert_eq!(is_allowed(expression), Ok(allowed), "{expression}");
        }
    }

    #[test]
    fn nonsense_is_refused_with_its_reason() {
        let deep = format!("{}MIT{}", "(".repeat(17), ")".repeat(17));
        for (expression, reason) in [
            ("", "expected a licence, found the end"),
            ("MIT OR", "expected a licence, found the end"),
            ("OR MIT", "expected a licence, found `OR`"),
            ("(MIT", "a bracket is not closed"),
            ("MIT)", "unexpected `)` in `MIT)`"),
            ("MIT ISC", "unexpected `ISC` in `MIT ISC`"),
            ("MIT WITH", "expected a licence, found the end"),
            (deep.as_str(), "more than 16 nested brackets"),
        ] {
            assert_eq!(is_allowed(expression), Err(reason.to_owned()), "{expression}");
        }
    }
}
