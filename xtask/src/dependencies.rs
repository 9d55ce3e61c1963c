//! What may come in from outside: licences, sources, versions and names of all dependencies.
//!
//! Our own and not cargo-deny: that takes minutes to build on a CI machine that has only Rust, and
//! its one part that we could not write in a page, the advisory database, is fetched over a
//! network that CI does not have. Advisories are therefore deliberately not looked up here.

use anyhow::Result;

use crate::fault::Fault;
use crate::licence;
use crate::workspace::{Dependency, Metadata, Package, Workspace};

const CRATES_IO: [&str; 2] =
    ["registry+https://github.com/rust-lang/crates.io-index", "sparse+https://index.crates.io/"];

/// How far a ban reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Nowhere in the tree, however deep.
    Anywhere,
    /// Not named by a crate of ours; that somebody else uses it is their affair.
    OurManifests,
}

struct Ban {
    name: &'static str,
    reach: Reach,
    why: &'static str,
}

const fn ban(name: &'static str, reach: Reach, why: &'static str) -> Ban {
    Ban { name, reach, why }
}

const BANNED: &[Ban] = &[
    ban("openssl-sys", Reach::Anywhere, "needs a system library; use rustls"),
    ban("native-tls", Reach::Anywhere, "differs from system to system; use rustls"),
    ban("candle-transformers", Reach::Anywhere, "takes 12 CPU minutes to build"),
    ban("lancedb", Reach::Anywhere, "too heavy for a binary that starts by itself"),
    ban("mistralrs", Reach::Anywhere, "too heavy for a binary that starts by itself"),
    ban("x12-types", Reach::Anywhere, "takes 19 minutes to build; baton-formats reads X12"),
    ban("chrono", Reach::OurManifests, "jiff is the one library of time here"),
    ban("time", Reach::OurManifests, "jiff is the one library of time here"),
    ban("lazy_static", Reach::OurManifests, "std::sync::LazyLock does it"),
    ban("once_cell", Reach::OurManifests, "std::sync::OnceLock does it"),
    ban("serde_yaml", Reach::OurManifests, "no longer maintained; serde-saphyr gives positions"),
    ban("diesel", Reach::OurManifests, "an ORM; SQL lives in .sql files of baton-store"),
    ban("sea-orm", Reach::OurManifests, "an ORM; SQL lives in .sql files of baton-store"),
    ban("reqwest", Reach::OurManifests, "ureq is the one HTTP client here"),
];

pub(crate) fn faults(workspace: &Workspace) -> Result<Vec<Fault>> {
    Ok(judge(&workspace.metadata()?))
}

fn judge(metadata: &Metadata) -> Vec<Fault> {
    let mut faults = Vec::new();
    for package in &metadata.packages {
        let ours = metadata.workspace_members.contains(&package.id);
        faults.extend(licence_fault(package));
        if ours {
            faults.extend(package.dependencies.iter().flat_map(|d| manifest_faults(package, d)));
        } else {
            faults.extend(source_fault(package));
            faults.extend(ban_fault(package.name.as_str(), Reach::Anywhere, &package.name));
        }
    }
    faults.sort();
    faults.dedup();
    faults
}

fn licence_fault(package: &Package) -> Option<Fault> {
    let place = format!("{} {}", package.name, package.version);
    let remedy = "use another package, or add the licence to xtask/src/licence.rs with a reason";
    let Some(expression) = &package.license else {
        return Some(Fault::new(place, "states no licence", remedy));
    };
    match licence::is_allowed(expression) {
        Ok(true) => None,
        Ok(false) => {
            Some(Fault::new(place, format!("licence `{expression}` is not allowed"), remedy))
        }
        Err(reason) => Some(Fault::new(place, format!("licence cannot be read: {reason}"), remedy)),
    }
}

fn source_fault(package: &Package) -> Option<Fault> {
    let place = format!("{} {}", package.name, package.version);
    let remedy = "depend on a version from crates.io";
    match &package.source {
        Some(source) if CRATES_IO.contains(&source.as_str()) => None,
        Some(source) => Some(Fault::new(place, format!("comes from {source}"), remedy)),
        None => Some(Fault::new(place, "is a folder outside the workspace", remedy)),
    }
}

fn manifest_faults(package: &Package, dependency: &Dependency) -> Vec<Fault> {
    let mut faults = Vec::new();
    if dependency.req == "*" {
        faults.push(Fault::new(
            format!("{}: {}", package.name, dependency.name),
            "any version is accepted (`*`)",
            "name a version under [workspace.dependencies] and use it from there",
        ));
    }
    if dependency.source.as_deref().is_some_and(|source| source.starts_with("git+")) {
        faults.push(Fault::new(
            format!("{}: {}", package.name, dependency.name),
            "comes from a git repository, which can change or go",
            "depend on a version from crates.io",
        ));
    }
    faults.extend(ban_fault(&dependency.name, Reach::OurManifests, &package.name));
    faults
}

/// In our own manifests both kinds of ban hold.
fn ban_fault(name: &str, reach: Reach, place: &str) -> Option<Fault> {
    let ban = BANNED.iter().find(|ban| ban.name == name)?;
    (ban.reach == Reach::Anywhere || reach == Reach::OurManifests).then(|| {
        Fault::new(place, format!("`{name}` is banned"), format!("do without it: {}", ban.why))
    })
}

#[cfg(test)]
mod tests {
    use super::{CRATES_IO, judge};
    use crate::workspace::{Metadata, Workspace};

    /// One member `ours` with the dependency given, one outside package `theirs`.
    fn check(dependency: &str, theirs: &str, expected: &[&str]) {
        let json = format!(
            r#"{{"workspace_members":["ours"],"target_directory":"t","packages":[
              {{"id":"ours","name":"ours","version":"0.1.0","license":"Apache-2.0","source":null,
                "manifest_path":"ours/Cargo.toml","dependencies":[{dependency}]}},
              {{"id":"theirs","version":"1.0.0","manifest_path":"x","dependencies":[],{theirs}}}]}}"#
        );
        let metadata: Metadata = serde_json::from_str(&json).expect("sample metadata");
        let found: Vec<String> =
            judge(&metadata).iter().map(|f| format!("{}: {}", f.place, f.wrong)).collect();
        assert_eq!(found, expected, "{dependency} {theirs}");
    }

    #[test]
    fn each_rule_finds_its_fault_and_nothing_else() {
        let crates_io = CRATES_IO[0];
        let fine = format!(r#""name":"fine","license":"MIT","source":"{crates_io}""#);
        let plain = r#"{"name":"fine","source":null,"req":"^1","kind":null}"#;
        check(plain, &fine, &[]);
        check(
            r#"{"name":"fine","source":null,"req":"*","kind":"dev"}"#,
            &fine,
            &["ours: fine: any version is accepted (`*`)"],
        );
        check(
            r#"{"name":"fine","source":"git+https://example.org/x","req":"^1","kind":null}"#,
            &fine,
            &["ours: fine: comes from a git repository, which can change or go"],
        );
        check(
            r#"{"name":"chrono","source":null,"req":"^0.4","kind":null}"#,
            &fine,
            &["ours: `chrono` is banned"],
        );
        // Others may use chrono; nobody may bring in openssl-sys.
        let with = |name: &str, licence: &str| {
            format!(r#""name":"{name}","license":{licence},"source":"{crates_io}""#)
        };
        check(plain, &with("chrono", r#""MIT""#), &[]);
        check(plain, &with("openssl-sys", r#""MIT""#), &["openssl-sys: `openssl-sys` is banned"]);
        check(plain, &with("x", "null"), &["x 1.0.0: states no licence"]);
        check(
            plain,
            &with("x", r#""AGPL-3.0-only""#),
            &["x 1.0.0: licence `AGPL-3.0-only` is not allowed"],
        );
        check(
            plain,
            r#""name":"x","license":"MIT","source":"git+https://example.org/x#1""#,
            &["x 1.0.0: comes from git+https://example.org/x#1"],
        );
        check(
            plain,
            r#""name":"x","license":"MIT","source":null"#,
            &["x 1.0.0: is a folder outside the workspace"],
        );
    }

    #[test]
    fn this_workspace_passes() {
        let faults = super::faults(&Workspace::here()).expect("cargo metadata runs");
        assert!(faults.is_empty(), "{faults:#?}");
    }
}
