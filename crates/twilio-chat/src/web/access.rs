//! Who may call: sessions by cookie, tokens by bearer header, each with what it may do. The default is refusal.

use axum::{
    extract::{Request, State},
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{AUTHORIZATION, CONTENT_TYPE, COOKIE},
    },
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use hub_domain::{
    access::{Role, Scope},
    ids::{TokenId, UserId},
    message::Origin,
};
use hub_store::{By, StoreError};
use secrecy::ExposeSecret;
use subtle::ConstantTimeEq;

use super::{Web, api, client, error::api_error, origin, panel};
use crate::{
    app::auth::{Client, Viewer},
    t,
};

/// Cookie on https or loopback; browsers accept it only with `Secure`, `Path=/` and no `Domain`.
pub(crate) const SECURE_COOKIE: &str = "__Host-hub";
/// Cookie on plain http elsewhere.
pub(crate) const PLAIN_COOKIE: &str = "hub";

/// Who calls the API; handlers find it among the request's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    /// The configured token.
    Configured,
    /// A token of the panel.
    Token(TokenId),
    /// A signed-in person.
    Person(UserId),
}

impl Caller {
    /// A word of its own for each, kept with what they own.
    pub(crate) fn key(self) -> String {
        match self {
            Self::Configured => "token".to_owned(),
            Self::Token(id) => format!("token-{}", id.0),
            Self::Person(user) => format!("user-{user}"),
        }
    }

    /// On whose behalf a message of theirs leaves: only a signed-in person takes a conversation over.
    pub(crate) const fn origin(self) -> Origin {
        match self {
            Self::Configured | Self::Token(_) => Origin::Api,
            Self::Person(_) => Origin::Human,
        }
    }

    /// Which person.
    pub(crate) const fn user(self) -> Option<UserId> {
        match self {
            Self::Configured | Self::Token(_) => None,
            Self::Person(user) => Some(user),
        }
    }
}

/// Whether the caller of the API may change things too, and so see what only they may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MayChange(pub(crate) bool);

/// What a route asks for.
#[derive(Clone, Debug)]
pub(super) struct Needs<T> {
    pub(super) web: Web,
    pub(super) level: T,
}

/// Lets a token or a session with the scope through.
///
/// A call with the cookie must also come from our own pages and, when it changes something, be JSON: a form
/// on another site can send neither.
pub(super) async fn require_api(
    State(Needs { web, level }): State<Needs<Scope>>,
    mut request: Request,
    next: Next,
) -> Response {
    let found = match bearer(request.headers()) {
        Some(token) => by_token(&web, token, level, client_of(&web, &request).network()).await,
        None => by_cookie(&web, &mut request, level).await,
    };
    match found {
        Ok(Known { caller, may_change, by }) => {
            request.extensions_mut().insert(caller);
            request.extensions_mut().insert(may_change);
            request.extensions_mut().insert(by);
            next.run(request).await
        }
        Err(refusal) => refusal.into_response(),
    }
}

/// A caller who is let through.
struct Known {
    caller: Caller,
    may_change: MayChange,
    /// As the audit log names them.
    by: By,
}

/// Why an API call is not let through.
enum Refusal {
    Nobody,
    TooLittle,
    Origin,
    Fault(StoreError),
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, text) = match self {
            Self::Nobody => (StatusCode::UNAUTHORIZED, t!(api::LANG, "web.unauthorized")),
            Self::TooLittle => (StatusCode::FORBIDDEN, t!(api::LANG, "web.forbidden.scope")),
            Self::Origin => (StatusCode::FORBIDDEN, t!(api::LANG, "web.forbidden.origin")),
            Self::Fault(error) => {
                tracing::error!(%error, "a caller could not be looked up");
                (StatusCode::SERVICE_UNAVAILABLE, t!(api::LANG, "api.store_fault"))
            }
        };
        api_error(status, text)
    }
}

async fn by_token(web: &Web, token: &str, needed: Scope, network: String) -> Result<Known, Refusal> {
    if is_configured_token(web, token) {
        let by = By { name: "API".to_owned(), network };
        return Ok(Known { caller: Caller::Configured, may_change: MayChange(true), by });
    }
    let found = web.app.token(token).await.map_err(Refusal::Fault)?.ok_or(Refusal::Nobody)?;
    if !found.scopes.contains(needed) {
        return Err(Refusal::TooLittle);
    }
    let by = By { name: format!("API: {}", found.name), network };
    let may_change = MayChange(found.scopes.contains(Scope::Admin));
    Ok(Known { caller: Caller::Token(found.id), may_change, by })
}

async fn by_cookie(web: &Web, request: &mut Request, needed: Scope) -> Result<Known, Refusal> {
    let viewer = viewer(web, request).await.map_err(Refusal::Fault)?.ok_or(Refusal::Nobody)?;
    if !viewer.role.may(needed) {
        return Err(Refusal::TooLittle);
    }
    if changes(request.method()) && !(origin::is_own(web, request.headers()) && is_json(request.headers())) {
        return Err(Refusal::Origin);
    }
    let may_change = MayChange(viewer.role.may(Scope::Admin));
    let known = Known { caller: Caller::Person(viewer.user), may_change, by: viewer.by() };
    request.extensions_mut().insert(viewer);
    Ok(known)
}

/// Lets a session with the role through; others are shown the way to sign in, or that this is not for them.
pub(super) async fn require_session(
    State(Needs { web, level }): State<Needs<Role>>,
    mut request: Request,
    next: Next,
) -> Response {
    let viewer = match viewer(&web, &request).await {
        Ok(Some(viewer)) => viewer,
        Ok(None) => return to_sign_in(request.headers()),
        Err(error) => {
            tracing::error!(%error, "a session could not be looked up");
            return panel::fault::store(&web, request.headers(), None);
        }
    };
    if !viewer.role.covers(level) {
        return panel::fault::forbidden(&web, request.headers(), &viewer);
    }
    if changes(request.method()) && !origin::is_own(&web, request.headers()) {
        return panel::fault::origin(&web, request.headers(), Some(&viewer));
    }
    request.extensions_mut().insert(viewer);
    next.run(request).await
}

/// Lets anybody through, but changes only from our own pages: nobody is signed in by a form elsewhere.
pub(super) async fn require_own_origin(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    if changes(request.method()) && !origin::is_own(&web, request.headers()) {
        return panel::fault::origin(&web, request.headers(), None);
    }
    let client = client_of(&web, &request);
    request.extensions_mut().insert(client);
    next.run(request).await
}

/// A fragment must not be replaced by the sign-in page: the whole page goes there.
fn to_sign_in(headers: &HeaderMap) -> Response {
    if headers.contains_key("hx-request") {
        (StatusCode::UNAUTHORIZED, [("hx-redirect", "/sign-in")]).into_response()
    } else {
        Redirect::to("/sign-in").into_response()
    }
}

/// Headers of everything a browser shows: nothing inline, nothing from elsewhere, no framing.
pub(super) async fn security_headers(State(web): State<Web>, request: Request, next: Next) -> Response {
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
        ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
        ("cross-origin-opener-policy", "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if web.settings.https {
        // A year. On plain http it would be ignored, and on localhost it would lock other programs out.
        headers.insert("strict-transport-security", HeaderValue::from_static("max-age=31536000"));
    }
    headers.entry("cache-control").or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Who holds the request's session. Takes what it needs before it waits: a request can't be shared by threads.
fn viewer(
    web: &Web,
    request: &Request,
) -> impl Future<Output = Result<Option<Viewer>, StoreError>> + Send + use<> {
    let secret = session_secret(web, request.headers()).map(str::to_owned);
    let (app, client) = (web.app.clone(), client_of(web, request));
    async move {
        match secret {
            Some(secret) => app.viewer(&secret, &client).await,
            None => Ok(None),
        }
    }
}

fn client_of(web: &Web, request: &Request) -> Client {
    client::of(web, request.extensions(), request.headers())
}

/// The session's secret from the cookie.
pub(super) fn session_secret<'a>(web: &Web, headers: &'a HeaderMap) -> Option<&'a str> {
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

pub(super) fn cookie_name(web: &Web) -> &'static str {
    if web.settings.secure_cookie { SECURE_COOKIE } else { PLAIN_COOKIE }
}

fn changes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn is_configured_token(web: &Web, token: &str) -> bool {
    let Some(expected) = &web.settings.api_token else { return false };
    bool::from(expected.expose_secret().as_bytes().ct_eq(token.as_bytes()))
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}
