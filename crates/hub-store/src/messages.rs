//! Reading messages and what is known about them.

use hub_domain::{
    ids::{AttemptId, MessageId, MessageSid},
    message::{Direction, Media, Message},
};
use jiff::Timestamp;

use crate::{Store, StoreError, sqlite::messages};

/// Which messages to list, newest first.
#[derive(Clone, Copy, Debug)]
pub struct MessageFilter {
    /// Only this direction.
    pub direction: Option<Direction>,
    /// Only rows below this one: the last row of the page before.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: u32,
}

/// One call to Twilio as recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptRecord {
    /// Its identifier, as in the callback's query.
    pub id: AttemptId,
    /// When the call began.
    pub started_at: Timestamp,
    /// How it ended; `None` while in flight.
    pub outcome: Option<String>,
    /// The SID Twilio gave.
    pub sid: Option<MessageSid>,
    /// HTTP status of a refusal.
    pub http_status: Option<u16>,
    /// Twilio's code of a refusal.
    pub code: Option<u32>,
    /// Words about it, for the details view.
    pub detail: Option<String>,
}

/// One status callback as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusReportRecord {
    /// Twilio's word.
    pub status: String,
    /// Twilio's code.
    pub error_code: Option<u32>,
    /// When it came.
    pub received_at: Timestamp,
}

impl Store {
    /// A page of messages, newest first; served by an index whatever the number of messages.
    pub async fn messages(&self, filter: MessageFilter) -> Result<Vec<Message>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| messages::list(connection, filter)).await,
        }
    }

    /// One message by its row.
    pub async fn message(&self, row: i64) -> Result<Option<Message>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| messages::by_row(connection, row)).await,
        }
    }

    /// One message by our identifier.
    pub async fn message_by_id(&self, id: MessageId) -> Result<Option<Message>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| messages::by_id(connection, id)).await,
        }
    }

    /// The attachments of a message, in Twilio's order.
    pub async fn media(&self, row: i64) -> Result<Vec<Media>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| messages::media(connection, row)).await,
        }
    }

    /// The calls made for a message, oldest first.
    pub async fn attempts(&self, row: i64) -> Result<Vec<AttemptRecord>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| messages::attempts(connection, row)).await,
        }
    }

    /// The status callbacks of a message, oldest first.
    pub async fn status_reports(&self, row: i64) -> Result<Vec<StatusReportRecord>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| messages::reports(connection, row)).await,
        }
    }

    /// What was decided about answering an inbound message.
    pub async fn reply_decision(&self, row: i64) -> Result<Option<String>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| messages::reply_decision(connection, row)).await,
        }
    }
}
