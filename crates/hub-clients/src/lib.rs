//! Outbound HTTP of the hub and the protocols spoken over it.
//!
//! - [`guard`]: which addresses may be called at all.
//! - [`transport`]: the one door out; everything else is given a [`Transport`] and never opens a socket.
//! - [`twilio`]: webhook signatures and forms, and the Messages API.
//!
//! Nothing here knows the store, decides what may be sent, or repeats a call: a repeat is a job's decision.

pub mod guard;
pub mod transport;
pub mod twilio;

pub use transport::{HttpTransport, InboundResponse, OutboundRequest, Transport, TransportError};
