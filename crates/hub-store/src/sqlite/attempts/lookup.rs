//! SQL of lookups: what became of an attempt whose answer was lost.

use hub_domain::{
    ids::{AttemptId, ContactId, MessageSid},
    reconcile::{History, NextStep, WhyAsk, next_step},
    status::{DeliveryStatus, MessageStatus},
};
use jiff::Timestamp;
use rusqlite::Connection;

use super::{
    binding::{Bound, Certainty, bind},
    deliver_anew, set_status,
};
use crate::{
    attempts::{LookedUp, ReconcileFacts, Settlement},
    error::StoreError,
    jobs::LeasedJob,
    sqlite::{inbox, jobs, rows, unit::Unit},
};

pub(crate) fn facts(connection: &Connection, attempt: AttemptId) -> Result<ReconcileFacts, StoreError> {
    let id = attempt.0.into_bytes();
    let (row, mut facts) = connection
        .prepare_cached(
            "SELECT a.message, a.outcome = 'ambiguous' AND m.sid IS NULL, m.to_address, m.body, a.started_at
             FROM attempt a JOIN message m ON m.row = a.message WHERE a.id = ?1",
        )?
        .query_row([id], |found| {
            let row: i64 = found.get(0)?;
            let facts = ReconcileFacts {
                open: found.get::<_, Option<bool>>(1)?.unwrap_or(false),
                to: found.get(2)?,
                body: found.get(3)?,
                started_at: rows::time(found, 4)?,
                call_under_way: false,
                other_texts: Vec::new(),
            };
            Ok((row, facts))
        })?;
    let mut statement = connection.prepare_cached(
        "SELECT a.outcome IS NULL, m.body FROM attempt a JOIN message m ON m.row = a.message
         WHERE (a.outcome IS NULL OR a.outcome = 'ambiguous') AND m.to_address = ?1 AND m.row <> ?2",
    )?;
    let mut others = statement.query((&facts.to, row))?;
    while let Some(other) = others.next()? {
        if other.get(0)? {
            facts.call_under_way = true;
        } else {
            facts.other_texts.push(other.get(1)?);
        }
    }
    Ok(facts)
}

pub(crate) fn known(connection: &Connection, sids: Vec<MessageSid>) -> Result<Vec<MessageSid>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM message WHERE sid = ?1")?;
    let mut known = Vec::new();
    for sid in sids {
        if statement.exists([sid.as_str()])? {
            known.push(sid);
        }
    }
    Ok(known)
}

pub(crate) fn settle(
    unit: &mut Unit<'_>,
    job: &LeasedJob,
    attempt: AttemptId,
    seen: LookedUp,
    jitter: u64,
    now: Timestamp,
) -> Result<Settlement, StoreError> {
    jobs::require_held(unit, job)?;
    let id = attempt.0.into_bytes();
    let (open, absent_looks, failed_looks, contact): (bool, u32, u32, i64) = unit
        .prepare(
            "SELECT a.outcome IS 'ambiguous' AND m.sid IS NULL, a.absent_looks, a.failed_looks, m.contact
             FROM attempt a JOIN message m ON m.row = a.message WHERE a.id = ?1",
        )?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    if !open {
        drop_question(unit, attempt)?;
        jobs::finish(unit, job)?;
        return Ok(Settlement::SettledBefore);
    }
    let ambiguous_attempts = unit
        .prepare("SELECT count(*) FROM attempt WHERE message = ?1 AND outcome IN ('ambiguous', 'absent')")?
        .query_row([job.message], |row| row.get(0))?;
    let history = History { ambiguous_attempts, absent_looks, failed_looks };
    let readable = seen.finding.is_some();
    match next_step(seen.finding, history, &unit.timing(), jitter) {
        NextStep::Settle(sid) => match bind(unit, job.message, attempt, &sid, Certainty::Inferred, now)? {
            Bound::Yes => {
                let status = seen.status.unwrap_or(DeliveryStatus::Queued);
                inbox::reported(unit, job.message, status, seen.error_code, now)?;
                jobs::finish(unit, job)?;
                Ok(Settlement::Found(sid))
            }
            Bound::Taken => {
                let due = jobs::after(now, unit.timing().retry_base);
                jobs::give_back(unit, job, due, None).map(|()| Settlement::LookAgain)
            }
        },
        NextStep::LookAgain(pause) => {
            unit.run(
                "UPDATE attempt SET absent_looks = absent_looks + ?2, failed_looks = failed_looks + ?3 WHERE id = ?1",
                (id, readable, !readable),
            )?;
            let due = jobs::after(now, pause);
            jobs::give_back(unit, job, due, None).map(|()| Settlement::LookAgain)
        }
        NextStep::SendAgain => {
            unit.run("UPDATE attempt SET outcome = 'absent' WHERE id = ?1", [id])?;
            deliver_anew(unit, job.message, None, now)?;
            jobs::finish(unit, job)?;
            Ok(Settlement::SendAgain)
        }
        NextStep::AskPerson(why) => {
            ask_person(unit, job, attempt, ContactId(contact), why, now)?;
            Ok(Settlement::Held(why))
        }
    }
}

pub(super) fn ask_person(
    unit: &mut Unit<'_>,
    job: &LeasedJob,
    attempt: AttemptId,
    contact: ContactId,
    why: WhyAsk,
    now: Timestamp,
) -> Result<(), StoreError> {
    unit.run("UPDATE attempt SET outcome = 'undecided' WHERE id = ?1", [attempt.0.into_bytes()])?;
    set_status(unit, job.message, contact, MessageStatus::Held, Some(why.as_str()), now)?;
    jobs::finish(unit, job)
}

/// Nobody asks any more what became of an attempt: its message is Twilio's through another one.
pub(super) fn drop_question(unit: &Unit<'_>, attempt: AttemptId) -> Result<(), StoreError> {
    unit.run(
        "UPDATE attempt SET outcome = 'undecided' WHERE id = ?1 AND outcome = 'ambiguous'",
        [attempt.0.into_bytes()],
    )?;
    Ok(())
}
