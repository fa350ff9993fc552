//! SQL of statuses that stay open. `message.poll_at` is set and cleared where the status changes
//! ([`super::inbox::move_up`]), so that no message costs a statement more for it.

use hub_domain::{
    ids::MessageSid,
    recovery::{ASKED_FOR, longest_question, next_question},
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use super::{jobs::after, remote, rows, unit::Unit};
use crate::{error::StoreError, polls::Asked};

/// When a message that Twilio takes now is asked about for the first time.
pub(crate) fn first(unit: &Unit<'_>, now: Timestamp) -> Option<i64> {
    next_question(0, &unit.timing()).map(|pause| after(now, pause).as_microsecond())
}

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
    let due = connection
        .prepare_cached(
            "SELECT poll_at FROM message WHERE poll_at > 0 AND sid IS NOT NULL ORDER BY poll_at LIMIT 1",
        )?
        .query_row((), |row| rows::time(row, 0))
        .optional()?;
    Ok(due)
}

/// Twilio could not say how a message stands, for a reason that may be its own. The question doesn't count, so it ends
/// with the message's day.
pub(crate) fn put_off(unit: &Unit<'_>, row: i64, now: Timestamp) -> Result<(), StoreError> {
    let since = now.saturating_sub(ASKED_FOR).unwrap_or(Timestamp::MIN);
    unit.run(
        "UPDATE message SET poll_at = iif(coalesce(remote_created_at, created_at) < ?2, NULL, ?3)
         WHERE row = ?1 AND poll_at IS NOT NULL",
        (row, since.as_microsecond(), after(now, unit.timing().ask_status_after).as_microsecond()),
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
