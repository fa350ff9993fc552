//! Building an index with vectors.
//!
//! Each batch is on disk before the next is paid for, so a build that was stopped, or died, goes on where it was when
//! it is run again. The old index is searched until the new one is whole.

use std::{collections::HashSet, io, sync::Arc};

use hub_clients::openai::{Embeddings, ModelError};
use hub_domain::spending;
use hub_retrieval::{
    library::{
        Kept, LibraryError, Turn,
        embedded::{self, Wanted},
    },
    names::IndexName,
    paid::{PaidKey, PaidVectors},
};
use thiserror::Error;
use tokio_util::sync::CancellationToken;

use super::{Embedder, Knowledge, Phase, Progress, Progressed};

/// Vectors that were paid for, beside the working files of all indices. Another format takes another name.
const PAID: &str = ".work/paid-1.vectors";

/// Why there is no new index. The old one is as it was.
#[derive(Debug, Error)]
pub enum BuildError {
    /// The files.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// The service.
    #[error("vectors can't be made: {0}")]
    Model(#[from] ModelError),
    /// Somebody stopped it.
    #[error("the build was stopped; what was paid for is kept")]
    Stopped,
    /// The program.
    #[error("the build broke off: {0}")]
    BrokeOff(#[from] tokio::task::JoinError),
}

/// What a build would do, before anything is paid for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// Which index it would make.
    pub index: IndexName,
    /// Whose vectors; `None`: words alone, which costs nothing.
    pub model: Option<String>,
    /// Different texts.
    pub total: usize,
    /// Those that have no vector yet.
    pub missing: usize,
    /// About what these take, in tokens.
    pub tokens: u64,
}

/// A build between two steps. Nobody else changes the data folder meanwhile.
#[derive(Debug)]
pub(super) struct Build {
    turn: Turn,
    name: IndexName,
    wanted: Vec<Wanted>,
    paid: PaidVectors,
}

/// Builds the active index with vectors of the embedder's model.
pub async fn build_with_vectors(
    knowledge: &Arc<Knowledge>,
    embedder: &Embedder,
    progress: &Progress,
    stop: &CancellationToken,
) -> Result<Kept, BuildError> {
    let build = Build::begin(knowledge, None).await?;
    progress.begin(build.begun(embedder.model()));
    build.run(knowledge, embedder, progress, stop).await
}

impl Build {
    /// Takes the turn and reads what there is to embed; the active index unless another is named.
    pub(super) async fn begin(
        knowledge: &Arc<Knowledge>,
        name: Option<IndexName>,
    ) -> Result<Self, BuildError> {
        let knowledge = Arc::clone(knowledge);
        Ok(tokio::task::spawn_blocking(move || begin(&knowledge, name)).await??)
    }

    /// What it would cost.
    pub(super) fn estimate(&self, model: &str) -> Estimate {
        let (missing, total) = self.missing(model);
        Estimate {
            index: self.name.clone(),
            model: Some(model.to_owned()),
            total,
            missing: missing.len(),
            tokens: missing.iter().map(|text| spending::tokens_of(text)).sum(),
        }
    }

    /// How far it is before its first step.
    pub(super) fn begun(&self, model: &str) -> Progressed {
        let estimate = self.estimate(model);
        Progressed {
            phase: Phase::Embedding,
            index: Some(estimate.index),
            model: estimate.model,
            total: estimate.total,
            ready: estimate.total - estimate.missing,
            tokens_left: estimate.tokens,
            ..Progressed::default()
        }
    }

    /// Has the missing vectors made, then puts the new index in the place of the old one.
    pub(super) async fn run(
        mut self,
        knowledge: &Arc<Knowledge>,
        embedder: &Embedder,
        progress: &Progress,
        stop: &CancellationToken,
    ) -> Result<Kept, BuildError> {
        let model = embedder.model();
        let (missing, _) = self.missing(model);
        let mut length = None;
        for batch in missing.chunks(embedder.batch()) {
            if stop.is_cancelled() {
                return Err(BuildError::Stopped);
            }
            let Embeddings { vectors, prompt_tokens } = embedder.of_batch(batch, stop).await?;
            let made = vectors.first().map_or(0, Vec::len);
            if *length.get_or_insert(made) != made {
                return Err(ModelError::Unreadable("vectors of another length than those before").into());
            }
            let keys = batch.iter().map(|text| PaidKey::of(model, text));
            let bought: Vec<(PaidKey, Vec<f32>)> = keys.zip(vectors).collect();
            self = tokio::task::spawn_blocking(move || keep(self, &bought)).await??;
            progress.change(|now| paid_for(now, batch, prompt_tokens));
        }
        if stop.is_cancelled() {
            return Err(BuildError::Stopped);
        }
        progress.change(|now| now.phase = Phase::Writing);
        let (knowledge, model) = (Arc::clone(knowledge), model.to_owned());
        let kept = tokio::task::spawn_blocking(move || replace(&knowledge, self, &model)).await??;
        let paid = progress.now().paid;
        tracing::info!(
            documents = kept.documents,
            vectors = kept.vectors,
            paid,
            "FAISS: the index was built"
        );
        Ok(kept)
    }

    /// Texts without a vector, each once, and how many different texts there are.
    fn missing(&self, model: &str) -> (Vec<String>, usize) {
        let mut seen = HashSet::new();
        let mut missing = Vec::new();
        for wanted in &self.wanted {
            let key = PaidKey::of(model, &wanted.text);
            if seen.insert(key) && !self.paid.has(&key) {
                missing.push(wanted.text.clone());
            }
        }
        (missing, seen.len())
    }
}

/// A batch was made. Services that don't count tokens leave our own count.
fn paid_for(now: &mut Progressed, batch: &[String], prompt_tokens: Option<u32>) {
    let guessed: u64 = batch.iter().map(|text| spending::tokens_of(text)).sum();
    now.ready += batch.len();
    now.paid += batch.len();
    now.tokens += prompt_tokens.map_or(guessed, u64::from);
    now.tokens_left = now.tokens_left.saturating_sub(guessed);
}

fn begin(knowledge: &Knowledge, name: Option<IndexName>) -> Result<Build, LibraryError> {
    let turn = Turn::take(knowledge.indices())?;
    let name = name.map_or_else(|| knowledge.indices().active(), Ok)?;
    let wanted = embedded::wanted(knowledge.indices(), &name)?;
    let paid = PaidVectors::open(&knowledge.indices().data().join(PAID))?;
    Ok(Build { turn, name, wanted, paid })
}

fn keep(mut build: Build, bought: &[(PaidKey, Vec<f32>)]) -> Result<Build, LibraryError> {
    build.paid.add(bought)?;
    Ok(build)
}

fn replace(knowledge: &Knowledge, build: Build, model: &str) -> Result<Kept, LibraryError> {
    let Build { turn, name, wanted, mut paid } = build;
    let vector = |text: &str| {
        let found = paid.get(&PaidKey::of(model, text))?;
        found.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "a vector that was paid for is gone"))
    };
    embedded::replace(knowledge.indices(), &name, model, &wanted, vector, &turn)
}
