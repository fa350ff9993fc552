//! `/ai/cases`: what should have been said, saved from the receipts.

use askama::Template;
use axum::{
    Extension,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use hub_store::Case;

use super::{
    super::{Shell, html, moment},
    Source,
    receipts::Asked,
    store_fault,
};
use crate::{app::auth::Viewer, t, web::Web};

/// Cases on a page.
const SHOWN: u32 = 50;

#[derive(Template)]
#[template(path = "ai_cases.html")]
struct CasesPage {
    shell: Shell,
    source: Source,
    cases: Vec<Line>,
    is_first: bool,
    /// The row below which the next page begins.
    more: Option<i64>,
}

struct Line {
    id: i64,
    question: String,
    said: String,
    expected: String,
    at: String,
}

pub(crate) async fn list(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
    shell: Shell,
) -> Response {
    let (view, page) = match tokio::try_join!(web.app.assistant(), web.app.cases(asked.before, SHOWN)) {
        Ok(read) => read,
        Err(error) => return store_fault(&web, &headers, &viewer, &error),
    };
    let cases = page.items.into_iter().map(|case| line(&web, case)).collect();
    let source = Source::of(&web, view.has_key);
    let is_first = asked.before.is_none();
    html(StatusCode::OK, &CasesPage { shell, source, cases, is_first, more: page.next })
}

fn line(web: &Web, Case { id, case, created_at }: Case) -> Line {
    Line {
        id,
        question: case.question,
        said: case.said,
        expected: case.expected,
        at: moment(web, created_at),
    }
}

pub(crate) async fn delete(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    Path(id): Path<i64>,
) -> Response {
    match web.app.delete_case(id).await {
        // One that was deleted before is as gone as one can wish.
        Ok(_) => Redirect::to("/ai/cases?done=ai-case-deleted").into_response(),
        Err(error) => store_fault(&web, &headers, &viewer, &error),
    }
}
