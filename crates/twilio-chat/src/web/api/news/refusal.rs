//! Why something was not done with the knowledge base, as status and text.

use axum::{http::StatusCode, response::Response};
use hub_retrieval::{layout::Refused, library::LibraryError};

use crate::{app::knowledge::KnowledgeError, i18n::Lang, t, web::error::api_error};

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

pub(super) fn answer(error: &KnowledgeError) -> Response {
    let (status, text) = words(error, super::LANG);
    api_error(status, &text)
}

fn listed(refused: &[Refused]) -> String {
    refused.iter().fold(String::new(), |text, one| text + " " + one.file + ": " + &one.reason + ".")
}
