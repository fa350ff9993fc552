//! [`Transport`] over the network: reqwest with rustls, and the only place that builds a client.

use std::{error::Error, sync::Arc, time::Duration};

use bytes::BytesMut;
use reqwest::{Client, redirect, retry};
use thiserror::Error;

use crate::guard::{GlobalResolver, Reach};

use super::{BoxFuture, InboundResponse, OutboundRequest, Transport, TransportError};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Shorter than the idle limit of common servers and NATs: a pooled connection is then seldom a dead one.
const IDLE_TIMEOUT: Duration = Duration::from_secs(45);
const USER_AGENT: &str = concat!("twilio-chat/", env!("CARGO_PKG_VERSION"));

/// The network. Cheap to clone; clones share one connection pool.
#[derive(Clone, Debug)]
pub struct HttpTransport {
    client: Client,
    /// Reaches global addresses only.
    guarded: Client,
}

/// The HTTP client could not be set up, as when the machine has no certificate store.
#[derive(Debug, Error)]
#[error("cannot set up the HTTP client (are CA certificates installed?): {0}")]
pub struct TransportSetupError(String);

impl HttpTransport {
    /// Sets up the pool; no connection is made yet.
    pub fn new() -> Result<Self, TransportSetupError> {
        // An error means that someone installed a provider already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let fault = |error: reqwest::Error| TransportSetupError(chain(&error));
        let client = builder().build().map_err(fault)?;
        let guarded = builder().dns_resolver(Arc::new(GlobalResolver)).build().map_err(fault)?;
        Ok(Self { client, guarded })
    }

    async fn send(&self, request: OutboundRequest) -> Result<InboundResponse, TransportError> {
        let OutboundRequest { method, url, headers, body, timeout, max_body, reach } = request;
        let client = match reach {
            Reach::Configured => &self.client,
            Reach::Global => &self.guarded,
        };
        let call = client.request(method, url).headers(headers).timeout(timeout).body(body);
        let mut response = call.send().await.map_err(classify)?;

        let mut whole = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(classify)? {
            if whole.len().saturating_add(chunk.len()) > max_body {
                return Err(TransportError::TooLarge);
            }
            whole.extend_from_slice(&chunk);
        }
        let headers = std::mem::take(response.headers_mut());
        Ok(InboundResponse { status: response.status().as_u16(), headers, body: whole.freeze() })
    }
}

impl Transport for HttpTransport {
    fn call(&self, request: OutboundRequest) -> BoxFuture<'_, Result<InboundResponse, TransportError>> {
        Box::pin(self.send(request))
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the door that the rule points to")]
fn builder() -> reqwest::ClientBuilder {
    Client::builder()
        .user_agent(USER_AGENT)
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(IDLE_TIMEOUT)
        // A redirect would carry credentials elsewhere and turn a POST into something else.
        .redirect(redirect::Policy::none())
        // What hyper itself repeats (a pooled connection found closed before a byte was written) is safe;
        // anything beyond that is for the jobs to decide.
        .retry(retry::never())
        .referer(false)
        .no_proxy()
}

/// Only a failed connect (DNS, TCP, TLS) or a request that could not be built proves that nothing left. A
/// cancelled request on a pooled connection might be provable too, but not from outside of hyper.
fn classify(error: reqwest::Error) -> TransportError {
    let never_left = error.is_connect() || error.is_builder();
    let error = error.without_url();
    let reason = chain(&error);
    if never_left { TransportError::NotSent(reason) } else { TransportError::Lost(reason) }
}

/// The error and its causes in one line; reqwest's own text names only the outermost.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

#[cfg(test)]
mod tests;
