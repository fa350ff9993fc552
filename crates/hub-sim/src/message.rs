//! One message as the account knows it, and its JSON in Twilio's shape.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::error_codes::error_message;

/// A message, either way: the simulator's truth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SimMessage {
    /// `SM…`, or `MM…` with media.
    pub sid: String,
    /// Who started it.
    pub direction: Direction,
    /// Unknown while a Messaging Service has not chosen a sender.
    pub from: Option<String>,
    /// The receiver.
    pub to: String,
    /// The text; empty after a redaction.
    pub body: String,
    /// Attached files.
    pub media: Vec<Media>,
    /// Where it stands now.
    pub status: Status,
    /// Why it failed.
    pub error_code: Option<u32>,
    /// The service it goes or came through.
    pub messaging_service_sid: Option<String>,
    /// Billed segments; 0 while a Messaging Service has not chosen a sender.
    pub num_segments: u32,
    /// Where its statuses are posted.
    pub status_callback: Option<String>,
    /// When the API call or the inbound message came.
    pub created: Timestamp,
    /// When the status last changed.
    pub updated: Timestamp,
    /// When it left (or failed to).
    pub sent: Option<Timestamp>,
    /// Removed through the API: no list shows it.
    pub deleted: bool,
    /// The sender a Messaging Service is going to use.
    #[serde(skip)]
    pub(crate) chosen_from: Option<String>,
}

/// An attached file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// Where it can be fetched.
    pub url: String,
    /// Its MIME type.
    pub content_type: String,
}

/// Who started a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// A person wrote to us.
    Inbound,
    /// The REST API.
    OutboundApi,
    /// Twilio answered by itself, or a webhook's answer was sent.
    OutboundReply,
}

impl Direction {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::OutboundApi => "outbound-api",
            Self::OutboundReply => "outbound-reply",
        }
    }
}

/// Twilio's statuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "Twilio's own words")]
pub enum Status {
    Accepted,
    Scheduled,
    Queued,
    Sending,
    Sent,
    Delivered,
    PartiallyDelivered,
    Read,
    Undelivered,
    Failed,
    Canceled,
    Received,
}

impl Status {
    /// Twilio's word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Scheduled => "scheduled",
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::PartiallyDelivered => "partially_delivered",
            Self::Read => "read",
            Self::Undelivered => "undelivered",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
            Self::Received => "received",
        }
    }

    /// It will not be sent any more; `sent` counts, since often nothing follows it.
    pub(crate) const fn is_settled(self) -> bool {
        match self {
            Self::Accepted | Self::Scheduled | Self::Queued | Self::Sending => false,
            Self::Sent
            | Self::Delivered
            | Self::PartiallyDelivered
            | Self::Read
            | Self::Undelivered
            | Self::Failed
            | Self::Canceled
            | Self::Received => true,
        }
    }
}

impl SimMessage {
    /// The Message resource as the REST API shows it.
    pub(crate) fn to_json(&self, account_sid: &str) -> Value {
        let path = format!("/2010-04-01/Accounts/{account_sid}/Messages/{}", self.sid);
        json!({
            "account_sid": account_sid,
            "api_version": "2010-04-01",
            "body": self.body,
            "date_created": rfc2822(self.created),
            "date_sent": self.sent.map(rfc2822),
            "date_updated": rfc2822(self.updated),
            "direction": self.direction.as_str(),
            "error_code": self.error_code,
            "error_message": self.error_code.map(error_message),
            "from": self.from,
            "messaging_service_sid": self.messaging_service_sid,
            "num_media": self.media.len().to_string(),
            "num_segments": self.num_segments.to_string(),
            "price": self.price(),
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status.as_str(),
            "subresource_uris": { "media": format!("{path}/Media.json") },
            "tags": null,
            "to": self.to,
            "uri": format!("{path}.json"),
        })
    }

    /// Billed once it left: 0.0079 a segment.
    fn price(&self) -> Option<String> {
        let billed = self.sent.is_some()
            && self.direction != Direction::Inbound
            && !matches!(self.status, Status::Failed | Status::Canceled);
        let hundred_thousandths = self.num_segments * 790;
        billed.then(|| format!("-{}.{:05}", hundred_thousandths / 100_000, hundred_thousandths % 100_000))
    }
}

/// `Thu, 24 Aug 2023 05:01:45 +0000`.
pub(crate) fn rfc2822(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}
