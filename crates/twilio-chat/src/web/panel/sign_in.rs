//! `/sign-in`: trades a one-time link for a session cookie.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::{HeaderValue, Method, StatusCode, header::SET_COOKIE},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{Shell, html};
use crate::{
    t,
    web::{Web, access::cookie_name},
};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    shell: Shell,
    bad_link: bool,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Link {
    token: Option<String>,
}

/// With a token: signs in. Without one: says where to find the link.
pub(crate) async fn page(State(web): State<Web>, method: Method, Query(link): Query<Link>) -> Response {
    // A HEAD request (a link preview) must not use the link up.
    match link.token.filter(|_| method == Method::GET) {
        None => explain(&web, false),
        Some(token) => match web.app.sign_in(&token).and_then(|session| cookie(&web, &session)) {
            Some(cookie) => ([(SET_COOKIE, cookie)], Redirect::to("/")).into_response(),
            None => explain(&web, true),
        },
    }
}

fn explain(web: &Web, bad_link: bool) -> Response {
    let shell = Shell { signed_in: false, ..Shell::of(web, "sign-in") };
    let status = if bad_link { StatusCode::FORBIDDEN } else { StatusCode::OK };
    html(status, &SignInPage { shell, bad_link })
}

fn cookie(web: &Web, session: &str) -> Option<HeaderValue> {
    let secure = if web.settings.secure_cookie { "; Secure" } else { "" };
    let name = cookie_name(web);
    HeaderValue::from_str(&format!("{name}={session}; Path=/; HttpOnly; SameSite=Lax; Max-Age=43200{secure}"))
        .ok()
}
