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

/// Messages that the index for search does not have yet, with the words it will have of each.
#[derive(Debug)]
pub struct Unindexed {
    /// They follow this row; none: they were listed one by one.
    pub(crate) after: Option<i64>,
    pub(crate) words: Vec<(i64, Option<String>)>,
}

impl Unindexed {
    /// Whether all are indexed.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// How many there are in this step.
    pub fn len(&self) -> usize {
        self.words.len()
    }
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
        let batch = self.unindexed_messages().await?;
        if batch.is_empty() {
            return Ok(0);
        }
        let looked_at = batch.len();
        let Self::Sqlite(db) = self;
        db.write(Queue::Work, move |unit| search::add(unit, &batch, now)).await?;
        Ok(looked_at)
    }

    /// The first of the two steps of [`Store::index_messages`]: the next messages, read.
    pub async fn unindexed_messages(&self) -> Result<Unindexed, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(search::pending).await,
        }
    }
}
