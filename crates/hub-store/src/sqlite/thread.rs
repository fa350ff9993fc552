//! SQL of threads.

use hub_domain::ids::UserId;
use rusqlite::{Connection, OptionalExtension, Row};

use super::{
    messages,
    rows::{self, MESSAGE_COLUMNS},
};
use crate::{
    error::StoreError,
    thread::{MessageDetails, ThreadEntry, ThreadQuery, ThreadSide},
};

/// After [`MESSAGE_COLUMNS`].
const MORE_COLUMNS: &str = "author, retry_of, (SELECT again.row FROM message again WHERE again.retry_of = message.row),
   reply_to, reply_decision, first_part, part, parts, segments, price, price_unit, redacted, recovered, content_sid";

/// Rows on one side of a row, from that row away.
pub(super) fn page_sql(side: ThreadSide) -> String {
    let (condition, order) = match side {
        ThreadSide::Newest | ThreadSide::Before(_) => ("row < ?2", "DESC"),
        ThreadSide::After(_) => ("row > ?2", "ASC"),
    };
    format!(
        "SELECT {MESSAGE_COLUMNS}, {MORE_COLUMNS} FROM message WHERE contact = ?1 AND {condition}
         ORDER BY row {order} LIMIT ?3"
    )
}

pub(crate) fn page(connection: &Connection, query: ThreadQuery) -> Result<Vec<ThreadEntry>, StoreError> {
    let edge = match query.side {
        ThreadSide::Newest => i64::MAX,
        ThreadSide::Before(row) | ThreadSide::After(row) => row,
    };
    let mut entries: Vec<ThreadEntry> = connection
        .prepare_cached(&page_sql(query.side))?
        .query_map((query.contact.0, edge, query.limit), entry)?
        .collect::<Result<_, _>>()?;
    if !matches!(query.side, ThreadSide::After(_)) {
        entries.reverse();
    }
    for entry in &mut entries {
        add_media(connection, entry)?;
    }
    Ok(entries)
}

pub(crate) fn details(connection: &Connection, row: i64) -> Result<Option<MessageDetails>, StoreError> {
    let found = connection
        .prepare_cached(&format!("SELECT {MESSAGE_COLUMNS}, {MORE_COLUMNS} FROM message WHERE row = ?1"))?
        .query_row([row], entry)
        .optional()?;
    let Some(mut entry) = found else { return Ok(None) };
    add_media(connection, &mut entry)?;
    Ok(Some(MessageDetails {
        entry,
        attempts: messages::attempts(connection, row)?,
        reports: messages::reports(connection, row)?,
    }))
}

fn add_media(connection: &Connection, entry: &mut ThreadEntry) -> Result<(), StoreError> {
    if entry.message.media_count > 0 {
        entry.media = messages::media(connection, entry.message.row)?;
    }
    Ok(())
}

fn entry(row: &Row<'_>) -> rusqlite::Result<ThreadEntry> {
    Ok(ThreadEntry {
        message: rows::message(row)?,
        author: rows::optional_uuid(row, 15)?.map(UserId),
        retry_of: row.get(16)?,
        retried_by: row.get(17)?,
        reply_to: row.get(18)?,
        decision: row.get(19)?,
        first_part: row.get(20)?,
        part: row.get(21)?,
        parts: row.get(22)?,
        segments: row.get(23)?,
        price: row.get(24)?,
        price_unit: row.get(25)?,
        redacted: row.get(26)?,
        recovered: row.get(27)?,
        content_sid: row.get(28)?,
        media: Vec::new(),
    })
}
