//! The arrows of the house: which crate may depend on which, and on what from outside.
//!
//! Three tables. `ARROWS` is the picture in ARCHITECTURE.md: a crate may depend on the crates in
//! its row and on no other of ours. `HOLDERS` says who alone may depend on a package that would
//! carry I/O, time or chance into the rules. `sources` looks into the text of the sources for what
//! no manifest shows: SQL outside baton-store, the world inside the pure crates.
//!
//! A new crate has no row and therefore fails here, which is the moment to decide where it stands.

mod sources;

use anyhow::Result;

use crate::fault::Fault;
use crate::workspace::{Dependency, Metadata, Package, Workspace};

struct Arrow {
    from: &'static str,
    /// Crates of ours that `from` may depend on.
    to: &'static [&'static str],
    /// Further ones for its tests alone.
    to_in_tests: &'static [&'static str],
}

const fn arrow(from: &'static str, to: &'static [&'static str]) -> Arrow {
    Arrow { from, to, to_in_tests: &[] }
}

const ARROWS: &[Arrow] = &[
    arrow("baton-core", &[]),
    arrow("baton-formats", &[]),
    arrow("baton-packs", &["baton-core", "baton-formats"]),
    arrow("baton-store", &["baton-core"]),
    Arrow {
        from: "baton-server",
        to: &["baton-core", "baton-formats", "baton-packs", "baton-store"],
        to_in_tests: &["baton-sim"],
    },
    arrow("baton-sim", &["baton-core", "baton-formats", "baton-packs"]),
    arrow(
        "baton-cli",
        &["baton-core", "baton-formats", "baton-packs", "baton-sim", "baton-server", "baton-store"],
    ),
    arrow("xtask", &[]),
];

struct Holder {
    packages: &'static [&'static str],
    /// The crates that alone may depend on them.
    crates: &'static [&'static str],
    /// Whether the tests of other crates may have them.
    free_in_tests: bool,
    why: &'static str,
}

const HOLDERS: &[Holder] = &[
    Holder {
        packages: &[
            "rusqlite",
            "libsqlite3-sys",
            "postgres",
            "tokio-postgres",
            "tokio-postgres-rustls",
            "sqlx",
        ],
        crates: &["baton-store"],
        free_in_tests: false,
        why: "all SQL is in baton-store; add a query there",
    },
    Holder {
        packages: &["redis"],
        crates: &["baton-server"],
        free_in_tests: false,
        why: "nodes tell each other by baton-server's relay, and nothing is kept in Redis",
    },
    Holder {
        packages: &["axum", "tower", "tower-http", "hyper", "utoipa"],
        crates: &["baton-server"],
        free_in_tests: true,
        why: "HTTP is spoken in baton-server; pass it plain values",
    },
    Holder {
        packages: &["tokio", "ureq"],
        crates: &["baton-server", "baton-cli"],
        free_in_tests: true,
        why: "only the edges do I/O; take what is needed as an argument",
    },
    Holder {
        packages: &["rand", "rand_chacha", "getrandom", "fastrand"],
        crates: &["baton-server", "baton-sim"],
        free_in_tests: true,
        why: "chance is an argument of the rules, never drawn by them",
    },
    Holder {
        packages: &["uuid", "ulid"],
        crates: &["baton-server"],
        free_in_tests: true,
        why: "ids are arguments of the rules, never made by them",
    },
    Holder {
        packages: &["tracing", "tracing-subscriber"],
        crates: &["baton-store", "baton-server", "baton-cli"],
        free_in_tests: true,
        why: "a pure function returns what it has to say",
    },
    Holder {
        packages: &["anyhow"],
        crates: &["baton-cli", "xtask"],
        free_in_tests: true,
        why: "libraries return typed errors (thiserror)",
    },
    Holder {
        packages: &["clap", "clap_complete", "indicatif", "ratatui"],
        crates: &["baton-cli", "xtask"],
        free_in_tests: true,
        why: "the terminal belongs to baton-cli",
    },
];

pub(crate) fn faults(workspace: &Workspace) -> Result<Vec<Fault>> {
    let metadata = workspace.metadata()?;
    let mut faults = manifest_faults(workspace, &metadata);
    for path in workspace.files()? {
        let shown = path.display().to_string();
        if !sources::concerns(&shown) {
            continue;
        }
        if let Some(text) = workspace.text(&path)? {
            faults.extend(sources::faults(&shown, &text));
        }
    }
    Ok(faults)
}

fn manifest_faults(workspace: &Workspace, metadata: &Metadata) -> Vec<Fault> {
    let ours: Vec<&Package> = metadata.members().collect();
    let mut faults = Vec::new();
    for package in &ours {
        let place = workspace.relative(&package.manifest_path).display().to_string();
        let Some(arrow) = ARROWS.iter().find(|arrow| arrow.from == package.name) else {
            faults.push(Fault::new(
                place,
                format!("crate `{}` has no place in the layers", package.name),
                "add its row to ARROWS in xtask/src/layers.rs and the picture in ARCHITECTURE.md",
            ));
            continue;
        };
        for dependency in &package.dependencies {
            let fault = if ours.iter().any(|other| other.name == dependency.name) {
                arrow_fault(arrow, dependency)
            } else {
                holder_fault(&package.name, dependency)
            };
            faults.extend(fault.map(|(wrong, remedy)| Fault::new(&place, wrong, remedy)));
        }
    }
    faults
}

/// What is wrong and what to do, if `arrow.from` may not depend on `dependency`.
fn arrow_fault(arrow: &Arrow, dependency: &Dependency) -> Option<(String, String)> {
    let name = dependency.name.as_str();
    let allowed = arrow.to.contains(&name)
        || (dependency.is_dev() && (arrow.to_in_tests.contains(&name) || name == arrow.from));
    if allowed {
        return None;
    }
    let may = match arrow.to {
        [] => "no crate of ours".to_owned(),
        crates => crates.join(", "),
    };
    let remedy = if arrow.to_in_tests.contains(&name) {
        "move it to [dev-dependencies]: only tests may have it".to_owned()
    } else {
        format!("move the code to the side of `{name}`, or what it needs below both")
    };
    Some((format!("{} may depend on {may}, not on {name}", arrow.from), remedy))
}

fn holder_fault(from: &str, dependency: &Dependency) -> Option<(String, String)> {
    let name = dependency.name.as_str();
    let holder = HOLDERS.iter().find(|holder| holder.packages.contains(&name))?;
    let allowed = holder.crates.contains(&from) || (dependency.is_dev() && holder.free_in_tests);
    (!allowed).then(|| {
        let only = holder.crates.join(" and ");
        (format!("{from} depends on {name}, which only {only} may"), holder.why.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::{ARROWS, arrow_fault, holder_fault};
    use crate::workspace::{Dependency, Workspace};

    fn dependency(name: &str, kind: Option<&str>) -> Dependency {
        let (name, kind) = (name.to_owned(), kind.map(str::to_owned));
        Dependency { name, kind, source: None, req: "^1".to_owned() }
    }

    #[test]
    fn arrows_point_one_way() {
        let dev = Some("dev");
        for (from, to, kind, allowed) in [
            ("baton-packs", "baton-core", None, true),
            ("baton-packs", "baton-formats", None, true),
            ("baton-core", "baton-packs", None, false),
            ("baton-core", "baton-formats", dev, false),
            ("baton-formats", "baton-core", None, false),
            ("baton-store", "baton-packs", None, false),
            ("baton-server", "baton-store", None, true),
            ("baton-store", "baton-server", dev, false),
            ("baton-server", "baton-sim", None, false),
            ("baton-server", "baton-sim", dev, true),
            ("baton-sim", "baton-server", dev, false),
            ("baton-sim", "baton-server", None, false),
            ("baton-sim", "baton-server", Some("build"), false),
            ("baton-cli", "baton-sim", None, true),
            ("xtask", "baton-core", None, false),
        ] {
            let arrow = ARROWS.iter().find(|arrow| arrow.from == from).expect("a row");
            let found = arrow_fault(arrow, &dependency(to, kind));
            assert_eq!(found.is_none(), allowed, "{from} -> {to} {kind:?}: {found:?}");
        }
    }

    #[test]
    fn packages_of_the_outside_world_have_their_holders() {
        let dev = Some("dev");
        for (from, to, kind, allowed) in [
            ("baton-core", "tokio", None, false),
            ("baton-core", "rusqlite", None, false),
            ("baton-core", "postgres", None, false),
            ("baton-core", "axum", None, false),
            ("baton-core", "rand", None, false),
            ("baton-core", "ureq", None, false),
            ("baton-core", "proptest", dev, true),
            ("baton-core", "jiff", None, true),
            ("baton-store", "rusqlite", None, true),
            ("baton-server", "rusqlite", None, false),
            ("baton-server", "rusqlite", dev, false),
            ("baton-server", "axum", None, true),
            ("baton-cli", "axum", None, false),
            ("baton-cli", "ureq", None, true),
            ("baton-sim", "rand", None, true),
            ("baton-packs", "rand", dev, true),
            ("baton-formats", "tracing", None, false),
        ] {
            let found = holder_fault(from, &dependency(to, kind));
            assert_eq!(found.is_none(), allowed, "{from} -> {to} {kind:?}: {found:?}");
        }
    }

    /// A cycle in the table would let two crates grow into one.
    #[test]
    fn the_table_itself_has_no_cycle() {
        let mut placed: Vec<&str> = Vec::new();
        while placed.len() < ARROWS.len() {
            let before = placed.len();
            for arrow in ARROWS {
                if !placed.contains(&arrow.from) && arrow.to.iter().all(|to| placed.contains(to)) {
                    placed.push(arrow.from);
                }
            }
            assert!(placed.len() > before, "a cycle among the crates not in {placed:?}");
        }
    }

    #[test]
    fn this_workspace_passes() {
        let faults = super::faults(&Workspace::here()).expect("cargo metadata runs");
        assert!(faults.is_empty(), "{faults:#?}");
    }
}
