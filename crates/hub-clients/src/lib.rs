//! Outbound HTTP of the hub and the protocols spoken over it.
//!
//! - [`guard`]: which addresses may be called at all.
//! - [`transport`]: the one door out; everything else is given a [`Transport`] and never opens a socket.
//! - [`twilio`]: webhook signatures and forms, and the Messages API.
//! - [`openai`]: chat completions, embeddings and the model list of OpenAI-compatible services.
//! - [`breaker`]: when to stop calling a host that keeps failing.
//!
//! Nothing here knows the store, decides what may be sent, or repeats a call: a repeat is a job's decision.

pub mod breaker;
pub mod guard;
pub mod openai;
pub mod transport;
pub mod twilio;

pub use transport::{HttpTransport, InboundResponse, OutboundRequest, Transport, TransportError};
