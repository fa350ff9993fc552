//! SQL that removes old events, old keys of sends and what was kept of deletions.

use jiff::{SignedDuration, Timestamp};

use super::unit::Unit;
use crate::error::StoreError;

/// How long events and keys are kept at least.
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How long it is known that a message was deleted: far longer than a page of Twilio's list is in hand.
const DELETED_KEPT: SignedDuration = SignedDuration::from_hours(24);

/// Rows removed in one unit at most, of each sort.
const OF_EACH: i64 = 125;

pub(crate) fn tidy(unit: &Unit<'_>, now: Timestamp) -> Result<usize, StoreError> {
    let since = now.saturating_sub(KEPT).unwrap_or(Timestamp::MIN).as_microsecond();
    // Only the oldest ones are looked at, which their numbers tell: there is no index on their time.
    let events = unit.run(
        "DELETE FROM event WHERE at < ?1 AND id IN (SELECT id FROM event WHERE id > 0 ORDER BY id LIMIT ?2)",
        (since, OF_EACH),
    )?;
    let keys = unit.run(
        "DELETE FROM idempotency WHERE key IN
           (SELECT key FROM idempotency WHERE created_at < ?1 ORDER BY created_at LIMIT ?2)",
        (since, OF_EACH),
    )?;
    let sends = unit.run(
        "DELETE FROM deleted_send WHERE id IN
           (SELECT id FROM deleted_send WHERE deleted_at < ?1 ORDER BY deleted_at LIMIT ?2)",
        (since, OF_EACH),
    )?;
    let since = now.saturating_sub(DELETED_KEPT).unwrap_or(Timestamp::MIN).as_microsecond();
    let deleted = unit.run(
        "DELETE FROM deleted WHERE sid IN (SELECT sid FROM deleted WHERE at < ?1 ORDER BY at LIMIT ?2)",
        (since, OF_EACH),
    )?;
    Ok(events + keys + sends + deleted)
}
