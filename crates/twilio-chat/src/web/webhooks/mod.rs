//! Twilio's webhooks: proven by signature, made durable, acknowledged. Nothing slow happens here.
//!
//! Answers: 2xx only when it is on disk; 403 for a missing or wrong signature; other 4xx for what can't be a
//! webhook; 503 when it could not be stored or there is no account yet. Never 429: Twilio doesn't slow down.

mod inbound;
mod signed;
mod status;

use std::sync::Arc;

use axum::{Router, routing::post};
use hub_clients::twilio::SignatureCheck;

pub use self::{inbound::inbound, status::status};
use crate::app::receive::Receiver;

/// What stands between Twilio and the use cases.
#[derive(Debug)]
pub struct Door<R> {
    /// `None`: signatures are not checked.
    pub signature: Option<Arc<SignatureCheck>>,
    /// There is an account whose messages these can be.
    pub open: bool,
    /// Takes what was proven.
    pub receiver: R,
}

/// The webhooks alone, as the product serves them, over any receiver: what a benchmark compares against.
pub fn router<R: Receiver>(door: Door<R>) -> Router {
    Router::new()
        .route("/twilio/inbound", post(inbound::<R>))
        .route("/twilio/status", post(status::<R>))
        .with_state(Arc::new(door))
}
