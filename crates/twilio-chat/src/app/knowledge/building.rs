//! Building the active index with vectors.
//!
//! Each batch is on disk before the next is paid for, so a build that was stopped, or died, goes on where it was when
//! it is run again. The old index is searched until the new one is whole.

use std::{
    collections::HashSet,
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use hub_clients::openai::ModelError;
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

use super::{Embedder, Knowledge};

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

/// How far a build is; read by others meanwhile.
#[derive(Debug, Default)]
pub struct Progress {
    total: AtomicUsize,
    ready: AtomicUsize,
    paid: AtomicUsize,
}

/// [`Progress`] at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progressed {
    /// Texts that need a vector.
    pub total: usize,
    /// Those that have one.
    pub ready: usize,
    /// Those that this build had made.
    pub paid: usize,
}

impl Progress {
    /// As it is now.
    pub fn now(&self) -> Progressed {
        let of = |count: &AtomicUsize| count.load(Ordering::Relaxed);
        Progressed { total: of(&self.total), ready: of(&self.ready), paid: of(&self.paid) }
    }
}

/// A build between two steps.
struct Build {
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
    let of_blocking = Arc::clone(knowledge);
    let mut build = tokio::task::spawn_blocking(move || begin(&of_blocking)).await??;
    let model = embedder.model();
    let (missing, total) = missing(&build, model);
    progress.total.store(total, Ordering::Relaxed);
    progress.ready.store(total - missing.len(), Ordering::Relaxed);
    let mut length = None;
    for batch in missing.chunks(embedder.batch()) {
        if stop.is_cancelled() {
            return Err(BuildError::Stopped);
        }
        let vectors = embedder.of_batch(batch, stop).await?;
        let made = vectors.first().map_or(0, Vec::len);
        if *length.get_or_insert(made) != made {
            return Err(ModelError::Unreadable("vectors of another length than those before").into());
        }
        let keys = batch.iter().map(|text| PaidKey::of(model, text));
        let bought: Vec<(PaidKey, Vec<f32>)> = keys.zip(vectors).collect();
        build = tokio::task::spawn_blocking(move || keep(build, &bought)).await??;
        progress.ready.fetch_add(batch.len(), Ordering::Relaxed);
        progress.paid.fetch_add(batch.len(), Ordering::Relaxed);
    }
    if stop.is_cancelled() {
        return Err(BuildError::Stopped);
    }
    let (knowledge, model) = (Arc::clone(knowledge), model.to_owned());
    let kept = tokio::task::spawn_blocking(move || replace(&knowledge, build, &model)).await??;
    let paid = progress.now().paid;
    tracing::info!(documents = kept.documents, vectors = kept.vectors, paid, "FAISS: the index was built");
    Ok(kept)
}

fn begin(knowledge: &Knowledge) -> Result<Build, LibraryError> {
    let turn = Turn::take(knowledge.indices())?;
    let name = knowledge.indices().active()?;
    let wanted = embedded::wanted(knowledge.indices(), &name)?;
    let paid = PaidVectors::open(&knowledge.indices().data().join(PAID))?;
    Ok(Build { turn, name, wanted, paid })
}

/// Texts without a vector, each once, and how many different texts there are.
fn missing(build: &Build, model: &str) -> (Vec<String>, usize) {
    let mut seen = HashSet::new();
    let mut missing = Vec::new();
    for wanted in &build.wanted {
        let key = PaidKey::of(model, &wanted.text);
        if seen.insert(key) && !build.paid.has(&key) {
            missing.push(wanted.text.clone());
        }
    }
    (missing, seen.len())
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
