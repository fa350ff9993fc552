//! SQL of the audit log.

use hub_domain::changes::Change;
use jiff::Timestamp;
use rusqlite::{Connection, Row, types::Type};

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

/// A line for each field of a setting that changed.
pub(crate) fn note_changes(
    unit: &Unit<'_>,
    changes: impl IntoIterator<Item = Change>,
    by: &By,
    now: Timestamp,
) -> Result<(), StoreError> {
    for change in changes {
        let subject =
            serde_json::to_string(&change).map_err(|error| StoreError::fault("noting a change", error))?;
        note(unit, AuditAction::SettingChanged, &subject, by, now)?;
    }
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
        .query_map((before.unwrap_or(i64::MAX), limit), entry)?
        .collect::<Result<_, _>>()?;
    Ok(entries)
}

fn entry(row: &Row<'_>) -> rusqlite::Result<AuditEntry> {
    let action = rows::word(row, 3, AuditAction::parse)?;
    let subject: String = row.get(4)?;
    let (subject, change) = if action == AuditAction::SettingChanged {
        (String::new(), Some(change(&subject)?))
    } else {
        (subject, None)
    };
    Ok(AuditEntry {
        id: row.get(0)?,
        at: rows::time(row, 1)?,
        actor: row.get(2)?,
        action,
        subject,
        change,
        network: row.get(5)?,
    })
}

fn change(subject: &str) -> rusqlite::Result<Change> {
    serde_json::from_str(subject)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(4, Type::Text, error.into()))
}
