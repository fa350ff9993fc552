//! `/settings/tokens`: API tokens, for admins. A token's secret is on one page, once.

use askama::Template;
use axum::{
    Extension, Form,
    extract::{RawForm, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use hub_domain::{
    access::{Scope, Scopes},
    ids::TokenId,
};
use hub_store::TokenRecord;
use secrecy::ExposeSecret;
use serde::Deserialize;

use super::{fault, html, moment, shell::Shell};
use crate::{app::auth::Viewer, i18n::Lang, t, web::Web};

#[derive(Template)]
#[template(path = "tokens.html")]
struct TokensPage {
    shell: Shell,
    tokens: Vec<Line>,
    scopes: [(&'static str, &'static str); 4],
    made: Option<String>,
    refused: Option<&'static str>,
}

struct Line {
    id: i64,
    name: String,
    scopes: String,
    by: String,
    since: String,
    used: Option<String>,
    revoked: bool,
}

pub(crate) async fn page(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
) -> Response {
    render(&web, &viewer, &headers, shell, None, None).await
}

async fn render(
    web: &Web,
    viewer: &Viewer,
    headers: &HeaderMap,
    shell: Shell,
    made: Option<String>,
    refused: Option<&'static str>,
) -> Response {
    let tokens = match web.app.tokens().await {
        Ok(tokens) => tokens.into_iter().map(|token| line(web, shell.lang, token)).collect(),
        Err(error) => {
            tracing::error!(%error, "the tokens could not be read");
            return fault::store(web, headers, Some(viewer));
        }
    };
    let scopes = Scope::ALL.map(|scope| (scope.as_str(), scope_words(shell.lang, scope)));
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    html(status, &TokensPage { shell, tokens, scopes, made, refused })
}

fn line(web: &Web, lang: Lang, token: TokenRecord) -> Line {
    let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope_words(lang, scope)).collect();
    Line {
        id: token.id.0,
        scopes: scopes.join(" · "),
        name: token.name,
        by: token.created_by,
        since: moment(web, token.created_at),
        used: token.used_at.map(|used| moment(web, used)),
        revoked: token.revoked_at.is_some(),
    }
}

fn scope_words(lang: Lang, scope: Scope) -> &'static str {
    match scope {
        Scope::Read => t!(lang, "settings.scope.read"),
        Scope::Send => t!(lang, "settings.scope.send"),
        Scope::Admin => t!(lang, "settings.scope.admin"),
        Scope::Metrics => t!(lang, "settings.scope.metrics"),
    }
}

pub(crate) async fn add(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    shell: Shell,
    RawForm(form): RawForm,
) -> Response {
    let (name, scopes) = asked(&form);
    let refused = match (name.trim().is_empty(), scopes.is_empty()) {
        (true, _) => Some(t!(shell.lang, "settings.token.no_name")),
        (false, true) => Some(t!(shell.lang, "settings.token.no_scope")),
        (false, false) => None,
    };
    if refused.is_some() {
        return render(&web, &viewer, &headers, shell, None, refused).await;
    }
    match web.app.add_token(&name, scopes, viewer.by()).await {
        Ok(token) => {
            let secret = token.secret.expose_secret().to_owned();
            render(&web, &viewer, &headers, shell, Some(secret), None).await
        }
        Err(error) => {
            tracing::error!(%error, "a token could not be made");
            fault::store(&web, &headers, Some(&viewer))
        }
    }
}

/// The name and the ticked scopes; a form repeats the field of its ticks.
fn asked(form: &[u8]) -> (String, Scopes) {
    let mut name = String::new();
    let mut scopes = Vec::new();
    for (field, value) in form_urlencoded::parse(form) {
        match &*field {
            "name" => name = value.into_owned(),
            "scope" => scopes.extend(Scope::parse(&value)),
            _ => {}
        }
    }
    (name, Scopes::new(scopes))
}

#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    token: i64,
}

pub(crate) async fn revoke(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    Form(which): Form<Which>,
) -> Response {
    match web.app.revoke_token(TokenId(which.token), viewer.by()).await {
        // One that was revoked before is as revoked as one can wish.
        Ok(_) => Redirect::to("/settings/tokens?done=revoked").into_response(),
        Err(error) => {
            tracing::error!(%error, "a token could not be revoked");
            fault::store(&web, &headers, Some(&viewer))
        }
    }
}
