//! SQL that reads messages.

use hub_domain::{
    ids::{AttemptId, MessageId, MessageSid},
    message::{Media, Message},
};
use rusqlite::{Connection, OptionalExtension, params_from_iter};

use super::{
    rows::{self, MESSAGE_COLUMNS},
    unit::Unit,
};
use crate::{
    error::StoreError,
    messages::{AttemptRecord, MessageFilter, StatusReportRecord},
};

pub(crate) fn list(connection: &Connection, filter: MessageFilter) -> Result<Vec<Message>, StoreError> {
    let before = filter.before.unwrap_or(i64::MAX);
    let messages = match filter.direction {
        Some(direction) => connection
            .prepare_cached(&format!(
                "SELECT {MESSAGE_COLUMNS} FROM message WHERE direction = ?1 AND row < ?2
                 ORDER BY row DESC LIMIT ?3"
            ))?
            .query_map((direction.as_str(), before, filter.limit), rows::message)?
            .collect::<Result<_, _>>()?,
        None => connection
            .prepare_cached(&format!(
                "SELECT {MESSAGE_COLUMNS} FROM message WHERE row < ?1 ORDER BY row DESC LIMIT ?2"
            ))?
            .query_map((before, filter.limit), rows::message)?
            .collect::<Result<_, _>>()?,
    };
    Ok(messages)
}

pub(crate) fn by_row(connection: &Connection, row: i64) -> Result<Option<Message>, StoreError> {
    one(connection, "row = ?1", row.into())
}

pub(crate) fn by_id(connection: &Connection, id: MessageId) -> Result<Option<Message>, StoreError> {
    one(connection, "id = ?1", id.0.as_bytes().to_vec().into())
}

fn one(
    connection: &Connection,
    condition: &str,
    value: rusqlite::types::Value,
) -> Result<Option<Message>, StoreError> {
    let sql = format!("SELECT {MESSAGE_COLUMNS} FROM message WHERE {condition}");
    Ok(connection.prepare_cached(&sql)?.query_row(params_from_iter([value]), rows::message).optional()?)
}

pub(crate) fn media(connection: &Connection, row: i64) -> Result<Vec<Media>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT url, content_type FROM media WHERE message = ?1 ORDER BY position")?;
    let media =
        statement.query_map([row], |found| Ok(Media { url: found.get(0)?, content_type: found.get(1)? }))?;
    Ok(media.collect::<Result<_, _>>()?)
}

/// The addresses of what goes along with a message, in order.
pub(crate) fn media_urls(unit: &Unit<'_>, row: i64) -> Result<Vec<String>, StoreError> {
    let mut statement = unit.prepare("SELECT url FROM media WHERE message = ?1 ORDER BY position")?;
    let urls = statement.query_map([row], |found| found.get(0))?;
    Ok(urls.collect::<Result<_, _>>()?)
}

pub(crate) fn attempts(connection: &Connection, row: i64) -> Result<Vec<AttemptRecord>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, started_at, outcome, sid, http_status, code, detail FROM attempt
         WHERE message = ?1 ORDER BY started_at, id",
    )?;
    let attempts = statement.query_map([row], |found| {
        Ok(AttemptRecord {
            id: AttemptId(rows::uuid(found, 0)?),
            started_at: rows::time(found, 1)?,
            outcome: found.get(2)?,
            sid: rows::optional_word(found, 3, |text| MessageSid::parse(text).ok())?,
            http_status: found.get(4)?,
            code: found.get(5)?,
            detail: found.get(6)?,
        })
    })?;
    Ok(attempts.collect::<Result<_, _>>()?)
}

pub(crate) fn reports(connection: &Connection, row: i64) -> Result<Vec<StatusReportRecord>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT status, error_code, received_at FROM status_report WHERE message = ?1 ORDER BY id",
    )?;
    let reports = statement.query_map([row], |found| {
        Ok(StatusReportRecord {
            status: found.get(0)?,
            error_code: found.get(1)?,
            received_at: rows::time(found, 2)?,
        })
    })?;
    Ok(reports.collect::<Result<_, _>>()?)
}

pub(crate) fn reply_decision(connection: &Connection, row: i64) -> Result<Option<String>, StoreError> {
    let decision = connection
        .prepare_cached("SELECT reply_decision FROM message WHERE row = ?1")?
        .query_row([row], |found| found.get(0))
        .optional()?;
    Ok(decision.flatten())
}
