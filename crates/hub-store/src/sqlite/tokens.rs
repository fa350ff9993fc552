//! SQL of API tokens.

use hub_domain::{access::Scopes, ids::TokenId};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};

use super::{audit, rows, unit::Unit};
use crate::{
    SecretHash,
    audit::{AuditAction, By},
    error::StoreError,
    tokens::TokenRecord,
};

const COLUMNS: &str = "id, name, scopes, created_by, created_at, used_at, revoked_at";

fn record(row: &Row<'_>) -> rusqlite::Result<TokenRecord> {
    Ok(TokenRecord {
        id: TokenId(row.get(0)?),
        name: row.get(1)?,
        scopes: rows::word(row, 2, Scopes::parse)?,
        created_by: row.get(3)?,
        created_at: rows::time(row, 4)?,
        used_at: rows::optional_time(row, 5)?,
        revoked_at: rows::optional_time(row, 6)?,
    })
}

pub(crate) fn add(
    unit: &mut Unit<'_>,
    secret: &SecretHash,
    name: &str,
    scopes: &Scopes,
    by: &By,
    now: Timestamp,
) -> Result<(), StoreError> {
    unit.run(
        "INSERT INTO api_token (secret, name, scopes, created_by, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        (secret, name, scopes.as_text(), &by.name, now.as_microsecond()),
    )?;
    audit::note(unit, AuditAction::TokenAdded, name, by, now)
}

pub(crate) fn find(connection: &Connection, secret: SecretHash) -> Result<Option<TokenRecord>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM api_token WHERE secret = ?1 AND revoked_at IS NULL");
    Ok(connection.prepare_cached(&sql)?.query_row([secret], record).optional()?)
}

pub(crate) fn touch(unit: &mut Unit<'_>, id: TokenId, now: Timestamp) -> Result<(), StoreError> {
    unit.run("UPDATE api_token SET used_at = ?2 WHERE id = ?1", (id.0, now.as_microsecond()))?;
    Ok(())
}

pub(crate) fn list(connection: &Connection) -> Result<Vec<TokenRecord>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM api_token ORDER BY id DESC LIMIT 200");
    let tokens = connection.prepare_cached(&sql)?.query_map((), record)?.collect::<Result<_, _>>()?;
    Ok(tokens)
}

pub(crate) fn revoke(unit: &mut Unit<'_>, id: TokenId, by: &By, now: Timestamp) -> Result<bool, StoreError> {
    let name: Option<String> = unit.value(
        "UPDATE api_token SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL RETURNING name",
        (id.0, now.as_microsecond()),
    )?;
    if let Some(name) = &name {
        audit::note(unit, AuditAction::TokenRevoked, name, by, now)?;
    }
    Ok(name.is_some())
}
