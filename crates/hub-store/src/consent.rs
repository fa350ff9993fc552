//! The suppression list: people who asked for silence, across all our numbers.

use hub_domain::message::ConversationMode;
use jiff::Timestamp;

use crate::{
    Store, StoreError,
    sqlite::{Queue, consent, conversations},
};

/// One person on the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// [`hub_domain::address::Address::person_key`].
    pub person: String,
    /// How we know: `keyword`, `twilio`, `twilio_21610`, `recovered`, `panel`.
    pub source: String,
    /// Since when.
    pub since: Timestamp,
}

impl Store {
    /// The entry of one person, if they asked for silence.
    pub async fn suppression(&self, person: String) -> Result<Option<Suppression>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| consent::find(connection, &person)).await,
        }
    }

    /// Sets who is in charge of a person's conversations, until a moment or until changed.
    pub async fn set_mode(
        &self,
        person: String,
        mode: ConversationMode,
        until: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| conversations::set_mode(unit, &person, mode, until)).await
            }
        }
    }
}
