//! Reading JSON as the original did: any content type, and what is no JSON object counts as `{}`.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value};

/// The fields of a JSON object.
#[derive(Debug)]
pub(crate) struct JsonBody(Map<String, Value>);

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            let status = rejection.into_response().status();
            super::super::error::api_error(status, status.canonical_reason().unwrap_or("unreadable body"))
        })?;
        Ok(match serde_json::from_slice(&bytes) {
            Ok(Value::Object(fields)) => Self(fields),
            Ok(_) | Err(_) => Self(Map::new()),
        })
    }
}

impl JsonBody {
    /// The text of a field; numbers count as their digits, everything else as empty.
    pub(crate) fn text(&self, name: &str) -> String {
        match self.0.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) | None => String::new(),
        }
    }

    /// A switch, read as Python reads truth.
    pub(crate) fn truth(&self, name: &str) -> bool {
        match self.0.get(name) {
            Some(Value::Bool(value)) => *value,
            Some(Value::String(text)) => !text.is_empty(),
            Some(Value::Number(number)) => number.as_f64() != Some(0.0),
            Some(Value::Array(items)) => !items.is_empty(),
            Some(Value::Object(fields)) => !fields.is_empty(),
            Some(Value::Null) | None => false,
        }
    }
}
