//! What the commands do with a service for vectors: build with it, and find what is near a question in meaning.

use std::{sync::Arc, time::Duration};

use hub_clients::breaker::BreakerLimits;
use hub_retrieval::{BadVector, hits::Hit};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::{Failure, Outcome, Place, Shown, runtime};
use crate::{
    app::knowledge::{
        BuildError, Changed, Embedder, Knowledge, Meaning, MeaningError, Progress, Shelved,
        build_with_vectors,
    },
    config::Config,
    i18n::Lang,
    start::{self, StartError},
    sys::World,
    t,
};

/// How often a build says how far it is.
const EVERY: Duration = Duration::from_secs(5);

impl Place<'_> {
    /// The configured service for vectors; `None` where there is no key for it.
    pub(super) fn embedder(
        &self,
        config: &Config,
        divisor: Option<&str>,
    ) -> Result<Option<Embedder>, Failure> {
        let ours = |error: StartError| Failure::new(error.describe(self.lang));
        let transport = start::transport().map_err(ours)?;
        Embedder::of(&config.knowledge, &transport, &start::timing(divisor))
            .map_err(|error| ours(error.into()))
    }
}

/// Builds with vectors. What was paid for is kept whenever it ends: run again, it goes on.
pub(super) fn build(
    place: &mut Place<'_>,
    shown: Shown,
    knowledge: Knowledge,
    embedder: &Arc<Embedder>,
) -> Outcome {
    let (knowledge, progress, stop) = (Arc::new(knowledge), Progress::default(), CancellationToken::new());
    let built = runtime()?.block_on(async {
        let mut building = std::pin::pin!(build_with_vectors(&knowledge, embedder, &progress, &stop));
        loop {
            let Ok(built) = tokio::time::timeout(EVERY, &mut building).await else {
                let now = progress.now();
                if !shown.json {
                    place.say(&t!(place.lang, "vectors.progress", ready = now.ready, total = now.total))?;
                }
                continue;
            };
            break built.map_err(|error| match error {
                BuildError::Library(error) => place.of_library(&error),
                BuildError::Model(_) | BuildError::Stopped | BuildError::BrokeOff(_) => place.fault(&error),
            });
        }
    })?;
    let progressed = progress.now();
    let paid = progressed.paid;
    let mut value = json!({
        "mode": "hybrid",
        "model": embedder.model(),
        "documents": built.documents,
        "vectors": built.vectors,
        "paid": paid,
    });
    let mut text = t!(
        place.lang,
        "vectors.built",
        documents = built.documents,
        vectors = built.vectors,
        model = embedder.model(),
        paid = paid
    );
    if let (Some(Changed { before, now }), Some(fields)) = (progressed.changed, value.as_object_mut()) {
        fields.insert("dimensions_before".to_owned(), before.into());
        fields.insert("dimensions_now".to_owned(), now.into());
        text.push('\n');
        text.push_str(&t!(place.lang, "vectors.changed", before = before, now = now));
    }
    place.show(shown.json, &value, &text)
}

/// What is near a question in meaning.
#[derive(Default)]
pub(super) struct Near {
    pub(super) hits: Vec<Hit>,
    /// Why it could not be told.
    pub(super) trouble: Option<String>,
}

impl Near {
    /// How results are said to be found.
    pub(super) fn mode(&self) -> &'static str {
        if self.hits.is_empty() { "no_llm" } else { "hybrid" }
    }
}

/// Asks the service; trouble leaves the words.
pub(super) fn near(
    knowledge: &Arc<Knowledge>,
    shelved: &Arc<Shelved>,
    embedder: Arc<Embedder>,
    question: &str,
    lang: Lang,
) -> Result<Near, Failure> {
    let meaning = Arc::new(Meaning::new(Some(embedder), BreakerLimits::default(), World::real()));
    let found = runtime()?.block_on(meaning.near(knowledge, shelved, question));
    Ok(match found {
        Ok(hits) => Near { hits, trouble: None },
        Err(MeaningError::Vector(BadVector::Dimension { wanted, found })) => {
            let changed = t!(lang, "vectors.other_dimension", before = wanted, now = found);
            Near { hits: Vec::new(), trouble: Some(changed) }
        }
        Err(error) => Near { hits: Vec::new(), trouble: Some(error.to_string()) },
    })
}

/// Numbers in a vector that the service makes for an index now; `None` without a service, without vectors, and where
/// the service doesn't answer.
pub(super) fn sampled(
    knowledge: &Knowledge,
    shelved: &Shelved,
    embedder: Option<&Embedder>,
) -> Result<Option<usize>, Failure> {
    let Some(embedder) = embedder.filter(|_| shelved.library.holdings.vectors > 0) else { return Ok(None) };
    let model = knowledge.model_of(&shelved.name).unwrap_or_else(|_| knowledge.model().to_owned());
    Ok(runtime()?.block_on(embedder.sample(&model)).ok())
}
