//! What is near a question in meaning: its vector among those of the active index.
//!
//! Whoever asks goes on with words alone when this fails.

use std::sync::{Arc, Mutex, PoisonError};

use hub_clients::openai::ModelError;
use hub_retrieval::{
    BadVector, Filter, Snapshot,
    export::{self, Stamp},
    hits::Hit,
    library::{LibraryError, embedded},
    names::IndexName,
};
use thiserror::Error;

use super::{Embedder, Knowledge, Shelved};

/// Passages that are looked at.
const DEPTH: usize = 100;

/// Why a question was not compared by meaning.
#[derive(Debug, Error)]
pub enum MeaningError {
    /// The files.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// The service.
    #[error("the question has no vector: {0}")]
    Model(#[from] ModelError),
    /// The service's vector is none for this index.
    #[error("the question's vector: {0}")]
    Vector(#[from] BadVector),
    /// The program.
    #[error("the search broke off: {0}")]
    BrokeOff(#[from] tokio::task::JoinError),
}

impl MeaningError {
    /// Whether the service for vectors fails, so that the next question would fare the same.
    pub const fn is_trouble_of_the_host(&self) -> bool {
        match self {
            Self::Model(error) => error.is_trouble_of_the_host(),
            Self::Library(_) | Self::Vector(_) | Self::BrokeOff(_) => false,
        }
    }
}

/// Compares questions with the vectors of an index.
#[derive(Debug)]
pub struct Meaning {
    embedder: Arc<Embedder>,
    opened: Mutex<Option<Opened>>,
}

/// The vectors of an index, as its files were.
#[derive(Debug)]
struct Opened {
    name: IndexName,
    stamp: Stamp,
    vectors: Option<Arc<Snapshot>>,
}

impl Meaning {
    /// With questions embedded by this service.
    pub fn new(embedder: Arc<Embedder>) -> Self {
        Self { embedder, opened: Mutex::default() }
    }

    /// The passages nearest to a question, nearest first; none where the index has no vectors.
    pub async fn near(
        self: &Arc<Self>,
        knowledge: &Arc<Knowledge>,
        shelved: &Arc<Shelved>,
        question: &str,
    ) -> Result<Vec<Hit>, MeaningError> {
        if shelved.library.holdings.vectors == 0 || question.trim().is_empty() {
            return Ok(Vec::new());
        }
        let (own, of_blocking, name) = (Arc::clone(self), Arc::clone(knowledge), shelved.name.clone());
        let opening = tokio::task::spawn_blocking(move || own.vectors(&of_blocking, &name));
        let Some(vectors) = opening.await?? else { return Ok(Vec::new()) };
        // The index stays comparable with its own model's vectors when another is configured and not built yet.
        let model = vectors.kind().map_or(self.embedder.model(), |kind| &kind.model).to_owned();
        let vector = self.embedder.of_question(&model, question).await?;
        let shelved = Arc::clone(shelved);
        let searching = tokio::task::spawn_blocking(move || {
            let found = vectors.search(&vector, DEPTH, &Filter::default())?;
            Ok::<_, BadVector>(shelved.library.collection.hits(found.iter().map(|hit| (&*hit.id, hit.score))))
        });
        Ok(searching.await??)
    }

    fn vectors(
        &self,
        knowledge: &Knowledge,
        name: &IndexName,
    ) -> Result<Option<Arc<Snapshot>>, LibraryError> {
        let stamp = export::stamp(&knowledge.indices().folder(name))?;
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(opened) = &*opened
            && (&opened.name, &opened.stamp) == (name, &stamp)
        {
            return Ok(opened.vectors.clone());
        }
        let vectors = embedded::open(knowledge.indices(), name, knowledge.model())?;
        *opened = Some(Opened { name: name.clone(), stamp, vectors: vectors.clone() });
        Ok(vectors)
    }
}
