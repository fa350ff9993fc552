//! The lines of the table about how the hub is kept running: keys, webhooks, models, jobs, recovery.

use axum::routing::{get, post};

use super::{ADMIN, CHANGE, READ, Route};
use crate::web::{api, panel};

pub(super) fn routes() -> Vec<Route> {
    let route = |method, path, access, about, handler| Route { method, path, access, about, handler };
    vec![
        route("GET", "/api/models", READ, "Which models there are", get(api::models::list)),
        route("POST", "/api/models", CHANGE, "Choose models", post(api::models::choose)),
        route("GET", "/settings/keys", ADMIN, "How the keys stand", get(panel::keys::page)),
        route("POST", "/settings/keys", ADMIN, "Enter, remove or try a key", post(panel::keys::act)),
        route("GET", "/settings/webhooks", ADMIN, "Where Twilio is to call", get(panel::webhooks::page)),
        route("POST", "/settings/webhooks", ADMIN, "Have Twilio call us", post(panel::webhooks::set)),
        route(
            "GET",
            "/settings/webhooks/state",
            ADMIN,
            "Where Twilio calls now",
            get(panel::webhooks::fragment),
        ),
        route("GET", "/settings/jobs", ADMIN, "Work that needs a person", get(panel::jobs::page)),
        route("POST", "/settings/jobs", ADMIN, "Retry or discard a job", post(panel::jobs::act)),
        route("GET", "/settings/recovery", ADMIN, "What was missed", get(panel::jobs::recovery)),
    ]
}
