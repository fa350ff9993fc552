//! The original's database in the place of ours makes room for it.

use std::{fs, path::Path};

use hub_store::{ImportError, ImportPlan, ImportReport, ImportStep, NoWatch, SqliteOptions, Store, Watch};
use rusqlite::Connection;

use super::{House, all_added, files, interrupted::StopAt, lines};
use crate::{original_db::OriginalDb, words::at};

/// A house where the original was killed: its last rows are in the WAL beside the file.
fn killed(house: &House, messages: u64) -> Vec<String> {
    let original = house.used_original(messages);
    for suffix in ["", "-wal"] {
        let from = format!("{}{suffix}", original.database().display());
        fs::copy(from, format!("{}{suffix}", house.ours().display())).unwrap();
    }
    assert_eq!(house.our_files(), ["hub.db", "hub.db-wal"]);
    lines(&original.file, "SELECT * FROM messages")
}

fn move_in(house: &House, watch: &dyn Watch) -> Result<ImportReport, ImportError> {
    let news = house.dir.path().join("theirs/X1_data/news_config.json");
    let plan = ImportPlan { dry_run: false, now: at(0), watch };
    Store::move_in_sqlite(&SqliteOptions::new(house.ours()), Some(&news), plan)
}

fn rows_of_original(path: &Path) -> Vec<String> {
    lines(&Connection::open(path).unwrap(), "SELECT * FROM messages")
}

#[tokio::test]
async fn the_file_becomes_ours_and_the_original_stays_beside_it() {
    let house = House::new();
    let rows = killed(&house, 3_000);
    let options = SqliteOptions::new(house.ours());
    assert!(Store::holds_original(&options).unwrap());
    let report = move_in(&house, &NoWatch).unwrap();
    assert_eq!(report.messages, all_added(3_000));
    assert_eq!(report.digest_recipients.added, 2);
    assert_eq!(house.our_files(), ["hub.db", "hub.original-20260101-000000.db"]);
    assert_eq!(rows_of_original(&report.copy.unwrap()), rows);
    assert!(!Store::holds_original(&options).unwrap());
    let hub = house.open();
    assert_eq!(hub.auto_reply().await.unwrap().message, "Odpiszemy rano.");
    let newest = hub.newest_moved_in().await.unwrap().unwrap();
    hub.close();
    let sql = "SELECT max(created_at) FROM message WHERE direction = 'inbound'";
    assert_eq!(lines(&house.raw(), sql), [newest.as_microsecond().to_string()]);
    assert_eq!(lines(&house.raw(), "SELECT count(*) FROM message"), ["3000"]);
}

#[test]
fn stopped_anywhere_the_original_is_still_there_and_whole() {
    let house = House::new();
    let rows = killed(&house, 3_000);
    for step in [ImportStep::Copied, ImportStep::Messages(2_000), ImportStep::Written, ImportStep::Kept] {
        let error = move_in(&house, &StopAt(step)).unwrap_err();
        assert!(matches!(error, ImportError::Interrupted), "{step:?}: {error:?}");
        assert!(Store::holds_original(&SqliteOptions::new(house.ours())).unwrap(), "{step:?}");
        assert_eq!(rows_of_original(&house.ours()), rows, "{step:?}");
    }
    assert_eq!(move_in(&house, &NoWatch).unwrap().messages, all_added(3_000));
}

#[test]
fn an_original_that_is_still_running_is_not_replaced() {
    let house = House::new();
    let original = house.used_original(100);
    let options = SqliteOptions::new(original.database());
    let plan = ImportPlan { dry_run: false, now: at(0), watch: &NoWatch };
    let error = Store::move_in_sqlite(&options, None, plan).unwrap_err();
    assert!(matches!(error, ImportError::InUse(_)), "{error:?}");
    assert_eq!(lines(&original.file, "SELECT count(*) FROM messages"), ["100"]);
}

/// Writes to the original at the last moment.
#[derive(Debug)]
struct Late<'p>(&'p Path);

impl Watch for Late<'_> {
    fn reached(&self, step: ImportStep) -> std::ops::ControlFlow<()> {
        if step == ImportStep::Written {
            let file = Connection::open(self.0).unwrap();
            file.execute_batch("UPDATE messages SET body = 'late' WHERE id = 1").unwrap();
        }
        std::ops::ControlFlow::Continue(())
    }
}

#[test]
fn an_original_that_was_written_to_meanwhile_is_not_replaced() {
    let house = House::new();
    killed(&house, 100);
    let error = move_in(&house, &Late(&house.ours())).unwrap_err();
    assert!(matches!(error, ImportError::InUse(_)), "{error:?}");
    assert!(rows_of_original(&house.ours())[0].contains("late"));
    assert_eq!(house.our_files(), ["hub.db"]);
}

/// Tries to write to the original when it is about to be replaced.
#[derive(Debug)]
struct TooLate<'p>(&'p Path);

impl Watch for TooLate<'_> {
    fn reached(&self, step: ImportStep) -> std::ops::ControlFlow<()> {
        if step == ImportStep::Kept {
            let file = Connection::open(self.0).unwrap();
            file.busy_timeout(std::time::Duration::ZERO).unwrap();
            file.execute_batch("UPDATE messages SET body = 'late' WHERE id = 1").unwrap_err();
        }
        std::ops::ControlFlow::Continue(())
    }
}

#[test]
fn nobody_writes_to_an_original_that_is_being_replaced() {
    let house = House::new();
    let rows = killed(&house, 100);
    let report = move_in(&house, &TooLate(&house.ours())).unwrap();
    assert_eq!(rows_of_original(&report.copy.unwrap()), rows);
}

#[test]
fn killed_at_the_last_moment_again_and_again_it_leaves_one_copy() {
    let house = House::new();
    killed(&house, 100);
    for _ in 0..3 {
        move_in(&house, &StopAt(ImportStep::Kept)).unwrap_err();
    }
    move_in(&house, &NoWatch).unwrap();
    assert_eq!(house.our_files(), ["hub.db", "hub.original-20260101-000000.db"]);
}

#[test]
fn the_file_stays_its_owners() {
    use std::os::unix::fs::{MetadataExt, chown};
    let house = House::new();
    killed(&house, 10);
    if chown(house.ours(), Some(1234), Some(4321)).is_err() {
        // Only root can say that a file is somebody else's.
        return;
    }
    move_in(&house, &NoWatch).unwrap();
    let file = fs::metadata(house.ours()).unwrap();
    assert_eq!((file.uid(), file.gid()), (1234, 4321));
}

#[test]
fn behind_a_link_the_file_is_replaced_and_the_link_stays() {
    let house = House::new();
    let original = OriginalDb::used(&house.dir.path().join("theirs"), 10);
    let (folder, database) = (original.folder().to_owned(), original.database());
    drop(original);
    std::os::unix::fs::symlink(&database, house.ours()).unwrap();
    move_in(&house, &NoWatch).unwrap();
    assert!(house.ours().is_symlink());
    assert_eq!(lines(&Connection::open(database).unwrap(), "SELECT count(*) FROM message"), ["10"]);
    assert_eq!(
        files(&folder),
        ["X1_data/news_config.json", "data/app.db", "data/app.original-20260101-000000.db"]
    );
}

#[test]
fn whose_a_file_is() {
    let house = House::new();
    let holds = || Store::holds_original(&SqliteOptions::new(house.ours())).unwrap();
    assert!(!holds(), "no file");
    fs::write(house.ours(), "").unwrap();
    assert!(!holds(), "an empty one");
    fs::write(
        house.ours(),
        "not a database, but long enough to be looked at as if it were one. ".repeat(100),
    )
    .unwrap();
    assert!(!holds(), "a text");
    fs::remove_file(house.ours()).unwrap();
    Connection::open(house.ours()).unwrap().execute_batch("CREATE TABLE messages (id, body)").unwrap();
    assert!(!holds(), "somebody else's");
    fs::remove_file(house.ours()).unwrap();
    // Still open: nothing of it is in the file's first page yet.
    let hub = house.open();
    assert!(!holds(), "ours, open");
    hub.close();
    assert!(!holds(), "ours");
}
