//! Pages and fragments for what went wrong: what happened, what to do, and a code to find it in the log by.

use askama::Template;
use axum::{
    extract::{OriginalUri, State},
    http::{HeaderMap, StatusCode, header::ACCEPT},
    response::{IntoResponse, Response},
};
use hub_domain::access::Theme;

use super::{
    html,
    shell::is_fragment,
    toast::{Tone, with_toast},
};
use crate::{app::auth::Viewer, i18n::Lang, t, web::Web};

#[derive(Template)]
#[template(path = "fault.html")]
struct FaultPage<'a> {
    lang: Lang,
    theme: Theme,
    title: &'a str,
    advice: &'a str,
    code: Option<String>,
}

struct Words<'a> {
    status: StatusCode,
    title: &'a str,
    advice: &'a str,
    /// Somebody will want to find it in the log.
    is_ours: bool,
}

/// The store could not be read or written.
pub(crate) fn store(web: &Web, headers: &HeaderMap, viewer: Option<&Viewer>) -> Response {
    let lang = lang(web, viewer);
    let (title, advice) = (t!(lang, "shell.fault.store"), t!(lang, "shell.fault.store.advice"));
    show(
        web,
        headers,
        viewer,
        &Words { status: StatusCode::SERVICE_UNAVAILABLE, title, advice, is_ours: true },
    )
}

/// Something is wrong with the program.
pub(crate) fn broken(web: &Web, headers: &HeaderMap, viewer: Option<&Viewer>) -> Response {
    let lang = lang(web, viewer);
    let (title, advice) = (t!(lang, "shell.fault.broken"), t!(lang, "shell.fault.broken.advice"));
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    show(web, headers, viewer, &Words { status, title, advice, is_ours: true })
}

/// Too much is asked for at this moment.
pub(crate) fn busy(web: &Web, headers: &HeaderMap, viewer: Option<&Viewer>) -> Response {
    let lang = lang(web, viewer);
    let (title, advice) = (t!(lang, "shell.fault.busy"), t!(lang, "shell.fault.busy.advice"));
    let status = StatusCode::SERVICE_UNAVAILABLE;
    show(web, headers, viewer, &Words { status, title, advice, is_ours: false })
}

/// The person's role is not enough.
pub(crate) fn forbidden(web: &Web, headers: &HeaderMap, viewer: &Viewer) -> Response {
    let lang = lang(web, Some(viewer));
    let (title, advice) = (t!(lang, "shell.fault.forbidden"), t!(lang, "shell.fault.forbidden.advice"));
    let words = Words { status: StatusCode::FORBIDDEN, title, advice, is_ours: false };
    show(web, headers, Some(viewer), &words)
}

/// The request was made by another site's page.
pub(crate) fn origin(web: &Web, headers: &HeaderMap, viewer: Option<&Viewer>) -> Response {
    let lang = lang(web, viewer);
    let (title, advice) = (t!(lang, "shell.fault.origin"), t!(lang, "web.forbidden.origin"));
    show(web, headers, viewer, &Words { status: StatusCode::FORBIDDEN, title, advice, is_ours: false })
}

/// What was asked for can't be done now, and why.
pub(crate) fn refused(
    web: &Web,
    headers: &HeaderMap,
    viewer: &Viewer,
    status: StatusCode,
    why: &str,
) -> Response {
    let title = t!(lang(web, Some(viewer)), "chat.refused");
    show(web, headers, Some(viewer), &Words { status, title, advice: why, is_ours: false })
}

/// There is nobody with that address.
pub(crate) fn nobody(web: &Web, headers: &HeaderMap, viewer: &Viewer) -> Response {
    let lang = lang(web, Some(viewer));
    let (title, advice) = (t!(lang, "chat.nobody"), t!(lang, "chat.nobody.advice"));
    let words = Words { status: StatusCode::NOT_FOUND, title, advice, is_ours: false };
    show(web, headers, Some(viewer), &words)
}

/// There is no such page.
pub(crate) async fn not_found(
    State(web): State<Web>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Response {
    let wants_page = headers.get(ACCEPT).and_then(|kinds| kinds.to_str().ok()).unwrap_or_default();
    if uri.path().starts_with("/api/") || !wants_page.contains("text/html") {
        return StatusCode::NOT_FOUND.into_response();
    }
    let lang = web.settings.lang;
    let (title, advice) = (t!(lang, "shell.fault.not_found"), t!(lang, "shell.fault.not_found.advice"));
    let words = Words { status: StatusCode::NOT_FOUND, title, advice, is_ours: false };
    show(&web, &headers, None, &words)
}

fn lang(web: &Web, viewer: Option<&Viewer>) -> Lang {
    web.settings.lang.or_chosen(viewer.and_then(|viewer| viewer.language))
}

fn show(web: &Web, headers: &HeaderMap, viewer: Option<&Viewer>, words: &Words<'_>) -> Response {
    let lang = lang(web, viewer);
    let code = words.is_ours.then(|| web.app.fault_code());
    if let Some(code) = &code {
        tracing::error!(fault.code = %code, http.status = words.status.as_u16(), "a page could not be shown");
    }
    if is_fragment(headers) {
        let code = code.map(|code| format!(" ({code})")).unwrap_or_default();
        let text = format!("{} {}{code}", words.title, words.advice);
        return with_toast(words.status, Tone::Bad, &text);
    }
    let theme = viewer.map(|viewer| viewer.theme).unwrap_or_default();
    html(words.status, &FaultPage { lang, theme, title: words.title, advice: words.advice, code })
}
