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
        route("GET", "/api/ai/config", Api, "How the assistant is set up", get(api::assistant::config::show)),
        route("POST", "/api/ai/config", Api, "Set the assistant up", post(api::assistant::config::change)),
        route("POST", "/api/ai/test", Api, "Whether the model answers", post(api::assistant::sending::test)),
        route(
            "POST",
            "/api/ai/send",
            Api,
            "Send a text that the model writes",
            post(api::assistant::sending::send),
        ),
        route(
            "GET",
            "/api/ai/conversation",
            Api,
            "The last messages with the assistant's recipient",
            get(api::assistant::sending::conversation),
        ),
        route(
            "POST",
            "/api/ai/playground",
            Api,
            "Ask as a customer, without sending",
            post(api::assistant::sending::playground),
        ),
        route("GET", "/api/ai/cases", Api, "What should have been said", get(api::assistant::cases::list)),
        route(
            "POST",
            "/api/ai/cases",
            Api,
            "Save what should have been said",
            post(api::assistant::cases::save),
        ),
        route("DELETE", "/api/ai/cases/{id}", Api, "Delete a case", delete(api::assistant::cases::delete)),
        route(
            "GET",
            "/api/ai/receipts/{row}",
            Api,
            "What a model was told and wrote about a message",
            get(api::assistant::cases::receipts),
        ),
        route(
            "GET",
            "/api/ai/proposal/{*participant}",
            Api,
            "What the model proposes to say",
            get(api::assistant::cases::proposal),
        ),
        route(
            "DELETE",
            "/api/ai/proposal/{*participant}",
            Api,
            "Drop what the model proposes",
            delete(api::assistant::cases::drop_proposal),
        ),
        route("GET", "/api/listeners", Api, "The listeners", get(api::listeners::list)),
        route("POST", "/api/listeners", Api, "Add a word with its answer", post(api::listeners::add)),
        route("POST", "/api/listeners/{id}", Api, "Change a listener", post(api::listeners::change)),
        route("DELETE", "/api/listeners/{id}", Api, "Delete a word", delete(api::listeners::delete)),
        route(
            "GET",
            "/api/guards",
            Api,
            "What keeps automatic messages within bounds",
            get(api::guards::show),
        ),
        route("POST", "/api/guards", Api, "Change the bounds", post(api::guards::change)),
        route("GET", "/api/hours", Api, "The business hours", get(api::guards::show_hours)),
        route("POST", "/api/hours", Api, "Set the business hours", post(api::guards::set_hours)),
        route("GET", "/api/consents", Api, "Who asked for silence", get(api::consents::list)),
        route("GET", "/api/consents/{participant}", Api, "A person's consent", get(api::consents::show)),
        route(
            "POST",
            "/api/consents/{participant}",
            Api,
            "Write a consent down",
            post(api::consents::record),
        ),
        route(
            "GET",
            "/api/consents/{participant}/export",
            Api,
            "The evidence as a file",
            get(api::consents::export),
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
