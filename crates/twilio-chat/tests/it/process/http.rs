//! A small HTTP client with kept-alive connections, as browsers, scripts and Twilio have.

use bytes::Bytes;
use http::{HeaderMap, Method, Request};
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;

use super::wait::PATIENCE;

/// The form of webhooks and of pages without scripts.
pub(super) const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// Calls one server. Clones share their connections.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    client: Client<HttpConnector, Full<Bytes>>,
    base: String,
    headers: Vec<(String, String)>,
}

/// What came back.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

/// There was no whole answer: refused, reset or cut.
#[derive(Clone, Copy, Debug)]
pub(super) struct NoAnswer;

impl Caller {
    pub(super) fn new(base: impl Into<String>) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let client = Client::builder(TokioExecutor::new()).build(connector);
        Self { client, base: base.into(), headers: Vec::new() }
    }

    /// The same with a new connection for every request. Who must not mistake a connection that the hub closed
    /// because it was idle for a hub that died needs one.
    pub(super) fn anew_each_time(base: impl Into<String>) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector);
        Self { client, base: base.into(), headers: Vec::new() }
    }

    /// The same with a header in every request.
    pub(super) fn with(&self, name: &str, value: impl Into<String>) -> Self {
        let mut caller = self.clone();
        caller.headers.push((name.to_owned(), value.into()));
        caller
    }

    /// Asks again when a kept connection was closed under the first request, as every browser does: with short
    /// waits the hub closes an idle one within a tenth of a second (RFC 9110 §9.2.2 allows it for GET).
    pub(super) async fn get(&self, target: &str) -> Answer {
        match self.call(Method::GET, target, &[], "").await {
            Ok(answer) => answer,
            Err(NoAnswer) => self.call(Method::GET, target, &[], "").await.unwrap(),
        }
    }

    pub(super) async fn post(&self, target: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.call(Method::POST, target, headers, body).await.unwrap()
    }

    pub(super) async fn call(
        &self,
        method: Method,
        target: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<Answer, NoAnswer> {
        let mut request = Request::builder().method(method).uri(format!("{}{target}", self.base));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(Bytes::from(body.to_owned()))).unwrap();
        let answered = async {
            let (head, body) = self.client.request(request).await.map_err(|_| NoAnswer)?.into_parts();
            let body = body.collect().await.map_err(|_| NoAnswer)?.to_bytes();
            let body = String::from_utf8_lossy(&body).into_owned();
            Ok(Answer { status: head.status.as_u16(), headers: head.headers, body })
        };
        tokio::time::timeout(PATIENCE, answered).await.expect("an answer or a broken connection")
    }
}

impl Answer {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}
