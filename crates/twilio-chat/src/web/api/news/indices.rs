//! `/api/news/indices`: which indices there are, and which is asked.

use axum::{
    Extension, Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use hub_retrieval::{library::archive::MEMBERS, names::IndexName};
use hub_store::By;
use serde_json::{Value, json};

use super::{super::path::Path, JsonBody, LANG, messages::time, refusal};
use crate::{
    app::knowledge::Listed,
    t,
    web::{Web, error::api_error},
};

pub(crate) async fn list(State(web): State<Web>) -> Response {
    match web.app.indices().await {
        Ok(indices) => {
            let items: Vec<Value> = indices.iter().map(shown).collect();
            let newest = indices.iter().filter_map(|index| index.written).max();
            Json(json!({ "items": items, "updated_at": newest.map(time) })).into_response()
        }
        Err(error) => refusal::answer(&error),
    }
}

fn shown(index: &Listed) -> Value {
    let status = match (index.active, index.exists) {
        (_, false) => t!(LANG, "news.index.empty"),
        (true, true) => t!(LANG, "news.index.active"),
        (false, true) => t!(LANG, "news.index.ready"),
    };
    json!({
        "name": index.name.as_str(),
        "status": status,
        "active": index.active,
        "size": index.bytes,
        "created_at": index.written.map(time),
        "exists": index.exists,
    })
}

pub(crate) async fn activate(
    State(web): State<Web>,
    Extension(by): Extension<By>,
    body: JsonBody,
) -> Response {
    let Some(text) = body.filled("name") else {
        return api_error(StatusCode::BAD_REQUEST, t!(LANG, "news.index.no_name"));
    };
    let Ok(name) = text.parse::<IndexName>() else { return not_found() };
    match web.app.activate_index(name.clone(), by).await {
        Ok(true) => Json(json!({ "active_index": name.as_str() })).into_response(),
        Ok(false) => not_found(),
        Err(error) => refusal::answer(&error),
    }
}

pub(crate) async fn delete(
    State(web): State<Web>,
    Path(name): Path<String>,
    Extension(by): Extension<By>,
) -> Response {
    let Ok(name) = name.parse::<IndexName>() else {
        return api_error(StatusCode::BAD_REQUEST, t!(LANG, "news.index.bad_name"));
    };
    match web.app.delete_index(name.clone(), by).await {
        Ok(Some(removed)) => {
            let of_index = MEMBERS.iter().filter(|member| member.of_index).map(|member| member.name);
            let missing: Vec<&str> = of_index.filter(|file| !removed.contains(file)).collect();
            Json(json!({
                "success": true,
                "name": name.as_str(),
                "removed": removed,
                "missing": missing,
                "failed": [],
                "base_removed": true,
            }))
            .into_response()
        }
        Ok(None) => not_found(),
        Err(error) => refusal::answer(&error),
    }
}

fn not_found() -> Response {
    api_error(StatusCode::NOT_FOUND, t!(LANG, "news.index.unknown"))
}
