//! SQL of attachments that came in.

use hub_domain::{
    ids::{ContactId, MessageSid},
    media::{MediaKind, MediaLoss, MediaState},
    message::Media,
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};

use super::{jobs, rows, unit::Unit};
use crate::{
    attachments::{Attachment, Fetched, StoredFile, Unlisted},
    error::StoreError,
    events::EventKind,
    jobs::LeasedJob,
};

/// Attachments that a message has at most, at Twilio.
const MOST: usize = 10;

pub(crate) fn of_message(connection: &Connection, message: i64) -> Result<Vec<Attachment>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT position, url, state, sha256, stored_type, size, error FROM media WHERE message = ?1
         ORDER BY position",
    )?;
    let found = statement.query_map([message], attachment)?;
    Ok(found.collect::<Result<_, _>>()?)
}

pub(crate) fn one(
    connection: &Connection,
    message: i64,
    position: u32,
) -> Result<Option<Attachment>, StoreError> {
    let found = connection
        .prepare_cached(
            "SELECT position, url, state, sha256, stored_type, size, error FROM media
             WHERE message = ?1 AND position = ?2",
        )?
        .query_row((message, position), attachment)
        .optional()?;
    Ok(found)
}

fn attachment(row: &Row<'_>) -> rusqlite::Result<Attachment> {
    let (sha256, kind, size): (Option<String>, Option<String>, Option<u32>) =
        (row.get(3)?, row.get(4)?, row.get(5)?);
    Ok(Attachment {
        position: row.get(0)?,
        url: row.get(1)?,
        state: rows::word(row, 2, MediaState::parse)?,
        file: sha256.zip(kind).zip(size).map(|((sha256, kind), size)| StoredFile {
            sha256,
            kind: MediaKind::of_mime(&kind),
            size,
        }),
        loss: rows::optional_word(row, 6, MediaLoss::parse)?,
    })
}

/// Twilio's list of messages, unlike a webhook, tells only how many there are.
pub(crate) fn unlisted(connection: &Connection, message: i64) -> Result<Option<Unlisted>, StoreError> {
    let found = connection
        .prepare_cached(
            "SELECT sid, media_count FROM message WHERE row = ?1 AND direction = 'inbound' AND sid IS NOT NULL
               AND media_count > (SELECT count(*) FROM media WHERE media.message = ?1)",
        )?
        .query_row([message], |row| {
            let sid = rows::word(row, 0, |text| MessageSid::parse(text).ok())?;
            Ok(Unlisted { sid, count: row.get(1)? })
        })
        .optional()?;
    Ok(found)
}

pub(crate) fn note(
    unit: &mut Unit<'_>,
    job: &LeasedJob,
    listed: &[Media],
    now: Timestamp,
) -> Result<(), StoreError> {
    jobs::require_held(unit, job)?;
    for media in listed {
        // A webhook may have named it meanwhile.
        unit.run(
            "INSERT INTO media (message, position, url, content_type, state)
             SELECT ?1, (SELECT coalesce(max(position) + 1, 0) FROM media WHERE message = ?1), ?2, ?3, 'waiting'
             FROM message WHERE row = ?1
               AND NOT EXISTS (SELECT 1 FROM media WHERE media.message = ?1 AND url = ?2)",
            (job.message, &media.url, &media.content_type),
        )?;
    }
    lose_unlisted(unit, job.message, MediaLoss::Gone)?;
    changed(unit, job.message, now)
}

/// A person sees a place for each attachment that the message had.
fn lose_unlisted(unit: &Unit<'_>, message: i64, loss: MediaLoss) -> Result<(), StoreError> {
    for _ in 0..MOST {
        let added = unit.run(
            "INSERT INTO media (message, position, url, state, error)
             SELECT ?1, (SELECT coalesce(max(position) + 1, 0) FROM media WHERE message = ?1), '', 'lost', ?2
             FROM message WHERE row = ?1
               AND media_count > (SELECT count(*) FROM media WHERE media.message = ?1)",
            (message, loss.as_str()),
        )?;
        if added == 0 {
            break;
        }
    }
    Ok(())
}

/// Whoever looks at the message learns of it.
fn changed(unit: &mut Unit<'_>, message: i64, now: Timestamp) -> Result<(), StoreError> {
    let contact =
        unit.prepare("SELECT contact FROM message WHERE row = ?1")?.query_row([message], |row| row.get(0))?;
    unit.event(EventKind::Status, ContactId(contact), message, now)?;
    Ok(())
}

pub(crate) fn settle(
    unit: &mut Unit<'_>,
    job: &LeasedJob,
    fetched: Option<&(u32, Fetched)>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    jobs::require_held(unit, job)?;
    match fetched {
        Some((position, Fetched::Stored(file))) => {
            unit.run(
                "UPDATE media SET state = 'stored', sha256 = ?3, stored_type = ?4, size = ?5, error = NULL
                 WHERE message = ?1 AND position = ?2",
                (job.message, position, &file.sha256, file.kind.mime(), file.size),
            )?;
            // It was doomed until something refers to it, which is now.
            unit.run("DELETE FROM media_doomed WHERE sha256 = ?1", [&file.sha256])?;
        }
        Some((position, Fetched::Lost(loss))) => {
            unit.run(
                "UPDATE media SET state = 'lost', error = ?3 WHERE message = ?1 AND position = ?2",
                (job.message, position, loss.as_str()),
            )?;
        }
        None => {}
    }
    if fetched.is_some() {
        changed(unit, job.message, now)?;
    }
    let waiting = unit
        .prepare("SELECT 1 FROM media WHERE message = ?1 AND state = 'waiting' LIMIT 1")?
        .exists([job.message])?;
    if !waiting {
        jobs::finish(unit, job)?;
    }
    Ok(!waiting)
}

/// A person decided not to wait for what was not fetched yet.
pub(crate) fn abandon(unit: &mut Unit<'_>, job: &LeasedJob, now: Timestamp) -> Result<(), StoreError> {
    unit.run(
        "UPDATE media SET state = 'lost', error = ?2 WHERE message = ?1 AND state = 'waiting'",
        (job.message, MediaLoss::GivenUp.as_str()),
    )?;
    lose_unlisted(unit, job.message, MediaLoss::GivenUp)?;
    changed(unit, job.message, now)?;
    jobs::finish(unit, job)
}

/// Dooms a file that nothing refers to, not yet.
pub(crate) fn announce(unit: &Unit<'_>, sha256: &str) -> Result<(), StoreError> {
    if !unit.prepare("SELECT 1 FROM media WHERE sha256 = ?1 LIMIT 1")?.exists([sha256])? {
        unit.run("INSERT OR IGNORE INTO media_doomed (sha256) VALUES (?1)", [sha256])?;
    }
    Ok(())
}

/// Dooms the files that only this message refers to; it is about to be deleted.
pub(crate) fn doom(unit: &Unit<'_>, message: i64) -> Result<(), StoreError> {
    unit.run(
        "INSERT OR IGNORE INTO media_doomed (sha256)
         SELECT m.sha256 FROM media m WHERE m.message = ?1 AND m.sha256 IS NOT NULL AND NOT EXISTS
           (SELECT 1 FROM media o WHERE o.sha256 = m.sha256 AND o.message <> m.message)",
        [message],
    )?;
    Ok(())
}

pub(crate) fn doomed(connection: &Connection, after: &str, limit: u32) -> Result<Vec<String>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT sha256 FROM media_doomed WHERE sha256 > ?1 ORDER BY sha256 LIMIT ?2")?;
    let found = statement.query_map((after, limit), |row| row.get(0))?;
    Ok(found.collect::<Result<_, _>>()?)
}

pub(crate) fn forget(unit: &Unit<'_>, files: &[String]) -> Result<(), StoreError> {
    for file in files {
        unit.run("DELETE FROM media_doomed WHERE sha256 = ?1", [file])?;
    }
    Ok(())
}
