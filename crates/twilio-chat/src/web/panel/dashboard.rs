//! `/`: how the hub stands, writing to somebody, and the latest messages; live while a browser watches.

pub(crate) mod charts;
mod choice;
pub(crate) mod figures;
pub(crate) mod latest;
pub(crate) mod notices;
pub(crate) mod quick_send;

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};

use self::{
    charts::Charts,
    choice::{Choice, Query},
    figures::Figures,
    latest::Latest,
    quick_send::QuickSend,
};
use super::{
    Shell, html,
    setup::{self, Checklist},
};
use crate::{
    t,
    web::{Web, api::lenient_query::LenientQuery},
};

#[derive(Template)]
#[template(path = "dashboard.html")]
struct Dashboard {
    shell: Shell,
    checklist: Option<Checklist>,
    figures: Figures,
    form: QuickSend,
    charts: Charts,
    latest: Latest,
}

pub(crate) async fn page(
    State(web): State<Web>,
    shell: Shell,
    LenientQuery(query): LenientQuery<Query>,
) -> Response {
    let form = QuickSend::empty(&web, &shell);
    render(&web, StatusCode::OK, shell, query.into(), form).await
}

async fn render(web: &Web, status: StatusCode, shell: Shell, choice: Choice, form: QuickSend) -> Response {
    let (lang, is_admin) = (shell.lang, shell.is_admin());
    let (checklist, figures, charts, latest) = tokio::join!(
        setup::card(web, lang),
        figures::figures(web, lang, is_admin),
        charts::charts(web, lang, choice),
        latest::latest(web, lang, choice),
    );
    html(status, &Dashboard { shell, checklist, figures, form, charts, latest })
}
