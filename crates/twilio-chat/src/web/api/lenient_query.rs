//! Reading a query string as the original did: what can't be read counts as absent.

use std::convert::Infallible;

use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};
use serde::de::DeserializeOwned;

/// The fields of a query, or their defaults when it can't be read (a field given twice, bad UTF-8).
#[derive(Debug)]
pub(crate) struct LenientQuery<T>(pub(crate) T);

impl<T: DeserializeOwned + Default, S: Send + Sync> FromRequestParts<S> for LenientQuery<T> {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(Query::try_from_uri(&parts.uri).map(|Query(fields)| fields).unwrap_or_default()))
    }
}
