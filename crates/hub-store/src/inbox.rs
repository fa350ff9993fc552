//! Units of work for Twilio's webhooks: an inbound message, a status report.

use hub_domain::{
    ids::MessageId,
    message::{Inbound, StatusReport},
};
use jiff::Timestamp;

use crate::{
    Store, StoreError,
    sqlite::{Queue, inbox},
};

/// What became of an inbound webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// Stored; its row.
    New(i64),
    /// This SID was stored before: nothing was written.
    Duplicate(i64),
    /// Somebody has deleted it since it came first: nothing was written.
    Deleted,
}

/// What became of a status webhook. It is in the log in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusApplied {
    /// The message moved up.
    Moved,
    /// The message was there already, or further.
    Unchanged,
    /// No message has this SID yet; the report waits for one.
    UnknownSid,
    /// A status we have no rank for.
    UnknownStatus,
}

impl Store {
    /// Saves an inbound message, its media, contact and conversation, any opt-out or opt-in (with its one
    /// confirmation), the event, the `reply` job, and with attachments the `media` job: all or
    /// nothing, once per SID.
    ///
    /// `id` becomes the message's identifier, `confirmation` that of a confirmation if one is written.
    pub async fn record_inbound(
        &self,
        inbound: Inbound,
        id: MessageId,
        confirmation: MessageId,
        now: Timestamp,
    ) -> Result<Recorded, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Webhook, move |unit| inbox::record(unit, &inbound, id, confirmation, now))
                    .await
            }
        }
    }

    /// Logs a status report and moves its message up by rank; a report that names one of our attempts also
    /// proves that Twilio took that attempt.
    pub async fn apply_status(
        &self,
        report: StatusReport,
        now: Timestamp,
    ) -> Result<StatusApplied, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Webhook, move |unit| inbox::apply_status(unit, &report, now)).await
            }
        }
    }
}
