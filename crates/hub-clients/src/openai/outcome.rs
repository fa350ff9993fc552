//! What an answer of a model service means.

use std::time::Duration;

use http::HeaderMap;
use serde_json::Value;
use thiserror::Error;

use crate::transport::{InboundResponse, TransportError};

/// Words of a service are kept for people; a wall of text is not.
const MAX_WORDS: usize = 300;

/// Why there is no answer. None of these texts holds the key or what was asked.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ModelError {
    /// The key is not taken.
    #[error("the service does not take the key (HTTP {0})")]
    Unauthorised(u16),
    /// Too many requests, or no money left.
    #[error("the service asks to slow down{}", if *.out_of_credit { " (out of credit)" } else { "" })]
    Throttled {
        /// How long it asks to wait.
        retry_after: Option<Duration>,
        /// Waiting will not help: somebody has to pay.
        out_of_credit: bool,
    },
    /// The request is at fault: an unknown model, a text too long for it …
    #[error("the service refused the request (HTTP {http_status}): {message}")]
    Refused {
        /// HTTP status of the answer.
        http_status: u16,
        /// Its words.
        message: String,
    },
    /// The service is in trouble.
    #[error("the service is in trouble (HTTP {http_status})")]
    Overloaded {
        /// HTTP status of the answer.
        http_status: u16,
        /// How long it asks to wait.
        retry_after: Option<Duration>,
    },
    /// No connection could be made.
    #[error("the service cannot be reached: {0}")]
    Unreachable(String),
    /// No whole answer came in time.
    #[error("the service gave no answer in time: {0}")]
    NoAnswer(String),
    /// The answer is larger than any we want.
    #[error("the service's answer is larger than allowed")]
    TooLarge,
    /// A success that can't be read.
    #[error("the service's answer cannot be read: {0}")]
    Unreadable(&'static str),
    /// A success without a text.
    #[error("the service's answer is empty")]
    Empty,
    /// The service's own filter took the answer.
    #[error("the service's filter withheld the answer")]
    Filtered,
}

impl ModelError {
    /// The stored word.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Unauthorised(_) => "unauthorised",
            Self::Throttled { .. } => "throttled",
            Self::Refused { .. } => "refused",
            Self::Overloaded { .. } => "overloaded",
            Self::Unreachable(_) => "unreachable",
            Self::NoAnswer(_) => "no_answer",
            Self::TooLarge => "too_large",
            Self::Unreadable(_) => "unreadable",
            Self::Empty => "empty",
            Self::Filtered => "filtered",
        }
    }

    /// Whether the host fails, so that the next call would too. A request refused or an answer withheld says
    /// nothing about the next.
    pub const fn is_trouble_of_the_host(&self) -> bool {
        match self {
            Self::Unauthorised(_)
            | Self::Throttled { .. }
            | Self::Overloaded { .. }
            | Self::Unreachable(_)
            | Self::NoAnswer(_)
            | Self::TooLarge
            | Self::Unreadable(_) => true,
            Self::Refused { .. } | Self::Empty | Self::Filtered => false,
        }
    }
}

/// The body of a success. `key` must not come back in an error's words.
pub(super) fn success(
    result: Result<InboundResponse, TransportError>,
    key: &str,
) -> Result<InboundResponse, ModelError> {
    let response = match result {
        Ok(response) => response,
        Err(TransportError::NotSent(reason)) => return Err(ModelError::Unreachable(reason)),
        Err(TransportError::Lost(reason)) => return Err(ModelError::NoAnswer(reason)),
        Err(TransportError::TooLarge) => return Err(ModelError::TooLarge),
    };
    let retry_after = retry_after(&response.headers);
    match response.status {
        200..300 => Ok(response),
        status @ (401 | 403) => Err(ModelError::Unauthorised(status)),
        429 => {
            Err(ModelError::Throttled { retry_after, out_of_credit: code(&response) == "insufficient_quota" })
        }
        http_status @ (408 | 409 | 500..) => Err(ModelError::Overloaded { http_status, retry_after }),
        http_status => Err(ModelError::Refused { http_status, message: words(&response, key) }),
    }
}

pub(super) fn document(response: &InboundResponse) -> Result<Value, ModelError> {
    serde_json::from_slice(&response.body).map_err(|_| ModelError::Unreadable("not JSON"))
}

/// Seconds, as all of them write it; OpenAI also gives milliseconds and, per limit, `1m2.5s`.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    if let Some(millis) = text("retry-after-ms").and_then(|text| text.parse().ok()) {
        return Some(Duration::from_millis(millis));
    }
    if let Some(seconds) = text("retry-after").and_then(|text| text.parse().ok()) {
        return Some(Duration::from_secs(seconds));
    }
    let used_up = |what: &str| text(&format!("x-ratelimit-remaining-{what}")) == Some("0");
    ["requests", "tokens"]
        .into_iter()
        .filter(|what| used_up(what))
        .filter_map(|what| span(text(&format!("x-ratelimit-reset-{what}"))?))
        .max()
}

/// Reads `6m0s`, `1.5s`, `20ms`.
fn span(text: &str) -> Option<Duration> {
    let mut total = Duration::ZERO;
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
        let (number, after) = rest.split_at(end);
        let number: f64 = number.parse().ok()?;
        let end = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at(end);
        let seconds = match unit {
            "h" => 3600.0,
            "m" => 60.0,
            "s" => 1.0,
            "ms" => 0.001,
            _ => return None,
        };
        total = total.saturating_add(Duration::try_from_secs_f64(number * seconds).ok()?);
        rest = after;
    }
    Some(total)
}

fn error(response: &InboundResponse) -> Value {
    let mut document: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    document.get_mut("error").map(Value::take).unwrap_or(document)
}

fn code(response: &InboundResponse) -> String {
    let error = error(response);
    let word = |name: &str| error.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    Some(word("code")).filter(|code| !code.is_empty()).unwrap_or_else(|| word("type"))
}

/// The service's words, shortened; a key it repeats is blotted out.
fn words(response: &InboundResponse, key: &str) -> String {
    let error = error(response);
    let text = error.as_str().or_else(|| error.get("message")?.as_str()).unwrap_or("no explanation");
    let text = if key.is_empty() { text.to_owned() } else { text.replace(key, "…") };
    text.chars().filter(|c| !c.is_control()).take(MAX_WORDS).collect()
}

#[cfg(test)]
mod tests;
