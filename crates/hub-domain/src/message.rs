//! A message in either direction, and who or what wrote it.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    address::Address,
    ids::{ContactId, MessageId, MessageSid},
    keywords::OptOutType,
    status::MessageStatus,
};

/// Which way a message went, seen from the hub.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From a customer to us.
    Inbound,
    /// From us to a customer.
    Outbound,
}

impl Direction {
    /// The word stored and shown by the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "inbound" => Some(Self::Inbound),
            "outbound" => Some(Self::Outbound),
            _ => None,
        }
    }
}

/// Who or what wrote an outbound message. Decides what may stop it and which queue place it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A signed-in person; the only origin that takes a conversation over.
    Human,
    /// The REST API with a bearer token.
    Api,
    /// The command line.
    Cli,
    /// Classic auto-reply.
    Template,
    /// The echo or keyword bot.
    Bot,
    /// A language model, answering.
    Assistant,
    /// One text to many people.
    Campaign,
    /// A text that goes out again and again.
    Reminder,
    /// An answer from the knowledge base at its hour.
    Digest,
    /// The one confirmation of an opt-out by a Polish word.
    OptOutConfirmation,
    /// The one confirmation of an opt-in by a Polish word.
    OptInConfirmation,
}

impl Origin {
    /// Every origin.
    pub const ALL: [Self; 11] = [
        Self::Human,
        Self::Api,
        Self::Cli,
        Self::Template,
        Self::Bot,
        Self::Assistant,
        Self::Campaign,
        Self::Reminder,
        Self::Digest,
        Self::OptOutConfirmation,
        Self::OptInConfirmation,
    ];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Api => "api",
            Self::Cli => "cli",
            Self::Template => "template",
            Self::Bot => "bot",
            Self::Assistant => "assistant",
            Self::Campaign => "campaign",
            Self::Reminder => "reminder",
            Self::Digest => "digest",
            Self::OptOutConfirmation => "optout_confirmation",
            Self::OptInConfirmation => "optin_confirmation",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.as_str() == word)
    }

    /// An answer that no person asked for: capped, and silenced by a person in the conversation.
    pub const fn is_automatic_reply(self) -> bool {
        match self {
            Self::Template | Self::Bot | Self::Assistant => true,
            Self::Human
            | Self::Api
            | Self::Cli
            | Self::Campaign
            | Self::Reminder
            | Self::Digest
            | Self::OptOutConfirmation
            | Self::OptInConfirmation => false,
        }
    }

    /// Sending it puts a person in charge of the conversation.
    pub const fn takes_over(self) -> bool {
        matches!(self, Self::Human)
    }

    /// The highest number of [`priority`](Self::priority).
    pub const LAST_PRIORITY: u8 = 3;

    /// Place in a conversation's queue: a lower number overtakes.
    pub const fn priority(self) -> u8 {
        match self {
            Self::Human | Self::OptOutConfirmation | Self::OptInConfirmation => 0,
            Self::Api | Self::Cli => 1,
            Self::Template | Self::Bot | Self::Assistant => 2,
            Self::Campaign | Self::Reminder | Self::Digest => Self::LAST_PRIORITY,
        }
    }
}

/// One attachment as Twilio names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// Where Twilio keeps it (needs our credentials).
    pub url: String,
    /// As declared by Twilio, never trusted for display.
    pub content_type: Option<String>,
}

/// An inbound webhook, parsed and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inbound {
    /// The deduplication key.
    pub sid: MessageSid,
    /// Who wrote.
    pub from: Address,
    /// Which of our addresses they wrote to.
    pub to: Address,
    /// The text to the byte; empty for a pure picture message.
    pub body: String,
    /// In Twilio's order.
    pub media: Vec<Media>,
    /// Twilio's own opt-out verdict, present with Advanced Opt-Out only.
    pub opt_out_type: Option<OptOutType>,
    /// Every other non-empty field as received, in order: what Twilio adds without notice stays ours.
    pub other_fields: Vec<(String, String)>,
}

/// A status webhook, parsed and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusReport {
    /// Which message.
    pub sid: MessageSid,
    /// Twilio's word, kept even when we don't know it.
    pub status: String,
    /// Only on failures.
    pub error_code: Option<u32>,
    /// From the callback's query: which of our attempts this message came from.
    pub attempt: Option<crate::ids::AttemptId>,
}

/// A message as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Small integer of the compatible API; grows with arrival.
    pub row: i64,
    /// Our identifier.
    pub id: MessageId,
    /// Twilio's, once known.
    pub sid: Option<MessageSid>,
    /// Which way.
    pub direction: Direction,
    /// Whose conversation.
    pub contact: ContactId,
    /// As sent or received; for an outbound message empty until a Messaging Service chose a sender.
    pub from: String,
    /// As sent or received.
    pub to: String,
    /// The text to the byte.
    pub body: String,
    /// How many attachments.
    pub media_count: u32,
    /// Where it stands.
    pub status: MessageStatus,
    /// Twilio's error code, never erased once seen.
    pub error_code: Option<u32>,
    /// Words for the error or the reason it did not leave.
    pub error_text: Option<String>,
    /// Who wrote it; `None` for inbound.
    pub origin: Option<Origin>,
    /// When it was stored.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Who answers in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ConversationMode {
    /// Machines may answer.
    #[default]
    Auto,
    /// Machines propose, a person sends.
    Draft,
    /// A person answers; machines are quiet.
    Human,
}

impl ConversationMode {
    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Draft => "draft",
            Self::Human => "human",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "auto" => Some(Self::Auto),
            "draft" => Some(Self::Draft),
            "human" => Some(Self::Human),
            _ => None,
        }
    }

    /// The mode in force: a takeover ends by itself when its time is over.
    #[must_use]
    pub fn in_force(self, until: Option<Timestamp>, now: Timestamp) -> Self {
        match until {
            Some(until) if until <= now => Self::Auto,
            _ => self,
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests;
