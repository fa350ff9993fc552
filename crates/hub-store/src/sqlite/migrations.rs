//! Numbered SQL files, applied in order, each in one transaction together with its record.

use std::{cmp::Ordering, path::Path};

use rusqlite::{Connection, ErrorCode, TransactionBehavior};

use crate::error::StoreError;

/// Marks the file as ours (`TwCh`).
pub(super) const APPLICATION_ID: i32 = 0x5477_4368;

/// Other processes that may be opening a new file at the same time, with room to spare.
const WAL_TRIES: u32 = 100;

struct Migration {
    version: i64,
    name: &'static str,
    sql: &'static str,
}

const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "core", sql: include_str!("../../migrations/sqlite/0001_core.sql") },
    Migration { version: 2, name: "hub", sql: include_str!("../../migrations/sqlite/0002_hub.sql") },
    Migration {
        version: 3,
        name: "moved_in",
        sql: include_str!("../../migrations/sqlite/0003_moved_in.sql"),
    },
    Migration {
        version: 4,
        name: "recovery",
        sql: include_str!("../../migrations/sqlite/0004_recovery.sql"),
    },
    Migration {
        version: 5,
        name: "pressure",
        sql: include_str!("../../migrations/sqlite/0005_pressure.sql"),
    },
    Migration { version: 6, name: "media", sql: include_str!("../../migrations/sqlite/0006_media.sql") },
    Migration { version: 7, name: "access", sql: include_str!("../../migrations/sqlite/0007_access.sql") },
    Migration { version: 8, name: "inbox", sql: include_str!("../../migrations/sqlite/0008_inbox.sql") },
    Migration {
        version: 9,
        name: "assistant",
        sql: include_str!("../../migrations/sqlite/0009_assistant.sql"),
    },
    Migration { version: 11, name: "secrets", sql: include_str!("../../migrations/sqlite/0011_secrets.sql") },
    Migration {
        version: 12,
        name: "recovery_seen",
        sql: include_str!("../../migrations/sqlite/0012_recovery_seen.sql"),
    },
    Migration {
        version: 13,
        name: "ours_in_list",
        sql: include_str!("../../migrations/sqlite/0013_ours_in_list.sql"),
    },
    Migration {
        version: 14,
        name: "elsewhere",
        sql: include_str!("../../migrations/sqlite/0014_elsewhere.sql"),
    },
    Migration { version: 15, name: "history", sql: include_str!("../../migrations/sqlite/0015_history.sql") },
    Migration {
        version: 16,
        name: "deleted_sends",
        sql: include_str!("../../migrations/sqlite/0016_deleted_sends.sql"),
    },
];

/// Brings the file to the newest schema. Refuses a foreign file and one from a newer release; an edited
/// migration is an error, because the file on disk no longer is what the program believes.
pub(super) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let marks = marks(connection)?;
    if marks.application != APPLICATION_ID && marks.tables > 0 {
        let Marks { tables, version, .. } = marks;
        let found = format!("{tables} tables and indexes, user_version {version}");
        return Err(StoreError::Foreign { path: path.to_owned(), found });
    }
    use_wal(connection)?;
    let known = MIGRATIONS.last().map_or(0, |migration| migration.version);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if marks.application != APPLICATION_ID {
        transaction.execute_batch(&format!(
            "PRAGMA application_id = {APPLICATION_ID};
             CREATE TABLE IF NOT EXISTS schema_migration (
               version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum INTEGER NOT NULL) STRICT;"
        ))?;
    }
    let done: i64 =
        transaction
            .query_row("SELECT coalesce(max(version), 0) FROM schema_migration", (), |row| row.get(0))?;
    if done > known {
        return Err(StoreError::Newer { path: path.to_owned(), found: done, known });
    }
    for migration in MIGRATIONS {
        let sum = checksum(migration.sql);
        if migration.version <= done {
            let recorded: i64 = transaction.query_row(
                "SELECT checksum FROM schema_migration WHERE version = ?1",
                [migration.version],
                |row| row.get(0),
            )?;
            if recorded != sum {
                return Err(StoreError::Corrupt("schema_migration: an applied migration was edited"));
            }
            continue;
        }
        transaction
            .execute_batch(migration.sql)
            .map_err(|error| StoreError::fault(format!("migration {}", migration.name), error))?;
        transaction.execute(
            "INSERT INTO schema_migration (version, name, checksum) VALUES (?1, ?2, ?3)",
            (migration.version, migration.name, sum),
        )?;
    }
    transaction.commit()?;
    Ok(())
}

/// Whether a file may be read as it is: ours, and of this release.
pub(super) fn check(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let is_ours = is_ours(connection).map_err(|error| match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => {
            StoreError::Foreign { path: path.to_owned(), found: "no database at all".to_owned() }
        }
        _ => error.into(),
    })?;
    if !is_ours {
        return Err(StoreError::Foreign { path: path.to_owned(), found: "not marked as ours".to_owned() });
    }
    let found: i64 =
        connection
            .query_row("SELECT coalesce(max(version), 0) FROM schema_migration", (), |row| row.get(0))?;
    let known = MIGRATIONS.last().map_or(0, |migration| migration.version);
    match found.cmp(&known) {
        Ordering::Less => Err(StoreError::Older { path: path.to_owned(), found, known }),
        Ordering::Equal => Ok(()),
        Ordering::Greater => Err(StoreError::Newer { path: path.to_owned(), found, known }),
    }
}

/// What tells whose file it is.
struct Marks {
    application: i32,
    version: i64,
    tables: i64,
}

/// Whether the file was made by this program, of whatever release.
pub(super) fn is_ours(connection: &Connection) -> rusqlite::Result<bool> {
    let application: i32 = connection.query_row("PRAGMA application_id", (), |row| row.get(0))?;
    Ok(application == APPLICATION_ID)
}

/// Reads them in one transaction: another process of ours may be creating the file at this moment.
fn marks(connection: &mut Connection) -> rusqlite::Result<Marks> {
    let transaction = connection.transaction()?;
    let number = |sql: &str| transaction.query_row(sql, (), |row| row.get(0));
    Ok(Marks {
        tables: number("SELECT count(*) FROM sqlite_schema")?,
        version: number("PRAGMA user_version")?,
        application: transaction.query_row("PRAGMA application_id", (), |row| row.get(0))?,
    })
}

/// Switching to WAL needs the file alone for a moment, and SQLite gives up on it at once. Beginning a
/// transaction waits for whoever has the file (as long as the busy timeout), so that comes between two tries.
fn use_wal(connection: &Connection) -> Result<(), StoreError> {
    for _ in 0..WAL_TRIES {
        match connection.execute_batch("PRAGMA journal_mode = WAL") {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                connection.execute_batch("BEGIN IMMEDIATE; ROLLBACK")?;
            }
            done => return done.map_err(StoreError::from),
        }
    }
    Ok(connection.execute_batch("PRAGMA journal_mode = WAL")?)
}

/// FNV-1a, 64 bits: tells an edited file from an untouched one, nothing more.
fn checksum(text: &str) -> i64 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash.cast_signed()
}

#[cfg(test)]
mod tests;
