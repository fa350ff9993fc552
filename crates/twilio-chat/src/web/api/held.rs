//! `POST /api/messages/<id or sid>/approve` and `…/discard`: a person decides about a held message.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use hub_domain::message::Message;
use serde_json::json;

use super::{
    LANG,
    messages::{shown_status, store_fault},
    path::Path,
};
use crate::{
    app::held::HeldError,
    i18n::reason,
    t,
    web::{Web, error::api_error},
};

pub(crate) async fn approve(State(web): State<Web>, Path(name): Path<String>) -> Response {
    match named(&web, &name).await {
        Ok(message) => decided(web.app.approve(&message).await),
        Err(refused) => *refused,
    }
}

pub(crate) async fn discard(State(web): State<Web>, Path(name): Path<String>) -> Response {
    match named(&web, &name).await {
        Ok(message) => decided(web.app.discard(&message).await),
        Err(refused) => *refused,
    }
}

async fn named(web: &Web, name: &str) -> Result<Message, Box<Response>> {
    match web.app.named_message(name).await {
        Ok(Some(message)) => Ok(message),
        Ok(None) => Err(Box::new(api_error(StatusCode::NOT_FOUND, t!(LANG, "api.no_message")))),
        Err(error) => Err(Box::new(store_fault(&error))),
    }
}

fn decided(result: Result<Message, HeldError>) -> Response {
    let refused = |text: &str| api_error(StatusCode::CONFLICT, text);
    match result {
        Ok(message) => {
            let status = shown_status(message.status);
            Json(json!({ "id": message.row, "sid": message.sid, "status": status })).into_response()
        }
        Err(HeldError::NotHeld) => refused(t!(LANG, "api.not_held")),
        Err(HeldError::PartBeforeHeld) => refused(t!(LANG, "reason.part_before_held")),
        Err(HeldError::Blocked(blocked)) => {
            refused(reason(LANG, blocked.as_str()).unwrap_or(blocked.as_str()))
        }
        Err(HeldError::Store(error)) => store_fault(&error),
    }
}
