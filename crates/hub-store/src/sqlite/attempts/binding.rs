//! Which SID belongs to which message: told by Twilio, or concluded from its list.
//!
//! An answer or a callback that names the attempt is certain. A match in the list is a conclusion: two
//! messages of the same text to the same person can't be told apart there. So a certain claim takes a SID
//! away from a concluded one, whose own attempt is then looked up again.

use hub_domain::ids::{AttemptId, ContactId, MessageSid};
use jiff::Timestamp;
use rusqlite::OptionalExtension;

use super::{MessageStatus, lost, rows, set_status};
use crate::{
    error::StoreError,
    sqlite::{inbox, removal, unit::Unit},
};

/// How a SID came to be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Certainty {
    /// Twilio named it for this attempt.
    Told,
    /// It was the one that fitted in Twilio's list.
    Inferred,
}

/// Whether the message has the SID now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    Yes,
    /// Another message has it, on no weaker ground.
    Taken,
}

/// Gives a message its SID and applies the reports that waited for it.
pub(super) fn bind(
    unit: &mut Unit<'_>,
    row: i64,
    attempt: AttemptId,
    sid: &MessageSid,
    certainty: Certainty,
    now: Timestamp,
) -> Result<Bound, StoreError> {
    let inferred = certainty == Certainty::Inferred;
    let ours: Option<(String, bool)> = unit
        .prepare("SELECT sid, sid_inferred FROM message WHERE row = ?1 AND sid IS NOT NULL")?
        .query_row([row], |found| Ok((found.get(0)?, found.get(1)?)))
        .optional()?;
    match ours {
        Some((held, _)) if held == sid.as_str() => {}
        Some((held, was_inferred)) if !was_inferred || inferred => {
            tracing::error!(message.row = row, sid = %sid, kept = held, "Twilio named a second SID for a message");
            return Ok(Bound::Taken);
        }
        _ => {
            if !release(unit, row, sid, inferred, now)? {
                return Ok(Bound::Taken);
            }
        }
    }
    unit.run("UPDATE message SET sid = ?2, sid_inferred = ?3 WHERE row = ?1", (row, sid.as_str(), inferred))?;
    unit.run(
        "UPDATE attempt SET outcome = 'accepted', sid = ?2, finished_at = coalesce(finished_at, ?3) WHERE id = ?1",
        (attempt.0.into_bytes(), sid.as_str(), now.as_microsecond()),
    )?;
    inbox::join_reports(unit, sid.as_str(), row, now)?;
    Ok(Bound::Yes)
}

/// Frees `sid` for message `row`; `false` when another message keeps it.
fn release(
    unit: &mut Unit<'_>,
    row: i64,
    sid: &MessageSid,
    inferred: bool,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let holder: Option<(i64, bool, i64, bool)> = unit
        .prepare(
            "SELECT row, sid_inferred, contact, recovered = 1 AND direction = 'outbound' AND origin IS NULL
             FROM message WHERE sid = ?1 AND row <> ?2",
        )?
        .query_row((sid.as_str(), row), |found| {
            Ok((found.get(0)?, found.get(1)?, found.get(2)?, found.get(3)?))
        })
        .optional()?;
    let Some((other, concluded, contact, history)) = holder else { return Ok(true) };
    if history && !inferred {
        // Taken for somebody else's when it was seen at Twilio; it is ours, and need not stand there twice.
        unit.run("UPDATE status_report SET message = NULL WHERE message = ?1", [other])?;
        return Ok(removal::take_out(unit, other, now)?.is_some());
    }
    if !concluded || inferred {
        if !inferred {
            tracing::error!(message.row = row, holder.row = other, sid = %sid, "Twilio named one SID for two messages");
        }
        return Ok(false);
    }
    tracing::warn!(message.row = other, sid = %sid, "a concluded SID was another message's; looking again");
    unit.run(
        "UPDATE message SET sid = NULL, sid_inferred = 0, error_code = NULL, error_status = NULL, poll_at = NULL
         WHERE row = ?1",
        [other],
    )?;
    unit.run(
        "UPDATE status_report SET message = NULL WHERE message = ?1 AND sid = ?2",
        (other, sid.as_str()),
    )?;
    set_status(unit, other, ContactId(contact), MessageStatus::Unknown, None, now)?;
    let attempt = unit
        .prepare("SELECT id, started_at FROM attempt WHERE message = ?1 AND sid = ?2")?
        .query_row((other, sid.as_str()), |found| {
            Ok((AttemptId(rows::uuid(found, 0)?), rows::time(found, 1)?))
        })
        .optional()?;
    if let Some((attempt, started_at)) = attempt {
        unit.run("UPDATE attempt SET sid = NULL, absent_looks = 0 WHERE id = ?1", [attempt.0.into_bytes()])?;
        lost(unit, attempt, started_at, None, "the message found was another one's", now)?;
    }
    Ok(true)
}

/// A status callback names one of our attempts: Twilio took it, whatever became of the answer.
pub(crate) fn accepted_by_callback(
    unit: &mut Unit<'_>,
    attempt: AttemptId,
    sid: &MessageSid,
    now: Timestamp,
) -> Result<(), StoreError> {
    let message: Option<i64> = unit
        .prepare("SELECT message FROM attempt WHERE id = ?1")?
        .query_row([attempt.0.into_bytes()], |row| row.get(0))
        .optional()?;
    if let Some(row) = message {
        bind(unit, row, attempt, sid, Certainty::Told, now)?;
    } else {
        tracing::warn!(attempt.id = %attempt, "a status callback names an attempt that is not ours");
    }
    Ok(())
}
