//! The knowledge base as whoever answers customers asks it: passages for a question, or none.
//!
//! Nothing here fails for the caller: trouble is logged and means that nothing is known.

use std::{io, sync::Arc};

use hub_clients::transport::BoxFuture;
use hub_domain::assistant::Passage;
use hub_retrieval::{
    collection::{Collection, Search},
    hits::Hit,
    verdict::Verdict,
};
use thiserror::Error;

use super::{Knowledge, Meaning, Shelved};
use crate::{app::retriever::Retriever, sys::World};

/// Articles that a question is answered from.
const ARTICLES: usize = 5;
/// Passages of one article.
const OF_ARTICLE: usize = 2;

/// Looks questions up in the active index.
#[derive(Debug)]
pub struct Librarian {
    knowledge: Arc<Knowledge>,
    /// Without a service for vectors, words alone.
    meaning: Option<Arc<Meaning>>,
    world: World,
    /// Characters of all passages of an answer.
    most_chars: usize,
}

impl Librarian {
    /// Of this knowledge base; the world tells how old the news are.
    pub fn new(
        knowledge: Arc<Knowledge>,
        meaning: Option<Arc<Meaning>>,
        world: World,
        most_chars: usize,
    ) -> Self {
        Self { knowledge, meaning, world, most_chars }
    }

    async fn look_up(&self, question: &str) -> Result<Vec<Passage>, LookUpError> {
        let knowledge = Arc::clone(&self.knowledge);
        let current = tokio::task::spawn_blocking(move || knowledge.current()).await??;
        let dense = self.near(&current, question).await;
        let (question, now, most_chars) = (question.to_owned(), self.world.now(), self.most_chars);
        let searching = tokio::task::spawn_blocking(move || {
            let search = Search { question: &question, dense: &dense, now: Some(now), filter: None };
            passages(&current.library.collection, &search, most_chars)
        });
        Ok(searching.await?)
    }

    /// What is near in meaning; nothing where that can't be told.
    async fn near(&self, current: &Arc<Shelved>, question: &str) -> Vec<Hit> {
        let Some(meaning) = &self.meaning else { return Vec::new() };
        meaning.near(&self.knowledge, current, question).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "FAISS: searching by words alone");
            Vec::new()
        })
    }
}

/// Why a question could not be looked up.
#[derive(Debug, Error)]
enum LookUpError {
    #[error("the knowledge base can't be read: {0}")]
    Io(#[from] io::Error),
    #[error("the search broke off: {0}")]
    BrokeOff(#[from] tokio::task::JoinError),
}

impl Retriever for Librarian {
    fn passages<'a>(&'a self, question: &'a str) -> BoxFuture<'a, Vec<Passage>> {
        Box::pin(async move {
            self.look_up(question).await.unwrap_or_else(|error| {
                tracing::error!(%error, "FAISS: answering without the knowledge base");
                Vec::new()
            })
        })
    }
}

/// The passages of the best articles within a number of characters; none where the articles don't know.
fn passages(collection: &Collection, search: &Search<'_>, most_chars: usize) -> Vec<Passage> {
    let found = collection.search(search, ARTICLES);
    if found.verdict == Verdict::Unknown {
        return Vec::new();
    }
    let mut room = most_chars;
    let fits = |passage: &Passage| {
        let left = room.checked_sub(passage.text.chars().count());
        room = left.unwrap_or(0);
        left.is_some()
    };
    let of_articles = found.articles.iter().flat_map(|found| {
        found.quoted().take(OF_ARTICLE).map(|passage| Passage {
            title: passage.article.title.clone(),
            url: passage.article.link().map(str::to_owned),
            text: passage.text.to_owned(),
            score: found.score,
        })
    });
    of_articles.take_while(fits).collect()
}
