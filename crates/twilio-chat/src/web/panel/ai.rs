//! `/ai`: the assistant's pages. They show what the API of the assistant shows, to people; an operator looks and
//! tries, an admin changes.

pub(in crate::web) mod cases;
pub(in crate::web) mod guards;
pub(in crate::web) mod playground;
pub(in crate::web) mod receipts;
pub(in crate::web) mod settings;

use axum::{http::HeaderMap, response::Response};
use hub_clients::openai::ModelError;
use hub_domain::assistant::Passage;
use hub_store::StoreError;

use super::{fault, words};
use crate::{
    app::{assistant::AssistantError, auth::Viewer},
    i18n::Lang,
    t,
    web::Web,
};

/// What is said over every page about where answers come from.
struct Source {
    has_key: bool,
    simulated: bool,
}

impl Source {
    fn of(web: &Web, has_key: bool) -> Self {
        Self { has_key, simulated: web.app.facts().simulated_model }
    }
}

/// A piece of the knowledge base as the pages show it.
struct Piece {
    title: String,
    text: String,
    score: String,
}

impl Piece {
    fn of(lang: Lang, passage: Passage) -> Self {
        let score = words::decimal(lang, &format!("{:.3}", passage.score));
        Self { title: passage.title, text: passage.text, score }
    }
}

/// Why nothing came of asking a model.
fn trouble(lang: Lang, error: &AssistantError) -> String {
    match error {
        AssistantError::NoModel => t!(lang, "ai.trouble.no_key").to_owned(),
        AssistantError::Model(ModelError::Empty) => t!(lang, "ai.trouble.empty").to_owned(),
        AssistantError::Key(_)
        | AssistantError::NoRecipient
        | AssistantError::Model(_)
        | AssistantError::WantsPerson
        | AssistantError::Unfit(_)
        | AssistantError::Send(_)
        | AssistantError::Store(_) => t!(lang, "ai.trouble.failed", error = error),
    }
}

fn store_fault(web: &Web, headers: &HeaderMap, viewer: &Viewer, error: &StoreError) -> Response {
    tracing::error!(%error, "the assistant's data could not be read or saved");
    fault::store(web, headers, Some(viewer))
}
