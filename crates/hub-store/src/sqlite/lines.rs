//! SQL of the inbox's lines. Each view is an index of its own, in the order it is shown in.

use hub_domain::{
    attention::{Asking, Attention},
    ids::ContactId,
    message::ConversationMode,
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};

use super::{messages, rows};
use crate::{
    error::StoreError,
    history::Person,
    lines::{InboxCounts, InboxLine, InboxQuery, View},
};

/// The column a view is ordered by, and who is in it.
const fn of(view: View) -> (&'static str, &'static str) {
    match view {
        View::All => ("last_message", "last_message IS NOT NULL"),
        View::Unread => ("last_inbound", "unread > 0"),
        View::NeedsHuman => ("attention_message", "attention_message IS NOT NULL"),
        View::Failed => ("last_failed", "last_failed IS NOT NULL"),
        View::OptedOut => ("last_message", "opted_out = 1 AND last_message IS NOT NULL"),
    }
}

const COLUMNS: &str = "c.id, c.person, c.name, c.mode, c.mode_until, c.unread, c.first_unread, c.attention,
   c.attention_message, c.last_failed, c.opted_out, d.body, c.message_count, c.last_message";

pub(super) fn list_sql(view: View) -> String {
    let (order, condition) = of(view);
    format!(
        "SELECT {COLUMNS}, c.{order} FROM contact c LEFT JOIN draft d ON d.contact = c.id
         WHERE {condition} AND c.{order} < ?1 ORDER BY c.{order} DESC LIMIT ?2"
    )
}

pub(crate) fn list(connection: &Connection, query: InboxQuery) -> Result<Vec<InboxLine>, StoreError> {
    let found: Vec<(InboxLine, Option<i64>)> = connection
        .prepare_cached(&list_sql(query.view))?
        .query_map((query.before.unwrap_or(i64::MAX), query.limit), |row| line(row, query.now))?
        .collect::<Result<_, _>>()?;
    found.into_iter().map(|found| with_last(connection, found)).collect()
}

pub(crate) fn one(
    connection: &Connection,
    contact: ContactId,
    now: Timestamp,
) -> Result<Option<InboxLine>, StoreError> {
    let found = connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS}, coalesce(c.last_message, 0) FROM contact c LEFT JOIN draft d ON d.contact = c.id
             WHERE c.id = ?1"
        ))?
        .query_row([contact.0], |row| line(row, now))
        .optional()?;
    found.map(|found| with_last(connection, found)).transpose()
}

/// A line and the row of its newest message.
fn line(row: &Row<'_>, now: Timestamp) -> rusqlite::Result<(InboxLine, Option<i64>)> {
    let until = rows::optional_time(row, 4)?;
    let mode = rows::word(row, 3, ConversationMode::parse)?.in_force(until, now);
    let why = rows::optional_word(row, 7, Attention::parse)?;
    let line = InboxLine {
        cursor: row.get(14)?,
        person: Person { contact: ContactId(row.get(0)?), key: row.get(1)? },
        name: row.get(2)?,
        mode,
        mode_until: until.filter(|_| mode != ConversationMode::Auto),
        unread: row.get(5)?,
        first_unread: row.get(6)?,
        attention: why.zip(row.get(8)?).map(|(why, message)| Asking { why, message }),
        failed: row.get(9)?,
        opted_out: row.get(10)?,
        draft: row.get(11)?,
        message_count: row.get(12)?,
        last: None,
    };
    Ok((line, row.get(13)?))
}

fn with_last(
    connection: &Connection,
    (line, last): (InboxLine, Option<i64>),
) -> Result<InboxLine, StoreError> {
    let last = last.map(|row| messages::by_row(connection, row)).transpose()?.flatten();
    Ok(InboxLine { last, ..line })
}

pub(super) fn count_sql(view: View) -> String {
    let (_, condition) = of(view);
    format!("SELECT count(*) FROM (SELECT 1 FROM contact WHERE {condition} LIMIT {})", InboxCounts::MOST)
}

pub(crate) fn counts(connection: &Connection) -> Result<InboxCounts, StoreError> {
    let count = |view| -> Result<u32, StoreError> {
        Ok(connection.prepare_cached(&count_sql(view))?.query_row((), |row| row.get(0))?)
    };
    Ok(InboxCounts {
        unread: count(View::Unread)?,
        needs_human: count(View::NeedsHuman)?,
        failed: count(View::Failed)?,
        opted_out: count(View::OptedOut)?,
    })
}
