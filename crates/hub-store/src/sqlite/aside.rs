//! SQL of jobs that don't get on by themselves.
//!
//! The table holds open work only, so a page is read in its own order.

use hub_domain::{ids::JobId, job::JobKind};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use super::{attachments, attempts, audit, jobs, replies, rows, unit::Unit};
use crate::{
    aside::{Abandoned, TroubledJob, TroubledQuery},
    audit::{AuditAction, By},
    error::StoreError,
    jobs::LeasedJob,
};

pub(crate) fn list(connection: &Connection, query: TroubledQuery) -> Result<Vec<TroubledJob>, StoreError> {
    let TroubledQuery { late_before, after, limit } = query;
    let mut statement = connection.prepare_cached(
        "SELECT j.id, j.kind, j.message, j.due_at, j.leased_by IS NOT NULL, j.set_aside, j.failures, j.last_error,
           m.direction = 'inbound', iif(m.direction = 'inbound', m.from_address, m.to_address), c.name
         FROM job j CROSS JOIN message m ON m.row = j.message CROSS JOIN contact c ON c.id = m.contact
         WHERE j.id > ?1 AND (j.set_aside = 1 OR j.due_at <= ?2) ORDER BY j.id LIMIT ?3",
    )?;
    let after = after.map_or(0, |job| job.0);
    let jobs = statement.query_map((after, late_before.as_microsecond(), limit), |row| {
        Ok(TroubledJob {
            job: jobs::record(row)?,
            inbound: row.get(8)?,
            address: row.get(9)?,
            name: row.get(10)?,
        })
    })?;
    Ok(jobs.collect::<Result<_, _>>()?)
}

pub(crate) fn retry(unit: &mut Unit<'_>, job: JobId, by: &By, now: Timestamp) -> Result<(), StoreError> {
    let kind = aside(unit, job)?.map(|job| job.kind);
    jobs::retry(unit, job, now)?;
    audit::note(unit, AuditAction::JobRetried, kind.map_or("", JobKind::as_str), by, now)
}

pub(crate) fn abandon(
    unit: &mut Unit<'_>,
    job: JobId,
    by: &By,
    now: Timestamp,
) -> Result<Abandoned, StoreError> {
    let Some(job) = aside(unit, job)? else { return Ok(Abandoned::NotAside) };
    match job.kind {
        JobKind::Reply => replies::abandon(unit, &job, now)?,
        JobKind::Media => attachments::abandon(unit, &job, now)?,
        JobKind::Reconcile => attempts::stop_looking(unit, &job, now)?,
        JobKind::Deliver => {
            if !attempts::abandon(unit, &job, now)? {
                return Ok(Abandoned::InDoubt);
            }
        }
    }
    audit::note(unit, AuditAction::JobDiscarded, job.kind.as_str(), by, now)?;
    Ok(Abandoned::Yes)
}

/// The job, in hand as it were: nobody leases what was set aside.
fn aside(unit: &Unit<'_>, job: JobId) -> Result<Option<LeasedJob>, StoreError> {
    let found = unit
        .prepare(
            "SELECT id, kind, message, attempt, fence, failures FROM job WHERE id = ?1 AND set_aside = 1",
        )?
        .query_row([job.0], |row| {
            Ok(LeasedJob {
                id: JobId(row.get(0)?),
                kind: rows::word(row, 1, JobKind::parse)?,
                message: row.get(2)?,
                attempt: rows::optional_attempt(row, 3)?,
                fence: row.get(4)?,
                failures: row.get(5)?,
            })
        })
        .optional()?;
    Ok(found)
}
