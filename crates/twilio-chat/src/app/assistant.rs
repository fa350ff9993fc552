//! The assistant: asks a model for words, and judges them before anybody else sees them.
//!
//! One way for panel, API, command line and workers. It decides nothing about sending, and what goes wrong here
//! never reaches a customer as text.

mod asking;
mod cases;
mod news;
mod sending;
mod setup;

pub(super) use asking::chat_message;
pub use asking::{Answer, Judged, Question};
pub use cases::{Now, Replayed, asked, kept};
pub use sending::{AssistantError, AssistantRequest, AssistantSent, Connection};
pub use setup::AssistantView;

use std::sync::Arc;

use hub_clients::{
    Transport,
    breaker::{BreakerLimits, SharedBreaker},
    openai::{ModelAccess, ModelAccessError, ModelClient},
};
use jiff::Timestamp;
use secrecy::SecretString;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::retriever::Retriever;

/// Calls to a model under way at once: a model that hangs must not take the places of replies that need none.
const PLACES: usize = 16;

/// The service in use, and what is known about it.
#[derive(Debug)]
pub(super) struct Models {
    base_url: String,
    transport: Arc<dyn Transport>,
    timeout: std::time::Duration,
    breaker: SharedBreaker,
    places: Semaphore,
    knowledge: Arc<dyn Retriever>,
}

/// What the models are made of.
#[derive(Debug)]
pub struct ModelParts {
    /// An OpenAI-compatible service.
    pub base_url: String,
    /// The way out.
    pub transport: Arc<dyn Transport>,
    /// For a whole answer.
    pub timeout: std::time::Duration,
    /// When the service is left alone.
    pub limits: BreakerLimits,
    /// Where passages come from.
    pub knowledge: Arc<dyn Retriever>,
}

impl Models {
    pub(super) fn new(parts: ModelParts) -> Self {
        let ModelParts { base_url, transport, timeout, limits, knowledge } = parts;
        Self {
            base_url,
            transport,
            timeout,
            breaker: SharedBreaker::new(limits),
            places: Semaphore::new(PLACES),
            knowledge,
        }
    }

    /// A place to ask from; `None`: they are all taken.
    pub(super) fn place(&self) -> Option<SemaphorePermit<'_>> {
        self.places.try_acquire().ok()
    }

    /// A client with a caller's own key, for one call; it goes to the same service.
    fn client_of(&self, key: &SecretString) -> Result<Arc<ModelClient>, ModelAccessError> {
        let access = ModelAccess { base_url: self.base_url.clone(), api_key: key.clone() };
        ModelClient::new(&access, Arc::clone(&self.transport), self.timeout).map(Arc::new)
    }

    /// Another key may work where the former failed.
    pub(super) fn forget_failures(&self) {
        self.breaker.forget_failures();
    }

    /// Until when the service is left alone.
    pub(super) fn left_alone_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.breaker.open_until(now)
    }
}
