//! Units of work by which a person sends: a text in a thread, and a failed message once more.

use hub_domain::{
    address::Address,
    ids::{ContactId, MessageId, UserId},
    sending::Blocked,
    status::MessageStatus,
    whatsapp::Template,
};
use jiff::Timestamp;

use crate::{
    NewOutbound, Store, StoreError,
    sqlite::{Queue, by_hand},
};

/// To whom a person writes. Somebody's thread stays the same when they change from SMS to WhatsApp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HandTo {
    /// In somebody's thread.
    Contact(ContactId),
    /// To an address.
    Address(Address),
}

/// What is asked for, before it is known which way it goes.
#[derive(Clone, Debug)]
pub struct HandAsked {
    /// The identifier that the caller's client made.
    pub id: MessageId,
    /// To whom.
    pub to: HandTo,
    /// The parts of the text.
    pub texts: Vec<String>,
    /// Instead of a text.
    pub template: Option<Template>,
}

/// A text as a person sends it.
#[derive(Clone, Debug)]
pub struct HandSend {
    /// To whom, as asked for.
    pub to: HandTo,
    /// All to one recipient, from one sender. The identifier of the first was made by the caller's client:
    /// the same one again is the same send.
    pub parts: Vec<NewOutbound>,
    /// Who sends it.
    pub author: Option<UserId>,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HandSent {
    /// Stored with a `deliver` job a part; their rows, in order.
    Queued(Vec<i64>),
    /// It was sent before: these are its rows. Nothing was written.
    Repeated(Vec<i64>),
    /// A message with this identifier was deleted. Nothing was written.
    Gone,
    /// The identifier belongs to another message. Nothing was written.
    OtherMessage,
    /// It must not be sent. Nothing was written.
    Blocked(Blocked),
}

/// A message that did not arrive, to be sent once more.
#[derive(Clone, Debug)]
pub struct Retry {
    /// The message.
    pub row: i64,
    /// Identifiers for it and for the parts after it; the first was made by the caller's client.
    pub ids: Vec<MessageId>,
    /// By whom: a person or a program.
    pub origin: hub_domain::message::Origin,
    /// Which person.
    pub author: Option<UserId>,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Retried {
    /// New messages are queued, for it and for the parts after it that waited for it; their rows.
    Queued(Vec<i64>),
    /// Asked for before with this identifier; its row. Nothing was written.
    Repeated(i64),
    /// A message with this identifier was deleted. Nothing was written.
    Gone,
    /// It is being sent again already, by this message. Nothing was written.
    Before(i64),
    /// It has not failed.
    NotFailed(MessageStatus),
    /// There is no such message of ours.
    NotFound,
    /// The identifier belongs to another message.
    OtherMessage,
    /// It must not be sent. Nothing was written.
    Blocked(Blocked),
}

/// The addresses that a thread used last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastRoute {
    /// Theirs.
    pub theirs: Address,
    /// Ours; empty when a Messaging Service chooses.
    pub ours: String,
    /// The Messaging Service.
    pub service: Option<String>,
}

impl Store {
    /// What an identifier was used for before, if it was. Saving asks again.
    pub async fn sent_by_hand(&self, asked: HandAsked) -> Result<Option<HandSent>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| by_hand::before(connection, &asked)).await,
        }
    }

    /// Saves a text that a person sends. In the same transaction the person takes the conversation over, what
    /// they answered counts as read and seen to, and their draft is done.
    pub async fn send_by_hand(&self, send: HandSend, now: Timestamp) -> Result<HandSent, StoreError> {
        match self {
            Self::Sqlite(db) => db.write(Queue::Work, move |unit| by_hand::send(unit, &send, now)).await,
        }
    }

    /// Sends a message that did not arrive once more: as a new message that names it. Each message is sent
    /// again once; who wants another try retries the try.
    pub async fn retry(&self, retry: Retry, now: Timestamp) -> Result<Retried, StoreError> {
        match self {
            Self::Sqlite(db) => db.write(Queue::Work, move |unit| by_hand::retry(unit, &retry, now)).await,
        }
    }

    /// The addresses of the last message with a person; `None` without any.
    pub async fn last_route(&self, contact: ContactId) -> Result<Option<LastRoute>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| by_hand::last_route(connection, contact)).await,
        }
    }
}
