//! What became of a webhook: the log, Twilio's reading of the answer, and its retries.

use jiff::Timestamp;
use serde::Serialize;

use crate::state::{Event, State};
use crate::twiml;
use crate::webhook::{Webhook, WebhookKind};

/// The log keeps this many of the latest attempts.
const LOGGED: usize = 20_000;

/// The HTTP answer to a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookAnswer {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`, possibly with parameters; empty if there was none.
    pub content_type: String,
    /// The body.
    pub body: String,
}

/// Why there was no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WebhookFailure {
    /// The connection could not be made.
    Connect(String),
    /// Connected, but no (whole) answer in time.
    Read(String),
}

/// One attempt in the log.
#[derive(Clone, Debug, Serialize)]
pub struct WebhookRecord {
    /// When the answer came.
    pub at: Timestamp,
    /// What it told.
    pub kind: WebhookKind,
    /// Of which message.
    pub sid: String,
    /// The status a status callback told.
    pub message_status: Option<String>,
    /// Where it went.
    pub url: String,
    /// 0 for the first attempt.
    pub attempt: u32,
    /// HTTP status of the answer.
    pub status: Option<u16>,
    /// What Twilio's debugger would say: code and text.
    pub error: Option<(u32, String)>,
}

impl State {
    /// Notes an answer and does what Twilio does with it.
    pub(crate) fn answered(
        &mut self,
        webhook: &Webhook,
        result: &Result<WebhookAnswer, WebhookFailure>,
        now: Timestamp,
    ) {
        self.counts.webhooks += 1;
        let (status, error, failure) = match result {
            Err(WebhookFailure::Connect(why)) => (None, Some((11205, why.clone())), Some("ct")),
            Err(WebhookFailure::Read(why)) => (None, Some((11200, why.clone())), Some("rt")),
            Ok(answer) => match answer.status {
                400..=499 => {
                    (Some(answer.status), Some((11200, "HTTP client error".to_owned())), Some("4xx"))
                }
                500.. => (Some(answer.status), Some((11200, "HTTP server error".to_owned())), Some("5xx")),
                _ => (Some(answer.status), self.obey(webhook, answer, now), None),
            },
        };
        if self.webhook_log.len() >= LOGGED {
            self.webhook_log.pop_front();
        }
        self.webhook_log.push_back(WebhookRecord {
            at: now,
            kind: webhook.kind,
            sid: webhook.sid.clone(),
            message_status: webhook.param("MessageStatus").map(str::to_owned),
            url: webhook.url.clone(),
            attempt: webhook.attempt,
            status,
            error,
        });
        if failure.is_some_and(|failure| webhook.retries.allow(webhook.attempt, failure)) {
            let retry = Webhook { attempt: webhook.attempt + 1, ..webhook.clone() };
            self.plan(now, Event::Deliver(Box::new(retry)));
        }
    }

    /// Sends what the answer of an inbound webhook asks for; the error Twilio logs if it can't.
    fn obey(&mut self, webhook: &Webhook, answer: &WebhookAnswer, now: Timestamp) -> Option<(u32, String)> {
        // The answer to a status callback is ignored.
        if webhook.kind == WebhookKind::Status || answer.body.is_empty() {
            return None;
        }
        let content_type =
            answer.content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let texts = match content_type.as_str() {
            "text/plain" => vec![answer.body.clone()],
            "text/xml" | "application/xml" | "text/html" => match twiml::messages(&answer.body) {
                Some(texts) => texts,
                None => return Some((12100, "Document parse failure".to_owned())),
            },
            other => return Some((12300, format!("Invalid Content-Type: {other}"))),
        };
        let (ours, person) = (webhook.param("To")?, webhook.param("From")?);
        for text in texts.iter().filter(|text| !text.is_empty()) {
            if self.opt_outs.blocks(&self.config, ours, person) {
                return Some((21610, "Attempt to send to unsubscribed recipient".to_owned()));
            }
            self.reply_to_person(ours, person, text, now);
        }
        None
    }
}
