//! Texts being written: one a person, saved while somebody types.

use hub_domain::ids::{ContactId, UserId};
use jiff::Timestamp;

use crate::{
    Store, StoreError,
    sqlite::{Queue, drafts},
};

/// A text that somebody is writing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Grows with every save.
    pub id: i64,
    /// To whom.
    pub contact: ContactId,
    /// What stands there so far.
    pub body: String,
    /// Who saved it last.
    pub author: Option<UserId>,
    /// When.
    pub saved_at: Timestamp,
}

impl Store {
    /// Saves what somebody is writing; an empty text throws it away.
    pub async fn save_draft(
        &self,
        contact: ContactId,
        body: String,
        author: Option<UserId>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| drafts::save(unit, contact, &body, author, now)).await
            }
        }
    }

    /// What is being written to a person.
    pub async fn draft(&self, contact: ContactId) -> Result<Option<Draft>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| drafts::find(connection, contact)).await,
        }
    }

    /// Everything that is being written, the last saved first; `before` is the last `id` of the page before.
    pub async fn drafts(&self, before: Option<i64>, limit: u32) -> Result<Vec<Draft>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| drafts::list(connection, before, limit)).await,
        }
    }
}
