//! The lines of the table about the assistant's pages.

use axum::routing::{get, post};

use super::{ADMIN, ANYONE, Route};
use crate::web::panel::ai::{cases, guards, playground, receipts, settings};

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
        route("GET", "/ai/guards", ANYONE, "What keeps automatic messages within bounds", get(guards::page)),
        route("POST", "/ai/guards", ADMIN, "Change the bounds", post(guards::save)),
        route("GET", "/ai/playground", ANYONE, "Where one asks as a customer", get(playground::page)),
        route("POST", "/ai/playground", ANYONE, "Ask as a customer, without sending", post(playground::ask)),
        route("GET", "/ai/cases", ANYONE, "What should have been said", get(cases::list)),
        route("POST", "/ai/cases/{id}/delete", ADMIN, "Delete a case", post(cases::delete)),
    ]
}
