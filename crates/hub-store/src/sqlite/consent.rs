//! SQL of the suppression list and its log.

use hub_domain::ids::{ContactId, UserId};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use super::{rows, unit::Unit};
use crate::{
    consent::{ConsentEntry, Suppression},
    error::StoreError,
    events::EventKind,
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

/// Whether the person's consent changed at that time or later: what is learned late about an earlier time is overruled.
pub(crate) fn was_changed_since(unit: &Unit<'_>, person: &str, at: Timestamp) -> Result<bool, StoreError> {
    Ok(unit
        .prepare("SELECT 1 FROM consent_log WHERE person = ?1 AND at >= ?2")?
        .exists((person, at.as_microsecond()))?)
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
    mark(unit, person, true)?;
    log(unit, person, "opt_out", source, message, at)
}

/// Twilio refuses to write to this person: they opted out there. A refusal that the list alone told us of counts from
/// its own time, unless the person has changed their mind since.
pub(crate) fn refused_by_twilio(unit: &Unit<'_>, row: i64, now: Timestamp) -> Result<(), StoreError> {
    let (person, recovered, written_at): (String, bool, Timestamp) = unit
        .prepare(
            "SELECT c.person, m.recovered, m.created_at
             FROM message m JOIN contact c ON c.id = m.contact WHERE m.row = ?1",
        )?
        .query_row([row], |found| Ok((found.get(0)?, found.get(1)?, rows::time(found, 2)?)))?;
    if recovered && was_changed_since(unit, &person, written_at)? {
        return Ok(());
    }
    opt_out(unit, &person, "twilio_21610", Some(row), if recovered { written_at } else { now })
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
    mark(unit, person, false)?;
    log(unit, person, "opt_in", source, message, now.as_microsecond())
}

/// Who changed a consent by hand, and what it rests on; for the entry just written.
pub(crate) fn vouch(unit: &Unit<'_>, author: Option<UserId>, note: &str) -> Result<(), StoreError> {
    unit.run(
        "UPDATE consent_log SET author = ?2, note = ?3 WHERE id = ?1",
        (unit.last_row(), author.map(|author| author.0.into_bytes()), note),
    )?;
    Ok(())
}

/// The contact's line follows the list.
fn mark(unit: &Unit<'_>, person: &str, opted_out: bool) -> Result<(), StoreError> {
    unit.run("UPDATE contact SET opted_out = ?2 WHERE person = ?1 AND opted_out <> ?2", (person, opted_out))?;
    Ok(())
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
    unit: &mut Unit<'_>,
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
    vouch(unit, None, note)?;
    let contact: Option<i64> = unit.value("SELECT id FROM contact WHERE person = ?1", [person])?;
    contact.map_or(Ok(()), |contact| unit.event(EventKind::Consent, ContactId(contact), 0, now))
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
