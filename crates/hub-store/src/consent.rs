//! The suppression list: people who asked for silence, across all our numbers, and the evidence of it.

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
    /// How we know: `keyword`, `twilio`, `twilio_21610`, `recovered`, `imported`,
    /// `operator`, `panel`.
    pub source: String,
    /// Since when.
    pub since: Timestamp,
}

/// One change of a person's consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentEntry {
    /// `true`: they want to hear from us.
    pub opted_in: bool,
    /// How we know.
    pub source: String,
    /// The words or the ground that no message of theirs proves.
    pub note: Option<String>,
    /// When.
    pub at: Timestamp,
    /// The row of the message that proves it.
    pub message: Option<i64>,
    /// Twilio's identifier of that message.
    pub sid: Option<String>,
    /// Its text.
    pub body: Option<String>,
}

impl Store {
    /// The entry of one person, if they asked for silence.
    pub async fn suppression(&self, person: String) -> Result<Option<Suppression>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| consent::find(connection, &person)).await,
        }
    }

    /// People on the list, newest first, below the last one of the page before.
    pub async fn suppressions(
        &self,
        before: Option<(Timestamp, String)>,
        limit: u32,
    ) -> Result<Vec<Suppression>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| consent::list(connection, before, limit)).await,
        }
    }

    /// Every change of a person's consent, oldest first.
    pub async fn consent_history(&self, person: String) -> Result<Vec<ConsentEntry>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| consent::history(connection, &person)).await,
        }
    }

    /// Writes down a consent or its withdrawal that a person of ours was told of, with its words or ground.
    pub async fn note_consent(
        &self,
        person: String,
        opted_in: bool,
        note: String,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| consent::by_operator(unit, &person, opted_in, &note, now))
                    .await
            }
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
