//! The lines of the table about the assistant's pages.

use axum::routing::{get, post};

use super::{ADMIN, ANYONE, Route};
use crate::web::panel::ai::{receipts, settings};

pub(super) fn routes() -> Vec<Route> {
    let route = |method, path, access, about, handler| Route { method, path, access, about, handler };
    vec![
        route("GET", "/ai", ANYONE, "The assistant and how it is set up", get(settings::page)),
        route("POST", "/ai", ADMIN, "Set the assistant up", post(settings::save)),
        route("POST", "/ai/test", ADMIN, "Whether the model answers", post(settings::test)),
        route("GET", "/ai/receipts", ANYONE, "The calls to models", get(receipts::list)),
        route("GET", "/ai/receipts/{id}", ANYONE, "One call to a model", get(receipts::show)),
        route(
            "POST",
            "/ai/receipts/{id}",
            ANYONE,
            "Save what should have been said",
            post(receipts::save_case),
        ),
    ]
}
