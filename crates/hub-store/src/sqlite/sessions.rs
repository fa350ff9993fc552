//! SQL of sessions. One that is over is never found; it is deleted when the next one begins.

use hub_domain::{
    access::Role,
    ids::{SessionId, UserId},
};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension};

use super::{audit, rows, unit::Unit, users};
use crate::{
    audit::{AuditAction, By},
    error::StoreError,
    sessions::{NewSession, Proof, SESSION_IDLE, SESSION_LASTS, SecretHash, Session, SessionRecord},
    users::{NewUser, UserRefusal},
};

pub(crate) fn first(
    unit: &mut Unit<'_>,
    new: &NewUser,
    session: &NewSession,
    now: Timestamp,
) -> Result<Result<(), UserRefusal>, StoreError> {
    let somebody: Option<i64> = unit.value("SELECT 1 FROM user LIMIT 1", ())?;
    let added = if somebody.is_none() { users::insert(unit, new, now)? } else { None };
    let Some(row) = added else { return Ok(Err(UserRefusal::NameTaken)) };
    insert(unit, row, session, now)?;
    let by = By { name: new.name.as_str().to_owned(), network: session.network.clone() };
    audit::note(unit, AuditAction::FirstUser, "", &by, now)?;
    Ok(Ok(()))
}

pub(crate) fn begin(
    unit: &mut Unit<'_>,
    user: UserId,
    session: &NewSession,
    replaced: Option<SecretHash>,
    proof: Proof,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let found = unit
        .prepare("SELECT row, name FROM user WHERE id = ?1 AND disabled_at IS NULL")?
        .query_row([user.0.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((row, name)): Option<(i64, String)> = found else { return Ok(false) };
    delete_over(unit, now)?;
    if let Some(replaced) = replaced {
        unit.run("DELETE FROM session WHERE secret = ?1", [replaced])?;
    }
    insert(unit, row, session, now)?;
    let action = match proof {
        Proof::Password => AuditAction::SignedIn,
        Proof::Link => AuditAction::SignedInByLink,
    };
    audit::note(unit, action, "", &By { name, network: session.network.clone() }, now)?;
    Ok(true)
}

fn insert(unit: &Unit<'_>, user: i64, session: &NewSession, now: Timestamp) -> Result<(), StoreError> {
    unit.run(
        "INSERT INTO session (secret, user, created_at, seen_at, agent, network) VALUES (?1, ?2, ?3, ?3, ?4, ?5)",
        (session.secret, user, now.as_microsecond(), &session.agent, &session.network),
    )?;
    Ok(())
}

/// By idleness only: what is over by age is found by nobody and goes when it has been idle as well.
fn delete_over(unit: &Unit<'_>, now: Timestamp) -> Result<(), StoreError> {
    unit.run("DELETE FROM session WHERE seen_at <= ?1", [ago(now, SESSION_IDLE)])?;
    Ok(())
}

pub(crate) fn first_with_role(connection: &Connection, role: Role) -> Result<Option<UserId>, StoreError> {
    let found = connection
        .prepare_cached("SELECT id FROM user WHERE role = ?1 AND disabled_at IS NULL ORDER BY row LIMIT 1")?
        .query_row([role.as_str()], |row| rows::uuid(row, 0).map(UserId))
        .optional()?;
    Ok(found)
}

pub(crate) fn find(
    connection: &Connection,
    secret: SecretHash,
    now: Timestamp,
) -> Result<Option<Session>, StoreError> {
    let sql = format!(
        "SELECT {}, s.id, s.seen_at FROM session s JOIN user u ON u.row = s.user
         WHERE s.secret = ?1 AND s.seen_at > ?2 AND s.created_at > ?3 AND u.disabled_at IS NULL",
        users::COLUMNS
    );
    let found = connection
        .prepare_cached(&sql)?
        .query_row((secret, ago(now, SESSION_IDLE), ago(now, SESSION_LASTS)), |row| {
            Ok(Session { user: users::user(row)?, id: SessionId(row.get(8)?), seen_at: rows::time(row, 9)? })
        })
        .optional()?;
    Ok(found)
}

pub(crate) fn touch(unit: &mut Unit<'_>, id: SessionId, now: Timestamp) -> Result<(), StoreError> {
    unit.run("UPDATE session SET seen_at = max(seen_at, ?2) WHERE id = ?1", (id.0, now.as_microsecond()))?;
    Ok(())
}

pub(crate) fn list(
    connection: &Connection,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<SessionRecord>, StoreError> {
    let records = connection
        .prepare_cached(
            "SELECT s.id, s.created_at, s.seen_at, s.agent, s.network
             FROM user u JOIN session s ON s.user = u.row
             WHERE u.id = ?1 AND s.seen_at > ?2 AND s.created_at > ?3 ORDER BY s.id DESC LIMIT 100",
        )?
        .query_map((user.0.as_bytes(), ago(now, SESSION_IDLE), ago(now, SESSION_LASTS)), |row| {
            Ok(SessionRecord {
                id: SessionId(row.get(0)?),
                created_at: rows::time(row, 1)?,
                seen_at: rows::time(row, 2)?,
                agent: row.get(3)?,
                network: row.get(4)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(records)
}

pub(crate) fn end(
    unit: &mut Unit<'_>,
    user: UserId,
    id: SessionId,
    by: &By,
    now: Timestamp,
) -> Result<(), StoreError> {
    let ended = unit.run(
        "DELETE FROM session WHERE id = ?1 AND user = (SELECT row FROM user WHERE id = ?2)",
        (id.0, user.0.as_bytes()),
    )?;
    if ended == 1 {
        audit::note(unit, AuditAction::SessionEnded, "", by, now)?;
    }
    Ok(())
}

pub(crate) fn end_all(
    unit: &mut Unit<'_>,
    user: UserId,
    kept: Option<SessionId>,
    by: &By,
    now: Timestamp,
) -> Result<(), StoreError> {
    if let Some(row) = row_of(unit, user)? {
        delete_of(unit, row, kept)?;
        audit::note(unit, AuditAction::SessionsEnded, "", by, now)?;
    }
    Ok(())
}

pub(crate) fn own_password(
    unit: &mut Unit<'_>,
    user: UserId,
    password: &str,
    kept: SessionId,
    by: &By,
    now: Timestamp,
) -> Result<(), StoreError> {
    let row = row_of(unit, user)?.ok_or(StoreError::NotFound("user"))?;
    unit.run("UPDATE user SET password = ?2 WHERE row = ?1", (row, password))?;
    delete_of(unit, row, Some(kept))?;
    audit::note(unit, AuditAction::PasswordChanged, "", by, now)
}

/// Ends the sessions of the user in that row, but not `kept`.
pub(super) fn delete_of(unit: &Unit<'_>, user: i64, kept: Option<SessionId>) -> Result<(), StoreError> {
    unit.run(
        "DELETE FROM session WHERE user = ?1 AND id <> ?2",
        (user, kept.map_or(0, |session| session.0)),
    )?;
    Ok(())
}

fn row_of(unit: &Unit<'_>, user: UserId) -> Result<Option<i64>, StoreError> {
    unit.value("SELECT row FROM user WHERE id = ?1", [user.0.as_bytes()])
}

fn ago(now: Timestamp, span: SignedDuration) -> i64 {
    now.saturating_sub(span).unwrap_or(Timestamp::MIN).as_microsecond()
}
