//! SQL of the listeners.

use hub_domain::{
    changes::{Change, Content, Field, Settings, Value},
    listeners::{Listener, folded},
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};

use super::{audit, rows, unit::Unit};
use crate::{
    audit::{AuditAction, By},
    error::StoreError,
    listeners::{ListenerChange, ListenerRecord, NewListener},
};

const COLUMNS: &str = "id, command, enabled, description, answer, created_at, updated_at";
/// More would make every decision slow; a list this long is a bot of its own.
pub(crate) const MOST: usize = 200;

/// All of them, as the decision about a reply needs them.
pub(crate) fn all(unit: &Unit<'_>) -> Result<Vec<Listener>, StoreError> {
    let mut statement = unit.prepare("SELECT command, enabled, answer FROM listener ORDER BY id")?;
    let found = statement.query_map((), |row| {
        Ok(Listener { command: row.get(0)?, enabled: row.get(1)?, answer: row.get(2)? })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

pub(crate) fn list(connection: &Connection) -> Result<Vec<ListenerRecord>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM listener ORDER BY id");
    let mut statement = connection.prepare_cached(&sql)?;
    let found = statement.query_map((), record)?;
    Ok(found.collect::<Result<_, _>>()?)
}

pub(crate) fn change(
    unit: &Unit<'_>,
    id: i64,
    change: &ListenerChange,
    by: &By,
    now: Timestamp,
) -> Result<Option<ListenerRecord>, StoreError> {
    let Some(before) = find(unit, id)? else { return Ok(None) };
    let sql = format!(
        "UPDATE listener SET enabled = coalesce(?2, enabled), description = coalesce(?3, description),
           answer = CASE WHEN answer IS NULL THEN NULL ELSE coalesce(?4, answer) END, updated_at = ?5
         WHERE id = ?1 RETURNING {COLUMNS}"
    );
    let changed = unit
        .prepare(&sql)?
        .query_row((id, change.enabled, &change.description, &change.answer, now.as_microsecond()), record)?;
    audit::note_changes(unit, changes(&before, &changed), by, now)?;
    Ok(Some(changed))
}

fn find(unit: &Unit<'_>, id: i64) -> Result<Option<ListenerRecord>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM listener WHERE id = ?1");
    Ok(unit.prepare(&sql)?.query_row([id], record).optional()?)
}

/// A word's own settings.
struct OfWord<'a>(&'a ListenerRecord);

impl Settings for OfWord<'_> {
    fn fields(&self) -> Vec<(Field, Content)> {
        let OfWord(of) = self;
        let answer = of.answer.as_deref();
        vec![
            (Field::WordEnabled, Value::Switch(of.enabled).into()),
            (Field::WordAnswer, answer.map_or_else(|| Value::Unset.into(), Content::text)),
            (Field::WordDescription, Content::text(&of.description)),
        ]
    }
}

/// What is different of a word.
fn changes(before: &ListenerRecord, after: &ListenerRecord) -> Vec<Change> {
    let mut changes = OfWord(before).changes(&OfWord(after));
    for change in &mut changes {
        change.word = Some(after.command.clone());
    }
    changes
}

/// Adds a word; `None` when there is one like it, or there are too many.
pub(crate) fn add(
    unit: &Unit<'_>,
    new: &NewListener,
    by: &By,
    now: Timestamp,
) -> Result<Option<ListenerRecord>, StoreError> {
    let known = all(unit)?;
    let same = known.iter().any(|listener| folded(&listener.command) == folded(&new.word));
    if same || known.len() >= MOST {
        return Ok(None);
    }
    let sql = format!(
        "INSERT INTO listener (command, enabled, description, answer, created_at, updated_at)
         VALUES (?1, 1, ?2, ?3, ?4, ?4) RETURNING {COLUMNS}"
    );
    let added = unit
        .prepare(&sql)?
        .query_row((&new.word, &new.description, &new.answer, now.as_microsecond()), record)?;
    audit::note(unit, AuditAction::WordAdded, &new.word, by, now)?;
    Ok(Some(added))
}

/// Deletes a word of the operator's; the built-in ones stay.
pub(crate) fn delete(unit: &Unit<'_>, id: i64, by: &By, now: Timestamp) -> Result<bool, StoreError> {
    let word: Option<String> =
        unit.value("DELETE FROM listener WHERE id = ?1 AND answer IS NOT NULL RETURNING command", [id])?;
    let Some(word) = word else { return Ok(false) };
    audit::note(unit, AuditAction::WordDeleted, &word, by, now)?;
    Ok(true)
}

fn record(row: &Row<'_>) -> rusqlite::Result<ListenerRecord> {
    Ok(ListenerRecord {
        id: row.get(0)?,
        command: row.get(1)?,
        enabled: row.get(2)?,
        description: row.get(3)?,
        answer: row.get(4)?,
        created_at: rows::time(row, 5)?,
        updated_at: rows::time(row, 6)?,
    })
}
