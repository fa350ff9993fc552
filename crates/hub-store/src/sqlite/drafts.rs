//! SQL of texts being written.

use hub_domain::ids::{ContactId, UserId};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};

use super::{rows, unit::Unit};
use crate::{drafts::Draft, error::StoreError, events::EventKind};

pub(crate) fn save(
    unit: &mut Unit<'_>,
    contact: ContactId,
    body: &str,
    author: Option<UserId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    if !unit.prepare("SELECT 1 FROM contact WHERE id = ?1")?.exists([contact.0])? {
        return Err(StoreError::NotFound("contact"));
    }
    if body.trim().is_empty() {
        return discard(unit, contact, now);
    }
    unit.run(
        "INSERT OR REPLACE INTO draft (contact, body, author, saved_at) VALUES (?1, ?2, ?3, ?4)",
        (contact.0, body, author.map(|author| author.0.into_bytes()), now.as_microsecond()),
    )?;
    unit.event(EventKind::Draft, contact, 0, now)
}

pub(crate) fn discard(unit: &mut Unit<'_>, contact: ContactId, now: Timestamp) -> Result<(), StoreError> {
    if unit.run("DELETE FROM draft WHERE contact = ?1", [contact.0])? > 0 {
        unit.event(EventKind::Draft, contact, 0, now)?;
    }
    Ok(())
}

const COLUMNS: &str = "id, contact, body, author, saved_at";

pub(crate) fn find(connection: &Connection, contact: ContactId) -> Result<Option<Draft>, StoreError> {
    let found = connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM draft WHERE contact = ?1"))?
        .query_row([contact.0], draft)
        .optional()?;
    Ok(found)
}

pub(crate) fn list(
    connection: &Connection,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<Draft>, StoreError> {
    let mut statement = connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM draft WHERE id < ?1 ORDER BY id DESC LIMIT ?2"))?;
    let drafts = statement.query_map((before.unwrap_or(i64::MAX), limit), draft)?;
    Ok(drafts.collect::<Result<_, _>>()?)
}

fn draft(row: &Row<'_>) -> rusqlite::Result<Draft> {
    Ok(Draft {
        id: row.get(0)?,
        contact: ContactId(row.get(1)?),
        body: row.get(2)?,
        author: rows::optional_uuid(row, 3)?.map(UserId),
        saved_at: rows::time(row, 4)?,
    })
}
