//! The half of the binary that is C (SQLite, zstd, the allocator), laid out by a profile like the Rust half. Not
//! the C of TLS: what has to take as long for any secret must not be laid out by those it has seen.
//!
//! GCC looks for the counts of an object by the object's path, and names by it what is private to a file; but Cargo
//! puts what it compiles with other flags into a folder of another name. So both builds compile C through a script
//! that tells GCC one path by crate and object. What was never called is compiled as without counts.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

/// What is laid out by its counts.
const CRATES: &str = "libsqlite3-sys-*|zstd-sys-*|libmimalloc-sys-*";
/// What counting objects are linked with; a part of GCC.
pub(super) const COUNTING_LINK: &str = "-Clink-arg=-lgcov";
/// In the counting build. Threads count at the same time.
const COUNT: &str = "-fprofile-generate -fprofile-update=atomic";
/// In the one that is laid out by the counts.
const USE: &str = "-fprofile-use -fprofile-partial-training";

/// The counts of the C half, in a folder of their own.
pub(super) struct CHalf {
    folder: PathBuf,
    /// The kind of machine, as `cc`'s variables have it.
    machine: String,
}

impl CHalf {
    /// If the machine's C compiler is GCC: another's counts have other names and need other tools.
    pub(super) fn of(folder: &Path, host: &str) -> Option<Self> {
        let version = Command::new("cc").arg("--version").output().ok()?;
        if !String::from_utf8_lossy(&version.stdout).contains("Free Software Foundation") {
            return None;
        }
        Some(Self { folder: folder.to_owned(), machine: host.replace('-', "_") })
    }

    /// The environment that the counting binary is built in.
    pub(super) fn counting(&self) -> Result<(String, String)> {
        self.compiler("cc-that-counts", COUNT)
    }

    /// The environment that the binary is built in by what was counted.
    pub(super) fn counted(&self) -> Result<(String, String)> {
        self.compiler("cc-by-counts", USE)
    }

    fn compiler(&self, name: &str, flags: &str) -> Result<(String, String)> {
        let path = self.folder.join(name);
        fs::write(&path, script(&self.folder, flags))
            .with_context(|| path.display().to_string())?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
        Ok((format!("CC_{}", self.machine), path.display().to_string()))
    }
}

/// An object is `…/CRATE-HASH/out/NAME.o`, and its counts are `FOLDER/CRATE/NAME.gcda`.
fn script(folder: &Path, flags: &str) -> String {
    format!(
        r#"#!/bin/sh
# The C compiler, told where the counts of what it compiles are.
previous= object=
for argument; do
  [ "$previous" = -o ] && object=$argument
  previous=$argument
done
crate=${{object%/*/*}} crate=${{crate##*/}} name=${{object##*/}}
case $object in
  *.o) ;;
  *) exec cc "$@" ;;
esac
case $crate in
  {CRATES}) exec cc {flags} -dumpdir "{}/${{crate%-*}}/" -dumpbase "${{name%.o}}" "$@" ;;
  *) exec cc "$@" ;;
esac
"#,
        folder.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is private to a file has to be found as well, as nearly all of SQLite is.
    const C: &str = "static __attribute__((noinline)) int twice(int n) { return n > 5 ? n : 2 * n; }\n\
                     int main(int n, char **all) { return twice(n) - 2; }\n";

    /// Compiles a few lines of C as Cargo's two builds do, in folders of two names.
    #[test]
    fn the_compiler_finds_what_was_counted() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |path: &str| folder.path().join(path);
        let Some(c_half) = CHalf::of(&at("c"), "this-machine") else {
            eprintln!("skipped: the C compiler is not GCC");
            return;
        };
        for build in ["zstd-sys-1/out", "zstd-sys-2/out", "ring-1/out", "ring-2/out", "c"] {
            fs::create_dir_all(at(build)).expect("a folder in it");
        }
        fs::write(at("main.c"), C).expect("C");
        // Fails where counts are used and those of a function are not found.
        let compile = |compiler: &str, object: &str| {
            let mut cc = Command::new(compiler);
            cc.args(["-O2", "-Werror=missing-profile", "-c", "-o"])
                .arg(at(object))
                .arg(at("main.c"));
            cc.output().expect("a C compiler").status.success()
        };
        let (variable, counting) = c_half.counting().expect("a script");
        assert_eq!(variable, "CC_this_machine");
        let (_, counted) = c_half.counted().expect("a script");

        assert!(compile(&counting, "zstd-sys-1/out/a-main.o"));
        assert!(!compile(&counted, "zstd-sys-2/out/a-main.o"), "missing counts are not noticed");
        let mut link = Command::new("cc");
        link.arg(at("zstd-sys-1/out/a-main.o")).args(["-lgcov", "-o"]).arg(at("program"));
        assert!(link.status().expect("a linker").success());
        assert!(Command::new(at("program")).status().expect("it runs").success());
        assert!(compile(&counted, "zstd-sys-2/out/a-main.o"), "its counts are not found");

        assert!(
            compile(&counting, "ring-1/out/a-main.o") && compile(&counted, "ring-2/out/a-main.o")
        );
        let counts = |of: &str| at("c").join(of).join("a-main.gcda").exists();
        assert!(counts("zstd-sys") && !counts("ring"), "TLS is laid out by what it has seen");
    }
}
