//! What is near a question in meaning: its vector among those of the active index.
//!
//! Whoever asks goes on with words alone when this fails. A service that fails is left alone for a while: nobody
//! waits for it with every question.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use hub_clients::{
    breaker::{BreakerLimits, LeftAlone, SharedBreaker},
    openai::ModelError,
};
use hub_retrieval::{
    BadVector, Filter, Snapshot,
    export::{self, Stamp},
    hits::Hit,
    library::{LibraryError, embedded},
    names::IndexName,
};
use thiserror::Error;

use super::{Embedder, Knowledge, Shelved};
use crate::sys::World;

/// Passages that are looked at.
const DEPTH: usize = 100;
/// Questions that wait for a service that fails, before others no longer do.
const FAILURES: u32 = 2;

/// Why a question was not compared by meaning.
#[derive(Debug, Error)]
pub enum MeaningError {
    /// The files.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// The service.
    #[error("the question has no vector: {0}")]
    Model(#[from] ModelError),
    /// The service failed too often lately and is not asked.
    #[error("the service for vectors is {0}")]
    LeftAlone(#[from] LeftAlone),
    /// The service's vector is none for this index.
    #[error("the question's vector: {0}")]
    Vector(#[from] BadVector),
    /// The program.
    #[error("the search broke off: {0}")]
    BrokeOff(#[from] tokio::task::JoinError),
}

/// Compares questions with the vectors of an index.
#[derive(Debug)]
pub struct Meaning {
    service: RwLock<Option<Arc<Service>>>,
    limits: BreakerLimits,
    world: World,
    opened: Mutex<Option<Opened>>,
}

/// A service and how it does.
#[derive(Debug)]
struct Service {
    embedder: Arc<Embedder>,
    breaker: SharedBreaker,
}

/// The vectors of an index, as its files were.
#[derive(Debug)]
struct Opened {
    name: IndexName,
    stamp: Stamp,
    vectors: Option<Arc<Snapshot>>,
}

impl Meaning {
    /// With questions embedded by this service, which is left alone by these limits; without one nothing is near.
    pub fn new(embedder: Option<Arc<Embedder>>, limits: BreakerLimits, world: World) -> Self {
        let limits = BreakerLimits { failures: FAILURES, ..limits };
        let meaning = Self { service: RwLock::default(), limits, world, opened: Mutex::default() };
        meaning.ask_with(embedder);
        meaning
    }

    /// Questions go to this service from now on. Another key may work where the former failed.
    pub fn ask_with(&self, embedder: Option<Arc<Embedder>>) {
        let breaker = SharedBreaker::new(self.limits);
        let service = embedder.map(|embedder| Arc::new(Service { embedder, breaker }));
        *self.service.write().unwrap_or_else(PoisonError::into_inner) = service;
    }

    /// The passages nearest to a question, nearest first; none where the index has no vectors.
    pub async fn near(
        self: &Arc<Self>,
        knowledge: &Arc<Knowledge>,
        shelved: &Arc<Shelved>,
        question: &str,
    ) -> Result<Vec<Hit>, MeaningError> {
        let Some(service) = self.service() else { return Ok(Vec::new()) };
        if shelved.library.holdings.vectors == 0 || question.trim().is_empty() {
            return Ok(Vec::new());
        }
        let (own, of_blocking, name) = (Arc::clone(self), Arc::clone(knowledge), shelved.name.clone());
        let opening = tokio::task::spawn_blocking(move || own.vectors(&of_blocking, &name));
        let Some(vectors) = opening.await?? else { return Ok(Vec::new()) };
        // The index stays comparable with its own model's vectors when another is configured and not built yet.
        let model = vectors.kind().map_or(service.embedder.model(), |kind| &kind.model).to_owned();
        let vector = service.vector(&model, question, &self.world).await?;
        let shelved = Arc::clone(shelved);
        let searching = tokio::task::spawn_blocking(move || {
            let found = vectors.search(&vector, DEPTH, &Filter::default())?;
            Ok::<_, BadVector>(shelved.library.collection.hits(found.iter().map(|hit| (&*hit.id, hit.score))))
        });
        Ok(searching.await??)
    }

    fn service(&self) -> Option<Arc<Service>> {
        self.service.read().unwrap_or_else(PoisonError::into_inner).clone()
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

impl Service {
    /// The vector of a question, unless the service is left alone.
    async fn vector(&self, model: &str, question: &str, world: &World) -> Result<Vec<f32>, MeaningError> {
        self.breaker.allow(world.now())?;
        let made = self.embedder.of_question(model, question).await;
        self.breaker.note(&made, world.now());
        Ok(made?)
    }
}
