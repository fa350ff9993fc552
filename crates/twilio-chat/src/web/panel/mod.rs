//! The panel: pages rendered on the server, fragments that htmx swaps.

pub(super) mod assets;
pub(super) mod messages;
pub(super) mod phone;
pub(super) mod sign_in;

use askama::Template;
use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};

use super::Web;
use crate::i18n::Lang;

/// What every page shows around its content.
#[derive(Debug)]
pub(super) struct Shell {
    pub(super) lang: Lang,
    pub(super) signed_in: bool,
    pub(super) demo: bool,
    pub(super) unsigned: bool,
    /// The navigation entry of this page.
    pub(super) here: &'static str,
}

impl Shell {
    fn of(web: &Web, here: &'static str) -> Self {
        let facts = web.app.facts();
        let unsigned = !facts.signatures_checked && web.app.is_configured();
        Self { lang: web.settings.lang, signed_in: true, demo: facts.demo, unsigned, here }
    }
}

/// Renders a template; a template that can't be rendered is our fault and is logged.
fn html(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
