//! Listeners: the built-in commands and the operator's own words with their answers.

use hub_domain::listeners::Listener;
use jiff::Timestamp;

use crate::{
    By, Store, StoreError,
    sqlite::{Queue, listeners},
};

/// A listener as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListenerRecord {
    /// Its row.
    pub id: i64,
    /// `/news`, `*`, or a word.
    pub command: String,
    /// Acted upon.
    pub enabled: bool,
    /// For people.
    pub description: String,
    /// What is said to a word; `None` for the built-in ones.
    pub answer: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed; the beginning of time: never.
    pub updated_at: Timestamp,
}

impl ListenerRecord {
    /// As the decision about a reply sees it.
    pub fn listener(&self) -> Listener {
        Listener { command: self.command.clone(), enabled: self.enabled, answer: self.answer.clone() }
    }
}

/// What is changed of a listener; `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListenerChange {
    /// Acted upon.
    pub enabled: Option<bool>,
    /// For people.
    pub description: Option<String>,
    /// What is said; only of a word.
    pub answer: Option<String>,
}

/// A word of the operator's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewListener {
    /// The whole text of a customer.
    pub word: String,
    /// What is said.
    pub answer: String,
    /// For people.
    pub description: String,
}

impl Store {
    /// Every listener, oldest first; at most a few hundred.
    pub async fn listeners(&self) -> Result<Vec<ListenerRecord>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(listeners::list).await,
        }
    }

    /// Changes a listener; `None` when there is none of that row.
    pub async fn change_listener(
        &self,
        id: i64,
        change: ListenerChange,
        by: By,
        now: Timestamp,
    ) -> Result<Option<ListenerRecord>, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| listeners::change(unit, id, &change, &by, now)).await
            }
        }
    }

    /// Adds a word; `None` when there is one like it, or there are too many.
    pub async fn add_listener(
        &self,
        new: NewListener,
        by: By,
        now: Timestamp,
    ) -> Result<Option<ListenerRecord>, StoreError> {
        match self {
            Self::Sqlite(db) => db.write(Queue::Work, move |unit| listeners::add(unit, &new, &by, now)).await,
        }
    }

    /// Deletes a word of the operator's; `false` when there is none of that row.
    pub async fn delete_listener(&self, id: i64, by: By, now: Timestamp) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| listeners::delete(unit, id, &by, now)).await
            }
        }
    }
}
