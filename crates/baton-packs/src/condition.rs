//! Conditions: CEL expressions over what is known of a subject, compiled once.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{LazyLock, PoisonError, RwLock};

use baton_core::book::Condition;
use baton_core::view::{Member, View};
use cel::{Context, Program, Value};

/// Answers that one condition remembers. It reads few members, and those take few values: which
/// partners play, which phase it is. One that sees more values than this is evaluated each time.
const ANSWERS_MAX: usize = 256;
/// Longest expression, in bytes.
const SOURCE_BYTES_MAX: usize = 4_000;

/// Building the standard functions costs twenty times what an evaluation does, so they are built once.
static ROOT: LazyLock<Context<'static, 'static>> = LazyLock::new(Context::default);

/// Why an expression cannot be used, and where: line and column from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CelFault {
    Syntax { line: usize, column: usize, why: String },
    Name(String),
}

#[derive(Debug)]
pub(crate) struct CelCondition {
    program: Program,
    /// The members of the view that it refers to; the others are not handed over.
    reads: Vec<Member>,
    /// By what it read. The answer follows from that alone, so that remembering it changes nothing.
    answers: RwLock<HashMap<String, Result<bool, String>>>,
}

impl CelCondition {
    /// Compiles an expression.
    ///
    /// # Errors
    /// Its first fault of syntax, or every name that a view does not have.
    pub(crate) fn compile(source: &str) -> Result<Self, Vec<CelFault>> {
        if source.len() > SOURCE_BYTES_MAX {
            let why = format!("longer than {SOURCE_BYTES_MAX} bytes");
            return Err(vec![CelFault::Syntax { line: 1, column: 1, why }]);
        }
        let program = Program::compile(source).map_err(|errors| {
            let told = |e: cel::ParseError| {
                let place = |n: isize| usize::try_from(n).unwrap_or(1).max(1);
                let why = e.msg.lines().next().unwrap_or_default().to_owned();
                CelFault::Syntax { line: place(e.pos.0), column: place(e.pos.1), why }
            };
            errors.errors.into_iter().map(told).collect::<Vec<_>>()
        })?;
        let references = program.references();
        let bound = bound_names(source);
        let mut names = references.variables();
        names.sort_unstable();
        let unknown = |name: &&&str| {
            !Member::ALL.iter().any(|member| member.name() == **name)
                && !name.starts_with('@')
                && !bound.contains(&(**name).to_owned())
        };
        let faults: Vec<CelFault> =
            names.iter().filter(unknown).map(|name| CelFault::Name((*name).to_owned())).collect();
        if !faults.is_empty() {
            return Err(faults);
        }
        let reads = Member::ALL.into_iter().filter(|m| names.contains(&m.name())).collect();
        Ok(Self { program, reads, answers: RwLock::default() })
    }
}

/// Names that the expression's own macros bind: the `l` of `lines.exists(l, …)`.
fn bound_names(source: &str) -> Vec<String> {
    let macros = ["all(", "exists(", "exists_one(", "map(", "filter("];
    let after = macros.into_iter().flat_map(|m| source.split(m).skip(1));
    after.filter_map(|rest| rest.split_once(',')).map(|(name, _)| name.trim().to_owned()).collect()
}

fn member(view: &View, member: Member) -> Result<Value, String> {
    let value = match member {
        Member::Kind => cel::to_value(&view.kind),
        Member::Journey => cel::to_value(&view.journey),
        Member::Phase => cel::to_value(&view.phase),
        Member::Progress => cel::to_value(&view.progress),
        Member::Position => cel::to_value(&view.position),
        Member::Fields => cel::to_value(&view.fields),
        Member::Value => cel::to_value(view.value),
        Member::Currency => cel::to_value(&view.currency),
        Member::Partners => cel::to_value(&view.partners),
        Member::Reached => cel::to_value(&view.reached),
        Member::Lines => cel::to_value(&view.lines),
    };
    value.map_err(|e| e.to_string())
}

/// What a condition reads of a view, as a key; none where a member takes too many values to remember.
fn remembered_by(view: &View, reads: &[Member]) -> Option<String> {
    let mut key = String::new();
    let mut add = |text: &str| {
        // Writing to a string cannot fail. Lengths keep `ab`, `c` apart from `a`, `bc`.
        let _ = write!(key, "{}:{text}", text.len());
    };
    for member in reads {
        match member {
            Member::Kind => add(&view.kind),
            Member::Journey => add(&view.journey),
            Member::Phase => add(&view.phase),
            Member::Progress => add(&view.progress),
            Member::Position => add(&view.position),
            Member::Currency => add(&view.currency),
            Member::Partners => {
                for (role, partner) in &view.partners {
                    add(role);
                    add(partner);
                }
                add("");
            }
            Member::Fields | Member::Value | Member::Reached | Member::Lines => return None,
        }
    }
    Some(key)
}

impl CelCondition {
    fn evaluate(&self, view: &View) -> Result<bool, String> {
        let mut scope = ROOT.new_inner_scope();
        for read in &self.reads {
            scope.add_variable_from_value(read.name(), member(view, *read)?);
        }
        match self.program.execute(&scope) {
            Ok(Value::Bool(holds)) => Ok(holds),
            Ok(other) => Err(format!("the condition gave {other:?}, expected true or false")),
            Err(why) => Err(why.to_string()),
        }
    }
}

impl Condition for CelCondition {
    fn reads(&self) -> &[Member] {
        &self.reads
    }

    fn holds(&self, view: &View) -> Result<bool, String> {
        let Some(key) = remembered_by(view, &self.reads) else { return self.evaluate(view) };
        let answers = self.answers.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = answers.get(&key) {
            return answer.clone();
        }
        drop(answers);
        let answer = self.evaluate(view);
        let mut answers = self.answers.write().unwrap_or_else(PoisonError::into_inner);
        if answers.len() < ANSWERS_MAX {
            answers.insert(key, answer.clone());
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use baton_core::view::LineView;

    use super::*;

    fn holds(source: &str) -> Result<bool, String> {
        let condition = CelCondition::compile(source).unwrap_or_else(|f| panic!("{source}: {f:?}"));
        let line = LineView { ordered: 10.0, confirmed: 8.0, ..LineView::default() };
        let view = View {
            kind: "order".into(),
            value: 1200.0,
            fields: [("channel".to_owned(), "web".to_owned())].into(),
            reached: vec!["O10".into()],
            lines: vec![line],
            ..View::default()
        };
        condition.holds(&view)
    }

    #[test]
    fn conditions_see_the_content() {
        for (source, expected) in [
            ("kind == 'order' && value > 1000.0", true),
            ("fields.channel == 'web'", true),
            ("lines.exists(l, l.confirmed < l.ordered)", true),
            ("'T60' in reached", false),
            ("has(fields.incoterm)", false),
        ] {
            assert_eq!(holds(source), Ok(expected), "{source}");
        }
        assert!(holds("value").is_err());
        assert!(holds("fields.nothing == 'x'").is_err());
    }

    #[test]
    fn faults_are_told_when_it_is_compiled() {
        let fault = |source: &str| CelCondition::compile(source).unwrap_err().remove(0);
        assert!(
            matches!(fault("value >"), CelFault::Syntax { line: 1, .. }),
            "{:?}",
            fault("value >")
        );
        assert_eq!(fault("now > 5"), CelFault::Name("now".into()));
        assert_eq!(fault("fase == 'placed'"), CelFault::Name("fase".into()));
    }
}
