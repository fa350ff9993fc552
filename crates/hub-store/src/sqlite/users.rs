//! SQL of the people who work with the panel.

use hub_domain::{
    access::{LoginName, PanelLanguage, Role, Theme},
    ids::UserId,
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};

use super::{audit, rows, sessions, unit::Unit};
use crate::{
    audit::{AuditAction, By},
    error::StoreError,
    users::{NewUser, User, UserChange, UserRefusal},
};

/// Columns of [`user`], in its order, of a table called `u`.
pub(super) const COLUMNS: &str =
    "u.id, u.name, u.role, u.language, u.theme, u.password IS NOT NULL, u.created_at, u.disabled_at";

pub(super) fn user(row: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User {
        id: UserId(rows::uuid(row, 0)?),
        name: row.get(1)?,
        role: rows::word(row, 2, Role::parse)?,
        language: rows::optional_word(row, 3, PanelLanguage::parse)?,
        theme: rows::word(row, 4, Theme::parse)?,
        has_password: row.get(5)?,
        created_at: rows::time(row, 6)?,
        disabled_at: rows::optional_time(row, 7)?,
    })
}

pub(crate) fn any(connection: &Connection) -> Result<bool, StoreError> {
    Ok(connection.prepare_cached("SELECT 1 FROM user LIMIT 1")?.exists(())?)
}

pub(crate) fn list(connection: &Connection) -> Result<Vec<User>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM user u ORDER BY u.name_key");
    let users = connection.prepare_cached(&sql)?.query_map((), user)?.collect::<Result<_, _>>()?;
    Ok(users)
}

pub(crate) fn by_name(
    connection: &Connection,
    name: &LoginName,
) -> Result<Option<(User, Option<String>)>, StoreError> {
    let sql = format!("SELECT {COLUMNS}, u.password FROM user u WHERE u.name_key = ?1");
    let found = connection.prepare_cached(&sql)?.query_row([name.key()], with_password).optional()?;
    Ok(found)
}

pub(crate) fn by_id(
    connection: &Connection,
    id: UserId,
) -> Result<Option<(User, Option<String>)>, StoreError> {
    let sql = format!("SELECT {COLUMNS}, u.password FROM user u WHERE u.id = ?1");
    Ok(connection.prepare_cached(&sql)?.query_row([id.0.as_bytes()], with_password).optional()?)
}

fn with_password(row: &Row<'_>) -> rusqlite::Result<(User, Option<String>)> {
    Ok((user(row)?, row.get(8)?))
}

pub(crate) fn add(
    unit: &mut Unit<'_>,
    new: &NewUser,
    by: &By,
    now: Timestamp,
) -> Result<Result<(), UserRefusal>, StoreError> {
    if insert(unit, new, now)?.is_none() {
        return Ok(Err(UserRefusal::NameTaken));
    }
    audit::note(unit, AuditAction::UserAdded, new.name.as_str(), by, now)?;
    Ok(Ok(()))
}

/// The new row; `None` when the name is taken.
pub(super) fn insert(unit: &Unit<'_>, new: &NewUser, now: Timestamp) -> Result<Option<i64>, StoreError> {
    let added = unit.run(
        "INSERT INTO user (id, name, name_key, password, role, language, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (name_key) DO NOTHING",
        (
            new.id.0.as_bytes(),
            new.name.as_str(),
            new.name.key(),
            &new.password,
            new.role.as_str(),
            new.language.map(PanelLanguage::as_str),
            now.as_microsecond(),
        ),
    )?;
    Ok((added == 1).then(|| unit.last_row()))
}

pub(crate) fn change(
    unit: &mut Unit<'_>,
    id: UserId,
    change: &UserChange,
    by: &By,
    now: Timestamp,
) -> Result<Result<(), UserRefusal>, StoreError> {
    let found = unit
        .prepare("SELECT row, name, role = 'admin' AND disabled_at IS NULL FROM user WHERE id = ?1")?
        .query_row([id.0.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((row, name, is_admin)): Option<(i64, String, bool)> = found else {
        return Ok(Err(UserRefusal::Unknown));
    };
    let loses_admin = matches!(change, UserChange::Role(Role::Operator) | UserChange::Disabled(true));
    if is_admin && loses_admin && !another_admin(unit, row)? {
        return Ok(Err(UserRefusal::LastAdmin));
    }
    let action = carry_out(unit, row, change, now)?;
    audit::note(unit, action, &name, by, now)?;
    Ok(Ok(()))
}

fn carry_out(
    unit: &Unit<'_>,
    row: i64,
    change: &UserChange,
    now: Timestamp,
) -> Result<AuditAction, StoreError> {
    Ok(match change {
        UserChange::Role(role) => {
            unit.run("UPDATE user SET role = ?2 WHERE row = ?1", (row, role.as_str()))?;
            match role {
                Role::Admin => AuditAction::MadeAdmin,
                Role::Operator => AuditAction::MadeOperator,
            }
        }
        UserChange::Disabled(disabled) => {
            let since = disabled.then_some(now.as_microsecond());
            unit.run("UPDATE user SET disabled_at = ?2 WHERE row = ?1", (row, since))?;
            sessions::delete_of(unit, row, None)?;
            if *disabled { AuditAction::UserDisabled } else { AuditAction::UserEnabled }
        }
        UserChange::Password(password) => {
            unit.run("UPDATE user SET password = ?2 WHERE row = ?1", (row, password))?;
            sessions::delete_of(unit, row, None)?;
            AuditAction::PasswordSet
        }
    })
}

fn another_admin(unit: &Unit<'_>, row: i64) -> Result<bool, StoreError> {
    let found: Option<i64> = unit.value(
        "SELECT 1 FROM user WHERE role = 'admin' AND disabled_at IS NULL AND row <> ?1 LIMIT 1",
        [row],
    )?;
    Ok(found.is_some())
}

pub(crate) fn set_preferences(
    unit: &mut Unit<'_>,
    id: UserId,
    language: Option<PanelLanguage>,
    theme: Option<Theme>,
) -> Result<(), StoreError> {
    unit.run(
        "UPDATE user SET language = coalesce(?2, language), theme = coalesce(?3, theme) WHERE id = ?1",
        (id.0.as_bytes(), language.map(PanelLanguage::as_str), theme.map(Theme::as_str)),
    )?;
    Ok(())
}
