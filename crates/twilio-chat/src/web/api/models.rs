//! `GET /api/models`, in the original's shape: which models are chosen, and which their service has.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::messages::store_fault;
use crate::web::Web;

pub(crate) async fn list(State(web): State<Web>) -> Response {
    let chat_model = match web.app.assistant().await {
        Ok(assistant) => assistant.settings.model,
        Err(error) => return store_fault(&error),
    };
    let (available, error) = match web.app.available_models().await {
        Ok(models) => (models, None),
        Err(error) => (Vec::new(), Some(error.to_string())),
    };
    let mut body = json!({
        "chat_model": chat_model,
        "rag_chat_model": web.app.connected().models.knowledge_chat,
        "available_models": available,
    });
    if let (Some(error), Some(fields)) = (error, body.as_object_mut()) {
        fields.insert("error".to_owned(), error.into());
    }
    Json(body).into_response()
}
