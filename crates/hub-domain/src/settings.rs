//! Settings that a person changes while the hub runs, and the caps on automatic messages.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{country, spending::Micros};

/// Longest classic auto-reply, in characters (the original's limit).
pub const AUTO_REPLY_MAX_CHARS: usize = 640;

/// The classic auto-reply: one text for everyone who writes.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AutoReply {
    /// On or off.
    pub enabled: bool,
    /// The text.
    pub message: String,
    /// Messages received before this moment are not answered; kept while the switch stays on.
    pub enabled_since: Option<Timestamp>,
}

/// Why a classic auto-reply can't be saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum AutoReplyError {
    /// Switched on without a text.
    #[error("an enabled auto-reply needs a text")]
    EmptyMessage,
    /// Longer than [`AUTO_REPLY_MAX_CHARS`].
    #[error("the auto-reply text is longer than {AUTO_REPLY_MAX_CHARS} characters")]
    TooLong,
}

impl AutoReply {
    /// The setting after a person saved `enabled` and `message` at `now`.
    pub fn changed(&self, enabled: bool, message: &str, now: Timestamp) -> Result<Self, AutoReplyError> {
        let message = message.trim();
        if enabled && message.is_empty() {
            return Err(AutoReplyError::EmptyMessage);
        }
        if message.chars().count() > AUTO_REPLY_MAX_CHARS {
            return Err(AutoReplyError::TooLong);
        }
        let enabled_since = match (enabled, self.enabled) {
            (false, _) => None,
            (true, true) => self.enabled_since.or(Some(now)),
            (true, false) => Some(now),
        };
        Ok(Self { enabled, message: message.to_owned(), enabled_since })
    }
}

/// How many automatic replies may be written. `0` lifts a cap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caps {
    /// To one person in any ten minutes.
    pub contact_10_min: u32,
    /// To one person in any 24 hours.
    pub contact_day: u32,
    /// To everyone in any minute; delays, never drops.
    pub minute: u32,
}

impl Default for Caps {
    fn default() -> Self {
        Self { contact_10_min: 3, contact_day: 12, minute: 30 }
    }
}

/// Everything that keeps automatic messages within bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guards {
    /// How many.
    pub caps: Caps,
    /// Where to: ISO codes, calling codes, or `*`.
    pub countries: Vec<String>,
    /// For how much a day, in millionths; `0` lifts it.
    pub money_day: Micros,
    /// Whether a machine at the other end is left to a person.
    pub stops_loops: bool,
}

impl Default for Guards {
    fn default() -> Self {
        Self {
            caps: Caps::default(),
            countries: vec!["PL".to_owned()],
            money_day: 10_000_000,
            stops_loops: true,
        }
    }
}

/// What a person chose of the guards; `None`: the environment's value, or the program's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "each is the choice of the field of the same name")]
pub struct GuardChoice {
    pub contact_10_min: Option<u32>,
    pub contact_day: Option<u32>,
    pub minute: Option<u32>,
    pub countries: Option<Vec<String>>,
    pub money_day: Option<Micros>,
    pub stops_loops: Option<bool>,
}

/// Why countries can't be saved.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BadCountries {
    /// None at all: nobody would be answered.
    #[error("name at least one country: PL, +48 or *")]
    Nowhere,
    /// One that nobody knows.
    #[error("{0:?} is no country: write PL, +48 or *")]
    Unknown(String),
}

impl GuardChoice {
    /// The choice with `change` made to it: what `change` leaves open stays.
    pub fn with(self, change: Self) -> Result<Self, BadCountries> {
        if change.countries.as_ref().is_some_and(Vec::is_empty) {
            return Err(BadCountries::Nowhere);
        }
        let unknown = change.countries.iter().flatten().find(|country| !country::is_known(country.trim()));
        if let Some(unknown) = unknown {
            return Err(BadCountries::Unknown(unknown.clone()));
        }
        Ok(Self {
            contact_10_min: change.contact_10_min.or(self.contact_10_min),
            contact_day: change.contact_day.or(self.contact_day),
            minute: change.minute.or(self.minute),
            countries: change.countries.or(self.countries),
            money_day: change.money_day.or(self.money_day),
            stops_loops: change.stops_loops.or(self.stops_loops),
        })
    }

    /// The guards in force: the choice over `base`.
    pub fn over(self, base: &Guards) -> Guards {
        Guards {
            caps: Caps {
                contact_10_min: self.contact_10_min.unwrap_or(base.caps.contact_10_min),
                contact_day: self.contact_day.unwrap_or(base.caps.contact_day),
                minute: self.minute.unwrap_or(base.caps.minute),
            },
            countries: self.countries.unwrap_or_else(|| base.countries.clone()),
            money_day: self.money_day.unwrap_or(base.money_day),
            stops_loops: self.stops_loops.unwrap_or(base.stops_loops),
        }
    }
}

#[cfg(test)]
mod tests;
