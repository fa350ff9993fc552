//! SQL that lists messages and conversations.

use hub_domain::{
    ids::{ContactId, MessageSid},
    message::{Direction, Message},
    status::{DeliveryStatus, MessageStatus},
};
use rusqlite::{Connection, OptionalExtension, named_params};

use super::{
    messages,
    rows::{self, MESSAGE_COLUMNS},
    tallies,
};
use crate::{
    error::StoreError,
    history::{ConversationSummary, HistoryQuery, Person, Statistics},
};

pub(crate) fn list(connection: &Connection, query: HistoryQuery) -> Result<Vec<Message>, StoreError> {
    // What came in is "received" and only that, and most of what went out is "delivered": the direction
    // finds these.
    let direction = query.direction.or(match query.status {
        Some(MessageStatus::Received) => Some(Direction::Inbound),
        Some(MessageStatus::Reported(DeliveryStatus::Delivered)) => Some(Direction::Outbound),
        Some(_) | None => None,
    });
    let sql = list_sql(HistoryQuery { direction, ..query });
    let messages = connection
        .prepare_cached(&sql)?
        .query_map(
            named_params! {
                ":before": query.before.unwrap_or(i64::MAX),
                ":contact": query.contact.map(|contact| contact.0),
                ":direction": direction.map(Direction::as_str),
                ":status": query.status.map(MessageStatus::as_str),
                ":limit": query.limit,
            },
            rows::message,
        )?
        .collect::<Result<_, _>>()?;
    Ok(messages)
}

/// The statement with just the conditions asked for. A plus before a column keeps SQLite from the index on
/// it, where another one is sure to be better: that of a person, else that of a state.
pub(super) fn list_sql(query: HistoryQuery) -> String {
    let by_person = query.contact.is_some();
    let by_state = !by_person && query.status.is_some_and(has_index);
    let person = if by_person { "contact = :contact" } else { ":contact IS NULL" };
    let direction = match query.direction {
        Some(_) if by_person || by_state => "+direction = :direction",
        Some(_) => "direction = :direction",
        None => ":direction IS NULL",
    };
    let status = match query.status {
        // The second condition is that of the index.
        Some(_) if by_state => "status = :status AND status NOT IN ('received', 'delivered')",
        Some(_) => "+status = :status",
        None => ":status IS NULL",
    };
    format!(
        "SELECT {MESSAGE_COLUMNS} FROM message WHERE row < :before AND {person} AND {direction} AND {status}
         ORDER BY row DESC LIMIT :limit"
    )
}

/// Whether the messages in that state are few enough to have an index.
fn has_index(status: MessageStatus) -> bool {
    !matches!(status, MessageStatus::Received | MessageStatus::Reported(DeliveryStatus::Delivered))
}

pub(crate) fn by_rows(connection: &Connection, rows: &[i64]) -> Result<Vec<Message>, StoreError> {
    let mut messages = Vec::new();
    for row in rows {
        messages.extend(messages::by_row(connection, *row)?);
    }
    Ok(messages)
}

/// The second condition is that of the index.
pub(super) const HELD: &str =
    "SELECT count(*) FROM message WHERE status = 'held' AND status NOT IN ('received', 'delivered')";

pub(crate) fn statistics(connection: &Connection) -> Result<Statistics, StoreError> {
    let latest = HistoryQuery { contact: None, direction: None, status: None, before: None, limit: 1 };
    Ok(Statistics {
        inbound: tallies::read(connection, tallies::INBOUND)?,
        outbound: tallies::read(connection, tallies::OUTBOUND)?,
        waiting: tallies::read(connection, tallies::WAITING)?,
        failed: tallies::read(connection, tallies::FAILED)?,
        held: connection.prepare_cached(HELD)?.query_row((), |row| row.get(0))?,
        latest: list(connection, latest)?.pop(),
    })
}

pub(crate) fn person(connection: &Connection, keys: &[String]) -> Result<Option<Person>, StoreError> {
    for key in keys {
        let found = connection
            .prepare_cached("SELECT id FROM contact WHERE person = ?1")?
            .query_row([key], |row| row.get(0))
            .optional()?;
        if let Some(id) = found {
            return Ok(Some(Person { contact: ContactId(id), key: key.clone() }));
        }
    }
    Ok(None)
}

pub(crate) fn conversations(
    connection: &Connection,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<ConversationSummary>, StoreError> {
    let lines: Vec<(Person, u32, i64)> = connection
        .prepare_cached(
            "SELECT id, person, message_count, last_message FROM contact
             WHERE last_message IS NOT NULL AND last_message < ?1 ORDER BY last_message DESC LIMIT ?2",
        )?
        .query_map((before.unwrap_or(i64::MAX), limit), |row| {
            let person = Person { contact: ContactId(row.get(0)?), key: row.get(1)? };
            Ok((person, row.get(2)?, row.get(3)?))
        })?
        .collect::<Result<_, _>>()?;
    let mut summaries = Vec::new();
    for (person, message_count, last) in lines {
        let last = messages::by_row(connection, last)?.ok_or(StoreError::Corrupt("contact: last message"))?;
        summaries.push(ConversationSummary { person, message_count, last });
    }
    Ok(summaries)
}

pub(crate) fn thread_sids(
    connection: &Connection,
    contact: ContactId,
) -> Result<Vec<(i64, Option<MessageSid>)>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT row, sid FROM message WHERE contact = ?1 ORDER BY row")?;
    let found = statement.query_map([contact.0], |row| {
        Ok((row.get(0)?, rows::optional_word(row, 1, |text| MessageSid::parse(text).ok())?))
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

pub(crate) fn by_sid(connection: &Connection, sid: &MessageSid) -> Result<Option<Message>, StoreError> {
    let sql = format!("SELECT {MESSAGE_COLUMNS} FROM message WHERE sid = ?1");
    Ok(connection.prepare_cached(&sql)?.query_row([sid.as_str()], rows::message).optional()?)
}
