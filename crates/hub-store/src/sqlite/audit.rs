//! SQL of the audit log.

use jiff::Timestamp;
use rusqlite::Connection;

use super::{rows, unit::Unit};
use crate::{
    audit::{AuditAction, AuditEntry, By},
    error::StoreError,
};

pub(crate) fn note(
    unit: &Unit<'_>,
    action: AuditAction,
    subject: &str,
    by: &By,
    now: Timestamp,
) -> Result<(), StoreError> {
    unit.run(
        "INSERT INTO audit (at, actor, action, subject, network) VALUES (?1, ?2, ?3, ?4, ?5)",
        (now.as_microsecond(), &by.name, action.as_str(), subject, &by.network),
    )?;
    Ok(())
}

pub(crate) fn list(
    connection: &Connection,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<AuditEntry>, StoreError> {
    let entries = connection
        .prepare_cached(
            "SELECT id, at, actor, action, subject, network FROM audit WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
        )?
        .query_map((before.unwrap_or(i64::MAX), limit), |row| {
            Ok(AuditEntry {
                id: row.get(0)?,
                at: rows::time(row, 1)?,
                actor: row.get(2)?,
                action: rows::word(row, 3, AuditAction::parse)?,
                subject: row.get(4)?,
                network: row.get(5)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(entries)
}
