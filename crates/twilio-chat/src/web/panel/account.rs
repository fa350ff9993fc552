//! `/settings`: one's own password, language, theme and sessions.

use askama::Template;
use axum::{
    Extension, Form,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header::SET_COOKIE},
    response::{IntoResponse, Redirect, Response},
};
use hub_domain::{
    access::{PanelLanguage, Theme},
    ids::SessionId,
};
use hub_store::SessionRecord;
use secrecy::SecretString;
use serde::Deserialize;

use super::{
    fault, html, refusal,
    shell::{Shell, local},
    with_done,
};
use crate::{
    app::auth::{AccountRefusal, PasswordChange, Viewer},
    t,
    web::{Web, access},
};

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    shell: Shell,
    has_password: bool,
    refused: Option<String>,
    sessions: Vec<Line>,
}

/// A session as listed.
struct Line {
    id: i64,
    agent: String,
    network: String,
    since: String,
    seen: String,
    is_this: bool,
}

pub(crate) async fn page(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
) -> Response {
    render(&web, &viewer, &headers, shell, None).await
}

async fn render(
    web: &Web,
    viewer: &Viewer,
    headers: &HeaderMap,
    shell: Shell,
    refused: Option<AccountRefusal>,
) -> Response {
    let sessions = match web.app.sessions(viewer).await {
        Ok(sessions) => sessions.into_iter().map(|session| line(web, viewer, session)).collect(),
        Err(error) => {
            tracing::error!(%error, "the sessions could not be read");
            return fault::store(web, headers, Some(viewer));
        }
    };
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let refused = refused.map(|refused| refusal::words(shell.lang, refused));
    html(status, &AccountPage { shell, has_password: viewer.has_password, refused, sessions })
}

fn line(web: &Web, viewer: &Viewer, session: SessionRecord) -> Line {
    Line {
        id: session.id.0,
        agent: session.agent,
        network: session.network,
        since: super::moment(web, session.created_at),
        seen: super::moment(web, session.seen_at),
        is_this: session.id == viewer.session,
    }
}

#[derive(Deserialize)]
pub(crate) struct PasswordForm {
    #[serde(default)]
    present: String,
    new: String,
}

pub(crate) async fn password(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
    Form(form): Form<PasswordForm>,
) -> Response {
    let change = PasswordChange { present: form.present.into(), new: SecretString::from(form.new) };
    match web.app.change_own_password(&viewer, change).await {
        Ok(Ok(())) => Redirect::to("/settings?done=password").into_response(),
        Ok(Err(refused)) => render(&web, &viewer, &headers, shell, Some(refused)).await,
        Err(error) => refusal::fault(&web, &headers, Some(&viewer), &error),
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Preferences {
    language: Option<String>,
    theme: Option<String>,
    #[serde(default)]
    back: String,
}

pub(crate) async fn preferences(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    Form(form): Form<Preferences>,
) -> Response {
    let language = form.language.as_deref().and_then(PanelLanguage::parse);
    let theme = form.theme.as_deref().and_then(Theme::parse);
    match web.app.set_preferences(&viewer, language, theme).await {
        Ok(()) => Redirect::to(&with_done(local(&form.back), "preferences")).into_response(),
        Err(error) => {
            tracing::error!(%error, "preferences could not be kept");
            fault::store(&web, &headers, Some(&viewer))
        }
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    /// One session; without it all but this one.
    session: Option<i64>,
}

pub(crate) async fn end_sessions(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    Form(which): Form<Which>,
) -> Response {
    let ended = match which.session {
        Some(id) => web.app.end_session(&viewer, SessionId(id)).await,
        None => web.app.end_sessions(&viewer, true).await,
    };
    match ended {
        Ok(()) => Redirect::to("/settings?done=sessions").into_response(),
        Err(error) => {
            tracing::error!(%error, "sessions could not be ended");
            fault::store(&web, &headers, Some(&viewer))
        }
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Leaving {
    #[serde(default)]
    everywhere: bool,
}

pub(crate) async fn sign_out(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    Form(leaving): Form<Leaving>,
) -> Response {
    let ended = if leaving.everywhere {
        web.app.end_sessions(&viewer, false).await
    } else {
        web.app.end_session(&viewer, viewer.session).await
    };
    if let Err(error) = ended {
        tracing::error!(%error, "a session could not be ended");
        return fault::store(&web, &headers, Some(&viewer));
    }
    let mut response = Redirect::to("/sign-in").into_response();
    let gone = format!("{}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0", access::cookie_name(&web));
    let gone = if web.settings.secure_cookie { gone + "; Secure" } else { gone };
    if let Ok(cookie) = HeaderValue::from_str(&gone) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}
