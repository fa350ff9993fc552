//! The names in an address. One that can't be read names nothing: the answer is the API's, not the router's text.

use axum::{
    extract::{FromRequestParts, Path as InAddress},
    http::{StatusCode, request::Parts},
    response::Response,
};
use serde::de::DeserializeOwned;

use super::{super::error::api_error, LANG};
use crate::t;

/// What the address names.
#[derive(Debug)]
pub(crate) struct Path<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let named = InAddress::from_request_parts(parts, state).await;
        named
            .map(|InAddress(named)| Self(named))
            .map_err(|_| api_error(StatusCode::NOT_FOUND, t!(LANG, "api.not_found")))
    }
}
