//! The knowledge base of a configuration, as answers to customers ask it.

use std::sync::Arc;

use hub_clients::{Transport, breaker::BreakerLimits, openai::ModelAccessError};
use hub_domain::timing::Timing;
use hub_retrieval::passages::Cut;

use crate::{
    app::{
        knowledge::{Answerer, Gate, Knowledge, Librarian, Meaning},
        retriever::Retriever,
    },
    config::{Config, KnowledgeConfig},
    sys::World,
};

/// A knowledge base and who finds passages in it for customers' questions.
#[derive(Debug)]
pub struct Knowing {
    /// Its files, read once for everybody.
    pub shelf: Arc<Knowledge>,
    /// Finds what is near in meaning. Whoever connects the keys gives it the service for that.
    pub meaning: Arc<Meaning>,
    /// Asked for each AI reply.
    pub retriever: Arc<dyn Retriever>,
}

/// The knowledge base of a configuration; nothing is read yet.
pub fn shelf(config: &Config) -> Arc<Knowledge> {
    Arc::new(knowledge(config))
}

/// The same for one who keeps it for themselves.
pub fn knowledge(config: &Config) -> Knowledge {
    let length = |chars| usize::try_from(chars).unwrap_or(usize::MAX);
    let KnowledgeConfig { chunk_size, chunk_overlap, embedding_model, .. } = &config.knowledge;
    let cut = Cut { limit: length(*chunk_size), overlap: length(*chunk_overlap) };
    Knowledge::new(&config.knowledge_folder, embedding_model).cutting(cut)
}

/// Who writes answers from the knowledge base by the configuration alone; `None`: it has no key for it.
pub(crate) fn answerer(
    config: &Config,
    world: &World,
    timing: &Timing,
    transport: &Arc<dyn Transport>,
) -> Result<Option<Answerer>, ModelAccessError> {
    let knowledge = &config.knowledge;
    let Some(key) = &knowledge.api_key else { return Ok(None) };
    Ok(Some(Answerer {
        client: super::connector::model(&knowledge.base_url, key, timing, transport)?,
        model: knowledge.model.clone(),
        context: knowledge.context_tokens(),
        timeout: timing.model_timeout,
        gate: Arc::new(Gate::new(BreakerLimits::of_models(timing))),
        world: world.clone(),
    }))
}

/// Opens the knowledge base; reads nothing and calls nobody yet.
pub fn librarian(config: &Config, world: &World, timing: &Timing) -> Knowing {
    let meaning = Arc::new(Meaning::new(None, BreakerLimits::of_models(timing), world.clone()));
    let shelf = shelf(config);
    let most_chars = usize::try_from(config.knowledge.context_max_chars).unwrap_or(usize::MAX);
    let asked = Some(Arc::clone(&meaning));
    let retriever = Arc::new(Librarian::new(Arc::clone(&shelf), asked, world.clone(), most_chars));
    Knowing { shelf, meaning, retriever }
}
