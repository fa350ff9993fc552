//! The lines of the table about what answers by itself: the assistant, listeners, guards, consent.

use axum::routing::{delete, get, post};

use super::{CHANGE, READ, Route, SEND};
use crate::web::api;

pub(super) fn routes() -> Vec<Route> {
    let route = |method, path, access, about, handler| Route { method, path, access, about, handler };
    vec![
        route(
            "GET",
            "/api/ai/config",
            READ,
            "How the assistant is set up",
            get(api::assistant::config::show),
        ),
        route("POST", "/api/ai/config", CHANGE, "Set the assistant up", post(api::assistant::config::change)),
        route(
            "POST",
            "/api/ai/test",
            CHANGE,
            "Whether the model answers",
            post(api::assistant::sending::test),
        ),
        route(
            "POST",
            "/api/ai/send",
            SEND,
            "Send a text that the model writes",
            post(api::assistant::sending::send),
        ),
        route(
            "GET",
            "/api/ai/conversation",
            READ,
            "The last messages with the assistant's recipient",
            get(api::assistant::sending::conversation),
        ),
        route(
            "POST",
            "/api/ai/playground",
            SEND,
            "Ask as a customer, without sending",
            post(api::assistant::sending::playground),
        ),
        route("GET", "/api/ai/cases", READ, "What should have been said", get(api::assistant::cases::list)),
        route(
            "POST",
            "/api/ai/cases",
            SEND,
            "Save what should have been said",
            post(api::assistant::cases::save),
        ),
        route("DELETE", "/api/ai/cases/{id}", CHANGE, "Delete a case", delete(api::assistant::cases::delete)),
        route(
            "GET",
            "/api/ai/receipts/{row}",
            READ,
            "What a model was told and wrote about a message",
            get(api::assistant::cases::receipts),
        ),
        route(
            "GET",
            "/api/ai/proposal/{*participant}",
            READ,
            "What the model proposes to say",
            get(api::assistant::cases::proposal),
        ),
        route(
            "DELETE",
            "/api/ai/proposal/{*participant}",
            SEND,
            "Drop what the model proposes",
            delete(api::assistant::cases::drop_proposal),
        ),
        route("GET", "/api/listeners", READ, "The listeners", get(api::listeners::list)),
        route("POST", "/api/listeners", CHANGE, "Add a word with its answer", post(api::listeners::add)),
        route("POST", "/api/listeners/{id}", CHANGE, "Change a listener", post(api::listeners::change)),
        route("DELETE", "/api/listeners/{id}", CHANGE, "Delete a word", delete(api::listeners::delete)),
        route(
            "GET",
            "/api/guards",
            READ,
            "What keeps automatic messages within bounds",
            get(api::guards::show),
        ),
        route("POST", "/api/guards", CHANGE, "Change the bounds", post(api::guards::change)),
        route("GET", "/api/hours", READ, "The business hours", get(api::guards::show_hours)),
        route("POST", "/api/hours", CHANGE, "Change the business hours", post(api::guards::change_hours)),
        route("GET", "/api/consents", READ, "Who asked for silence", get(api::consents::list)),
        route("GET", "/api/consents/{participant}", READ, "A person's consent", get(api::consents::show)),
        route(
            "POST",
            "/api/consents/{participant}",
            SEND,
            "Write a consent down",
            post(api::consents::record),
        ),
        route(
            "GET",
            "/api/consents/{participant}/export",
            READ,
            "The evidence as a file",
            get(api::consents::export),
        ),
    ]
}
