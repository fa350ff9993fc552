//! `/api/news/faiss/status`: the active index and its files. Without a key it says so, and is no error.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{messages::time, refusal};
use crate::{
    app::knowledge::{FoundBy, Standing},
    web::Web,
};

pub(crate) async fn show(State(web): State<Web>) -> Response {
    match web.app.knowledge_standing().await {
        Ok(standing) => {
            let model = match web.app.answering_model().await {
                Ok(model) => model,
                Err(error) => return refusal::answer(&error.into()),
            };
            let status = shown(&standing, model.as_deref(), web.app.embedding_model().is_some());
            Json(json!({ "success": true, "status": status })).into_response()
        }
        Err(error) => refusal::answer(&error),
    }
}

/// `model`: who writes answers; `None`: the articles' own sentences are quoted. `embeds`: questions are made into
/// vectors.
fn shown(standing: &Standing, model: Option<&str>, embeds: bool) -> Value {
    let holdings = &standing.holdings;
    let found_by = if embeds && holdings.vectors > 0 { FoundBy::WordsAndMeaning } else { FoundBy::Words };
    let files: Vec<Value> = standing
        .members
        .iter()
        .map(|(member, path, exists)| {
            json!({
                "name": member.name,
                "path": path,
                "required": member.required,
                "purge": member.of_index,
                "exists": exists,
            })
        })
        .collect();
    let there = |name| standing.members.iter().any(|(member, _, exists)| member.name == name && *exists);
    let refused: Vec<Value> =
        holdings.refused.iter().map(|one| json!({ "file": one.file, "reason": one.reason })).collect();
    json!({
        "exists": standing.index.exists,
        "index_path": standing.folder,
        "index_file": there("index.faiss"),
        "pkl_file": there("index.pkl"),
        "size_bytes": standing.index.bytes,
        "articles_jsonl_exists": there("articles.jsonl"),
        "articles_jsonl_path": standing.data.join("articles.jsonl"),
        "docs_jsonl_exists": there("documents.jsonl"),
        "docs_jsonl_path": standing.data.join("documents.jsonl"),
        "loaded": holdings.articles > 0,
        "vector_count": holdings.vectors,
        "embedding_model": standing.model,
        "chat_model": model,
        "backup_files": files,
        "backup_ready": standing.members.iter().any(|(_, _, exists)| *exists),
        "active_index": standing.index.name.as_str(),
        "mode": if model.is_some() { "llm" } else { "no_llm" },
        "search": found_by.as_str(),
        "layout": holdings.layout(),
        "dimensions": holdings.dimensions,
        "documents": holdings.documents,
        "articles": holdings.articles,
        "categories": holdings.categories,
        "rows_without_document": holdings.without_document,
        "refused": refused,
        "written_at": standing.index.written.map(time),
    })
}
