//! Listeners: which words in a customer's text are acted upon.

use hub_domain::{
    keywords::{Keyword, Language, classify},
    listeners::{self, BadWord, Heard, Listener, hear},
    reply,
};
use hub_store::{By, ListenerChange, ListenerRecord, NewListener, StoreError};

use super::App;

/// Longest answer to a word, in characters.
pub const LONGEST_ANSWER: usize = 640;

/// What a customer's text does, whoever writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Understood {
    /// Twilio's own word, which Twilio answers.
    ByTwilio,
    /// A wish for silence, in Polish.
    OptOut,
    /// A wish to hear from us again, in Polish.
    OptIn,
    /// A question to the knowledge base.
    News,
    /// A fixed answer, as the messages it leaves as.
    Says(Vec<String>),
    /// Nothing of its own: an ordinary text.
    Talk,
}

/// Why a word can't be added or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordRefused {
    /// It could never be acted upon.
    Word(BadWord),
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

    /// What a text does.
    pub async fn understood(&self, text: &str) -> Result<Understood, StoreError> {
        let listeners: Vec<Listener> = self.listeners().await?.iter().map(ListenerRecord::listener).collect();
        Ok(understand(&listeners, text))
    }

    /// Changes a listener; `None` when there is none of that row.
    ///
    /// # Errors
    /// The inner error when the new answer can't be one; nothing changes then.
    pub async fn change_listener(
        &self,
        id: i64,
        change: ListenerChange,
        by: By,
    ) -> Result<Result<Option<ListenerRecord>, WordRefused>, StoreError> {
        if change.answer.as_deref().is_some_and(|answer| !is_answer(answer)) {
            return Ok(Err(WordRefused::Answer));
        }
        Ok(Ok(self.store().change_listener(id, change, by, self.world().now()).await?))
    }

    /// Adds a word of the operator's.
    pub async fn add_listener(
        &self,
        new: NewListener,
        by: By,
    ) -> Result<Result<ListenerRecord, WordRefused>, StoreError> {
        if let Err(why) = listeners::check(&new.word) {
            return Ok(Err(WordRefused::Word(why)));
        }
        if !is_answer(&new.answer) {
            return Ok(Err(WordRefused::Answer));
        }
        Ok(self.store().add_listener(new, by, self.world().now()).await?.ok_or(WordRefused::Known))
    }

    /// Deletes a word of the operator's; `false` when there is none of that row.
    pub async fn delete_listener(&self, id: i64, by: By) -> Result<bool, StoreError> {
        self.store().delete_listener(id, by, self.world().now()).await
    }
}

fn is_answer(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= LONGEST_ANSWER
}

/// The order of the decision about a reply: consent, then listeners.
fn understand(known: &[Listener], text: &str) -> Understood {
    match classify(text) {
        Some(keyword) if keyword.language() == Language::English => return Understood::ByTwilio,
        Some(Keyword::Stop(_)) => return Understood::OptOut,
        Some(Keyword::Start(_)) => return Understood::OptIn,
        // A Polish plea for help is a question like any other.
        Some(Keyword::Help(_)) | None => {}
    }
    match hear(known, text) {
        Some(Heard::News("")) => Understood::Says(reply::parts(listeners::NEWS_USAGE)),
        Some(Heard::News(_)) => Understood::News,
        Some(Heard::NewsOff) => Understood::Says(reply::parts(listeners::NEWS_OFF)),
        Some(Heard::Word(answer)) => Understood::Says(reply::parts(answer)),
        None => Understood::Talk,
    }
}
