//! `/api/ai/…`: the assistant, in the original's shapes where it had them.

pub(in crate::web) mod cases;
pub(in crate::web) mod config;
pub(in crate::web) mod sending;

use axum::{http::StatusCode, response::Response};
use hub_store::StoreError;
use secrecy::SecretString;

use super::{LANG, json_body::JsonBody, messages::refusal};
use crate::{app::assistant::AssistantError, t, web::error::api_error};

/// A key that the caller gives for this call.
fn own_key(body: &JsonBody) -> Option<SecretString> {
    body.filled("api_key").map(SecretString::from)
}

fn store_fault(error: &StoreError) -> Response {
    tracing::error!(%error, "the assistant's data could not be read or saved");
    api_error(StatusCode::SERVICE_UNAVAILABLE, t!(LANG, "api.store_fault"))
}

/// The answer when nothing came of asking. `no_key` is the original's text of the endpoint.
fn refused(error: &AssistantError, no_key: &str) -> Response {
    let (status, text) = match error {
        AssistantError::NoModel => (StatusCode::BAD_REQUEST, no_key.to_owned()),
        AssistantError::Key(_) => (StatusCode::BAD_REQUEST, t!(LANG, "api.ai.bad_key").to_owned()),
        AssistantError::NoRecipient => (StatusCode::BAD_REQUEST, t!(LANG, "api.ai.no_target").to_owned()),
        AssistantError::Model(hub_clients::openai::ModelError::Empty) => {
            (StatusCode::BAD_GATEWAY, t!(LANG, "api.ai.empty").to_owned())
        }
        AssistantError::Model(error) => (StatusCode::BAD_GATEWAY, t!(LANG, "api.ai.failed", error = error)),
        AssistantError::WantsPerson => (StatusCode::BAD_GATEWAY, t!(LANG, "api.ai.wants_person").to_owned()),
        AssistantError::Unfit(_) => (StatusCode::BAD_GATEWAY, t!(LANG, "api.ai.unfit").to_owned()),
        AssistantError::Send(error) => refusal(error, LANG),
        AssistantError::Store(error) => return store_fault(error),
    };
    api_error(status, &text)
}
