//! From a parsed program to a plan: definitions are put in where they are called.
//!
//! The terms are those with steps woven in, so that a plan counts as jaq would. Names are looked up as
//! jaq does: the definitions about a term, innermost first, then the prelude's, of which each sees
//! those before it, then native filters.

use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Def, Pattern, Term};
use jaq_core::path::{self, Opt};
use jaq_core::{Filter, ValT as _};
use jaq_json::Val;

use super::super::guard::{Reading, TICK, TIMES};
use super::super::ration::is_plain;
use super::super::terms::any_term;
use super::names::{Name, Names};
use super::{Does, Handed, Node, Outputs, Part, Plan, Reduce, Step, Target};

/// A program that grows beyond this many filters is jaq's, and one whose calls would nest deeper: the
/// threads that read have two megabytes of stack.
const NODES_MAX: usize = 4_000;
const DEPTH_MAX: usize = 150;
/// Definitions within definitions; one that calls itself gets there.
const CALLS_DEEP_MAX: usize = 32;
/// Parts that one plan hands to jaq; each is compiled with the prelude.
const HANDED_MAX: usize = 16;

/// Filters that a plan hands to jaq and that give exactly one output for one input and one of each
/// argument.
const SINGLE: &[&str] = &[
    "length",
    "keys",
    "has",
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
    "floor",
    "round",
    "ceil",
    "sort",
    "unique",
    "reverse",
    "tojson",
    "join",
];

/// Why a term is no plan.
enum Refused {
    /// This term; one about it may be handed to jaq.
    Here,
    /// The program as a whole.
    Whole,
}

type Planned<T = Node> = Result<T, Refused>;

/// Compiles a term with these global variables for jaq.
type Compile<'c, 's> = &'c dyn Fn(&Term<&'s str>, &[&'s str]) -> Option<Filter<Reading>>;

struct Inliner<'t, 's> {
    prelude: &'t [Def<&'s str>],
    compile: Compile<'t, 's>,
    slots: usize,
    nodes: usize,
    handed: usize,
    deep: usize,
}

/// Plans a woven program with its variables; `None` if jaq is to run it as it is.
pub(in super::super) fn plan<'t, 's>(
    main: &'t Term<&'s str>,
    prelude: &'t [Def<&'s str>],
    variables: &[&'s str],
    compile: Compile<'t, 's>,
) -> Option<Plan> {
    let slots = variables.len();
    let mut inliner = Inliner { prelude, compile, slots, nodes: 0, handed: 0, deep: 0 };
    let mut names = Names::of_prelude(prelude.len());
    for (slot, name) in variables.iter().enumerate() {
        names = names.with(Name::Variable(name, slot));
    }
    let root = inliner.node(main, &names).ok()?;
    let whole = matches!(root.does, Does::Handed(_));
    (!whole && root.depth <= DEPTH_MAX).then_some(Plan { root, slots: inliner.slots })
}

fn boxed<A, B>(a: A, b: B) -> Box<(A, B)> {
    Box::new((a, b))
}

fn literal(text: &str) -> Node {
    Does::Literal(Val::utf8_str(text.as_bytes().to_vec())).into()
}

impl<'t, 's> Inliner<'t, 's> {
    /// A term, or what jaq makes of it.
    fn node(&mut self, term: &'t Term<&'s str>, names: &Names<'t, 's>) -> Planned {
        self.nodes += 1;
        if self.nodes > NODES_MAX {
            return Err(Refused::Whole);
        }
        match self.planned(term, names) {
            Err(Refused::Here) => self.hand_over(term, names),
            planned => planned,
        }
    }

    fn planned(&mut self, term: &'t Term<&'s str>, names: &Names<'t, 's>) -> Planned {
        let does = match term {
            Term::Id => Does::Input,
            Term::Num(digits) => Does::Literal(match digits.parse::<isize>() {
                Ok(number) => Val::from(number),
                Err(_) => Val::from_num(digits).map_err(|_| Refused::Here)?,
            }),
            Term::Str(None, parts) => return self.text(parts, names),
            Term::Arr(None) => Does::List(Vec::new()),
            Term::Arr(Some(items)) => {
                let mut list = Vec::new();
                self.items(items, names, &mut list)?;
                Does::List(list)
            }
            Term::Obj(members) => self.object(members, names)?,
            Term::Neg(of) => Does::Negative(Box::new(self.node(of, names)?)),
            Term::BinOp(left, op, right) => self.operation(left, op, right, names)?,
            Term::IfThenElse(cases, otherwise) => {
                let last = match otherwise {
                    Some(otherwise) => self.node(otherwise, names)?,
                    None => Does::Input.into(),
                };
                let mut all = last;
                for (when, then) in cases.iter().rev() {
                    let (when, then) = (self.node(when, names)?, self.node(then, names)?);
                    all = Does::If(Box::new((when, then, all))).into();
                }
                return Ok(all);
            }
            Term::TryCatch(tried, caught) => {
                let tried = self.node(tried, names)?;
                let caught = match caught {
                    Some(caught) => self.node(caught, names)?,
                    None => Does::Empty.into(),
                };
                Does::Try(boxed(tried, caught))
            }
            Term::Fold("reduce", over, pattern, args) => self.reduce(over, pattern, args, names)?,
            Term::Def(defs, body) => {
                let mut names = names.clone();
                for def in defs {
                    names = names.with(Name::Definition(def));
                }
                return self.node(body, &names);
            }
            Term::Call(name, args) => return self.call((term, name, args), names),
            Term::Var(name) => Does::Variable(names.variable(name).ok_or(Refused::Here)?),
            Term::Path(base, path::Path(parts)) => {
                let base = self.node(base, names)?;
                let parts = parts.iter().map(|(part, opt)| self.part(part, *opt, names));
                let parts = parts.collect::<Planned<Vec<Part>>>()?;
                Does::Path(Box::new(base), parts)
            }
            Term::Str(Some(_), _)
            | Term::Recurse
            | Term::Label(..)
            | Term::Break(_)
            | Term::Fold(..) => return Err(Refused::Here),
        };
        Ok(does.into())
    }

    fn single(&mut self, term: &'t Term<&'s str>, names: &Names<'t, 's>) -> Planned {
        let node = self.node(term, names)?;
        if node.is_single() { Ok(node) } else { Err(Refused::Here) }
    }

    fn items(
        &mut self,
        term: &'t Term<&'s str>,
        names: &Names<'t, 's>,
        list: &mut Vec<Node>,
    ) -> Planned<()> {
        if let Term::BinOp(left, BinaryOp::Comma, right) = term {
            self.items(left, names, list)?;
            return self.items(right, names, list);
        }
        list.push(self.node(term, names)?);
        Ok(())
    }

    fn text(
        &mut self,
        parts: &'t [StrPart<&'s str, Term<&'s str>>],
        names: &Names<'t, 's>,
    ) -> Planned {
        let mut nodes = Vec::with_capacity(parts.len());
        for part in parts {
            nodes.push(match part {
                StrPart::Str(text) => literal(text),
                StrPart::Char(letter) => literal(letter.encode_utf8(&mut [0; 4])),
                StrPart::Term(term) => Does::ToText(Box::new(self.node(term, names)?)).into(),
            });
        }
        match nodes.len() {
            0 => Ok(literal("")),
            1 => nodes.pop().ok_or(Refused::Here),
            _ if nodes.iter().all(Node::is_single) => Ok(Does::Text(nodes).into()),
            _ => Err(Refused::Here),
        }
    }

    fn object(
        &mut self,
        members: &'t [(Term<&'s str>, Option<Term<&'s str>>)],
        names: &Names<'t, 's>,
    ) -> Planned<Does> {
        let mut object = Vec::with_capacity(members.len());
        for member in members {
            object.push(match member {
                (Term::Var(name), None) => {
                    let slot = names.variable(name).ok_or(Refused::Here)?;
                    (literal(name.get(1..).unwrap_or_default()), Does::Variable(slot).into())
                }
                (key, None) => {
                    let step = Step::Member(self.single(key, names)?);
                    let part = Part { step, essential: true };
                    let value = Does::Path(Box::new(Does::Input.into()), vec![part]);
                    (self.single(key, names)?, value.into())
                }
                (key, Some(value)) => (self.single(key, names)?, self.single(value, names)?),
            });
        }
        Ok(Does::Object(object))
    }

    fn part(
        &mut self,
        part: &'t path::Part<Term<&'s str>>,
        opt: Opt,
        names: &Names<'t, 's>,
    ) -> Planned<Part> {
        let mut bound = |bound: &'t Option<Term<&'s str>>| {
            bound.as_ref().map(|bound| self.single(bound, names)).transpose()
        };
        let step = match part {
            path::Part::Range(None, None) => Step::All,
            path::Part::Range(from, until) => Step::Slice(bound(from)?, bound(until)?),
            path::Part::Index(place) => Step::Member(self.single(place, names)?),
        };
        Ok(Part { step, essential: matches!(opt, Opt::Essential) })
    }

    fn operation(
        &mut self,
        left: &'t Term<&'s str>,
        op: &'t BinaryOp<&'s str>,
        right: &'t Term<&'s str>,
        names: &Names<'t, 's>,
    ) -> Planned<Does> {
        if let BinaryOp::Pipe(Some(pattern)) = op {
            let source = self.node(left, names)?;
            let mut within = names.clone();
            let target = self.target(pattern, &mut within)?;
            let body = self.node(right, &within)?;
            return Ok(Does::Bind(Box::new((source, target, body))));
        }
        if matches!(
            op,
            BinaryOp::Assign | BinaryOp::Update | BinaryOp::UpdateMath(_) | BinaryOp::UpdateAlt
        ) {
            return Err(Refused::Here);
        }
        let (left, right) = (self.node(left, names)?, self.node(right, names)?);
        // Where the right one gives nothing, jaq forgets that the left one failed.
        let forgets = right.outputs == Outputs::Any && !left.is_given();
        Ok(match op {
            BinaryOp::Comma => Does::Comma(boxed(left, right)),
            BinaryOp::Alt => Does::Alternative(boxed(left, right)),
            BinaryOp::Or => Does::Logic(boxed(left, right), true),
            BinaryOp::And => Does::Logic(boxed(left, right), false),
            BinaryOp::Math(_) | BinaryOp::Cmp(_) if forgets => return Err(Refused::Here),
            BinaryOp::Math(op) => Does::Math(boxed(left, right), *op),
            BinaryOp::Cmp(op) => match (&left.does, &right.does) {
                (Does::Literal(left), Does::Literal(right)) => {
                    Does::Literal(op.run(left, right).into())
                }
                _ => Does::Compare(boxed(left, right), *op),
            },
            _ => Does::Pipe(boxed(left, right)),
        })
    }

    fn target(
        &mut self,
        pattern: &'t Pattern<&'s str>,
        names: &mut Names<'t, 's>,
    ) -> Planned<Target> {
        match pattern {
            Pattern::Var(name) => Ok(Target::Slot(self.slot(name, names))),
            Pattern::Arr(items) => {
                let numbered = items.iter().zip(0_isize..);
                let members = numbered
                    .map(|(item, n)| Ok((Val::from(n), self.target(item, names)?)))
                    .collect::<Planned<Vec<_>>>()?;
                Ok(Target::Members(members))
            }
            Pattern::Obj(_) => Err(Refused::Here),
        }
    }

    fn slot(&mut self, name: &'s str, names: &mut Names<'t, 's>) -> usize {
        let slot = self.slots;
        self.slots += 1;
        *names = names.with(Name::Variable(name, slot));
        slot
    }

    fn reduce(
        &mut self,
        over: &'t Term<&'s str>,
        pattern: &'t Pattern<&'s str>,
        args: &'t [Term<&'s str>],
        names: &Names<'t, 's>,
    ) -> Planned<Does> {
        let [from, update] = args else { return Err(Refused::Here) };
        let (over, from) = (self.node(over, names)?, self.single(from, names)?);
        let mut within = names.clone();
        let target = self.target(pattern, &mut within)?;
        let update = self.single(update, &within)?;
        Ok(Does::Reduce(Box::new(Reduce { over, target, from, update })))
    }

    fn call(
        &mut self,
        (term, name, args): (&'t Term<&'s str>, &'s str, &'t [Term<&'s str>]),
        names: &Names<'t, 's>,
    ) -> Planned {
        for link in names.links() {
            match &link.name {
                Name::Definition(def) if def.name == name && def.args.len() == args.len() => {
                    let within = link.outer.with(Name::Definition(def));
                    return self.put_in(def, args, within, names);
                }
                Name::Argument(known, term, at) if *known == name && args.is_empty() => {
                    return self.node(term, at);
                }
                _ => {}
            }
        }
        let seen = self.prelude.get(..names.prelude).unwrap_or_default();
        let matches = |def: &Def<&str>| def.name == name && def.args.len() == args.len();
        if let Some(at) = seen.iter().rposition(matches)
            && let Some(def) = self.prelude.get(at)
        {
            match (name, args) {
                ("empty", []) => return Ok(Does::Empty.into()),
                ("null", []) => return Ok(Does::Literal(Val::Null).into()),
                ("join", [separator]) => {
                    let separator = self.single(separator, names)?;
                    let otherwise = self.hand_over(term, names)?;
                    return Ok(Does::Join(boxed(separator, otherwise)).into());
                }
                _ => {}
            }
            let within = Names::of_prelude(at + 1);
            return self.put_in(def, args, within, names);
        }
        self.native(name, args, names)
    }

    /// A definition's body, with what it was called with.
    fn put_in(
        &mut self,
        def: &'t Def<&'s str>,
        args: &'t [Term<&'s str>],
        mut within: Names<'t, 's>,
        names: &Names<'t, 's>,
    ) -> Planned {
        if self.deep >= CALLS_DEEP_MAX {
            return Err(Refused::Here);
        }
        let mut bound = Vec::new();
        for (name, arg) in def.args.iter().zip(args) {
            if name.starts_with('$') {
                let value = self.node(arg, names)?;
                bound.push((value, Target::Slot(self.slot(name, &mut within))));
            } else {
                within = within.with(Name::Argument(name, arg, names.clone()));
            }
        }
        self.deep += 1;
        let body = self.node(&def.body, &within);
        self.deep -= 1;
        let bind = |body, (value, target)| Does::Bind(Box::new((value, target, body))).into();
        Ok(bound.into_iter().rev().fold(body?, bind))
    }

    fn native(
        &mut self,
        name: &'s str,
        args: &'t [Term<&'s str>],
        names: &Names<'t, 's>,
    ) -> Planned {
        Ok(match (name, args) {
            (TICK, []) => Does::Tick.into(),
            ("error_empty", []) => Does::Raise.into(),
            ("key_values", []) => Does::Pairs.into(),
            ("first", [of]) => Does::First(Box::new(self.node(of, names)?)).into(),
            (TIMES, [left, right]) => {
                let (left, right) = (self.node(left, names)?, self.node(right, names)?);
                Does::Times(boxed(left, right)).into()
            }
            _ => return Err(Refused::Here),
        })
    }

    /// Leaves a term to jaq, where all that it names is known there too.
    fn hand_over(&mut self, term: &'t Term<&'s str>, names: &Names<'t, 's>) -> Planned {
        // Within the prelude names mean what they meant at that place; whoever called is asked.
        if names.prelude < self.prelude.len() {
            return Err(Refused::Here);
        }
        let mut globals: Vec<&'s str> = Vec::new();
        let own = any_term(term, &mut |inner| match inner {
            Term::Call(name, args) => names.has_filter(name, args.len()),
            Term::Var(name) => {
                globals.push(name);
                false
            }
            _ => false,
        });
        if own {
            return Err(Refused::Here);
        }
        self.handed += 1;
        if self.handed > HANDED_MAX {
            return Err(Refused::Whole);
        }
        globals.sort_unstable();
        globals.dedup();
        globals.retain(|name| names.variable(name).is_some());
        let slots = globals.iter().filter_map(|name| names.variable(name)).collect();
        let filter = (self.compile)(term, &globals).ok_or(Refused::Here)?;
        let single = matches!(term, Term::Call(name, args)
            if SINGLE.contains(name) && args.iter().all(is_plain));
        Ok(Does::Handed(Box::new(Handed::new(filter, slots, single))).into())
    }
}
