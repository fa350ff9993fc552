//! The lines of the table about the knowledge base.

use axum::{
    extract::DefaultBodyLimit,
    routing::{MethodRouter, delete, get, post},
};

use super::{ADMIN, ANYONE, CHANGE, READ, Route, SEND};
use crate::web::{
    Web,
    api::news::{archive, building, indices, status, test},
    panel::news,
};

pub(super) fn routes() -> Vec<Route> {
    let route = |method, path, access, about, handler| Route { method, path, access, about, handler };
    vec![
        route("GET", "/api/news/indices", READ, "The indices of the knowledge base", get(indices::list)),
        route("POST", "/api/news/indices/active", CHANGE, "Ask another index", post(indices::activate)),
        route("DELETE", "/api/news/indices/{name}", CHANGE, "Delete an index", delete(indices::delete)),
        route(
            "POST",
            "/api/news/indices/{name}/build",
            CHANGE,
            "Build an index",
            post(building::start_named),
        ),
        route("POST", "/api/news/faiss/build", CHANGE, "Build the active index", post(building::start)),
        route(
            "GET",
            "/api/news/faiss/build/estimate",
            CHANGE,
            "What a build would cost",
            get(building::estimate),
        ),
        route("GET", "/api/news/faiss/build/progress", READ, "How far a build is", get(building::progress)),
        route("POST", "/api/news/faiss/build/stop", CHANGE, "Stop a build", post(building::stop)),
        route("POST", "/api/news/test-faiss", SEND, "Try a question, and text the answer", post(test::ask)),
        route("POST", "/api/news/test", SEND, "Try a question", post(test::ask)),
        route("GET", "/api/news/faiss/status", READ, "How the active index stands", get(status::show)),
        route("GET", "/api/news/faiss/export", CHANGE, "The index as an archive", get(archive::export)),
        route("POST", "/api/news/faiss/import", CHANGE, "Take an archive over", large(post(archive::import))),
        route("GET", "/news", ANYONE, "The knowledge base, and a question to it", get(news::page)),
        route("POST", "/news", ANYONE, "A question to the knowledge base's model", post(news::ask)),
        route(
            "GET",
            "/news/state",
            ANYONE,
            "What the index holds, and a build",
            get(news::building::fragment),
        ),
        route("GET", "/news/build", ADMIN, "Sure to build?", get(news::building::sure)),
        route("POST", "/news/build", ADMIN, "Build the active index", post(news::building::start)),
        route("POST", "/news/build/stop", ADMIN, "Stop a build", post(news::building::stop)),
        route("GET", "/news/export", ADMIN, "The index as an archive", get(news::export)),
        route("GET", "/news/import", ADMIN, "Sure to take an archive over?", get(news::sure::replacement)),
        route("POST", "/news/import", ADMIN, "Take an archive over", large(post(news::import))),
        route("POST", "/news/activate", ADMIN, "Ask another index", post(news::activate)),
        route("GET", "/news/{name}/delete", ADMIN, "Sure to delete an index?", get(news::sure::deletion)),
        route("POST", "/news/delete", ADMIN, "Delete an index", post(news::delete)),
    ]
}

/// An archive may be longer than what others send.
fn large(handler: MethodRouter<Web>) -> MethodRouter<Web> {
    let longest = usize::try_from(archive::LONGEST_BODY).unwrap_or(usize::MAX);
    handler.layer(DefaultBodyLimit::max(longest))
}
