//! The shape of the whole workspace: who may depend on whom, and how its files look.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// Every allowed edge between our crates. `hub-sim` is for the demo and tests only and shares no code.
const EDGES: [(&str, &str); 10] = [
    ("hub-store", "hub-domain"),
    ("hub-clients", "hub-domain"),
    ("hub-retrieval", "hub-domain"),
    ("hub-panel", "hub-domain"),
    ("twilio-chat", "hub-domain"),
    ("twilio-chat", "hub-store"),
    ("twilio-chat", "hub-clients"),
    ("twilio-chat", "hub-retrieval"),
    ("twilio-chat", "hub-sim"),
    ("twilio-chat", "hub-panel"),
];
const LONGEST_FILE: usize = 600;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

#[test]
fn no_crate_depends_on_another_outside_the_list() {
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(metadata.status.success(), "{}", String::from_utf8_lossy(&metadata.stderr));
    let metadata: Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let name = |of: &Value| of["name"].as_str().unwrap().to_owned();
    let ours: Vec<String> = packages.iter().map(name).collect();
    assert!(ours.len() >= 5, "{ours:?}");
    for package in packages {
        for dependency in package["dependencies"].as_array().unwrap() {
            let edge = (&*name(package), &*name(dependency));
            if ours.contains(&name(dependency)) {
                assert!(EDGES.contains(&edge), "{} must not depend on {}", edge.0, edge.1);
            }
        }
    }
}

#[test]
fn the_pure_crate_knows_no_io() {
    let manifest = fs::read_to_string(root().join("crates/hub-domain/Cargo.toml")).unwrap();
    for banned in ["tokio", "rusqlite", "reqwest", "axum", "http", "getrandom", "tracing"] {
        let depends =
            |line: &str| line.starts_with(&format!("{banned}.")) || line.starts_with(&format!("{banned} "));
        assert!(!manifest.lines().any(depends), "hub-domain depends on {banned}");
    }
}

#[test]
fn every_source_file_says_what_it_is_for_and_is_short_enough() {
    let mut checked = 0;
    for file in sources(&root().join("crates")) {
        let text = fs::read_to_string(&file).unwrap();
        let lines = text.lines().count();
        assert!(lines <= LONGEST_FILE, "{} has {lines} lines", file.display());
        // A file of unit tests belongs to the file it stands beside.
        let is_unit_tests =
            file.ends_with("tests.rs") && file.components().any(|part| part.as_os_str() == "src");
        assert!(
            is_unit_tests || text.starts_with("//!"),
            "{} doesn't say what it is for (//! in its first line)",
            file.display()
        );
        checked += 1;
    }
    assert!(checked > 100, "only {checked} files found");
}

#[test]
fn every_crash_point_of_the_decision_has_its_test() {
    let page = fs::read_to_string(root().join("docs/decisions/0001-crash-points.md")).unwrap();
    // Most stand in `tests/it/crash`; what a crash does to a file of its own is tested where that file is made.
    let files = sources(&root().join("crates/twilio-chat"));
    let tests: String = files.into_iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    let rows: Vec<&str> =
        page.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    assert!(rows.len() >= 14, "{rows:?}");
    for row in rows {
        assert!(tests.contains(&format!("fn {row}()")), "no test is called {row}");
    }
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("target") {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// What the simulator may answer stands for what Twilio may: people get advice about each.
#[test]
fn every_code_of_the_simulator_is_explained() {
    let mut codes = std::collections::BTreeSet::new();
    for file in fs::read_dir(root().join("crates/hub-sim/src")).unwrap().filter_map(Result::ok) {
        let Ok(text) = fs::read_to_string(file.path()) else { continue };
        let words = text.split(|character: char| !character.is_ascii_alphanumeric() && character != '+');
        let code = |word: &str| word.len() == 5 && ["20", "21", "30", "35", "63"].contains(&&word[..2]);
        codes.extend(words.filter(|word| code(word)).filter_map(|word| word.parse::<u32>().ok()));
    }
    assert!(codes.len() > 30, "{codes:?}");
    let silent: Vec<u32> =
        codes.into_iter().filter(|code| hub_domain::twilio_code::advice(*code).is_none()).collect();
    assert!(silent.is_empty(), "{silent:?}");
}
