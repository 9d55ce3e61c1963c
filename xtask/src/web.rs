//! `cargo xtask web`: builds the web app, so that the next build of the binary takes it in; checks and
//! tests of it for the other tasks.
//!
//! Node is never needed to build Baton: where it is missing, the tasks that would use it say so in a
//! line and go on, and the binary tells whoever opens it in a browser how to get the pages.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use clap::Args;

use crate::workspace::Workspace;
use crate::{Outcome, apt};

/// The oldest Node that the web app's tools run on.
const NODE_MAJOR_MIN: u32 = 20;

/// Written by npm at the end of an installation; older than the lock file, it is out of date.
const INSTALLED: &str = "node_modules/.package-lock.json";

/// Where the book keeps pictures of the pages.
const PICTURES: &str = "docs/src/images/app";

/// Where Chromium may be.
const CHROMIUM: [&str; 3] =
    ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome-stable"];

const WITHOUT_CHROMIUM: &str = "left out: the browser tests; they need Chromium in /usr/bin";

const WITHOUT_NODE: &str = "left out: the web app; it needs Node 20 or later with npm";

/// The web app's folder, where Node is there to work in it.
pub(crate) struct Web {
    folder: PathBuf,
}

impl Web {
    /// None without a Node that is new enough.
    pub(crate) fn found(workspace: &Workspace) -> Option<Self> {
        let major = major(&printed("node", "--version")?)?;
        printed("npm", "--version")?;
        (major >= NODE_MAJOR_MIN).then(|| Self { folder: workspace.root.join("web") })
    }

    /// Installs what the lock file names, unless that has been done, and builds the pages.
    pub(crate) fn build(&self) -> Result<bool> {
        Ok(self.install()? && self.run("build")?)
    }

    fn install(&self) -> Result<bool> {
        if is_newer(&self.folder.join(INSTALLED), &self.folder.join("package-lock.json")) {
            return Ok(true);
        }
        self.npm(&["ci", "--no-audit", "--no-fund", "--loglevel=error"])
    }

    /// Types, style, the client against the API's description, and the tests of its pure half.
    pub(crate) fn check(&self) -> Result<bool> {
        Ok(self.install()? && self.run("check")? && self.run("test")?)
    }

    /// Drives the pages of a binary in a browser; keeps pictures of them in a folder, if one is given, and
    /// measures with the orders of a store, if there is one.
    pub(crate) fn browse(
        &self,
        baton: &Path,
        pictures: Option<&Path>,
        million: Option<&Path>,
    ) -> Result<bool> {
        let Some(chromium) = chromium() else {
            eprintln!("{WITHOUT_CHROMIUM}");
            return Ok(true);
        };
        let mut command = self.npm_command(&["run", "--silent", "browser"]);
        command.env("BATON_BINARY", baton).env("BATON_CHROMIUM", chromium);
        match pictures {
            Some(folder) => command.env("BATON_SCREENSHOTS", folder),
            None => command.env_remove("BATON_SCREENSHOTS"),
        };
        match million {
            Some(store) => {
                command.env("BATON_MILLION", store).args(["--", "tests/million.test.ts"])
            }
            None => command.env_remove("BATON_MILLION"),
        };
        Ok(command.status().context("cannot start npm")?.success())
    }

    /// One of the scripts of `package.json`.
    fn run(&self, script: &str) -> Result<bool> {
        self.npm(&["run", "--silent", script])
    }

    fn npm(&self, arguments: &[&str]) -> Result<bool> {
        Ok(self.npm_command(arguments).status().context("cannot start npm")?.success())
    }

    fn npm_command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("npm");
        // Standard output may belong to a program that a task becomes.
        command.args(arguments).current_dir(&self.folder).stdout(std::io::stderr());
        command
    }
}

/// Chromium, installed as root on Debian where there is none.
fn chromium() -> Option<&'static str> {
    let found = || CHROMIUM.into_iter().find(|path| Path::new(path).exists());
    found().or_else(|| (apt::is_ours() && apt::install("chromium")).then(found).flatten())
}

/// What is to be done beside building the pages.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Without Node, say so and pass.
    #[arg(long)]
    if_node: bool,

    /// Drive the pages in a browser, too, and write the book's pictures of them.
    #[arg(long)]
    pictures: bool,

    /// Measure in a browser how long a reader waits with a million orders. Takes minutes, and some GB in
    /// this folder, in which the store stays for the next time.
    #[arg(long, value_name = "DIR", conflicts_with = "pictures")]
    million: Option<PathBuf>,
}

/// Orders of that store.
const MILLION: &str = "1000000";
/// Messages about them after they stand.
const LATER: &str = "10000";

/// The task itself; without Node it fails, unless that is fine.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<Outcome> {
    match Web::found(workspace) {
        Some(web) if options.pictures => {
            if !web.build()? {
                return Ok(Outcome::Failed);
            }
            let baton = workspace.build_baton(false)?;
            let pictures = workspace.root.join(PICTURES);
            Ok(Outcome::of(web.browse(&baton, Some(&pictures), None)?))
        }
        Some(web) if options.million.is_some() => measure(workspace, &web, options),
        Some(web) => Ok(Outcome::of(web.build()?)),
        None if options.if_node => {
            eprintln!("{WITHOUT_NODE}");
            Ok(Outcome::Passed)
        }
        None => bail!("the web app needs Node {NODE_MAJOR_MIN} or later, with npm"),
    }
}

fn measure(workspace: &Workspace, web: &Web, options: &Options) -> Result<Outcome> {
    let Some(store) = options.million.as_deref() else { return Ok(Outcome::Failed) };
    let store = std::path::absolute(store)?;
    if !web.build()? {
        return Ok(Outcome::Failed);
    }
    let baton = workspace.build_baton(true)?;
    if !store.exists() {
        eprintln!("making {MILLION} orders in {}, which takes minutes", store.display());
        let mut bench = Command::new(&baton);
        bench.args(["bench", "--standing", MILLION, "--events", LATER, "--keep"]).arg(&store);
        if !bench.status().context("cannot start baton bench")?.success() {
            return Ok(Outcome::Failed);
        }
    }
    Ok(Outcome::of(web.browse(&baton, None, Some(&store))?))
}

/// Builds the pages where that can be done, for a task that goes on without them.
pub(crate) fn build_if_node(workspace: &Workspace) -> Result<()> {
    match Web::found(workspace) {
        None => eprintln!("{WITHOUT_NODE}"),
        Some(web) if web.build()? => {}
        Some(_) => eprintln!("the web app was not built; npm's words are above"),
    }
    Ok(())
}

/// The web app with its pages built, or nothing without Node.
pub(crate) fn for_tests(workspace: &Workspace) -> Result<Option<Web>> {
    match Web::found(workspace) {
        None => eprintln!("{WITHOUT_NODE}"),
        Some(web) if web.build()? => return Ok(Some(web)),
        Some(_) => bail!("the web app was not built; npm's words are above"),
    }
    Ok(None)
}

fn printed(program: &str, argument: &str) -> Option<String> {
    let output = Command::new(program).arg(argument).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn major(version: &str) -> Option<u32> {
    version.trim().trim_start_matches('v').split('.').next()?.parse().ok()
}

fn is_newer(file: &Path, than: &Path) -> bool {
    let changed = |path: &Path| path.metadata().and_then(|about| about.modified()).ok();
    changed(file).zip(changed(than)).is_some_and(|(file, than)| file >= than)
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn versions_of_node_are_read() {
        for (printed, expected) in
            [("v20.20.2\n", Some(20)), ("v8.1.0", Some(8)), ("", None), ("what", None)]
        {
            assert_eq!(major(printed), expected, "{printed:?}");
        }
    }
}
