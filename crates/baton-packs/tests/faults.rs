//! Every fault of a pack is told in one run, at its place, with what was probably meant.

use baton_packs::{Pack, PackFiles, compile, connectors};

fn told(files: &[(&str, &str)]) -> Vec<String> {
    let manifest = ("pack.yaml", "name: t\nversion: 1.0.0\ntitle: T\n");
    let all = std::iter::once(&manifest).chain(files);
    let files = all.map(|(n, t)| ((*n).to_owned(), t.as_bytes().to_vec())).collect();
    let (pack, mut findings) = Pack::from_files(PackFiles { files });
    if let Some(pack) = pack {
        let packs = [pack];
        findings.extend(compile(&packs).err().unwrap_or_default());
        findings.extend(connectors(&packs).err().unwrap_or_default());
    }
    findings.iter().map(ToString::to_string).collect()
}

#[test]
fn faults_of_many_files_come_together() {
    let told = told(&[
        (
            "connectors/c.yaml",
            "name: c\nformat: json\ntime_zone: Europe/Zurih\nmap: |\n  .a\n  | nonsense(1)\n",
        ),
        (
            "connectors/d.yaml",
            "name: d\nformat: x12\nsets:\n  \"850\":\n    rows:\n      - at: PO1\n        say:\n          about: {order: [po, BEG3]}\n          orderd: {value: PO102}\n",
        ),
        (
            "codes/k.yaml",
            "name: k\nsystem: s\nelement: e\nreasons: nowhere\ncodes:\n  - {code: A, milestone: T61}\n  - {code: B}\n  - {code: C, milestone: T60}\n  - {code: C, milestone: T60}\n",
        ),
        (
            "slas.yaml",
            "- name: s\n  on: order\n  owner: carier\n  start: {reached: T10}\n  stop: [{reached: T60}]\n  target: 5x\n",
        ),
        (
            "calendars.yaml",
            "- name: hours\n  time_zone: Europe/Zurich\n  versions:\n    - from: 2000-01-01\n      week:\n        mon: [\"08:00-07:00\"]\n        tue: [\"08:00-17:00\"]\n",
        ),
        (
            "journeys.yaml",
            "- name: j\n  promise: T60\n  steps: []\n  handoffs:\n    - {name: H1, from: oem, to: carrier, on: order, released: [], received: [], grace: 1d, calendar: hour}\n",
        ),
        (
            "rules.yaml",
            "- code: E-TRN-05\n  on: shipment\n  when: \"fase == 'x'\"\n  detect:\n    silent: {after: 48h, calendar: hour, events: [T10], ends: [], awaits: carrier}\n- code: E-TRN-27\n  on: shipment\n  detect: {custody_gap: H4}\n- code: E-XXX-01\n  on: order\n  detect: {signalled: {}}\n",
        ),
        ("rulez.yaml", ""),
    ]);
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn names_are_declared_once_unless_a_pack_overrides() {
    let pack = |manifest: &str| {
        let files = [
            ("pack.yaml", manifest.to_owned()),
            ("slas.yaml", "- {name: s, on: order, owner: oem, start: first_heard, stop: [{reached: T60}], target: 5h}\n".to_owned()),
        ];
        let files = files.into_iter().map(|(n, t)| (n.to_owned(), t.into_bytes())).collect();
        Pack::from_files(PackFiles { files }).0.unwrap()
    };
    let one = || pack("name: a\nversion: 1.0.0\ntitle: A\n");
    let twice = compile(&[one(), pack("name: b\nversion: 1.0.0\ntitle: B\n")]).unwrap_err();
    assert!(
        twice[0].to_string().starts_with("slas.yaml:1:10: repeated_name: found `s`"),
        "{twice:?}"
    );
    let book =
        compile(&[one(), pack("name: b\nversion: 2.1.0\ntitle: B\noverrides: true\n")]).unwrap();
    assert_eq!((book.slas.len(), book.version.as_str()), (1, "a@1.0.0+b@2.1.0"));
    let alone =
        compile(&[pack("name: b\nversion: 1.0.0\ntitle: B\nrequires: [starter]\n")]).unwrap_err();
    assert!(alone[0].to_string().contains("requires: found `starter`"), "{alone:?}");
}

#[test]
fn a_clock_may_have_other_targets_from_other_days_on() {
    let compiled = |changes: &str| {
        let sla = format!(
            "- name: s\n  on: order\n  owner: oem\n  start: first_heard\n  stop: [{{reached: T60}}]\n  target: 5h\n  changes:\n{changes}"
        );
        let manifest = "name: a\nversion: 1.0.0\ntitle: A\n".to_owned();
        let files = [("pack.yaml", manifest), ("slas.yaml", sla)];
        let files = files.into_iter().map(|(n, t)| (n.to_owned(), t.into_bytes())).collect();
        match Pack::from_files(PackFiles { files }) {
            (Some(pack), findings) if findings.is_empty() => compile(&[pack]),
            (_, findings) => Err(findings),
        }
    };
    let first = "    - {from: 2026-07-01, target: 4h}\n";
    let book = compiled(first).unwrap();
    assert_eq!(book.slas[0].changes[0].from.to_string(), "2026-07-01");
    #[track_caller]
    fn check(found: Result<baton_core::book::Rulebook, Vec<baton_packs::Finding>>, expected: &str) {
        let found = found.unwrap_err();
        assert!(found[0].to_string().contains(expected), "{found:?}");
    }
    let twice = format!("{first}    - {{from: 2026-07-01, target: 3h}}\n");
    check(compiled(&twice), "slas.yaml:9:14: repeated_name: found `2026-07-01`");
    check(compiled("    - {from: July, target: 4h}\n"), "a day such as 2026-07-01");
}

#[test]
fn bytes_that_are_no_pack_never_panic() {
    for bytes in
        [&b"\xff\xfe"[..], b"", b"[", b"a: &x [*x]", b"- - - -", b"{}", b"name: \"\\u0000\"", b"\0"]
    {
        for name in ["pack.yaml", "connectors/a.yaml", "rules.yaml", "codes/a.yaml"] {
            let files = [(name.to_owned(), bytes.to_vec())].into();
            let (_, findings) = Pack::from_files(PackFiles { files });
            assert!(!findings.is_empty(), "{name} {bytes:?}");
        }
    }
}
