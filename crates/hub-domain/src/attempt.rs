//! One call to Twilio for one message, and what may be concluded from how it ended.

use crate::{ids::MessageSid, status::DeliveryStatus};

/// How a call that creates a message ended.
///
/// The split matters because creating a message is not idempotent: only an outcome that proves the message
/// was never processed may be followed by a second call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttemptOutcome {
    /// Twilio has the message.
    Accepted {
        /// Twilio's identifier.
        sid: MessageSid,
        /// The initial status; no callback reports it.
        status: DeliveryStatus,
        /// The sender Twilio chose, when it says so.
        from: Option<String>,
    },
    /// Twilio answered and did not take the message.
    Refused {
        /// HTTP status of the answer.
        http_status: u16,
        /// Twilio's error code, when the body had one.
        code: Option<u32>,
        /// Twilio's English words, for the log and the details view.
        message: String,
    },
    /// The request never left (DNS, connect or TLS failure): certainly not processed.
    NotSent {
        /// What failed, for the log.
        reason: String,
    },
    /// The request left and no trustworthy answer came (5xx, timeout, reset, unreadable 2xx).
    Ambiguous {
        /// What happened, for the log.
        reason: String,
    },
}

impl AttemptOutcome {
    /// The stored word.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Accepted { .. } => "accepted",
            Self::Refused { .. } => "refused",
            Self::NotSent { .. } => "not_sent",
            Self::Ambiguous { .. } => "ambiguous",
        }
    }
}
