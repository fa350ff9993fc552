//! Building an index with vectors.
//!
//! Each batch is on disk before the next is paid for, so a build that was stopped, or died, goes on where it was when
//! it is run again. The old index is searched until the new one is whole.

use std::{io, sync::Arc};

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

use super::{
    Embedder, Knowledge, Phase, Progress, Progressed,
    left::Left,
    lengths::{Changed, Take},
};

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
    /// The service makes vectors of another length than those at hand, which is why all are missing.
    pub changed: Option<Changed>,
}

/// A build between two steps. Nobody else changes the data folder meanwhile.
#[derive(Debug)]
pub(super) struct Build {
    turn: Turn,
    knowledge: Arc<Knowledge>,
    embedder: Arc<Embedder>,
    name: IndexName,
    wanted: Vec<Wanted>,
    paid: PaidVectors,
    left: Left,
}

/// Builds the active index with vectors of the embedder's model.
pub async fn build_with_vectors(
    knowledge: &Arc<Knowledge>,
    embedder: &Arc<Embedder>,
    progress: &Progress,
    stop: &CancellationToken,
) -> Result<Kept, BuildError> {
    let build = Build::begin(knowledge, embedder, None).await?;
    progress.begin(build.begun());
    build.run(progress, stop).await
}

impl Build {
    /// Takes the turn and reads what there is to embed; the active index unless another is named.
    pub(super) async fn begin(
        knowledge: &Arc<Knowledge>,
        embedder: &Arc<Embedder>,
        name: Option<IndexName>,
    ) -> Result<Self, BuildError> {
        let (knowledge, embedder) = (Arc::clone(knowledge), Arc::clone(embedder));
        let begun = tokio::task::spawn_blocking(move || begin(knowledge, embedder, name)).await??;
        begun.sampled().await
    }

    /// Where every text has a vector, the service is asked for nothing: a sample tells whether it still makes such. A
    /// service that doesn't answer keeps nobody from what was paid for.
    async fn sampled(self) -> Result<Self, BuildError> {
        if self.left.missing() > 0 {
            return Ok(self);
        }
        let lengths = match self.other_length().await {
            Ok(None) => return Ok(self),
            Ok(Some(length)) => self.left.lengths.sampled(length),
            Err(error) => {
                tracing::warn!(%error, "FAISS: no sample of a vector; those at hand are taken as they are");
                return Ok(self);
            }
        };
        let by_sample = move || {
            let left = Left::by(&self.wanted, &self.paid, self.embedder.model(), lengths);
            Self { left, ..self }
        };
        Ok(tokio::task::spawn_blocking(by_sample).await?)
    }

    /// The length of the service's vectors, where it is another one and stays so when asked again.
    async fn other_length(&self) -> Result<Option<usize>, ModelError> {
        let model = self.embedder.model();
        let first = self.embedder.sample(model).await?;
        if self.left.lengths.takes(first) {
            return Ok(None);
        }
        Ok((self.embedder.sample(model).await? == first).then_some(first))
    }

    /// What it would cost.
    pub(super) fn estimate(&self) -> Estimate {
        Estimate {
            index: self.name.clone(),
            model: Some(self.embedder.model().to_owned()),
            total: self.left.total(),
            missing: self.left.missing(),
            tokens: self.left.tokens(),
            changed: self.left.lengths.changed(),
        }
    }

    /// How far it is before its first step.
    pub(super) fn begun(&self) -> Progressed {
        let mut begun = Progressed {
            phase: Phase::Embedding,
            index: Some(self.name.clone()),
            model: Some(self.embedder.model().to_owned()),
            ..Progressed::default()
        };
        self.left.tell(&mut begun);
        begun
    }

    /// Has the missing vectors made, then puts the new index in the place of the old one.
    pub(super) async fn run(
        mut self,
        progress: &Progress,
        stop: &CancellationToken,
    ) -> Result<Kept, BuildError> {
        while let Some(batch) = self.left.next_batch(self.embedder.batch()) {
            let (vectors, take) = self.made(&batch, progress, stop).await?;
            self = tokio::task::spawn_blocking(move || keep(self, &batch, vectors, take)).await??;
            progress.change(|now| self.left.tell(now));
        }
        if stop.is_cancelled() {
            return Err(BuildError::Stopped);
        }
        progress.change(|now| now.phase = Phase::Writing);
        let kept = tokio::task::spawn_blocking(move || replace(self)).await??;
        let (documents, vectors, paid) = (kept.documents, kept.vectors, progress.now().paid);
        tracing::info!(documents, vectors, paid, "FAISS: the index was built");
        Ok(kept)
    }

    /// Has one batch made, asking once more where its vectors are of another length than the others.
    async fn made(
        &mut self,
        batch: &[String],
        progress: &Progress,
        stop: &CancellationToken,
    ) -> Result<(Vec<Vec<f32>>, Take), BuildError> {
        let mut before = None;
        loop {
            let Embeddings { vectors, prompt_tokens } = self.embedder.of_batch(batch, stop).await?;
            progress.change(|now| pay(now, batch, prompt_tokens));
            let numbers = vectors.first().map_or(0, Vec::len);
            match self.left.lengths.made(numbers, before) {
                Take::AskAgain => before = Some(numbers),
                Take::Refuse => {
                    return Err(ModelError::Unreadable("vectors of another length than those before").into());
                }
                take @ (Take::Keep | Take::KeepAndLeaveOthers) => return Ok((vectors, take)),
            }
        }
    }
}

/// A batch was made. Services that don't count tokens leave our own count.
fn pay(now: &mut Progressed, batch: &[String], prompt_tokens: Option<u32>) {
    let counted = || batch.iter().map(|text| spending::tokens_of(text)).sum();
    now.tokens += prompt_tokens.map_or_else(counted, u64::from);
    now.paid += batch.len();
}

fn begin(
    knowledge: Arc<Knowledge>,
    embedder: Arc<Embedder>,
    name: Option<IndexName>,
) -> Result<Build, LibraryError> {
    let turn = Turn::take(knowledge.indices())?;
    let name = name.map_or_else(|| knowledge.indices().active(), Ok)?;
    let mut wanted = embedded::wanted(knowledge.indices(), &name)?;
    for Wanted { text, .. } in &mut wanted {
        text.insert_str(0, embedder.passage_prefix());
    }
    let paid = PaidVectors::open(&knowledge.indices().data().join(PAID))?;
    let left = Left::of(&wanted, &paid, embedder.model());
    Ok(Build { turn, knowledge, embedder, name, wanted, paid, left })
}

fn keep(
    mut build: Build,
    batch: &[String],
    vectors: Vec<Vec<f32>>,
    take: Take,
) -> Result<Build, LibraryError> {
    let model = build.embedder.model();
    let keys = batch.iter().map(|text| PaidKey::of(model, text));
    let bought: Vec<(PaidKey, Vec<f32>)> = keys.zip(vectors).collect();
    build.paid.add(&bought)?;
    if take == Take::KeepAndLeaveOthers {
        build.left = Left::by(&build.wanted, &build.paid, model, build.left.lengths);
    }
    Ok(build)
}

fn replace(build: Build) -> Result<Kept, LibraryError> {
    let Build { turn, knowledge, embedder, name, wanted, mut paid, .. } = build;
    let model = embedder.model();
    let vector = |text: &str| {
        let found = paid.get(&PaidKey::of(model, text))?;
        found.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "a vector that was paid for is gone"))
    };
    embedded::replace(knowledge.indices(), &name, model, &wanted, vector, &turn)
}
