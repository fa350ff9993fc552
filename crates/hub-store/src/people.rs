//! Units of work by which a person keeps the inbox: reading, names, who is in charge, consent.
//!
//! Each says [`StoreError::NotFound`] of a contact that is not there.

use hub_domain::{
    ids::{ContactId, UserId},
    message::ConversationMode,
};
use jiff::Timestamp;

use crate::{
    Store, StoreError,
    sqlite::{Queue, people},
};

/// A consent that a person records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConsentByHand {
    /// Somebody asked for silence by another way than a text.
    OptOut {
        /// How they asked; may be empty.
        note: String,
    },
    /// Somebody wants to hear from us again.
    Reopen {
        /// The words that the consent rests on.
        consent: String,
    },
}

impl Store {
    /// Everything up to a row was read.
    pub async fn mark_read(&self, contact: ContactId, up_to: i64, now: Timestamp) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| people::mark_read(unit, contact, up_to, now)).await
            }
        }
    }

    /// Their texts from a row on, or their last one, are to be read again.
    pub async fn mark_unread(
        &self,
        contact: ContactId,
        from: Option<i64>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| people::mark_unread(unit, contact, from, now)).await
            }
        }
    }

    /// Sets who is in charge, until a moment or until changed. Handed back to machines, the texts left to a
    /// person are theirs no more.
    pub async fn change_mode(
        &self,
        contact: ContactId,
        mode: ConversationMode,
        until: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| people::change_mode(unit, contact, mode, until, now)).await
            }
        }
    }

    /// Gives somebody a name, or takes it away. A name given so is never overwritten by a profile's.
    pub async fn rename(
        &self,
        contact: ContactId,
        name: Option<String>,
        by: Option<UserId>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| people::rename(unit, contact, name.as_deref(), by, now))
                    .await
            }
        }
    }

    /// The texts left to a person have been seen to without an answer.
    pub async fn seen_to(&self, contact: ContactId, now: Timestamp) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(db) => db.write(Queue::Work, move |unit| people::seen_to(unit, contact, now)).await,
        }
    }

    /// Records an opt-out or a new consent, with who did it and what it rests on.
    pub async fn record_consent(
        &self,
        contact: ContactId,
        consent: ConsentByHand,
        author: Option<UserId>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| {
                    people::record_consent(unit, contact, &consent, author, now)
                })
                .await
            }
        }
    }
}
