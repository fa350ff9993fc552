//! `make bench ONLY=vectors`: vector search in figures, beside faiss and beside the speed of memory.
//!
//! Everything a ratio is made of is measured in one run, ours and the other in turn. faiss is asked where this machine's
//! Python has it (`HUB_TEST_PYTHON`, else `python3`). The million rows of `make bench-full` are a
//! part that has to be asked for.

mod beside;
mod chance;
mod clock;
mod million;
mod scan;
mod table;
mod update;

use std::path::PathBuf;

use tempfile::TempDir;

use table::Table;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// A part of the run, alone with `make bench ONLY=name`.
struct Part {
    name: &'static str,
    run: fn(&Workshop, &mut Table) -> Outcome,
    /// Whether it takes too long to be run without being asked for.
    is_long: bool,
}

const PARTS: [Part; 3] = [
    Part { name: "vectors", run: scan::run, is_long: false },
    Part { name: "update", run: update::run, is_long: false },
    Part { name: "million", run: million::run, is_long: true },
];

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // A bare name; what begins with a dash comes from Cargo.
    let only = arguments.iter().find(|argument| !argument.starts_with('-'));
    let only = only.map(|name| name.trim_start_matches("ONLY=")).filter(|name| !name.is_empty());
    let is_meant = |part: &&Part| match only {
        None => !part.is_long,
        Some(name) => name == part.name,
    };
    let workshop = Workshop { folder: tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))? };
    let mut table = Table::new();
    let mut any = false;
    for part in PARTS.iter().filter(is_meant) {
        (part.run)(&workshop, &mut table).map_err(|error| format!("part {}: {error}", part.name))?;
        any = true;
    }
    if !any {
        return Err(format!("no part is called {}", only.unwrap_or_default()).into());
    }
    table.end();
    Ok(())
}

/// Where indices of this run lie: beside the build, on a real disk.
struct Workshop {
    folder: TempDir,
}

impl Workshop {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}
