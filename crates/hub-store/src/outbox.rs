//! Units of work that write an outbound message.

use hub_domain::{address::Address, ids::MessageId, message::Origin, sending::Blocked, whatsapp::Template};
use jiff::Timestamp;

use crate::{
    LeaseRequest, LeasedJob, Store, StoreError,
    sqlite::{Queue, outbox, sends},
};

/// A message to be sent.
#[derive(Clone, Debug)]
pub struct NewOutbound {
    /// Made by the caller; writing the same identifier twice writes one message.
    pub id: MessageId,
    /// Who gets it.
    pub to: Address,
    /// Our sender; empty when a Messaging Service chooses.
    pub from: String,
    /// The Messaging Service to send through.
    pub service: Option<String>,
    /// The text.
    pub body: String,
    /// Public addresses of media.
    pub media_urls: Vec<String>,
    /// Instead of text and media.
    pub template: Option<Template>,
    /// Who or what wrote it.
    pub origin: Origin,
}

/// What a caller wants sent: one message, or the parts of a long text in their order.
#[derive(Clone, Debug)]
pub struct NewSend {
    /// All to one recipient, from one sender.
    pub parts: Vec<NewOutbound>,
    /// The caller's own key for it.
    pub key: Option<SendKey>,
}

/// A caller's own key for a send: the same key again is the same send.
#[derive(Clone, Debug)]
pub struct SendKey {
    /// With its caller in front: two callers may use the same key.
    pub key: String,
    /// Hash of what was asked for: the same key for something else is an error.
    pub fingerprint: [u8; 32],
}

/// What became of a send.
#[derive(Clone, Debug)]
pub enum SendSubmitted {
    /// Stored with a `deliver` job a part.
    Queued {
        /// The rows of the parts, in order.
        rows: Vec<i64>,
        /// The jobs, when the caller asked to take them at once.
        leases: Vec<LeasedJob>,
    },
    /// The key was used for the same send before: these are its rows. Nothing was written.
    Repeated(Vec<i64>),
    /// The key was used for the same send before, which was deleted since. Nothing was written.
    Gone,
    /// The key was used for another send. Nothing was written.
    KeyReused,
    /// It must not be sent. Nothing was written.
    Blocked(Blocked),
}

/// What became of a message to be sent.
#[derive(Clone, Debug)]
pub enum Submitted {
    /// Stored with its `deliver` job.
    Queued {
        /// Its row.
        row: i64,
        /// The job, when the caller asked to take it at once.
        lease: Option<LeasedJob>,
    },
    /// This identifier was submitted before; nothing was written.
    Duplicate(i64),
    /// It must not be sent; nothing was written.
    Blocked(Blocked),
}

impl Store {
    /// Saves an outbound message and its `deliver` job, after asking [`hub_domain::sending::may_send`].
    ///
    /// With `lease` the caller takes the job in the same transaction and must run it itself.
    pub async fn submit(
        &self,
        message: NewOutbound,
        lease: Option<LeaseRequest>,
        now: Timestamp,
    ) -> Result<Submitted, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| outbox::submit(unit, &message, None, lease.as_ref(), now))
                    .await
            }
        }
    }

    /// Whether a message that a person or a program asks for may be sent now: before a text is paid for that must not
    /// leave. Saving asks again.
    pub async fn may_be_asked_for(
        &self,
        message: NewOutbound,
        now: Timestamp,
    ) -> Result<Result<(), Blocked>, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.read(move |connection| outbox::may_be_asked_for(connection, &message, now)).await
            }
        }
    }

    /// What a key was used for before, if it was: before something is paid for that must not happen twice. Saving
    /// asks again.
    pub async fn sent_under(&self, key: SendKey) -> Result<Option<SendSubmitted>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| sends::seen(connection, &key)).await,
        }
    }

    /// Saves a send of one or more parts, all of them or none; with a key, once for that key for a week.
    ///
    /// With `lease` the caller takes the jobs in the same transaction and must run them itself, in order.
    pub async fn submit_send(
        &self,
        send: NewSend,
        lease: Option<LeaseRequest>,
        now: Timestamp,
    ) -> Result<SendSubmitted, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| sends::submit(unit, &send, lease.as_ref(), now)).await
            }
        }
    }
}
