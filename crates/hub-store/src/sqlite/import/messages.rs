//! Messages with their conversations and contacts, oldest first.

use hub_domain::{
    address::AddressError,
    ids::MessageSid,
    message::{Direction, Origin},
    status::DeliveryStatus,
};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use uuid::Builder;

use super::{
    consents,
    numbers::RowNumbers,
    values::{self, Party},
};
use crate::{
    error::StoreError,
    import::{ImportError, ImportNote, ImportPlan, ImportReport, ImportStep},
    sqlite::{conversations, past, standing, tallies, unit::Unit},
};

/// In the order of the list and the thread: ours is by row number.
const READ: &str =
    "SELECT id, sid, direction, to_number, from_number, body, status, error, created_at, updated_at
     FROM messages ORDER BY created_at, id";

/// A message that is here (by SID, or by the identifier made of its contents) stays as it is.
const WRITE: &str = "INSERT INTO message (row, id, sid, direction, conversation, contact, from_address, to_address, service, body,
       status, error_code, error_status, error_text, origin, automatic, reply_decision, created_at, updated_at)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
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
    let mut read = original.prepare(READ)?;
    let mut rows = read.query(())?;
    let mut latest = None;
    while let Some(row) = rows.next()? {
        match Brought::read(row, latest.unwrap_or(plan.now), report)? {
            Some(message) => {
                latest = Some(message.created_at);
                let number = numbers.next(unit, message.created_at)?;
                let new = message.write(unit, number)?;
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
    sum_up(unit)?;
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
    updated_at: Timestamp,
}

/// What the original knew of a failure.
struct Trouble {
    text: String,
    code: Option<u32>,
}

impl Brought {
    /// `None` for a row that goes neither in nor out.
    fn read(
        row: &Row<'_>,
        latest: Timestamp,
        report: &mut ImportReport,
    ) -> Result<Option<Self>, ImportError> {
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
        let created_at = told.unwrap_or_else(|| {
            report.note(ImportNote::OddTime);
            latest
        });
        let error = values::word(row, 7)?.map(|text| Trouble { code: consents::error_code(&text), text });
        let (status, origin) = match direction {
            Direction::Inbound => ("received", None),
            Direction::Outbound => {
                let word = values::text(row, 6)?.unwrap_or_default().trim().to_ascii_lowercase();
                let status = delivery(&word).unwrap_or_else(|| {
                    report.note(ImportNote::OddStatus);
                    if error.is_some() { DeliveryStatus::Failed } else { DeliveryStatus::Sent }
                });
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
            updated_at: values::moment(row, 9)?.unwrap_or(created_at),
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
        let row = || {
            let sid = self.sid.as_ref().map(MessageSid::as_str);
            unit.value("SELECT row FROM message WHERE id = ?1 OR sid = ?2", (self.id, sid))
        };
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

    /// `false`: it was here before.
    fn write(&self, unit: &Unit<'_>, number: Option<i64>) -> Result<bool, StoreError> {
        let (ours, theirs) = self.parties();
        let (ours, theirs) = (&ours.address, &theirs.address);
        let place = conversations::place(unit, ours.as_str(), theirs, self.created_at)?;
        let service = Some(ours.as_str())
            .filter(|ours| self.direction == Direction::Outbound && is_messaging_service(ours));
        let from = if service.is_some() { "" } else { self.from.address.as_str() };
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

/// Keeps what is served without counting: activity of contacts, counts, WhatsApp's 24-hour window.
fn sum_up(unit: &Unit<'_>) -> Result<(), StoreError> {
    for sql in standing::RECOUNT.into_iter().chain(tallies::RECOUNT) {
        unit.run(sql, ())?;
    }
    unit.run(
        "UPDATE conversation SET last_inbound_at = max(coalesce(last_inbound_at, 0), latest.at)
         FROM (SELECT conversation AS id, max(created_at) AS at FROM message
               WHERE direction = 'inbound' AND reply_decision = ?1 GROUP BY conversation) AS latest
         WHERE latest.id = conversation.id",
        [DECIDED],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests;
