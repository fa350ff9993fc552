//! SQL of what keeps a due delivery back: an earlier one of its conversation, its sender's pace, the stop of the
//! whole queue.
//!
//! A job that waits for an earlier one of its lane is parked: its `due_at` is its `hold_until`, and finishing the
//! earlier one makes it due.

use hub_domain::ids::JobId;
use jiff::Timestamp;
use rusqlite::OptionalExtension;

use super::{Due, after, give_back};
use crate::{
    error::StoreError,
    jobs::{LeaseRequest, LeasedJob},
    sqlite::{rows, unit::Unit},
};

/// Until when a due job waits for an earlier one of its lane; `None`: it need not.
pub(super) fn must_wait(
    unit: &Unit<'_>,
    due: &Due,
    request: &LeaseRequest,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let (Some(lane), Some(hold_until)) = (due.lane, due.hold_until) else { return Ok(None) };
    if hold_until > now {
        let waits = waits_for_another(unit, lane, due.job.id, due.priority)?;
        return Ok(waits.then_some(hold_until));
    }
    let waits = waits_for_a_slow_one(unit, lane, due, request, now)?;
    Ok(waits.then(|| after(now, unit.timing().lane_hold)))
}

fn waits_for_another(unit: &Unit<'_>, lane: i64, id: JobId, priority: i64) -> Result<bool, StoreError> {
    let another = unit
        .prepare(
            "SELECT 1 FROM job WHERE lane = ?1 AND set_aside = 0 AND id <> ?2
               AND (leased_by IS NOT NULL OR priority < ?3 OR (priority = ?3 AND id < ?2)) LIMIT 1",
        )?
        .exists((lane, id.0, priority))?;
    Ok(another)
}

/// After its hold a message still doesn't overtake one that nothing is wrong with: that waits for its sender's
/// pace, has not been taken because the queue stood still or no worker ran, or was taken within a hold.
fn waits_for_a_slow_one(
    unit: &Unit<'_>,
    lane: i64,
    due: &Due,
    request: &LeaseRequest,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let taken_lately = after(now, request.lasts.saturating_sub(unit.timing().lane_hold));
    let another = unit
        .prepare(
            "SELECT 1 FROM job WHERE lane = ?1 AND set_aside = 0 AND id <> ?2 AND failures = 0 AND refusals = 0
               AND (priority < ?3 OR (priority = ?3 AND id < ?2))
               AND CASE WHEN leased_by IS NULL THEN due_at <= ?4 OR slot_at IS NOT NULL ELSE due_at > ?5 END
             LIMIT 1",
        )?
        .exists((lane, due.job.id.0, due.priority, now.as_microsecond(), taken_lately.as_microsecond()))?;
    Ok(another)
}

/// Makes the first job of a lane due if it is parked. `gone` is the one that made room: finished, set aside
/// or put off, never parked.
pub(super) fn promote(unit: &mut Unit<'_>, lane: i64, gone: JobId) -> Result<(), StoreError> {
    let promoted = unit.run(
        "UPDATE job SET due_at = created_at WHERE leased_by IS NULL AND due_at = hold_until AND id <> ?2 AND id =
           (SELECT id FROM job WHERE lane = ?1 AND set_aside = 0 ORDER BY priority, id LIMIT 1)",
        (lane, gone.0),
    )?;
    if promoted > 0 {
        unit.work();
    }
    Ok(())
}

/// Puts a deliver job off until its lane moves, but not longer than another hold.
pub(crate) fn park(unit: &mut Unit<'_>, job: &LeasedJob, now: Timestamp) -> Result<(), StoreError> {
    let until = after(now, unit.timing().lane_hold);
    unit.run("UPDATE job SET hold_until = ?2 WHERE id = ?1", (job.id.0, until.as_microsecond()))?;
    give_back(unit, job, until, None)
}

/// Puts a deliver job back in its place: the queue stands still.
pub(crate) fn set_back(unit: &mut Unit<'_>, job: &LeasedJob, now: Timestamp) -> Result<(), StoreError> {
    give_back(unit, job, now, None)
}

/// Puts a deliver job off until its sender's pace allows; with `kept` that moment is its own.
pub(crate) fn put_off(
    unit: &mut Unit<'_>,
    job: &LeasedJob,
    moment: Timestamp,
    kept: bool,
) -> Result<(), StoreError> {
    unit.run(
        "UPDATE job SET slot_at = ?2, slot_kept = ?3 WHERE id = ?1",
        (job.id.0, moment.as_microsecond(), kept),
    )?;
    give_back(unit, job, moment, None)
}

/// The moment that the job was given by its sender's pace. It is taken with this: a later call needs another.
pub(crate) fn slot(unit: &Unit<'_>, job: &LeasedJob) -> Result<Option<Timestamp>, StoreError> {
    let found = unit
        .prepare("SELECT slot_at, slot_kept FROM job WHERE id = ?1 AND slot_at IS NOT NULL")?
        .query_row([job.id.0], |row| Ok((rows::time(row, 0)?, row.get(1)?)))
        .optional()?;
    let Some((moment, kept)) = found else { return Ok(None) };
    unit.run("UPDATE job SET slot_at = NULL, slot_kept = 0 WHERE id = ?1", [job.id.0])?;
    Ok(Some(moment).filter(|_| kept))
}
