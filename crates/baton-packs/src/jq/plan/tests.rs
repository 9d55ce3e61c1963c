//! A plan gives what jaq gives: programs of every kind, on values of every kind, run both ways.

use proptest::prelude::*;

use super::super::{Bounds, Form, Program, VARIABLES, filter, parsed, prelude, ration, run_whole};
use super::*;

/// Everything that a run shows: its outputs, its error, the bound that it reached.
type Shown = (Vec<String>, Option<String>, Option<&'static str>);

fn shown(
    steps: u64,
    run: impl FnOnce(&Bounds, &mut dyn FnMut(Val) -> bool) -> Result<(), Stop>,
) -> Shown {
    let bounds = Bounds::new(steps);
    let mut outputs = Vec::new();
    let ended = run(&bounds, &mut |value| {
        outputs.push(value.to_string());
        outputs.len() < 50
    });
    let error = match ended {
        Err(Stop::Failed(error)) => Some(error.to_string()),
        _ => None,
    };
    (outputs, error, bounds.reached())
}

fn variables() -> [Val; 4] {
    let text = |text: &str| Val::utf8_str(text.as_bytes().to_vec());
    [text("s"), text("p"), text("carrier"), Val::Null]
}

/// A program compiled both ways.
struct Both {
    code: String,
    whole: jaq_core::Filter<super::super::Reading>,
    planned: Plan,
}

impl Both {
    fn compile(code: &str) -> Self {
        let body = ration::weave(parsed(code).unwrap());
        let whole = filter(code, &body, &prelude(), &VARIABLES).unwrap();
        let Form::Planned(planned) = Program::compile(code).unwrap().form else {
            panic!("no plan for {code}")
        };
        Self { code: code.to_owned(), whole, planned }
    }

    fn check(&self, input: &Val) {
        for steps in [3, 10_000] {
            let whole = shown(steps, |bounds, take| {
                run_whole(&self.whole, input, &variables(), bounds, take)
            });
            let planned =
                shown(steps, |bounds, take| self.planned.run(input, &variables(), bounds, take));
            assert_eq!(planned, whole, "{} on {input} within {steps} steps", self.code);
        }
    }
}

const PROGRAMS: &[&str] = &[
    ".a, .b | tostring",
    "{a: .a, \"b\\(.b)\": .b, (.a | tostring): 1, $source} + {a: 2}",
    ".a as $x | .b as [$y, [$z]] | [$x, $y, $z, $role]",
    "[.[]?] | length",
    ".a // .b // \"none\"",
    "[.a[]? // 1, 2]",
    "if .a then .b elif .b == null then 1 else error(\"x\\(.a)\") end",
    "(.a | if . == 1 or . == \"x\" then true else false end) and (.b | not)",
    "[.a, .b] | map(select(. != null and . != 1)) | join(\"-\")",
    "(.a // {} | if type == \"object\" then [.a, .b] | map(values) | join(\", \") else tostring end)",
    "join(\", \")",
    "[.a, .b] | join(.[0])",
    "to_entries[] | .key as $k | .value | {k: $k, v: .}",
    "(.a | tostring | ascii_downcase), (.b | IN(1, \"x\", null))",
    ".a[1:], .b[:1]?, .a[0], .[-1]?",
    "try (.a | error) catch {caught: .}",
    "[.[]? | try (if . == 1 then error(\"one\") else . end) catch 7]",
    "reduce .[]? as $x (0; . + 1)",
    "[.[]? as $x | .[]? as $y | $x == $y]",
    "def twice(f): f | f; def name: {\"x\": 1}[tostring] // \"other\"; [.a | twice(tostring)], (.b | name)",
    "def given($v; f): [$v, f, $source]; .a | given(.; type)",
    "-(.a), .a * .b, .a - .b, .a / .b, .a % .b",
    "[.a, .b] | add",
    "any(.[]?; . == 1), all(.[]?; . == 1)",
    "[first(.[]?), first(.a, .b)]",
    "(.a, .b) + (1, 2)",
    "[.a < .b, .a <= .b, .a > .b, .a >= .b, .a != .b]",
    "([.a, .b] | unique | length), ({a, b} | keys)",
    ".a.b.c, .a[.b]?, .[\"a\"], .\"b\"",
    "[.a, .b | numbers, strings, objects]",
    ". as $all | [$all.a, $all.b?]",
    "{\"A\": \"x\", \"B\": \"y\"}[.a | tostring]",
    "with_entries(.value |= tostring) | .a",
    "isempty(.[]?), ([] | isempty(.[])), (empty | 1), 1.50, \"\", [], {}, null",
    "[limit(2; .[]?)] | .[0]",
    "\"\\(.a)/\\(.b)\" | split(\"/\")",
    "[.[]?] | INDEX(type) | length",
];

fn value() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("1".to_owned()),
        Just("2.50".to_owned()),
        Just("\"x\"".to_owned()),
        Just("\"A b\"".to_owned()),
        (-3_i32..3).prop_map(|n| n.to_string()),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let list = proptest::collection::vec(inner.clone(), 0..4);
        let members = proptest::collection::vec(("[abc]", inner), 0..4);
        prop_oneof![
            list.prop_map(|items| format!("[{}]", items.join(","))),
            members.prop_map(|members| {
                let members: Vec<_> =
                    members.iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

fn member_pair() -> impl Strategy<Value = String> {
    let pair = (value(), value()).prop_map(|(a, b)| format!("{{\"a\":{a},\"b\":{b}}}"));
    prop_oneof![3 => pair, 1 => value()]
}

#[test]
fn a_plan_gives_what_jaq_gives() {
    let programs: Vec<Both> = PROGRAMS.iter().map(|code| Both::compile(code)).collect();
    let config = ProptestConfig { cases: 400, ..ProptestConfig::default() };
    proptest!(config, |(text in member_pair())| {
        let input = jaq_json::read::parse_single(text.as_bytes()).unwrap();
        programs.iter().for_each(|program| program.check(&input));
    });
}

#[test]
fn what_no_plan_can_say_stays_whole_with_jaq() {
    for code in [
        "def f: if . > 3 then . else (. + 1 | f) end; f",
        ".a |= 1",
        "..",
        "label $out | .[] | if . then ., break $out else . end",
        "def d(f): f + f; d(d(d(d(d(d(d(d(d(d(d(d(1))))))))))))",
        &format!("[{}.]", ".,".repeat(5_000)),
    ] {
        let program = Program::compile(code).unwrap();
        assert!(matches!(program.form, Form::Whole(_)), "{code:.80}");
    }
}

#[test]
fn the_deepest_plan_runs_on_the_stack_of_a_thread() {
    let code = |pipes: usize| format!(".{}", " | (., .) | first(.)".repeat(pipes));
    let is_planned = |code: &str| matches!(Program::compile(code).unwrap().form, Form::Planned(_));
    let deepest = (1..100).take_while(|pipes| is_planned(&code(*pipes))).last().unwrap();
    assert!(deepest > 20, "{deepest}");
    Both::compile(&code(deepest)).check(&Val::Null);
}
