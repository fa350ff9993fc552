//! What an answer of the API means: for a message being created, and for a mere question.
//!
//! Creating is not idempotent, so whatever leaves a doubt is ambiguous; only an answer that proves refusal
//! counts as one. The body of an error may be HTML or empty: the HTTP status alone must be enough.

use hub_domain::{attempt::AttemptOutcome, status::DeliveryStatus};
use serde_json::Value;
use thiserror::Error;

use super::message::{RemoteMessage, number, text};
use crate::transport::{InboundResponse, TransportError};

/// Twilio's words are kept for people; a wall of text is not.
const MAX_WORDS: usize = 500;
/// Internal error: Twilio's own advice is that the message may have been sent.
const INTERNAL_ERROR: u32 = 20500;

/// Why a question to Twilio has no answer. Asking again is always safe.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TwilioError {
    /// No response.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// Twilio answered with an error.
    #[error("Twilio answered {http_status}: {message}")]
    Refused {
        /// HTTP status of the answer.
        http_status: u16,
        /// Twilio's error code, when the body had one.
        code: Option<u32>,
        /// Twilio's English words, or ours when it had none.
        message: String,
    },
    /// A success that can't be read, or not whole.
    #[error("cannot read Twilio's answer: {0}")]
    Unreadable(&'static str),
}

/// What became of a message that was to be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deleted {
    /// Twilio deleted it.
    Now,
    /// Twilio doesn't have it (any more).
    Before,
    /// Twilio answered with a success that doesn't say so.
    Unconfirmed,
}

/// How the call that creates a message ended.
pub(crate) fn of_create(result: Result<InboundResponse, TransportError>) -> AttemptOutcome {
    let response = match result {
        Ok(response) => response,
        Err(TransportError::NotSent(reason)) => return AttemptOutcome::NotSent { reason },
        Err(error @ (TransportError::Lost(_) | TransportError::TooLarge)) => {
            return AttemptOutcome::Ambiguous { reason: error.to_string() };
        }
    };
    if is_success(&response) {
        return accepted(&response);
    }
    let (code, message) = error_words(&response);
    let http_status = response.status;
    // A redirect doesn't say what became of the message, nor do a server's timeout and internal errors.
    let refused = (400..500).contains(&http_status) && http_status != 408 && code != Some(INTERNAL_ERROR);
    if refused {
        AttemptOutcome::Refused { http_status, code, message }
    } else {
        AttemptOutcome::Ambiguous { reason: format!("Twilio answered {http_status}: {message}") }
    }
}

/// The document of a successful answer to a question.
pub(crate) fn of_query(result: Result<InboundResponse, TransportError>) -> Result<Value, TwilioError> {
    let response = result?;
    if is_success(&response) {
        return serde_json::from_slice(&response.body).map_err(|_| TwilioError::Unreadable("not JSON"));
    }
    let (code, message) = error_words(&response);
    Err(TwilioError::Refused { http_status: response.status, code, message })
}

/// How the call that deletes a message ended.
pub(crate) fn of_delete(result: Result<InboundResponse, TransportError>) -> Result<Deleted, TwilioError> {
    let response = result?;
    if is_success(&response) {
        return Ok(if response.status == 204 { Deleted::Now } else { Deleted::Unconfirmed });
    }
    if response.status == 404 {
        return Ok(Deleted::Before);
    }
    let (code, message) = error_words(&response);
    Err(TwilioError::Refused { http_status: response.status, code, message })
}

/// Taken, if the answer names the message: without a SID we could never match its callbacks.
fn accepted(response: &InboundResponse) -> AttemptOutcome {
    let document: Option<Value> = serde_json::from_slice(&response.body).ok();
    let Some(message) = document.as_ref().and_then(RemoteMessage::from_json) else {
        return AttemptOutcome::Ambiguous {
            reason: format!("Twilio answered {} without a readable message", response.status),
        };
    };
    // The lowest rank when the word is missing or new: any later report then still counts.
    let status = message.status.unwrap_or(DeliveryStatus::Accepted);
    AttemptOutcome::Accepted { sid: message.sid, status, from: message.from }
}

fn is_success(response: &InboundResponse) -> bool {
    (200..300).contains(&response.status)
}

/// Code and words of an error body, or words of our own.
fn error_words(response: &InboundResponse) -> (Option<u32>, String) {
    let document: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let words = text(&document, "message")
        .map_or_else(|| format!("HTTP {} without an explanation", response.status), shortened);
    (number(&document, "code"), words)
}

fn shortened(mut words: String) -> String {
    if let Some((end, _)) = words.char_indices().nth(MAX_WORDS) {
        words.truncate(end);
        words.push('…');
    }
    words
}

#[cfg(test)]
mod tests;
