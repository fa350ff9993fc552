//! What Twilio knows of a message, in our words: learned by asking, not from a webhook.

use jiff::Timestamp;

use crate::{address::Address, ids::MessageSid, message::Direction, status::DeliveryStatus};

/// One message as Twilio's API describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteFacts {
    /// Twilio's identifier.
    pub sid: MessageSid,
    /// Which way.
    pub direction: Direction,
    /// The other party.
    pub them: Address,
    /// Our number, name or service; empty when Twilio doesn't say.
    pub us: String,
    /// The Messaging Service it went or came through.
    pub service: Option<String>,
    /// The text as Twilio has it now.
    pub body: String,
    /// How many attachments.
    pub media_count: u32,
    /// Where an outbound one stands, when we know the word.
    pub status: Option<DeliveryStatus>,
    /// Twilio's error code.
    pub error_code: Option<u32>,
    /// When Twilio took it.
    pub created_at: Option<Timestamp>,
    /// Billed segments.
    pub segments: Option<u32>,
    /// A decimal number, often negative.
    pub price: Option<String>,
    /// Its currency.
    pub price_unit: Option<String>,
}
