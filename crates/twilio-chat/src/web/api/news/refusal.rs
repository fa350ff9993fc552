//! Why something was not done with the knowledge base, as status and text.

use axum::{http::StatusCode, response::Response};
use hub_clients::openai::ModelError;
use hub_retrieval::{layout::Refused, library::LibraryError};

use crate::{
    app::knowledge::{BuildError, KnowledgeError},
    i18n::Lang,
    t,
    web::error::api_error,
};

/// The same words for the API and the panel.
pub(in crate::web) fn words(error: &KnowledgeError, lang: Lang) -> (StatusCode, String) {
    match error {
        KnowledgeError::Library(LibraryError::Busy) => {
            (StatusCode::CONFLICT, t!(lang, "knowledge.busy").to_owned())
        }
        KnowledgeError::Library(LibraryError::Archive(why)) => {
            (StatusCode::BAD_REQUEST, t!(lang, "news.archive.bad", why = why))
        }
        KnowledgeError::Library(LibraryError::Nothing(refused)) => {
            (StatusCode::BAD_REQUEST, t!(lang, "news.archive.nothing", why = listed(refused)))
        }
        KnowledgeError::Library(LibraryError::Io(_) | LibraryError::Index(_) | LibraryError::Source(_)) => {
            tracing::error!(%error, "FAISS: the knowledge base could not be read or changed");
            (StatusCode::INTERNAL_SERVER_ERROR, t!(lang, "news.fault").to_owned())
        }
        KnowledgeError::Store(error) => {
            tracing::error!(%error, "a change of the knowledge base could not be written down");
            (StatusCode::SERVICE_UNAVAILABLE, t!(lang, "api.store_fault").to_owned())
        }
    }
}

/// Why a build failed.
pub(super) fn build_words(error: &BuildError, lang: Lang) -> (StatusCode, String) {
    match error {
        BuildError::Library(LibraryError::Busy) => {
            (StatusCode::CONFLICT, t!(lang, "knowledge.busy").to_owned())
        }
        BuildError::Library(LibraryError::Nothing(refused)) => {
            (StatusCode::BAD_REQUEST, t!(lang, "builds.nothing", why = listed(refused)))
        }
        BuildError::Library(_) | BuildError::BrokeOff(_) => {
            (StatusCode::INTERNAL_SERVER_ERROR, t!(lang, "news.fault").to_owned())
        }
        BuildError::Stopped => (StatusCode::CONFLICT, t!(lang, "builds.stopped").to_owned()),
        BuildError::Model(error) => (StatusCode::BAD_GATEWAY, model_words(error, lang)),
    }
}

/// Why a service made no vectors, and what to do about it. What was paid for is kept in any case.
fn model_words(error: &ModelError, lang: Lang) -> String {
    let why = match error {
        ModelError::Unauthorised(_) => t!(lang, "builds.trouble.key").to_owned(),
        ModelError::Throttled { out_of_credit: true, .. } => t!(lang, "builds.trouble.credit").to_owned(),
        ModelError::Throttled { out_of_credit: false, .. }
        | ModelError::Overloaded { .. }
        | ModelError::Unreachable(_)
        | ModelError::NoAnswer(_) => t!(lang, "builds.trouble.silent").to_owned(),
        ModelError::Refused { message, .. } => t!(lang, "builds.trouble.refused", message = message),
        ModelError::TooLarge | ModelError::Unreadable(_) | ModelError::Empty | ModelError::Filtered => {
            t!(lang, "builds.trouble.unreadable", error = error)
        }
    };
    format!("{why} {}", t!(lang, "builds.trouble.kept"))
}

pub(super) fn answer(error: &KnowledgeError) -> Response {
    let (status, text) = words(error, super::LANG);
    api_error(status, &text)
}

fn listed(refused: &[Refused]) -> String {
    refused.iter().fold(String::new(), |text, one| text + " " + one.file + ": " + &one.reason + ".")
}
