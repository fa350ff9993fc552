//! SQL of the suppression list and its log.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use super::{rows, unit::Unit};
use crate::{
    consent::{ConsentEntry, Suppression},
    error::StoreError,
};

/// The source of what a person of ours wrote down.
const OPERATOR: &str = "operator";

pub(crate) fn is_opted_out(unit: &Unit<'_>, person: &str) -> Result<bool, StoreError> {
    Ok(unit.prepare("SELECT 1 FROM suppression WHERE person = ?1")?.exists([person])?)
}

/// Whether this message stopped or resumed ours.
pub(crate) fn was_changed_by(unit: &Unit<'_>, message: i64) -> Result<bool, StoreError> {
    Ok(unit.prepare("SELECT 1 FROM consent_log WHERE message = ?1")?.exists([message])?)
}

/// Puts a person on the list; someone who is on it already keeps the first date.
pub(crate) fn opt_out(
    unit: &Unit<'_>,
    person: &str,
    source: &str,
    message: Option<i64>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let at = now.as_microsecond();
    unit.run(
        "INSERT INTO suppression (person, source, since) VALUES (?1, ?2, ?3) ON CONFLICT (person) DO NOTHING",
        (person, source, at),
    )?;
    log(unit, person, "opt_out", source, message, at)
}

/// Takes a person off the list.
pub(crate) fn opt_in(
    unit: &Unit<'_>,
    person: &str,
    source: &str,
    message: Option<i64>,
    now: Timestamp,
) -> Result<(), StoreError> {
    unit.run("DELETE FROM suppression WHERE person = ?1", [person])?;
    log(unit, person, "opt_in", source, message, now.as_microsecond())
}

fn log(
    unit: &Unit<'_>,
    person: &str,
    change: &str,
    source: &str,
    message: Option<i64>,
    at: i64,
) -> Result<(), StoreError> {
    unit.run(
        "INSERT INTO consent_log (person, change, source, message, at) VALUES (?1, ?2, ?3, ?4, ?5)",
        (person, change, source, message, at),
    )?;
    Ok(())
}

pub(crate) fn find(connection: &Connection, person: &str) -> Result<Option<Suppression>, StoreError> {
    let found = connection
        .prepare_cached("SELECT person, source, since FROM suppression WHERE person = ?1")?
        .query_row([person], |row| {
            Ok(Suppression { person: row.get(0)?, source: row.get(1)?, since: rows::time(row, 2)? })
        })
        .optional()?;
    Ok(found)
}

pub(crate) fn by_operator(
    unit: &Unit<'_>,
    person: &str,
    opted_in: bool,
    note: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    if opted_in {
        opt_in(unit, person, OPERATOR, None, now)?;
    } else {
        opt_out(unit, person, OPERATOR, None, now)?;
    }
    let entry = unit.last_row();
    unit.run("UPDATE consent_log SET note = ?2 WHERE id = ?1", (entry, note))?;
    Ok(())
}

pub(crate) fn list(
    connection: &Connection,
    before: Option<(Timestamp, String)>,
    limit: u32,
) -> Result<Vec<Suppression>, StoreError> {
    let (since, person) = before.unwrap_or((Timestamp::MAX, String::new()));
    let mut statement = connection.prepare_cached(
        "SELECT person, source, since FROM suppression WHERE (since, person) < (?1, ?2)
         ORDER BY since DESC, person DESC LIMIT ?3",
    )?;
    let found = statement.query_map((since.as_microsecond(), person, limit), |row| {
        Ok(Suppression { person: row.get(0)?, source: row.get(1)?, since: rows::time(row, 2)? })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// A person changes their mind now and then: the whole history is short.
pub(crate) fn history(connection: &Connection, person: &str) -> Result<Vec<ConsentEntry>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT l.change = 'opt_in', l.source, l.note, l.at, l.message, m.sid, m.body
         FROM consent_log l LEFT JOIN message m ON m.row = l.message WHERE l.person = ?1 ORDER BY l.id",
    )?;
    let found = statement.query_map([person], |row| {
        Ok(ConsentEntry {
            opted_in: row.get(0)?,
            source: row.get(1)?,
            note: row.get(2)?,
            at: rows::time(row, 3)?,
            message: row.get(4)?,
            sid: row.get(5)?,
            body: row.get(6)?,
        })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}
