//! `POST /twilio/inbound`: a customer wrote.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use hub_domain::{
    address::Address,
    ids::MessageSid,
    keywords::OptOutType,
    message::{Inbound, Media},
};

use super::{
    Door,
    signed::{Ambiguous, Fields, read},
};
use crate::app::receive::Receiver;

/// An empty TwiML document: Twilio sends nothing back. (A text/plain answer would be texted to the customer.)
const EMPTY_TWIML: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Response/>"#;

/// Names that say the same as a field we keep, or nothing about the message.
const REPEATED: [&str; 5] = ["SmsSid", "SmsMessageSid", "SmsStatus", "NumMedia", "ApiVersion"];

/// Stores the message and answers with empty TwiML once it is on disk.
pub async fn inbound<R: Receiver>(State(door): State<Arc<Door<R>>>, request: Request) -> Response {
    let webhook = match read(&door, request).await {
        Ok(webhook) => webhook,
        Err(refusal) => return (refusal.status(), refusal.words()).into_response(),
    };
    let inbound = match parse(webhook.fields) {
        Ok(inbound) => inbound,
        Err(fault) => {
            tracing::warn!(field = fault.field, reason = fault.reason, "Inbound webhook refused");
            return (StatusCode::BAD_REQUEST, format!("{} {}", fault.field, fault.reason)).into_response();
        }
    };
    let sid = inbound.sid.clone();
    match door.receiver.receive(inbound).await {
        Ok(_) => ([(CONTENT_TYPE, "application/xml; charset=utf-8")], EMPTY_TWIML).into_response(),
        Err(error) => {
            tracing::error!(message.sid = %sid, %error, "an inbound message could not be stored");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// What is wrong with the fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fault {
    field: &'static str,
    reason: &'static str,
}

impl From<Ambiguous> for Fault {
    fn from(Ambiguous(field): Ambiguous) -> Self {
        Self { field, reason: "given twice with different values" }
    }
}

fn parse(fields: Vec<(String, String)>) -> Result<Inbound, Fault> {
    let media = media(&fields);
    let mut fields = Fields::of(fields);
    let fault = |field, reason| Fault { field, reason };
    let required = |value: Option<String>, field| match value {
        Some(text) if !text.trim().is_empty() => Ok(text),
        _ => Err(fault(field, "is missing")),
    };
    let sid = required(fields.take("MessageSid")?, "MessageSid")?;
    let from = required(fields.take("From")?, "From")?;
    let to = required(fields.take("To")?, "To")?;
    let body = fields.take("Body")?.unwrap_or_default();
    let opt_out_type = fields.take("OptOutType")?.and_then(|text| OptOutType::parse(&text));
    let inbound = Inbound {
        sid: MessageSid::parse(&sid).map_err(|_| fault("MessageSid", "is not a message SID"))?,
        from: Address::from_provider(&from).map_err(|_| fault("From", "is not an address"))?,
        to: Address::from_provider(&to).map_err(|_| fault("To", "is not an address"))?,
        body,
        media,
        opt_out_type,
        other_fields: fields
            .rest()
            .into_iter()
            .filter(|(name, _)| !REPEATED.contains(&name.as_str()) && media_index(name).is_none())
            .collect(),
    };
    Ok(inbound)
}

/// Every `MediaUrlN` that is there, in order of N, whatever `NumMedia` says.
fn media(fields: &[(String, String)]) -> Vec<Media> {
    let mut found: Vec<(u32, Media)> = fields
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .filter_map(|(name, url)| {
            let index = name.strip_prefix("MediaUrl").and_then(number)?;
            let type_of = |(other, _): &&(String, String)| {
                other.strip_prefix("MediaContentType").and_then(number) == Some(index)
            };
            let content_type = fields.iter().find(type_of).map(|(_, value)| value.clone());
            Some((
                index,
                Media { url: url.clone(), content_type: content_type.filter(|text| !text.is_empty()) },
            ))
        })
        .collect();
    found.sort_by_key(|(index, _)| *index);
    found.dedup_by_key(|(index, _)| *index);
    found.into_iter().map(|(_, media)| media).collect()
}

fn media_index(name: &str) -> Option<u32> {
    name.strip_prefix("MediaUrl").or_else(|| name.strip_prefix("MediaContentType")).and_then(number)
}

fn number(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests;
