//! SQL of proposed answers.

use hub_domain::ids::ContactId;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use super::{rows, unit::Unit};
use crate::{assistant::Proposal, error::StoreError};

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

pub(crate) fn find(connection: &Connection, contact: ContactId) -> Result<Option<Proposal>, StoreError> {
    let found = connection
        .prepare_cached("SELECT message, body, created_at FROM proposal WHERE contact = ?1")?
        .query_row([contact.0], |row| {
            Ok(Proposal { message: row.get(0)?, body: row.get(1)?, created_at: rows::time(row, 2)? })
        })
        .optional()?;
    Ok(found)
}
