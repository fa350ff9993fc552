//! `/api/messages`: list and send, in the original's shapes.

use axum::{
    Json,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use hub_domain::{
    message::{Direction, Message, Origin},
    sending::Blocked,
    status::MessageStatus,
    twilio_code,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{LANG, json_body::JsonBody};
use crate::{
    app::send::{MAX_CHARS, SendError, SendRequest, Sent, Through},
    i18n::Lang,
    t,
    web::{Web, error::api_error},
};

/// The original's clamp.
const MAX_LIMIT: i64 = 500;
const DEFAULT_LIMIT: i64 = 50;

/// What is not understood counts as absent, as in the original.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ListQuery {
    limit: Option<String>,
    direction: Option<String>,
}

pub(crate) async fn list(State(web): State<Web>, Query(query): Query<ListQuery>) -> Response {
    let limit = query.limit.and_then(|text| text.trim().parse().ok()).unwrap_or(DEFAULT_LIMIT);
    let limit = u32::try_from(limit.clamp(1, MAX_LIMIT)).unwrap_or(1);
    let direction = query.direction.as_deref().and_then(Direction::parse);
    match web.app.latest(limit, direction).await {
        Ok(messages) => {
            let items: Vec<Value> = messages.iter().map(|message| item(message, LANG)).collect();
            Json(json!({ "count": items.len(), "items": items })).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "the messages could not be read");
            api_error(StatusCode::SERVICE_UNAVAILABLE, t!(LANG, "api.store_fault"))
        }
    }
}

/// One message in the original's shape: integer id, UTC seconds without a zone.
fn item(message: &Message, lang: Lang) -> Value {
    let time = |at: jiff::Timestamp| at.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    json!({
        "id": message.row,
        "sid": message.sid,
        "direction": message.direction.as_str(),
        "to_number": message.to,
        "from_number": message.from,
        "body": message.body,
        "status": shown_status(message.status),
        "error": error_text(message, lang),
        "created_at": time(message.created_at),
        "updated_at": time(message.updated_at),
    })
}

/// Our own waiting state is Twilio's `queued` to a caller.
fn shown_status(status: MessageStatus) -> &'static str {
    match status {
        MessageStatus::Pending => "queued",
        MessageStatus::Received
        | MessageStatus::Unknown
        | MessageStatus::Held
        | MessageStatus::Reported(_) => status.as_str(),
    }
}

/// The error in plain words, with Twilio's code to look up.
pub(in crate::web) fn error_text(message: &Message, lang: Lang) -> Option<String> {
    if let Some(code) = message.error_code {
        let words = twilio_code::advice(code).map(|advice| lang.pick(advice.pl, advice.en));
        return Some(match (words, &message.error_text) {
            (Some(words), _) => format!("{words} ({code})"),
            (None, Some(text)) => format!("{text} ({code})"),
            (None, None) => format!("Error code: {code}"),
        });
    }
    let text = message.error_text.as_deref()?;
    Some(match text {
        "opted_out" => t!(lang, "reason.opted_out").to_owned(),
        "human_in_charge" => t!(lang, "reason.human_in_charge").to_owned(),
        "lost_twice" | "doubtful" | "no_listing" => t!(lang, "reason.undecided").to_owned(),
        "could_not_leave" => t!(lang, "reason.could_not_leave").to_owned(),
        other => other.to_owned(),
    })
}

pub(crate) async fn send(State(web): State<Web>, body: JsonBody) -> Response {
    let lang = LANG;
    let request = SendRequest {
        to: body.text("to"),
        body: body.text("body"),
        through: Through::ServiceFirst,
        origin: Origin::Api,
    };
    match web.app.send(&request).await {
        Ok(Sent::Accepted(message)) => sent(StatusCode::OK, &message, lang),
        Ok(Sent::Open(message)) => sent(StatusCode::ACCEPTED, &message, lang),
        Ok(Sent::Refused(message)) => {
            let error = error_text(&message, lang).unwrap_or_else(|| message.status.as_str().to_owned());
            failure(StatusCode::INTERNAL_SERVER_ERROR, &error)
        }
        Err(error) => refused(&error, lang),
    }
}

fn sent(status: StatusCode, message: &Message, lang: Lang) -> Response {
    let to = &message.to;
    let words = if status == StatusCode::OK {
        t!(lang, "api.sent", to = to)
    } else {
        t!(lang, "api.queued", to = to)
    };
    let body = json!({
        "success": true,
        "sid": message.sid,
        "status": shown_status(message.status),
        "parts": 1,
        "characters": message.body.chars().count(),
        "message": words,
    });
    (status, Json(body)).into_response()
}

fn refused(error: &SendError, lang: Lang) -> Response {
    match error {
        SendError::NoRecipient => failure(StatusCode::BAD_REQUEST, t!(lang, "api.send.no_recipient")),
        SendError::NoText => failure(StatusCode::BAD_REQUEST, t!(lang, "api.send.no_text")),
        SendError::TooLong(chars) => {
            let text = t!(lang, "api.send.too_long", chars = chars, limit = MAX_CHARS);
            failure(StatusCode::BAD_REQUEST, &text)
        }
        SendError::Recipient(_) => failure(StatusCode::BAD_REQUEST, t!(lang, "api.send.bad_number")),
        SendError::Unconfigured | SendError::NoService => {
            failure(StatusCode::SERVICE_UNAVAILABLE, t!(lang, "api.send.unconfigured"))
        }
        SendError::Blocked(Blocked::OptedOut) => failure(StatusCode::CONFLICT, t!(lang, "reason.opted_out")),
        SendError::Blocked(Blocked::HumanInCharge) => {
            failure(StatusCode::CONFLICT, t!(lang, "reason.human_in_charge"))
        }
        SendError::Store(fault) => {
            tracing::error!(error = %fault, "a message could not be written");
            failure(StatusCode::SERVICE_UNAVAILABLE, t!(lang, "api.store_fault"))
        }
    }
}

fn failure(status: StatusCode, error: &str) -> Response {
    (status, Json(json!({ "success": false, "error": error }))).into_response()
}
