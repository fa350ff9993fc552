//! Sending from a thread: `/api/inbox/messages`, and failed messages once more: `/api/messages/<id>/retry`.
//!
//! A signed-in person takes the conversation over; a bearer token never does.

use axum::{
    Extension, Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use hub_domain::{
    ids::{ContactId, MessageId},
    message::Message,
};
use hub_store::Retried;
use serde_json::{Value, json};

use super::{
    LANG,
    json_body::{JsonBody, NoSwitch},
    messages::{item, refusal, store_fault},
    path::Path,
};
use crate::{
    app::{
        by_hand::{HandRequest, HandTarget},
        send::SendError,
    },
    t,
    web::{Web, access::Caller, error::api_error},
};

pub(crate) async fn send(
    State(web): State<Web>,
    Extension(caller): Extension<Caller>,
    body: JsonBody,
) -> Result<Response, NoSwitch> {
    let Some(id) = client_id(&body) else { return Ok(bad_id()) };
    let to = body.whole("contact").map_or_else(
        || HandTarget::Typed(body.text("to")),
        |contact| HandTarget::Contact(ContactId(contact)),
    );
    let request = HandRequest {
        id,
        to,
        body: body.text("body"),
        template: None,
        fold: body.truth("fold")?,
        origin: caller.origin(),
        author: caller.user(),
    };
    Ok(match web.app.send_by_hand(request).await {
        Ok(parts) => (StatusCode::ACCEPTED, Json(written(&parts))).into_response(),
        Err(SendError::KeyReused) => api_error(StatusCode::CONFLICT, t!(LANG, "inbox.id_taken")),
        Err(error) => {
            let (status, text) = refusal(&error, LANG);
            api_error(status, &text)
        }
    })
}

pub(crate) async fn retry(
    State(web): State<Web>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
    body: JsonBody,
) -> Response {
    let Some(id) = client_id(&body) else { return bad_id() };
    let row = match web.app.named_message(&name).await {
        Ok(Some(message)) => message.row,
        Ok(None) => return not_found(),
        Err(error) => return store_fault(&error),
    };
    match web.app.retry(row, id, caller.origin(), caller.user()).await {
        Ok(retried) => answer(&retried),
        Err(error) => store_fault(&error),
    }
}

fn answer(retried: &Retried) -> Response {
    let taken = |rows: &[i64]| (StatusCode::ACCEPTED, Json(json!({ "ids": rows }))).into_response();
    match retried {
        Retried::Queued(rows) => taken(rows),
        Retried::Repeated(row) => taken(&[*row]),
        Retried::Before(row) => {
            let body = json!({ "error": t!(LANG, "inbox.retried_before"), "retried_by": row });
            (StatusCode::CONFLICT, Json(body)).into_response()
        }
        Retried::NotFailed(_) => api_error(StatusCode::CONFLICT, t!(LANG, "inbox.not_failed")),
        Retried::OtherMessage => api_error(StatusCode::CONFLICT, t!(LANG, "inbox.id_taken")),
        Retried::Gone => api_error(StatusCode::GONE, t!(LANG, "api.send.gone")),
        Retried::NotFound => not_found(),
        Retried::Blocked(blocked) => {
            let (status, text) = refusal(&SendError::Blocked(*blocked), LANG);
            api_error(status, &text)
        }
    }
}

fn written(parts: &[Message]) -> Value {
    let items: Vec<Value> = parts.iter().map(|message| item(message, LANG)).collect();
    let client_id = parts.first().map(|message| message.id);
    json!({ "client_id": client_id, "contact": parts.first().map(|message| message.contact), "items": items })
}

/// The identifier that the caller's client made.
fn client_id(body: &JsonBody) -> Option<MessageId> {
    body.text("id").trim().parse().ok().map(MessageId)
}

fn bad_id() -> Response {
    api_error(StatusCode::BAD_REQUEST, t!(LANG, "inbox.bad_id"))
}

fn not_found() -> Response {
    api_error(StatusCode::NOT_FOUND, t!(LANG, "api.no_message"))
}
