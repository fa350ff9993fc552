//! What a contact's line shows, kept by the units that change it: newest messages, unread, failed, and whether
//! a person is needed.
//!
//! Whoever writes a message calls [`written`], whoever changes its status [`moved`], whoever deletes it
//! [`deleted`]. A count or a flag is never corrected elsewhere. Texts brought in as history are read, but for one
//! that somebody marks: then the unread ones begin with it.

use hub_domain::{
    attention::{Asking, Attention, AttentionFacts, attention},
    ids::ContactId,
    message::Direction,
    stage::Stage,
    status::MessageStatus,
};
use jiff::Timestamp;

use super::{rows, tallies::Counted, unit::Unit};
use crate::{error::StoreError, events::EventKind};

/// A message as its contact's line and the counts see it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Written {
    pub(crate) contact: ContactId,
    pub(crate) row: i64,
    pub(crate) direction: Direction,
    pub(crate) status: MessageStatus,
    pub(crate) at: Timestamp,
}

impl Written {
    fn counted(self) -> Counted {
        Counted { direction: self.direction, stage: Stage::of(self.status), written_at: self.at }
    }
}

/// A message was written.
pub(crate) fn written(unit: &mut Unit<'_>, message: Written) -> Result<(), StoreError> {
    unit.tallies().add(message.counted());
    let Written { contact, row, direction, status, .. } = message;
    match direction {
        Direction::Inbound => unit.run(
            "UPDATE contact SET last_message = ?2, message_count = message_count + 1, last_inbound = ?2,
               unread = unread + 1, first_unread = coalesce(first_unread, ?2) WHERE id = ?1",
            (contact.0, row),
        )?,
        Direction::Outbound => unit.run(
            "UPDATE contact SET last_message = ?2, message_count = message_count + 1 WHERE id = ?1",
            (contact.0, row),
        )?,
    };
    if status == MessageStatus::Held {
        refresh_attention(unit, contact)?;
    }
    Ok(())
}

/// A message from before was brought in: nobody has to read it, and mostly it is not the newest.
pub(crate) fn brought_in(unit: &mut Unit<'_>, message: Written) -> Result<(), StoreError> {
    unit.tallies().add(message.counted());
    unit.run(
        "UPDATE contact SET last_message = max(coalesce(last_message, ?2), ?2), message_count = message_count + 1,
           last_inbound = iif(?3, max(coalesce(last_inbound, ?2), ?2), last_inbound) WHERE id = ?1",
        (message.contact.0, message.row, message.direction == Direction::Inbound),
    )?;
    Ok(())
}

/// The status of a message of ours changed.
pub(crate) fn moved(unit: &mut Unit<'_>, before: Written, after: MessageStatus) -> Result<(), StoreError> {
    let (was, is) = (Stage::of(before.status), Stage::of(after));
    unit.tallies().moved(before.at, was, is);
    if (was == Stage::Failed) != (is == Stage::Failed) {
        refresh_failed(unit, before.contact)?;
    }
    if (before.status == MessageStatus::Held) != (after == MessageStatus::Held) {
        refresh_attention(unit, before.contact)?;
    }
    Ok(())
}

/// A message was deleted; its row is gone. `is_history`: it had been brought in.
pub(crate) fn deleted(unit: &mut Unit<'_>, message: Written, is_history: bool) -> Result<(), StoreError> {
    unit.tallies().remove(message.counted());
    let Written { contact, row, direction, status, .. } = message;
    unit.run(
        "UPDATE contact SET message_count = message_count - 1,
           last_message = (SELECT max(row) FROM message WHERE contact = ?1) WHERE id = ?1",
        [contact.0],
    )?;
    match direction {
        Direction::Inbound => {
            unit.run(
                "UPDATE contact SET unread = unread - 1, first_unread =
                   CASE WHEN first_unread < ?2 THEN first_unread ELSE
                     (SELECT row FROM message WHERE contact = ?1 AND row > ?2 AND +direction = 'inbound'
                        AND +reply_decision IS NOT 'imported' ORDER BY row LIMIT 1) END
                 WHERE id = ?1 AND (first_unread = ?2 OR (first_unread < ?2 AND NOT ?3))",
                (contact.0, row, is_history),
            )?;
            unit.run(
                "UPDATE contact SET last_inbound =
                   (SELECT row FROM message WHERE contact = ?1 AND +direction = 'inbound' ORDER BY row DESC LIMIT 1)
                 WHERE id = ?1 AND last_inbound = ?2",
                (contact.0, row),
            )?;
            let left = unit.run(
                "UPDATE contact SET left_message = NULL, left_why = NULL WHERE id = ?1 AND left_message = ?2",
                (contact.0, row),
            )?;
            if left > 0 {
                refresh_attention(unit, contact)?;
            }
        }
        // The deleted one may have been the second try of another.
        Direction::Outbound => refresh_failed(unit, contact)?,
    }
    if status == MessageStatus::Held {
        refresh_attention(unit, contact)?;
    }
    Ok(())
}

/// Finds the newest message that failed and was not sent again.
pub(crate) fn refresh_failed(unit: &Unit<'_>, contact: ContactId) -> Result<(), StoreError> {
    unit.run(
        "UPDATE contact SET last_failed =
           (SELECT m.row FROM message m WHERE m.contact = ?1 AND m.status IN ('failed', 'undelivered')
              AND NOT EXISTS (SELECT 1 FROM message r WHERE r.retry_of = m.row)
            ORDER BY m.row DESC LIMIT 1)
         WHERE id = ?1",
        [contact.0],
    )?;
    Ok(())
}

/// A text of theirs is left to a person, unless one has written since.
pub(crate) fn left_to_a_person(
    unit: &mut Unit<'_>,
    contact: ContactId,
    asking: Asking,
    now: Timestamp,
) -> Result<(), StoreError> {
    let answered = unit
        .prepare(
            "SELECT 1 FROM message
             WHERE contact = ?1 AND row > ?2 AND +direction = 'outbound' AND +origin = 'human'",
        )?
        .exists((contact.0, asking.message))?;
    if answered {
        return Ok(());
    }
    unit.run(
        "UPDATE contact SET left_message = ?2, left_why = ?3 WHERE id = ?1",
        (contact.0, asking.message, asking.why.as_str()),
    )?;
    refresh_attention(unit, contact)?;
    unit.event(EventKind::Attention, contact, asking.message, now)
}

/// A person has seen to the texts that were left to one.
pub(crate) fn seen_to(unit: &Unit<'_>, contact: ContactId) -> Result<bool, StoreError> {
    let changed = unit.run(
        "UPDATE contact SET left_message = NULL, left_why = NULL WHERE id = ?1 AND left_message IS NOT NULL",
        [contact.0],
    )?;
    if changed > 0 {
        refresh_attention(unit, contact)?;
    }
    Ok(changed > 0)
}

/// Asks the rule anew.
fn refresh_attention(unit: &Unit<'_>, contact: ContactId) -> Result<(), StoreError> {
    let held = unit.value::<Option<i64>>(
        "SELECT max(row) FROM message WHERE contact = ?1 AND status = 'held'",
        [contact.0],
    )?;
    let left = unit.prepare("SELECT left_message, left_why FROM contact WHERE id = ?1")?.query_row(
        [contact.0],
        |found| {
            let message: Option<i64> = found.get(0)?;
            let why = rows::optional_word(found, 1, Attention::parse)?;
            Ok(message.zip(why).map(|(message, why)| Asking { why, message }))
        },
    )?;
    let asking = attention(AttentionFacts { held: held.flatten(), left });
    unit.run(
        "UPDATE contact SET attention = ?2, attention_message = ?3 WHERE id = ?1",
        (contact.0, asking.map(|asking| asking.why.as_str()), asking.map(|asking| asking.message)),
    )?;
    Ok(())
}

/// What the lines of all contacts are served from, found anew after many messages came at once: all of them
/// settled, all of them read.
pub(crate) const RECOUNT: [&str; 2] = [
    "UPDATE contact SET
       last_message = (SELECT max(row) FROM message WHERE contact = contact.id),
       message_count = (SELECT count(*) FROM message WHERE contact = contact.id),
       last_inbound = (SELECT row FROM message WHERE contact = contact.id AND +direction = 'inbound'
                       ORDER BY row DESC LIMIT 1)",
    "UPDATE contact SET last_failed = failed.row
     FROM (SELECT m.contact, max(m.row) AS row FROM message m WHERE m.status IN ('failed', 'undelivered')
             AND NOT EXISTS (SELECT 1 FROM message r WHERE r.retry_of = m.row) GROUP BY m.contact) AS failed
     WHERE failed.contact = contact.id",
];
