//! A message as a thread shows it, and its details: `/api/messages/<id>/details`.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use hub_domain::message::Origin;
use hub_store::{AttemptRecord, StatusReportRecord, ThreadEntry};
use serde_json::{Value, json};

use super::{
    LANG,
    messages::{item, store_fault, time},
    path::Path,
};
use crate::{
    i18n::decision,
    t,
    web::{Web, error::api_error},
};

pub(crate) async fn details(State(web): State<Web>, Path(name): Path<String>) -> Response {
    let row = match web.app.named_message(&name).await {
        Ok(Some(message)) => message.row,
        Ok(None) => return not_found(),
        Err(error) => return store_fault(&error),
    };
    match web.app.message_details(row).await {
        Ok(Some(details)) => {
            let attempts: Vec<Value> = details.attempts.iter().map(attempt).collect();
            let reports: Vec<Value> = details.reports.iter().map(report).collect();
            Json(json!({ "message": entry(&details.entry), "attempts": attempts, "reports": reports }))
                .into_response()
        }
        Ok(None) => not_found(),
        Err(error) => store_fault(&error),
    }
}

/// The original's fields, and those that a bubble shows besides.
pub(super) fn entry(entry: &ThreadEntry) -> Value {
    let message = &entry.message;
    let media: Vec<Value> =
        entry.media.iter().map(|media| json!({ "content_type": media.content_type })).collect();
    let mut shown = item(message, LANG);
    let more = json!({
        "client_id": message.id,
        "contact": message.contact,
        "origin": message.origin.map(Origin::as_str),
        "author": entry.author,
        "error_code": message.error_code,
        "reason": message.error_text,
        "retry_of": entry.retry_of,
        "retried_by": entry.retried_by,
        "reply_to": entry.reply_to,
        "decision": entry.decision,
        "decision_text": entry.decision.as_deref().and_then(|word| decision(LANG, word)),
        "part": entry.part,
        "parts": entry.parts,
        "first_part": entry.first_part,
        "segments": entry.segments,
        "price": entry.price,
        "price_unit": entry.price_unit,
        "redacted": entry.redacted,
        "recovered": entry.recovered,
        "content_sid": entry.content_sid,
        "media": media,
    });
    if let (Value::Object(fields), Value::Object(more)) = (&mut shown, more) {
        fields.extend(more);
    }
    shown
}

fn attempt(attempt: &AttemptRecord) -> Value {
    json!({
        "id": attempt.id,
        "started_at": time(attempt.started_at),
        "outcome": attempt.outcome,
        "sid": attempt.sid,
        "http_status": attempt.http_status,
        "code": attempt.code,
        "detail": attempt.detail,
    })
}

fn report(report: &StatusReportRecord) -> Value {
    json!({
        "status": report.status,
        "error_code": report.error_code,
        "received_at": time(report.received_at),
    })
}

fn not_found() -> Response {
    api_error(StatusCode::NOT_FOUND, t!(LANG, "api.no_message"))
}
