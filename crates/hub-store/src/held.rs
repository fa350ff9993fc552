//! Units of work by which a person decides about a held message.

use hub_domain::sending::Blocked;
use jiff::Timestamp;

use crate::{
    Store, StoreError,
    sqlite::{Queue, held},
};

/// What became of a held message that a person approved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Approved {
    /// It is queued for delivery, with the later parts of its text that waited for it.
    Queued,
    /// It must not leave and stays held.
    Blocked(Blocked),
    /// It is a part of a text, and the part before it is held too: that one comes first.
    PartBeforeHeld,
    /// It is not held (any more).
    NotHeld,
}

/// What switching automation on again did to the messages that were held while it was off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SwitchedOn {
    /// Leaving now.
    pub let_go: u32,
    /// Of what was held since it was switched off: late by now, answered by somebody meanwhile, or not allowed any
    /// more. A person decides.
    pub left: u32,
}

impl Store {
    /// Sends a held message anew, whatever it was held for. Asks [`hub_domain::sending::may_send`] in the
    /// same transaction.
    pub async fn approve_held(&self, row: i64, now: Timestamp) -> Result<Approved, StoreError> {
        match self {
            Self::Sqlite(db) => db.write(Queue::Work, move |unit| held::approve(unit, row, now)).await,
        }
    }

    /// Cancels a held message, with the later parts of its text that waited for it; `false` when it is not
    /// held (any more).
    pub async fn discard_held(&self, row: i64, now: Timestamp) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(db) => db.write(Queue::Work, move |unit| held::discard(unit, row, now)).await,
        }
    }
}
