//! The calls themselves, each exactly one.

use std::{fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use http::Method;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::{
    access::{Door, ModelAccess, ModelAccessError},
    chat::{self, ChatAnswer, ChatRequest},
    embeddings::{self, Embeddings},
    outcome::{ModelError, document, success},
};
use crate::{
    guard::Reach,
    transport::{InboundResponse, OutboundRequest, Transport},
};

const MAX_CHAT_BYTES: usize = 1 << 20;
const MAX_EMBEDDINGS_BYTES: usize = 64 << 20;
const MAX_LIST_BYTES: usize = 4 << 20;

/// One service. Cheap to share behind an `Arc`.
pub struct ModelClient {
    door: Door,
    key: SecretString,
    transport: Arc<dyn Transport>,
    timeout: Duration,
}

impl ModelClient {
    /// A client for one service; calls nobody yet. `timeout` is for a whole answer.
    pub fn new(
        access: &ModelAccess,
        transport: Arc<dyn Transport>,
        timeout: Duration,
    ) -> Result<Self, ModelAccessError> {
        Ok(Self { door: Door::open(access)?, key: access.api_key.clone(), transport, timeout })
    }

    /// Whom it calls.
    pub fn host(&self) -> &str {
        &self.door.host
    }

    /// Asks for the next message of a chat.
    pub async fn chat(&self, request: &ChatRequest) -> Result<ChatAnswer, ModelError> {
        let url = self.door.url(&request.model, "chat/completions");
        let response = self.post(url, &chat::body(request), MAX_CHAT_BYTES).await?;
        chat::read(&document(&response)?)
    }

    /// Makes vectors of texts.
    pub async fn embed(&self, model: &str, texts: &[String]) -> Result<Embeddings, ModelError> {
        let url = self.door.url(model, "embeddings");
        let body = json!({ "model": model, "input": texts });
        let response = self.post(url, &body, MAX_EMBEDDINGS_BYTES).await?;
        embeddings::read(&response.body, texts.len())
    }

    /// The names of the models there are, sorted.
    pub async fn models(&self) -> Result<Vec<String>, ModelError> {
        let response = self.call(Method::GET, self.door.models_url(), Bytes::new(), MAX_LIST_BYTES).await?;
        let document = document(&response)?;
        let list = document.get("data").or_else(|| document.get("models")).and_then(Value::as_array);
        let list = list.ok_or(ModelError::Unreadable("no list of models"))?;
        let name = |model: &Value| model.get("id").or_else(|| model.get("name"))?.as_str().map(str::to_owned);
        let mut names: Vec<String> = list.iter().filter_map(name).collect();
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }

    async fn post(&self, url: String, body: &Value, max_body: usize) -> Result<InboundResponse, ModelError> {
        self.call(Method::POST, url, Bytes::from(body.to_string()), max_body).await
    }

    async fn call(
        &self,
        method: Method,
        url: String,
        body: Bytes,
        max_body: usize,
    ) -> Result<InboundResponse, ModelError> {
        let (headers, timeout) = (self.door.headers.clone(), self.timeout);
        let request =
            OutboundRequest { method, url, headers, body, timeout, max_body, reach: Reach::Configured };
        success(self.transport.call(request).await, self.key.expose_secret())
    }
}

/// Shows where it calls and nothing of what it calls with.
impl fmt::Debug for ModelClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ModelClient").field("host", &self.door.host).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
