//! The one door out: a request with its limits goes in, a whole response or a classified failure comes out.
//!
//! The failure says whether the request may have left. Callers whose request must not happen twice decide by
//! that, so an implementation must answer [`TransportError::NotSent`] only when it is certain.

use std::{fmt, pin::Pin, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, Method};
use thiserror::Error;

use crate::guard::Reach;

mod http_transport;

pub use http_transport::{HttpTransport, TransportSetupError};

/// A boxed future, so that `Arc<dyn Transport>` works.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Sends requests. Never follows a redirect and never repeats a request that may have left.
pub trait Transport: Send + Sync + fmt::Debug {
    /// Sends one request and reads its whole response.
    fn call(&self, request: OutboundRequest) -> BoxFuture<'_, Result<InboundResponse, TransportError>>;
}

/// A request and its limits.
#[derive(Clone)]
pub struct OutboundRequest {
    /// HTTP method.
    pub method: Method,
    /// Absolute URL.
    pub url: String,
    /// Headers as sent; mark secrets as sensitive.
    pub headers: HeaderMap,
    /// The body, empty for none.
    pub body: Bytes,
    /// From the first packet to the last byte of the response.
    pub timeout: Duration,
    /// Largest response body taken, in bytes.
    pub max_body: usize,
    /// How far it may reach; an address from outside goes through [`crate::guard::reach`].
    pub reach: Reach,
}

/// A whole response, of any status.
#[derive(Clone)]
pub struct InboundResponse {
    /// HTTP status.
    pub status: u16,
    /// Response headers.
    pub headers: HeaderMap,
    /// The body as received.
    pub body: Bytes,
}

/// Why there is no response.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TransportError {
    /// DNS, connect or TLS failure, or an impossible request: certainly never left.
    #[error("not sent: {0}")]
    NotSent(String),
    /// The request may have left and no whole response came (timeout, reset).
    #[error("no response: {0}")]
    Lost(String),
    /// The response was larger than the request allowed.
    #[error("the response is larger than allowed")]
    TooLarge,
}

/// Shows neither header values, query nor body: they carry credentials, numbers and texts.
impl fmt::Debug for OutboundRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.url.split_once('?').map_or(self.url.as_str(), |(path, _)| path);
        f.debug_struct("OutboundRequest")
            .field("method", &self.method)
            .field("url", &shown)
            .field("body_bytes", &self.body.len())
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// Shows the status and sizes only.
impl fmt::Debug for InboundResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InboundResponse")
            .field("status", &self.status)
            .field("headers", &self.headers.len())
            .field("body_bytes", &self.body.len())
            .finish()
    }
}
