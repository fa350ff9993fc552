//! `/api/messages/remote` and `/api/messages/<sid>`: messages as Twilio holds them, in the original's shapes.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use hub_clients::twilio::{RemoteMessage, TwilioError};
use hub_domain::{ids::MessageSid, twilio_code};
use hub_store::StoreError;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    LANG,
    lenient_query::LenientQuery,
    messages::{shown_status, store_fault},
    path::Path,
};
use crate::{
    app::remote::{DeletedMessage, RemoteError, RemoteQuery},
    t,
    web::{Web, error::api_error},
};

const DEFAULT_LIMIT: i64 = 20;
const MAX_LIMIT: i64 = 100;

/// What is not understood counts as absent, as in the original.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ListQuery {
    limit: Option<String>,
    to: Option<String>,
    from: Option<String>,
    date_sent: Option<String>,
    date_sent_before: Option<String>,
    date_sent_after: Option<String>,
}

pub(crate) async fn list(State(web): State<Web>, LenientQuery(query): LenientQuery<ListQuery>) -> Response {
    let limit = query.limit.as_deref().and_then(|text| text.trim().parse().ok()).unwrap_or(DEFAULT_LIMIT);
    let day = |text: &Option<String>| text.as_deref().and_then(day);
    let filled = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let request = RemoteQuery {
        sent_from: day(&query.date_sent).or_else(|| day(&query.date_sent_after)),
        sent_to: day(&query.date_sent).or_else(|| day(&query.date_sent_before)),
        to: filled(query.to),
        from: filled(query.from),
        limit: u16::try_from(limit.clamp(1, MAX_LIMIT)).unwrap_or(1),
    };
    match web.app.remote_messages(&request).await {
        Ok(messages) => {
            let items: Vec<Value> = messages.iter().map(item).collect();
            Json(json!({ "count": items.len(), "items": items })).into_response()
        }
        Err(error) => refused(&error, StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// A day, or the day of a moment.
fn day(text: &str) -> Option<jiff::civil::Date> {
    let text = text.trim();
    text.parse().ok().or_else(|| text.get(..10)?.parse().ok())
}

pub(crate) async fn show(State(web): State<Web>, Path(name): Path<String>) -> Response {
    let sid = match sid(&web, &name).await {
        Ok(Some(sid)) => sid,
        Ok(None) => return not_found(),
        Err(error) => return store_fault(&error),
    };
    match web.app.remote_message(&sid).await {
        Ok(message) => Json(json!({ "item": item(&message) })).into_response(),
        Err(error) => refused(&error, StatusCode::BAD_GATEWAY),
    }
}

pub(crate) async fn redact(State(web): State<Web>, Path(name): Path<String>) -> Response {
    let sid = match sid(&web, &name).await {
        Ok(Some(sid)) => sid,
        Ok(None) => return api_error(StatusCode::BAD_REQUEST, t!(LANG, "api.no_message")),
        Err(error) => return store_fault(&error),
    };
    match web.app.redact(&sid).await {
        Ok(message) => {
            Json(json!({ "sid": message.sid, "body": message.body, "status": message.raw_status }))
                .into_response()
        }
        Err(RemoteError::NotFound) => api_error(StatusCode::BAD_REQUEST, t!(LANG, "api.no_message")),
        Err(error) => refused(&error, StatusCode::BAD_REQUEST),
    }
}

pub(crate) async fn delete(State(web): State<Web>, Path(name): Path<String>) -> Response {
    let failed =
        |reason: &str| api_error(StatusCode::BAD_GATEWAY, &t!(LANG, "api.delete.failed", reason = reason));
    match web.app.delete_message(&name).await {
        Ok(DeletedMessage { sid, remote, local }) => {
            Json(json!({ "sid": sid, "deleted_remote": remote, "deleted_local": local })).into_response()
        }
        Err(RemoteError::NotFound) => failed(t!(LANG, "api.no_message")),
        Err(RemoteError::Twilio(error)) => failed(&twilio_words(&error)),
        Err(
            error @ (RemoteError::OnItsWay
            | RemoteError::Held
            | RemoteError::PartWaits(_)
            | RemoteError::NotOurs
            | RemoteError::Unconfirmed
            | RemoteError::Unconfigured
            | RemoteError::Store(_)),
        ) => refused(&error, StatusCode::BAD_GATEWAY),
    }
}

pub(crate) async fn cancel(State(web): State<Web>, Path(name): Path<String>) -> Response {
    let message = match web.app.named_message(&name).await {
        Ok(Some(message)) => message,
        Ok(None) => return not_found(),
        Err(error) => return store_fault(&error),
    };
    match web.app.cancel(&message).await {
        Ok(message) => {
            let status = shown_status(message.status);
            Json(json!({ "id": message.row, "sid": message.sid, "status": status })).into_response()
        }
        Err(error) => refused(&error, StatusCode::BAD_GATEWAY),
    }
}

/// The SID named, or that of the message with that number.
async fn sid(web: &Web, name: &str) -> Result<Option<MessageSid>, StoreError> {
    let ours = web.app.named_message(name).await?;
    Ok(ours.map_or_else(|| MessageSid::parse(name).ok(), |message| message.sid))
}

/// One message as Twilio's library gave it to the original.
fn item(message: &RemoteMessage) -> Value {
    let time = |at: Option<jiff::Timestamp>| at.map(|at| at.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string());
    let digits = |number: Option<u32>| number.map(|number| number.to_string());
    json!({
        "sid": message.sid,
        "status": message.raw_status,
        "direction": message.direction,
        "from": message.from,
        "to": message.to,
        "body": message.body,
        "num_media": digits(message.num_media),
        "num_segments": digits(message.num_segments),
        "error_code": message.error_code,
        "error_message": message.error_message,
        "messaging_service_sid": message.messaging_service_sid,
        "price": message.price,
        "price_unit": message.price_unit,
        "date_created": time(message.date_created),
        "date_updated": time(message.date_updated),
        "date_sent": time(message.date_sent),
    })
}

fn not_found() -> Response {
    api_error(StatusCode::NOT_FOUND, t!(LANG, "api.no_message"))
}

/// `status` is for what Twilio refuses or doesn't answer.
fn refused(error: &RemoteError, status: StatusCode) -> Response {
    match error {
        RemoteError::Unconfigured => {
            api_error(StatusCode::SERVICE_UNAVAILABLE, t!(LANG, "api.send.unconfigured"))
        }
        RemoteError::NotFound => not_found(),
        RemoteError::OnItsWay => api_error(StatusCode::CONFLICT, t!(LANG, "api.on_its_way")),
        RemoteError::Held => api_error(StatusCode::CONFLICT, t!(LANG, "api.held")),
        RemoteError::PartWaits(later) => {
            api_error(StatusCode::CONFLICT, &t!(LANG, "api.delete.part_waits", later = later))
        }
        RemoteError::NotOurs => api_error(StatusCode::CONFLICT, t!(LANG, "api.cancel.not_ours")),
        RemoteError::Unconfirmed => api_error(status, t!(LANG, "api.delete.unconfirmed")),
        RemoteError::Twilio(error) => {
            tracing::warn!(%error, "Twilio could not be asked about messages");
            api_error(status, &twilio_words(error))
        }
        RemoteError::Store(error) => store_fault(error),
    }
}

/// Our advice where we have it, else what Twilio said.
pub(super) fn twilio_words(error: &TwilioError) -> String {
    match error {
        TwilioError::Refused { code: Some(code), message, .. } => {
            let advice = twilio_code::advice(*code).map(|advice| LANG.pick(advice.pl, advice.en));
            format!("{} ({code})", advice.unwrap_or(message))
        }
        TwilioError::Refused { message, .. } => message.clone(),
        TwilioError::Transport(_) | TwilioError::Unreadable(_) => t!(LANG, "api.twilio_silent").to_owned(),
    }
}
