//! Reading and writing domain values in columns.

use hub_domain::{
    ids::{AttemptId, ContactId, MessageId, MessageSid},
    message::{Direction, Message, Origin},
    status::MessageStatus,
};
use jiff::Timestamp;
use rusqlite::{
    Row,
    types::{Type, ValueRef},
};
use uuid::Uuid;

/// Columns of [`message`], in its order.
pub(crate) const MESSAGE_COLUMNS: &str = "row, id, sid, direction, contact, from_address, to_address, body, media_count, status, error_code, \
     error_text, origin, created_at, updated_at";

/// Reads a row selected with [`MESSAGE_COLUMNS`].
pub(crate) fn message(row: &Row<'_>) -> rusqlite::Result<Message> {
    Ok(Message {
        row: row.get(0)?,
        id: MessageId(uuid(row, 1)?),
        sid: optional_sid(row, 2)?,
        direction: word(row, 3, Direction::parse)?,
        contact: ContactId(row.get(4)?),
        from: row.get(5)?,
        to: row.get(6)?,
        body: row.get(7)?,
        media_count: row.get(8)?,
        status: word(row, 9, MessageStatus::parse)?,
        error_code: row.get(10)?,
        error_text: row.get(11)?,
        origin: optional_word(row, 12, Origin::parse)?,
        created_at: time(row, 13)?,
        updated_at: time(row, 14)?,
    })
}

/// A UUID kept as 16 bytes.
pub(crate) fn uuid(row: &Row<'_>, column: usize) -> rusqlite::Result<Uuid> {
    let bytes = row.get_ref(column)?.as_blob()?;
    Uuid::from_slice(bytes)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(column, Type::Blob, Box::new(error)))
}

/// An attempt's identifier that may be absent.
pub(crate) fn optional_attempt(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<AttemptId>> {
    Ok(optional_uuid(row, column)?.map(AttemptId))
}

/// A UUID that may be absent.
pub(crate) fn optional_uuid(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Uuid>> {
    if is_null(row, column)? { Ok(None) } else { uuid(row, column).map(Some) }
}

/// A moment kept as microseconds.
pub(crate) fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    let micros: i64 = row.get(column)?;
    Timestamp::from_microsecond(micros)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(column, Type::Integer, Box::new(error)))
}

/// A moment that may be absent.
pub(crate) fn optional_time(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    if is_null(row, column)? { Ok(None) } else { time(row, column).map(Some) }
}

/// An enum kept as its word.
pub(crate) fn word<T>(
    row: &Row<'_>,
    column: usize,
    parse: impl FnOnce(&str) -> Option<T>,
) -> rusqlite::Result<T> {
    let text = row.get_ref(column)?.as_str()?;
    parse(text).ok_or_else(|| {
        let error = format!("unknown word {text:?}");
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, error.into())
    })
}

/// An enum that may be absent.
pub(crate) fn optional_word<T>(
    row: &Row<'_>,
    column: usize,
    parse: impl FnOnce(&str) -> Option<T>,
) -> rusqlite::Result<Option<T>> {
    if is_null(row, column)? { Ok(None) } else { word(row, column, parse).map(Some) }
}

fn optional_sid(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<MessageSid>> {
    optional_word(row, column, |text| MessageSid::parse(text).ok())
}

fn is_null(row: &Row<'_>, column: usize) -> rusqlite::Result<bool> {
    Ok(matches!(row.get_ref(column)?, ValueRef::Null))
}
