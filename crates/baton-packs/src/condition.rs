//! Conditions: CEL expressions over what is known of a subject, compiled once.

use std::sync::LazyLock;

use baton_core::book::Condition;
use baton_core::state::View;
use cel::{Context, Program, Value};

/// What an expression may refer to: the members of [`View`].
pub(crate) const VARIABLES: [&str; 11] = [
    "kind", "journey", "phase", "progress", "position", "fields", "value", "currency", "partners",
    "reached", "lines",
];
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
    uses: Vec<&'static str>,
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
            !VARIABLES.contains(name)
                && !name.starts_with('@')
                && !bound.contains(&(**name).to_owned())
        };
        let faults: Vec<CelFault> =
            names.iter().filter(unknown).map(|name| CelFault::Name((*name).to_owned())).collect();
        if !faults.is_empty() {
            return Err(faults);
        }
        let uses = VARIABLES.into_iter().filter(|v| names.contains(v)).collect();
        Ok(Self { program, uses })
    }
}

/// Names that the expression's own macros bind: the `l` of `lines.exists(l, …)`.
fn bound_names(source: &str) -> Vec<String> {
    let macros = ["all(", "exists(", "exists_one(", "map(", "filter("];
    let after = macros.into_iter().flat_map(|m| source.split(m).skip(1));
    after.filter_map(|rest| rest.split_once(',')).map(|(name, _)| name.trim().to_owned()).collect()
}

fn member(view: &View, name: &str) -> Result<Value, String> {
    let value = match name {
        "kind" => cel::to_value(&view.kind),
        "journey" => cel::to_value(&view.journey),
        "phase" => cel::to_value(&view.phase),
        "progress" => cel::to_value(&view.progress),
        "position" => cel::to_value(&view.position),
        "fields" => cel::to_value(&view.fields),
        "value" => cel::to_value(view.value),
        "currency" => cel::to_value(&view.currency),
        "partners" => cel::to_value(&view.partners),
        "reached" => cel::to_value(&view.reached),
        _ => cel::to_value(&view.lines),
    };
    value.map_err(|e| e.to_string())
}

impl Condition for CelCondition {
    fn holds(&self, view: &View) -> Result<bool, String> {
        let mut scope = ROOT.new_inner_scope();
        for name in &self.uses {
            scope.add_variable_from_value(*name, member(view, name)?);
        }
        match self.program.execute(&scope) {
            Ok(Value::Bool(holds)) => Ok(holds),
            Ok(other) => Err(format!("the condition gave {other:?}, expected true or false")),
            Err(why) => Err(why.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use baton_core::state::LineView;

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
