//! Reading what was said: lists with filters, counts, conversations by person. Each costs the same whatever
//! the number of messages.

use hub_domain::{
    address::Address,
    ids::{ContactId, MessageSid},
    message::{Direction, Message},
    series::HourCounts,
    status::MessageStatus,
};
use jiff::Timestamp;

use crate::{
    Store, StoreError,
    sqlite::{conversations, history, tallies},
};

/// Which messages to list, newest first.
#[derive(Clone, Copy, Debug)]
pub struct HistoryQuery {
    /// Only with this person.
    pub contact: Option<ContactId>,
    /// Only this direction.
    pub direction: Option<Direction>,
    /// Only in this state.
    pub status: Option<MessageStatus>,
    /// Only rows below this one: the last row of the page before.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: u32,
}

/// Someone we exchange messages with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The contact.
    pub contact: ContactId,
    /// Their number, or their address in lower case.
    pub key: String,
}

/// A person's messages in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationSummary {
    /// Who.
    pub person: Person,
    /// How many messages, both ways, on every channel.
    pub message_count: u32,
    /// The newest.
    pub last: Message,
}

/// How many messages there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// From customers.
    pub inbound: u32,
    /// From us.
    pub outbound: u32,
    /// Of those: have not left yet.
    pub waiting: u32,
    /// Of those: did not arrive.
    pub failed: u32,
    /// Of those: a person has to decide.
    pub held: u32,
    /// The newest of all.
    pub latest: Option<Message>,
}

impl Store {
    /// A page of messages, newest first.
    pub async fn history(&self, query: HistoryQuery) -> Result<Vec<Message>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| history::list(connection, query)).await,
        }
    }

    /// These messages as they stand at one moment, in the order asked for; those deleted are left out.
    pub async fn messages_at(&self, rows: Vec<i64>) -> Result<Vec<Message>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| history::by_rows(connection, &rows)).await,
        }
    }

    /// How many messages there are, and the newest.
    pub async fn statistics(&self) -> Result<Statistics, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(history::statistics).await,
        }
    }

    /// The UTC hours since `first` (hours since 1970) in which anything was written, oldest first.
    pub async fn hours(&self, first: i64) -> Result<Vec<HourCounts>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| tallies::hours(connection, first)).await,
        }
    }

    /// The person of the first of `keys` that anybody has.
    pub async fn person(&self, keys: Vec<String>) -> Result<Option<Person>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| history::person(connection, &keys)).await,
        }
    }

    /// Everybody's messages in one line each, the newest activity first; `before` is the row of the last
    /// message of the last line of the page before.
    pub async fn conversations(
        &self,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<ConversationSummary>, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.read(move |connection| history::conversations(connection, before, limit)).await
            }
        }
    }

    /// When somebody last wrote to the number that a message to them would come from: on WhatsApp this opens the
    /// 24 hours.
    pub async fn last_heard(
        &self,
        theirs: Address,
        ours: String,
        through_service: bool,
    ) -> Result<Option<Timestamp>, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.read(move |connection| {
                    conversations::last_heard(connection, &theirs, &ours, through_service)
                })
                .await
            }
        }
    }

    /// Every message with a person: its row and Twilio's identifier.
    pub async fn thread_sids(
        &self,
        contact: ContactId,
    ) -> Result<Vec<(i64, Option<MessageSid>)>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| history::thread_sids(connection, contact)).await,
        }
    }

    /// One message by Twilio's identifier.
    pub async fn message_by_sid(&self, sid: MessageSid) -> Result<Option<Message>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| history::by_sid(connection, &sid)).await,
        }
    }
}
