//! Who may call: sessions by cookie, tokens by bearer header. The default is refusal.

use axum::{
    extract::{Request, State},
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{AUTHORIZATION, CONTENT_TYPE, COOKIE},
    },
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use hub_domain::{ids::UserId, message::Origin};
use secrecy::ExposeSecret;
use subtle::ConstantTimeEq;

use super::{Web, api, error::api_error, origin};
use crate::t;

/// Cookie on https or loopback; browsers accept it only with `Secure`, `Path=/` and no `Domain`.
pub(crate) const SECURE_COOKIE: &str = "__Host-hub";
/// Cookie on plain http elsewhere.
pub(crate) const PLAIN_COOKIE: &str = "hub";

/// Who calls the API; handlers find it among the request's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    /// The bearer token.
    Token,
    /// A signed-in person.
    Session,
}

impl Caller {
    /// A word of its own for each, kept with what they own.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Session => "session",
        }
    }

    /// On whose behalf a message of theirs leaves: only a signed-in person takes a conversation over.
    pub(crate) const fn origin(self) -> Origin {
        match self {
            Self::Token => Origin::Api,
            Self::Session => Origin::Human,
        }
    }

    /// Which person; unknown while sessions belong to nobody in particular.
    pub(crate) const fn user(self) -> Option<UserId> {
        match self {
            Self::Token | Self::Session => None,
        }
    }
}

/// Lets a bearer token or a session through.
///
/// A call with the cookie must also come from our own pages and, when it changes something, be JSON: a form
/// on another site can send neither.
pub(crate) async fn require_api(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let headers = request.headers();
    if let Some(token) = bearer(headers) {
        if !token_fits(&web, token) {
            return unauthorized();
        }
        request.extensions_mut().insert(Caller::Token);
        return next.run(request).await;
    }
    if !signed_in(&web, headers) {
        return unauthorized();
    }
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    if changes && !(origin::is_own(&web, headers) && is_json(headers)) {
        return api_error(StatusCode::FORBIDDEN, t!(api::LANG, "web.forbidden.origin"));
    }
    request.extensions_mut().insert(Caller::Session);
    next.run(request).await
}

/// Lets a session through; others are shown the way to sign in.
pub(crate) async fn require_session(State(web): State<Web>, request: Request, next: Next) -> Response {
    if !signed_in(&web, request.headers()) {
        // A fragment must not be replaced by the sign-in page: the whole page goes there.
        return if request.headers().contains_key("hx-request") {
            (StatusCode::UNAUTHORIZED, [("hx-redirect", "/sign-in")]).into_response()
        } else {
            Redirect::to("/sign-in").into_response()
        };
    }
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    if changes && !origin::is_own(&web, request.headers()) {
        return (StatusCode::FORBIDDEN, t!(web.settings.lang, "web.forbidden.origin")).into_response();
    }
    next.run(request).await
}

/// Headers of everything a browser shows: nothing inline, nothing from elsewhere, no framing.
pub(crate) async fn security_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (
            "content-security-policy",
            "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; \
             object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
        ),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry("cache-control").or_insert(HeaderValue::from_static("no-store"));
    response
}

fn unauthorized() -> Response {
    api_error(StatusCode::UNAUTHORIZED, t!(api::LANG, "web.unauthorized"))
}

fn signed_in(web: &Web, headers: &HeaderMap) -> bool {
    session(web, headers).is_some_and(|session| web.app.is_signed_in(session))
}

/// The session's secret from the cookie.
fn session<'a>(web: &Web, headers: &'a HeaderMap) -> Option<&'a str> {
    let wanted = cookie_name(web);
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == wanted)
        .map(|(_, value)| value)
}

pub(crate) fn cookie_name(web: &Web) -> &'static str {
    if web.settings.secure_cookie { SECURE_COOKIE } else { PLAIN_COOKIE }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn token_fits(web: &Web, token: &str) -> bool {
    let Some(expected) = &web.settings.api_token else { return false };
    bool::from(expected.expose_secret().as_bytes().ct_eq(token.as_bytes()))
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}
