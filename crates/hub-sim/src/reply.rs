//! What an API call comes back with, and how that becomes an HTTP response.

use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde_json::{Value, json};

/// Extension of a response that must never reach the client: a transport turns it into an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionFault {
    /// The connection closes without a byte of answer.
    Cut,
    /// The connection stays open and nothing comes.
    Hang,
}

/// Extension of a response that takes time. In process it can be ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Latency(pub Duration);

/// The answer to an API call.
#[derive(Debug)]
pub(crate) enum Reply {
    Json(StatusCode, Value),
    Refused(Refusal),
    Deleted,
    Garbage,
    /// A proxy's page instead of Twilio's answer.
    HtmlError,
    /// A 2xx that breaks off.
    Truncated(Value),
    Fault(ConnectionFault),
}

/// An error in Twilio's shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) code: u32,
    pub(crate) message: String,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, code: u32, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    /// 400: this message will never pass.
    pub(crate) fn bad(code: u32, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    pub(crate) fn not_found(path: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, 20404, format!("The requested resource {path} was not found"))
    }

    pub(crate) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, 20003, "Authenticate")
    }

    pub(crate) fn queue_full() -> Self {
        Self::bad(21611, "This 'From' number has exceeded the maximum number of queued messages")
    }

    pub(crate) fn throttled() -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, 20429, "Too Many Requests")
    }

    pub(crate) fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, 20500, "An internal server error has occurred")
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        match self {
            Self::Json(status, value) => json_response(status, &value),
            Self::Refused(refusal) => refusal.into_response(),
            Self::Deleted => StatusCode::NO_CONTENT.into_response(),
            Self::Garbage => {
                (StatusCode::CREATED, [(CONTENT_TYPE, "application/json")], "{\"sid\": \"SM").into_response()
            }
            Self::HtmlError => {
                let page = "<html><head><title>503 Service Temporarily Unavailable</title></head></html>";
                (StatusCode::SERVICE_UNAVAILABLE, [(CONTENT_TYPE, "text/html")], page).into_response()
            }
            Self::Truncated(value) => {
                let whole = value.to_string();
                let half: String = whole.chars().take(whole.chars().count() / 2).collect();
                (StatusCode::OK, [(CONTENT_TYPE, "application/json")], half).into_response()
            }
            Self::Fault(fault) => {
                // The status is for a transport that overlooks the extension: never a success.
                let mut response = StatusCode::BAD_GATEWAY.into_response();
                response.extensions_mut().insert(fault);
                response
            }
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let more_info = format!("https://www.twilio.com/docs/errors/{}", self.code);
        let body = json!({
            "code": self.code,
            "message": self.message,
            "more_info": more_info,
            "status": self.status.as_u16(),
        });
        let mut response = json_response(self.status, &body);
        if self.status == StatusCode::TOO_MANY_REQUESTS {
            response
                .headers_mut()
                .insert("Twilio-Concurrent-Requests", http::HeaderValue::from_static("100"));
        }
        response
    }
}

fn json_response(status: StatusCode, value: &Value) -> Response {
    (status, [(CONTENT_TYPE, "application/json")], Body::from(value.to_string())).into_response()
}
