//! `kill -9` during an import: the next look finds everything or nothing, and the next import everything.
//!
//! The moments are spread over the time that an import takes on this machine, so that each of its stages is
//! hit: the copy, its check, the one transaction, the checkpoint, the renaming.

use std::{collections::BTreeMap, path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags};
use twilio_chat::sys::World;

use super::program::Program;
use crate::original_db::OriginalDb;

const MESSAGES: u64 = 5_000;
const KILLS: u32 = 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_kills_leave_everything_or_nothing() {
    let program = Program::new().with("DB_PATH", "data/app.db");
    let original = OriginalDb::used(&program.path("earlier"), MESSAGES);
    let source = original.files();
    let lasts = uninterrupted(&program).await;

    let (mut nothing, mut everything) = (0, 0);
    for kill in 1..=KILLS {
        remove_data(&program);
        let mut import = program.start(&["import", "--from", "earlier"]);
        tokio::time::sleep(lasts * kill / KILLS).await;
        import.kill();
        match imported(&program.path("data/app.db")) {
            None | Some(0) => nothing += 1,
            Some(MESSAGES) => everything += 1,
            Some(some) => panic!("kill {kill} left {some} of {MESSAGES} messages"),
        }
    }
    println!("{KILLS} kills within {lasts:?}: {nothing} left nothing, {everything} came after the commit");
    assert!(nothing > 0, "every kill came too late to prove anything");

    let finished = program.run(&["import", "--from", "earlier"]).await;
    assert_eq!(finished.code, Some(0), "{finished:?}");
    assert_eq!(imported(&program.path("data/app.db")), Some(MESSAGES));
    assert_eq!(samples(&program.path("data/app.db")), expected(&original), "texts or numbers changed");
    assert_eq!(original.files(), source, "the source changed");
    let left: Vec<_> =
        program.files().into_iter().filter(|file| file.to_string_lossy().contains("staging")).collect();
    assert!(left.is_empty(), "a killed import's files stay for ever: {left:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn serve_killed_while_it_moves_in_leaves_the_original_or_all_of_ours() {
    let program = Program::new().with("DB_PATH", "data/app.db");
    let original = OriginalDb::used(&program.path("earlier"), MESSAGES);
    let put = || {
        remove_data(&program);
        std::fs::create_dir(program.path("data")).unwrap();
        original.file.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
        std::fs::copy(program.path("earlier/data/app.db"), program.path("data/app.db")).unwrap();
    };
    put();
    let began = World::real().now();
    assert_eq!(program.serve(&[]).await.stop().await.code, Some(0));
    let lasts = Duration::try_from(World::real().now().duration_since(began)).unwrap();

    put();
    let (mut theirs, mut ours) = (0, 0);
    for kill in 1..=KILLS {
        let mut serve = program.start(&["serve"]);
        tokio::time::sleep(lasts * kill / KILLS).await;
        serve.kill();
        match imported(&program.path("data/app.db")) {
            None => theirs += 1,
            Some(MESSAGES) => {
                ours += 1;
                put();
            }
            Some(some) => panic!("kill {kill} left {some} of {MESSAGES} messages"),
        }
    }
    println!("{KILLS} kills within {lasts:?}: {theirs} left the original, {ours} came after it was replaced");
    assert!(theirs > 0, "every kill came too late to prove anything");

    assert_eq!(program.serve(&[]).await.stop().await.code, Some(0));
    let file = Connection::open(program.path("data/app.db")).unwrap();
    assert_eq!(samples(&program.path("data/app.db")), expected(&original), "texts or numbers changed");
    assert_eq!(
        read(&file, STANDINGS),
        read(&original.file, THEIR_STANDINGS),
        "states, times or conversations"
    );
    let message: String = file
        .query_row("SELECT value ->> 'message' FROM setting WHERE key = 'auto_reply'", (), |row| row.get(0))
        .unwrap();
    assert_eq!(message, "Odpiszemy rano.");
    let is_copy = |name: &str| name.starts_with("app.original-");
    let names = std::fs::read_dir(program.path("data")).unwrap();
    let copies =
        names.filter(|entry| is_copy(&entry.as_ref().unwrap().file_name().to_string_lossy())).count();
    assert_eq!(copies, 1, "each kill left a copy");
}

/// The state of every message with a SID, its times, and whose conversation it is in.
const STANDINGS: &str = "SELECT m.sid, m.status, strftime('%Y-%m-%dT%H:%M:%S', m.created_at / 1000000, 'unixepoch'),
     strftime('%Y-%m-%dT%H:%M:%S', m.updated_at / 1000000, 'unixepoch'), c.our_address || ' ' || c.their_address
   FROM message m JOIN conversation c ON c.id = m.conversation WHERE m.sid IS NOT NULL";
const THEIR_STANDINGS: &str =
    "SELECT sid, iif(status IN ('auto-reply', 'ai-auto-reply'), 'sent', status), created_at,
     updated_at, iif(direction = 'inbound', to_number || ' ' || from_number, from_number || ' ' || to_number)
   FROM messages WHERE sid IS NOT NULL";

/// How long an import takes here.
async fn uninterrupted(program: &Program) -> Duration {
    let began = World::real().now();
    let finished = program.run(&["import", "--from", "earlier"]).await;
    assert_eq!(finished.code, Some(0), "{finished:?}");
    Duration::try_from(World::real().now().duration_since(began)).unwrap()
}

/// A kill may have come before there were any.
fn remove_data(program: &Program) {
    if program.path("data").exists() {
        std::fs::remove_dir_all(program.path("data")).unwrap();
    }
}

/// How many messages a database of ours has; `None` when there is no such file or nothing in it yet.
fn imported(database: &Path) -> Option<u64> {
    if !database.exists() {
        return None;
    }
    // Writable: what is committed but only in the WAL counts, and reading it needs recovery.
    let file = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
    let check: String = file.query_row("PRAGMA integrity_check", (), |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
    let made: u32 = file
        .query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'message'", (), |row| row.get(0))
        .unwrap();
    let count = || file.query_row("SELECT count(*) FROM message", (), |row| row.get::<_, i64>(0)).unwrap();
    (made == 1).then(|| u64::try_from(count()).unwrap())
}

/// Every message with a SID: its direction, numbers and text.
fn samples(database: &Path) -> BTreeMap<String, [String; 4]> {
    let file = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
    read(&file, "SELECT sid, direction, to_address, from_address, body FROM message WHERE sid IS NOT NULL")
}

fn expected(original: &OriginalDb) -> BTreeMap<String, [String; 4]> {
    read(
        &original.file,
        "SELECT sid, direction, to_number, from_number, body FROM messages WHERE sid IS NOT NULL",
    )
}

fn read(file: &Connection, sql: &str) -> BTreeMap<String, [String; 4]> {
    let mut statement = file.prepare(sql).unwrap();
    let rows = statement
        .query_map((), |row| Ok((row.get(0)?, [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?])))
        .unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}
