//! `POST /twilio/status`: what became of a message of ours. Answers in the original's JSON.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use hub_domain::{
    ids::{AttemptId, MessageSid},
    message::StatusReport,
};
use serde_json::json;

use super::{
    Door,
    signed::{Fields, Refusal, Webhook, read},
};
use crate::app::receive::Receiver;

/// Logs the report, applies it, and acknowledges once it is on disk.
pub async fn status<R: Receiver>(State(door): State<Arc<Door<R>>>, request: Request) -> Response {
    let webhook = match read(&door, request).await {
        Ok(webhook) => webhook,
        Err(Refusal::Unproven) => return forbidden(),
        Err(refusal) => return error(refusal.status(), refusal.words()),
    };
    let report = match parse(webhook) {
        Ok(report) => report,
        Err(reason) => {
            tracing::warn!(reason, "Status webhook refused");
            return error(StatusCode::BAD_REQUEST, reason);
        }
    };
    let sid = report.sid.clone();
    match door.receiver.report(report).await {
        Ok(_) => Json(json!({ "status": "ok" })).into_response(),
        Err(fault) => {
            tracing::error!(message.sid = %sid, error = %fault, "a status could not be stored");
            error(StatusCode::SERVICE_UNAVAILABLE, "could not be stored")
        }
    }
}

fn forbidden() -> Response {
    let body = json!({ "status": "forbidden", "message": "Invalid signature" });
    (StatusCode::FORBIDDEN, Json(body)).into_response()
}

fn error(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "status": "error", "message": message }))).into_response()
}

fn parse(webhook: Webhook) -> Result<StatusReport, &'static str> {
    let attempt = attempt(webhook.query.as_deref().unwrap_or_default());
    let mut fields = Fields::of(webhook.fields);
    let mut either = |name, older| {
        let value = fields.take(name).map_err(|_| "a field given twice with different values")?;
        let older = fields.take(older).map_err(|_| "a field given twice with different values")?;
        Ok::<_, &'static str>(value.or(older).filter(|text| !text.is_empty()))
    };
    let sid = either("MessageSid", "SmsSid")?.ok_or("Missing MessageSid")?;
    let status = either("MessageStatus", "SmsStatus")?.ok_or("Missing status")?;
    let code = fields.take("ErrorCode").map_err(|_| "a field given twice with different values")?;
    if status.len() > 64 {
        return Err("the status is too long");
    }
    Ok(StatusReport {
        sid: MessageSid::parse(&sid).map_err(|_| "MessageSid is not a message SID")?,
        status,
        error_code: code.and_then(|text| text.trim().parse().ok()),
        attempt,
    })
}

/// Our attempt's identifier from the address that we gave Twilio.
fn attempt(query: &str) -> Option<AttemptId> {
    let (_, value) = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "attempt")?;
    value.parse().ok().map(AttemptId)
}

#[cfg(test)]
mod tests;
