//! A lookalike of an OpenAI-compatible model service: `/v1/chat/completions` (streaming too), `/v1/embeddings`
//! and `/v1/models`, with scripted answers and faults on request.
//!
//! The same question gets the same answer and the same text the same vector, always. It thinks nothing up: an
//! answer is a rule's, or quotes what the question brought along.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use serde::Serialize;

mod answer;
mod api;
mod body;
mod chat;
mod control;
mod embedding;
mod faults;

pub use answer::AnswerRule;
pub use embedding::embed;
pub use faults::{ModelFault, ModelFaults};

use crate::config::Now;
use crate::random::Random;

/// How the calls so far went, and what they would have been billed for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ModelCounts {
    /// Calls of any kind, wrong keys included.
    pub requests: usize,
    /// Chat completions answered.
    pub chats: usize,
    /// Texts made into vectors.
    pub embedded: usize,
    /// Tokens in.
    pub prompt_tokens: usize,
    /// Tokens out.
    pub completion_tokens: usize,
}

/// The service. Clones are handles to the same one.
#[derive(Clone)]
pub struct ModelSimulator {
    now: Now,
    state: Arc<Mutex<ModelState>>,
}

struct ModelState {
    api_key: String,
    rules: Vec<AnswerRule>,
    faults: ModelFaults,
    counts: ModelCounts,
    /// What the last chat was asked: the whole request.
    last_chat: Option<serde_json::Value>,
    luck: Random,
}

impl std::fmt::Debug for ModelSimulator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ModelSimulator").field("counts", &self.counts()).finish_non_exhaustive()
    }
}

impl ModelSimulator {
    /// A service that takes this key, with the rules of a shop.
    pub fn new(api_key: String, seed: u64, now: Now) -> Self {
        let state = ModelState {
            api_key,
            rules: AnswerRule::of_a_shop(),
            faults: ModelFaults::default(),
            counts: ModelCounts::default(),
            last_chat: None,
            luck: Random::new(seed),
        };
        Self { now, state: Arc::new(Mutex::new(state)) }
    }

    /// The service under `/v1` and its controls under `/sim/model`.
    pub fn router(&self) -> Router {
        api::router(self.clone()).merge(control::router(self.clone()))
    }

    /// Replaces the scripted answers; the first that fits wins.
    pub fn set_rules(&self, rules: Vec<AnswerRule>) {
        self.lock().rules = rules;
    }

    /// Replaces the plan of faults.
    pub fn faults(&self, faults: ModelFaults) {
        self.lock().faults = faults;
    }

    /// How the calls so far went.
    pub fn counts(&self) -> ModelCounts {
        self.lock().counts
    }

    /// The request of the last chat that was answered.
    pub fn last_chat(&self) -> Option<serde_json::Value> {
        self.lock().last_chat.clone()
    }

    fn lock(&self) -> MutexGuard<'_, ModelState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
