//! SQL that gathers the facts of a reply and writes what was decided.

use hub_domain::{
    address::Address,
    attention::{Asking, left_to_a_person},
    ids::{ContactId, MessageId},
    keywords::classify,
    message::Origin,
    reply::{self, AutomaticCounts, ReplyDecision, ReplyFacts, decide_reply},
    sending::Blocked,
};
use jiff::{SignedDuration, Timestamp};
use rusqlite::OptionalExtension;

use super::{consent, conversations, held, jobs, outbox, rows, settings, standing, unit::Unit};
use crate::{
    error::StoreError,
    jobs::LeasedJob,
    outbox::{NewOutbound, Submitted},
    replies::{ReplyPolicy, ReplySettled},
};

struct Question {
    from: Address,
    to: String,
    body: String,
    received_at: Timestamp,
    sent_at: Timestamp,
    contact: ContactId,
    decided: bool,
}

pub(crate) fn settle(
    unit: &mut Unit<'_>,
    job: &LeasedJob,
    policy: &ReplyPolicy,
    answer: MessageId,
    now: Timestamp,
) -> Result<ReplySettled, StoreError> {
    jobs::require_held(unit, job)?;
    let question = question(unit, job.message)?;
    if question.decided {
        jobs::finish(unit, job)?;
        return Ok(ReplySettled::DecidedBefore);
    }
    let auto_reply = settings::auto_reply(unit)?;
    let bot_enabled = settings::bot_enabled(unit)?.unwrap_or(policy.bot_enabled_by_default);
    let facts = ReplyFacts {
        body: &question.body,
        received_at: question.received_at,
        sent_at: question.sent_at,
        now,
        keyword: classify(&question.body),
        changed_consent: consent::was_changed_by(unit, job.message)?,
        sender_can_read: question.from.can_be_answered_automatically(),
        opted_out: consent::is_opted_out(unit, &question.from.person_key())?,
        automation_enabled: settings::automation_enabled(unit)?,
        mode: conversations::mode(unit, question.contact, now)?,
        auto_reply: &auto_reply,
        bot: bot_enabled.then_some(policy.bot),
        written: written_lately(unit, question.contact, policy, now)?,
        caps: policy.caps,
    };
    let decision = decide_reply(&facts);
    match &decision {
        ReplyDecision::Later(at) => {
            jobs::give_back(unit, job, *at, None)?;
            return Ok(ReplySettled::Decided(decision));
        }
        ReplyDecision::Nothing(reason) => {
            decided(unit, job.message, reason.as_str(), now)?;
            if let Some(why) = left_to_a_person(*reason) {
                let asking = Asking { why, message: job.message };
                standing::left_to_a_person(unit, question.contact, asking, now)?;
            }
        }
        ReplyDecision::Answer { origin, body } => {
            let message = question.answered_with(answer, *origin, body);
            if let Submitted::Blocked(blocked) = outbox::submit(unit, &message, Some(job.message), None, now)?
            {
                decided(unit, job.message, blocked.as_str(), now)?;
                jobs::finish(unit, job)?;
                return Ok(ReplySettled::Blocked(blocked));
            }
            count(unit, now)?;
            decided(unit, job.message, answered(*origin), now)?;
        }
        ReplyDecision::Hold { origin, body } => {
            let message = question.answered_with(answer, *origin, body);
            if let Some(blocked) = hold(unit, &question, job.message, &message, now)? {
                jobs::finish(unit, job)?;
                return Ok(ReplySettled::Blocked(blocked));
            }
        }
    }
    jobs::finish(unit, job)?;
    Ok(ReplySettled::Decided(decision))
}

impl Question {
    fn answered_with(&self, id: MessageId, origin: Origin, body: &str) -> NewOutbound {
        NewOutbound {
            id,
            to: self.from.clone(),
            from: self.to.clone(),
            service: None,
            body: body.to_owned(),
            media_urls: Vec::new(),
            template: None,
            origin,
        }
    }
}

/// Writes an answer that comes too late for a person to decide about. A person has one such answer at most:
/// the one to their latest text.
fn hold(
    unit: &mut Unit<'_>,
    question: &Question,
    row: i64,
    message: &NewOutbound,
    now: Timestamp,
) -> Result<Option<Blocked>, StoreError> {
    let other = held_answer(unit, question.contact)?;
    if other.is_some_and(|other| other.answers > Some((question.sent_at, row))) {
        decided(unit, row, reply::SUPERSEDED, now)?;
        return Ok(None);
    }
    if let Submitted::Blocked(blocked) = outbox::hold(unit, message, row, reply::STALE, now)? {
        decided(unit, row, blocked.as_str(), now)?;
        return Ok(Some(blocked));
    }
    if let Some(other) = other {
        held::cancel(unit, other.row, question.contact, reply::SUPERSEDED, now)?;
    }
    decided(unit, row, "held_stale", now)?;
    Ok(None)
}

#[derive(Clone, Copy)]
struct HeldAnswer {
    row: i64,
    /// When the text it answers was sent, and its row; unknown when that was deleted.
    answers: Option<(Timestamp, i64)>,
}

fn held_answer(unit: &Unit<'_>, contact: ContactId) -> Result<Option<HeldAnswer>, StoreError> {
    let found = unit
        .prepare(
            "SELECT h.row, coalesce(q.remote_created_at, q.created_at), q.row
             FROM message h LEFT JOIN message q ON q.row = h.reply_to
             WHERE h.contact = ?1 AND h.status = 'held' AND h.error_text = ?2",
        )?
        .query_row((contact.0, reply::STALE), |found| {
            let asked: Option<i64> = found.get(2)?;
            Ok(HeldAnswer { row: found.get(0)?, answers: rows::optional_time(found, 1)?.zip(asked) })
        })
        .optional()?;
    Ok(found)
}

fn question(unit: &Unit<'_>, row: i64) -> Result<Question, StoreError> {
    let found = unit
        .prepare(
            "SELECT from_address, to_address, body, created_at, contact, reply_decision IS NOT NULL,
               coalesce(remote_created_at, created_at) FROM message WHERE row = ?1",
        )?
        .query_row([row], |found| {
            Ok(Question {
                from: rows::word(found, 0, |text| Address::from_provider(text).ok())?,
                to: found.get(1)?,
                body: found.get(2)?,
                received_at: rows::time(found, 3)?,
                contact: ContactId(found.get(4)?),
                decided: found.get(5)?,
                sent_at: rows::time(found, 6)?,
            })
        })?;
    Ok(found)
}

/// Automatic replies of the last ten minutes, day and minute. A count stops at its cap: more makes no
/// difference, and a raised cap must not make every decision read a day of messages.
fn written_lately(
    unit: &Unit<'_>,
    contact: ContactId,
    policy: &ReplyPolicy,
    now: Timestamp,
) -> Result<AutomaticCounts, StoreError> {
    let since = |ago: SignedDuration| now.saturating_sub(ago).unwrap_or(Timestamp::MIN).as_microsecond();
    // A bare parameter as limit makes SQLite parse and plan the statement anew at every run.
    let to_contact = |cap: u32, ago: SignedDuration| -> Result<u32, StoreError> {
        if cap == 0 {
            return Ok(0);
        }
        let count = unit
            .prepare(
                "SELECT count(*) FROM (SELECT 1 FROM message
                   WHERE automatic = 1 AND contact = ?1 AND created_at > ?2 LIMIT ?3 + 0)",
            )?
            .query_row((contact.0, since(ago), cap), |row| row.get(0))?;
        Ok(count)
    };
    let caps = policy.caps;
    let mut counts = AutomaticCounts {
        contact_10_min: to_contact(caps.contact_10_min, SignedDuration::from_mins(10))?,
        contact_day: to_contact(caps.contact_day, SignedDuration::from_hours(24))?,
        minute: 0,
        minute_frees_at: None,
    };
    if caps.minute != 0 {
        let (written, oldest): (u32, Option<i64>) = unit
            .prepare("SELECT coalesce(sum(written), 0), min(second) FROM automatic_second WHERE second BETWEEN ?1 AND ?2")?
            .query_row((now.as_second() - 59, now.as_second()), |row| Ok((row.get(0)?, row.get(1)?)))?;
        counts.minute = written;
        counts.minute_frees_at = oldest.and_then(|second| Timestamp::from_second(second + 60).ok());
    }
    Ok(counts)
}

/// Counts one automatic reply against the minute's cap.
fn count(unit: &Unit<'_>, now: Timestamp) -> Result<(), StoreError> {
    let second = now.as_second();
    unit.run(
        "INSERT INTO automatic_second (second, written) VALUES (?1, 1)
         ON CONFLICT (second) DO UPDATE SET written = written + 1",
        [second],
    )?;
    unit.run("DELETE FROM automatic_second WHERE second < ?1", [second - 120])?;
    Ok(())
}

fn decided(unit: &Unit<'_>, row: i64, decision: &str, now: Timestamp) -> Result<(), StoreError> {
    unit.run(
        "UPDATE message SET reply_decision = ?2, updated_at = ?3 WHERE row = ?1",
        (row, decision, now.as_microsecond()),
    )?;
    Ok(())
}

fn answered(origin: Origin) -> &'static str {
    match origin {
        Origin::Template => "answered_template",
        Origin::Bot => "answered_bot",
        Origin::Assistant => "answered_assistant",
        Origin::Human
        | Origin::Api
        | Origin::Cli
        | Origin::Campaign
        | Origin::Reminder
        | Origin::Digest
        | Origin::OptOutConfirmation
        | Origin::OptInConfirmation => "answered",
    }
}
