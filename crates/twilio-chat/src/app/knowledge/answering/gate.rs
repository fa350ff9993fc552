//! Who may ask the knowledge base's model now: so many at once, and nobody while it fails.
//!
//! It has a key of its own and so a breaker of its own: a wrong key here says nothing about the assistant's.

use hub_clients::{
    breaker::{BreakerLimits, SharedBreaker},
    openai::ModelError,
};
use jiff::Timestamp;
use tokio::sync::{Semaphore, SemaphorePermit};

/// Questions under way at once. Whoever comes later gets the articles' sentences at once.
const PLACES: usize = 8;

/// The gate to the service.
#[derive(Debug)]
pub struct Gate {
    breaker: SharedBreaker,
    places: Semaphore,
}

impl Gate {
    /// Open; the service is left alone by these limits.
    pub fn new(limits: BreakerLimits) -> Self {
        Self { breaker: SharedBreaker::new(limits), places: Semaphore::new(PLACES) }
    }

    /// A place to ask from; `None`: they are all taken.
    pub(super) fn place(&self) -> Option<SemaphorePermit<'_>> {
        self.places.try_acquire().ok()
    }

    /// Whether a call may be made now.
    pub(super) fn allow(&self, now: Timestamp) -> Result<(), ModelError> {
        self.breaker.allow(now).map_err(|left_alone| ModelError::Unreachable(left_alone.to_string()))
    }

    /// What became of a call.
    pub(super) fn note<T>(&self, answered: &Result<T, ModelError>, now: Timestamp) {
        self.breaker.note(answered, now);
    }

    /// Another key may work where the former failed.
    pub(in crate::app) fn forget_failures(&self) {
        self.breaker.forget_failures();
    }
}
