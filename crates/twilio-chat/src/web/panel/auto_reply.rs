//! `/auto-reply`: the classic auto-reply, its switch and its text. Whoever is signed in may look; admins change it.

use askama::Template;
use axum::{
    Extension, Form,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use hub_domain::{
    segments::count,
    settings::{AUTO_REPLY_MAX_CHARS, AutoReplyError},
};
use hub_store::StoreError;
use serde::Deserialize;

use super::{fault, html, shell::Shell};
use crate::{app::auth::Viewer, i18n::Lang, t, web::Web};

#[derive(Template)]
#[template(path = "auto_reply.html")]
struct Page {
    shell: Shell,
    /// What the form holds: the setting, or what was typed and refused.
    typed: Typed,
    refused: Option<String>,
    saved: Saved,
}

/// What is in force.
struct Saved {
    enabled: bool,
    message: String,
    takes: String,
    /// Said outside the business hours in place of the text; empty: nothing of its own.
    away: String,
    assistant: bool,
}

/// The form.
#[derive(Debug, Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    enabled: bool,
    #[serde(default)]
    body: String,
}

pub(crate) async fn page(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
) -> Response {
    render(&web, &viewer, &headers, shell, None).await
}

pub(crate) async fn save(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
    Form(typed): Form<Typed>,
) -> Response {
    match web.app.change_auto_reply(typed.enabled, typed.body.clone()).await {
        Ok(Ok(_)) => Redirect::to("/auto-reply?done=auto-reply").into_response(),
        Ok(Err(refused)) => render(&web, &viewer, &headers, shell, Some((typed, refused))).await,
        Err(error) => store_fault(&web, &viewer, &headers, &error),
    }
}

async fn render(
    web: &Web,
    viewer: &Viewer,
    headers: &HeaderMap,
    shell: Shell,
    refused: Option<(Typed, AutoReplyError)>,
) -> Response {
    let saved = match saved(web, shell.lang).await {
        Ok(saved) => saved,
        Err(error) => return store_fault(web, viewer, headers, &error),
    };
    let (status, typed, refused) = match refused {
        Some((typed, why)) => (StatusCode::UNPROCESSABLE_ENTITY, typed, Some(words(shell.lang, why))),
        None => (StatusCode::OK, Typed { enabled: saved.enabled, body: saved.message.clone() }, None),
    };
    html(status, &Page { shell, typed, refused, saved })
}

async fn saved(web: &Web, lang: Lang) -> Result<Saved, StoreError> {
    let setting = web.app.auto_reply().await?;
    let away = web.app.hours().await?.away;
    let assistant = web.app.assistant().await?.settings.enabled;
    let takes = t!(lang, "reply.takes", segments = count(&setting.message).segments);
    Ok(Saved { enabled: setting.enabled, message: setting.message, takes, away, assistant })
}

fn words(lang: Lang, refused: AutoReplyError) -> String {
    match refused {
        AutoReplyError::EmptyMessage => t!(lang, "reply.refused.empty").to_owned(),
        AutoReplyError::TooLong => t!(lang, "reply.refused.long", limit = AUTO_REPLY_MAX_CHARS),
    }
}

fn store_fault(web: &Web, viewer: &Viewer, headers: &HeaderMap, error: &StoreError) -> Response {
    tracing::error!(%error, "the auto-reply setting could not be read or saved");
    fault::store(web, headers, Some(viewer))
}
