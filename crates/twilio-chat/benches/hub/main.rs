//! `make bench`: the message path in figures, beside the limits it could reach at best.
//!
//! Everything is measured in one run on one machine, so that ratios hold where absolute figures don't. The
//! programs under load are processes of their own: the real binary, and this one started again in a role
//! (`child`) that leaves a part of the way out. Nothing leaves the machine.

mod child;
mod client;
mod clock;
mod drain;
mod event;
mod full;
mod hub;
mod inbound;
mod load;
mod model;
mod panel;
mod prefill;
mod process;
mod scale;
mod start;
mod table;
mod webhook;

use std::path::PathBuf;

use anyhow::{Context, bail};
use tempfile::TempDir;

use table::Table;

/// A part of the run, alone with `make bench ONLY=name`.
struct Part {
    name: &'static str,
    /// Takes minutes: runs only when asked for by name.
    long: bool,
    run: fn(&Workshop, &mut Table) -> anyhow::Result<()>,
}

const PARTS: [Part; 8] = [
    Part { name: "inbound", long: false, run: inbound::run },
    Part { name: "scale", long: false, run: scale::run },
    Part { name: "drain", long: false, run: drain::run },
    Part { name: "start", long: false, run: start::run },
    Part { name: "panel", long: false, run: panel::run },
    Part { name: "event", long: false, run: event::run },
    Part { name: "model", long: false, run: model::run },
    Part { name: "full", long: true, run: full::run },
];

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(role) = child::Role::of(&arguments)? {
        return role.run();
    }
    // A bare name; what begins with a dash comes from Cargo.
    let only = arguments.iter().find(|argument| !argument.starts_with('-'));
    let only = only.map(|name| name.trim_start_matches("ONLY=")).filter(|name| !name.is_empty());
    if let Some(name) = only
        && !PARTS.iter().any(|part| part.name == name)
    {
        bail!("no part is called {name}; there are {}", PARTS.map(|part| part.name).join(", "));
    }
    let workshop = Workshop::new()?;
    let mut table = Table::new();
    for part in PARTS.iter().filter(|part| only.map_or(!part.long, |name| name == part.name)) {
        (part.run)(&workshop, &mut table).with_context(|| format!("part {}", part.name))?;
    }
    table.end();
    Ok(())
}

/// Where databases of this run lie: beside the build, on a real disk. A temporary folder in memory would
/// make every commit free.
struct Workshop {
    folder: TempDir,
}

impl Workshop {
    fn new() -> anyhow::Result<Self> {
        let folder =
            tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).context("making a folder for the run")?;
        Ok(Self { folder })
    }

    /// A new empty folder.
    fn folder(&self, name: &str) -> anyhow::Result<PathBuf> {
        let path = self.folder.path().join(name);
        if path.exists() {
            std::fs::remove_dir_all(&path)?;
        }
        std::fs::create_dir(&path)?;
        Ok(path)
    }

    /// A file of the run, whether it is there or not.
    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}
