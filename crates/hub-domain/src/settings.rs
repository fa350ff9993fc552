//! Settings that a person changes while the hub runs, and the caps on automatic messages.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

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

#[cfg(test)]
mod tests;
