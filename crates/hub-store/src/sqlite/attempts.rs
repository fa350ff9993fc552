//! SQL of attempts: the row before the call, the outcome after it.

mod abandon;
mod binding;
mod late;
mod lookup;
mod outgoing;

use std::time::Duration;

use hub_domain::{
    address::Address,
    attempt::AttemptOutcome,
    ids::{AttemptId, ContactId},
    job::JobKind,
    message::{Direction, Origin},
    pace::Turn,
    parts::{self, PartTurn},
    sending::{AfterAttempt, Blocked, SendFacts, after_attempt, may_send},
    status::{DeliveryStatus, MessageStatus},
};
use jiff::Timestamp;
use rusqlite::OptionalExtension;

pub(crate) use abandon::{abandon, stop_looking};
pub(crate) use binding::accepted_by_callback;
use binding::{Certainty, bind};
pub(crate) use lookup::{facts, known, settle};
pub(crate) use outgoing::outgoing;

use super::{
    consent, conversations, inbox, jobs, pace, rows, settings,
    standing::{self, Written},
    stop,
    unit::Unit,
};
use crate::{
    attempts::{Begun, Call, Ended, Finished},
    error::StoreError,
    events::EventKind,
    jobs::LeasedJob,
    sending::Terms,
};

pub(crate) fn begin(
    unit: &mut Unit<'_>,
    job: &LeasedJob,
    attempt: AttemptId,
    terms: &Terms,
    now: Timestamp,
) -> Result<Begun, StoreError> {
    jobs::require_held(unit, job)?;
    let message = outgoing(unit, job.message)?;
    if message.status != MessageStatus::Pending {
        jobs::finish(unit, job)?;
        return Ok(Begun::Settled);
    }
    if let Some((open, started_at)) = in_flight(unit, job.message)? {
        // The process that made this call ended before it could write the answer. Whether Twilio has the
        // message is not known here, so nothing is called: it is looked up.
        lost(unit, open, started_at, None, "the process ended during the call", now)?;
        set_status(unit, job.message, message.contact, MessageStatus::Unknown, None, now)?;
        jobs::finish(unit, job)?;
        return Ok(Begun::Lookup);
    }
    let facts = SendFacts {
        origin: message.origin,
        opted_out: consent::is_opted_out(unit, &message.person)?,
        mode: conversations::mode(unit, message.contact, now)?,
        window_closed: window_closed(unit, &message.call, now)?,
        silenced: message.automatic && !settings::automation_enabled(unit)?,
    };
    let permission = may_send(&facts);
    if let Err(blocked) = permission
        && !blocked.waits_for_a_person()
    {
        cancel(unit, job.message, message.contact, blocked, now)?;
        jobs::finish(unit, job)?;
        return Ok(Begun::Blocked(blocked));
    }
    match message.turn {
        PartTurn::Leave => {}
        PartTurn::Wait => {
            jobs::park(unit, job, now)?;
            return Ok(Begun::Waits);
        }
        PartTurn::Hold => return hold(unit, job, message.contact, parts::BEFORE_HELD, now),
        PartTurn::Cancel => {
            let blocked = Blocked::PartBeforeFailed;
            cancel(unit, job.message, message.contact, blocked, now)?;
            jobs::finish(unit, job)?;
            return Ok(Begun::Blocked(blocked));
        }
    }
    if let Err(blocked) = permission {
        return hold(unit, job, message.contact, blocked.as_str(), now);
    }
    if late::is_late(&message, now) {
        return late::leave_to_a_person(unit, job, &message, now);
    }
    if !stop::enter(unit, terms.credentials, now)? {
        jobs::set_back(unit, job, now)?;
        return Ok(Begun::Stopped);
    }
    let urgent = message.origin.priority() == 0;
    match pace::turn(unit, job, &message.call, urgent, &terms.rates, now)? {
        Turn::Now => {}
        Turn::At(moment) | Turn::AskAgain(moment) => return Ok(Begun::Paced(moment)),
    }
    unit.run(
        "INSERT INTO attempt (id, message, started_at) VALUES (?1, ?2, ?3)",
        (attempt.0.into_bytes(), job.message, now.as_microsecond()),
    )?;
    Ok(Begun::Call(message.call))
}

/// Leaves the message to a person, for this reason.
fn hold(
    unit: &mut Unit<'_>,
    job: &LeasedJob,
    contact: ContactId,
    reason: &str,
    now: Timestamp,
) -> Result<Begun, StoreError> {
    set_status(unit, job.message, contact, MessageStatus::Held, Some(reason), now)?;
    jobs::finish(unit, job)?;
    Ok(Begun::Held)
}

/// Whether WhatsApp takes a template only.
fn window_closed(unit: &Unit<'_>, call: &Call, now: Timestamp) -> Result<bool, StoreError> {
    let Ok(to) = Address::from_provider(&call.to) else { return Ok(false) };
    let (service, template) = (call.service.is_some(), call.template.is_some());
    conversations::window_closed(unit.connection(), &to, &call.from, service, template, now)
}

/// The call of a message that has no outcome yet.
fn in_flight(unit: &Unit<'_>, row: i64) -> Result<Option<(AttemptId, Timestamp)>, StoreError> {
    let found = unit
        .prepare("SELECT id, started_at FROM attempt WHERE message = ?1 AND outcome IS NULL")?
        .query_row([row], |found| Ok((AttemptId(rows::uuid(found, 0)?), rows::time(found, 1)?)))
        .optional()?;
    Ok(found)
}

/// An attempt without a trustworthy answer: its lookup is queued. The wait counts from the call's start,
/// because Twilio may have taken it at any moment since.
fn lost(
    unit: &mut Unit<'_>,
    attempt: AttemptId,
    started_at: Timestamp,
    http_status: Option<u16>,
    detail: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let message = unit
        .prepare(
            "UPDATE attempt SET outcome = 'ambiguous', finished_at = ?2, http_status = ?3, detail = ?4
             WHERE id = ?1 RETURNING message",
        )?
        .query_row((attempt.0.into_bytes(), now.as_microsecond(), http_status, detail), |row| row.get(0))?;
    let due = jobs::after(started_at, unit.timing().reconcile_wait).max(now);
    let lookup = jobs::NewJob {
        attempt: Some(attempt),
        due: Some(due),
        ..jobs::NewJob::of(JobKind::Reconcile, message)
    };
    jobs::enqueue(unit, &lookup, now)?;
    Ok(())
}

fn set_status(
    unit: &mut Unit<'_>,
    row: i64,
    contact: ContactId,
    status: MessageStatus,
    text: Option<&str>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let before =
        unit.prepare("SELECT status, created_at FROM message WHERE row = ?1")?.query_row([row], |found| {
            let (status, at) = (rows::word(found, 0, MessageStatus::parse)?, rows::time(found, 1)?);
            Ok(Written { contact, row, direction: Direction::Outbound, status, at })
        })?;
    unit.run(
        "UPDATE message SET status = ?2, error_text = coalesce(?3, error_text), updated_at = ?4 WHERE row = ?1",
        (row, status.as_str(), text, now.as_microsecond()),
    )?;
    standing::moved(unit, before, status)?;
    unit.event(EventKind::Status, contact, row, now)
}

fn cancel(
    unit: &mut Unit<'_>,
    row: i64,
    contact: ContactId,
    blocked: Blocked,
    now: Timestamp,
) -> Result<(), StoreError> {
    let canceled = MessageStatus::Reported(DeliveryStatus::Canceled);
    set_status(unit, row, contact, canceled, Some(blocked.as_str()), now)
}

/// Writes how a call ended: what it says of our account, then what it means for its message.
pub(crate) fn end(
    unit: &mut Unit<'_>,
    job: &LeasedJob,
    attempt: AttemptId,
    outcome: &AttemptOutcome,
    terms: &Terms,
    jitter: u64,
    now: Timestamp,
) -> Result<Ended, StoreError> {
    let sending = stop::heard(unit, outcome, terms.credentials, now)?;
    let finished = finish(unit, job, attempt, outcome, jitter, now)?;
    Ok(Ended { finished, sending })
}

fn finish(
    unit: &mut Unit<'_>,
    job: &LeasedJob,
    attempt: AttemptId,
    outcome: &AttemptOutcome,
    jitter: u64,
    now: Timestamp,
) -> Result<Finished, StoreError> {
    let held = jobs::is_held(unit, job)?;
    let (before, started_at, contact, bound) = unit
        .prepare(
            "SELECT a.outcome, a.started_at, m.contact, m.sid IS NOT NULL FROM attempt a
             JOIN message m ON m.row = a.message WHERE a.id = ?1",
        )?
        .query_row([attempt.0.into_bytes()], |row| {
            let before: Option<String> = row.get(0)?;
            Ok((before, rows::time(row, 1)?, ContactId(row.get(2)?), row.get(3)?))
        })?;
    let open = matches!(before.as_deref(), None | Some("ambiguous"));
    let (is_acceptance, is_ambiguous) = (
        matches!(outcome, AttemptOutcome::Accepted { .. }),
        matches!(outcome, AttemptOutcome::Ambiguous { .. }),
    );
    if !is_acceptance && (bound || !open) {
        // A callback has proved that Twilio has the message, from this call or from an earlier one; this
        // answer knows less.
        if open {
            note_outcome(unit, attempt, outcome, now)?;
            lookup::drop_question(unit, attempt)?;
        }
        complete(unit, job, held)?;
        return Ok(Finished::SettledBefore);
    }
    if before.is_some() && is_ambiguous {
        // Our lease ran out, another worker saw the open attempt and queued its lookup already.
        return Ok(Finished::SettledBefore);
    }
    let (refusals, tried_for) = tried(unit, job, now)?;
    let next = after_attempt(outcome, refusals, tried_for, &unit.timing(), jitter);
    note_outcome(unit, attempt, outcome, now)?;
    match &next {
        AfterAttempt::Settle(status) => {
            if let AttemptOutcome::Accepted { sid, from, .. } = outcome {
                bind(unit, job.message, attempt, sid, Certainty::Told, now)?;
                sender_chosen(unit, job.message, from.as_deref())?;
            }
            inbox::move_up(unit, job.message, *status, None, now)?;
            complete(unit, job, held)?;
        }
        AfterAttempt::Fail { code, opted_out } => {
            fail(unit, job.message, outcome, *code, now)?;
            if *opted_out {
                consent::refused_by_twilio(unit, job.message, now)?;
            }
            complete(unit, job, held)?;
        }
        AfterAttempt::Retry { after } | AfterAttempt::PauseSender { after } => {
            let due = jobs::after(now, *after);
            if matches!(next, AfterAttempt::PauseSender { .. }) {
                pace::pause(unit, &outgoing(unit, job.message)?.call, *after, now)?;
            }
            if held {
                jobs::refused(unit, job, due, now)?;
            } else {
                deliver_anew(unit, job.message, Some(due), now)?;
            }
        }
        // The queue stands still from here on: this message waits in its place like all others.
        AfterAttempt::StopQueue if held => jobs::set_back(unit, job, now)?,
        AfterAttempt::StopQueue => deliver_anew(unit, job.message, None, now)?,
        AfterAttempt::Reconcile => {
            let (status, detail) = match outcome {
                AttemptOutcome::Refused { http_status, message, .. } => {
                    (Some(*http_status), message.as_str())
                }
                AttemptOutcome::Ambiguous { reason } | AttemptOutcome::NotSent { reason } => {
                    (None, reason.as_str())
                }
                AttemptOutcome::Accepted { .. } => (None, ""),
            };
            lost(unit, attempt, started_at, status, detail, now)?;
            set_status(unit, job.message, contact, MessageStatus::Unknown, None, now)?;
            complete(unit, job, held)?;
        }
        AfterAttempt::Hold => {
            set_status(unit, job.message, contact, MessageStatus::Held, Some("could_not_leave"), now)?;
            complete(unit, job, held)?;
        }
    }
    Ok(Finished::Applied(next))
}

/// How often the job's calls certainly did not get through, and for how long. Time in which the queue stood
/// still doesn't count.
fn tried(unit: &Unit<'_>, job: &LeasedJob, now: Timestamp) -> Result<(u32, Duration), StoreError> {
    let (refusals, first) = jobs::refusals(unit, job)?;
    let Some(first) = first else { return Ok((refusals, Duration::ZERO)) };
    let since = stop::resumed_at(unit)?.map_or(first, |resumed| first.max(resumed));
    Ok((refusals, Duration::try_from(now.duration_since(since)).unwrap_or_default()))
}

fn complete(unit: &mut Unit<'_>, job: &LeasedJob, held: bool) -> Result<(), StoreError> {
    if held { jobs::finish(unit, job) } else { Ok(()) }
}

fn note_outcome(
    unit: &Unit<'_>,
    attempt: AttemptId,
    outcome: &AttemptOutcome,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (http_status, code, detail) = match outcome {
        AttemptOutcome::Accepted { .. } => (None, None, None),
        AttemptOutcome::Refused { http_status, code, message } => (Some(*http_status), *code, Some(message)),
        AttemptOutcome::NotSent { reason } | AttemptOutcome::Ambiguous { reason } => {
            (None, None, Some(reason))
        }
    };
    unit.run(
        "UPDATE attempt SET outcome = ?2, finished_at = ?3, http_status = ?4, code = ?5, detail = ?6 WHERE id = ?1",
        (
            attempt.0.into_bytes(),
            outcome.as_str(),
            now.as_microsecond(),
            http_status,
            code,
            detail,
        ),
    )?;
    Ok(())
}

/// A Messaging Service told which of its numbers it took.
fn sender_chosen(unit: &Unit<'_>, row: i64, from: Option<&str>) -> Result<(), StoreError> {
    if let Some(from) = from {
        unit.run("UPDATE message SET from_address = ?2 WHERE row = ?1 AND from_address = ''", (row, from))?;
    }
    Ok(())
}

fn fail(
    unit: &mut Unit<'_>,
    row: i64,
    outcome: &AttemptOutcome,
    code: Option<u32>,
    now: Timestamp,
) -> Result<(), StoreError> {
    if let AttemptOutcome::Refused { message, .. } = outcome {
        unit.run("UPDATE message SET error_text = ?2 WHERE row = ?1", (row, message))?;
    }
    inbox::move_up(unit, row, DeliveryStatus::Failed, code, now)?;
    Ok(())
}

/// Queues delivery again, in the message's old place.
fn deliver_anew(
    unit: &mut Unit<'_>,
    row: i64,
    due: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (lane, origin) = unit
        .prepare("SELECT conversation, origin FROM message WHERE row = ?1")?
        .query_row([row], |found| Ok((found.get(0)?, rows::word(found, 1, Origin::parse)?)))?;
    let job = jobs::NewJob {
        lane: Some(lane),
        priority: i64::from(origin.priority()),
        due,
        ..jobs::NewJob::of(JobKind::Deliver, row)
    };
    unit.run(
        "UPDATE message SET status = 'pending', updated_at = ?2 WHERE row = ?1 AND status = 'unknown'",
        (row, now.as_microsecond()),
    )?;
    jobs::enqueue(unit, &job, now)?;
    Ok(())
}
