//! SQL that gathers what the decision about a reply depends on.

use hub_domain::{
    address::Address,
    assistant::{Speaker, Turn, settings::AssistantSettings},
    bot::Bot,
    country,
    ids::ContactId,
    keywords::classify,
    listeners::{self, Listener},
    loops::{self, By, LoopSign, Recent},
    message::{ConversationMode, Direction},
    price::Prices,
    reply::{AssistantFacts, AutomaticCounts, ReplyFacts},
    settings::{AutoReply, Caps, Guards},
    spending::Micros,
};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::{
    error::StoreError,
    replies::ReplyPolicy,
    sqlite::{consent, conversations, listeners as listener_rows, money, remote, rows, settings, unit::Unit},
};

/// The inbound message that is decided about.
pub(super) struct Question {
    pub(super) from: Address,
    pub(super) to: String,
    pub(super) body: String,
    pub(super) received_at: Timestamp,
    pub(super) sent_at: Timestamp,
    recovered: bool,
    service: Option<String>,
    pub(super) contact: ContactId,
    pub(super) profile_name: Option<String>,
    pub(super) decided: bool,
}

/// The facts, owned.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Gathered {
    pub(super) settings: AssistantSettings,
    pub(super) guards: Guards,
    listeners: Vec<Listener>,
    auto_reply: AutoReply,
    away: Option<String>,
    is_open: bool,
    addressed: bool,
    model_available: bool,
    wrote_again: bool,
    changed_consent: bool,
    ours_in_list: Option<Timestamp>,
    is_elsewhere: bool,
    is_ours: bool,
    opted_out: bool,
    automation_enabled: bool,
    mode: ConversationMode,
    loop_sign: Option<LoopSign>,
    bot: Option<Bot>,
    written: AutomaticCounts,
    spent: Micros,
    prices: Prices,
}

pub(super) fn question(unit: &Unit<'_>, row: i64) -> Result<Question, StoreError> {
    let found = unit
        .prepare(
            "SELECT m.from_address, m.to_address, m.body, m.created_at, m.contact, m.reply_decision IS NOT NULL,
               c.name, coalesce(m.remote_created_at, m.created_at), m.recovered, m.service
             FROM message m JOIN contact c ON c.id = m.contact WHERE m.row = ?1",
        )?
        .query_row([row], |found| {
            Ok(Question {
                from: rows::word(found, 0, |text| Address::from_provider(text).ok())?,
                to: found.get(1)?,
                body: found.get(2)?,
                received_at: rows::time(found, 3)?,
                contact: ContactId(found.get(4)?),
                decided: found.get(5)?,
                profile_name: found.get(6)?,
                sent_at: rows::time(found, 7)?,
                recovered: found.get(8)?,
                service: found.get(9)?,
            })
        })?;
    Ok(found)
}

pub(super) fn gather(
    unit: &Unit<'_>,
    question: &Question,
    row: i64,
    policy: &ReplyPolicy,
    now: Timestamp,
) -> Result<Gathered, StoreError> {
    let auto_reply = settings::auto_reply(unit)?;
    let settings = settings::assistant(unit)?.beside(auto_reply.enabled, &policy.assistant);
    let guards = settings::guards(unit)?.over(&policy.guards);
    let hours = settings::hours(unit)?;
    let local = policy.time_zone.to_datetime(now);
    let listeners = listener_rows::all(unit)?;
    let person = question.from.person_key();
    let bot_enabled = settings::bot_enabled(unit)?.unwrap_or(policy.bot_enabled_by_default);
    let loop_sign = if guards.stops_loops { loop_sign(unit, question, row)? } else { None };
    Ok(Gathered {
        away: hours.away_at(local).map(str::to_owned),
        is_open: hours.is_open(local),
        addressed: settings.only.is_empty() || settings.only.iter().any(|known| *known == person),
        model_available: policy.model_available,
        wrote_again: wrote_again(unit, question.contact, row, &listeners)?,
        changed_consent: consent::was_changed_by(unit, row)?,
        ours_in_list: if question.recovered {
            remote::ours_in_list(unit, question.contact, &question.from)?
        } else {
            None
        },
        is_elsewhere: question.recovered
            && remote::is_elsewhere(unit, &policy.elsewhere, &question.to, question.service.as_deref())?,
        is_ours: policy.own_numbers.iter().any(|own| *own == person) || is_ours(unit, &question.from)?,
        opted_out: consent::is_opted_out(unit, &person)?,
        automation_enabled: settings::automation_enabled(unit)?,
        mode: conversations::mode(unit, question.contact, now)?,
        loop_sign,
        bot: bot_enabled.then_some(policy.bot),
        written: written_lately(unit, question.contact, guards.caps, now)?,
        spent: money::spent(unit, now)?,
        prices: unit.prices().clone(),
        auto_reply,
        settings,
        guards,
        listeners,
    })
}

impl Gathered {
    pub(super) fn facts<'a>(&'a self, question: &'a Question, now: Timestamp) -> ReplyFacts<'a> {
        ReplyFacts {
            from: &question.from,
            body: &question.body,
            received_at: question.received_at,
            sent_at: question.sent_at,
            now,
            keyword: classify(&question.body),
            changed_consent: self.changed_consent,
            recovered: question.recovered,
            ours_in_list: self.ours_in_list,
            is_elsewhere: self.is_elsewhere,
            is_ours: self.is_ours,
            country_allowed: country::is_in(&question.from, &self.guards.countries),
            opted_out: self.opted_out,
            automation_enabled: self.automation_enabled,
            mode: self.mode,
            loop_sign: self.loop_sign,
            listeners: &self.listeners,
            assistant: AssistantFacts {
                settings: &self.settings,
                available: self.model_available,
                addressed: self.addressed,
                wrote_again: self.wrote_again,
            },
            is_open: self.is_open,
            away: self.away.as_deref(),
            auto_reply: &self.auto_reply,
            bot: self.bot,
            written: self.written,
            caps: self.guards.caps,
            spent: self.spent,
            money_day: self.guards.money_day,
            prices: &self.prices,
        }
    }
}

/// Whether people write to this address: then it is one of ours.
fn is_ours(unit: &Unit<'_>, from: &Address) -> Result<bool, StoreError> {
    let mut statement =
        unit.prepare("SELECT 1 FROM conversation WHERE our_address = ?1 AND last_inbound_at IS NOT NULL")?;
    Ok(statement.exists([from.as_str()])?)
}

/// Whether the person wrote something since that the assistant answers, with this text among its history. A
/// command or a word is answered by itself.
fn wrote_again(
    unit: &Unit<'_>,
    contact: ContactId,
    row: i64,
    listeners: &[Listener],
) -> Result<bool, StoreError> {
    let mut statement = unit.prepare(
        "SELECT body FROM message WHERE contact = ?1 AND row > ?2 AND +direction = 'inbound'
           AND (reply_decision IS NULL OR reply_decision IN ('answered_assistant', 'answered_together', 'held_stale',
             'proposed'))
         ORDER BY row LIMIT 20",
    )?;
    let mut later = statement.query((contact.0, row))?;
    while let Some(found) = later.next()? {
        let body: String = found.get(0)?;
        let is_talk = classify(&body).is_none() && listeners::hear(listeners, &body).is_none();
        if is_talk && !body.trim().is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn loop_sign(unit: &Unit<'_>, question: &Question, row: i64) -> Result<Option<LoopSign>, StoreError> {
    // Most people get no answers by machine, and their texts of old are on pages that nothing else wants.
    let since = question.received_at.saturating_sub(loops::SPAN).unwrap_or(Timestamp::MIN);
    let needed = u32::try_from(loops::ANSWERS).unwrap_or(u32::MAX);
    if automatic_since(unit, question.contact, since, needed)? < needed {
        return Ok(None);
    }
    let mut statement = unit.prepare(
        "SELECT direction, automatic, created_at, body FROM message WHERE contact = ?1 AND row <= ?2
         ORDER BY row DESC LIMIT ?3",
    )?;
    let limit = i64::try_from(loops::LOOKS_AT).unwrap_or(i64::MAX);
    let found = statement.query_map((question.contact.0, row, limit), |found| {
        let direction = rows::word(found, 0, Direction::parse)?;
        let by = match (direction, found.get(1)?) {
            (Direction::Inbound, _) => By::Them,
            (Direction::Outbound, true) => By::Machine,
            (Direction::Outbound, false) => By::Us,
        };
        Ok(Recent { by, at: rows::time(found, 2)?, body: found.get(3)? })
    })?;
    let mut recent: Vec<Recent> = found.collect::<Result<_, _>>()?;
    recent.reverse();
    Ok(loops::sign(&recent))
}

/// An answer that waits for a person.
#[derive(Clone, Copy)]
pub(crate) struct HeldAnswer {
    pub(crate) row: i64,
    /// When the text it answers was sent, and its row; unknown when that was deleted.
    pub(crate) answers: Option<(Timestamp, i64)>,
}

/// The answer to a person that is held for this reason.
pub(crate) fn held_answer(
    unit: &Unit<'_>,
    contact: ContactId,
    reason: &str,
) -> Result<Option<HeldAnswer>, StoreError> {
    let found = unit
        .prepare(
            "SELECT h.row, coalesce(q.remote_created_at, q.created_at), q.row
             FROM message h LEFT JOIN message q ON q.row = h.reply_to
             WHERE h.contact = ?1 AND h.status = 'held' AND h.error_text = ?2",
        )?
        .query_row((contact.0, reason), |found| {
            let asked: Option<i64> = found.get(2)?;
            Ok(HeldAnswer { row: found.get(0)?, answers: rows::optional_time(found, 1)?.zip(asked) })
        })
        .optional()?;
    Ok(found)
}

/// What was said before a message, oldest first, since the conversation was last handed over. What never left
/// was not said.
pub(super) fn history(
    unit: &Unit<'_>,
    question: &Question,
    row: i64,
    limit: u32,
) -> Result<Vec<Turn>, StoreError> {
    let mut statement = unit.prepare(TURNS)?;
    let found = statement.query_map((question.contact.0, row, limit), turn)?;
    let mut turns: Vec<Turn> = found.collect::<Result<_, _>>()?;
    turns.reverse();
    Ok(turns)
}

/// The same for a reader: what was said below the row `before`.
pub(crate) fn turns(
    connection: &Connection,
    contact: ContactId,
    before: i64,
    limit: u32,
) -> Result<Vec<Turn>, StoreError> {
    let mut statement = connection.prepare_cached(TURNS)?;
    let found = statement.query_map((contact.0, before, limit), turn)?;
    let mut turns: Vec<Turn> = found.collect::<Result<_, _>>()?;
    turns.reverse();
    Ok(turns)
}

/// 0 stands for never handed over; history has numbers below it.
const TURNS: &str = "SELECT direction, body FROM message WHERE contact = ?1 AND row < ?2
       AND row > coalesce((SELECT nullif(context_after, 0) FROM contact WHERE id = ?1), -9223372036854775808)
       AND body <> '' AND +status NOT IN ('held', 'canceled', 'failed')
     ORDER BY row DESC LIMIT ?3";

fn turn(row: &Row<'_>) -> rusqlite::Result<Turn> {
    let speaker = match rows::word(row, 0, Direction::parse)? {
        Direction::Inbound => Speaker::Customer,
        Direction::Outbound => Speaker::Us,
    };
    Ok(Turn { speaker, text: row.get(1)? })
}

/// Automatic replies of the last ten minutes, day and minute. A count stops at its cap: more makes no
/// difference, and a raised cap must not make every decision read a day of messages.
fn written_lately(
    unit: &Unit<'_>,
    contact: ContactId,
    caps: Caps,
    now: Timestamp,
) -> Result<AutomaticCounts, StoreError> {
    let to_contact = |cap: u32, ago: SignedDuration| {
        let since = now.saturating_sub(ago).unwrap_or(Timestamp::MIN);
        if cap == 0 { Ok(0) } else { automatic_since(unit, contact, since, cap) }
    };
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

/// How many automatic messages were written to the contact after that moment, `at_most` of them.
fn automatic_since(
    unit: &Unit<'_>,
    contact: ContactId,
    since: Timestamp,
    at_most: u32,
) -> Result<u32, StoreError> {
    let count = unit
        .prepare(
            "SELECT count(*) FROM (SELECT 1 FROM message
               WHERE automatic = 1 AND contact = ?1 AND created_at > ?2 LIMIT ?3)",
        )?
        .query_row((contact.0, since.as_microsecond(), at_most), |row| row.get(0))?;
    Ok(count)
}

/// Counts automatic replies against the minute's cap.
pub(super) fn count(unit: &Unit<'_>, messages: usize, now: Timestamp) -> Result<(), StoreError> {
    let second = now.as_second();
    unit.run(
        "INSERT INTO automatic_second (second, written) VALUES (?1, ?2)
         ON CONFLICT (second) DO UPDATE SET written = written + excluded.written",
        (second, i64::try_from(messages).unwrap_or(i64::MAX)),
    )?;
    unit.run("DELETE FROM automatic_second WHERE second < ?1", [second - 120])?;
    Ok(())
}
