//! Telling the original's database from anybody else's.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension};

use crate::{import::ImportError, sqlite::migrations::APPLICATION_ID};

/// The schema of the original that we read, its last.
const VERSION: i64 = 9;

/// What we read of it.
const TABLES: [(&str, &[&str]); 8] = [
    (
        "messages",
        &[
            "id",
            "sid",
            "direction",
            "to_number",
            "from_number",
            "body",
            "status",
            "error",
            "created_at",
            "updated_at",
        ],
    ),
    ("auto_reply_config", &["enabled", "message", "enabled_since"]),
    ("ai_config", &["enabled", "api_key", "system_prompt", "target_number", "model", "temperature"]),
    (
        "scheduled_messages",
        &[
            "id",
            "to_number",
            "body",
            "interval_seconds",
            "enabled",
            "last_sent_at",
            "next_run_at",
            "created_at",
            "updated_at",
        ],
    ),
    (
        "multi_sms_batches",
        &[
            "id",
            "body",
            "sender_identity",
            "status",
            "error",
            "created_at",
            "scheduled_at",
            "started_at",
            "completed_at",
        ],
    ),
    (
        "multi_sms_recipients",
        &[
            "id",
            "batch_id",
            "number_raw",
            "number_normalized",
            "status",
            "sid",
            "error",
            "created_at",
            "sent_at",
        ],
    ),
    ("app_settings", &["key", "value"]),
    ("listeners_config", &["command", "enabled", "description", "created_at", "updated_at"]),
];

/// Whether the file looks like the original's at all, of whatever release.
pub(super) fn is_of_original(connection: &Connection) -> rusqlite::Result<bool> {
    let application: i64 = connection.query_row("PRAGMA application_id", (), |row| row.get(0))?;
    let columns = ["sid", "direction", "to_number", "from_number", "body"];
    Ok(application == 0 && missing(connection, "messages", &columns)?.is_none())
}

/// Refuses a file that is not the original's or not of the release we know. `path` is what the file is
/// called in the refusal.
pub(super) fn recognise(connection: &Connection, path: &Path) -> Result<(), ImportError> {
    let path = path.to_owned();
    if !is_of_original(connection)? {
        return Err(ImportError::NotOriginal { path, found: looks(connection)? });
    }
    let found = version(connection)?;
    if found < VERSION {
        return Err(ImportError::Older { path, found, known: VERSION });
    }
    if found > VERSION {
        return Err(ImportError::Later { path, found, known: VERSION });
    }
    for (table, columns) in TABLES {
        if let Some(lacking) = missing(connection, table, columns)? {
            return Err(ImportError::NotOriginal { path, found: format!("no {table}.{lacking}") });
        }
    }
    Ok(())
}

/// The first of the columns that the table doesn't have.
fn missing<'c>(
    connection: &Connection,
    table: &str,
    columns: &[&'c str],
) -> rusqlite::Result<Option<&'c str>> {
    let mut known = connection.prepare("SELECT 1 FROM pragma_table_info(?1) WHERE name = ?2")?;
    for column in columns {
        if !known.exists((table, column))? {
            return Ok(Some(column));
        }
    }
    Ok(None)
}

/// Table names and marks: enough to recognise whose file it is.
fn looks(connection: &Connection) -> rusqlite::Result<String> {
    let application: i64 = connection.query_row("PRAGMA application_id", (), |row| row.get(0))?;
    if application == i64::from(APPLICATION_ID) {
        return Ok("a database of this program".to_owned());
    }
    let tables: Option<String> = connection
        .query_row(
            "SELECT group_concat(name, ', ') FROM
               (SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name LIMIT 8)",
            (),
            |row| row.get(0),
        )
        .optional()?
        .flatten();
    let tables = tables.unwrap_or_else(|| "-".to_owned());
    let version = version(connection)?;
    Ok(format!("tables: {tables}; user_version {version}, application_id {application}"))
}

fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA user_version", (), |row| row.get(0))
}
