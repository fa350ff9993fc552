//! SQL of statuses that stay open. `message.poll_at` is set and cleared where the status changes
//! ([`super::inbox::move_up`]), so that no message costs a statement more for it.

use hub_domain::{
    ids::MessageSid,
    recovery::{ASKED_FOR, longest_question, next_question},
};
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;

use super::{jobs::after, recovery, remote, rows, unit::Unit};
use crate::{error::StoreError, polls::Asked};

/// When a message that Twilio takes now is asked about for the first time.
pub(crate) fn first(unit: &Unit<'_>, now: Timestamp) -> Option<i64> {
    next_question(0, &unit.timing()).map(|pause| after(now, pause).as_microsecond())
}

/// So many questions are behind a message that is to be asked about once more alone.
pub(crate) const LAST: u32 = 3;

/// Nobody asks about it any more.
pub(crate) fn give_up(unit: &Unit<'_>, row: i64) -> Result<(), StoreError> {
    unit.run("UPDATE message SET poll_at = NULL WHERE row = ?1 AND poll_at IS NOT NULL", [row])?;
    Ok(())
}

pub(crate) fn due(
    connection: &Connection,
    limit: u32,
    now: Timestamp,
) -> Result<Vec<(i64, MessageSid)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT row, sid FROM message WHERE poll_at <= ?1 AND sid IS NOT NULL ORDER BY poll_at LIMIT ?2",
    )?;
    let found = statement.query_map((now.as_microsecond(), limit), |row| {
        Ok((row.get(0)?, rows::word(row, 1, |text| MessageSid::parse(text).ok())?))
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// When the next question is due.
pub(crate) fn next_due(connection: &Connection) -> Result<Option<Timestamp>, StoreError> {
    recovery::moment(
        connection,
        "SELECT poll_at FROM message WHERE poll_at > 0 AND sid IS NOT NULL ORDER BY poll_at LIMIT 1",
    )
}

/// When the last question is due.
pub(crate) fn last_due(connection: &Connection) -> Result<Option<Timestamp>, StoreError> {
    recovery::moment(
        connection,
        "SELECT poll_at FROM message WHERE poll_at > 0 AND sid IS NOT NULL ORDER BY poll_at DESC LIMIT 1",
    )
}

/// What the earlier program sent is asked about when it is moved in, up to a week later; Twilio has a day more to answer.
const MOVED_IN_ASKED_FOR: SignedDuration = SignedDuration::from_hours(8 * 24);

/// Twilio could not say how a message stands, for a reason that may be its own. The question doesn't count, so it ends
/// with the message's day, or with the time of one that was not sent from here.
pub(crate) fn put_off(unit: &Unit<'_>, row: i64, now: Timestamp) -> Result<(), StoreError> {
    let since = |span| now.saturating_sub(span).unwrap_or(Timestamp::MIN).as_microsecond();
    unit.run(
        "UPDATE message SET poll_at = iif(coalesce(remote_created_at, created_at)
             < iif(EXISTS (SELECT 1 FROM attempt WHERE attempt.message = ?1), ?2, ?4), NULL, ?3)
         WHERE row = ?1 AND poll_at IS NOT NULL",
        (
            row,
            since(ASKED_FOR),
            after(now, unit.timing().ask_status_after).as_microsecond(),
            since(MOVED_IN_ASKED_FOR),
        ),
    )?;
    Ok(())
}

/// The clock has been set back: questions further ahead than any can be are due.
pub(crate) fn set_back(unit: &Unit<'_>, now: Timestamp) -> Result<(), StoreError> {
    let latest = after(now, longest_question(&unit.timing()));
    unit.run(
        "UPDATE message SET poll_at = ?1 WHERE poll_at > ?2",
        (now.as_microsecond(), latest.as_microsecond()),
    )?;
    Ok(())
}

/// Reports of statuses that were settled by asking are written up together for so long.
const TOLD_TOGETHER: SignedDuration = SignedDuration::from_hours(1);

/// Writes up that so many statuses were settled by asking: in the latest report, or in one of their own.
pub(crate) fn tell(unit: &Unit<'_>, changed: usize, now: Timestamp) -> Result<(), StoreError> {
    if changed == 0 {
        return Ok(());
    }
    let changed = i64::try_from(changed).unwrap_or(i64::MAX);
    let since = now.saturating_sub(TOLD_TOGETHER).unwrap_or(Timestamp::MIN).as_microsecond();
    let told = unit.run(
        "UPDATE recovery SET statuses = statuses + ?1 WHERE id = (SELECT max(id) FROM recovery) AND began_at >= ?2",
        (changed, since),
    )?;
    if told == 0 {
        unit.run(
            "INSERT INTO recovery (began_at, ended_at, floor, statuses) VALUES (?1, ?1, ?1, ?2)",
            (now.as_microsecond(), changed),
        )?;
    }
    Ok(())
}

/// `true` when the status changed.
pub(crate) fn settle(unit: &mut Unit<'_>, asked: &Asked, now: Timestamp) -> Result<bool, StoreError> {
    let Some(seen) = &asked.seen else {
        give_up(unit, asked.row)?;
        return Ok(false);
    };
    // It may have been deleted, or have lost this SID to another message, while Twilio was asked.
    if remote::known(unit, seen)? != Some(asked.row) {
        return Ok(false);
    }
    let changed = remote::follow(unit, seen, asked.row, now)?;
    let open: Option<u32> =
        unit.value("SELECT polls FROM message WHERE row = ?1 AND poll_at IS NOT NULL", [asked.row])?;
    if let Some(before) = open {
        let next = next_question(before + 1, &unit.timing()).map(|pause| after(now, pause).as_microsecond());
        unit.run("UPDATE message SET polls = polls + 1, poll_at = ?2 WHERE row = ?1", (asked.row, next))?;
    }
    Ok(changed)
}
