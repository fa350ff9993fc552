//! Reading JSON as the original did: any content type, and what is no JSON object counts as `{}`.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{super::error::api_error, LANG};
use crate::{config::flag, t};

/// The fields of a JSON object.
#[derive(Debug)]
pub(crate) struct JsonBody(Map<String, Value>);

/// A field that is for yes or no and says neither; named in the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoSwitch(&'static str);

impl From<NoSwitch> for String {
    fn from(NoSwitch(field): NoSwitch) -> Self {
        t!(LANG, "api.no_switch", field = field)
    }
}

impl IntoResponse for NoSwitch {
    fn into_response(self) -> Response {
        api_error(StatusCode::BAD_REQUEST, &String::from(self))
    }
}

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            let status = rejection.into_response().status();
            api_error(status, status.canonical_reason().unwrap_or("unreadable body"))
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

    /// A switch; left out it is off.
    pub(crate) fn truth(&self, name: &'static str) -> Result<bool, NoSwitch> {
        Ok(self.truth_given(name)?.unwrap_or(false))
    }

    /// A switch, or a word that shells and forms write for one; `None` where it is left out. Anything else is
    /// refused: taken for yes or for no it would do what nobody asked for.
    pub(crate) fn truth_given(&self, name: &'static str) -> Result<Option<bool>, NoSwitch> {
        let given = match self.0.get(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::Bool(value)) => Some(*value),
            Some(Value::String(text)) if text.trim().is_empty() => Some(false),
            Some(Value::String(text)) => flag(text.trim()),
            Some(Value::Number(number)) => flag(&number.to_string()),
            Some(Value::Array(_) | Value::Object(_)) => None,
        };
        given.map(Some).ok_or(NoSwitch(name))
    }

    /// Whether the field is there, whatever is in it.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Whether the field is a text, an empty one too.
    pub(crate) fn is_text(&self, name: &str) -> bool {
        matches!(self.0.get(name), Some(Value::String(_)))
    }

    /// What one of a few words stands for; `None` for any other.
    pub(crate) fn word<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(name);
        words.iter().find(|(word, _)| *word == text.trim()).map(|(_, value)| *value)
    }

    /// The whole object as a value of a type.
    pub(crate) fn read<T: DeserializeOwned>(self) -> Option<T> {
        serde_json::from_value(Value::Object(self.0)).ok()
    }

    /// The whole number of a field, or of the digits in its text.
    pub(crate) fn whole(&self, name: &str) -> Option<i64> {
        self.text(name).trim().parse().ok()
    }

    /// What a field holds, as JSON writes what is no text; `None` when it is left out or blank. For what is read
    /// further, so that a value of another kind is refused and not taken for none.
    pub(crate) fn given(&self, name: &str) -> Option<String> {
        match self.0.get(name) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Some(value) => Some(value.to_string()),
        }
    }

    /// The trimmed text of a field; `None` when there is none.
    pub(crate) fn filled(&self, name: &str) -> Option<String> {
        Some(self.text(name).trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// The texts of a field that may be one text or a list of them; what is no text stays as JSON writes it.
    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        let one =
            |value: &Value| value.as_str().map_or_else(|| value.to_string(), |text| text.trim().to_owned());
        let texts = match self.0.get(name) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(items)) => items.iter().map(one).collect(),
            Some(value) => vec![one(value)],
        };
        texts.into_iter().filter(|text| !text.is_empty()).collect()
    }

    /// JSON given as an object or as its text; numbers in it count as their digits. What is neither stays as JSON
    /// writes it, to be refused and not taken for nothing.
    pub(crate) fn json_text(&self, name: &str) -> String {
        let fields = match self.0.get(name) {
            Some(Value::Object(fields)) => fields,
            None | Some(Value::Null) => return String::new(),
            Some(Value::String(text)) => return text.clone(),
            Some(value) => return value.to_string(),
        };
        let texts = fields.iter().map(|(name, value)| {
            let digits = value.as_number().map(|number| Value::String(number.to_string()));
            (name.clone(), digits.unwrap_or_else(|| value.clone()))
        });
        Value::Object(texts.collect()).to_string()
    }

    /// All fields in one spelling, whatever their order and white space.
    pub(crate) fn canonical(&self) -> String {
        let sorted: std::collections::BTreeMap<&String, &Value> = self.0.iter().collect();
        serde_json::to_string(&sorted).unwrap_or_default()
    }
}
