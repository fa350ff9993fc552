//! The knowledge base of a configuration, as answers to customers ask it.

use std::sync::Arc;

use hub_clients::{Transport, openai::ModelAccessError};
use hub_domain::timing::Timing;

use crate::{
    app::{
        knowledge::{Embedder, Knowledge, Librarian, Meaning},
        retriever::Retriever,
    },
    config::Config,
    sys::World,
};

/// Opens the knowledge base; reads nothing and calls nobody yet.
pub fn librarian(
    config: &Config,
    world: &World,
    timing: &Timing,
    transport: &Arc<dyn Transport>,
) -> Result<Arc<dyn Retriever>, ModelAccessError> {
    let knowledge = Knowledge::new(&config.knowledge_folder, &config.knowledge.embedding_model);
    let embedder = Embedder::of(&config.knowledge, transport, timing)?;
    let meaning = embedder.map(|embedder| Arc::new(Meaning::new(Arc::new(embedder))));
    let most_chars = usize::try_from(config.knowledge.context_max_chars).unwrap_or(usize::MAX);
    Ok(Arc::new(Librarian::new(Arc::new(knowledge), meaning, world.clone(), most_chars)))
}
