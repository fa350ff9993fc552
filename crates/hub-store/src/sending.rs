//! Whether messages leave at all, and on what terms: the rate of each sender, the stop of the whole queue.

use hub_domain::{
    pace::Rates,
    stop::{Fingerprint, Stop},
};
use jiff::Timestamp;

use crate::{
    Store, StoreError,
    sqlite::{Queue, stop},
};

/// On what terms this process sends.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    /// How fast each sender's messages leave.
    pub rates: Rates,
    /// With which credentials.
    pub credentials: Fingerprint,
}

/// What one call changed for all messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendingChange {
    /// Twilio refuses our account: the queue stands still from now on.
    Stopped,
    /// Twilio takes it again: the queue goes on.
    Resumed,
}

impl Store {
    /// Why nothing leaves, and since when; `None`: messages leave.
    pub async fn sending_stop(&self) -> Result<Option<Stop>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(stop::find).await,
        }
    }

    /// Twilio refused to show its list. Refused credentials make the queue stand still as a refused message does.
    pub async fn account_unread(
        &self,
        http_status: u16,
        code: Option<u32>,
        credentials: Fingerprint,
        now: Timestamp,
    ) -> Result<Option<SendingChange>, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| stop::unread(unit, http_status, code, credentials, now))
                    .await
            }
        }
    }

    /// Twilio showed its list. Returns whether that ended a stop.
    pub async fn account_read(&self, credentials: Fingerprint, now: Timestamp) -> Result<bool, StoreError> {
        if self.sending_stop().await?.is_none() {
            return Ok(false);
        }
        match self {
            Self::Sqlite(db) => db.write(Queue::Work, move |unit| stop::read(unit, credentials, now)).await,
        }
    }

    /// At start: ends a stop that other credentials than these had caused. Returns whether there was one.
    pub async fn resume_with(&self, credentials: Fingerprint, now: Timestamp) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| stop::resume_with(unit, credentials, now)).await
            }
        }
    }
}
