//! SQL that writes an outbound message with its `deliver` job.

use hub_domain::{
    ids::UserId,
    job::JobKind,
    message::{ConversationMode, Direction},
    sending::{Blocked, SendFacts, may_send},
    spending::{self, Micros},
    status::MessageStatus,
    whatsapp::Template,
};
use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::{
    consent,
    conversations::{self, Place},
    jobs, money, proposals, settings,
    standing::{self, Written},
    unit::Unit,
};
use crate::{
    error::StoreError,
    events::EventKind,
    jobs::LeaseRequest,
    outbox::{NewOutbound, Submitted},
};

/// What a message belongs to.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Belongs {
    /// The inbound message it answers.
    pub(crate) reply_to: Option<i64>,
    /// The text it is a part of.
    pub(crate) part: Option<Part>,
    /// Which of our people wrote it.
    pub(crate) author: Option<UserId>,
    /// The message it sends again.
    pub(crate) retry_of: Option<i64>,
}

/// A part of a long text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    /// The row of the first part; the first itself has none yet.
    pub(crate) first: Option<i64>,
    pub(crate) number: i64,
    pub(crate) of: i64,
}

pub(crate) fn submit(
    unit: &mut Unit<'_>,
    message: &NewOutbound,
    reply_to: Option<i64>,
    lease: Option<&LeaseRequest>,
    now: Timestamp,
) -> Result<Submitted, StoreError> {
    write(unit, message, Belongs { reply_to, ..Belongs::default() }, lease, now)
}

pub(crate) fn write(
    unit: &mut Unit<'_>,
    message: &NewOutbound,
    belongs: Belongs,
    lease: Option<&LeaseRequest>,
    now: Timestamp,
) -> Result<Submitted, StoreError> {
    let (row, place) = match keep(unit, message, belongs, None, now)? {
        Ok(written) => written,
        Err(not_written) => return Ok(not_written),
    };
    let job = jobs::NewJob {
        lane: Some(place.conversation.0),
        priority: i64::from(message.origin.priority()),
        ..jobs::NewJob::of(JobKind::Deliver, row)
    };
    let job = jobs::enqueue(unit, &job, now)?;
    let lease = lease.map(|request| jobs::take(unit, job, request, now)).transpose()?;
    Ok(Submitted::Queued { row, lease })
}

/// Whether a message that somebody asks for may be written now, before anything is done for it. Whoever is in charge
/// doesn't matter to it, nor the switch over automatic answers; both are asked again when it is written.
pub(crate) fn may_be_asked_for(
    connection: &Connection,
    message: &NewOutbound,
    now: Timestamp,
) -> Result<Result<(), Blocked>, StoreError> {
    let (service, template) = (message.service.is_some(), message.template.is_some());
    Ok(may_send(&SendFacts {
        origin: message.origin,
        opted_out: consent::find(connection, &message.to.person_key())?.is_some(),
        mode: ConversationMode::Auto,
        window_closed: conversations::window_closed(
            connection,
            &message.to,
            &message.from,
            service,
            template,
            now,
        )?,
        silenced: false,
    }))
}

/// Writes an automatic answer that a person has to approve, without a job. It doesn't count against the caps.
pub(crate) fn hold(
    unit: &mut Unit<'_>,
    message: &NewOutbound,
    belongs: Belongs,
    reason: &str,
    now: Timestamp,
) -> Result<Submitted, StoreError> {
    Ok(match keep(unit, message, belongs, Some(reason), now)? {
        Ok((row, _)) => Submitted::Queued { row, lease: None },
        Err(not_written) => not_written,
    })
}

/// Writes the row of a message that may be sent, waiting for delivery or held for this reason.
fn keep(
    unit: &mut Unit<'_>,
    message: &NewOutbound,
    belongs: Belongs,
    held: Option<&str>,
    now: Timestamp,
) -> Result<Result<(i64, Place), Submitted>, StoreError> {
    let id = message.id.0.into_bytes();
    if let Some(row) = unit.value("SELECT row FROM message WHERE id = ?1", [id])? {
        return Ok(Err(Submitted::Duplicate(row)));
    }
    let ours = message.service.as_deref().unwrap_or(&message.from);
    let place = conversations::place(unit, ours, &message.to, now)?;
    let facts = SendFacts {
        origin: message.origin,
        opted_out: consent::is_opted_out(unit, &message.to.person_key())?,
        mode: conversations::mode(unit, place.contact, now)?,
        window_closed: conversations::window_closed(
            unit.connection(),
            &message.to,
            &message.from,
            message.service.is_some(),
            message.template.is_some(),
            now,
        )?,
        silenced: held.is_none()
            && message.origin.is_automatic_reply()
            && !settings::automation_enabled(unit)?,
    };
    if let Err(blocked) = may_send(&facts) {
        return Ok(Err(Submitted::Blocked(blocked)));
    }
    // What is held has cost nothing yet.
    let cost = if held.is_some() { 0 } else { spending::estimate(unit.prices(), &message.to, &message.body) };
    let row = insert(unit, message, belongs, place, held, cost, now)?;
    if cost > 0 {
        money::spend(unit, cost, now)?;
    }
    if message.origin.is_on_behalf_of_a_person() {
        proposals::drop_of(unit, place.contact)?;
    }
    let written = Written {
        contact: place.contact,
        row,
        direction: Direction::Outbound,
        status: if held.is_some() { MessageStatus::Held } else { MessageStatus::Pending },
        at: now,
    };
    standing::written(unit, written)?;
    unit.event(EventKind::Written, place.contact, row, now)?;
    Ok(Ok((row, place)))
}

fn insert(
    unit: &Unit<'_>,
    message: &NewOutbound,
    belongs: Belongs,
    place: Place,
    held: Option<&str>,
    cost: Micros,
    now: Timestamp,
) -> Result<i64, StoreError> {
    let (first, part, parts) = belongs.part.map_or((None, 1, 1), |part| (part.first, part.number, part.of));
    let template = message.template.as_ref();
    unit.run(
        "INSERT INTO message (id, direction, conversation, contact, from_address, to_address, service, body,
           media_count, status, origin, automatic, reply_to, content_sid, content_variables, first_part, part,
           parts, author, retry_of, created_at, updated_at, error_text, cost)
         VALUES (?1, 'outbound', ?2, ?3, ?4, ?5, ?6, ?7, ?8, iif(?20 IS NULL, 'pending', 'held'), ?9, ?10, ?11,
           ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?19, ?20, ?21)",
        params![
            message.id.0.into_bytes(),
            place.conversation.0,
            place.contact.0,
            &message.from,
            message.to.as_str(),
            &message.service,
            &message.body,
            i64::try_from(message.media_urls.len()).unwrap_or(i64::MAX),
            message.origin.as_str(),
            held.is_none() && message.origin.is_automatic_reply(),
            belongs.reply_to,
            template.map(Template::content_sid),
            template.and_then(Template::variables_json),
            first,
            part,
            parts,
            belongs.author.map(|author| author.0.into_bytes()),
            belongs.retry_of,
            now.as_microsecond(),
            held,
            i64::try_from(cost).unwrap_or(i64::MAX),
        ],
    )?;
    let row = unit.last_row();
    for (position, url) in (0_i64..).zip(&message.media_urls) {
        unit.run("INSERT INTO media (message, position, url) VALUES (?1, ?2, ?3)", (row, position, url))?;
    }
    if part == 1 && parts > 1 {
        unit.run("UPDATE message SET first_part = row WHERE row = ?1", [row])?;
    }
    Ok(row)
}
