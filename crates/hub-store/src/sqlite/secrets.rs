//! SQL of the keys entered in the panel.

use hub_domain::ids::ContactId;
use jiff::Timestamp;
use rusqlite::Connection;

use super::{audit, rows, unit::Unit};
use crate::{
    audit::{AuditAction, By},
    error::StoreError,
    events::EventKind,
    secrets::{SealedSecret, SecretRecord},
};

pub(crate) fn list(connection: &Connection) -> Result<Vec<SecretRecord>, StoreError> {
    let records = connection
        .prepare_cached("SELECT name, nonce, sealed, updated_at, updated_by FROM secret ORDER BY name")?
        .query_map((), |row| {
            Ok(SecretRecord {
                secret: SealedSecret { name: row.get(0)?, nonce: row.get(1)?, sealed: row.get(2)? },
                updated_at: rows::time(row, 3)?,
                updated_by: row.get(4)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(records)
}

pub(crate) fn keep(
    unit: &mut Unit<'_>,
    secret: &SealedSecret,
    by: &By,
    now: Timestamp,
) -> Result<(), StoreError> {
    unit.run(
        "INSERT INTO secret (name, nonce, sealed, updated_at, updated_by) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (name) DO UPDATE SET nonce = excluded.nonce, sealed = excluded.sealed,
           updated_at = excluded.updated_at, updated_by = excluded.updated_by",
        (&secret.name, &secret.nonce, &secret.sealed, now.as_microsecond(), &by.name),
    )?;
    audit::note(unit, AuditAction::SecretChanged, &secret.name, by, now)?;
    unit.event(EventKind::Settings, ContactId(0), 0, now)
}

pub(crate) fn clear(unit: &mut Unit<'_>, name: &str, by: &By, now: Timestamp) -> Result<bool, StoreError> {
    let cleared = unit.run("DELETE FROM secret WHERE name = ?1", [name])? == 1;
    if cleared {
        audit::note(unit, AuditAction::SecretCleared, name, by, now)?;
        unit.event(EventKind::Settings, ContactId(0), 0, now)?;
    }
    Ok(cleared)
}
