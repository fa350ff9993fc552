//! Attachments that came in: which are to be fetched, what became of each, and which files nobody needs.

use hub_domain::{
    ids::MessageSid,
    media::{MediaKind, MediaLoss, MediaState},
    message::Media,
};
use jiff::Timestamp;

use crate::{
    LeasedJob, Store, StoreError,
    sqlite::{Queue, attachments},
};

/// One attachment of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its place among those of the message, from 0.
    pub position: u32,
    /// Where Twilio keeps it.
    pub url: String,
    /// Where it stands.
    pub state: MediaState,
    /// The file, once it is stored.
    pub file: Option<StoredFile>,
    /// Why it is lost.
    pub loss: Option<MediaLoss>,
}

/// A file of the media folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFile {
    /// SHA-256 of its content in hexadecimal: its name.
    pub sha256: String,
    /// What it is, by its content.
    pub kind: MediaKind,
    /// In bytes.
    pub size: u32,
}

/// A message that came in and has more attachments than we know: Twilio has to be asked which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unlisted {
    /// Twilio's identifier of the message.
    pub sid: MessageSid,
    /// How many it has.
    pub count: u32,
}

/// What became of an attachment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetched {
    /// The file is on disk.
    Stored(StoredFile),
    /// There will never be one.
    Lost(MediaLoss),
}

impl Store {
    /// The attachments of a message, in Twilio's order.
    pub async fn attachments(&self, message: i64) -> Result<Vec<Attachment>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| attachments::of_message(connection, message)).await,
        }
    }

    /// Whether a message has attachments that we don't know yet.
    pub async fn unlisted_attachments(&self, message: i64) -> Result<Option<Unlisted>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| attachments::unlisted(connection, message)).await,
        }
    }

    /// Keeps which attachments the message of a job has, to be fetched. What is not among them is gone.
    pub async fn note_attachments(
        &self,
        job: LeasedJob,
        listed: Vec<Media>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| attachments::note(unit, &job, &listed, now)).await
            }
        }
    }

    /// One attachment.
    pub async fn attachment(&self, message: i64, position: u32) -> Result<Option<Attachment>, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.read(move |connection| attachments::one(connection, message, position)).await
            }
        }
    }

    /// Keeps what became of one attachment; the file must be on disk before. `None` when there was nothing to
    /// fetch. With the last one the job ends; `true` then.
    pub async fn settle_attachment(
        &self,
        job: LeasedJob,
        fetched: Option<(u32, Fetched)>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| attachments::settle(unit, &job, fetched.as_ref(), now))
                    .await
            }
        }
    }

    /// Notes the name of a file that is about to be written, among those to be removed: if nothing comes to refer
    /// to it, the next sweep removes it. [`Store::settle_attachment`] takes the name off again.
    pub async fn announce_file(&self, sha256: String) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(db) => db.write(Queue::Work, move |unit| attachments::announce(unit, &sha256)).await,
        }
    }

    /// Files that no attachment refers to any more: a page of names after `after` (empty for the first).
    pub async fn doomed_files(&self, after: String, limit: u32) -> Result<Vec<String>, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.read(move |connection| attachments::doomed(connection, &after, limit)).await
            }
        }
    }

    /// These files are gone from the disk.
    pub async fn forget_files(&self, files: Vec<String>) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(db) => db.write(Queue::Work, move |unit| attachments::forget(unit, &files)).await,
        }
    }
}
