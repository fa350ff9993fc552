//! SQL of the stop of the whole queue: one row says since when and why nothing leaves.

use hub_domain::{
    attempt::AttemptOutcome,
    ids::ContactId,
    stop::{Fingerprint, Passage, Stop, Verdict, is_over, passage, stops, verdict},
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};

use super::{jobs, rows, unit::Unit};
use crate::{error::StoreError, events::EventKind, sending::SendingChange};

const FIND: &str = "SELECT stopped_at, http_status, code, credentials, probe_at, by_reading FROM sending_stop
     WHERE id = 1 AND stopped_at IS NOT NULL";

pub(crate) fn find(connection: &Connection) -> Result<Option<Stop>, StoreError> {
    Ok(connection.prepare_cached(FIND)?.query_row((), stop).optional()?)
}

fn stop(row: &Row<'_>) -> rusqlite::Result<Stop> {
    Ok(Stop {
        since: rows::time(row, 0)?,
        http_status: row.get(1)?,
        code: row.get(2)?,
        credentials: Fingerprint(row.get(3)?),
        probe_at: rows::time(row, 4)?,
        by_reading: row.get(5)?,
    })
}

fn current(unit: &Unit<'_>) -> Result<Option<Stop>, StoreError> {
    Ok(unit.prepare(FIND)?.query_row((), stop).optional()?)
}

/// When deliveries may be taken again; `None`: any time. One of them then tries for all.
pub(crate) fn closed_until(connection: &Connection) -> Result<Option<Timestamp>, StoreError> {
    Ok(find(connection)?.map(|stop| stop.probe_at))
}

/// How many deliveries may be taken: all that are wanted, one that tries for all, or none.
pub(crate) fn takes(unit: &Unit<'_>, wanted: usize, now: Timestamp) -> Result<usize, StoreError> {
    Ok(match current(unit)? {
        None => wanted,
        Some(stop) if stop.probe_at <= now => wanted.min(1),
        Some(_) => 0,
    })
}

/// Whether a message may be called for. The one that tries for all puts the next try off.
pub(crate) fn enter(unit: &mut Unit<'_>, ours: Fingerprint, now: Timestamp) -> Result<bool, StoreError> {
    match passage(current(unit)?.as_ref(), ours, now) {
        Passage::Free => {}
        Passage::Resume => resume(unit, now)?,
        Passage::Probe => {
            let next = jobs::after(now, unit.timing().probe_every);
            unit.run("UPDATE sending_stop SET probe_at = ?1 WHERE id = 1", [next.as_microsecond()])?;
        }
        Passage::Closed => return Ok(false),
    }
    Ok(true)
}

/// Draws the consequence of an answer for all messages.
pub(crate) fn heard(
    unit: &mut Unit<'_>,
    outcome: &AttemptOutcome,
    ours: Fingerprint,
    now: Timestamp,
) -> Result<Option<SendingChange>, StoreError> {
    match (verdict(outcome), outcome) {
        (Verdict::Refused, AttemptOutcome::Refused { http_status, code, .. }) => {
            let was_moving = current(unit)?.is_none();
            stand_still(unit, *http_status, *code, ours, now)?;
            if was_moving {
                unit.event(EventKind::SendingStopped, ContactId(0), 0, now)?;
            }
            Ok(was_moving.then_some(SendingChange::Stopped))
        }
        (Verdict::Taken, _) if current(unit)?.is_some() => {
            resume(unit, now)?;
            Ok(Some(SendingChange::Resumed))
        }
        (Verdict::Refused | Verdict::Taken | Verdict::Silent, _) => Ok(None),
    }
}

/// Twilio's list was refused. What stands still already is left to the messages that try.
pub(crate) fn unread(
    unit: &mut Unit<'_>,
    http_status: u16,
    code: Option<u32>,
    ours: Fingerprint,
    now: Timestamp,
) -> Result<Option<SendingChange>, StoreError> {
    if !stops(http_status, code) || current(unit)?.is_some() {
        return Ok(None);
    }
    stand_still(unit, http_status, code, ours, now)?;
    unit.run("UPDATE sending_stop SET by_reading = 1 WHERE id = 1", ())?;
    unit.event(EventKind::SendingStopped, ContactId(0), 0, now)?;
    Ok(Some(SendingChange::Stopped))
}

/// Twilio's list was read; `true`: that ended a stop.
pub(crate) fn read(unit: &mut Unit<'_>, ours: Fingerprint, now: Timestamp) -> Result<bool, StoreError> {
    let over = current(unit)?.is_some_and(|stop| is_over(&stop, ours));
    if over {
        resume(unit, now)?;
    }
    Ok(over)
}

fn stand_still(
    unit: &Unit<'_>,
    http_status: u16,
    code: Option<u32>,
    credentials: Fingerprint,
    now: Timestamp,
) -> Result<(), StoreError> {
    let probe_at = jobs::after(now, unit.timing().probe_every);
    unit.run(
        "INSERT INTO sending_stop (id, stopped_at, http_status, code, credentials, probe_at)
         VALUES (1, ?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (id) DO UPDATE SET stopped_at = coalesce(stopped_at, excluded.stopped_at),
           http_status = excluded.http_status, code = excluded.code, credentials = excluded.credentials, by_reading = 0,
           probe_at = max(probe_at, excluded.probe_at)",
        (now.as_microsecond(), http_status, code, credentials.0, probe_at.as_microsecond()),
    )?;
    Ok(())
}

fn resume(unit: &mut Unit<'_>, now: Timestamp) -> Result<(), StoreError> {
    unit.run(
        "UPDATE sending_stop SET stopped_at = NULL, resumed_at = ?1 WHERE id = 1",
        [now.as_microsecond()],
    )?;
    unit.work();
    unit.event(EventKind::SendingResumed, ContactId(0), 0, now)
}

pub(crate) fn resume_with(
    unit: &mut Unit<'_>,
    ours: Fingerprint,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let ends = passage(current(unit)?.as_ref(), ours, now) == Passage::Resume;
    if ends {
        resume(unit, now)?;
    }
    Ok(ends)
}

/// When the queue last went on after a stop.
pub(crate) fn resumed_at(unit: &Unit<'_>) -> Result<Option<Timestamp>, StoreError> {
    let found = unit
        .prepare("SELECT resumed_at FROM sending_stop WHERE id = 1")?
        .query_row((), |row| rows::optional_time(row, 0))
        .optional()?;
    Ok(found.flatten())
}
