//! Messages with their conversations and contacts, oldest first.

use hub_domain::{
    address::AddressError,
    ids::MessageSid,
    message::{Direction, Origin},
    status::DeliveryStatus,
};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, Row, params};
use uuid::Builder;

use super::{
    consents,
    numbers::RowNumbers,
    times,
    values::{self, Party},
};
use crate::{
    error::StoreError,
    import::{ImportError, ImportNote, ImportPlan, ImportReport, ImportStep},
    sqlite::{conversations, past, polls, standing, tallies, unit::Unit},
};

/// In the order of the list and the thread: ours is by row number.
const READ: &str =
    "SELECT id, sid, direction, to_number, from_number, body, status, error, created_at, updated_at, NULL
     FROM messages ORDER BY created_at, id";

/// The same where some have no readable time, see [`times`].
const READ_WITH_STAND_INS: &str =
    "SELECT id, sid, direction, to_number, from_number, body, status, error, created_at, updated_at, stand_in.at
     FROM messages LEFT JOIN temp.stand_in ON stand_in.message = messages.id
     ORDER BY coalesce(stand_in.at, created_at), id";

/// Twilio is asked about the end of what was sent since.
const ASKED_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A message that is here (by SID, or by the identifier made of its contents) stays as it is.
const WRITE: &str = "INSERT INTO message (row, id, sid, direction, conversation, contact, from_address, to_address, service, body,
       status, error_code, error_status, error_text, origin, automatic, reply_decision, created_at, updated_at,
       poll_at, polls)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)
     ON CONFLICT DO NOTHING";

/// Imported messages are settled: no job is ever made for one.
const DECIDED: &str = "imported";

/// Messages between two calls of the watch.
const STRIDE: u64 = 1000;

/// Brings all messages and then the sums that lists and counts are served from.
pub(super) fn bring(
    unit: &Unit<'_>,
    original: &Connection,
    plan: ImportPlan<'_>,
    report: &mut ImportReport,
) -> Result<(), ImportError> {
    let stored = values::count(original, "SELECT count(*) FROM messages", ())?;
    let mut numbers = RowNumbers::beside(unit)?;
    let mut read = original.prepare(if times::stand_in(original)? { READ_WITH_STAND_INS } else { READ })?;
    let mut rows = read.query(())?;
    let mut without_time = Vec::new();
    while let Some(row) = rows.next()? {
        match Brought::read(row, report)? {
            Some(message) => {
                let number = numbers.next(unit, message.created_at)?;
                let new = message.write(unit, number, plan.now)?;
                if new && message.is_old_and_open(plan.now) {
                    report.note(ImportNote::OldOpenStatus);
                }
                if !message.has_time {
                    without_time.extend(message.row(unit)?);
                }
                message.heed(unit)?;
                report.messages.count(new);
            }
            None => report.messages.leave_out(),
        }
        if report.messages.found.is_multiple_of(STRIDE) {
            plan.reach(ImportStep::Messages(report.messages.found))?;
        }
    }
    if report.messages.found != stored {
        return Err(ImportError::Incomplete { read: report.messages.found, stored });
    }
    sum_up(unit, &without_time)?;
    Ok(())
}

/// A message on its way from one schema into the other.
struct Brought {
    id: [u8; 16],
    sid: Option<MessageSid>,
    direction: Direction,
    from: Party,
    to: Party,
    body: String,
    status: &'static str,
    error: Option<Trouble>,
    origin: Option<Origin>,
    created_at: Timestamp,
    /// `false`: `created_at` is a neighbour's.
    has_time: bool,
    updated_at: Timestamp,
    /// Twilio took it, and the original never learned what became of it.
    is_open: bool,
}

/// What the original knew of a failure.
struct Trouble {
    text: String,
    code: Option<u32>,
}

impl Brought {
    /// `None` for a row that goes neither in nor out.
    fn read(row: &Row<'_>, report: &mut ImportReport) -> Result<Option<Self>, ImportError> {
        let Some(direction) = direction(&values::text(row, 2)?.unwrap_or_default()) else {
            report.note(ImportNote::OddDirection);
            return Ok(None);
        };
        let sid = values::word(row, 1)?;
        let sid = sid.and_then(|sid| {
            let read = MessageSid::parse(&sid).ok();
            if read.is_none() {
                report.note(ImportNote::OddSid);
            }
            read
        });
        let (to, from) = (party(row, 3)?, party(row, 4)?);
        if !(to.readable && from.readable) {
            report.note(ImportNote::OddAddress);
        }
        let told = values::moment(row, 8)?;
        if told.is_none() {
            report.note(ImportNote::OddTime);
        }
        let created_at = told.or(values::moment(row, 10)?).unwrap_or_default();
        let mut is_open = false;
        let error = values::word(row, 7)?.map(|text| Trouble { code: consents::error_code(&text), text });
        let (status, origin) = match direction {
            Direction::Inbound => ("received", None),
            Direction::Outbound => {
                let word = values::text(row, 6)?.unwrap_or_default().trim().to_ascii_lowercase();
                let status = delivery(&word).unwrap_or_else(|| {
                    report.note(ImportNote::OddStatus);
                    if error.is_some() { DeliveryStatus::Failed } else { DeliveryStatus::Sent }
                });
                is_open = sid.is_some() && !status.is_final();
                (status.as_str(), Some(origin(&word)))
            }
        };
        Ok(Some(Self {
            id: identifier(row, sid.as_ref(), told.unwrap_or_default())?,
            sid,
            direction,
            from,
            to,
            body: values::text(row, 5)?.unwrap_or_default().into_owned(),
            status,
            error,
            origin,
            created_at,
            has_time: told.is_some(),
            updated_at: values::moment(row, 9)?.unwrap_or(created_at),
            is_open,
        }))
    }

    /// We and they.
    fn parties(&self) -> (&Party, &Party) {
        match self.direction {
            Direction::Inbound => (&self.to, &self.from),
            Direction::Outbound => (&self.from, &self.to),
        }
    }

    /// What it says of their consent counts, also when it was here before: an earlier import may not have looked.
    fn heed(&self, unit: &Unit<'_>) -> Result<(), StoreError> {
        let (_, theirs) = self.parties();
        if !theirs.readable {
            return Ok(());
        }
        let row = || self.row(unit);
        match (self.direction, &self.error) {
            (Direction::Inbound, _) => {
                consents::wrote(unit, &theirs.address, &self.body, row, self.created_at)
            }
            (Direction::Outbound, Some(error)) => {
                consents::failed(unit, &theirs.address, &error.text, row, self.created_at)
            }
            (Direction::Outbound, None) => Ok(()),
        }
    }

    /// Its row here.
    fn row(&self, unit: &Unit<'_>) -> Result<Option<i64>, StoreError> {
        let sid = self.sid.as_ref().map(MessageSid::as_str);
        unit.value("SELECT row FROM message WHERE id = ?1 OR sid = ?2", (self.id, sid))
    }

    /// Too old for Twilio to be asked about.
    fn is_old_and_open(&self, now: Timestamp) -> bool {
        self.is_open && now.duration_since(self.created_at) > ASKED_FOR
    }

    /// `false`: it was here before.
    fn write(&self, unit: &Unit<'_>, number: Option<i64>, now: Timestamp) -> Result<bool, StoreError> {
        let (ours, theirs) = self.parties();
        let (ours, theirs) = (&ours.address, &theirs.address);
        let place = conversations::place(unit, ours.as_str(), theirs, self.created_at)?;
        let service = Some(ours.as_str())
            .filter(|ours| self.direction == Direction::Outbound && is_messaging_service(ours));
        let from = if service.is_some() { "" } else { self.from.address.as_str() };
        let asked_at = (self.is_open && !self.is_old_and_open(now)).then_some(now.as_microsecond());
        let code = self.error.as_ref().and_then(|error| error.code);
        let written = unit.run(
            WRITE,
            params![
                number,
                self.id,
                self.sid.as_ref().map(MessageSid::as_str),
                self.direction.as_str(),
                place.conversation.0,
                place.contact.0,
                from,
                self.to.address.as_str(),
                service,
                self.body,
                self.status,
                code,
                code.map(|_| self.status),
                self.error.as_ref().map(|error| &error.text),
                self.origin.map(Origin::as_str),
                self.origin.is_some_and(Origin::is_automatic_reply),
                (self.direction == Direction::Inbound).then_some(DECIDED),
                self.created_at.as_microsecond(),
                self.updated_at.as_microsecond(),
                asked_at,
                asked_at.map_or(0, |_| polls::LAST),
            ],
        )?;
        if let Some(row) = number.filter(|_| written > 0) {
            past::put(unit, row)?;
        }
        Ok(written > 0)
    }
}

fn party(row: &Row<'_>, column: usize) -> Result<Party, ImportError> {
    let odd = |error: AddressError| StoreError::fault("reading an address", error);
    Ok(values::party(values::text(row, column)?.as_deref()).map_err(odd)?)
}

/// `outbound-api` and the like are Twilio's own words.
fn direction(word: &str) -> Option<Direction> {
    let word = word.trim();
    Direction::parse(word).or_else(|| word.starts_with("outbound-").then_some(Direction::Outbound))
}

/// The original wrote its own words once Twilio had taken the message; there they stayed.
fn delivery(word: &str) -> Option<DeliveryStatus> {
    match word {
        "auto-reply" | "ai-auto-reply" | "news-reply" | "news-disabled" => Some(DeliveryStatus::Sent),
        twilios => DeliveryStatus::parse(twilios),
    }
}

/// The original doesn't say who wrote a message, unless by its own status words.
fn origin(word: &str) -> Origin {
    match word {
        "auto-reply" => Origin::Template,
        "ai-auto-reply" | "news-reply" | "news-disabled" => Origin::Bot,
        _ => Origin::Api,
    }
}

fn is_messaging_service(address: &str) -> bool {
    address.len() == 34 && address.starts_with("MG") && address.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// The same for the same message in every import: a `UUIDv7` of its time and, in place of randomness, its
/// SID or, without one, everything about it.
fn identifier(row: &Row<'_>, sid: Option<&MessageSid>, created_at: Timestamp) -> rusqlite::Result<[u8; 16]> {
    let print = if let Some(sid) = sid {
        values::fingerprint([b"sid".as_slice(), sid.as_str().as_bytes()])
    } else {
        let mut parts = Vec::with_capacity(6);
        for column in [0, 2, 3, 4, 5, 8] {
            parts.push(values::text(row, column)?.unwrap_or_default());
        }
        values::fingerprint(parts.iter().map(|part| part.as_bytes()))
    };
    let mut random = [0; 10];
    random.iter_mut().zip(print).for_each(|(to, from)| *to = from);
    let millis = u64::try_from(created_at.as_millisecond()).unwrap_or(0);
    Ok(Builder::from_unix_timestamp_millis(millis, &random).into_uuid().into_bytes())
}

/// Keeps what is served without counting: activity of contacts, counts, WhatsApp's 24-hour window, which no text opens
/// whose time nobody knows.
fn sum_up(unit: &Unit<'_>, without_time: &[i64]) -> Result<(), StoreError> {
    let without_time =
        serde_json::to_string(without_time).map_err(|error| StoreError::fault("listing rows", error))?;
    for sql in standing::RECOUNT.into_iter().chain(tallies::RECOUNT) {
        unit.run(sql, ())?;
    }
    unit.run(
        "UPDATE conversation SET last_inbound_at = max(coalesce(last_inbound_at, 0), latest.at)
         FROM (SELECT conversation AS id, max(created_at) AS at FROM message
               WHERE direction = 'inbound' AND reply_decision = ?1
                 AND row NOT IN (SELECT value FROM json_each(?2)) GROUP BY conversation) AS latest
         WHERE latest.id = conversation.id",
        (DECIDED, without_time),
    )?;
    Ok(())
}

#[cfg(test)]
mod tests;
