//! What is near a question in meaning, for whoever answers it, and how the search is to be spoken of.
//!
//! Trouble with the service for vectors leaves the words, and is said.

use std::{io, sync::Arc};

use hub_retrieval::hits::Hit;

use super::KnowledgeError;
use crate::app::App;

/// How articles were found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FoundBy {
    /// By their words: there are no vectors, or no service for the question's.
    #[default]
    Words,
    /// By words and meaning together.
    WordsAndMeaning,
    /// By words alone, because the service for vectors failed.
    WordsAlone,
}

impl FoundBy {
    /// The word in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Words | Self::WordsAlone => "bm25",
            Self::WordsAndMeaning => "hybrid",
        }
    }
}

/// Passages near a question.
#[derive(Clone, Debug, Default)]
pub struct Near {
    /// Nearest first.
    pub hits: Vec<Hit>,
    /// What a search with them goes by.
    pub found_by: FoundBy,
}

impl App {
    /// What is near a question in the active index.
    pub(super) async fn near(&self, question: &str) -> Result<Near, KnowledgeError> {
        let knowledge = &self.inner.knowledge;
        let reading = Arc::clone(knowledge);
        let current = tokio::task::spawn_blocking(move || reading.current()).await;
        let current = current.map_err(io::Error::other)??;
        Ok(match self.inner.meaning.near(knowledge, &current, question).await {
            Ok(hits) if hits.is_empty() => Near::default(),
            Ok(hits) => Near { hits, found_by: FoundBy::WordsAndMeaning },
            Err(error) => {
                tracing::warn!(%error, "FAISS: searching by words alone");
                Near { hits: Vec::new(), found_by: FoundBy::WordsAlone }
            }
        })
    }
}
