//! Settings that people change while the hub runs.

use hub_domain::settings::AutoReply;
use jiff::Timestamp;

use crate::{
    By, Store, StoreError, SwitchedOn,
    sqlite::{Queue, settings},
};

impl Store {
    /// The classic auto-reply; off when never set.
    pub async fn auto_reply(&self) -> Result<AutoReply, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(settings::read_auto_reply).await,
        }
    }

    /// Saves the classic auto-reply as a person set it; `enabled_since` follows
    /// [`AutoReply::changed`], decided inside the transaction.
    ///
    /// # Errors
    /// The inner error when the text is empty or too long; nothing is written then.
    pub async fn change_auto_reply(
        &self,
        enabled: bool,
        message: String,
        by: By,
        now: Timestamp,
    ) -> Result<Result<AutoReply, hub_domain::settings::AutoReplyError>, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| {
                    settings::change_auto_reply(unit, enabled, &message, &by, now)
                })
                .await
            }
        }
    }

    /// Whether the bot answers; `None` when nobody has set the switch.
    pub async fn bot_enabled(&self) -> Result<Option<bool>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(settings::read_bot_enabled).await,
        }
    }

    /// Sets the bot's switch.
    pub async fn set_bot_enabled(&self, enabled: bool, by: By, now: Timestamp) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| settings::set_bot_enabled(unit, enabled, &by, now)).await
            }
        }
    }

    /// Whether automatic replies may be written at all; they may until somebody switches them off.
    pub async fn automation_enabled(&self) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(settings::read_automation_enabled).await,
        }
    }

    /// Switches all automatic replies on or off. What is queued while it is off is held, and leaves when it is
    /// switched on again in time; the rest is left to a person.
    pub async fn set_automation_enabled(
        &self,
        enabled: bool,
        by: By,
        now: Timestamp,
    ) -> Result<SwitchedOn, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| settings::set_automation_enabled(unit, enabled, &by, now))
                    .await
            }
        }
    }

    /// Sets how long a person stays in charge of a conversation after their last message.
    pub async fn set_takeover_minutes(&self, minutes: u32, now: Timestamp) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| settings::set_takeover(unit, minutes, now)).await
            }
        }
    }

    /// Whether any of `names` has a value set in the panel (credentials kept in the store).
    pub async fn has_settings(&self, names: &'static [&'static str]) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| settings::any(connection, names)).await,
        }
    }
}
