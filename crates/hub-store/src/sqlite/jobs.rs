//! SQL of the job table.
//!
//! A leased job is one whose `due_at` is the end of its lease, so one index answers both "what is due" and
//! "whose worker is gone". A deliver job that waits for an earlier one of its lane is parked: its `due_at`
//! is its `hold_until`, and finishing the earlier one makes it due.

mod lanes;

use std::{ops::RangeInclusive, time::Duration};

use hub_domain::{
    ids::{AttemptId, JobId},
    job::JobKind,
};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row};

use lanes::{must_wait, promote};
pub(crate) use lanes::{park, put_off, set_back, slot};

use super::{rows, stop, unit::Unit};
use crate::{
    error::StoreError,
    jobs::{JobRecord, LeaseRequest, LeasedJob},
};

/// Deliver jobs have the priority of their message's origin, 0 to this.
const LAST_DELIVER_PRIORITY: i64 = 3;
const _: () = assert!(hub_domain::message::Origin::LAST_PRIORITY == 3);

/// Jobs looked at in one lease: a crowded conversation, most of whose jobs are put off, must not keep the
/// writer busy.
const LOOKED_AT: usize = 400;

/// The priorities of a kind. They don't overlap, so that the index on them also separates the kinds.
const fn priorities(kind: JobKind) -> RangeInclusive<i64> {
    match kind {
        JobKind::Deliver => 0..=LAST_DELIVER_PRIORITY,
        JobKind::Reply => LAST_DELIVER_PRIORITY + 1..=LAST_DELIVER_PRIORITY + 1,
        JobKind::Reconcile => LAST_DELIVER_PRIORITY + 2..=LAST_DELIVER_PRIORITY + 2,
        JobKind::Media => LAST_DELIVER_PRIORITY + 3..=LAST_DELIVER_PRIORITY + 3,
    }
}

/// A job to be written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewJob {
    pub(crate) kind: JobKind,
    pub(crate) message: i64,
    pub(crate) attempt: Option<AttemptId>,
    pub(crate) lane: Option<i64>,
    pub(crate) priority: i64,
    /// Due later than now.
    pub(crate) due: Option<Timestamp>,
}

impl NewJob {
    pub(crate) const fn of(kind: JobKind, message: i64) -> Self {
        Self { kind, message, attempt: None, lane: None, priority: *priorities(kind).end(), due: None }
    }

    /// One effect, one key.
    fn key(&self) -> String {
        match self.attempt {
            Some(attempt) => format!("{}:{}", self.kind.as_str(), attempt),
            None => format!("{}:{}", self.kind.as_str(), self.message),
        }
    }
}

/// Writes a job, or finds the one with the same key.
pub(crate) fn enqueue(unit: &mut Unit<'_>, job: &NewJob, now: Timestamp) -> Result<JobId, StoreError> {
    let hold = job.lane.map(|_| after(now, unit.timing().lane_hold));
    let key = job.key();
    let written = unit.run(
        "INSERT INTO job (kind, key, message, attempt, lane, hold_until, priority, due_at, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (key) DO NOTHING",
        (
            job.kind.as_str(),
            &key,
            job.message,
            job.attempt.map(|attempt| attempt.0.into_bytes()),
            job.lane,
            hold.map(Timestamp::as_microsecond),
            job.priority,
            job.due.unwrap_or(now).as_microsecond(),
            now.as_microsecond(),
        ),
    )?;
    unit.work();
    if written == 1 {
        return Ok(JobId(unit.last_row()));
    }
    let id = unit.prepare("SELECT id FROM job WHERE key = ?1")?.query_row([key], |row| row.get(0))?;
    Ok(JobId(id))
}

struct Due {
    job: LeasedJob,
    lane: Option<i64>,
    hold_until: Option<Timestamp>,
    priority: i64,
    expired: bool,
}

fn due(row: &Row<'_>) -> rusqlite::Result<Due> {
    Ok(Due {
        job: LeasedJob {
            id: JobId(row.get(0)?),
            kind: rows::word(row, 1, JobKind::parse)?,
            message: row.get(2)?,
            attempt: rows::optional_attempt(row, 3)?,
            fence: row.get(4)?,
            failures: row.get(5)?,
        },
        lane: row.get(6)?,
        hold_until: rows::optional_time(row, 7)?,
        priority: row.get(8)?,
        expired: row.get(9)?,
    })
}

pub(crate) fn lease(
    unit: &mut Unit<'_>,
    request: &LeaseRequest,
    kind: JobKind,
    limit: u32,
    now: Timestamp,
) -> Result<Vec<LeasedJob>, StoreError> {
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let limit = match kind {
        JobKind::Deliver => stop::takes(unit, wanted, now)?,
        JobKind::Reply | JobKind::Reconcile | JobKind::Media => wanted,
    };
    let mut leased = Vec::new();
    let mut looks = LOOKED_AT;
    let mut priorities = priorities(kind);
    let mut current = priorities.next();
    while let Some(priority) = current {
        let room = limit.saturating_sub(leased.len()).min(looks);
        if room == 0 {
            break;
        }
        let found: Vec<Due> = unit
            .prepare(
                "SELECT id, kind, message, attempt, fence, failures, lane, hold_until, priority,
                   leased_by IS NOT NULL
                 FROM job WHERE set_aside = 0 AND priority = ?1 AND due_at <= ?2 ORDER BY due_at, id
                 LIMIT ?3",
            )?
            .query_map((priority, now.as_microsecond(), i64::try_from(room).unwrap_or(i64::MAX)), due)?
            .collect::<Result<_, _>>()?;
        looks -= found.len();
        if found.len() < room {
            current = priorities.next();
        }
        for due in found {
            if let Some(job) = take_due(unit, &due, request, now)? {
                leased.push(job);
            }
        }
    }
    Ok(leased)
}

/// Takes one due job, unless it was abandoned too often or must wait for its lane.
fn take_due(
    unit: &mut Unit<'_>,
    due: &Due,
    request: &LeaseRequest,
    now: Timestamp,
) -> Result<Option<LeasedJob>, StoreError> {
    let failures = due.job.failures + u32::from(due.expired);
    if failures >= due.job.kind.max_failures() {
        unit.run(
            "UPDATE job SET set_aside = 1, leased_by = NULL, failures = ?2,
               last_error = coalesce(last_error, 'the worker ended before the job did') WHERE id = ?1",
            (due.job.id.0, failures),
        )?;
        if let Some(lane) = due.lane {
            promote(unit, lane, due.job.id)?;
        }
        return Ok(None);
    }
    if let Some(until) = must_wait(unit, due, request, now)? {
        unit.run(
            "UPDATE job SET due_at = ?2, hold_until = ?2, leased_by = NULL WHERE id = ?1",
            (due.job.id.0, until.as_microsecond()),
        )?;
        return Ok(None);
    }
    // What `take` would read back is known here, and RETURNING costs as much as the change itself.
    let until = after(now, request.lasts);
    unit.run(
        "UPDATE job SET leased_by = ?2, due_at = ?3, fence = fence + 1, failures = ?4 WHERE id = ?1",
        (due.job.id.0, &request.owner, until.as_microsecond(), failures),
    )?;
    Ok(Some(LeasedJob { fence: due.job.fence + 1, failures, ..due.job }))
}

/// Leases one job if nobody has it in hand and it may be taken.
pub(crate) fn take_due_one(
    unit: &Unit<'_>,
    id: JobId,
    request: &LeaseRequest,
    now: Timestamp,
) -> Result<Option<LeasedJob>, StoreError> {
    let free = unit
        .prepare("SELECT 1 FROM job WHERE id = ?1 AND leased_by IS NULL AND set_aside = 0 AND due_at <= ?2")?
        .exists((id.0, now.as_microsecond()))?;
    free.then(|| take(unit, id, request, now)).transpose()
}

/// Leases one job, whatever its place.
pub(crate) fn take(
    unit: &Unit<'_>,
    id: JobId,
    request: &LeaseRequest,
    now: Timestamp,
) -> Result<LeasedJob, StoreError> {
    let until = after(now, request.lasts);
    let job = unit
        .prepare(
            "UPDATE job SET leased_by = ?2, due_at = ?3, fence = fence + 1 WHERE id = ?1
             RETURNING id, kind, message, attempt, fence, failures",
        )?
        .query_row((id.0, &request.owner, until.as_microsecond()), |row| {
            Ok(LeasedJob {
                id: JobId(row.get(0)?),
                kind: rows::word(row, 1, JobKind::parse)?,
                message: row.get(2)?,
                attempt: rows::optional_attempt(row, 3)?,
                fence: row.get(4)?,
                failures: row.get(5)?,
            })
        })?;
    Ok(job)
}

/// The lease is still ours.
pub(crate) fn is_held(unit: &Unit<'_>, job: &LeasedJob) -> Result<bool, StoreError> {
    Ok(unit.prepare("SELECT 1 FROM job WHERE id = ?1 AND fence = ?2")?.exists((job.id.0, job.fence))?)
}

/// Refuses to go on when the lease is lost.
pub(crate) fn require_held(unit: &Unit<'_>, job: &LeasedJob) -> Result<(), StoreError> {
    if is_held(unit, job)? { Ok(()) } else { Err(StoreError::LeaseLost(job.id.0)) }
}

/// The job is done: its row goes, and the next of its lane may leave.
pub(crate) fn finish(unit: &mut Unit<'_>, job: &LeasedJob) -> Result<(), StoreError> {
    let lane: Option<Option<i64>> = unit
        .prepare("SELECT lane FROM job WHERE id = ?1 AND fence = ?2")?
        .query_row((job.id.0, job.fence), |row| row.get(0))
        .optional()?;
    let Some(lane) = lane else { return Err(StoreError::LeaseLost(job.id.0)) };
    unit.run("DELETE FROM job WHERE id = ?1", [job.id.0])?;
    match lane {
        None => Ok(()),
        Some(lane) => promote(unit, lane, job.id),
    }
}

pub(crate) fn give_back(
    unit: &mut Unit<'_>,
    job: &LeasedJob,
    due: Timestamp,
    error: Option<&str>,
) -> Result<(), StoreError> {
    // Given back without an error it has worked: only failures in a row make a job poisoned.
    let failures = if error.is_some() { job.failures + 1 } else { 0 };
    let lane: Option<Option<i64>> = unit
        .prepare(
            "UPDATE job SET leased_by = NULL, due_at = ?3, failures = ?4, last_error = coalesce(?5, last_error),
               set_aside = ?6 WHERE id = ?1 AND fence = ?2 RETURNING lane",
        )?
        .query_row(
            (job.id.0, job.fence, due.as_microsecond(), failures, error, failures >= job.kind.max_failures()),
            |row| row.get(0),
        )
        .optional()?;
    unit.work();
    match lane {
        None => Err(StoreError::LeaseLost(job.id.0)),
        Some(None) => Ok(()),
        // A person's message that waited for this one to leave goes while this one waits.
        Some(Some(lane)) => promote(unit, lane, job.id),
    }
}

/// Puts a deliver job off after a call that certainly did not get through.
pub(crate) fn refused(
    unit: &mut Unit<'_>,
    job: &LeasedJob,
    due: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    unit.run(
        "UPDATE job SET refusals = refusals + 1, refused_since = coalesce(refused_since, ?2) WHERE id = ?1",
        (job.id.0, now.as_microsecond()),
    )?;
    give_back(unit, job, due, None)
}

/// Drops the delivery of a message that must not leave any more, whoever has it in hand.
pub(crate) fn drop_delivery(unit: &mut Unit<'_>, message: i64) -> Result<(), StoreError> {
    let dropped: Option<(i64, Option<i64>)> = unit
        .prepare("DELETE FROM job WHERE message = ?1 AND +kind = 'deliver' RETURNING id, lane")?
        .query_row([message], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    match dropped {
        Some((id, Some(lane))) => promote(unit, lane, JobId(id)),
        Some((_, None)) | None => Ok(()),
    }
}

/// How often the job's calls certainly did not get through, and since when.
pub(crate) fn refusals(unit: &Unit<'_>, job: &LeasedJob) -> Result<(u32, Option<Timestamp>), StoreError> {
    let found = unit
        .prepare("SELECT refusals, refused_since FROM job WHERE id = ?1")?
        .query_row([job.id.0], |row| Ok((row.get(0)?, rows::optional_time(row, 1)?)))
        .optional()?;
    Ok(found.unwrap_or((0, None)))
}

pub(crate) fn free_leases(unit: &mut Unit<'_>, owner: &str, now: Timestamp) -> Result<usize, StoreError> {
    unit.work();
    unit.run("UPDATE job SET due_at = ?2 WHERE leased_by = ?1", (owner, now.as_microsecond()))
}

pub(crate) fn retry(unit: &mut Unit<'_>, job: JobId, now: Timestamp) -> Result<(), StoreError> {
    let changed = unit.run(
        "UPDATE job SET set_aside = 0, failures = 0, leased_by = NULL, due_at = ?2
         WHERE id = ?1 AND set_aside = 1",
        (job.0, now.as_microsecond()),
    )?;
    unit.work();
    if changed == 1 { Ok(()) } else { Err(StoreError::NotFound("job set aside")) }
}

pub(crate) fn next_due(connection: &Connection) -> Result<Option<Timestamp>, StoreError> {
    let closed_until = stop::closed_until(connection)?;
    let mut earliest = None;
    for priority in JobKind::ALL.into_iter().flat_map(priorities) {
        let due = connection
            .prepare_cached(
                "SELECT due_at FROM job WHERE set_aside = 0 AND priority = ?1 ORDER BY due_at LIMIT 1",
            )?
            .query_row([priority], |row| rows::time(row, 0))
            .optional()?;
        let opens = closed_until.filter(|_| priorities(JobKind::Deliver).contains(&priority));
        let due = due.map(|due| opens.map_or(due, |opens| opens.max(due)));
        earliest = match (earliest, due) {
            (Some(a), Some(b)) => Some(std::cmp::min::<Timestamp>(a, b)),
            (a, b) => a.or(b),
        };
    }
    Ok(earliest)
}

pub(crate) fn list(connection: &Connection, limit: u32) -> Result<Vec<JobRecord>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, kind, message, due_at, leased_by IS NOT NULL, set_aside, failures, last_error
         FROM job ORDER BY id LIMIT ?1",
    )?;
    let jobs = statement.query_map([limit], record)?;
    Ok(jobs.collect::<Result<_, _>>()?)
}

/// A job from its columns in the order of `JobRecord`; the fifth says whether anybody leases it.
pub(crate) fn record(row: &Row<'_>) -> rusqlite::Result<JobRecord> {
    Ok(JobRecord {
        id: JobId(row.get(0)?),
        kind: rows::word(row, 1, JobKind::parse)?,
        message: row.get(2)?,
        due_at: rows::time(row, 3)?,
        leased: row.get(4)?,
        set_aside: row.get(5)?,
        failures: row.get(6)?,
        last_error: row.get(7)?,
    })
}

/// `pause` from now; the end of time for a pause beyond it.
pub(crate) fn after(now: Timestamp, pause: Duration) -> Timestamp {
    SignedDuration::try_from(pause)
        .ok()
        .and_then(|pause| now.saturating_add(pause).ok())
        .unwrap_or(Timestamp::MAX)
}
