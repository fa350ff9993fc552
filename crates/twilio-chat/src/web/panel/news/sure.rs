//! The questions before something that takes an index away: its deletion, and an archive in its place. Pages of their
//! own, so that they are asked without JavaScript too.

use askama::Template;
use axum::{
    Extension,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use hub_retrieval::names::IndexName;

use super::{
    super::{html, shell::Shell},
    Asked, render,
};
use crate::{
    app::auth::Viewer,
    t,
    web::{Web, api::news::refusal},
};

#[derive(Template)]
#[template(path = "news_delete.html")]
struct Deletion {
    shell: Shell,
    name: IndexName,
}

#[derive(Template)]
#[template(path = "news_archive.html")]
struct Replacement {
    shell: Shell,
    /// The index whose place the archive takes.
    active: String,
}

pub(crate) async fn deletion(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
    Path(name): Path<String>,
) -> Response {
    let refused = match web.app.indices().await {
        Ok(listed) => match listed.into_iter().find(|index| index.name.as_str() == name) {
            Some(index) => return html(StatusCode::OK, &Deletion { shell, name: index.name }),
            None => (StatusCode::NOT_FOUND, t!(shell.lang, "news.index.unknown").to_owned()),
        },
        Err(error) => refusal::words(&error, shell.lang),
    };
    render(&web, &viewer, &headers, shell, Asked::default(), Some(refused)).await
}

pub(crate) async fn replacement(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
) -> Response {
    match web.app.indices().await {
        Ok(listed) => {
            let active = listed.into_iter().find(|index| index.active);
            let active = active.map(|index| index.name.to_string()).unwrap_or_default();
            html(StatusCode::OK, &Replacement { shell, active })
        }
        Err(error) => {
            let refused = refusal::words(&error, shell.lang);
            render(&web, &viewer, &headers, shell, Asked::default(), Some(refused)).await
        }
    }
}
