//! `/api/news/faiss/build` and `/api/news/indices/<name>/build`: building an index, how far that is, and stopping it.
//!
//! A build that ends soon is answered as the original answers; a longer one with 202 and where to look.

use axum::{
    Extension, Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use hub_domain::spending;
use hub_retrieval::names::IndexName;
use hub_store::By;
use serde_json::{Value, json};

use super::{super::path::Path, LANG, messages, messages::time, refusal};
use crate::{
    app::knowledge::{Estimate, NotStarted, Phase, Progressed},
    i18n::Lang,
    t,
    web::{Web, error::api_error},
};

pub(crate) async fn start(State(web): State<Web>, Extension(by): Extension<By>) -> Response {
    build(&web, None, by).await
}

pub(crate) async fn start_named(
    State(web): State<Web>,
    Path(name): Path<String>,
    Extension(by): Extension<By>,
) -> Response {
    match name.parse::<IndexName>() {
        Ok(name) => build(&web, Some(name), by).await,
        Err(_) => api_error(StatusCode::BAD_REQUEST, t!(LANG, "news.index.bad_name")),
    }
}

async fn build(web: &Web, name: Option<IndexName>, by: By) -> Response {
    if let Err(error) = web.app.start_build(name, by).await {
        return not_started(&error);
    }
    // Whoever called waits as long as for a message; the build goes on in any case.
    let waited = tokio::time::timeout(web.app.send_wait(), web.app.until_built()).await;
    let now = waited.unwrap_or_else(|_| web.app.building());
    let (status, words) = match now.phase {
        Phase::Done => (StatusCode::OK, t!(LANG, "builds.api.done").to_owned()),
        Phase::Failed => (StatusCode::INTERNAL_SERVER_ERROR, trouble(&now, LANG)),
        Phase::Stopped => (StatusCode::CONFLICT, t!(LANG, "builds.stopped").to_owned()),
        Phase::Nothing | Phase::Embedding | Phase::Writing => {
            (StatusCode::ACCEPTED, t!(LANG, "builds.api.under_way").to_owned())
        }
    };
    let progress = shown(&now);
    if status.is_success() {
        let built_at = now.ended.map(time);
        let answer = json!({ "success": true, "message": words, "built_at": built_at, "build": progress });
        return (status, Json(answer)).into_response();
    }
    (status, Json(json!({ "success": false, "error": words, "build": progress }))).into_response()
}

pub(crate) async fn estimate(State(web): State<Web>) -> Response {
    match web.app.estimate_build().await {
        Ok(estimate) => Json(json!({ "success": true, "estimate": estimated(&estimate) })).into_response(),
        Err(error) => not_started(&error),
    }
}

pub(crate) async fn progress(State(web): State<Web>) -> Response {
    Json(json!({ "success": true, "build": shown(&web.app.building()) })).into_response()
}

pub(crate) async fn stop(State(web): State<Web>, Extension(by): Extension<By>) -> Response {
    match web.app.stop_build(by).await {
        Ok(true) => Json(json!({ "success": true, "message": t!(LANG, "builds.stopping") })).into_response(),
        Ok(false) => api_error(StatusCode::CONFLICT, t!(LANG, "builds.not_to_stop")),
        Err(error) => messages::store_fault(&error),
    }
}

fn not_started(error: &NotStarted) -> Response {
    let (status, words) = refusal_words(error, LANG);
    let mut answer = json!({ "success": false, "error": words });
    if let (NotStarted::UnderWay(now), Some(fields)) = (error, answer.as_object_mut()) {
        fields.insert("build".to_owned(), shown(now));
    }
    (status, Json(answer)).into_response()
}

/// Why no build was started, as status and text; the same for the API and the panel.
pub(in crate::web) fn refusal_words(error: &NotStarted, lang: Lang) -> (StatusCode, String) {
    match error {
        NotStarted::UnderWay(now) => {
            let words = t!(lang, "builds.under_way", ready = now.ready, total = now.total);
            (StatusCode::CONFLICT, words)
        }
        NotStarted::Unknown => (StatusCode::NOT_FOUND, t!(lang, "news.index.unknown").to_owned()),
        NotStarted::Build(error) => {
            tracing::warn!(%error, "FAISS: no build was started");
            refusal::build_words(error, lang)
        }
        NotStarted::Store(error) => {
            tracing::error!(%error, "a build could not be written down, and was not started");
            (StatusCode::SERVICE_UNAVAILABLE, t!(lang, "api.store_fault").to_owned())
        }
    }
}

/// Why a build failed.
pub(in crate::web) fn trouble(now: &Progressed, lang: Lang) -> String {
    now.trouble.as_ref().map_or_else(String::new, |error| refusal::build_words(error, lang).1)
}

/// What a build took and will take, in millionths of a dollar; nothing for a model without a known price.
pub(in crate::web) fn costs(now: &Progressed) -> Option<(u64, u64)> {
    let of = |tokens| spending::of_embedding(now.model.as_deref()?, tokens);
    Some((of(now.tokens)?, of(now.tokens.saturating_add(now.tokens_left))?))
}

fn dollars(micros: u64) -> Value {
    json!(spending::shown(micros))
}

fn estimated(estimate: &Estimate) -> Value {
    let cost = estimate.model.as_ref().and_then(|model| spending::of_embedding(model, estimate.tokens));
    json!({
        "index": estimate.index.as_str(),
        "mode": mode(estimate.model.as_ref()),
        "embedding_model": estimate.model,
        "texts": estimate.total,
        "missing": estimate.missing,
        "tokens": estimate.tokens,
        "dimensions_before": estimate.changed.map(|changed| changed.before),
        "dimensions_now": estimate.changed.map(|changed| changed.now),
        "cost_usd": cost.map(dollars),
    })
}

const fn mode(model: Option<&String>) -> &'static str {
    if model.is_some() { "hybrid" } else { "no_llm" }
}

/// How far a build is.
pub(in crate::web) fn shown(now: &Progressed) -> Value {
    let (cost, cost_in_all) = costs(now).unzip();
    json!({
        "phase": now.phase.as_str(),
        "under_way": now.phase.is_under_way(),
        "index": now.index.as_ref().map(IndexName::as_str),
        "mode": mode(now.model.as_ref()),
        "embedding_model": now.model,
        "documents_done": now.ready,
        "documents_total": now.total,
        "paid": now.paid,
        "tokens": now.tokens,
        "dimensions_before": now.changed.map(|changed| changed.before),
        "dimensions_now": now.changed.map(|changed| changed.now),
        "cost_usd": cost.map(dollars),
        "estimated_cost_usd": cost_in_all.map(dollars),
        "began_at": now.began.map(time),
        "ended_at": now.ended.map(time),
        "documents": now.kept.map(|kept| kept.documents),
        "vectors": now.kept.map(|kept| kept.vectors),
        "error": now.trouble.as_ref().map(|_| trouble(now, LANG)),
    })
}
