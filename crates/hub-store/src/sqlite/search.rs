//! SQL of search, and of the index that is filled beside the webhooks.
//!
//! `progress` says up to which row messages are indexed; what was put below that row since, and what got its text later
//! (a template filled in by Twilio), is in `unindexed`. A text that is blanked or deleted leaves the index in the same
//! transaction.

use hub_domain::{ids::ContactId, message::Message, text};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Params};

use super::{lines, messages as stored, unit::Unit};
use crate::{
    error::StoreError,
    lines::InboxLine,
    search::{PeopleQuery, Unindexed},
};

/// The name of the mark in `progress`.
const MARK: &str = "search";
/// Messages indexed in one transaction: other units wait meanwhile.
const BATCH: u32 = 100;
const READ_MARK: &str = "SELECT value FROM progress WHERE name = ?1";

pub(crate) fn pending(connection: &Connection) -> Result<Unindexed, StoreError> {
    let mark: Option<String> =
        connection.prepare_cached(READ_MARK)?.query_row([MARK], |row| row.get(0)).optional()?;
    let after = parse(mark)?;
    let words = words(connection, AFTER_MARK, (after, BATCH))?;
    if words.is_empty() {
        return Ok(Unindexed { after: None, words: self::words(connection, LISTED, [BATCH])? });
    }
    Ok(Unindexed { after: Some(after), words })
}

const AFTER_MARK: &str = "SELECT row, contact, body FROM message WHERE row > ?1 ORDER BY row LIMIT ?2";
const LISTED: &str = "SELECT m.row, m.contact, m.body FROM unindexed u JOIN message m ON m.row = u.message
   ORDER BY u.message LIMIT ?1";

fn words(
    connection: &Connection,
    sql: &str,
    params: impl Params,
) -> Result<Vec<(i64, Option<String>)>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let words = statement.query_map(params, |row| {
        Ok((row.get(0)?, indexed(ContactId(row.get(1)?), row.get_ref(2)?.as_str()?)))
    })?;
    Ok(words.collect::<Result<_, _>>()?)
}

/// Adds what was read, unless somebody else has done so meanwhile.
pub(crate) fn add(unit: &mut Unit<'_>, batch: &Unindexed, now: Timestamp) -> Result<(), StoreError> {
    let Some(after) = batch.after else { return add_listed(unit, batch) };
    if mark(unit)? != after {
        return Ok(());
    }
    for (row, words) in &batch.words {
        add_one(unit, *row, words.as_deref())?;
    }
    let last = batch.words.last().map_or(after, |(row, _)| *row);
    unit.run(
        "INSERT INTO progress (name, value, updated_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at",
        (MARK, last.to_string(), now.as_microsecond()),
    )?;
    Ok(())
}

fn add_listed(unit: &Unit<'_>, batch: &Unindexed) -> Result<(), StoreError> {
    for (row, words) in &batch.words {
        if unit.run("DELETE FROM unindexed WHERE message = ?1", [row])? > 0 {
            add_one(unit, *row, words.as_deref())?;
        }
    }
    Ok(())
}

/// Not a text that was blanked, or a message that was deleted, since it was read.
fn add_one(unit: &Unit<'_>, row: i64, words: Option<&str>) -> Result<(), StoreError> {
    if let Some(words) = words {
        unit.run(
            "INSERT INTO message_text (rowid, words) SELECT row, ?2 FROM message WHERE row = ?1 AND redacted = 0
               AND NOT EXISTS (SELECT 1 FROM message_text WHERE rowid = ?1)",
            (row, words),
        )?;
    }
    Ok(())
}

/// A message got its text after it may have been indexed, or read for that, without.
pub(crate) fn text_came_later(unit: &Unit<'_>, row: i64) -> Result<(), StoreError> {
    unit.run("INSERT INTO unindexed (message) VALUES (?1) ON CONFLICT DO NOTHING", [row])?;
    Ok(())
}

/// A text is not to be found any more.
pub(crate) fn forget(unit: &Unit<'_>, row: i64) -> Result<(), StoreError> {
    unit.run("DELETE FROM message_text WHERE rowid = ?1", [row])?;
    Ok(())
}

fn mark(unit: &Unit<'_>) -> Result<i64, StoreError> {
    parse(unit.value(READ_MARK, [MARK])?)
}

fn parse(mark: Option<String>) -> Result<i64, StoreError> {
    mark.map_or(Ok(0), |mark| mark.parse().map_err(|_| StoreError::Corrupt("progress: search")))
}

pub(crate) fn people(
    connection: &Connection,
    query: &PeopleQuery,
    limit: u32,
    now: Timestamp,
) -> Result<Vec<InboxLine>, StoreError> {
    let mut found: Vec<ContactId> = Vec::new();
    for key in &query.keys {
        found.extend(beginning(
            connection,
            "SELECT id FROM contact WHERE person >= ?1 AND person < ?2 LIMIT ?3",
            key,
            limit,
        )?);
    }
    if let Some((first, rest)) = query.words.split_first() {
        let named = beginning(
            connection,
            "SELECT contact FROM contact_word WHERE word >= ?1 AND word < ?2 LIMIT ?3",
            first,
            limit.saturating_mul(10),
        )?;
        for contact in named {
            if has_words(connection, contact, rest)? {
                found.push(contact);
            }
        }
    }
    let mut distinct = Vec::new();
    for contact in found {
        if !distinct.contains(&contact) {
            distinct.push(contact);
        }
    }
    distinct.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let lines = distinct.into_iter().map(|contact| lines::one(connection, contact, now));
    Ok(lines.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// Contacts by the beginning of a word.
fn beginning(
    connection: &Connection,
    sql: &str,
    word: &str,
    limit: u32,
) -> Result<Vec<ContactId>, StoreError> {
    if word.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare_cached(sql)?;
    let found =
        statement.query_map((word, format!("{word}\u{10ffff}"), limit), |row| Ok(ContactId(row.get(0)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

fn has_words(connection: &Connection, contact: ContactId, words: &[String]) -> Result<bool, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT 1 FROM contact_word WHERE contact = ?1 AND word >= ?2 AND word < ?3")?;
    for word in words {
        if !statement.exists((contact.0, word, format!("{word}\u{10ffff}")))? {
            return Ok(false);
        }
    }
    Ok(true)
}

pub(super) const FIND: &str = "SELECT rowid FROM message_text WHERE message_text MATCH ?1 AND rowid < ?2
   ORDER BY rowid DESC LIMIT ?3";

pub(crate) fn messages(
    connection: &Connection,
    asked: &str,
    contact: Option<ContactId>,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<Message>, StoreError> {
    let Some(question) = question(asked, contact) else { return Ok(Vec::new()) };
    let rows: Vec<i64> = connection
        .prepare_cached(FIND)?
        .query_map((question, before.unwrap_or(i64::MAX), limit), |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let found = rows.into_iter().map(|row| stored::by_row(connection, row));
    Ok(found.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// What FTS5 is asked: the stem of each word, and for the last one also what begins like it.
fn question(asked: &str, contact: Option<ContactId>) -> Option<String> {
    let mut words = Vec::new();
    text::words(asked, &mut |word| words.push(word.to_owned()));
    let last = words.pop()?;
    let mut terms: Vec<String> = contact.into_iter().map(|contact| format!("\"{}\"", tag(contact))).collect();
    terms.extend(words.iter().map(|word| format!("\"{}\"", text::stem(word))));
    terms.push(format!("(\"{}\" OR \"{last}\"*)", text::stem(&last)));
    Some(terms.join(" AND "))
}

/// A word that no text has: whose message it is. A question about one thread is as quick as any other.
fn tag(contact: ContactId) -> String {
    format!("\u{a7}{}", contact.0)
}

/// What the index keeps of a text; `None`: it has no words.
fn indexed(contact: ContactId, body: &str) -> Option<String> {
    let words = text::normalise(body);
    (!words.is_empty()).then(|| format!("{} {words}", tag(contact)))
}
