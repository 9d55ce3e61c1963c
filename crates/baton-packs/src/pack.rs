//! A pack: its files read, and everything in them that can be checked without other packs.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use baton_core::book::{Authority, Journey, Rule, Scheme, Sla};
use baton_core::calendar::Calendar;
use serde::de::DeserializeOwned;

use crate::codes::CodeTable;
use crate::connector::{Declaration, Format, Mapping};
use crate::files::PackFiles;
use crate::finding::{Finding, FindingCode, Position};
use crate::journey::made_whole;
use crate::jq::Program;
use crate::manifest::Manifest;
use crate::moment;
use crate::x12::SetTable;
use crate::yaml::{self, Node};

/// The manifest's file name.
pub const MANIFEST: &str = "pack.yaml";
/// Files of the deriving half.
pub(crate) const DERIVING: [&str; 6] = [
    "journeys.yaml",
    "schemes.yaml",
    "calendars.yaml",
    "slas.yaml",
    "rules.yaml",
    "authority.yaml",
];

/// A pack that was read.
#[derive(Debug, Clone)]
pub struct Pack {
    pub manifest: Manifest,
    pub files: PackFiles,
    pub(crate) connectors: Vec<Loaded<ConnectorParts>>,
    pub(crate) tables: Vec<Loaded<CodeTable>>,
    pub(crate) journeys: Vec<Loaded<Journey>>,
    pub(crate) schemes: Vec<Loaded<Scheme>>,
    pub(crate) calendars: Vec<Loaded<Calendar>>,
    pub(crate) slas: Vec<Loaded<Sla>>,
    pub(crate) rules: Vec<Loaded<Rule>>,
    pub(crate) authority: Vec<Loaded<Authority>>,
}

/// A declaration with the node that it was read from.
#[derive(Debug, Clone)]
pub(crate) struct Loaded<T> {
    pub(crate) value: T,
    pub(crate) file: String,
    pub(crate) node: Node,
}

impl<T> Loaded<T> {
    pub(crate) fn finding(
        &self,
        path: &str,
        code: FindingCode,
        found: &str,
        expected: &str,
    ) -> Finding {
        Finding::new(&self.file, self.node.find(path).at, code, found, expected)
    }
}

/// A connector's declaration with its programs and tables compiled.
#[derive(Debug, Clone)]
pub(crate) struct ConnectorParts {
    pub(crate) declared: Declaration,
    pub(crate) mappings: Vec<Mapping>,
    pub(crate) sets: BTreeMap<String, SetTable>,
}

impl Pack {
    /// Reads a pack from its folder; tells everything that is wrong. Without a readable manifest there
    /// is no pack; else there is one as far as it could be read.
    #[must_use]
    pub fn load(folder: &Path) -> (Option<Self>, Vec<Finding>) {
        let (files, mut findings) = PackFiles::read(folder);
        let (pack, more) = Self::from_files(files);
        findings.extend(more);
        findings.sort();
        findings.dedup();
        (pack, findings)
    }

    /// Reads a pack from files in memory.
    #[must_use]
    pub fn from_files(files: PackFiles) -> (Option<Self>, Vec<Finding>) {
        let mut loader = Loader { files: &files, findings: files.over_limits() };
        let parts = loader.load();
        let Loader { mut findings, .. } = loader;
        findings.sort();
        let pack = parts.map(|parts| Self { files, ..parts });
        (pack, findings)
    }

    /// `starter@1.0.0`
    #[must_use]
    pub fn label(&self) -> String {
        self.manifest.label()
    }

    /// The names of its connectors.
    pub fn connector_names(&self) -> impl Iterator<Item = &str> {
        self.connectors.iter().map(|c| c.value.declared.name.as_str())
    }
}

struct Loader<'f> {
    files: &'f PackFiles,
    findings: Vec<Finding>,
}

impl Loader<'_> {
    fn load(&mut self) -> Option<Pack> {
        self.unknown_files();
        let manifest = self.manifest();
        let connectors = self.folder::<Declaration>("connectors/");
        let tables = self.folder::<CodeTable>("codes/");
        let connectors = connectors.into_iter().map(|c| self.connector(c)).collect();
        self.check_tables(&tables);
        let pack = Pack {
            files: PackFiles::default(),
            connectors,
            tables,
            journeys: self.journeys(),
            schemes: self.list("schemes.yaml"),
            calendars: self.list("calendars.yaml"),
            slas: self.list("slas.yaml"),
            rules: self.list("rules.yaml"),
            authority: self.list("authority.yaml"),
            manifest: manifest?,
        };
        Some(pack)
    }

    fn unknown_files(&mut self) {
        for name in self.files.files.keys() {
            let yaml = name.ends_with(".yaml");
            let known = name == MANIFEST
                || DERIVING.contains(&name.as_str())
                || (name.starts_with("connectors/") && yaml)
                || (name.starts_with("codes/") && yaml)
                || name.starts_with("fixtures/")
                || name.ends_with(".md");
            if !known {
                let expected = "pack.yaml, connectors/*.yaml, codes/*.yaml, journeys.yaml, schemes.yaml, calendars.yaml, slas.yaml, rules.yaml, authority.yaml or fixtures/";
                let at = Position { line: 1, column: 1 };
                let finding = Finding::new(name, at, FindingCode::FileUnknown, name, expected);
                self.findings.push(finding.meant(DERIVING.into_iter().chain([MANIFEST])));
            }
        }
    }

    fn manifest(&mut self) -> Option<Manifest> {
        let Some(node) = self.node(MANIFEST) else {
            if !self.files.files.contains_key(MANIFEST) {
                let at = Position { line: 1, column: 1 };
                let expected = "a manifest with name, version and title";
                self.findings.push(Finding::new(
                    MANIFEST,
                    at,
                    FindingCode::FileMissing,
                    "",
                    expected,
                ));
            }
            return None;
        };
        let (manifest, findings) = yaml::read::<Manifest>(&node, MANIFEST);
        self.findings.extend(findings);
        if let Some(manifest) = &manifest {
            self.findings.extend(manifest.check(&node, MANIFEST));
        }
        manifest
    }

    fn node(&mut self, name: &str) -> Option<Node> {
        let text = match self.files.text(name)? {
            Ok(text) => text,
            Err(finding) => {
                self.findings.push(finding);
                return None;
            }
        };
        // A file of comments only declares nothing.
        let empty = text.lines().all(|l| l.trim().is_empty() || l.trim_start().starts_with('#'));
        if empty && name != MANIFEST {
            return None;
        }
        match yaml::parse(text) {
            Ok(node) => Some(node),
            Err(fault) => {
                let code = FindingCode::YamlSyntax;
                self.findings.push(Finding::new(name, fault.at, code, fault.found, fault.expected));
                None
            }
        }
    }

    /// The items of a file that is a list, each read by itself so that one does not hide another.
    fn list<T: DeserializeOwned>(&mut self, name: &str) -> Vec<Loaded<T>> {
        let items = self.items(name);
        items.iter().filter_map(|item| self.one(name, item)).collect()
    }

    fn journeys(&mut self) -> Vec<Loaded<Journey>> {
        let name = "journeys.yaml";
        let (items, findings) = made_whole(&self.items(name), name);
        self.findings.extend(findings);
        items.iter().filter_map(|item| self.one(name, item)).collect()
    }

    fn items(&mut self, name: &str) -> Vec<Node> {
        let Some(node) = self.node(name) else { return Vec::new() };
        if node.items().is_empty() && !node.is_null() {
            let code = FindingCode::BadValue;
            self.findings.push(Finding::new(name, node.at, code, "", "a list of declarations"));
        }
        node.items().to_vec()
    }

    fn one<T: DeserializeOwned>(&mut self, name: &str, node: &Node) -> Option<Loaded<T>> {
        let (value, findings) = yaml::read::<T>(node, name);
        self.findings.extend(findings);
        let (file, node) = (name.to_owned(), node.clone());
        value.map(|value| Loaded { value, file, node })
    }

    /// One declaration a file.
    fn folder<T: DeserializeOwned>(&mut self, prefix: &str) -> Vec<Loaded<T>> {
        let is_inside = |name: &&String| name.starts_with(prefix) && name.ends_with(".yaml");
        let names: Vec<&String> = self.files.files.keys().filter(is_inside).collect();
        let mut all = Vec::new();
        for name in names {
            if let Some(node) = self.node(name) {
                all.extend(self.one(name, &node));
            }
        }
        all
    }

    fn check_tables(&mut self, tables: &[Loaded<CodeTable>]) {
        for table in tables {
            let mut seen = std::collections::BTreeSet::new();
            for (n, row) in table.value.codes.iter().enumerate() {
                let path = format!("codes/{n}/code");
                // What lost its milestone because that was wrong has been told of.
                let line = table.node.find(&path).at.line;
                let told = self.findings.iter().any(|f| f.file == table.file && f.at.line == line);
                if !row.says_something() && !told {
                    let expected = "a milestone, exception, clears or liable, or `nothing: true`";
                    let code = FindingCode::MissingKey;
                    self.findings.push(table.finding(&path, code, &row.code, expected));
                }
                if !seen.insert(&row.code) {
                    let code = FindingCode::RepeatedName;
                    self.findings.push(table.finding(&path, code, &row.code, "each code once"));
                }
            }
        }
    }

    fn connector(&mut self, loaded: Loaded<Declaration>) -> Loaded<ConnectorParts> {
        let declared = &loaded.value;
        if let Some(zone) = &declared.time_zone
            && moment::zone(zone).is_none()
        {
            let expected = "a time zone such as America/Chicago";
            let code = FindingCode::UnknownName;
            self.findings.push(loaded.finding("time_zone", code, zone, expected));
        }
        for (n, pointer) in declared.ignore.iter().enumerate() {
            if !pointer.starts_with('/') {
                let path = format!("ignore/{n}");
                let expected = "a JSON pointer such as /sent_at";
                self.findings.push(loaded.finding(&path, FindingCode::BadValue, pointer, expected));
            }
        }
        self.check_shape(&loaded);
        let mappings = self.mappings(&loaded);
        let sets = self.sets(&loaded);
        let Loaded { value: declared, file, node } = loaded;
        Loaded { value: ConnectorParts { declared, mappings, sets }, file, node }
    }

    fn check_shape(&mut self, loaded: &Loaded<Declaration>) {
        let declared = &loaded.value;
        let has_map = declared.map.is_some() || !declared.mappings.is_empty();
        let x12 = declared.format == Format::X12;
        let mut tell = |key: &str, found: &str, expected: &str| {
            self.findings.push(loaded.finding(key, FindingCode::BadValue, found, expected));
        };
        if x12 && has_map {
            tell("map", "a jq program", "`sets` for the format x12");
        }
        if !x12 && !declared.sets.is_empty() {
            tell("sets", "sets", "`map` or `mappings` for a JSON format");
        }
        if declared.map.is_some() && !declared.mappings.is_empty() {
            tell("mappings", "both `map` and `mappings`", "one of the two");
        }
        if !x12 && !has_map {
            tell(
                "name",
                &declared.name,
                "`map` or `mappings`: a jq program that yields statements",
            );
        }
        if x12 && declared.sets.is_empty() {
            tell("name", &declared.name, "`sets`: how each transaction set is read");
        }
    }

    fn mappings(&mut self, loaded: &Loaded<Declaration>) -> Vec<Mapping> {
        let declared = &loaded.value;
        let mut mappings = Vec::new();
        if let Some(code) = &declared.map
            && let Some(program) = self.program(loaded, "map", code)
        {
            let name = declared.name.to_string();
            mappings.push(Mapping { name, headers: Vec::new(), predicate: None, program });
        }
        for (n, mapping) in declared.mappings.iter().enumerate() {
            let path = format!("mappings/{n}");
            let program = self.program(loaded, &format!("{path}/map"), &mapping.map);
            let predicate = mapping.when.jq.as_ref();
            let predicate =
                predicate.and_then(|code| self.program(loaded, &format!("{path}/when/jq"), code));
            let headers = mapping.when.header.iter();
            let headers = headers.map(|(name, of)| (name.clone(), of.values().to_vec())).collect();
            if let Some(program) = program {
                mappings.push(Mapping { name: mapping.name.clone(), headers, predicate, program });
            }
        }
        mappings
    }

    fn program(
        &mut self,
        loaded: &Loaded<Declaration>,
        path: &str,
        code: &str,
    ) -> Option<Arc<Program>> {
        match Program::compile(code) {
            Ok(program) => Some(Arc::new(program)),
            Err(faults) => {
                let node = loaded.node.find(path);
                self.findings.extend(faults.into_iter().map(|fault| {
                    let at = node.within(fault.line, fault.column);
                    let code = if fault.forbidden {
                        FindingCode::JqForbidden
                    } else {
                        FindingCode::JqSyntax
                    };
                    Finding::new(&loaded.file, at, code, fault.found, fault.expected)
                }));
                None
            }
        }
    }

    fn sets(&mut self, loaded: &Loaded<Declaration>) -> BTreeMap<String, SetTable> {
        let mut sets = BTreeMap::new();
        for (code, set) in &loaded.value.sets {
            let path = format!("sets/{code}");
            let (table, faults) = SetTable::compile(set);
            for (inner, found, expected) in faults {
                let finding = loaded.finding(
                    &format!("{path}/{inner}"),
                    FindingCode::Reference,
                    &found,
                    &expected,
                );
                self.findings.push(finding);
            }
            sets.insert(code.clone(), table);
        }
        sets
    }
}
