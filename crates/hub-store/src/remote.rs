//! Units of work that follow what Twilio holds: keeping what it shows, redacting, deleting, canceling.

use hub_domain::{
    ids::{MessageId, MessageSid},
    message::Message,
    remote::RemoteFacts,
};
use jiff::Timestamp;

use crate::{
    Store, StoreError,
    sqlite::{
        Queue, recovery,
        remote::{self, AsNew},
        removal,
    },
};

/// Messages deleted in one transaction: other units wait meanwhile.
const DELETED_AT_ONCE: usize = 50;

/// What became of a message seen at Twilio.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// We lacked it; its row.
    New(i64),
    /// We had it; its row.
    Known(i64),
    /// We lack it and must not take it now: a call to the same person has no answer yet, and this may be it. Or it was
    /// deleted meanwhile.
    Left,
}

/// What became of a message that was to be canceled here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Canceled {
    /// It will not leave.
    Done,
    /// It has left, is leaving right now, or waits for a person.
    TooLate,
}

impl Store {
    /// Keeps what Twilio shows of messages: statuses, prices and segments of those we have, and the others
    /// as history, marked as recovered.
    ///
    /// An opt-out or opt-in among them counts unless a later one is on record. Nothing is answered: a
    /// recovered message stays undecided until its webhook or the recovery takes it up.
    ///
    /// Each comes with the identifier it gets if it is new. Oldest first, please.
    pub async fn keep_remote(
        &self,
        seen: Vec<(RemoteFacts, MessageId)>,
        now: Timestamp,
    ) -> Result<Vec<Kept>, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| {
                    let new = |id: &MessageId| AsNew { id: *id, confirmation: None, history: false };
                    seen.iter().map(|(facts, id)| remote::keep(unit, facts, new(id), now)).collect()
                })
                .await
            }
        }
    }

    /// Keeps what Twilio has from before this hub, oldest first, please. Opt-outs among it count; nothing is
    /// answered, confirmed or asked about.
    pub async fn keep_history(
        &self,
        seen: Vec<(RemoteFacts, MessageId)>,
        now: Timestamp,
    ) -> Result<Vec<Kept>, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| recovery::keep_history(unit, &seen, now)).await
            }
        }
    }

    /// Blanks a text that was blanked at Twilio; `None` when we don't have the message.
    pub async fn redact(&self, sid: MessageSid, now: Timestamp) -> Result<Option<Message>, StoreError> {
        match self {
            Self::Sqlite(db) => db.write(Queue::Work, move |unit| removal::redact(unit, &sid, now)).await,
        }
    }

    /// The first later part of the same text that may leave yet: it needs the message named.
    pub async fn waiting_part(&self, row: i64) -> Result<Option<i64>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| removal::waiting_part(connection, row)).await,
        }
    }

    /// Deletes messages with everything that is known about them; how many there were. A message on its way,
    /// or one that a later part waits for, is for the caller to leave alone.
    pub async fn delete_messages(&self, rows: Vec<i64>, now: Timestamp) -> Result<usize, StoreError> {
        let Self::Sqlite(db) = self;
        let mut deleted = 0;
        for chunk in rows.chunks(DELETED_AT_ONCE) {
            let chunk = chunk.to_vec();
            deleted += db.write(Queue::Work, move |unit| removal::delete_all(unit, &chunk, now)).await?;
        }
        Ok(deleted)
    }

    /// Deletes the message with that SID, which Twilio doesn't have any more, and what was put aside of it; `false`: it was
    /// not here. A page of Twilio's list that was read before does not bring it back.
    pub async fn delete_by_sid(&self, sid: MessageSid, now: Timestamp) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| removal::delete_by_sid(unit, &sid, now)).await
            }
        }
    }

    /// Withdraws a message of ours that no call was begun for.
    pub async fn cancel_pending(&self, row: i64, now: Timestamp) -> Result<Canceled, StoreError> {
        match self {
            Self::Sqlite(db) => db.write(Queue::Work, move |unit| removal::cancel(unit, row, now)).await,
        }
    }
}
