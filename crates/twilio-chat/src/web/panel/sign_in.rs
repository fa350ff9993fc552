//! `/sign-in`: name and password, the printed link, and the first account that the link opens.

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header::SET_COOKIE},
    response::{IntoResponse, Redirect, Response},
};
use hub_domain::access::{PanelLanguage, SHORTEST_PASSWORD, Theme};
use hub_store::SESSION_LASTS;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::{fault, html, refusal};
use crate::{
    app::auth::{Client, FirstAccount, FirstRefusal, SignInRefusal, SignedIn},
    i18n::Lang,
    t,
    web::{
        Web,
        access::{cookie_name, session_secret},
    },
};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    lang: Lang,
    theme: Theme,
    /// Nobody has an account yet: only the printed link leads on.
    is_new: bool,
    demo: bool,
    name: String,
    refused: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "first_account.html")]
struct FirstPage {
    lang: Lang,
    theme: Theme,
    least: usize,
    link: String,
    name: String,
    refused: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    token: Option<String>,
    lang: Option<String>,
}

/// With a printed link: signs in, or opens the first account. Without one: the form.
pub(crate) async fn page(
    State(web): State<Web>,
    Extension(client): Extension<Client>,
    method: Method,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Response {
    let lang = web.settings.lang.or_chosen(asked.lang.as_deref().and_then(PanelLanguage::parse));
    let is_new = match web.app.has_users().await {
        Ok(has_users) => !has_users,
        Err(error) => return refusal::fault(&web, &headers, None, &error.into()),
    };
    let form = |refused| SignInPage {
        lang,
        theme: Theme::System,
        is_new,
        demo: web.app.facts().demo,
        name: String::new(),
        refused,
    };
    // A HEAD request (a link preview) must not use the link up.
    let Some(link) = asked.token.filter(|_| method == Method::GET) else {
        return html(StatusCode::OK, &form(None));
    };
    if is_new && !web.app.facts().demo && web.app.sign_in_link_works(&link) {
        return html(StatusCode::OK, &first_page(lang, link, String::new(), None));
    }
    match web.app.sign_in_by_link(&link, session_secret(&web, &headers), &client).await {
        Ok(Some(signed_in)) => welcome(&web, &signed_in),
        Ok(None) => html(StatusCode::FORBIDDEN, &form(Some(t!(lang, "door.refused.link")))),
        Err(error) => refusal::fault(&web, &headers, None, &error.into()),
    }
}

fn first_page(lang: Lang, link: String, name: String, refused: Option<String>) -> FirstPage {
    FirstPage { lang, theme: Theme::System, least: SHORTEST_PASSWORD, link, name, refused }
}

#[derive(Deserialize)]
pub(crate) struct NameAndPassword {
    name: String,
    password: String,
    #[serde(default)]
    lang: String,
}

pub(crate) async fn enter(
    State(web): State<Web>,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
    Form(form): Form<NameAndPassword>,
) -> Response {
    let lang = web.settings.lang.or_chosen(PanelLanguage::parse(&form.lang));
    let old = session_secret(&web, &headers);
    let entered = web.app.sign_in(&form.name, SecretString::from(form.password), old, &client).await;
    let (status, refused) = match entered {
        Ok(Ok(signed_in)) => return welcome(&web, &signed_in),
        Ok(Err(SignInRefusal::Wrong)) => (StatusCode::FORBIDDEN, t!(lang, "door.refused.wrong")),
        Ok(Err(SignInRefusal::TooMany)) => (StatusCode::TOO_MANY_REQUESTS, t!(lang, "door.refused.too_many")),
        Err(error) => return refusal::fault(&web, &headers, None, &error),
    };
    let (theme, demo) = (Theme::System, web.app.facts().demo);
    let page = SignInPage { lang, theme, is_new: false, demo, name: form.name, refused: Some(refused) };
    html(status, &page)
}

#[derive(Deserialize)]
pub(crate) struct FirstForm {
    link: String,
    name: String,
    password: String,
    #[serde(default)]
    lang: String,
}

pub(crate) async fn first(
    State(web): State<Web>,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
    Form(form): Form<FirstForm>,
) -> Response {
    let lang = web.settings.lang.or_chosen(PanelLanguage::parse(&form.lang));
    let account = FirstAccount {
        link: form.link.clone(),
        name: form.name.clone(),
        password: SecretString::from(form.password),
        language: lang.chosen(),
    };
    let refused = match web.app.make_first_account(account, &client).await {
        Ok(Ok(signed_in)) => return welcome(&web, &signed_in),
        Ok(Err(FirstRefusal::Password(problem))) => refusal::password_words(lang, problem),
        Ok(Err(FirstRefusal::Name)) => t!(lang, "door.refused.name").to_owned(),
        Ok(Err(FirstRefusal::Link | FirstRefusal::NotFirst)) => return refused_link(&web, lang),
        Err(error) => return refusal::fault(&web, &headers, None, &error),
    };
    let page = first_page(lang, form.link, form.name, Some(refused));
    html(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

fn refused_link(web: &Web, lang: Lang) -> Response {
    let (theme, demo) = (Theme::System, web.app.facts().demo);
    let refused = Some(t!(lang, "door.refused.link"));
    html(
        StatusCode::FORBIDDEN,
        &SignInPage { lang, theme, is_new: false, demo, name: String::new(), refused },
    )
}

/// To the first page, with the session's cookie. The store says when it is over; the cookie may outlive it.
fn welcome(web: &Web, signed_in: &SignedIn) -> Response {
    let secure = if web.settings.secure_cookie { "; Secure" } else { "" };
    let (name, secret) = (cookie_name(web), signed_in.secret.expose_secret());
    let lasts = SESSION_LASTS.as_secs();
    let cookie = format!("{name}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={lasts}{secure}");
    match HeaderValue::from_str(&cookie) {
        Ok(cookie) => ([(SET_COOKIE, cookie)], Redirect::to("/")).into_response(),
        Err(error) => {
            tracing::error!(%error, "a session's cookie could not be written");
            fault::broken(web, &HeaderMap::new(), None)
        }
    }
}
