//! SQL that writes an outbound message with its `deliver` job.

use hub_domain::{
    job::JobKind,
    message::Direction,
    sending::{SendFacts, may_send},
};
use jiff::Timestamp;
use rusqlite::OptionalExtension;

use super::{consent, conversations, jobs, unit::Unit};
use crate::{
    error::StoreError,
    events::EventKind,
    jobs::LeaseRequest,
    outbox::{NewOutbound, Submitted},
};

pub(crate) fn submit(
    unit: &mut Unit<'_>,
    message: &NewOutbound,
    reply_to: Option<i64>,
    lease: Option<&LeaseRequest>,
    now: Timestamp,
) -> Result<Submitted, StoreError> {
    let id = message.id.0.into_bytes();
    let known = unit
        .prepare("SELECT row FROM message WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    if let Some(row) = known {
        return Ok(Submitted::Duplicate(row));
    }
    let ours = message.service.as_deref().unwrap_or(&message.from);
    let place = conversations::place(unit, ours, &message.to, now)?;
    let facts = SendFacts {
        origin: message.origin,
        opted_out: consent::is_opted_out(unit, &message.to.person_key())?,
        mode: conversations::mode(unit, place.contact, now)?,
    };
    if let Err(blocked) = may_send(&facts) {
        return Ok(Submitted::Blocked(blocked));
    }
    let automatic = message.origin.is_automatic_reply();
    unit.run(
        "INSERT INTO message (id, direction, conversation, contact, from_address, to_address, service, body,
           status, origin, automatic, reply_to, created_at, updated_at)
         VALUES (?1, 'outbound', ?2, ?3, ?4, ?5, ?6, ?7, 'pending', ?8, ?9, ?10, ?11, ?11)",
        (
            id,
            place.conversation.0,
            place.contact.0,
            &message.from,
            message.to.as_str(),
            &message.service,
            &message.body,
            message.origin.as_str(),
            automatic,
            reply_to,
            now.as_microsecond(),
        ),
    )?;
    let row = unit.last_row();
    conversations::note_message(unit, place.contact, row, Direction::Outbound)?;
    unit.event(EventKind::Written, place.contact, row, now)?;
    let job = jobs::NewJob {
        lane: Some(place.conversation.0),
        priority: i64::from(message.origin.priority()),
        ..jobs::NewJob::of(JobKind::Deliver, row)
    };
    let job = jobs::enqueue(unit, &job, now)?;
    let lease = lease.map(|request| jobs::take(unit, job, request, now)).transpose()?;
    Ok(Submitted::Queued { row, lease })
}
