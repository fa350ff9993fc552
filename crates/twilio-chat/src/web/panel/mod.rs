//! The panel: pages rendered on the server, fragments that htmx swaps. Everything works by plain forms too.

pub(super) mod account;
pub(super) mod ai;
pub(super) mod assets;
pub(super) mod audit;
pub(super) mod auto_reply;
pub(super) mod automation;
pub(super) mod chat;
pub(super) mod consents;
pub(super) mod contacts;
pub(super) mod dashboard;
pub(super) mod fault;
pub(super) mod jobs;
pub(super) mod keys;
pub(super) mod listeners;
pub(super) mod nav;
pub(super) mod news;
pub(super) mod phone;
pub(super) mod refusal;
mod seen;
pub(super) mod setup;
mod shell;
pub(super) mod sign_in;
mod toast;
pub(super) mod tokens;
pub(super) mod users;
pub(super) mod webhooks;
mod words;

use askama::Template;
use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use jiff::Timestamp;
pub(crate) use shell::Shell;

use super::Web;

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

/// A moment as the panel shows it.
fn moment(web: &Web, at: Timestamp) -> String {
    at.to_zoned(web.settings.time_zone.clone()).strftime("%d.%m.%Y %H:%M").to_string()
}

/// A path of ours with the word for what was done.
fn with_done(path: &str, word: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let kept = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "done");
    let query =
        form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).append_pair("done", word).finish();
    format!("{path}?{query}")
}
