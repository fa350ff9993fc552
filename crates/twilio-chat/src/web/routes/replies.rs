//! The lines of the table about the pages of fixed answers: the auto-reply with its hours, words, consents.

use axum::routing::{get, post};

use super::{ADMIN, ANYONE, Route};
use crate::web::panel::{auto_reply, consents, listeners};

pub(super) fn routes() -> Vec<Route> {
    let route = |method, path, access, about, handler| Route { method, path, access, about, handler };
    vec![
        route("GET", "/auto-reply", ANYONE, "The auto-reply and the hours", get(auto_reply::page)),
        route("POST", "/auto-reply", ADMIN, "Change the auto-reply", post(auto_reply::change)),
        route("POST", "/auto-reply/hours", ADMIN, "Set the business hours", post(auto_reply::hours)),
        route("GET", "/listeners", ANYONE, "Words with their answers", get(listeners::page)),
        route("POST", "/listeners", ADMIN, "Add a word with its answer", post(listeners::add)),
        route("POST", "/listeners/change", ADMIN, "Change or delete a word", post(listeners::change)),
        route("POST", "/listeners/try", ANYONE, "What a text would do", post(listeners::attempt)),
        route("GET", "/consents", ANYONE, "Who asked for silence, and why", get(consents::page)),
        route("POST", "/consents", ANYONE, "Write a consent down", post(consents::record)),
    ]
}
