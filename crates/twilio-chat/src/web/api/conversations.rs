//! `/api/conversations`: one line a person, a person's thread, and its deletion, in the original's shapes.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use hub_domain::{
    address::PhoneNumber,
    message::{Direction, Message},
};
use hub_store::{ConversationSummary, Person};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    LANG,
    lenient_query::LenientQuery,
    messages::{before, error_text, item, shown_status, store_fault, time},
    path::Path,
    remote::twilio_words,
};
use crate::{
    app::remote::{DeletedConversation, RemoteError},
    t,
    web::{Web, error::api_error},
};

const DEFAULT_LIMIT: i64 = 30;
const MAX_LIMIT: i64 = 200;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct ListQuery {
    limit: Option<String>,
    before: Option<String>,
}

pub(crate) async fn list(State(web): State<Web>, LenientQuery(query): LenientQuery<ListQuery>) -> Response {
    let limit = query.limit.and_then(|text| text.trim().parse().ok()).unwrap_or(DEFAULT_LIMIT);
    let limit = u32::try_from(limit.clamp(1, MAX_LIMIT)).unwrap_or(1);
    let before = match before(query.before.as_deref()) {
        Ok(before) => before,
        Err(refused) => return *refused,
    };
    match web.app.conversations(before, limit).await {
        Ok(page) => {
            let items: Vec<Value> = page.items.iter().map(line).collect();
            Json(json!({ "count": items.len(), "items": items, "next": page.next })).into_response()
        }
        Err(error) => store_fault(&error),
    }
}

fn line(summary: &ConversationSummary) -> Value {
    let last = &summary.last;
    json!({
        "participant": participant(&summary.person, Some(last)),
        "message_count": summary.message_count,
        "last_message": {
            "body": last.body,
            "direction": last.direction.as_str(),
            "status": shown_status(last.status),
            "error": error_text(last, LANG),
            "created_at": time(last.created_at),
            "updated_at": time(last.updated_at),
        },
    })
}

/// A person's number, whatever the channel; without one, the address they last used.
fn participant(person: &Person, last: Option<&Message>) -> String {
    let other = |message: &Message| match message.direction {
        Direction::Inbound => message.from.clone(),
        Direction::Outbound => message.to.clone(),
    };
    match last {
        Some(last) if PhoneNumber::parse(&person.key).is_err() => other(last),
        Some(_) | None => person.key.clone(),
    }
}

pub(crate) async fn show(
    State(web): State<Web>,
    Path(name): Path<String>,
    LenientQuery(query): LenientQuery<ListQuery>,
) -> Response {
    let name = name.trim();
    if name.is_empty() {
        return no_participant();
    }
    let before = match before(query.before.as_deref()) {
        Ok(before) => before,
        Err(refused) => return *refused,
    };
    let person = match web.app.person(name).await {
        Ok(Some(person)) => person,
        Ok(None) => {
            let nothing: [Value; 0] = [];
            return thread_body(name, &nothing, None, None);
        }
        Err(error) => return store_fault(&error),
    };
    let window = web.app.whatsapp_window(&person).await;
    match (web.app.thread(person.contact, before).await, window) {
        (Ok(page), Ok(window)) => {
            let items: Vec<Value> = page.items.iter().map(|message| item(message, LANG)).collect();
            thread_body(&participant(&person, page.items.last()), &items, page.next, window)
        }
        (Err(error), _) | (_, Err(error)) => store_fault(&error),
    }
}

/// `window` is when the customer's 24 hours on WhatsApp end.
fn thread_body(participant: &str, items: &[Value], next: Option<i64>, window: Option<Timestamp>) -> Response {
    Json(json!({
        "participant": participant,
        "items": items,
        "count": items.len(),
        "next": next,
        "whatsapp_window_ends_at": window.map(time),
    }))
    .into_response()
}

pub(crate) async fn delete(State(web): State<Web>, Path(name): Path<String>) -> Response {
    let name = name.trim();
    if name.is_empty() {
        return no_participant();
    }
    let person = match web.app.person(name).await {
        Ok(Some(person)) => person,
        Ok(None) => return not_found(),
        Err(error) => return store_fault(&error),
    };
    match web.app.delete_conversation(person.contact).await {
        Ok(DeletedConversation::Done(count)) => {
            Json(json!({ "participant": name, "deleted_remote": count, "deleted_local": count }))
                .into_response()
        }
        Ok(DeletedConversation::NotFound) => not_found(),
        Ok(DeletedConversation::WithoutSid(rows)) => {
            let body =
                json!({ "error": t!(LANG, "api.conversation.without_sid"), "missing_local_ids": rows });
            (StatusCode::CONFLICT, Json(body)).into_response()
        }
        Ok(DeletedConversation::Failed(failed)) => {
            let failed: Vec<Value> =
                failed.iter().map(|(sid, error)| json!({ "sid": sid, "error": kept(error) })).collect();
            let body = json!({ "error": t!(LANG, "api.conversation.failed"), "failed": failed });
            (StatusCode::BAD_GATEWAY, Json(body)).into_response()
        }
        Err(RemoteError::Store(error)) => store_fault(&error),
        Err(_) => api_error(StatusCode::SERVICE_UNAVAILABLE, t!(LANG, "api.send.unconfigured")),
    }
}

/// Why Twilio still has a message.
fn kept(error: &RemoteError) -> String {
    match error {
        RemoteError::Twilio(error) => twilio_words(error),
        RemoteError::Unconfirmed => t!(LANG, "api.delete.unconfirmed").to_owned(),
        RemoteError::Unconfigured
        | RemoteError::NotFound
        | RemoteError::OnItsWay
        | RemoteError::Held
        | RemoteError::PartWaits(_)
        | RemoteError::NotOurs
        | RemoteError::Store(_) => error.to_string(),
    }
}

fn no_participant() -> Response {
    // English, as the original has it.
    api_error(StatusCode::BAD_REQUEST, "Participant is required.")
}

fn not_found() -> Response {
    api_error(StatusCode::NOT_FOUND, t!(LANG, "api.conversation.not_found"))
}
