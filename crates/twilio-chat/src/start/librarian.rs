//! The knowledge base of a configuration, as answers to customers ask it.

use std::sync::Arc;

use crate::{
    app::{
        knowledge::{Knowledge, Librarian},
        retriever::Retriever,
    },
    config::Config,
    sys::World,
};

/// Opens the knowledge base; reads nothing yet.
pub fn librarian(config: &Config, world: &World) -> Arc<dyn Retriever> {
    let knowledge = Knowledge::new(&config.knowledge_folder, &config.knowledge.embedding_model);
    let most_chars = usize::try_from(config.knowledge.context_max_chars).unwrap_or(usize::MAX);
    Arc::new(Librarian::new(Arc::new(knowledge), world.clone(), most_chars))
}
