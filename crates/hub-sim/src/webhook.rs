//! A request Twilio makes to us: built, signed, not yet sent.

use serde::Serialize;

use crate::error_codes::error_message;
use crate::message::{SimMessage, Status};
use crate::signature::sign;

/// A signed form post, ready to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// What it tells.
    pub kind: WebhookKind,
    /// The message it is about.
    pub sid: String,
    /// Where it goes, byte for byte as configured (without the fragment).
    pub url: String,
    /// The form fields in order.
    pub params: Vec<(String, String)>,
    /// `params`, encoded.
    pub form_body: String,
    /// `X-Twilio-Signature`.
    pub signature: String,
    /// `I-Twilio-Idempotency-Token`: the same for every attempt.
    pub idempotency_token: String,
    /// 0 for the first attempt, counting retries.
    pub attempt: u32,
    pub(crate) retries: Retries,
}

/// What a webhook tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WebhookKind {
    /// A person wrote.
    Inbound,
    /// A message of ours changed its status.
    Status,
}

impl Webhook {
    pub(crate) fn new(
        kind: WebhookKind,
        sid: &str,
        configured_url: &str,
        params: Vec<(String, String)>,
        auth_token: &str,
        idempotency_token: String,
    ) -> Self {
        let (url, fragment) = configured_url.split_once('#').unwrap_or((configured_url, ""));
        Self {
            kind,
            sid: sid.to_owned(),
            url: url.to_owned(),
            form_body: form_urlencoded::Serializer::new(String::new()).extend_pairs(&params).finish(),
            signature: sign(auth_token, url, &params),
            params,
            idempotency_token,
            attempt: 0,
            retries: Retries::of_fragment(fragment),
        }
    }

    /// The same with other fields, signed anew.
    pub(crate) fn with_params(
        &self,
        auth_token: &str,
        token: String,
        change: impl FnOnce(&mut Vec<(String, String)>),
    ) -> Self {
        let mut params = self.params.clone();
        change(&mut params);
        Self {
            retries: self.retries.clone(),
            ..Self::new(self.kind, &self.sid, &self.url, params, auth_token, token)
        }
    }

    /// Every header of the request.
    pub fn headers(&self) -> [(&'static str, &str); 4] {
        [
            ("content-type", "application/x-www-form-urlencoded; charset=UTF-8"),
            ("user-agent", "TwilioProxy/1.1"),
            ("x-twilio-signature", &self.signature),
            ("i-twilio-idempotency-token", &self.idempotency_token),
        ]
    }

    /// The value of a form field.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Connection overrides in the URL's fragment: `#rc=3&rp=ct,rt,5xx`. By default one retry, only of a connection
/// that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Retries {
    count: u32,
    policy: String,
}

impl Retries {
    fn of_fragment(fragment: &str) -> Self {
        let mut retries = Self { count: 1, policy: "ct".to_owned() };
        for (name, value) in form_urlencoded::parse(fragment.as_bytes()) {
            match &*name {
                "rc" => retries.count = value.parse().unwrap_or(1).min(5),
                "rp" => retries.policy = value.into_owned(),
                _ => {}
            }
        }
        retries
    }

    /// Another attempt follows this failure (`ct`, `rt`, `4xx` or `5xx`).
    pub(crate) fn allow(&self, attempt: u32, failure: &str) -> bool {
        attempt < self.count && self.policy.split(',').any(|word| word == failure || word == "all")
    }
}

/// The WhatsApp sender's installation, the same for all of them.
const CHANNEL_INSTALL: &str = "XE0123456789abcdef0123456789abcdef";

/// The fields of a status callback.
pub(crate) fn status_params(
    message: &SimMessage,
    account_sid: &str,
    done_at: jiff::Timestamp,
) -> Vec<(String, String)> {
    let status = message.status.as_str();
    let mut fields = Fields::default();
    if let (Some(code), Status::Failed | Status::Undelivered) = (message.error_code, message.status) {
        fields.add("ErrorCode", code.to_string());
    }
    fields.add("SmsSid", &message.sid).add("SmsStatus", status).add("MessageStatus", status);
    if let Some(person) = message.to.strip_prefix("whatsapp:") {
        fields
            .add("ChannelPrefix", "whatsapp")
            .add("ChannelToAddress", person)
            .add("ChannelInstallSid", CHANNEL_INSTALL)
            .add("EventType", status.to_uppercase())
            .add("StructuredMessage", "false");
        if let Some(code) = message.error_code {
            fields.add("ChannelStatusMessage", error_message(code));
        }
    } else if matches!(message.status, Status::Delivered | Status::Undelivered) {
        let carriers_clock = done_at.to_zoned(jiff::tz::TimeZone::UTC).strftime("%y%m%d%H%M");
        fields.add("RawDlrDoneDate", carriers_clock.to_string());
    }
    fields.add("To", &message.to);
    if let Some(service) = &message.messaging_service_sid {
        fields.add("MessagingServiceSid", service);
    }
    fields
        .add("MessageSid", &message.sid)
        .add("AccountSid", account_sid)
        .add("From", message.from.as_deref().unwrap_or_default())
        .add("ApiVersion", "2010-04-01");
    fields.into_params()
}

/// Collects form fields.
#[derive(Debug, Default)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    pub(crate) fn add(&mut self, name: impl Into<String>, value: impl Into<String>) -> &mut Self {
        self.0.push((name.into(), value.into()));
        self
    }

    /// Replaces that field, or adds it.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        match self.0.iter_mut().find(|(key, _)| key == name) {
            Some((_, current)) => value.clone_into(current),
            None => self.0.push((name.to_owned(), value.to_owned())),
        }
    }

    pub(crate) fn into_params(self) -> Vec<(String, String)> {
        self.0
    }
}
