//! A person's thread, page by page, with everything a bubble shows; and all that is known of one message.

use hub_domain::{
    ids::{ContactId, UserId},
    message::{Media, Message},
};

use crate::{AttemptRecord, StatusReportRecord, Store, StoreError, sqlite::thread};

/// Which part of a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThreadSide {
    /// Its end.
    Newest,
    /// What was said before this row.
    Before(i64),
    /// What was said after this row.
    After(i64),
}

/// A page of a thread.
#[derive(Clone, Copy, Debug)]
pub struct ThreadQuery {
    /// With whom.
    pub contact: ContactId,
    /// Which part.
    pub side: ThreadSide,
    /// At most so many.
    pub limit: u32,
}

/// One message in its thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadEntry {
    /// The message.
    pub message: Message,
    /// Which of our people wrote it.
    pub author: Option<UserId>,
    /// The failed message that this one sends again.
    pub retry_of: Option<i64>,
    /// The message that sends this one again.
    pub retried_by: Option<i64>,
    /// The text of theirs that it answers.
    pub reply_to: Option<i64>,
    /// What was decided about an automatic answer to it.
    pub decision: Option<String>,
    /// The first part of the long text it is a part of.
    pub first_part: Option<i64>,
    /// Which part.
    pub part: u32,
    /// Of how many.
    pub parts: u32,
    /// As Twilio billed it.
    pub segments: Option<u32>,
    /// As Twilio billed it, a decimal number.
    pub price: Option<String>,
    /// Its currency.
    pub price_unit: Option<String>,
    /// The text was blanked.
    pub redacted: bool,
    /// Fetched from Twilio's list.
    pub recovered: bool,
    /// The template sent instead of a text.
    pub content_sid: Option<String>,
    /// Its attachments, in order.
    pub media: Vec<Media>,
}

/// All that is known of one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageDetails {
    /// The message.
    pub entry: ThreadEntry,
    /// The calls made for it, oldest first.
    pub attempts: Vec<AttemptRecord>,
    /// What Twilio reported, oldest first.
    pub reports: Vec<StatusReportRecord>,
}

impl Store {
    /// A page of a thread, oldest first.
    pub async fn thread(&self, query: ThreadQuery) -> Result<Vec<ThreadEntry>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| thread::page(connection, query)).await,
        }
    }

    /// One message with everything known about it.
    pub async fn message_details(&self, row: i64) -> Result<Option<MessageDetails>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| thread::details(connection, row)).await,
        }
    }
}
