//! SQL of proposed answers.

use hub_domain::ids::{ContactId, UserId};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use super::{drafts, rows, unit::Unit};
use crate::{assistant::Proposal, error::StoreError, events::EventKind};

/// Writes a proposal in place of the contact's former one.
pub(crate) fn put(
    unit: &Unit<'_>,
    contact: ContactId,
    message: i64,
    body: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    unit.run(
        "INSERT INTO proposal (contact, message, body, created_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (contact) DO UPDATE
           SET message = excluded.message, body = excluded.body, created_at = excluded.created_at",
        (contact.0, message, body, now.as_microsecond()),
    )?;
    Ok(())
}

/// Drops the contact's proposal: it was sent, or something else was.
pub(crate) fn drop_of(unit: &Unit<'_>, contact: ContactId) -> Result<bool, StoreError> {
    Ok(unit.run("DELETE FROM proposal WHERE contact = ?1", [contact.0])? > 0)
}

/// Drops what was proposed since then: a text of that time is to be gone, and the model may quote it.
pub(crate) fn redact(
    unit: &mut Unit<'_>,
    contact: ContactId,
    since: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    let gone = unit.run(
        "DELETE FROM proposal WHERE contact = ?1 AND created_at >= ?2",
        (contact.0, since.as_microsecond()),
    )?;
    if gone > 0 {
        unit.event(EventKind::Proposed, contact, 0, now)?;
    }
    Ok(())
}

/// Drops it because a person wants nothing of it.
pub(crate) fn discard(unit: &mut Unit<'_>, contact: ContactId, now: Timestamp) -> Result<bool, StoreError> {
    let dropped = drop_of(unit, contact)?;
    if dropped {
        unit.event(EventKind::Proposed, contact, 0, now)?;
    }
    Ok(dropped)
}

/// Makes it the draft of whoever takes it, below what was being written; `false` when there is none.
pub(crate) fn take(
    unit: &mut Unit<'_>,
    contact: ContactId,
    by: Option<UserId>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let body_of = |sql| -> Result<Option<String>, StoreError> {
        Ok(unit.prepare(sql)?.query_row([contact.0], |row| row.get(0)).optional()?)
    };
    let Some(proposed) = body_of("SELECT body FROM proposal WHERE contact = ?1")? else { return Ok(false) };
    let body = match body_of("SELECT body FROM draft WHERE contact = ?1")? {
        Some(written) => format!("{written}\n{proposed}"),
        None => proposed,
    };
    drafts::save(unit, contact, &body, by, now)?;
    discard(unit, contact, now)
}

pub(crate) fn find(connection: &Connection, contact: ContactId) -> Result<Option<Proposal>, StoreError> {
    let found = connection
        .prepare_cached("SELECT message, body, created_at FROM proposal WHERE contact = ?1")?
        .query_row([contact.0], |row| {
            Ok(Proposal { message: row.get(0)?, body: row.get(1)?, created_at: rows::time(row, 2)? })
        })
        .optional()?;
    Ok(found)
}
