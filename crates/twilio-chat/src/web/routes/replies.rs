//! The lines of the table about the pages of fixed answers: the auto-reply with its hours, words, consents.

use axum::routing::{get, post};

use super::{ADMIN, ANYONE, Route};
use crate::web::panel::auto_reply;

pub(super) fn routes() -> Vec<Route> {
    let route = |method, path, access, about, handler| Route { method, path, access, about, handler };
    vec![
        route("GET", "/auto-reply", ANYONE, "The auto-reply and the hours", get(auto_reply::page)),
        route("POST", "/auto-reply", ADMIN, "Change the auto-reply", post(auto_reply::change)),
        route("POST", "/auto-reply/hours", ADMIN, "Set the business hours", post(auto_reply::hours)),
    ]
}
