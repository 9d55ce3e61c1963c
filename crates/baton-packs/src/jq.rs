//! jq programs: compiled once, run within a ration.
//!
//! A mapping is somebody else's program over somebody else's bytes, so it is bounded: in code, in
//! input, in outputs, in steps and in the size and depth of values. The bound is a count of steps and
//! not a clock: the same message gives the same answer on a slow machine, and no thread needs to be
//! watched or abandoned. Steps are counted by a filter that [`ration`] weaves into the program
//! wherever it could loop.
//!
//! Deliberately absent: everything that is not a function of the input (`now`, `env`, `input`,
//! `localtime`, modules, `debug`, `halt`).

mod guard;
mod plan;
mod ration;
mod terms;

use std::fmt;

use jaq_core::load::{Arena, File, Loader, lex, parse, span};
use jaq_core::{Compiler, Ctx, DataT, Filter, Vars, compile, unwrap_valr};
use jaq_json::Val;

pub use self::guard::JSON_DEPTH_MAX;
pub(crate) use self::guard::depth_of_json;
use self::guard::{Bounds, Guard, Reading};
use self::plan::{Plan, Stop};

/// Longest program, in bytes.
pub(crate) const CODE_BYTES_MAX: usize = 64 * 1024;
/// Deepest nesting of brackets in a program.
const CODE_DEPTH_MAX: usize = 64;
/// Steps that any run may take; every byte of input allows one more.
pub(crate) const STEPS_MIN: u64 = 100_000;
/// Most outputs of one run.
pub(crate) const OUTPUTS_MAX: usize = 50_000;
/// The stack that compiling may use: the parser is recursive.
const COMPILE_STACK_BYTES: usize = 64 * 1024 * 1024;
/// What a mapping may refer to beside its input.
pub(crate) const VARIABLES: [&str; 4] = ["$source", "$partner", "$role", "$headers"];
/// The name under which a program is compiled.
const MAIN: &str = "baton_main";

/// Filters that jq has and jaq does not.
const MISSING: &str = r"
def IN(s): . as $x | any(s; . == $x);
def IN(src; s): any(src; IN(s));
def INDEX(f): reduce .[] as $row ({}; . + {($row | f | tostring): $row});
";

/// Filters that jq has and a mapping may not use.
const FORBIDDEN: &[&str] = &[
    "now",
    "env",
    "input",
    "inputs",
    "input_filename",
    "input_line_number",
    "localtime",
    "strflocaltime",
    "debug",
    "stderr",
    "halt",
    "halt_error",
    "get_search_list",
    "include",
    "import",
];

/// A program that is ready to run, on any thread.
pub(crate) struct Program {
    form: Form,
    /// Which of [`VARIABLES`] it may refer to.
    referred: [bool; VARIABLES.len()],
}

/// How a program is run.
enum Form {
    Planned(Plan),
    /// By jaq, as a whole.
    Whole(Box<Filter<Reading>>),
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Program").finish_non_exhaustive()
    }
}

/// Why a program does not compile, and where: line and column from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JqFault {
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) found: String,
    pub(crate) expected: String,
    pub(crate) forbidden: bool,
}

/// Why a run ended early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RunFault {
    /// The program's own error: wrong types, or `error("…")`.
    Failed(String),
    /// A bound was reached; the text says which.
    Bounded(String),
}

impl Program {
    /// Compiles a program.
    ///
    /// # Errors
    /// Every fault that the compiler finds, with its place.
    pub(crate) fn compile(code: &str) -> Result<Self, Vec<JqFault>> {
        if code.len() > CODE_BYTES_MAX {
            let expected = format!("at most {CODE_BYTES_MAX} bytes");
            return Err(vec![fault(code, 0, "a long program", &expected)]);
        }
        if let Err(at) = guard::brackets(code, CODE_DEPTH_MAX) {
            let expected = format!("at most {CODE_DEPTH_MAX} levels of brackets");
            return Err(vec![fault(code, at, "deep nesting", &expected)]);
        }
        let code = code.to_owned();
        let thread = std::thread::Builder::new().stack_size(COMPILE_STACK_BYTES);
        let work = thread.spawn(move || compile_here(&code));
        let failed =
            || vec![fault("", 0, "a program that the compiler gave up on", "a smaller one")];
        work.map_err(|_| failed())?.join().map_err(|_| failed())?
    }

    /// Whether it may refer to a variable, which costs time to make.
    pub(crate) fn refers_to(&self, variable: &str) -> bool {
        VARIABLES.iter().zip(self.referred).any(|(name, referred)| referred && *name == variable)
    }

    /// Runs the program; `take` gets each output and says whether to go on.
    ///
    /// # Errors
    /// Where the program fails or a bound is reached; outputs that came before were taken.
    pub(crate) fn run(
        &self,
        input: &Val,
        variables: &[Val; 4],
        input_bytes: usize,
        mut take: impl FnMut(Val) -> bool,
    ) -> Result<(), RunFault> {
        let bounds = Bounds::new(STEPS_MIN + input_bytes as u64);
        let mut outputs = 0;
        let mut bounded = None;
        let taken = |value| {
            outputs += 1;
            if let Some(bound) = bounds.reached() {
                bounded = Some(bound.to_owned());
            } else if outputs > OUTPUTS_MAX {
                bounded = Some(format!("more than {OUTPUTS_MAX} outputs"));
            }
            bounded.is_none() && take(value)
        };
        let ended = match &self.form {
            Form::Planned(plan) => plan.run(input, variables, &bounds, taken),
            Form::Whole(filter) => run_whole(filter, input, variables, &bounds, taken),
        };
        match (bounded, ended) {
            (Some(bound), _) => Err(RunFault::Bounded(bound)),
            (None, Err(Stop::Taken)) => Ok(()),
            (None, ended) => match (bounds.reached(), ended) {
                (Some(bound), _) => Err(RunFault::Bounded(bound.to_owned())),
                (None, Err(Stop::Failed(error))) => Err(RunFault::Failed(error.to_string())),
                (None, _) => Ok(()),
            },
        }
    }

    /// Whether the first output is neither null nor false. No output is no.
    pub(crate) fn holds(
        &self,
        input: &Val,
        variables: &[Val; 4],
        input_bytes: usize,
    ) -> Result<bool, RunFault> {
        let mut held = false;
        self.run(input, variables, input_bytes, |value| {
            held = !matches!(value, Val::Null | Val::Bool(false));
            false
        })?;
        Ok(held)
    }
}

fn run_whole(
    filter: &Filter<Reading>,
    input: &Val,
    variables: &[Val; 4],
    bounds: &Bounds,
    mut take: impl FnMut(Val) -> bool,
) -> Result<(), Stop> {
    let guard = Guard { lut: &filter.lut, bounds };
    let ctx = Ctx::<Reading>::new(&guard, Vars::new(variables.iter().cloned()));
    for output in filter.id.run((ctx, input.clone())).map(unwrap_valr) {
        if !take(output.map_err(Stop::Failed)?) {
            return Err(Stop::Taken);
        }
    }
    Ok(())
}

fn compile_here(code: &str) -> Result<Program, Vec<JqFault>> {
    let body = ration::weave(parsed(code)?);
    let prelude = prelude();
    let whole = filter(code, &body, &prelude, &VARIABLES)?;
    let compile =
        |term: &parse::Term<_>, variables: &[_]| filter(code, term, &prelude, variables).ok();
    let form = match plan::plan(&body, &prelude, &VARIABLES, &compile) {
        Some(plan) => Form::Planned(plan),
        None => Form::Whole(Box::new(whole)),
    };
    Ok(Program { form, referred: VARIABLES.map(|name| code.contains(name)) })
}

/// jq's own definitions that a mapping may use, each counting its steps.
fn prelude<'s>() -> Vec<parse::Def<&'s str>> {
    let defs = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs());
    let missing = jaq_core::load::parse(MISSING, |p| p.defs()).unwrap_or_default();
    let allowed = defs.chain(missing).filter(|def| !FORBIDDEN.contains(&def.name));
    allowed.map(ration::weave_def).collect()
}

/// A woven term as jaq runs it, with the variables that it may refer to.
fn filter<'s>(
    code: &'s str,
    term: &parse::Term<&'s str>,
    prelude: &[parse::Def<&'s str>],
    variables: &[&'s str],
) -> Result<Filter<Reading>, Vec<JqFault>> {
    let main = parse::Def { name: MAIN, args: Vec::new(), body: term.clone() };
    let defs = prelude.iter().cloned().chain([main]);
    let arena = Arena::default();
    let loaded = Loader::new(defs).load(&arena, File { code: MAIN, path: () });
    let modules = loaded.map_err(|_| vec![fault(code, 0, "", "a jq program")])?;
    let variables = variables.iter().copied();
    let compiler = Compiler::default().with_funs(functions()).with_global_vars(variables);
    compiler.compile(modules).map_err(|errors| undefined(code, errors))
}

fn parsed(code: &str) -> Result<parse::Term<&str>, Vec<JqFault>> {
    let tokens = lex::Lexer::new(code).lex().map_err(|errors| {
        let told = |(expected, at): (lex::Expect<&str>, &str)| {
            fault(code, span(code, at).start, first_word(at), expected.as_str())
        };
        errors.into_iter().map(told).collect::<Vec<_>>()
    })?;
    parse::Parser::new(&tokens).parse(parse::Parser::term).map_err(|errors| {
        let told = |(expected, token): parse::TError<'_, &str>| {
            let found = token.map_or("", |t| t.0);
            let at = token.map_or(code.len(), |t| span(code, t.0).start);
            let found = if token.is_some() { first_word(found) } else { "the end" };
            fault(code, at, found, expected.as_str())
        };
        errors.into_iter().map(told).collect()
    })
}

fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}

fn functions() -> impl Iterator<Item = jaq_core::native::Fun<Reading>> {
    let natives = jaq_core::funs().chain(jaq_std::funs()).chain(jaq_json::funs());
    natives.filter(|(name, ..)| !FORBIDDEN.contains(name)).chain(guard::functions())
}

fn undefined(code: &str, errors: compile::Errors<&str, ()>) -> Vec<JqFault> {
    let all = errors.into_iter().flat_map(|(_, errors)| errors);
    let within = code.as_bytes().as_ptr_range();
    let told = |(name, what): compile::Error<&str>| {
        let inside = within.contains(&name.as_ptr());
        let at = if inside { span(code, name).start } else { 0 };
        let forbidden = FORBIDDEN.contains(&name) || name == "$ENV";
        let expected = if forbidden {
            "a program that depends on nothing but its input".to_owned()
        } else {
            format!("a {} that exists", what.as_str())
        };
        JqFault { forbidden, ..fault(code, at, name, &expected) }
    };
    let mut faults: Vec<JqFault> = all.map(told).collect();
    faults.dedup();
    faults
}

fn fault(code: &str, at: usize, found: &str, expected: &str) -> JqFault {
    let before = code.get(..at).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    let (found, expected) = (found.to_owned(), expected.to_owned());
    JqFault { line, column, found, expected, forbidden: false }
}

const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<Program>();
    fn data<D: DataT>() {}
    data::<Reading>();
};

#[cfg(test)]
mod tests;
