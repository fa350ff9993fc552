//! SQL of a person's decision about a held message.

use hub_domain::{
    address::Address,
    ids::{ContactId, ConversationId},
    job::JobKind,
    message::{Direction, Origin},
    parts::BEFORE_HELD,
    reply,
    sending::{Blocked, SendFacts, may_send},
    status::{DeliveryStatus, MessageStatus},
};
use jiff::Timestamp;
use rusqlite::OptionalExtension;

use super::{
    consent, conversations, jobs, money, rows,
    standing::{self, Written},
    unit::Unit,
};
use crate::{
    error::StoreError,
    events::EventKind,
    held::{Approved, SwitchedOn},
};

/// Stored at a held message that a person doesn't want sent.
pub(super) const DISCARDED: &str = "discarded";

struct Held {
    contact: ContactId,
    conversation: ConversationId,
    origin: Origin,
    person: String,
    to: Address,
    from: String,
    through_service: bool,
    is_template: bool,
    waits_for_part: bool,
    /// The text it is a part of, and which.
    part: Option<(i64, i64)>,
}

/// Who lets a held message go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LetGoBy {
    /// Somebody who read it: from then on it is theirs, and no switch over machines holds it again.
    Person,
    /// Nobody in particular: automation is on again.
    Switch,
}

pub(crate) fn approve(unit: &mut Unit<'_>, row: i64, now: Timestamp) -> Result<Approved, StoreError> {
    let_go(unit, row, LetGoBy::Person, now)
}

/// Automation is switched on again: what was held for that leaves, as long as its answer is not late and nobody has
/// answered meanwhile. How much was let go, and how much of what was held since it was switched off (`off_since`) is
/// left to a person.
pub(crate) fn automation_is_back(
    unit: &mut Unit<'_>,
    off_since: Option<Timestamp>,
    now: Timestamp,
) -> Result<SwitchedOn, StoreError> {
    let mut let_go = 0;
    for row in still_wanted(unit, now)? {
        if self::let_go(unit, row, LetGoBy::Switch, now)? == Approved::Queued {
            let_go += 1;
        }
    }
    let left = off_since.map_or(Ok(0), |since| silenced_since(unit, since))?;
    Ok(SwitchedOn { let_go, left })
}

/// What is held because automation was switched off and may still leave by itself, in the order written. No more
/// than was asked within the time after which an answer is late, however much is left from before.
fn still_wanted(unit: &Unit<'_>, now: Timestamp) -> Result<Vec<i64>, StoreError> {
    let mut statement = unit.prepare(
        "SELECT m.row FROM message m LEFT JOIN message q ON q.row = m.reply_to
         WHERE m.status = 'held' AND m.error_text = ?1
           AND coalesce(q.remote_created_at, q.created_at, m.created_at) >= ?2
           AND NOT EXISTS (SELECT 1 FROM message a WHERE a.contact = m.contact AND a.row > coalesce(q.row, m.row)
                             AND +a.direction = 'outbound' AND +a.origin IN ('human', 'api', 'cli'))
         ORDER BY m.row",
    )?;
    let first = reply::first_on_time(now).as_microsecond();
    let found = statement.query_map((Blocked::AutomationOff.as_str(), first), |found| found.get(0))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// How much of what came to be held since then because automation was off is held still. The second condition on the
/// state is that of the index.
fn silenced_since(unit: &Unit<'_>, since: Timestamp) -> Result<u32, StoreError> {
    let count = unit.value(
        "SELECT count(*) FROM message WHERE status = 'held' AND status NOT IN ('received', 'delivered')
           AND error_text = ?1 AND updated_at >= ?2",
        (Blocked::AutomationOff.as_str(), since.as_microsecond()),
    )?;
    Ok(count.unwrap_or(0))
}

/// Queues a held message, with the later parts of its text.
fn let_go(unit: &mut Unit<'_>, row: i64, by: LetGoBy, now: Timestamp) -> Result<Approved, StoreError> {
    let Some(message) = held(unit, row)? else { return Ok(Approved::NotHeld) };
    if message.waits_for_part && part_before_is_held(unit, &message)? {
        return Ok(Approved::PartBeforeHeld);
    }
    let facts = SendFacts {
        origin: message.origin,
        opted_out: consent::is_opted_out(unit, &message.person)?,
        mode: conversations::mode(unit, message.contact, now)?,
        window_closed: conversations::window_closed(
            unit.connection(),
            &message.to,
            &message.from,
            message.through_service,
            message.is_template,
            now,
        )?,
        silenced: false,
    };
    if let Err(blocked) = may_send(&facts) {
        return Ok(Approved::Blocked(blocked));
    }
    for row in [vec![row], waiting_parts(unit, &message)?].concat() {
        money::release(unit, row, &message.to, now)?;
        if by == LetGoBy::Person {
            unit.run("UPDATE message SET automatic = 0 WHERE row = ?1 AND automatic = 1", [row])?;
        }
        change(unit, row, message.contact, MessageStatus::Pending, None, now)?;
        let job = jobs::NewJob {
            lane: Some(message.conversation.0),
            priority: i64::from(message.origin.priority()),
            ..jobs::NewJob::of(JobKind::Deliver, row)
        };
        jobs::enqueue(unit, &job, now)?;
    }
    Ok(Approved::Queued)
}

pub(crate) fn discard(unit: &mut Unit<'_>, row: i64, now: Timestamp) -> Result<bool, StoreError> {
    withdraw(unit, row, DISCARDED, now)
}

/// Cancels a held message for this reason, with the later parts of its text; `false` when it is not held.
pub(crate) fn withdraw(
    unit: &mut Unit<'_>,
    row: i64,
    reason: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(message) = held(unit, row)? else { return Ok(false) };
    let later = waiting_parts(unit, &message)?;
    cancel(unit, row, message.contact, reason, now)?;
    for row in later {
        cancel(unit, row, message.contact, Blocked::PartBeforeFailed.as_str(), now)?;
    }
    Ok(true)
}

fn cancel(
    unit: &mut Unit<'_>,
    row: i64,
    contact: ContactId,
    reason: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    change(unit, row, contact, MessageStatus::Reported(DeliveryStatus::Canceled), Some(reason), now)
}

fn change(
    unit: &mut Unit<'_>,
    row: i64,
    contact: ContactId,
    status: MessageStatus,
    reason: Option<&str>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let at = unit
        .prepare("SELECT created_at FROM message WHERE row = ?1")?
        .query_row([row], |found| rows::time(found, 0))?;
    unit.run(
        "UPDATE message SET status = ?2, error_text = ?3, updated_at = ?4 WHERE row = ?1",
        (row, status.as_str(), reason, now.as_microsecond()),
    )?;
    let before = Written { contact, row, direction: Direction::Outbound, status: MessageStatus::Held, at };
    standing::moved(unit, before, status)?;
    unit.event(EventKind::Status, contact, row, now)
}

fn held(unit: &Unit<'_>, row: i64) -> Result<Option<Held>, StoreError> {
    let found = unit
        .prepare(
            "SELECT m.contact, m.conversation, m.origin, c.person, m.error_text IS ?2, m.first_part, m.part,
               m.to_address, m.from_address, m.service IS NOT NULL, m.content_sid IS NOT NULL
             FROM message m JOIN contact c ON c.id = m.contact WHERE m.row = ?1 AND m.status = ?3",
        )?
        .query_row((row, BEFORE_HELD, MessageStatus::Held.as_str()), |found| {
            let first: Option<i64> = found.get(5)?;
            Ok(Held {
                contact: ContactId(found.get(0)?),
                conversation: ConversationId(found.get(1)?),
                origin: rows::word(found, 2, Origin::parse)?,
                person: found.get(3)?,
                to: rows::word(found, 7, |text| Address::from_provider(text).ok())?,
                from: found.get(8)?,
                through_service: found.get(9)?,
                is_template: found.get(10)?,
                waits_for_part: found.get(4)?,
                part: first.zip(Some(found.get(6)?)),
            })
        })
        .optional()?;
    Ok(found)
}

fn part_before_is_held(unit: &Unit<'_>, message: &Held) -> Result<bool, StoreError> {
    let Some((first, part)) = message.part else { return Ok(false) };
    let before = unit
        .prepare("SELECT status FROM message WHERE first_part = ?1 AND part = ?2")?
        .query_row((first, part - 1), |found| rows::word(found, 0, MessageStatus::parse))
        .optional()?;
    Ok(before == Some(MessageStatus::Held))
}

/// Later parts of the same text that are held because this one is.
fn waiting_parts(unit: &Unit<'_>, message: &Held) -> Result<Vec<i64>, StoreError> {
    let Some((first, part)) = message.part else { return Ok(Vec::new()) };
    let mut statement = unit.prepare(
        "SELECT row FROM message WHERE first_part = ?1 AND part > ?2 AND status = 'held' AND error_text = ?3
         ORDER BY part",
    )?;
    let rows = statement.query_map((first, part, BEFORE_HELD), |found| found.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
