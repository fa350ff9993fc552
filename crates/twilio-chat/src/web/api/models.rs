//! `/api/models`, in the original's shape: which models are chosen, which their service has, and choosing others.

use axum::{
    Extension, Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use hub_store::{By, ModelChoice};
use serde_json::{Map, Value, json};

use super::{LANG, json_body::JsonBody, messages::store_fault};
use crate::{
    t,
    web::{Web, error::api_error},
};

/// Longer than the name of any model.
const LONGEST_NAME: usize = 100;

pub(crate) async fn list(State(web): State<Web>) -> Response {
    let chat_model = match web.app.assistant().await {
        Ok(assistant) => assistant.settings.model,
        Err(error) => return store_fault(&error),
    };
    let knowledge_model = match web.app.knowledge_model().await {
        Ok(model) => model,
        Err(error) => return store_fault(&error),
    };
    let chosen = [("chat_model", chat_model), ("rag_chat_model", knowledge_model)];
    shown(&web, chosen.map(|(name, model)| (name.to_owned(), model.into()))).await
}

pub(crate) async fn choose(State(web): State<Web>, Extension(by): Extension<By>, body: JsonBody) -> Response {
    let choice = ModelChoice { chat: body.filled("chat_model"), knowledge: body.filled("rag_chat_model") };
    let named = [("chat_model", &choice.chat), ("rag_chat_model", &choice.knowledge)];
    let named = named.into_iter().filter_map(|(name, model)| Some((name.to_owned(), model.clone()?)));
    let named: Vec<(String, String)> = named.collect();
    if named.is_empty() {
        return api_error(StatusCode::BAD_REQUEST, t!(LANG, "api.models.nothing"));
    }
    let is_name = |name: &str| name.chars().count() <= LONGEST_NAME && !name.contains(char::is_whitespace);
    if !named.iter().all(|(_, model)| is_name(model)) {
        return api_error(StatusCode::BAD_REQUEST, t!(LANG, "api.models.bad_name"));
    }
    match web.app.choose_models(choice, by).await {
        Ok(()) => shown(&web, named.into_iter().map(|(name, model)| (name, model.into()))).await,
        Err(error) => store_fault(&error),
    }
}

/// These fields, with the models that the service has or why they are not known.
async fn shown(web: &Web, fields: impl IntoIterator<Item = (String, Value)>) -> Response {
    let mut body: Map<String, Value> = fields.into_iter().collect();
    let available = web.app.available_models().await.unwrap_or_else(|error| {
        body.insert("error".to_owned(), error.to_string().into());
        Vec::new()
    });
    body.insert("available_models".to_owned(), json!(available));
    Json(body).into_response()
}
