//! Looking through a parsed program.

use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Pattern, Term};
use jaq_core::path::{Part, Path};

/// Whether something holds of a term or of any within it. Stops at the first.
pub(super) fn any_term<'s>(
    term: &Term<&'s str>,
    holds: &mut dyn FnMut(&Term<&'s str>) -> bool,
) -> bool {
    if holds(term) {
        return true;
    }
    match term {
        Term::Id | Term::Num(_) | Term::Var(_) | Term::Break(_) | Term::Recurse => false,
        Term::Arr(inner) => inner.as_ref().is_some_and(|t| any_term(t, holds)),
        Term::Str(_, parts) => {
            parts.iter().any(|part| matches!(part, StrPart::Term(t) if any_term(t, holds)))
        }
        Term::Obj(entries) => entries.iter().any(|(key, value)| {
            any_term(key, holds) || value.as_ref().is_some_and(|v| any_term(v, holds))
        }),
        Term::Neg(inner) | Term::Label(_, inner) => any_term(inner, holds),
        Term::BinOp(left, op, right) => {
            any_term(left, holds)
                || matches!(op, BinaryOp::Pipe(Some(pattern)) if any_key(pattern, holds))
                || any_term(right, holds)
        }
        Term::Fold(_, source, pattern, args) => {
            any_term(source, holds)
                || any_key(pattern, holds)
                || args.iter().any(|t| any_term(t, holds))
        }
        Term::TryCatch(tried, caught) => {
            any_term(tried, holds) || caught.as_ref().is_some_and(|c| any_term(c, holds))
        }
        Term::IfThenElse(cases, otherwise) => {
            cases.iter().any(|(when, then)| any_term(when, holds) || any_term(then, holds))
                || otherwise.as_ref().is_some_and(|o| any_term(o, holds))
        }
        Term::Def(defs, body) => {
            defs.iter().any(|d| any_term(&d.body, holds)) || any_term(body, holds)
        }
        Term::Call(_, args) => args.iter().any(|t| any_term(t, holds)),
        Term::Path(base, Path(parts)) => {
            let mut part = |part: &Part<Term<&'s str>>| match part {
                Part::Index(at) => any_term(at, holds),
                Part::Range(from, to) => {
                    [from, to].into_iter().flatten().any(|t| any_term(t, holds))
                }
            };
            parts.iter().any(|(p, _)| part(p)) || any_term(base, holds)
        }
    }
}

/// The same of the keys by which a pattern takes an object apart.
fn any_key<'s>(pattern: &Pattern<&'s str>, holds: &mut dyn FnMut(&Term<&'s str>) -> bool) -> bool {
    match pattern {
        Pattern::Var(_) => false,
        Pattern::Arr(items) => items.iter().any(|item| any_key(item, holds)),
        Pattern::Obj(entries) => {
            entries.iter().any(|(key, inner)| any_term(key, holds) || any_key(inner, holds))
        }
    }
}
