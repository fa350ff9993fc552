//! SQL by which a person keeps the inbox.

use hub_domain::{
    ids::{ContactId, UserId},
    message::ConversationMode,
    text,
};
use jiff::Timestamp;
use rusqlite::OptionalExtension;

use super::{consent, rows, standing, unit::Unit};
use crate::{error::StoreError, events::EventKind, people::ConsentByHand};

/// Who named somebody when no user is known: a caller of the API.
const SOMEBODY: &str = "api";
/// Where a consent recorded by hand comes from.
const BY_HAND: &str = "panel";

pub(crate) fn mark_read(
    unit: &mut Unit<'_>,
    contact: ContactId,
    up_to: i64,
    now: Timestamp,
) -> Result<(), StoreError> {
    let first_unread = line(unit, contact)?;
    if first_unread.is_none_or(|first| first > up_to) {
        return Ok(());
    }
    count_unread(unit, contact, up_to.saturating_add(1), None)?;
    unit.event(EventKind::Read, contact, 0, now)
}

pub(crate) fn mark_unread(
    unit: &mut Unit<'_>,
    contact: ContactId,
    from: Option<i64>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let first_unread = line(unit, contact)?;
    let last: Option<i64> =
        unit.value::<Option<i64>>("SELECT last_inbound FROM contact WHERE id = ?1", [contact.0])?.flatten();
    let Some(from) = from.or(last) else { return Ok(()) };
    if first_unread.is_some_and(|first| first <= from) {
        return Ok(());
    }
    count_unread(unit, contact, from, Some(from))?;
    unit.event(EventKind::Read, contact, 0, now)
}

/// The first unread text of somebody who is there.
fn line(unit: &Unit<'_>, contact: ContactId) -> Result<Option<i64>, StoreError> {
    unit.value::<Option<i64>>("SELECT first_unread FROM contact WHERE id = ?1", [contact.0])?
        .ok_or(StoreError::NotFound("contact"))
}

/// Their texts from that row on are the unread ones. Of those brought in as history only the one that a person
/// marked is.
fn count_unread(
    unit: &Unit<'_>,
    contact: ContactId,
    from: i64,
    marked: Option<i64>,
) -> Result<(), StoreError> {
    unit.run(
        "UPDATE contact SET unread = heard.count, first_unread = heard.first
         FROM (SELECT count(*) AS count, min(row) AS first FROM message
               WHERE contact = ?1 AND row >= ?2 AND +direction = 'inbound'
                 AND (+reply_decision IS NOT 'imported' OR row = ?3)) AS heard
         WHERE id = ?1",
        (contact.0, from, marked),
    )?;
    Ok(())
}

pub(crate) fn change_mode(
    unit: &mut Unit<'_>,
    contact: ContactId,
    mode: ConversationMode,
    until: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let changed = unit.run(
        "UPDATE contact SET mode = ?2, mode_until = ?3 WHERE id = ?1",
        (contact.0, mode.as_str(), until.map(Timestamp::as_microsecond)),
    )?;
    if changed == 0 {
        return Err(StoreError::NotFound("contact"));
    }
    if mode == ConversationMode::Auto {
        standing::seen_to(unit, contact)?;
    }
    unit.event(EventKind::Mode, contact, 0, now)
}

/// Who is in charge as it stands in the row, whether its time is over or not.
pub(super) fn mode_and_until(
    unit: &Unit<'_>,
    contact: ContactId,
) -> Result<(ConversationMode, Option<Timestamp>), StoreError> {
    let found = unit
        .prepare("SELECT mode, mode_until FROM contact WHERE id = ?1")?
        .query_row([contact.0], |row| {
            Ok((rows::word(row, 0, ConversationMode::parse)?, rows::optional_time(row, 1)?))
        })
        .optional()?;
    found.ok_or(StoreError::NotFound("contact"))
}

pub(crate) fn rename(
    unit: &mut Unit<'_>,
    contact: ContactId,
    name: Option<&str>,
    by: Option<UserId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let by = by.map_or_else(|| SOMEBODY.to_owned(), |user| user.to_string());
    let changed = unit.run(
        "UPDATE contact SET name = ?2, named_by = ?3, name_source = ?4 WHERE id = ?1",
        (contact.0, name, name.map(|_| by), name.map(|_| "person")),
    )?;
    if changed == 0 {
        return Err(StoreError::NotFound("contact"));
    }
    index_name(unit, contact, name)?;
    unit.event(EventKind::Named, contact, 0, now)
}

/// Search finds people by the beginnings of the words of their names.
pub(crate) fn index_name(unit: &Unit<'_>, contact: ContactId, name: Option<&str>) -> Result<(), StoreError> {
    unit.run("DELETE FROM contact_word WHERE contact = ?1", [contact.0])?;
    let mut words = Vec::new();
    text::words(name.unwrap_or_default(), &mut |word| words.push(word.to_owned()));
    for word in words {
        unit.run("INSERT OR IGNORE INTO contact_word (word, contact) VALUES (?1, ?2)", (word, contact.0))?;
    }
    Ok(())
}

pub(crate) fn seen_to(unit: &mut Unit<'_>, contact: ContactId, now: Timestamp) -> Result<(), StoreError> {
    line(unit, contact)?;
    if standing::seen_to(unit, contact)? {
        unit.event(EventKind::Attention, contact, 0, now)?;
    }
    Ok(())
}

pub(crate) fn record_consent(
    unit: &mut Unit<'_>,
    contact: ContactId,
    change: &ConsentByHand,
    author: Option<UserId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let person = unit
        .value::<String>("SELECT person FROM contact WHERE id = ?1", [contact.0])?
        .ok_or(StoreError::NotFound("contact"))?;
    match change {
        ConsentByHand::OptOut { note } => {
            consent::opt_out(unit, &person, BY_HAND, None, now)?;
            consent::vouch(unit, author, note)?;
        }
        ConsentByHand::Reopen { consent } => {
            consent::opt_in(unit, &person, BY_HAND, None, now)?;
            consent::vouch(unit, author, consent)?;
        }
    }
    unit.event(EventKind::Consent, contact, 0, now)
}
