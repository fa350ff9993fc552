//! Reading a query string as the original did: what can't be read counts as absent, field by field.

use std::convert::Infallible;

use axum::{extract::FromRequestParts, http::request::Parts};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// The fields of a query. Of a field given twice the first counts; what is no UTF-8 is replaced and so refused where
/// that matters: a cursor that vanished would lead to the first page for ever.
#[derive(Debug)]
pub(crate) struct LenientQuery<T>(pub(crate) T);

impl<T: DeserializeOwned + Default, S: Send + Sync> FromRequestParts<S> for LenientQuery<T> {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let mut fields = Map::new();
        for (name, text) in form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()) {
            fields.entry(name).or_insert_with(|| Value::String(text.into_owned()));
        }
        Ok(Self(serde_json::from_value(Value::Object(fields)).unwrap_or_default()))
    }
}
