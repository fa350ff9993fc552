use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
};

use rusqlite::Connection;
use tempfile::TempDir;
use tokio::{
    sync::{broadcast, watch},
    task::JoinSet,
};

use super::{Given, Queue, Writer};
use crate::{
    error::StoreError,
    sqlite::{Bell, unit::Unit},
};

/// A writer with a table of notes.
struct Desk {
    writer: Arc<Writer>,
    dir: TempDir,
}

fn open(path: &Path) -> Connection {
    Connection::open(path).unwrap()
}

impl Desk {
    /// `pragma` is run on the writer's own connection.
    fn new(pragma: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("notes.db");
        let connection = open(&path);
        connection
            .execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE note (text TEXT NOT NULL)")
            .unwrap();
        connection.execute_batch(pragma).unwrap();
        let bell = Arc::new(Bell { work: watch::Sender::new(0), events: broadcast::channel(16).0 });
        let writer = Writer::start(connection, open(&path), bell, Given::default()).unwrap();
        Self { writer: Arc::new(writer), dir }
    }

    async fn note(&self, text: &str) -> Result<(), StoreError> {
        note(Arc::clone(&self.writer), text.to_owned()).await
    }

    /// Keeps the writer busy until the sender is dropped: what comes meanwhile goes into one batch.
    async fn occupied(&self) -> mpsc::Sender<()> {
        let (end, ended) = mpsc::channel();
        let (started, start) = tokio::sync::oneshot::channel();
        let writer = Arc::clone(&self.writer);
        let mut started = Some(started);
        tokio::spawn(async move {
            writer
                .write(Queue::Work, move |_| {
                    let _ = started.take().map(|started| started.send(()));
                    let _ = ended.recv();
                    Ok(())
                })
                .await
        });
        start.await.unwrap();
        end
    }

    fn notes(&self) -> Vec<String> {
        let connection = open(&self.dir.path().join("notes.db"));
        let mut statement = connection.prepare("SELECT text FROM note ORDER BY text").unwrap();
        statement.query_map((), |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    }
}

async fn note(writer: Arc<Writer>, text: String) -> Result<(), StoreError> {
    writer
        .write(Queue::Work, move |unit| unit.run("INSERT INTO note (text) VALUES (?1)", [&text]).map(drop))
        .await
}

/// Writes a note and then fails as told.
async fn fail(writer: Arc<Writer>, end: fn() -> Result<(), StoreError>) -> Result<(), StoreError> {
    writer
        .write(Queue::Work, move |unit| {
            unit.run("INSERT INTO note (text) VALUES ('half')", ())?;
            end()
        })
        .await
}

/// Ten good units around a bad one, in one batch: only the bad one is undone.
async fn check_alone(end: fn() -> Result<(), StoreError>) {
    let desk = Desk::new("");
    let occupied = desk.occupied().await;
    let mut good = JoinSet::new();
    for number in 0..5 {
        good.spawn(note(Arc::clone(&desk.writer), format!("a{number}")));
    }
    tokio::task::yield_now().await;
    let bad = tokio::spawn(fail(Arc::clone(&desk.writer), end));
    tokio::task::yield_now().await;
    for number in 0..5 {
        good.spawn(note(Arc::clone(&desk.writer), format!("b{number}")));
    }
    tokio::task::yield_now().await;
    drop(occupied);
    assert!(good.join_all().await.iter().all(Result::is_ok));
    assert!(bad.await.unwrap().is_err());
    assert_eq!(desk.notes(), ["a0", "a1", "a2", "a3", "a4", "b0", "b1", "b2", "b3", "b4"]);
    // The same when it is the only one in its commit.
    assert!(fail(Arc::clone(&desk.writer), end).await.is_err());
    desk.note("c").await.unwrap();
    assert_eq!(desk.notes().len(), 11);
}

#[tokio::test]
async fn a_unit_that_fails_is_undone_alone() {
    check_alone(|| Err(StoreError::NotFound("row"))).await;
}

#[tokio::test]
async fn a_unit_that_panics_is_undone_alone() {
    check_alone(|| panic!("a bug")).await;
}

/// One batch of a note and a unit that ends so; how often the note was written.
async fn runs_beside(write: bool, end: fn() -> Result<(), StoreError>) -> usize {
    let desk = Desk::new("");
    let occupied = desk.occupied().await;
    let (runs, writer) = (Arc::new(AtomicUsize::new(0)), Arc::clone(&desk.writer));
    let counted = Arc::clone(&runs);
    let note = tokio::spawn(async move {
        let note = move |unit: &mut Unit<'_>| {
            counted.fetch_add(1, Ordering::Relaxed);
            unit.run("INSERT INTO note (text) VALUES ('a')", ()).map(drop)
        };
        writer.write(Queue::Work, note).await
    });
    tokio::task::yield_now().await;
    let writer = Arc::clone(&desk.writer);
    let other = tokio::spawn(async move {
        let work = move |unit: &mut Unit<'_>| {
            if write {
                unit.run("INSERT INTO note (text) VALUES ('half')", ())?;
            }
            end()
        };
        writer.write(Queue::Work, work).await
    });
    tokio::task::yield_now().await;
    drop(occupied);
    note.await.unwrap().unwrap();
    let _ = other.await.unwrap();
    assert_eq!(desk.notes(), ["a"]);
    runs.load(Ordering::Relaxed)
}

#[tokio::test]
async fn a_batch_runs_again_only_when_a_unit_failed_after_writing() {
    assert_eq!(runs_beside(false, || Ok(())).await, 1);
    assert_eq!(runs_beside(false, || Err(StoreError::NotFound("row"))).await, 1);
    assert_eq!(runs_beside(true, || Err(StoreError::NotFound("row"))).await, 2);
}

#[tokio::test]
async fn a_full_disk_is_told_to_everyone_in_the_batch_and_nothing_of_it_is_stored() {
    let desk = Desk::new("PRAGMA max_page_count = 6");
    desk.note("before").await.unwrap();
    let occupied = desk.occupied().await;
    let mut batch = JoinSet::new();
    for number in 0..20 {
        batch.spawn(note(Arc::clone(&desk.writer), format!("{number}{}", "x".repeat(2000))));
    }
    tokio::task::yield_now().await;
    drop(occupied);
    let answers = batch.join_all().await;
    assert_eq!(answers.len(), 20);
    assert!(answers.iter().all(|answer| matches!(answer, Err(StoreError::Fault { .. }))));
    assert_eq!(desk.notes(), ["before"]);
    // What fits goes on.
    desk.note("after").await.unwrap();
    assert_eq!(desk.notes(), ["after", "before"]);
}

#[tokio::test]
async fn work_that_finds_its_queue_full_waits_for_a_place() {
    let desk = Desk::new("");
    let occupied = desk.occupied().await;
    let mut notes = JoinSet::new();
    for number in 0..3000 {
        notes.spawn(note(Arc::clone(&desk.writer), format!("{number:04}")));
    }
    tokio::task::yield_now().await;
    drop(occupied);
    assert!(notes.join_all().await.iter().all(Result::is_ok));
    assert_eq!(desk.notes().len(), 3000);
}

#[tokio::test]
async fn what_nobody_waits_for_any_more_is_stored_all_the_same() {
    let desk = Desk::new("");
    let occupied = desk.occupied().await;
    let abandoned = tokio::spawn(note(Arc::clone(&desk.writer), "a".to_owned()));
    tokio::task::yield_now().await;
    abandoned.abort();
    drop(occupied);
    desk.note("b").await.unwrap();
    assert_eq!(desk.notes(), ["a", "b"]);
}
