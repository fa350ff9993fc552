//! `/api/listeners`: in the original's shapes, and adding and deleting of the operator's own words.

use axum::{
    Extension, Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use hub_domain::listeners::{BadWord, LONGEST_WORD};
use hub_store::{By, ListenerChange, ListenerRecord, NewListener, StoreError};
use serde_json::{Value, json};

use super::{
    LANG,
    json_body::{JsonBody, NoSwitch},
    messages::time,
    path::Path,
};
use crate::{
    app::listeners::{LONGEST_ANSWER, WordRefused},
    t,
    web::{Web, error::api_error},
};

pub(crate) async fn list(State(web): State<Web>) -> Response {
    match web.app.listeners().await {
        Ok(listeners) => {
            let items: Vec<Value> = listeners.iter().map(shown).collect();
            Json(json!({ "success": true, "listeners": items })).into_response()
        }
        Err(error) => store_fault(&error),
    }
}

pub(crate) async fn change(
    State(web): State<Web>,
    Path(id): Path<i64>,
    Extension(by): Extension<By>,
    body: JsonBody,
) -> Result<Response, NoSwitch> {
    let change = ListenerChange {
        enabled: body.truth_given("enabled")?,
        description: body.has("description").then(|| body.text("description")),
        answer: body.filled("answer"),
    };
    Ok(match web.app.change_listener(id, change, by).await {
        // The original answers an unknown row with an empty object.
        Ok(Ok(changed)) => {
            let listener = changed.as_ref().map_or_else(|| json!({}), shown);
            Json(json!({ "success": true, "listener": listener })).into_response()
        }
        Ok(Err(why)) => refused(why),
        Err(error) => store_fault(&error),
    })
}

pub(crate) async fn add(State(web): State<Web>, Extension(by): Extension<By>, body: JsonBody) -> Response {
    let new = NewListener {
        word: body.text("command").trim().to_owned(),
        answer: body.text("answer").trim().to_owned(),
        description: body.text("description").trim().to_owned(),
    };
    match web.app.add_listener(new, by).await {
        Ok(Ok(listener)) => {
            let body = json!({ "success": true, "listener": shown(&listener) });
            (StatusCode::CREATED, Json(body)).into_response()
        }
        Ok(Err(why)) => refused(why),
        Err(error) => store_fault(&error),
    }
}

fn refused(why: WordRefused) -> Response {
    let bad = |text: &str| api_error(StatusCode::BAD_REQUEST, text);
    match why {
        WordRefused::Word(BadWord::Unrecognisable) => bad(t!(LANG, "api.listeners.bad_word")),
        WordRefused::Word(BadWord::TooLong) => bad(&t!(LANG, "replies.words.long", most = LONGEST_WORD)),
        WordRefused::Word(BadWord::Twilios) => bad(t!(LANG, "replies.words.twilios")),
        WordRefused::Word(BadWord::Consent) => bad(t!(LANG, "replies.words.consent")),
        WordRefused::Answer => bad(&t!(LANG, "api.listeners.bad_answer", limit = LONGEST_ANSWER)),
        WordRefused::Known => api_error(StatusCode::CONFLICT, t!(LANG, "api.listeners.known")),
    }
}

pub(crate) async fn delete(
    State(web): State<Web>,
    Path(id): Path<i64>,
    Extension(by): Extension<By>,
) -> Response {
    match web.app.delete_listener(id, by).await {
        Ok(true) => Json(json!({ "success": true, "id": id })).into_response(),
        Ok(false) => api_error(StatusCode::NOT_FOUND, t!(LANG, "api.not_found")),
        Err(error) => store_fault(&error),
    }
}

fn shown(listener: &ListenerRecord) -> Value {
    json!({
        "id": listener.id,
        "command": listener.command,
        "enabled": i32::from(listener.enabled),
        "description": listener.description,
        "answer": listener.answer,
        "created_at": time(listener.created_at),
        "updated_at": time(listener.updated_at),
    })
}

fn store_fault(error: &StoreError) -> Response {
    tracing::error!(%error, "listeners could not be read or saved");
    api_error(StatusCode::SERVICE_UNAVAILABLE, t!(LANG, "api.store_fault"))
}
