//! Carries webhooks to the hub on this machine, over kept-alive connections.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http::header::CONTENT_TYPE;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use crate::answers::{WebhookAnswer, WebhookFailure};
use crate::webhook::Webhook;

/// Twilio waits this long for a whole answer.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Twilio reads no more than this of an answer.
const LONGEST_ANSWER: usize = 64 * 1024;

/// Posts webhooks. Clones share their connections.
#[derive(Clone, Debug)]
pub(crate) struct Courier(Client<HttpConnector, Full<Bytes>>);

impl Courier {
    pub(crate) fn new() -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        Self(Client::builder(TokioExecutor::new()).build(connector))
    }

    /// Posts one webhook and reads the answer.
    pub(crate) async fn deliver(&self, webhook: &Webhook) -> Result<WebhookAnswer, WebhookFailure> {
        tokio::time::timeout(TIMEOUT, self.post(webhook))
            .await
            .unwrap_or_else(|_| Err(WebhookFailure::Read("no answer within 15 s".to_owned())))
    }

    async fn post(&self, webhook: &Webhook) -> Result<WebhookAnswer, WebhookFailure> {
        let mut request = Request::post(&webhook.url);
        for (name, value) in webhook.headers() {
            request = request.header(name, value);
        }
        let request = request
            .body(Full::new(Bytes::from(webhook.form_body.clone())))
            .map_err(|error| WebhookFailure::Connect(error.to_string()))?;
        if !is_loopback(request.uri()) {
            return Err(WebhookFailure::Connect("the simulator posts to http://127.0.0.1 only".to_owned()));
        }
        let response = self.0.request(request).await.map_err(|error| {
            let text = error.to_string();
            if error.is_connect() { WebhookFailure::Connect(text) } else { WebhookFailure::Read(text) }
        })?;
        let status = response.status().as_u16();
        let content_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let content_type = content_type.unwrap_or_default().to_owned();
        let body = Limited::new(response.into_body(), LONGEST_ANSWER).collect().await;
        let body = body.map_err(|error| WebhookFailure::Read(error.to_string()))?.to_bytes();
        Ok(WebhookAnswer { status, content_type, body: String::from_utf8_lossy(&body).into_owned() })
    }
}

/// On this machine, and without TLS.
pub(crate) fn is_loopback(uri: &http::Uri) -> bool {
    uri.scheme_str() == Some("http") && matches!(uri.host(), Some("127.0.0.1" | "localhost"))
}
