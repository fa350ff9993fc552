//! SQL by which a person sends.

use hub_domain::{
    address::Address,
    ids::{ContactId, MessageId},
    message::Direction,
    stage::Stage,
    status::MessageStatus,
    takeover,
    whatsapp::Template,
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};

use super::{
    attempts, drafts,
    outbox::{self, Belongs, Part},
    people, removal, rows, settings, standing,
    unit::Unit,
};
use crate::{
    by_hand::{HandAsked, HandSend, HandSent, HandTo, LastRoute, Retried, Retry},
    error::StoreError,
    outbox::{NewOutbound, Submitted},
};

pub(crate) fn send(unit: &mut Unit<'_>, send: &HandSend, now: Timestamp) -> Result<HandSent, StoreError> {
    let Some(first) = send.parts.first() else { return Ok(HandSent::Queued(Vec::new())) };
    let asked = HandAsked {
        id: first.id,
        to: send.to.clone(),
        texts: send.parts.iter().map(|part| part.body.clone()).collect(),
        template: first.template.clone(),
    };
    if let Some(before) = before(unit.connection(), &asked)? {
        return Ok(before);
    }
    let parts = i64::try_from(send.parts.len()).unwrap_or(i64::MAX);
    let mut rows: Vec<i64> = Vec::new();
    for (number, message) in (1_i64..).zip(&send.parts) {
        let part = (parts > 1).then(|| Part { first: rows.first().copied(), number, of: parts });
        let belongs = Belongs { part, author: send.author, ..Belongs::default() };
        match outbox::write(unit, message, belongs, None, now)? {
            Submitted::Queued { row, .. } => rows.push(row),
            Submitted::Blocked(blocked) if rows.is_empty() => return Ok(HandSent::Blocked(blocked)),
            Submitted::Blocked(_) | Submitted::Duplicate(_) => {
                return Err(StoreError::Corrupt("message: parts of one text that differ"));
            }
        }
    }
    if first.origin.takes_over()
        && let Some(row) = rows.first()
    {
        answered(unit, contact_of(unit, *row)?, now)?;
    }
    Ok(HandSent::Queued(rows))
}

/// A person has written: they are in charge, and have read and seen to what was there.
fn answered(unit: &mut Unit<'_>, contact: ContactId, now: Timestamp) -> Result<(), StoreError> {
    let before = people::mode_and_until(unit, contact)?;
    let after = takeover::after_send(before.0, before.1, now, settings::takeover(unit)?);
    if after != before {
        people::change_mode(unit, contact, after.0, after.1, now)?;
    }
    standing::seen_to(unit, contact)?;
    people::mark_read(unit, contact, i64::MAX, now)?;
    drafts::discard(unit, contact, now)
}

pub(crate) fn retry(unit: &mut Unit<'_>, retry: &Retry, now: Timestamp) -> Result<Retried, StoreError> {
    let Some(failed) = failed(unit, retry.row)? else { return Ok(Retried::NotFound) };
    let Some(id) = retry.ids.first() else { return Ok(Retried::NotFound) };
    if let Some((known, retry_of)) = known_retry(unit, *id)? {
        let same = retry_of == Some(retry.row);
        return Ok(if same { Retried::Repeated(known) } else { Retried::OtherMessage });
    }
    if removal::was_deleted(unit.connection(), *id)? {
        return Ok(Retried::Gone);
    }
    if let Some(again) = failed.retried_by {
        return Ok(Retried::Before(again));
    }
    if !Stage::of(failed.status).may_be_retried() {
        return Ok(Retried::NotFailed(failed.status));
    }
    let mut rows: Vec<i64> = Vec::new();
    let all = with_later_parts(unit, &failed)?;
    let of = i64::try_from(all.len().min(retry.ids.len())).unwrap_or(i64::MAX);
    for (number, (old, id)) in (1_i64..).zip(all.into_iter().zip(&retry.ids)) {
        let message = copy(unit, old, *id, retry)?;
        let part = (of > 1).then(|| Part { first: rows.first().copied(), number, of });
        let belongs = Belongs { part, author: retry.author, retry_of: Some(old), ..Belongs::default() };
        match outbox::write(unit, &message, belongs, None, now)? {
            Submitted::Queued { row, .. } => rows.push(row),
            Submitted::Blocked(blocked) if rows.is_empty() => return Ok(Retried::Blocked(blocked)),
            Submitted::Blocked(_) | Submitted::Duplicate(_) => {
                return Err(StoreError::Corrupt("message: parts of one text that differ"));
            }
        }
    }
    standing::refresh_failed(unit, failed.contact)?;
    Ok(Retried::Queued(rows))
}

/// A message of ours that may be sent once more.
struct Failed {
    row: i64,
    contact: ContactId,
    status: MessageStatus,
    retried_by: Option<i64>,
    /// The first part of its text and its own number.
    place: Option<(i64, i64)>,
}

fn failed(unit: &Unit<'_>, row: i64) -> Result<Option<Failed>, StoreError> {
    let found = unit
        .prepare(
            "SELECT contact, status, (SELECT again.row FROM message again WHERE again.retry_of = m.row),
               first_part, part
             FROM message m WHERE row = ?1 AND +direction = 'outbound'",
        )?
        .query_row([row], |found| {
            let first: Option<i64> = found.get(3)?;
            Ok(Failed {
                row,
                contact: ContactId(found.get(0)?),
                status: rows::word(found, 1, MessageStatus::parse)?,
                retried_by: found.get(2)?,
                place: first.zip(found.get(4)?),
            })
        })
        .optional()?;
    Ok(found)
}

/// The message and those parts after it that did not leave because of it, in order.
fn with_later_parts(unit: &Unit<'_>, failed: &Failed) -> Result<Vec<i64>, StoreError> {
    let mut rows = vec![failed.row];
    let Some((first, part)) = failed.place else { return Ok(rows) };
    let later: Vec<(i64, MessageStatus, bool)> = unit
        .prepare(
            "SELECT m.row, m.status, EXISTS (SELECT 1 FROM message again WHERE again.retry_of = m.row)
             FROM message m WHERE m.first_part = ?1 AND m.part > ?2 ORDER BY m.part",
        )?
        .query_map((first, part), |row| {
            Ok((row.get(0)?, rows::word(row, 1, MessageStatus::parse)?, row.get(2)?))
        })?
        .collect::<Result<_, _>>()?;
    let stopped =
        later.into_iter().take_while(|(_, status, again)| Stage::of(*status).may_be_retried() && !again);
    rows.extend(stopped.map(|(row, ..)| row));
    Ok(rows)
}

/// The same message anew.
fn copy(unit: &Unit<'_>, row: i64, id: MessageId, retry: &Retry) -> Result<NewOutbound, StoreError> {
    let call = attempts::outgoing(unit, row)?.call;
    let to =
        Address::from_provider(&call.to).map_err(|error| StoreError::fault("reading an address", error))?;
    // Which of its numbers a service took the first time doesn't bind it now.
    let from = if call.service.is_some() { String::new() } else { call.from };
    Ok(NewOutbound {
        id,
        to,
        from,
        service: call.service,
        body: call.body,
        media_urls: call.media_urls,
        template: call.template,
        origin: retry.origin,
    })
}

/// What an identifier was used for before.
pub(crate) fn before(connection: &Connection, asked: &HandAsked) -> Result<Option<HandSent>, StoreError> {
    let Some(known) = known(connection, asked.id)? else {
        let deleted = removal::was_deleted(connection, asked.id)?;
        return Ok(deleted.then_some(HandSent::Gone));
    };
    let parts = parts_of(connection, &known)?;
    let same = known.is_for(asked)
        && usize::try_from(known.parts) == Ok(asked.texts.len())
        && parts.iter().all(|part| part.says_the_same(asked));
    Ok(Some(if same {
        HandSent::Repeated(parts.into_iter().map(|part| part.row).collect())
    } else {
        HandSent::OtherMessage
    }))
}

/// A message under an identifier.
struct Known {
    row: i64,
    contact: ContactId,
    to: String,
    parts: i64,
    content_sid: Option<String>,
    content_variables: Option<String>,
    redacted: bool,
}

impl Known {
    /// Whether it went to them, as what was asked for. A template is told by what was filled in; of a redacted
    /// message nothing is left to compare.
    fn is_for(&self, asked: &HandAsked) -> bool {
        let template = asked.template.as_ref();
        let same_person = match &asked.to {
            HandTo::Contact(contact) => self.contact == *contact,
            HandTo::Address(address) => self.to == address.as_str(),
        };
        let same_template = self.content_sid.as_deref() == template.map(Template::content_sid)
            && self.content_variables == template.and_then(Template::variables_json);
        same_person && (self.redacted || same_template)
    }
}

fn known(connection: &Connection, id: MessageId) -> Result<Option<Known>, StoreError> {
    let found = connection
        .prepare_cached(
            "SELECT row, contact, to_address, parts, content_sid, content_variables, redacted FROM message
             WHERE id = ?1",
        )?
        .query_row([id.0.into_bytes()], |row| {
            Ok(Known {
                row: row.get(0)?,
                contact: ContactId(row.get(1)?),
                to: row.get(2)?,
                parts: row.get(3)?,
                content_sid: row.get(4)?,
                content_variables: row.get(5)?,
                redacted: row.get(6)?,
            })
        })
        .optional()?;
    Ok(found)
}

/// A part of a text as it was written.
struct KnownPart {
    row: i64,
    part: i64,
    body: String,
    redacted: bool,
}

impl KnownPart {
    /// The text of a template comes from Twilio, and later.
    fn says_the_same(&self, asked: &HandAsked) -> bool {
        let text = usize::try_from(self.part - 1).ok().and_then(|place| asked.texts.get(place));
        self.redacted || asked.template.is_some() || text == Some(&self.body)
    }
}

/// What is left of the text that begins with this message.
fn parts_of(connection: &Connection, first: &Known) -> Result<Vec<KnownPart>, StoreError> {
    let part = |row: &Row<'_>| {
        Ok(KnownPart { row: row.get(0)?, part: row.get(1)?, body: row.get(2)?, redacted: row.get(3)? })
    };
    let sql = if first.parts > 1 {
        "SELECT row, part, body, redacted FROM message WHERE first_part = ?1 ORDER BY part"
    } else {
        "SELECT row, part, body, redacted FROM message WHERE row = ?1"
    };
    let mut statement = connection.prepare_cached(sql)?;
    let parts = statement.query_map([first.row], part)?;
    Ok(parts.collect::<Result<_, _>>()?)
}

/// The row under an identifier, and the message it sends again.
fn known_retry(unit: &Unit<'_>, id: MessageId) -> Result<Option<(i64, Option<i64>)>, StoreError> {
    let found = unit
        .prepare("SELECT row, retry_of FROM message WHERE id = ?1")?
        .query_row([id.0.into_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found)
}

fn contact_of(unit: &Unit<'_>, row: i64) -> Result<ContactId, StoreError> {
    let contact = unit.value("SELECT contact FROM message WHERE row = ?1", [row])?;
    contact.map(ContactId).ok_or(StoreError::NotFound("message"))
}

pub(crate) fn last_route(
    connection: &Connection,
    contact: ContactId,
) -> Result<Option<LastRoute>, StoreError> {
    let found = connection
        .prepare_cached(
            "SELECT m.direction, m.from_address, m.to_address, m.service
             FROM contact c JOIN message m ON m.row = c.last_message WHERE c.id = ?1",
        )?
        .query_row([contact.0], |row| {
            let (from, to) = (row.get::<_, String>(1)?, row.get::<_, String>(2)?);
            let service: Option<String> = row.get(3)?;
            Ok(match rows::word(row, 0, Direction::parse)? {
                Direction::Inbound => (from, to, None),
                Direction::Outbound if service.is_some() => (to, String::new(), service),
                Direction::Outbound => (to, from, None),
            })
        })
        .optional()?;
    let Some((theirs, ours, service)) = found else { return Ok(None) };
    let theirs =
        Address::from_provider(&theirs).map_err(|error| StoreError::fault("reading an address", error))?;
    Ok(Some(LastRoute { theirs, ours, service }))
}
