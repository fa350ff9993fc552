//! Vectors of texts from the model's service: patiently for a build, quickly for a question.
//!
//! A build waits and tries again where that can help. A question has one try: somebody waits for the answer.

use std::{sync::Arc, time::Duration};

use hub_clients::{
    Transport,
    openai::{Embeddings, ModelAccess, ModelAccessError, ModelClient, ModelError},
};
use hub_domain::timing::Timing;
use tokio_util::sync::CancellationToken;

use super::building::BuildError;
use crate::config::KnowledgeConfig;

/// Tries of one batch.
const TRIES: u32 = 8;
/// The share of a customer's wait for the model that the vector of their question may take.
const OF_THE_WAIT: u32 = 3;

/// What a sample is made of: short, because it costs.
const SAMPLE: &str = "test";

/// A service that makes vectors.
#[derive(Debug)]
pub struct Embedder {
    client: ModelClient,
    /// The same service, for those who wait.
    quick: ModelClient,
    model: String,
    query_prefix: String,
    passage_prefix: String,
    batch: usize,
    timing: Timing,
}

impl Embedder {
    /// The configured service; `None` where there is no key for it. Calls nobody yet.
    pub fn of(
        config: &KnowledgeConfig,
        transport: &Arc<dyn Transport>,
        timing: &Timing,
    ) -> Result<Option<Self>, ModelAccessError> {
        let Some(api_key) = config.api_key.clone() else { return Ok(None) };
        let access = ModelAccess { base_url: config.base_url.as_str().to_owned(), api_key };
        let client = |timeout| ModelClient::new(&access, Arc::clone(transport), timeout);
        Ok(Some(Self {
            client: client(timing.model_timeout)?,
            quick: client(timing.model_timeout / OF_THE_WAIT)?,
            model: config.embedding_model.clone(),
            query_prefix: config.query_prefix.clone(),
            passage_prefix: config.passage_prefix.clone(),
            batch: usize::try_from(config.embed_batch_size).unwrap_or(1).max(1),
            timing: *timing,
        }))
    }

    /// The model that a build makes vectors with.
    pub fn model(&self) -> &str {
        &self.model
    }

    /// What the model wants before a passage. It belongs to what is paid for: another prefix, another vector.
    pub(super) fn passage_prefix(&self) -> &str {
        &self.passage_prefix
    }

    /// Texts in one call.
    pub(super) fn batch(&self) -> usize {
        self.batch
    }

    /// The vector of a question, for an index of this model.
    pub(super) async fn of_question(&self, model: &str, question: &str) -> Result<Vec<f32>, ModelError> {
        let mut made = self.quick.embed(model, &[format!("{}{question}", self.query_prefix)]).await?;
        made.vectors.pop().ok_or(ModelError::Empty)
    }

    /// Numbers in a vector that the service makes with this model now. Asks it once, for a word.
    pub async fn sample(&self, model: &str) -> Result<usize, ModelError> {
        let made = self.quick.embed(model, &[SAMPLE.to_owned()]).await?;
        made.vectors.first().map(Vec::len).ok_or(ModelError::Empty)
    }

    /// The vectors of a batch, in the order of its texts.
    pub(super) async fn of_batch(
        &self,
        texts: &[String],
        stop: &CancellationToken,
    ) -> Result<Embeddings, BuildError> {
        let mut tried = 0;
        loop {
            let embedded = tokio::select! {
                biased;
                () = stop.cancelled() => return Err(BuildError::Stopped),
                embedded = self.client.embed(&self.model, texts) => embedded,
            };
            tried += 1;
            let error = match embedded {
                Ok(made) => return Ok(made),
                Err(error) => error,
            };
            let Some(pause) = self.pause(&error, tried) else { return Err(error.into()) };
            tracing::warn!(%error, tried, pause_ms = pause.as_millis(), "FAISS: no vectors yet; trying again");
            tokio::select! {
                biased;
                () = stop.cancelled() => return Err(BuildError::Stopped),
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// How long to wait before the next try; `None` where no try would help.
    fn pause(&self, error: &ModelError, tried: u32) -> Option<Duration> {
        let asked = match error {
            ModelError::Throttled { out_of_credit: false, retry_after }
            | ModelError::Overloaded { retry_after, .. } => *retry_after,
            ModelError::Unreachable(_) | ModelError::NoAnswer(_) => None,
            ModelError::Throttled { out_of_credit: true, .. }
            | ModelError::Unauthorised(_)
            | ModelError::Refused { .. }
            | ModelError::TooLarge
            | ModelError::Unreadable(_)
            | ModelError::Empty
            | ModelError::Filtered => return None,
        };
        let own = self.timing.retry_base.saturating_mul(1 << tried.min(16)).min(self.timing.retry_cap);
        (tried < TRIES).then(|| asked.unwrap_or(own).min(self.timing.queue_full_wait))
    }
}
