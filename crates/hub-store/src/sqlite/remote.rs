//! SQL that keeps what Twilio shows of a message.

use hub_domain::{
    address::Address,
    consent::{ConsentChange, consent_change},
    history,
    ids::{ContactId, MessageId},
    incoming::Elsewhere,
    job::JobKind,
    keywords::classify,
    message::Direction,
    recovery::{ASKED_FOR, may_confirm},
    remote::RemoteFacts,
    status::{DeliveryStatus, MessageStatus},
};
use jiff::Timestamp;
use rusqlite::params;

use super::{
    consent, conversations, inbox, jobs, money, past, polls, removal, search,
    standing::{self, Written},
    unit::Unit,
};
use crate::{error::StoreError, events::EventKind, remote::Kept};

/// Stored as the decision about a text that was brought in as history, as with the original program's.
const HISTORY: &str = "imported";

/// How a message that we lack is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AsNew {
    pub(crate) id: MessageId,
    /// Identifies the confirmation of an opt-out; none where there is to be none.
    pub(crate) confirmation: Option<MessageId>,
    /// Said before this hub: nobody decides about an answer, and nobody has to read it.
    pub(crate) history: bool,
}

pub(crate) fn keep(
    unit: &mut Unit<'_>,
    seen: &RemoteFacts,
    new: AsNew,
    now: Timestamp,
) -> Result<Kept, StoreError> {
    if let Some(row) = known(unit, seen)? {
        follow(unit, seen, row, now)?;
        return Ok(Kept::Known(row));
    }
    if removal::is_deleted(unit, &seen.sid)? || may_be_awaited(unit, seen)? {
        return Ok(Kept::Left);
    }
    let row = insert(unit, seen, new, now)?;
    follow(unit, seen, row, now)?;
    Ok(Kept::New(row))
}

/// Whether a message to that number was another application's, as far as is known. A number whose messages have come
/// here by webhook is ours.
pub(crate) fn is_elsewhere(
    unit: &Unit<'_>,
    elsewhere: &Elsewhere,
    to: &str,
    service: Option<&str>,
) -> Result<bool, StoreError> {
    if !elsewhere.has(to, service) {
        return Ok(false);
    }
    Ok(!unit.prepare("SELECT 1 FROM heard WHERE our_address = ?1")?.exists([to])?)
}

/// The row of a message that we have.
pub(crate) fn known(unit: &Unit<'_>, seen: &RemoteFacts) -> Result<Option<i64>, StoreError> {
    unit.value("SELECT row FROM message WHERE sid = ?1", [seen.sid.as_str()])
}

/// Our copy follows what Twilio shows; `true` when the status of a message of ours changed.
pub(crate) fn follow(
    unit: &mut Unit<'_>,
    seen: &RemoteFacts,
    row: i64,
    now: Timestamp,
) -> Result<bool, StoreError> {
    complete(unit, seen, row)?;
    match seen.direction {
        Direction::Inbound => Ok(false),
        Direction::Outbound => {
            let status = seen.status.unwrap_or(DeliveryStatus::Accepted);
            let changed = inbox::reported(unit, row, status, seen.error_code, now)?;
            if changed && seen.created_at.is_some_and(|at| now.duration_since(at) > ASKED_FOR) {
                polls::give_up(unit, row)?;
            }
            Ok(changed)
        }
    }
}

/// A call to this person has no answer yet: what we lack may be its message, for the lookup to find.
fn may_be_awaited(unit: &Unit<'_>, seen: &RemoteFacts) -> Result<bool, StoreError> {
    if seen.direction == Direction::Inbound {
        return Ok(false);
    }
    let awaited = unit
        .prepare(
            "SELECT 1 FROM attempt a JOIN message m ON m.row = a.message
             WHERE (a.outcome IS NULL OR a.outcome = 'ambiguous') AND m.to_address = ?1",
        )?
        .exists([seen.them.as_str()])?;
    Ok(awaited)
}

/// Fills in what only Twilio knows, and writes nothing when we know it all. Texts are ours, but for a
/// template's: only Twilio filled it in.
fn complete(unit: &Unit<'_>, seen: &RemoteFacts, row: i64) -> Result<(), StoreError> {
    unit.run(
        "UPDATE message SET segments = coalesce(?2, segments), price = coalesce(?3, price),
           price_unit = coalesce(?4, price_unit), remote_created_at = coalesce(remote_created_at, ?5),
           from_address = CASE WHEN from_address = '' THEN ?6 ELSE from_address END
         WHERE row = ?1 AND (segments IS NOT coalesce(?2, segments) OR price IS NOT coalesce(?3, price)
           OR price_unit IS NOT coalesce(?4, price_unit) OR (remote_created_at IS NULL AND ?5 IS NOT NULL)
           OR (from_address = '' AND ?6 <> ''))",
        params![
            row,
            seen.segments,
            seen.price,
            seen.price_unit,
            seen.created_at.map(Timestamp::as_microsecond),
            match seen.direction {
                Direction::Inbound => seen.them.as_str(),
                Direction::Outbound => &seen.us,
            },
        ],
    )?;
    if !seen.body.is_empty() {
        let filled = unit.run(
            "UPDATE message SET body = ?2
             WHERE row = ?1 AND body = '' AND content_sid IS NOT NULL AND redacted = 0",
            (row, &seen.body),
        )?;
        if filled > 0 {
            search::text_came_later(unit, row)?;
        }
    }
    let Some(price) = &seen.price else { return Ok(()) };
    money::correct(unit, row, price, seen.price_unit.as_deref())
}

fn insert(unit: &mut Unit<'_>, seen: &RemoteFacts, new: AsNew, now: Timestamp) -> Result<i64, StoreError> {
    let at = seen.created_at.unwrap_or(now);
    let ours = if seen.us.is_empty() { seen.service.as_deref().unwrap_or_default() } else { &seen.us };
    let place = conversations::place(unit, ours, &seen.them, now)?;
    let (from, to, status, kind) = match seen.direction {
        Direction::Inbound => (seen.them.as_str(), &*seen.us, "received", EventKind::Received),
        Direction::Outbound => (&*seen.us, seen.them.as_str(), "pending", EventKind::Written),
    };
    let below = if new.history { history::row(at, past::newest(unit)?) } else { None };
    let below = below.map(|row| past::free_from(unit, row)).transpose()?;
    unit.run(
        "INSERT INTO message (id, sid, direction, conversation, contact, from_address, to_address, service, body,
           media_count, status, recovered, remote_created_at, created_at, updated_at, reply_decision, row)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 1, ?12, ?13, ?14, ?15, ?16)",
        params![
            new.id.0.into_bytes(),
            seen.sid.as_str(),
            seen.direction.as_str(),
            place.conversation.0,
            place.contact.0,
            from,
            to,
            seen.service,
            &seen.body,
            seen.media_count,
            status,
            seen.created_at.map(Timestamp::as_microsecond),
            at.as_microsecond(),
            now.as_microsecond(),
            (new.history && seen.direction == Direction::Inbound).then_some(HISTORY),
            below,
        ],
    )?;
    let row = unit.last_row();
    if below.is_some() {
        past::put(unit, row)?;
    }
    let status = match seen.direction {
        Direction::Inbound => MessageStatus::Received,
        Direction::Outbound => MessageStatus::Pending,
    };
    let written = Written { contact: place.contact, row, direction: seen.direction, status, at };
    if new.history {
        standing::brought_in(unit, written)?;
    } else {
        standing::written(unit, written)?;
    }
    if seen.direction == Direction::Inbound {
        unit.run(
            "UPDATE conversation SET last_inbound_at = max(coalesce(last_inbound_at, ?2), ?2) WHERE id = ?1",
            (place.conversation.0, at.as_microsecond()),
        )?;
        apply_consent(unit, seen, (place.contact, row), new.confirmation, (at, now))?;
    }
    unit.event(kind, place.contact, row, now)?;
    if seen.direction == Direction::Inbound && seen.media_count > 0 {
        // Which they are, Twilio has to be asked.
        jobs::enqueue(unit, &jobs::NewJob::of(JobKind::Media, row), now)?;
    }
    Ok(row)
}

/// An opt-out that we missed counts from now on, unless the person has changed their mind since.
fn apply_consent(
    unit: &mut Unit<'_>,
    seen: &RemoteFacts,
    (contact, row): (ContactId, i64),
    confirmation: Option<MessageId>,
    (at, now): (Timestamp, Timestamp),
) -> Result<(), StoreError> {
    let keyword = classify(&seen.body);
    if keyword.is_none() {
        return Ok(());
    }
    let person = seen.them.person_key();
    if consent::was_changed_since(unit, &person, at)? {
        return Ok(());
    }
    let change = consent_change(keyword, None, consent::is_opted_out(unit, &person)?);
    match change {
        ConsentChange::None => return Ok(()),
        ConsentChange::OptOut { .. } => consent::opt_out(unit, &person, "recovered", Some(row), at)?,
        ConsentChange::OptIn { .. } => consent::opt_in(unit, &person, "recovered", Some(row), at)?,
    }
    let Some(id) = confirmation else { return Ok(()) };
    if !may_confirm(at, ours_in_list(unit, contact, &seen.them)?, now) {
        return Ok(());
    }
    inbox::confirm(unit, change, (&seen.them, &seen.us), row, id, now)
}

/// When the newest message to a person was made of which Twilio's list alone told us. It may still be aside: what is
/// older is kept first, and answered meanwhile.
pub(crate) fn ours_in_list(
    unit: &Unit<'_>,
    contact: ContactId,
    them: &Address,
) -> Result<Option<Timestamp>, StoreError> {
    let kept: Option<i64> = unit
        .prepare(
            "SELECT max(created_at) FROM message WHERE contact = ?1 AND recovered = 1 AND direction = 'outbound'",
        )?
        .query_row([contact.0], |row| row.get(0))?;
    let aside: Option<i64> = unit
        .prepare(
            "SELECT max(created_at) FROM missed WHERE them = ?1 AND direction = 'outbound'
               AND NOT EXISTS (SELECT 1 FROM message WHERE message.sid = missed.sid)",
        )?
        .query_row([them.as_str()], |row| row.get(0))?;
    Ok(kept.max(aside).and_then(|at| Timestamp::from_microsecond(at).ok()))
}
