//! Opening a file: ours is brought up to date, anybody else's is left alone.

use std::{fs, path::PathBuf, sync::Barrier};

use hub_store::{SqliteOptions, Store, StoreError};
use tempfile::TempDir;

use super::another;
use crate::{
    harness::fresh,
    words::{at, ewa, inbound},
};

fn file() -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("hub.db");
    (dir, path)
}

fn open(path: &PathBuf) -> Result<Store, StoreError> {
    Store::open_sqlite(&SqliteOptions::new(path))
}

/// A file with these contents is somebody else's and stays as it was.
fn check_foreign(sql: &str) {
    let (_dir, path) = file();
    another(&path).execute_batch(sql).unwrap();
    let before = fs::read(&path).unwrap();
    let answer = open(&path);
    assert!(matches!(&answer, Err(StoreError::Foreign { path: named, .. }) if *named == path), "{answer:?}");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn a_new_file_is_an_empty_store_and_marked_as_ours() {
    let (_dir, path) = file();
    let store = open(&path).unwrap();
    assert!(store.events_after(0, 10).await.unwrap().is_empty());
    let file = another(&path);
    let pragma =
        |name: &str| file.query_row(&format!("PRAGMA {name}"), (), |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(pragma("application_id"), 0x5477_4368);
    let mode: String = file.query_row("PRAGMA journal_mode", (), |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
}

#[tokio::test]
async fn an_empty_file_is_a_new_one() {
    let (_dir, path) = file();
    fs::write(&path, b"").unwrap();
    open(&path).unwrap();
}

#[tokio::test]
async fn what_was_stored_is_there_after_reopening() {
    let hub = fresh().await;
    let row = hub.receive(inbound("SM1"), at(0)).await;
    hub.close();
    let again = open(&hub.path()).unwrap();
    assert_eq!(again.message(row).await.unwrap().unwrap().sid.unwrap().as_str(), "SM1");
}

#[tokio::test]
async fn a_file_open_in_another_process_can_be_opened_beside_it() {
    let hub = fresh().await;
    let beside = open(&hub.path()).unwrap();
    let row = hub.receive(inbound("SM1"), at(0)).await;
    assert!(beside.message(row).await.unwrap().is_some());
    beside.set_bot_enabled(true, ewa(), at(0)).await.unwrap();
    assert_eq!(hub.bot_enabled().await.unwrap(), Some(true));
}

#[test]
fn somebody_elses_file_is_refused_and_left_alone() {
    check_foreign("CREATE TABLE messages (id INTEGER PRIMARY KEY);");
    check_foreign("PRAGMA user_version = 9; CREATE TABLE messages (id INTEGER PRIMARY KEY);");
    check_foreign("PRAGMA application_id = 7; CREATE TABLE messages (id INTEGER PRIMARY KEY);");
    check_foreign(
        "CREATE TABLE schema_migration (version INTEGER); INSERT INTO schema_migration VALUES (1);",
    );
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let (_dir, path) = file();
    let text = "no database at all, but long enough to be one. ".repeat(100);
    fs::write(&path, &text).unwrap();
    assert!(matches!(open(&path), Err(StoreError::Foreign { .. })));
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn a_file_of_a_newer_release_is_refused() {
    let (_dir, path) = file();
    drop(open(&path).unwrap());
    another(&path).execute_batch("INSERT INTO schema_migration VALUES (9999, 'future', 0)").unwrap();
    assert!(matches!(open(&path), Err(StoreError::Newer { found: 9999, known, .. }) if known < 9999));
}

#[test]
fn a_file_made_by_an_edited_migration_is_refused() {
    let (_dir, path) = file();
    drop(open(&path).unwrap());
    another(&path)
        .execute_batch("UPDATE schema_migration SET checksum = checksum + 1 WHERE version = 1")
        .unwrap();
    assert!(matches!(open(&path), Err(StoreError::Corrupt(_))));
}

#[test]
fn a_new_file_may_be_opened_by_many_at_once() {
    for _ in 0..10 {
        let (_dir, path) = file();
        let start = Barrier::new(8);
        let opened: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        start.wait();
                        open(&path)
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        for store in opened {
            store.unwrap();
        }
    }
}
