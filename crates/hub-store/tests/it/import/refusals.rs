//! What is not the original's, or not readable, is refused by name and nothing is written.

use std::{fs, path::Path};

use hub_store::{ImportError, NoWatch, SqliteOptions, Store};
use rusqlite::Connection;

use super::{House, files};

/// `from` is refused with words that contain `expect`; neither side changes.
fn check(house: &House, from: &Path, expect: &str) -> ImportError {
    let before = if from.is_dir() { files(from) } else { Vec::new() };
    let error = house.try_import(from, false, &NoWatch).unwrap_err();
    assert!(error.to_string().contains(expect), "{error}");
    assert_eq!(house.our_files(), Vec::<String>::new());
    if from.is_dir() {
        assert_eq!(files(from), before);
    }
    error
}

/// A file made by `sql`.
fn made(house: &House, sql: &str) -> std::path::PathBuf {
    let path = house.dir.path().join("made.db");
    let _ = fs::remove_file(&path);
    Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    path
}

#[test]
fn foreign_files_are_refused_by_what_they_hold() {
    let house = House::new();
    let check = |path: &Path, expect: &str| {
        let error = check(&house, path, expect);
        assert!(matches!(error, ImportError::NotOriginal { .. }), "{error:?}");
    };
    check(&made(&house, "CREATE TABLE recipes (id); CREATE TABLE cooks (id)"), "cooks, recipes");
    check(&made(&house, "PRAGMA user_version = 9"), "user_version 9");
    check(&made(&house, "CREATE TABLE messages (id, body); PRAGMA user_version = 9"), "messages");
    let text = house.dir.path().join("letter.txt");
    fs::write(&text, "no database at all, but long enough to be one. ".repeat(100)).unwrap();
    check(&text, "no database at all");
    fs::write(&text, "short").unwrap();
    check(&text, "no database at all");
    // One of our own.
    let ours = house.dir.path().join("another-hub.db");
    Store::open_sqlite(&SqliteOptions::new(&ours)).unwrap().close();
    check(&ours, "a database of this program");
}

#[test]
fn a_folder_without_a_database_is_told_so() {
    let house = House::new();
    let error = check(&house, &house.dir.path().join("ours"), "no database of the original");
    assert!(matches!(error, ImportError::NotFound(_)));
    check(&house, &house.dir.path().join("nowhere"), "no database of the original");
}

#[test]
fn another_schema_of_the_original_is_told_by_its_number() {
    let house = House::new();
    for (version, later) in [(0, false), (1, false), (8, false), (10, true)] {
        let _ = fs::remove_dir_all(house.dir.path().join("theirs"));
        let original = house.used_original(10);
        original.sql(&format!("PRAGMA user_version = {version}"));
        let error = check(&house, original.folder(), &format!("schema {version};"));
        assert_eq!(matches!(error, ImportError::Later { .. }), later, "{version}");
    }
}

#[test]
fn a_missing_table_or_column_is_named() {
    let house = House::new();
    for (sql, expect) in [
        ("DROP TABLE multi_sms_recipients", "no multi_sms_recipients.id"),
        ("ALTER TABLE ai_config DROP COLUMN temperature", "no ai_config.temperature"),
    ] {
        let _ = fs::remove_dir_all(house.dir.path().join("theirs"));
        let original = house.used_original(10);
        original.sql(sql);
        check(&house, original.folder(), expect);
    }
}

#[test]
fn a_damaged_database_is_not_imported() {
    let house = House::new();
    let original = house.used_original(5_000);
    let (folder, database) = (original.folder().to_owned(), original.database());
    drop(original);
    let mut bytes = fs::read(&database).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8192].fill(0xa5);
    fs::write(&database, bytes).unwrap();
    let error = check(&house, &folder, "damaged");
    assert!(matches!(error, ImportError::Damaged { .. }));
}

#[test]
fn ours_is_not_built_into_somebody_elses_database() {
    let house = House::new();
    let original = house.used_original(10);
    Connection::open(house.ours()).unwrap().execute_batch("CREATE TABLE recipes (id)").unwrap();
    let before = fs::read(house.ours()).unwrap();
    house.try_import(original.folder(), false, &NoWatch).unwrap_err();
    assert_eq!(fs::read(house.ours()).unwrap(), before);
    assert_eq!(house.our_files(), ["hub.db"]);
}
