//! Every route, once: method, path, who may call it, what it is for, and its handler.

mod ai_pages;
mod automation;
mod knowledge;
mod replies;
mod settings;

use axum::{
    Router,
    http::StatusCode,
    middleware::from_fn_with_state,
    response::IntoResponse,
    routing::{MethodRouter, any, delete, get, post},
};
use hub_domain::access::{Role, Scope};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

use super::{
    Web,
    access::{self, Needs},
    api, media, panel, webhooks,
};
use crate::app::App;

/// Who may call a route. There is no level "anyone by omission": a route without one does not compile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anyone.
    Public,
    /// Twilio, proven by its signature (checked in the handler, over the raw request).
    Twilio,
    /// A token with the scope, or a session whose role includes it.
    Api(Scope),
    /// A signed-in person with the role.
    Session(Role),
}

const READ: Access = Access::Api(Scope::Read);
const SEND: Access = Access::Api(Scope::Send);
const CHANGE: Access = Access::Api(Scope::Admin);
const ANYONE: Access = Access::Session(Role::Operator);
const ADMIN: Access = Access::Session(Role::Admin);

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
    use Access::{Public, Twilio};
    let route = |method, path, access, about, handler| Route { method, path, access, about, handler };
    let mut table = vec![
        route("GET", "/api/health", Public, "Whether the hub works", get(api::health::show)),
        route("GET", "/api/messages", READ, "The newest messages", get(api::messages::list)),
        route("POST", "/api/messages", SEND, "Send a text", post(api::messages::send)),
        route(
            "POST",
            "/api/send-message",
            SEND,
            "Send a text, media or a template",
            post(api::send_message::send),
        ),
        route("GET", "/api/messages/stats", READ, "How many messages there are", get(api::messages::stats)),
        route("GET", "/api/messages/remote", READ, "The newest messages at Twilio", get(api::remote::list)),
        route("GET", "/api/messages/{sid}", READ, "One message as Twilio has it", get(api::remote::show)),
        route("DELETE", "/api/messages/{sid}", CHANGE, "Delete a message", delete(api::remote::delete)),
        route("POST", "/api/messages/{sid}/redact", CHANGE, "Blank a text", post(api::remote::redact)),
        route("POST", "/api/messages/{sid}/cancel", SEND, "Withdraw a message", post(api::remote::cancel)),
        route("POST", "/api/messages/{sid}/approve", SEND, "Send a held message", post(api::held::approve)),
        route("POST", "/api/messages/{sid}/discard", SEND, "Drop a held message", post(api::held::discard)),
        route("GET", "/api/recovery", READ, "What was missed and recovered", get(api::recovery::list)),
        route("GET", "/api/conversations", READ, "A line for every person", get(api::conversations::list)),
        route(
            "GET",
            "/api/conversations/{*participant}",
            READ,
            "The last messages with a person",
            get(api::conversations::show),
        ),
        route(
            "DELETE",
            "/api/conversations/{*participant}",
            CHANGE,
            "Delete everything said with a person",
            delete(api::conversations::delete),
        ),
        route("GET", "/api/auto-reply/config", READ, "The classic auto-reply", get(api::auto_reply::show)),
        route(
            "POST",
            "/api/auto-reply/config",
            CHANGE,
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
        route("GET", "/setup", ANYONE, "The first steps and their state", get(panel::setup::page)),
        route("POST", "/automation", ANYONE, "Switch automatic replies", post(panel::automation::switch)),
        route("GET", "/settings", ANYONE, "One's own account", get(panel::account::page)),
        route("POST", "/settings/password", ANYONE, "Change one's password", post(panel::account::password)),
        route(
            "POST",
            "/settings/preferences",
            ANYONE,
            "Language and theme",
            post(panel::account::preferences),
        ),
        route("GET", "/media/{message}/{position}", READ, "An attachment that came in", get(media::show)),
        route("POST", "/settings/sessions/end", ANYONE, "End sessions", post(panel::account::end_sessions)),
        route("POST", "/sign-out", ANYONE, "End this session", post(panel::account::sign_out)),
        route("GET", "/settings/users", ADMIN, "Everybody", get(panel::users::page)),
        route("POST", "/settings/users", ADMIN, "Add somebody", post(panel::users::add)),
        route("POST", "/settings/users/change", ADMIN, "Change somebody", post(panel::users::change)),
        route("GET", "/settings/tokens", ADMIN, "API tokens", get(panel::tokens::page)),
        route("POST", "/settings/tokens", ADMIN, "Make an API token", post(panel::tokens::add)),
        route("POST", "/settings/tokens/revoke", ADMIN, "Revoke an API token", post(panel::tokens::revoke)),
        route("GET", "/settings/audit", ADMIN, "Who did what", get(panel::audit::page)),
        route("GET", "/sign-in", Public, "The way in; a one-time link signs in", get(panel::sign_in::page)),
        route("POST", "/sign-in", Public, "Sign in by name and password", post(panel::sign_in::enter)),
        route("POST", "/sign-in/first", Public, "Make the first account", post(panel::sign_in::first)),
        route("GET", "/assets/{*path}", Public, "Styles and scripts", get(panel::assets::serve)),
    ];
    table.extend(ai_pages::routes());
    table.extend(automation::routes());
    table.extend(knowledge::routes());
    table.extend(inbox());
    table.extend(chat());
    table.extend(dashboard());
    table.extend(keys());
    table.extend(settings::routes());
    table.extend(replies::routes());
    if demo {
        table.extend(phone());
    }
    table
}

/// What the demo has besides.
fn phone() -> Vec<Route> {
    let route = |method, path, access, about, handler| Route { method, path, access, about, handler };
    vec![
        route("GET", "/demo/phone", ANYONE, "The virtual phone", get(panel::phone::page)),
        route("GET", "/demo/phone/thread", ANYONE, "What the phone shows", get(panel::phone::thread)),
        route("POST", "/demo/phone", ANYONE, "Write from the phone", post(panel::phone::write)),
        route("POST", "/demo/scenario", ANYONE, "Play a shop's busy day", post(panel::phone::play)),
    ]
}

/// What the panel's inbox is made of.
fn inbox() -> Vec<Route> {
    let route = |method, path, access, about, handler| Route { method, path, access, about, handler };
    vec![
        route("GET", "/api/inbox", READ, "A page of people in a view", get(api::inbox::list)),
        route("POST", "/api/inbox/messages", SEND, "Send a text from a thread", post(api::by_hand::send)),
        route("GET", "/api/search", READ, "People and messages by words", get(api::inbox::search)),
        route("GET", "/api/drafts", READ, "Texts being written", get(api::inbox::drafts)),
        route(
            "GET",
            "/api/contacts/{contact}/thread",
            READ,
            "A page of a thread",
            get(api::contacts::thread),
        ),
        route("POST", "/api/contacts/{contact}/read", SEND, "Mark read or unread", post(api::contacts::read)),
        route("POST", "/api/contacts/{contact}/mode", SEND, "Who is in charge", post(api::contacts::mode)),
        route("POST", "/api/contacts/{contact}/name", SEND, "Name a person", post(api::contacts::name)),
        route(
            "POST",
            "/api/contacts/{contact}/draft",
            SEND,
            "Save what is being written",
            post(api::contacts::draft),
        ),
        route(
            "POST",
            "/api/contacts/{contact}/done",
            SEND,
            "Nothing is left to answer",
            post(api::contacts::done),
        ),
        route(
            "POST",
            "/api/contacts/{contact}/opt-out",
            SEND,
            "Record an opt-out",
            post(api::contacts::opt_out),
        ),
        route(
            "POST",
            "/api/contacts/{contact}/opt-in",
            SEND,
            "Record a new consent",
            post(api::contacts::reopen),
        ),
        route(
            "GET",
            "/api/messages/{sid}/details",
            READ,
            "All that is known of a message",
            get(api::thread::details),
        ),
        route(
            "POST",
            "/api/messages/{sid}/retry",
            SEND,
            "Send a failed message again",
            post(api::by_hand::retry),
        ),
        route("POST", "/api/meter", READ, "What a text takes", post(api::meter::measure)),
        route("GET", "/api/stats/series", READ, "Counts over time", get(api::series::show)),
        route("GET", "/api/events", READ, "What changes, as it changes", get(api::events::stream)),
    ]
}

/// The inbox's pages, their fragments, and what their forms do.
fn chat() -> Vec<Route> {
    let route = |method, path, access, about, handler| Route { method, path, access, about, handler };
    vec![
        route("GET", "/chat", ANYONE, "The inbox", get(panel::chat::inbox)),
        route("GET", "/chat/{*participant}", ANYONE, "A thread in the inbox", get(panel::chat::with)),
        route("GET", "/contacts", ANYONE, "Everybody", get(panel::contacts::page)),
        route("GET", "/inbox/list", ANYONE, "The list of the inbox", get(panel::chat::list)),
        route("GET", "/inbox/open", ANYONE, "To the thread of a number", get(panel::chat::open)),
        route("POST", "/inbox/send", ANYONE, "Send a text from a thread", post(panel::chat::send)),
        route(
            "GET",
            "/inbox/template",
            ANYONE,
            "Choose a WhatsApp template",
            get(panel::chat::choose_template),
        ),
        route("POST", "/inbox/template", ANYONE, "Send a template", post(panel::chat::send_template)),
        route(
            "POST",
            "/inbox/template/preview",
            ANYONE,
            "A template filled in",
            post(panel::chat::preview_template),
        ),
        route("GET", "/inbox/{contact}/thread", ANYONE, "Messages of a thread", get(panel::chat::thread)),
        route("GET", "/inbox/{contact}/head", ANYONE, "The line over a thread", get(panel::chat::head)),
        route("POST", "/inbox/{contact}/mode", ANYONE, "Who is in charge", post(panel::chat::mode)),
        route("POST", "/inbox/{contact}/name", ANYONE, "Name a person", post(panel::chat::name)),
        route("POST", "/inbox/{contact}/unread", ANYONE, "Mark read or unread", post(panel::chat::unread)),
        route("POST", "/inbox/{contact}/done", ANYONE, "Nothing is left to answer", post(panel::chat::done)),
        route(
            "POST",
            "/inbox/{contact}/proposal",
            ANYONE,
            "Take over or drop what the assistant proposes",
            post(panel::chat::decide_proposal),
        ),
        route("POST", "/inbox/{contact}/consent", ANYONE, "Opt-out or consent", post(panel::chat::consent)),
        route("GET", "/inbox/{contact}/delete", ADMIN, "Sure to delete?", get(panel::chat::sure_to_delete)),
        route("POST", "/inbox/{contact}/delete", ADMIN, "Delete a thread", post(panel::chat::delete)),
        route("GET", "/inbox/messages/{row}", ANYONE, "All about a message", get(panel::chat::details)),
        route(
            "POST",
            "/inbox/messages/{row}/approve",
            ANYONE,
            "Send a held message",
            post(panel::chat::approve),
        ),
        route(
            "POST",
            "/inbox/messages/{row}/discard",
            ANYONE,
            "Drop a held message",
            post(panel::chat::discard),
        ),
        route("POST", "/inbox/messages/{row}/retry", ANYONE, "Send it again", post(panel::chat::retry)),
        route(
            "GET",
            "/inbox/messages/{row}/delete",
            ADMIN,
            "Sure to delete a message?",
            get(panel::chat::sure_to_delete_message),
        ),
        route(
            "POST",
            "/inbox/messages/{row}/delete",
            ADMIN,
            "Delete a message",
            post(panel::chat::delete_message),
        ),
    ]
}

/// Keys, in the original's shapes.
fn keys() -> Vec<Route> {
    use api::secrets;
    let route = |method, path, access, about, handler| Route { method, path, access, about, handler };
    vec![
        route("GET", "/api/secrets", CHANGE, "How the keys stand", get(secrets::list)),
        route("POST", "/api/secrets/{name}", CHANGE, "Enter a key", post(secrets::save)),
        route("DELETE", "/api/secrets/{name}", CHANGE, "Forget a key", delete(secrets::clear)),
        route("POST", "/api/secrets/{name}/test", CHANGE, "Try a key", post(secrets::test)),
        route("POST", "/api/settings/reload", CHANGE, "Read the keys again", post(secrets::reload)),
        route("GET", "/api/openai/status", READ, "Which models are set", get(secrets::models)),
    ]
}

/// The page everybody begins at, and its fragments.
fn dashboard() -> Vec<Route> {
    use panel::dashboard::{charts, figures, latest, notices, page, quick_send};
    let route = |method, path, about, handler| Route { method, path, access: ANYONE, about, handler };
    vec![
        route("GET", "/", "How the hub stands and the latest messages", get(page)),
        route("GET", "/messages", "The latest messages", get(latest::fragment)),
        route("GET", "/desk/figures", "How many messages there are", get(figures::fragment)),
        route("GET", "/desk/charts", "The charts", get(charts::fragment)),
        route("GET", "/desk/series.csv", "The figures behind the charts", get(charts::csv)),
        route("POST", "/desk/recovery-seen", "What was recovered is known", post(notices::seen)),
        route("POST", "/desk/send", "Write to a number", post(quick_send::send)),
    ]
}

/// The router of the table.
pub fn router(web: &Web) -> Router {
    let mut router = Router::new();
    for route in routes(web.settings.simulator.is_some()) {
        let handler = guarded(web, route.handler, route.access);
        router = router.route(route.path, handler);
    }
    let nothing = guarded(web, any(panel::fault::not_found), Access::Public);
    router
        .fallback_service(nothing.with_state(web.clone()))
        .layer(CatchPanicLayer::custom(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response()))
        .with_state(web.clone())
}

fn guarded(web: &Web, handler: MethodRouter<Web>, access: Access) -> MethodRouter<Web> {
    let handler: MethodRouter<Web> = match access {
        // Its proof is in the request itself, and it is no browser.
        Access::Twilio => return handler,
        Access::Public => handler.layer(from_fn_with_state(web.clone(), access::require_own_origin)),
        Access::Api(level) => {
            handler.layer(from_fn_with_state(Needs { web: web.clone(), level }, access::require_api))
        }
        Access::Session(level) => {
            handler.layer(from_fn_with_state(Needs { web: web.clone(), level }, access::require_session))
        }
    };
    handler.layer(CompressionLayer::new()).layer(from_fn_with_state(web.clone(), access::security_headers))
}
