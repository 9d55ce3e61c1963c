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
mod ration;

use std::fmt;

use jaq_core::load::{Arena, File, Loader, lex, parse, span};
use jaq_core::{Compiler, Ctx, DataT, Filter, Vars, compile, unwrap_valr};
use jaq_json::Val;

use self::guard::Guard;
pub use self::guard::JSON_DEPTH_MAX;
use self::guard::Reading;
pub(crate) use self::guard::depth_of_json;

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
    filter: Filter<Reading>,
    uses_headers: bool,
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

    /// Whether it may ask for the message's headers, which cost time to hand over.
    pub(crate) const fn uses_headers(&self) -> bool {
        self.uses_headers
    }

    /// Runs the program; `take` gets each output and says whether to go on.
    ///
    /// # Errors
    /// Where the program fails or a bound is reached; outputs that came before were taken.
    pub(crate) fn run(
        &self,
        input: Val,
        variables: &[Val; 4],
        input_bytes: usize,
        mut take: impl FnMut(Val) -> bool,
    ) -> Result<(), RunFault> {
        let guard = Guard::new(&self.filter.lut, STEPS_MIN + input_bytes as u64);
        let ctx = Ctx::<Reading>::new(&guard, Vars::new(variables.iter().cloned()));
        let mut outputs = 0;
        for output in self.filter.id.run((ctx, input)).map(unwrap_valr) {
            if let Some(bound) = guard.reached() {
                return Err(RunFault::Bounded(bound.to_owned()));
            }
            let value = output.map_err(|e| RunFault::Failed(e.to_string()))?;
            outputs += 1;
            if outputs > OUTPUTS_MAX {
                return Err(RunFault::Bounded(format!("more than {OUTPUTS_MAX} outputs")));
            }
            if !take(value) {
                return Ok(());
            }
        }
        match guard.reached() {
            Some(bound) => Err(RunFault::Bounded(bound.to_owned())),
            None => Ok(()),
        }
    }

    /// Whether the first output is neither null nor false. No output is no.
    pub(crate) fn holds(
        &self,
        input: Val,
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

fn compile_here(code: &str) -> Result<Program, Vec<JqFault>> {
    let body = ration::weave(parsed(code)?);
    let main = parse::Def { name: MAIN, args: Vec::new(), body };
    let defs = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs());
    let missing = jaq_core::load::parse(MISSING, |p| p.defs()).unwrap_or_default();
    let allowed = defs.chain(missing).filter(|def| !FORBIDDEN.contains(&def.name));
    let mut prelude: Vec<parse::Def<&str>> = allowed.map(ration::weave_def).collect();
    prelude.push(main);
    let arena = Arena::default();
    let loaded = Loader::new(prelude).load(&arena, File { code: MAIN, path: () });
    let modules = loaded.map_err(|_| vec![fault(code, 0, "", "a jq program")])?;
    let compiler = Compiler::default().with_funs(functions()).with_global_vars(VARIABLES);
    let filter = compiler.compile(modules).map_err(|errors| undefined(code, errors))?;
    Ok(Program { filter, uses_headers: code.contains("$headers") })
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
