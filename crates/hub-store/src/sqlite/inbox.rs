//! SQL of the webhooks' units of work.

use hub_domain::{
    address::Address,
    consent::{ConsentChange, consent_change},
    ids::{ContactId, MessageId},
    job::JobKind,
    keywords::{self, classify},
    message::{Direction, Inbound, Media, Origin, StatusReport},
    reply::is_stale,
    status::{DeliveryError, DeliveryStatus, MessageStatus},
    twilio_code::{self, CodeAction},
    whatsapp,
};
use jiff::Timestamp;
use rusqlite::OptionalExtension;

use super::{
    attempts, consent, conversations, jobs, outbox, polls, removal, rows, search,
    standing::{self, Written},
    unit::Unit,
};
use crate::{
    error::StoreError,
    events::EventKind,
    inbox::{Recorded, StatusApplied},
    outbox::NewOutbound,
};

pub(crate) fn record(
    unit: &mut Unit<'_>,
    inbound: &Inbound,
    id: MessageId,
    confirmation: MessageId,
    now: Timestamp,
) -> Result<Recorded, StoreError> {
    heard(unit, inbound.to.as_str())?;
    let known: Option<(i64, bool, bool)> = unit
        .prepare(
            "SELECT row, recovered, recovered = 1 AND reply_decision IS NULL FROM message WHERE sid = ?1",
        )?
        .query_row([inbound.sid.as_str()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    if let Some((row, recovered, undecided)) = known {
        if undecided {
            // It was seen in Twilio's list before its webhook came, and nobody decided about an answer.
            jobs::enqueue(unit, &jobs::NewJob::of(JobKind::Reply, row), now)?;
        }
        if recovered {
            came_after_all(unit, inbound, row, Some(confirmation).filter(|_| undecided), now)?;
        }
        return Ok(Recorded::Duplicate(row));
    }
    if removal::is_deleted(unit, &inbound.sid)? {
        return Ok(Recorded::Deleted);
    }
    let place = conversations::place(unit, inbound.to.as_str(), &inbound.from, now)?;
    let at = now.as_microsecond();
    unit.run("UPDATE conversation SET last_inbound_at = ?2 WHERE id = ?1", (place.conversation.0, at))?;
    unit.run(
        "INSERT INTO message (id, sid, direction, conversation, contact, from_address, to_address, body,
           media_count, status, other_fields, created_at, updated_at)
         VALUES (?1, ?2, 'inbound', ?3, ?4, ?5, ?6, ?7, ?8, 'received', ?9, ?10, ?10)",
        (
            id.0.as_bytes().as_slice(),
            inbound.sid.as_str(),
            place.conversation.0,
            place.contact.0,
            inbound.from.as_str(),
            inbound.to.as_str(),
            whatsapp::written(inbound),
            i64::try_from(inbound.media.len()).unwrap_or(i64::MAX),
            other_fields(inbound)?,
            at,
        ),
    )?;
    let row = unit.last_row();
    let written = Written {
        contact: place.contact,
        row,
        direction: Direction::Inbound,
        status: MessageStatus::Received,
        at: now,
    };
    standing::written(unit, written)?;
    conversations::take_profile_name(unit, place.contact, inbound)?;
    apply_consent(unit, inbound, row, Some(confirmation), now)?;
    unit.event(EventKind::Received, place.contact, row, now)?;
    jobs::enqueue(unit, &jobs::NewJob::of(JobKind::Reply, row), now)?;
    keep_media(unit, row, &inbound.media, now)?;
    Ok(Recorded::New(row))
}

/// A webhook has brought a message for that number: it is this hub's.
fn heard(unit: &Unit<'_>, ours: &str) -> Result<(), StoreError> {
    let is_known = unit.prepare("SELECT 1 FROM heard WHERE our_address = ?1")?.exists([ours])?;
    if !is_known {
        unit.run("INSERT INTO heard (our_address) VALUES (?1)", [ours])?;
    }
    Ok(())
}

/// The webhook of a text that Twilio's list has shown before: it knows more than the list. Nothing that was decided is
/// decided anew, and a change of consent is confirmed only where nobody has decided about an answer.
fn came_after_all(
    unit: &mut Unit<'_>,
    inbound: &Inbound,
    row: i64,
    confirmation: Option<MessageId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (contact, sent_at) = unit
        .prepare("SELECT contact, created_at FROM message WHERE row = ?1")?
        .query_row([row], |found| Ok((ContactId(found.get(0)?), rows::time(found, 1)?)))?;
    let told = unit.run(
        "UPDATE message SET other_fields = ?2, updated_at = ?3
         WHERE row = ?1 AND other_fields IS NULL AND redacted = 0 AND ?2 IS NOT NULL",
        (row, other_fields(inbound)?, now.as_microsecond()),
    )?;
    let said = whatsapp::written(inbound);
    let filled = unit.run(
        "UPDATE message SET body = ?2 WHERE row = ?1 AND body = '' AND redacted = 0 AND ?2 <> ''",
        (row, said),
    )?;
    if filled > 0 {
        search::text_came_later(unit, row)?;
    }
    // The list of messages tells only how many there are; the job that asks for more may not have run yet.
    keep_media(unit, row, &inbound.media, now)?;
    conversations::take_profile_name(unit, contact, inbound)?;
    let person = inbound.from.person_key();
    if !consent::was_changed_by(unit, row)? && !consent::was_changed_since(unit, &person, sent_at)? {
        let confirmation = confirmation.filter(|_| !is_stale(sent_at, now));
        apply_consent(unit, inbound, row, confirmation, now)?;
    }
    if told + filled > 0 {
        unit.event(EventKind::Status, contact, row, now)?;
    }
    Ok(())
}

/// Notes attachments that are not known yet, for a job to fetch.
fn keep_media(unit: &mut Unit<'_>, row: i64, media: &[Media], now: Timestamp) -> Result<(), StoreError> {
    let mut waiting = 0;
    for (position, media) in (0_i64..).zip(media) {
        waiting += unit.run(
            "INSERT INTO media (message, position, url, content_type, state) VALUES (?1, ?2, ?3, ?4, 'waiting')
             ON CONFLICT DO NOTHING",
            (row, position, &media.url, &media.content_type),
        )?;
    }
    if waiting > 0 {
        jobs::enqueue(unit, &jobs::NewJob::of(JobKind::Media, row), now)?;
    }
    Ok(())
}

/// Opt-out and opt-in act here, before any automation, and are on disk with the message.
fn apply_consent(
    unit: &mut Unit<'_>,
    inbound: &Inbound,
    row: i64,
    confirmation: Option<MessageId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let keyword = classify(whatsapp::spoken(inbound));
    if keyword.is_none() && inbound.opt_out_type.is_none() {
        return Ok(());
    }
    let person = inbound.from.person_key();
    let opted_out = consent::is_opted_out(unit, &person)?;
    let source = if inbound.opt_out_type.is_some() { "twilio" } else { "keyword" };
    let change = consent_change(keyword, inbound.opt_out_type, opted_out);
    match change {
        ConsentChange::None => return Ok(()),
        ConsentChange::OptOut { .. } => consent::opt_out(unit, &person, source, Some(row), now)?,
        ConsentChange::OptIn { .. } => consent::opt_in(unit, &person, source, Some(row), now)?,
    }
    let Some(id) = confirmation else { return Ok(()) };
    confirm(unit, change, (&inbound.from, inbound.to.as_str()), row, id, now)
}

/// Writes the confirmation of a change of consent, where one is due; `parties` are they and we.
pub(crate) fn confirm(
    unit: &mut Unit<'_>,
    change: ConsentChange,
    (them, us): (&Address, &str),
    row: i64,
    id: MessageId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (origin, body) = match change {
        ConsentChange::OptOut { confirm: true } => {
            (Origin::OptOutConfirmation, keywords::stop_confirmation())
        }
        ConsentChange::OptIn { confirm: true } => (Origin::OptInConfirmation, keywords::start_confirmation()),
        ConsentChange::None | ConsentChange::OptOut { .. } | ConsentChange::OptIn { .. } => return Ok(()),
    };
    if them.can_be_answered_automatically() {
        let message = NewOutbound {
            id,
            to: them.clone(),
            from: us.to_owned(),
            service: None,
            body: body.to_owned(),
            media_urls: Vec::new(),
            template: None,
            origin,
        };
        // A confirmation is never blocked, so there is nothing to report from here.
        let _ = outbox::submit(unit, &message, Some(row), None, now)?;
    }
    Ok(())
}

fn other_fields(inbound: &Inbound) -> Result<Option<String>, StoreError> {
    if inbound.other_fields.is_empty() {
        return Ok(None);
    }
    serde_json::to_string(&inbound.other_fields)
        .map(Some)
        .map_err(|error| StoreError::fault("writing the webhook's other fields", error))
}

pub(crate) fn apply_status(
    unit: &mut Unit<'_>,
    report: &StatusReport,
    now: Timestamp,
) -> Result<StatusApplied, StoreError> {
    if let Some(attempt) = report.attempt {
        attempts::accepted_by_callback(unit, attempt, &report.sid, now)?;
    }
    let message: Option<i64> = unit
        .prepare("SELECT row FROM message WHERE sid = ?1 AND direction = 'outbound'")?
        .query_row([report.sid.as_str()], |row| row.get(0))
        .optional()?;
    unit.run(
        "INSERT INTO status_report (sid, message, attempt, status, error_code, received_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        (
            report.sid.as_str(),
            message,
            report.attempt.map(|attempt| attempt.0.into_bytes()),
            &report.status,
            report.error_code,
            now.as_microsecond(),
        ),
    )?;
    let Some(row) = message else { return Ok(StatusApplied::UnknownSid) };
    let Some(status) = DeliveryStatus::parse(&report.status) else {
        // Whatever the word means, Twilio has the message: it must not be sent again.
        move_up(unit, row, DeliveryStatus::Accepted, None, now)?;
        return Ok(StatusApplied::UnknownStatus);
    };
    if reported(unit, row, status, report.error_code, now)? {
        Ok(StatusApplied::Moved)
    } else {
        Ok(StatusApplied::Unchanged)
    }
}

/// Applies the reports that came before we knew whose they are.
pub(crate) fn join_reports(
    unit: &mut Unit<'_>,
    sid: &str,
    row: i64,
    now: Timestamp,
) -> Result<(), StoreError> {
    let waiting: Vec<(i64, Option<DeliveryStatus>, Option<u32>)> = unit
        .prepare("SELECT id, status, error_code FROM status_report WHERE sid = ?1 AND message IS NULL")?
        .query_map([sid], |found| {
            let status = found.get_ref(1)?.as_str()?;
            Ok((found.get(0)?, DeliveryStatus::parse(status), found.get(2)?))
        })?
        .collect::<Result<_, _>>()?;
    for (id, status, error_code) in waiting {
        unit.run("UPDATE status_report SET message = ?2 WHERE id = ?1", (id, row))?;
        if let Some(status) = status {
            reported(unit, row, status, error_code, now)?;
        }
    }
    Ok(())
}

/// Applies what Twilio says of a message; an error that means "opted out" is remembered for the person.
pub(crate) fn reported(
    unit: &mut Unit<'_>,
    row: i64,
    status: DeliveryStatus,
    error_code: Option<u32>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = move_up(unit, row, status, error_code, now)?;
    let advice = error_code.and_then(twilio_code::advice);
    // A repeated report changes nothing, and the person may have opted in since the first.
    if changed && advice.is_some_and(|advice| advice.action == CodeAction::FinalOptOut) {
        consent::refused_by_twilio(unit, row, now)?;
    }
    Ok(changed)
}

/// Moves a message up to `status` (never down) and keeps its error; `true` when something changed.
pub(crate) fn move_up(
    unit: &mut Unit<'_>,
    row: i64,
    status: DeliveryStatus,
    error_code: Option<u32>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let (before, kept, contact, written_at) = unit
        .prepare("SELECT status, error_code, error_status, contact, created_at FROM message WHERE row = ?1")?
        .query_row([row], |found| {
            let code: Option<u32> = found.get(1)?;
            let with = rows::optional_word(found, 2, DeliveryStatus::parse)?;
            let kept = code.zip(with).map(|(code, status)| DeliveryError { code, status });
            let contact = ContactId(found.get(3)?);
            Ok((rows::word(found, 0, MessageStatus::parse)?, kept, contact, rows::time(found, 4)?))
        })?;
    let after = before.after(status);
    let reported = error_code.filter(|code| *code != 0).map(|code| DeliveryError { code, status });
    let error = match (kept, reported) {
        (Some(kept), Some(new)) => Some(kept.or_worse(new)),
        (kept, new) => kept.or(new),
    };
    if after == before && error == kept {
        return Ok(false);
    }
    unit.run(
        "UPDATE message SET status = ?2, error_code = ?3, error_status = ?4, updated_at = ?5,
           poll_at = CASE WHEN ?6 THEN NULL ELSE coalesce(poll_at, ?7) END WHERE row = ?1",
        (
            row,
            after.as_str(),
            error.map(|error| error.code),
            error.map(|error| error.status.as_str()),
            now.as_microsecond(),
            matches!(after, MessageStatus::Reported(status) if status.is_final()),
            polls::first(unit, now),
        ),
    )?;
    let direction = Direction::Outbound;
    standing::moved(unit, Written { contact, row, direction, status: before, at: written_at }, after)?;
    unit.event(EventKind::Status, contact, row, now)?;
    Ok(true)
}
