//! Weaves the step counter into a program, wherever it could loop or grow.
//!
//! A jq program loops by recursive definitions, by folds, by generators that feed a pipe, and by
//! combinations of generators; it grows values step by step along pipes. Each of these gets a tick.
//! What cannot do either, such as `.a.b as $x | …`, stays as it is: most of a mapping is that.

use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Def, Pattern, Term};
use jaq_core::ops::Math;
use jaq_core::path::{Part, Path};

use super::guard::{SHALLOW, TICK, TIMES};
use super::terms::any_term;

/// Filters that give one output for one input.
const SINGLE: &[&str] = &[
    "length",
    "tostring",
    "tonumber",
    "tojson",
    "fromjson",
    "not",
    "type",
    "keys",
    "values",
    "add",
    "has",
    "any",
    "all",
    "join",
    "split",
    "test",
    "ascii_downcase",
    "ascii_upcase",
    "startswith",
    "endswith",
    "ltrimstr",
    "rtrimstr",
    "trim",
    "ltrim",
    "rtrim",
    "empty",
    "error",
    "select",
    "map",
    "to_entries",
    "from_entries",
    "with_entries",
    "first",
    "last",
    "min",
    "max",
    "sort",
    "unique",
    "reverse",
    "contains",
    "floor",
    "round",
    "ceil",
    "abs",
    "true",
    "false",
    "null",
    "sub",
    "gsub",
    "sort_by",
    "group_by",
    "unique_by",
    "min_by",
    "max_by",
];

/// The same definition, counting the steps of its body where it calls itself or takes filters.
pub(super) fn weave_def(def: Def<&str>) -> Def<&str> {
    let Def { name, args, body } = def;
    let takes_filters = args.iter().any(|arg| !arg.starts_with('$'));
    let ticks = takes_filters || calls(&body, name);
    let woven = weave(body);
    Def { name, args, body: if ticks { after_tick(woven) } else { woven } }
}

/// The same program, counting its steps.
pub(super) fn weave(term: Term<&str>) -> Term<&str> {
    let multiplies = multiplies(&term);
    match term {
        Term::Str(format, parts) => {
            let part = |part| match part {
                StrPart::Term(term) => StrPart::Term(weave(term)),
                other => other,
            };
            let woven = Term::Str(format, parts.into_iter().map(part).collect());
            if multiplies { then_tick(woven) } else { woven }
        }
        Term::Arr(inner) => Term::Arr(inner.map(boxed)),
        Term::Obj(entries) => {
            let entry = |(key, value): (Term<_>, Option<Term<_>>)| (weave(key), value.map(weave));
            let woven = Term::Obj(entries.into_iter().map(entry).collect());
            if multiplies { then_tick(woven) } else { woven }
        }
        Term::Neg(inner) => Term::Neg(boxed(inner)),
        Term::BinOp(left, op, right) => weave_op(*left, op, *right, multiplies),
        Term::Label(name, inner) => Term::Label(name, boxed(inner)),
        Term::Fold(kind, source, pattern, args) => {
            let mut args: Vec<_> = args.into_iter().map(weave).collect();
            if let Some(update) = args.get_mut(1) {
                *update = after_tick(std::mem::take(update));
            }
            Term::Fold(kind, boxed(source), weave_pattern(pattern), args)
        }
        Term::TryCatch(tried, caught) => Term::TryCatch(boxed(tried), caught.map(boxed)),
        Term::IfThenElse(cases, otherwise) => {
            let case = |(when, then)| (weave(when), weave(then));
            Term::IfThenElse(cases.into_iter().map(case).collect(), otherwise.map(boxed))
        }
        Term::Def(defs, body) => Term::Def(defs.into_iter().map(weave_def).collect(), boxed(body)),
        Term::Call(name, args) => weave_call(name, args.into_iter().map(weave).collect()),
        Term::Path(base, Path(parts)) => {
            let crossed = multiplies && parts.iter().any(|(part, _)| part_multiplies(part));
            let part = |(part, opt)| match part {
                Part::Index(at) => (Part::Index(weave(at)), opt),
                Part::Range(from, to) => (Part::Range(from.map(weave), to.map(weave)), opt),
            };
            let woven = Term::Path(boxed(base), Path(parts.into_iter().map(part).collect()));
            if crossed { then_tick(woven) } else { woven }
        }
        other @ (Term::Id | Term::Recurse | Term::Num(_) | Term::Break(_) | Term::Var(_)) => other,
    }
}

#[expect(clippy::boxed_local, reason = "the tree's own branches are boxes")]
fn boxed(term: Box<Term<&str>>) -> Box<Term<&str>> {
    Box::new(weave(*term))
}

fn tick<'s>() -> Term<&'s str> {
    Term::Call(TICK, Vec::new())
}

fn pipe<'s>(left: Term<&'s str>, right: Term<&'s str>) -> Term<&'s str> {
    Term::BinOp(Box::new(left), BinaryOp::Pipe(None), Box::new(right))
}

fn after_tick(term: Term<&str>) -> Term<&str> {
    pipe(tick(), term)
}

fn then_tick(term: Term<&str>) -> Term<&str> {
    pipe(term, tick())
}

fn weave_op<'s>(
    left: Term<&'s str>,
    op: BinaryOp<&'s str>,
    right: Term<&'s str>,
    multiplies: bool,
) -> Term<&'s str> {
    let plain = is_plain(&left);
    let (left, right) = (weave(left), weave(right));
    match op {
        BinaryOp::Pipe(pattern) => {
            let right = if plain { right } else { after_tick(right) };
            let op = BinaryOp::Pipe(pattern.map(weave_pattern));
            Term::BinOp(Box::new(left), op, Box::new(right))
        }
        BinaryOp::Math(Math::Mul) => {
            let times = Term::Call(TIMES, vec![left, right]);
            if multiplies { then_tick(times) } else { times }
        }
        op @ (BinaryOp::Math(_) | BinaryOp::Cmp(_) | BinaryOp::And | BinaryOp::Or) => {
            let woven = Term::BinOp(Box::new(left), op, Box::new(right));
            if multiplies { then_tick(woven) } else { woven }
        }
        op => Term::BinOp(Box::new(left), op, Box::new(right)),
    }
}

fn weave_call<'s>(name: &'s str, args: Vec<Term<&'s str>>) -> Term<&'s str> {
    match name {
        "fromjson" => pipe(Term::Call(SHALLOW, Vec::new()), Term::Call(name, args)),
        "range" if args.len() == 3 => then_tick(Term::Call(name, args)),
        _ => Term::Call(name, args),
    }
}

fn weave_pattern(pattern: Pattern<&str>) -> Pattern<&str> {
    match pattern {
        Pattern::Var(name) => Pattern::Var(name),
        Pattern::Arr(items) => Pattern::Arr(items.into_iter().map(weave_pattern).collect()),
        Pattern::Obj(entries) => {
            let entry = |(key, value)| (weave(key), weave_pattern(value));
            Pattern::Obj(entries.into_iter().map(entry).collect())
        }
    }
}

/// Neither makes several outputs nor a larger value.
pub(super) fn is_plain(term: &Term<&str>) -> bool {
    match term {
        Term::Id | Term::Num(_) | Term::Var(_) => true,
        Term::Str(_, parts) => !parts.iter().any(|part| matches!(part, StrPart::Term(_))),
        Term::Path(base, Path(parts)) => {
            let index = |part: &Part<_>| matches!(part, Part::Index(at) if is_plain(at));
            is_plain(base) && parts.iter().all(|(part, _)| index(part))
        }
        _ => false,
    }
}

fn part_multiplies(part: &Part<Term<&str>>) -> bool {
    match part {
        Part::Index(at) => multiplies(at),
        Part::Range(None, None) => false,
        Part::Range(from, to) => [from, to].into_iter().flatten().any(multiplies),
    }
}

/// Whether the term may give several outputs for one input.
fn multiplies(term: &Term<&str>) -> bool {
    match term {
        Term::Id | Term::Num(_) | Term::Var(_) | Term::Break(_) | Term::Arr(_) => false,
        Term::Recurse | Term::BinOp(_, BinaryOp::Comma, _) => true,
        Term::Str(_, parts) => {
            parts.iter().any(|part| matches!(part, StrPart::Term(term) if multiplies(term)))
        }
        Term::Obj(entries) => entries
            .iter()
            .any(|(key, value)| multiplies(key) || value.as_ref().is_some_and(multiplies)),
        Term::Neg(inner) | Term::Label(_, inner) => multiplies(inner),
        Term::BinOp(left, _, right) => multiplies(left) || multiplies(right),
        Term::Fold(kind, _, _, args) => *kind != "reduce" || args.iter().any(multiplies),
        Term::TryCatch(tried, caught) => {
            multiplies(tried) || caught.as_ref().is_some_and(|c| multiplies(c))
        }
        Term::IfThenElse(cases, otherwise) => {
            cases.iter().any(|(when, then)| multiplies(when) || multiplies(then))
                || otherwise.as_ref().is_some_and(|o| multiplies(o))
        }
        Term::Def(_, body) => multiplies(body),
        Term::Call(name, args) => !SINGLE.contains(name) || args.iter().any(multiplies),
        Term::Path(base, Path(parts)) => {
            let iterates = |part: &Part<_>| matches!(part, Part::Range(None, None));
            multiplies(base)
                || parts.iter().any(|(part, _)| iterates(part) || part_multiplies(part))
        }
    }
}

/// Whether the term calls a filter of that name, at any depth.
fn calls(term: &Term<&str>, name: &str) -> bool {
    any_term(term, &mut |inner| matches!(inner, Term::Call(called, _) if *called == name))
}
