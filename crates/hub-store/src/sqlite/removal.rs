//! SQL that takes away: a text, a message, a message's way out.

use hub_domain::{
    ids::{ContactId, MessageId, MessageSid},
    message::{Direction, Message},
    parts::may_still_leave,
    status::{DeliveryStatus, MessageStatus},
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use super::{
    attachments, drafts, jobs, proposals, receipts,
    rows::{self, MESSAGE_COLUMNS},
    search,
    standing::{self, Written},
    unit::Unit,
};
use crate::{error::StoreError, events::EventKind, remote::Canceled};

/// Stored at a message withdrawn before it left.
const WITHDRAWN: &str = "withdrawn";

pub(crate) fn redact(
    unit: &mut Unit<'_>,
    sid: &MessageSid,
    now: Timestamp,
) -> Result<Option<Message>, StoreError> {
    let sql = format!(
        "UPDATE message SET body = '', redacted = 1, other_fields = NULL, content_variables = NULL, updated_at = ?2
         WHERE sid = ?1 RETURNING {MESSAGE_COLUMNS}"
    );
    let message =
        unit.prepare(&sql)?.query_row((sid.as_str(), now.as_microsecond()), rows::message).optional()?;
    if let Some(message) = &message {
        search::forget(unit, message.row)?;
        receipts::redact(unit, message.contact, message.created_at)?;
        proposals::redact(unit, message.contact, message.created_at, now)?;
        unit.event(EventKind::Status, message.contact, message.row, now)?;
    }
    Ok(message)
}

pub(crate) fn delete_all(unit: &mut Unit<'_>, rows: &[i64], now: Timestamp) -> Result<usize, StoreError> {
    let mut deleted = 0;
    for row in rows {
        let sid: Option<String> =
            unit.value("SELECT sid FROM message WHERE row = ?1 AND sid IS NOT NULL", [row])?;
        deleted += usize::from(delete(unit, *row, now)?);
        sid.map_or(Ok(()), |sid| stay_away(unit, &sid, now))?;
    }
    Ok(deleted)
}

pub(crate) fn delete_by_sid(
    unit: &mut Unit<'_>,
    sid: &MessageSid,
    now: Timestamp,
) -> Result<bool, StoreError> {
    stay_away(unit, sid.as_str(), now)?;
    let row = unit.value("SELECT row FROM message WHERE sid = ?1", [sid.as_str()])?;
    row.map_or(Ok(false), |row| delete(unit, row, now))
}

/// The recovery forgets the message and doesn't take it again.
fn stay_away(unit: &Unit<'_>, sid: &str, now: Timestamp) -> Result<(), StoreError> {
    unit.run("DELETE FROM missed WHERE sid = ?1", [sid])?;
    unit.run(
        "INSERT INTO deleted (sid, at) VALUES (?1, ?2) ON CONFLICT (sid) DO UPDATE SET at = excluded.at",
        (sid, now.as_microsecond()),
    )?;
    Ok(())
}

/// Whether the message was deleted lately.
pub(crate) fn is_deleted(unit: &Unit<'_>, sid: &MessageSid) -> Result<bool, StoreError> {
    Ok(unit.prepare("SELECT 1 FROM deleted WHERE sid = ?1")?.exists([sid.as_str()])?)
}

/// Deletes one message because somebody wants it gone: its identifier is remembered, so that it is not sent again, and
/// its text leaves what models were told. `false`: it was not there.
pub(crate) fn delete(unit: &mut Unit<'_>, row: i64, now: Timestamp) -> Result<bool, StoreError> {
    // A text is known by the identifier of its first part, the only one that a caller may have made.
    unit.run(
        "INSERT INTO deleted_send (id, deleted_at)
         SELECT id, ?2 FROM message WHERE row = ?1 AND origin IS NOT NULL AND part = 1
         ON CONFLICT (id) DO NOTHING",
        (row, now.as_microsecond()),
    )?;
    let Some(message) = take_out(unit, row, now)? else { return Ok(false) };
    receipts::redact(unit, message.contact, message.at)?;
    proposals::redact(unit, message.contact, message.at, now)?;
    if !unit.prepare("SELECT 1 FROM message WHERE contact = ?1 LIMIT 1")?.exists([message.contact.0])? {
        drafts::discard(unit, message.contact, now)?;
    }
    Ok(true)
}

/// Takes one message out; what hangs on it goes along, what only points at it stays. `None`: it was not there.
pub(crate) fn take_out(unit: &mut Unit<'_>, row: i64, now: Timestamp) -> Result<Option<Written>, StoreError> {
    let found = unit
        .prepare("SELECT contact, direction, status, created_at, reply_decision IS 'imported' FROM message WHERE row = ?1")?
        .query_row([row], |found| {
            let message = Written {
                contact: ContactId(found.get(0)?),
                row,
                direction: rows::word(found, 1, Direction::parse)?,
                status: rows::word(found, 2, MessageStatus::parse)?,
                at: rows::time(found, 3)?,
            };
            Ok((message, found.get(4)?))
        })
        .optional()?;
    let Some((message, is_history)) = found else { return Ok(None) };
    unit.run("UPDATE message SET reply_to = NULL WHERE reply_to = ?1", [row])?;
    // The parts that are left stay one text, under the first of them.
    unit.run(
        "UPDATE message SET first_part =
           (SELECT next.row FROM message next WHERE next.first_part = ?1 AND next.row <> ?1 ORDER BY next.part LIMIT 1)
         WHERE first_part = ?1",
        [row],
    )?;
    attachments::doom(unit, row)?;
    unit.run("UPDATE message SET retry_of = NULL WHERE retry_of = ?1", [row])?;
    unit.run("DELETE FROM message WHERE row = ?1", [row])?;
    search::forget(unit, row)?;
    standing::deleted(unit, message, is_history)?;
    unit.event(EventKind::Deleted, message.contact, row, now)?;
    Ok(Some(message))
}

/// The first later part of the same text that may leave yet.
pub(crate) fn waiting_part(connection: &Connection, row: i64) -> Result<Option<i64>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT later.row, later.status FROM message m
         JOIN message later ON later.first_part = m.first_part AND later.part > m.part
         WHERE m.row = ?1 ORDER BY later.part",
    )?;
    let mut later = statement.query([row])?;
    while let Some(found) = later.next()? {
        if may_still_leave(rows::word(found, 1, MessageStatus::parse)?) {
            return Ok(Some(found.get(0)?));
        }
    }
    Ok(None)
}

/// Whether a message of ours with this identifier was deleted, a week ago at most.
pub(crate) fn was_deleted(connection: &Connection, id: MessageId) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM deleted_send WHERE id = ?1")?;
    Ok(statement.exists([id.0.into_bytes()])?)
}

pub(crate) fn cancel(unit: &mut Unit<'_>, row: i64, now: Timestamp) -> Result<Canceled, StoreError> {
    let found = unit
        .prepare(
            "SELECT m.contact, m.status, m.created_at, EXISTS
               (SELECT 1 FROM attempt a WHERE a.message = m.row AND a.outcome IS NULL)
             FROM message m WHERE m.row = ?1",
        )?
        .query_row([row], |found| {
            let message = Written {
                contact: ContactId(found.get(0)?),
                row,
                direction: Direction::Outbound,
                status: rows::word(found, 1, MessageStatus::parse)?,
                at: rows::time(found, 2)?,
            };
            Ok((message, found.get::<_, bool>(3)?))
        })
        .optional()?;
    let Some((message @ Written { status: MessageStatus::Pending, .. }, false)) = found else {
        return Ok(Canceled::TooLate);
    };
    unit.run(
        "UPDATE message SET status = ?2, error_text = ?3, updated_at = ?4 WHERE row = ?1",
        (row, DeliveryStatus::Canceled.as_str(), WITHDRAWN, now.as_microsecond()),
    )?;
    jobs::drop_delivery(unit, row)?;
    standing::moved(unit, message, MessageStatus::Reported(DeliveryStatus::Canceled))?;
    unit.event(EventKind::Status, message.contact, row, now)?;
    Ok(Canceled::Done)
}
