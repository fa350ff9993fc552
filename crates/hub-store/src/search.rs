//! Search: people by the beginning of a name or number, messages by their words.
//!
//! Words of messages are indexed a moment after they were written, beside the webhooks; names at once.

use hub_domain::{ids::ContactId, message::Message};
use jiff::Timestamp;

use crate::{
    InboxLine, Store, StoreError,
    sqlite::{Queue, search},
};

/// Whom to find.
#[derive(Clone, Debug, Default)]
pub struct PeopleQuery {
    /// Beginnings of words of a name, lower-case and without diacritics; each has to be there.
    pub words: Vec<String>,
    /// Beginnings of a number or address; one of them is enough.
    pub keys: Vec<String>,
}

/// People found.
pub type FoundPeople = Vec<InboxLine>;

impl Store {
    /// People whose name or number begins so, at most `limit`.
    pub async fn search_people(
        &self,
        query: PeopleQuery,
        limit: u32,
        now: Timestamp,
    ) -> Result<FoundPeople, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.read(move |connection| search::people(connection, &query, limit, now)).await
            }
        }
    }

    /// Messages that have every word of `text`, its last word perhaps unfinished, newest first; `before` is the
    /// last row of the page before.
    pub async fn search_messages(
        &self,
        text: String,
        contact: Option<ContactId>,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<Message>, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.read(move |connection| search::messages(connection, &text, contact, before, limit)).await
            }
        }
    }

    /// Indexes the next messages that are not indexed yet; how many there were. None: all are.
    pub async fn index_messages(&self, now: Timestamp) -> Result<usize, StoreError> {
        let Self::Sqlite(db) = self;
        let batch = db.read(search::pending).await?;
        if batch.is_empty() {
            return Ok(0);
        }
        let looked_at = batch.len();
        db.write(Queue::Work, move |unit| search::add(unit, &batch, now)).await?;
        Ok(looked_at)
    }
}
