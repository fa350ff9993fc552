//! Listeners: which words in a customer's text are acted upon.

use hub_domain::listeners::{NEWS, folded};
use hub_store::{ListenerChange, ListenerRecord, NewListener, StoreError};

use super::App;

/// Longest answer to a word, in characters.
pub const LONGEST_ANSWER: usize = 640;

/// Why a word can't be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordRefused {
    /// Nothing to recognise, or a command.
    Word,
    /// Nothing to say, or too much.
    Answer,
    /// There is one like it, or there are too many.
    Known,
}

impl App {
    /// Every listener.
    pub async fn listeners(&self) -> Result<Vec<ListenerRecord>, StoreError> {
        self.store().listeners().await
    }

    /// Changes a listener; `None` when there is none of that row.
    pub async fn change_listener(
        &self,
        id: i64,
        change: ListenerChange,
    ) -> Result<Option<ListenerRecord>, StoreError> {
        self.store().change_listener(id, change, self.world().now()).await
    }

    /// Adds a word of the operator's.
    pub async fn add_listener(
        &self,
        new: NewListener,
    ) -> Result<Result<ListenerRecord, WordRefused>, StoreError> {
        if folded(&new.word).is_empty() || new.word.starts_with('/') || new.word.eq_ignore_ascii_case(NEWS) {
            return Ok(Err(WordRefused::Word));
        }
        if new.answer.trim().is_empty() || new.answer.chars().count() > LONGEST_ANSWER {
            return Ok(Err(WordRefused::Answer));
        }
        Ok(self.store().add_listener(new, self.world().now()).await?.ok_or(WordRefused::Known))
    }

    /// Deletes a word of the operator's; `false` when there is none of that row.
    pub async fn delete_listener(&self, id: i64) -> Result<bool, StoreError> {
        self.store().delete_listener(id).await
    }
}
