//! Units of work that write an outbound message.

use hub_domain::{address::Address, ids::MessageId, message::Origin, sending::Blocked};
use jiff::Timestamp;

use crate::{
    LeaseRequest, LeasedJob, Store, StoreError,
    sqlite::{Queue, outbox},
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
    /// Who or what wrote it.
    pub origin: Origin,
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
}
