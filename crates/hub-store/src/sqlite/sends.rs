//! SQL of a whole send: its parts, and the caller's key that makes it happen once.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use super::{
    outbox::{self, Belongs, Part},
    unit::Unit,
};
use crate::{
    error::StoreError,
    jobs::LeaseRequest,
    outbox::{NewSend, SendKey, SendSubmitted, Submitted},
};

pub(crate) fn submit(
    unit: &mut Unit<'_>,
    send: &NewSend,
    lease: Option<&LeaseRequest>,
    now: Timestamp,
) -> Result<SendSubmitted, StoreError> {
    if let Some(key) = &send.key
        && let Some(found) = seen(unit.connection(), key)?
    {
        return Ok(found);
    }
    let parts = i64::try_from(send.parts.len()).unwrap_or(i64::MAX);
    let (mut rows, mut leases) = (Vec::new(), Vec::new());
    for (number, message) in (1_i64..).zip(&send.parts) {
        let part = (parts > 1).then(|| Part { first: rows.first().copied(), number, of: parts });
        let belongs = Belongs { part, ..Belongs::default() };
        match outbox::write(unit, message, belongs, lease, now)? {
            Submitted::Queued { row, lease } => {
                rows.push(row);
                leases.extend(lease);
            }
            Submitted::Blocked(blocked) if rows.is_empty() => return Ok(SendSubmitted::Blocked(blocked)),
            Submitted::Blocked(_) | Submitted::Duplicate(_) => {
                return Err(StoreError::Corrupt("message: parts of one text that differ"));
            }
        }
    }
    if let (Some(key), Some(first)) = (&send.key, rows.first()) {
        remember(unit, key, *first, now)?;
    }
    Ok(SendSubmitted::Queued { rows, leases })
}

/// What the key was used for before.
pub(crate) fn seen(connection: &Connection, key: &SendKey) -> Result<Option<SendSubmitted>, StoreError> {
    let found: Option<(bool, Option<i64>)> = connection
        .prepare_cached("SELECT fingerprint = ?2, message FROM idempotency WHERE key = ?1")?
        .query_row((&key.key, key.fingerprint.as_slice()), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((same, first)) = found else { return Ok(None) };
    if !same {
        return Ok(Some(SendSubmitted::KeyReused));
    }
    let Some(first) = first else { return Ok(Some(SendSubmitted::Gone)) };
    let mut rows: Vec<i64> = connection
        .prepare_cached("SELECT row FROM message WHERE first_part = ?1 ORDER BY part")?
        .query_map([first], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    if rows.is_empty() {
        rows.push(first);
    }
    Ok(Some(SendSubmitted::Repeated(rows)))
}

/// Writes the key down.
fn remember(unit: &Unit<'_>, key: &SendKey, first: i64, now: Timestamp) -> Result<(), StoreError> {
    unit.run(
        "INSERT INTO idempotency (key, fingerprint, message, created_at) VALUES (?1, ?2, ?3, ?4)",
        (&key.key, key.fingerprint.as_slice(), first, now.as_microsecond()),
    )?;
    Ok(())
}
