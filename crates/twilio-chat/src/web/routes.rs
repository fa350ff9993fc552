//! Every route, once: method, path, who may call it, what it is for, and its handler.

use axum::{
    Router,
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{MethodRouter, delete, get, post},
};
use tower_http::catch_panic::CatchPanicLayer;

use super::{Web, access, api, panel, webhooks};
use crate::app::App;

/// Who may call a route. There is no level "anyone by omission": a route without one does not compile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anyone.
    Public,
    /// Twilio, proven by its signature (checked in the handler, over the raw request).
    Twilio,
    /// A bearer token or a session.
    Api,
    /// A signed-in person.
    Session,
}

/// One line of the table.
#[derive(Clone, Debug)]
pub struct Route {
    /// HTTP method.
    pub method: &'static str,
    /// Path as axum writes it.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
    /// What it is for.
    pub about: &'static str,
    handler: MethodRouter<Web>,
}

/// The table. Demo routes stand in it only in the demo.
pub fn routes(demo: bool) -> Vec<Route> {
    use Access::{Api, Public, Session, Twilio};
    let route = |method, path, access, about, handler| Route { method, path, access, about, handler };
    let mut table = vec![
        route("GET", "/api/health", Public, "Whether the hub works", get(api::health::show)),
        route("GET", "/api/messages", Api, "The newest messages", get(api::messages::list)),
        route("POST", "/api/messages", Api, "Send a text", post(api::messages::send)),
        route(
            "POST",
            "/api/send-message",
            Api,
            "Send a text, media or a template",
            post(api::send_message::send),
        ),
        route("GET", "/api/messages/stats", Api, "How many messages there are", get(api::messages::stats)),
        route("GET", "/api/messages/remote", Api, "The newest messages at Twilio", get(api::remote::list)),
        route("GET", "/api/messages/{sid}", Api, "One message as Twilio has it", get(api::remote::show)),
        route("DELETE", "/api/messages/{sid}", Api, "Delete a message", delete(api::remote::delete)),
        route("POST", "/api/messages/{sid}/redact", Api, "Blank a text", post(api::remote::redact)),
        route("POST", "/api/messages/{sid}/cancel", Api, "Withdraw a message", post(api::remote::cancel)),
        route("POST", "/api/messages/{sid}/approve", Api, "Send a held message", post(api::held::approve)),
        route("POST", "/api/messages/{sid}/discard", Api, "Drop a held message", post(api::held::discard)),
        route("GET", "/api/recovery", Api, "What was missed and recovered", get(api::recovery::list)),
        route("GET", "/api/conversations", Api, "A line for every person", get(api::conversations::list)),
        route(
            "GET",
            "/api/conversations/{*participant}",
            Api,
            "The last messages with a person",
            get(api::conversations::show),
        ),
        route(
            "DELETE",
            "/api/conversations/{*participant}",
            Api,
            "Delete everything said with a person",
            delete(api::conversations::delete),
        ),
        route("GET", "/api/auto-reply/config", Api, "The classic auto-reply", get(api::auto_reply::show)),
        route(
            "POST",
            "/api/auto-reply/config",
            Api,
            "Change the classic auto-reply",
            post(api::auto_reply::change),
        ),
        route("POST", "/twilio/inbound", Twilio, "A customer wrote", post(webhooks::inbound::<App>)),
        route(
            "GET",
            "/twilio/inbound",
            Twilio,
            "A customer wrote (GET webhook)",
            get(webhooks::inbound::<App>),
        ),
        route("POST", "/twilio/status", Twilio, "A delivery status", post(webhooks::status::<App>)),
        route(
            "GET",
            "/twilio/status",
            Twilio,
            "A delivery status (GET webhook)",
            get(webhooks::status::<App>),
        ),
        route("GET", "/", Session, "The latest messages", get(panel::messages::page)),
        route("GET", "/messages", Session, "The rows of the latest messages", get(panel::messages::rows)),
        route(
            "GET",
            "/sign-in",
            Public,
            "How to sign in; a one-time link signs in",
            get(panel::sign_in::page),
        ),
        route("GET", "/assets/{*path}", Public, "Styles and scripts", get(panel::assets::serve)),
    ];
    if demo {
        table.extend([
            route("GET", "/demo/phone", Session, "The virtual phone", get(panel::phone::page)),
            route("GET", "/demo/phone/thread", Session, "What the phone shows", get(panel::phone::thread)),
            route("POST", "/demo/phone", Session, "Write from the phone", post(panel::phone::write)),
        ]);
    }
    table
}

/// The router of the table.
pub fn router(web: &Web) -> Router {
    let mut router = Router::new();
    for route in routes(web.settings.simulator.is_some()) {
        let handler = match route.access {
            Access::Public | Access::Twilio => route.handler,
            Access::Api => route.handler.layer(from_fn_with_state(web.clone(), access::require_api)),
            Access::Session => route.handler.layer(from_fn_with_state(web.clone(), access::require_session)),
        };
        let handler = match route.access {
            Access::Twilio => handler,
            Access::Public | Access::Api | Access::Session => {
                handler.layer(from_fn(access::security_headers))
            }
        };
        router = router.route(route.path, handler);
    }
    router
        .fallback(not_found)
        .layer(CatchPanicLayer::custom(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response()))
        .with_state(web.clone())
}

async fn not_found() -> Response {
    StatusCode::NOT_FOUND.into_response()
}
