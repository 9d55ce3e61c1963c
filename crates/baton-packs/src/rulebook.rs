//! The deriving half of several packs as one rulebook.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use baton_core::book::{Detect, Expression, Rulebook};
use baton_core::calendar::ALWAYS;
use smol_str::SmolStr;

use crate::condition::{CelCondition, CelFault};
use crate::finding::{Finding, FindingCode};
use crate::pack::{Loaded, Pack};
use crate::yaml::Node;

/// Makes one rulebook of several packs, in their order. A declaration of the same name in a later pack
/// is a fault, unless that pack overrides.
///
/// # Errors
/// Every fault that shows only when packs meet: names declared twice or not at all, calendars and
/// conditions that do not compile, packs that are required and missing.
pub fn compile(packs: &[Pack]) -> Result<Rulebook, Vec<Finding>> {
    let mut merge = Merge { packs, findings: Vec::new() };
    merge.check_requires();
    let mut book = Rulebook { version: version(packs), ..Rulebook::default() };
    let calendars = merge.all(|p| &p.calendars, |c| c.name.to_string(), "name");
    for loaded in &calendars {
        match loaded.value.compile() {
            Ok(time) => {
                book.calendars.insert(loaded.value.name.clone(), Arc::new(time));
            }
            Err(faults) => merge.findings.extend(faults.into_iter().map(|fault| {
                let (found, expected) = told_apart(&fault.kind.to_string());
                loaded.finding(&fault.path, FindingCode::Calendar, &found, &expected)
            })),
        }
    }
    let journeys = merge.all(|p| &p.journeys, |j| j.name.to_string(), "name");
    let slas = merge.all(|p| &p.slas, |s| s.name.to_string(), "name");
    // Two rules may well find the same exception, of different objects or in different ways.
    let rules =
        merge.all(|p| &p.rules, |r| format!("{} {:?} {:?}", r.code, r.on, r.detect), "code");
    let schemes = merge.all(|p| &p.schemes, |s| format!("{:?} {}", s.kind, s.scheme), "scheme");
    let authority = merge.all(|p| &p.authority, |a| format!("{:?}", a.over), "over");
    merge.check_names(&journeys, &slas, &rules, &book.calendars);
    book.journeys = merge.compiled(&journeys, |j| j.when.iter_mut().map(|e| ("when", e)).collect());
    book.slas = merge.compiled(&slas, |s| s.when.iter_mut().map(|e| ("when", e)).collect());
    book.rules = merge.compiled(&rules, |rule| {
        let detect = match &mut rule.detect {
            Detect::Condition(expression) => Some(("detect/condition", expression)),
            _ => None,
        };
        rule.when.iter_mut().map(|e| ("when", e)).chain(detect).collect()
    });
    book.schemes = schemes.iter().map(|l| l.value.clone()).collect();
    book.authority = authority.iter().map(|l| l.value.clone()).collect();
    let Merge { mut findings, .. } = merge;
    findings.sort();
    findings.dedup();
    if findings.is_empty() { Ok(book) } else { Err(findings) }
}

fn version(packs: &[Pack]) -> SmolStr {
    let labels: Vec<String> = packs.iter().map(Pack::label).collect();
    SmolStr::from(labels.join("+"))
}

/// Faults of the core say "`x` is not a …, expected …"; findings have the two apart.
fn told_apart(text: &str) -> (String, String) {
    let found = text.split('`').nth(1).unwrap_or_default().to_owned();
    match text.split_once("expected ") {
        Some((_, expected)) => (found, expected.to_owned()),
        None => (text.replace('`', "'"), "a calendar that can be kept".to_owned()),
    }
}

struct Merge<'p> {
    packs: &'p [Pack],
    findings: Vec<Finding>,
}

impl<'p> Merge<'p> {
    fn check_requires(&mut self) {
        let names: BTreeSet<&str> = self.packs.iter().map(|p| p.manifest.name.as_str()).collect();
        for pack in self.packs {
            for (n, required) in pack.manifest.requires.iter().enumerate() {
                if !names.contains(required.as_str()) {
                    let node = pack.files.text(crate::pack::MANIFEST).and_then(Result::ok);
                    let node = node.and_then(|text| crate::yaml::parse(text).ok());
                    let at =
                        node.map(|n2| n2.find(&format!("requires/{n}")).at).unwrap_or_default();
                    let expected = "a pack that is active too";
                    let code = FindingCode::Requires;
                    let finding =
                        Finding::new(crate::pack::MANIFEST, at, code, required.as_str(), expected);
                    self.findings.push(finding.meant(names.iter().copied()));
                }
            }
        }
    }

    /// The declarations of one sort of all packs; of two with one name, the later.
    fn all<T>(
        &mut self,
        of: impl Fn(&'p Pack) -> &'p Vec<Loaded<T>>,
        name: impl Fn(&T) -> String,
        key: &str,
    ) -> Vec<&'p Loaded<T>> {
        let mut all: Vec<&'p Loaded<T>> = Vec::new();
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for pack in self.packs {
            for loaded in of(pack) {
                let name = name(&loaded.value);
                match places.get(&name).and_then(|n| all.get_mut(*n)) {
                    Some(earlier) if pack.manifest.overrides => *earlier = loaded,
                    Some(_) => {
                        let expected = "a name of its own, or `overrides: true` in the manifest";
                        let code = FindingCode::RepeatedName;
                        self.findings.push(loaded.finding(key, code, &name, expected));
                    }
                    None => {
                        places.insert(name, all.len());
                        all.push(loaded);
                    }
                }
            }
        }
        all
    }

    fn check_names(
        &mut self,
        journeys: &[&Loaded<baton_core::book::Journey>],
        slas: &[&Loaded<baton_core::book::Sla>],
        rules: &[&Loaded<baton_core::book::Rule>],
        calendars: &BTreeMap<SmolStr, Arc<baton_core::calendar::WorkingTime>>,
    ) {
        let known: Vec<&str> = calendars.keys().map(SmolStr::as_str).chain([ALWAYS]).collect();
        let handoffs: Vec<&str> = journeys
            .iter()
            .flat_map(|j| j.value.handoffs.iter().map(|h| h.name.as_str()))
            .collect();
        let unknown = |file: &str, node: &Node, found: &str, expected: &str, valid: &[&str]| {
            let finding = Finding::new(file, node.at, FindingCode::UnknownName, found, expected);
            finding.meant(valid.iter().copied())
        };
        for sla in slas {
            self.check_changes(sla);
            if let Some(name) = sla.value.calendar.as_ref().filter(|n| !known.contains(&n.as_str()))
            {
                let node = sla.node.find("calendar");
                self.findings.push(unknown(
                    &sla.file,
                    node,
                    name,
                    "a calendar of these packs",
                    &known,
                ));
            }
        }
        for journey in journeys {
            for (n, handoff) in journey.value.handoffs.iter().enumerate() {
                let Some(name) = handoff.calendar.as_ref() else { continue };
                if !known.contains(&name.as_str()) {
                    let node = journey.node.find(&format!("handoffs/{n}/calendar"));
                    let expected = "a calendar of these packs";
                    self.findings.push(unknown(&journey.file, node, name, expected, &known));
                }
            }
        }
        for rule in rules {
            let (path, name) = match &rule.value.detect {
                Detect::Overdue(o) => ("detect/overdue/calendar", o.calendar.as_ref()),
                Detect::Silent(s) => ("detect/silent/calendar", s.calendar.as_ref()),
                Detect::CustodyGap(handoff) if !handoffs.contains(&handoff.as_str()) => {
                    let node = rule.node.find("detect/custody_gap");
                    let expected = "a hand-off of a journey of these packs";
                    self.findings.push(unknown(&rule.file, node, handoff, expected, &handoffs));
                    continue;
                }
                _ => continue,
            };
            if let Some(name) = name.filter(|n| !known.contains(&n.as_str())) {
                let node = rule.node.find(path);
                self.findings.push(unknown(
                    &rule.file,
                    node,
                    name,
                    "a calendar of these packs",
                    &known,
                ));
            }
        }
    }

    /// Of two targets from one day on, neither would be the one in force.
    fn check_changes(&mut self, sla: &Loaded<baton_core::book::Sla>) {
        let mut seen = BTreeSet::new();
        for (n, change) in sla.value.changes.iter().enumerate() {
            if !seen.insert(change.from) {
                let node = sla.node.find(&format!("changes/{n}/from"));
                let (found, expected) = (change.from.to_string(), "a day of its own");
                let code = FindingCode::RepeatedName;
                self.findings.push(Finding::new(&sla.file, node.at, code, found, expected));
            }
        }
    }

    /// The declarations with their conditions compiled.
    fn compiled<T: Clone>(
        &mut self,
        all: &[&Loaded<T>],
        expressions: impl Fn(&mut T) -> Vec<(&'static str, &mut Expression)>,
    ) -> Vec<T> {
        let mut done = Vec::with_capacity(all.len());
        for loaded in all {
            let mut value = loaded.value.clone();
            for (path, expression) in expressions(&mut value) {
                match CelCondition::compile(&expression.source) {
                    Ok(condition) => expression.set(Arc::new(condition)),
                    Err(faults) => {
                        let node = loaded.node.find(path);
                        let told = faults.into_iter().map(|f| cel_finding(&loaded.file, node, f));
                        self.findings.extend(told);
                    }
                }
            }
            done.push(value);
        }
        done
    }
}

fn cel_finding(file: &str, node: &Node, fault: CelFault) -> Finding {
    match fault {
        CelFault::Syntax { line, column, why } => {
            let at = node.within(line, column);
            Finding::new(file, at, FindingCode::CelSyntax, why, "a CEL expression")
        }
        CelFault::Name(name) => {
            let names = baton_core::view::Member::ALL.map(baton_core::view::Member::name);
            let expected = format!("one of {}", names.join(", "));
            let finding = Finding::new(file, node.at, FindingCode::CelName, name, expected);
            finding.meant(names)
        }
    }
}
