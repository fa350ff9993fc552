//! The knowledge base of a configuration, as answers to customers ask it.

use std::sync::Arc;

use hub_clients::{Transport, breaker::BreakerLimits, openai::ModelAccessError};
use hub_domain::timing::Timing;

use crate::{
    app::{
        knowledge::{Embedder, Knowledge, Librarian, Meaning},
        retriever::Retriever,
    },
    config::Config,
    sys::World,
};

/// A knowledge base and who finds passages in it for customers' questions.
#[derive(Debug)]
pub struct Knowing {
    /// Its files, read once for everybody.
    pub shelf: Arc<Knowledge>,
    /// Asked for each AI reply.
    pub retriever: Arc<dyn Retriever>,
}

/// The knowledge base of a configuration; nothing is read yet.
pub fn shelf(config: &Config) -> Arc<Knowledge> {
    Arc::new(Knowledge::new(&config.knowledge_folder, &config.knowledge.embedding_model))
}

/// Opens the knowledge base; reads nothing and calls nobody yet.
pub fn librarian(
    config: &Config,
    world: &World,
    timing: &Timing,
    transport: &Arc<dyn Transport>,
) -> Result<Knowing, ModelAccessError> {
    let shelf = shelf(config);
    let embedder = Embedder::of(&config.knowledge, transport, timing)?;
    let meaning = embedder.map(|embedder| Arc::new(Meaning::new(Arc::new(embedder))));
    let most_chars = usize::try_from(config.knowledge.context_max_chars).unwrap_or(usize::MAX);
    let limits = BreakerLimits::of_models(timing);
    let retriever = Librarian::new(Arc::clone(&shelf), meaning, limits, world.clone(), most_chars);
    Ok(Knowing { shelf, retriever: Arc::new(retriever) })
}
