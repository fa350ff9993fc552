//! SQL of the recovery's walk.

use std::time::Duration;

use hub_domain::{
    address::Address,
    ids::{MessageId, MessageSid},
    incoming::Elsewhere,
    job::JobKind,
    message::Direction,
    recovery::{Progress, Walk},
    remote::RemoteFacts,
    status::DeliveryStatus,
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{
    jobs::{self, after},
    polls,
    remote::{self, AsNew},
    removal, rows,
    unit::Unit,
};
use crate::{
    error::StoreError,
    recovery::{Listed, MissedKept, Recovery, RecoveryDue},
    remote::Kept,
};

pub(crate) fn progress(connection: &Connection, name: &str) -> Result<Option<Progress>, StoreError> {
    let value: Option<String> = connection
        .prepare_cached("SELECT value FROM progress WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()?;
    value
        .map(|value| serde_json::from_str(&value).map_err(|_| StoreError::Corrupt("progress: no walk")))
        .transpose()
}

fn write(unit: &Unit<'_>, name: &str, progress: &Progress, now: Timestamp) -> Result<(), StoreError> {
    let value = serde_json::to_string(progress)
        .map_err(|error| StoreError::fault("writing where the walk stands", error))?;
    unit.run(
        "INSERT INTO progress (name, value, updated_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at",
        (name, value, now.as_microsecond()),
    )?;
    Ok(())
}

pub(crate) fn begin(
    unit: &mut Unit<'_>,
    name: &str,
    progress: &Progress,
    reported: bool,
    now: Timestamp,
) -> Result<Progress, StoreError> {
    let mut walk = progress.begin(now);
    if reported {
        walk.report = Some(new_report(unit, &walk)?);
    }
    let progress = Progress { walk: Some(walk), ..progress.clone() };
    write(unit, name, &progress, now)?;
    Ok(progress)
}

fn new_report(unit: &Unit<'_>, walk: &Walk) -> Result<i64, StoreError> {
    unit.run(
        "INSERT INTO recovery (began_at, floor) VALUES (?1, ?2)",
        (walk.began.as_microsecond(), walk.floor.as_microsecond()),
    )?;
    Ok(unit.last_row())
}

pub(crate) fn note(
    unit: &mut Unit<'_>,
    walk: &Walk,
    Listed { facts: seen, is_news }: &Listed,
    grace: Duration,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(row) = remote::known(unit, seen)? else {
        if removal::is_deleted(unit, &seen.sid)? {
            return Ok(());
        }
        return put_aside(unit, walk.report.filter(|_| *is_news), seen, grace, now);
    };
    let changed = remote::follow(unit, seen, row, now)?;
    let overdue_from = after_maybe(seen.created_at, unit.timing().ask_status_after);
    if let Some(report) = walk.report
        && changed
        && overdue_from.is_some_and(|from| from <= now)
    {
        unit.run("UPDATE recovery SET statuses = statuses + 1 WHERE id = ?1", [report])?;
    }
    take_up(unit, row, now)
}

fn after_maybe(at: Option<Timestamp>, pause: Duration) -> Option<Timestamp> {
    at.map(|at| after(at, pause))
}

/// A text that somebody looked up at Twilio before it was missed has a row and no decision yet.
fn take_up(unit: &mut Unit<'_>, row: i64, now: Timestamp) -> Result<(), StoreError> {
    let undecided = unit
        .prepare(
            "SELECT 1 FROM message WHERE row = ?1 AND direction = 'inbound' AND recovered = 1
               AND reply_decision IS NULL",
        )?
        .exists([row])?;
    if undecided {
        jobs::enqueue(unit, &jobs::NewJob::of(JobKind::Reply, row), now)?;
    }
    Ok(())
}

fn put_aside(
    unit: &Unit<'_>,
    report: Option<i64>,
    seen: &RemoteFacts,
    grace: Duration,
    now: Timestamp,
) -> Result<(), StoreError> {
    let is_fresh = after_maybe(seen.created_at, grace).is_some_and(|until| until > now);
    let waits = seen.direction == Direction::Inbound && is_fresh;
    // Seen again: what can change follows, and the wait goes on.
    unit.run(
        "INSERT INTO missed (sid, report, ready_at, direction, them, us, service, body, media, status, error_code,
           created_at, segments, price, price_unit)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
         ON CONFLICT (sid) DO UPDATE SET us = excluded.us, body = excluded.body, status = excluded.status,
           error_code = excluded.error_code, segments = excluded.segments, price = excluded.price,
           price_unit = excluded.price_unit",
        params![
            seen.sid.as_str(),
            report,
            if waits { after(now, grace) } else { now }.as_microsecond(),
            seen.direction.as_str(),
            seen.them.as_str(),
            &seen.us,
            &seen.service,
            &seen.body,
            seen.media_count,
            seen.status.map(DeliveryStatus::as_str),
            seen.error_code,
            seen.created_at.map(Timestamp::as_microsecond),
            seen.segments,
            &seen.price,
            &seen.price_unit,
        ],
    )?;
    Ok(())
}

pub(crate) fn page_done(
    unit: &mut Unit<'_>,
    name: &str,
    walk: &Walk,
    progress: &Progress,
    now: Timestamp,
) -> Result<(), StoreError> {
    write(unit, name, progress, now)?;
    if progress.walk.is_some() {
        return Ok(());
    }
    if let Some(report) = walk.report {
        unit.run("UPDATE recovery SET ended_at = ?2 WHERE id = ?1", (report, now.as_microsecond()))?;
    }
    // A report that has nothing to tell, and will not have.
    unit.run(
        "DELETE FROM recovery WHERE id = ?1 AND inbound + outbound + statuses + failures = 0
           AND NOT EXISTS (SELECT 1 FROM missed WHERE report = ?1)",
        [walk.report],
    )?;
    Ok(())
}

pub(crate) fn page_failed(
    unit: &mut Unit<'_>,
    name: &str,
    progress: &Progress,
    error: &str,
    anew: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(mut walk) = progress.walk.clone() else { return Ok(()) };
    let report = match walk.report {
        Some(report) => report,
        None => new_report(unit, &walk)?,
    };
    unit.run("UPDATE recovery SET failures = failures + 1, error = ?2 WHERE id = ?1", (report, error))?;
    walk.report = Some(report);
    if anew {
        walk.page = None;
    }
    write(unit, name, &Progress { walk: Some(walk), ..progress.clone() }, now)
}

struct Missed {
    seq: i64,
    report: Option<i64>,
    facts: RemoteFacts,
}

pub(crate) fn keep_missed(
    unit: &mut Unit<'_>,
    ids: &[(MessageId, MessageId)],
    elsewhere: &Elsewhere,
    now: Timestamp,
) -> Result<MissedKept, StoreError> {
    let ready = ready(unit, ids.len(), now)?;
    let mut kept = MissedKept { looked_at: ready.len(), reports: Vec::new() };
    for (missed, (message, confirmation)) in ready.into_iter().zip(ids) {
        let RemoteFacts { us, service, .. } = &missed.facts;
        let is_elsewhere = remote::is_elsewhere(unit, elsewhere, us, service.as_deref())?;
        let confirmation = Some(*confirmation).filter(|_| !is_elsewhere);
        let new = AsNew { id: *message, confirmation, history: false };
        match remote::keep(unit, &missed.facts, new, now)? {
            Kept::Left => {
                let ready = after(now, unit.timing().reconcile_wait);
                unit.run(
                    "UPDATE missed SET ready_at = ?2 WHERE seq = ?1",
                    (missed.seq, ready.as_microsecond()),
                )?;
                continue;
            }
            Kept::New(row) => {
                count(unit, &missed, row)?;
                take_up(unit, row, now)?;
                kept.reports.extend(missed.report.filter(|report| !kept.reports.contains(report)));
            }
            Kept::Known(row) => take_up(unit, row, now)?,
        }
        unit.run("DELETE FROM missed WHERE seq = ?1", [missed.seq])?;
    }
    Ok(kept)
}

fn count(unit: &Unit<'_>, missed: &Missed, row: i64) -> Result<(), StoreError> {
    let Some(report) = missed.report else { return Ok(()) };
    unit.run("UPDATE message SET recovery = ?2 WHERE row = ?1", (row, report))?;
    unit.run(
        "UPDATE recovery SET inbound = inbound + ?2, outbound = outbound + NOT ?2 WHERE id = ?1",
        (report, missed.facts.direction == Direction::Inbound),
    )?;
    Ok(())
}

fn ready(unit: &Unit<'_>, limit: usize, now: Timestamp) -> Result<Vec<Missed>, StoreError> {
    let mut statement = unit.prepare(
        "SELECT seq, report, sid, direction, them, us, service, body, media, status, error_code, created_at,
           segments, price, price_unit
         FROM missed WHERE ready_at <= ?1 ORDER BY created_at, seq DESC LIMIT ?2",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let found = statement.query_map((now.as_microsecond(), limit), missed)?;
    Ok(found.collect::<Result<_, _>>()?)
}

fn missed(row: &Row<'_>) -> rusqlite::Result<Missed> {
    let facts = RemoteFacts {
        sid: rows::word(row, 2, |text| MessageSid::parse(text).ok())?,
        direction: rows::word(row, 3, Direction::parse)?,
        them: rows::word(row, 4, |text| Address::from_provider(text).ok())?,
        us: row.get(5)?,
        service: row.get(6)?,
        body: row.get(7)?,
        media_count: row.get(8)?,
        status: rows::optional_word(row, 9, DeliveryStatus::parse)?,
        error_code: row.get(10)?,
        created_at: rows::optional_time(row, 11)?,
        segments: row.get(12)?,
        price: row.get(13)?,
        price_unit: row.get(14)?,
    };
    Ok(Missed { seq: row.get(0)?, report: row.get(1)?, facts })
}

/// The clock has been set back: what waits longer than anything does is ready.
pub(crate) fn set_back(unit: &Unit<'_>, now: Timestamp) -> Result<(), StoreError> {
    let timing = unit.timing();
    let latest = after(now, timing.missed_after.max(timing.reconcile_wait));
    unit.run(
        "UPDATE missed SET ready_at = ?1 WHERE ready_at > ?2",
        (now.as_microsecond(), latest.as_microsecond()),
    )?;
    polls::set_back(unit, now)
}

/// When the newest message was sent that the earlier program left us, as far as it is among the newest we have. None
/// once the list of any account has been walked: another account's is no continuation of that program's.
pub(crate) fn newest_moved_in(connection: &Connection) -> Result<Option<Timestamp>, StoreError> {
    let newest: Option<i64> = connection
        .prepare_cached(
            "SELECT max(created_at) FROM (SELECT created_at, reply_decision, recovered FROM message
               WHERE direction = 'inbound' ORDER BY row DESC LIMIT 100)
             WHERE reply_decision = 'imported' AND recovered = 0
               AND NOT EXISTS (SELECT 1 FROM progress WHERE name >= 'recovery:' AND name < 'recovery;')",
        )?
        .query_row((), |row| row.get(0))?;
    Ok(newest.and_then(|at| Timestamp::from_microsecond(at).ok()))
}

pub(crate) fn remember(
    unit: &Unit<'_>,
    name: &str,
    progress: &Progress,
    now: Timestamp,
) -> Result<(), StoreError> {
    let is_known = unit.prepare("SELECT 1 FROM progress WHERE name = ?1")?.exists([name])?;
    if is_known { Ok(()) } else { write(unit, name, progress, now) }
}

pub(crate) fn due(connection: &Connection) -> Result<RecoveryDue, StoreError> {
    Ok(RecoveryDue {
        missed: moment(
            connection,
            "SELECT ready_at FROM missed WHERE ready_at > 0 ORDER BY ready_at LIMIT 1",
        )?,
        status: polls::next_due(connection)?,
        last_missed: moment(
            connection,
            "SELECT ready_at FROM missed WHERE ready_at > 0 ORDER BY ready_at DESC LIMIT 1",
        )?,
        last_status: polls::last_due(connection)?,
    })
}

/// The moment that such a statement finds.
pub(crate) fn moment(connection: &Connection, sql: &str) -> Result<Option<Timestamp>, StoreError> {
    Ok(connection.prepare_cached(sql)?.query_row((), |row| rows::time(row, 0)).optional()?)
}

pub(crate) fn is_recovered(connection: &Connection, report: i64) -> Result<bool, StoreError> {
    let open = connection
        .prepare_cached(
            "SELECT 1 FROM missed WHERE report = ?1 UNION ALL SELECT 1 FROM message
             WHERE recovery = ?1 AND direction = 'inbound' AND reply_decision IS NULL LIMIT 1",
        )?
        .exists([report])?;
    Ok(!open)
}

pub(crate) fn list(
    connection: &Connection,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<Recovery>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, began_at, ended_at, floor, inbound, outbound, statuses, failures, error,
           (SELECT count(*) FROM message i JOIN message a ON a.reply_to = i.row
            WHERE i.recovery = recovery.id AND a.status = 'held')
         FROM recovery WHERE inbound + outbound + statuses + failures > 0 AND id < ?1
         ORDER BY id DESC LIMIT ?2",
    )?;
    let found = statement.query_map((before.unwrap_or(i64::MAX), limit), |row| {
        Ok(Recovery {
            id: row.get(0)?,
            began_at: rows::time(row, 1)?,
            ended_at: rows::optional_time(row, 2)?,
            floor: rows::time(row, 3)?,
            inbound: row.get(4)?,
            outbound: row.get(5)?,
            statuses: row.get(6)?,
            failures: row.get(7)?,
            error: row.get(8)?,
            waiting: row.get(9)?,
        })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Keeps part of the history before this hub: decided, never answered, asked about or told.
pub(crate) fn keep_history(
    unit: &mut Unit<'_>,
    seen: &[(RemoteFacts, MessageId)],
    now: Timestamp,
) -> Result<Vec<Kept>, StoreError> {
    let mut all = Vec::with_capacity(seen.len());
    for (facts, id) in seen {
        let is_missed = unit.prepare("SELECT 1 FROM missed WHERE sid = ?1")?.exists([facts.sid.as_str()])?;
        // What the recovery has put aside is its own.
        let kept = if is_missed {
            Kept::Left
        } else {
            remote::keep(unit, facts, AsNew { id: *id, confirmation: None, history: true }, now)?
        };
        if let Kept::New(row) = kept {
            polls::give_up(unit, row)?;
        }
        all.push(kept);
    }
    Ok(all)
}
