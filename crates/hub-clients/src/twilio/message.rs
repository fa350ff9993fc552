//! A message as Twilio describes it, read tolerantly: every property may be missing, null or of another type.

use hub_domain::{ids::MessageSid, status::DeliveryStatus};
use jiff::{Timestamp, fmt::rfc2822};
use serde_json::Value;

/// What Twilio knows of a message. Only the SID is certain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteMessage {
    /// Twilio's identifier.
    pub sid: MessageSid,
    /// The status, when it is one of an outbound message that we know.
    pub status: Option<DeliveryStatus>,
    /// The status as written: `received` for inbound, and words we don't know yet.
    pub raw_status: Option<String>,
    /// `inbound`, `outbound-api`, `outbound-call` or `outbound-reply`.
    pub direction: Option<String>,
    /// Missing while a Messaging Service has not chosen a sender.
    pub from: Option<String>,
    /// The recipient.
    pub to: Option<String>,
    /// The text as Twilio kept it; may differ from ours (shortened links, smart encoding, redaction).
    pub body: Option<String>,
    /// 0 while a Messaging Service has not chosen a sender.
    pub num_segments: Option<u32>,
    /// Count of media.
    pub num_media: Option<u32>,
    /// Twilio's error code.
    pub error_code: Option<u32>,
    /// Twilio's words for the error.
    pub error_message: Option<String>,
    /// When Twilio took it.
    pub date_created: Option<Timestamp>,
    /// When anything last changed.
    pub date_updated: Option<Timestamp>,
    /// When it left; missing while queued.
    pub date_sent: Option<Timestamp>,
    /// A decimal number, often negative; missing until billed.
    pub price: Option<String>,
    /// Currency of the price.
    pub price_unit: Option<String>,
    /// `MG…`, when sent through a Messaging Service.
    pub messaging_service_sid: Option<String>,
}

impl RemoteMessage {
    /// Reads one message; `None` if it has no usable SID.
    pub fn from_json(value: &Value) -> Option<Self> {
        let sid = MessageSid::parse(value.get("sid")?.as_str()?).ok()?;
        let raw_status = text(value, "status");
        Some(Self {
            sid,
            status: raw_status.as_deref().and_then(DeliveryStatus::parse),
            raw_status,
            direction: text(value, "direction"),
            from: text(value, "from"),
            to: text(value, "to"),
            body: value.get("body").and_then(Value::as_str).map(str::to_owned),
            num_segments: number(value, "num_segments"),
            num_media: number(value, "num_media"),
            error_code: number(value, "error_code"),
            error_message: text(value, "error_message"),
            date_created: date(value, "date_created"),
            date_updated: date(value, "date_updated"),
            date_sent: date(value, "date_sent"),
            price: text(value, "price"),
            price_unit: text(value, "price_unit"),
            messaging_service_sid: text(value, "messaging_service_sid"),
        })
    }
}

/// A string or a number, as text; an empty string counts as missing.
pub(crate) fn text(value: &Value, name: &str) -> Option<String> {
    let property = value.get(name)?;
    let written = property.as_str().map(str::to_owned);
    written.or_else(|| property.as_number().map(ToString::to_string)).filter(|text| !text.is_empty())
}

/// A whole number, written as a number or as a string.
pub(crate) fn number(value: &Value, name: &str) -> Option<u32> {
    text(value, name)?.trim().parse().ok()
}

/// RFC 2822 as Twilio writes it, or RFC 3339 as imitations do.
fn date(value: &Value, name: &str) -> Option<Timestamp> {
    const TWILIO: rfc2822::DateTimeParser = rfc2822::DateTimeParser::new().relaxed_weekday(true);
    let written = text(value, name)?;
    TWILIO.parse_timestamp(&written).ok().or_else(|| written.parse().ok())
}

#[cfg(test)]
mod tests;
