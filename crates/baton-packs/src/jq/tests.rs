//! Programs that must be refused or cut off, and what a mapping costs at the most.

use super::*;

fn run(code: &str, input: &str) -> Result<Vec<String>, RunFault> {
    let program = Program::compile(code).unwrap_or_else(|faults| panic!("{code}: {faults:?}"));
    let value = jaq_json::read::parse_single(input.as_bytes()).unwrap();
    let text = |t: &str| Val::utf8_str(t.as_bytes().to_vec());
    let variables = [text("s"), text("p"), text("carrier"), Val::Null];
    let mut outputs = Vec::new();
    program.run(&value, &variables, input.len(), |value| {
        outputs.push(value.to_string());
        true
    })?;
    Ok(outputs)
}

#[test]
fn programs_give_what_jq_gives() {
    for (code, input, expected) in [
        (".a", r#"{"a":1}"#, "1"),
        (".[] | select(.x > 1) | {y: .x}", r#"[{"x":1},{"x":2}]"#, r#"{"y":2}"#),
        ("[.[] | . * 2] | add", "[1,2,3]", "12"),
        (r#"def f: if . > 3 then . else (. + 1 | f) end; f"#, "0", "4"),
        (".a |= map(. + 1)", r#"{"a":[1]}"#, r#"{"a":[2]}"#),
        ("to_entries[] | \"/x/\\(.key)\"", "[5]", r#""/x/0""#),
        ("[$source, $partner]", "0", r#"["s","p"]"#),
        (".price", r#"{"price":10.10}"#, "10.10"),
        ("reduce range(3) as $i (0; . + $i)", "0", "3"),
        ("[paths]", r#"{"a":[1]}"#, r#"[["a"],["a",0]]"#),
        (r#"[.[] * "ab"]"#, "[2]", r#"["abab"]"#),
        ("[.[] as [$a, $b] | $a + $b]", "[[1,2],[3,4]]", "[3,7]"),
        ("\"12.50\" | tonumber", "0", "12.50"),
        ("[.[] | IN(2, 3)]", "[1,2]", "[false,true]"),
        ("[limit(3; repeat(1))]", "0", "[1,1,1]"),
    ] {
        assert_eq!(run(code, input).unwrap().join(","), expected, "{code}");
    }
}

#[test]
fn a_program_that_does_not_end_is_cut_off() {
    for code in [
        "repeat(.)",
        "[repeat(.)]",
        "def f: f; f",
        "def f: [f]; f",
        "def f: 1 + f; f",
        "def f: try f catch f; f",
        "last(range(1e18))",
        "[range(1000)] | [.[] as $a | .[] as $b | .[] as $c | 1] | length",
        "[range(300)] | [{a: .[], b: .[], c: .[]}] | length",
        "reduce range(60) as $i (\"a\"; . + .)",
        &"\"a\"".to_owned().chars().chain(" | . + .".repeat(60).chars()).collect::<String>(),
        "\"a\" * 1000000000",
        "reduce range(90000) as $i (0; [0, .])",
        "def d(f): f + f; d(d(d(d(d(d(d(d(d(d(d(d(d(d(d(d(d(d(d(d(d(d(d(d(d(d(d(d(1))))))))))))))))))))))))))))",
        "[recurse(. + 1; true)]",
        "until(false; . + 1)",
        "isempty(repeat(1) | select(false))",
        "(\"[\" * 100000) | fromjson",
    ] {
        assert!(run(code, "0").is_err(), "{code}");
    }
}

#[test]
fn faults_say_where() {
    for (code, line, column, found, forbidden) in [
        (".a\n  | nonsense", 2, 5, "nonsense", false),
        ("{a: }", 1, 5, "}", false),
        (".a |", 1, 5, "the end", false),
        ("now", 1, 1, "now", true),
        (".x | env.HOME", 1, 6, "env", true),
        ("$ENV.HOME", 1, 1, "$ENV", true),
        ("$nobody", 1, 1, "$nobody", false),
        ("\"abc", 1, 5, "", false),
        ("input", 1, 1, "input", true),
    ] {
        let faults = Program::compile(code).unwrap_err();
        let first = &faults[0];
        assert_eq!(
            (first.line, first.column, first.found.as_str(), first.forbidden),
            (line, column, found, forbidden),
            "{code}: {faults:?}"
        );
    }
    assert!(Program::compile(&"[".repeat(10_000)).is_err());
    assert!(Program::compile(&"try ".repeat(10_000)).is_err());
}

#[test]
fn what_json_does_not_have_is_refused_before_it_is_parsed() {
    for (text, expected) in [
        (r#"{"a":[1,-2.5e3,true,null,"x#N\""]}"#, Ok(())),
        ("[[[[]]]]", Ok(())),
        ("[NaN]", Err(1)),
        ("[1] # c", Err(4)),
    ] {
        assert_eq!(depth_of_json(text.as_bytes(), 64), expected, "{text}");
    }
    assert_eq!(depth_of_json("[".repeat(100).as_bytes(), 64), Err(64));
}
