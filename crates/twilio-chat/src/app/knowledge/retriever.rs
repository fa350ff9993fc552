//! The knowledge base as whoever answers customers asks it: passages for a question, or none.
//!
//! Nothing here fails for the caller: trouble is logged and means that nothing is known.

use std::sync::Arc;

use hub_clients::transport::BoxFuture;
use hub_domain::assistant::Passage;
use hub_retrieval::{
    collection::{Collection, Search},
    verdict::Verdict,
};
use jiff::Timestamp;

use super::Knowledge;
use crate::{app::retriever::Retriever, sys::World};

/// Articles that a question is answered from.
const ARTICLES: usize = 5;
/// Passages of one article.
const OF_ARTICLE: usize = 2;

/// Looks questions up in the active index.
#[derive(Debug)]
pub struct Librarian {
    knowledge: Arc<Knowledge>,
    world: World,
    /// Characters of all passages of an answer.
    most_chars: usize,
}

impl Librarian {
    /// Of this knowledge base; the world tells how old the news are.
    pub fn new(knowledge: Arc<Knowledge>, world: World, most_chars: usize) -> Self {
        Self { knowledge, world, most_chars }
    }

    async fn look_up(&self, question: &str) -> Vec<Passage> {
        let (knowledge, question) = (Arc::clone(&self.knowledge), question.to_owned());
        let (now, most_chars) = (self.world.now(), self.most_chars);
        let looked = tokio::task::spawn_blocking(move || {
            let current = knowledge.current()?;
            Ok::<_, std::io::Error>(passages(&current.library.collection, &question, now, most_chars))
        });
        match looked.await {
            Ok(Ok(found)) => found,
            Ok(Err(error)) => {
                tracing::error!(%error, "FAISS: the knowledge base can't be read; answering without it");
                Vec::new()
            }
            Err(error) => {
                tracing::error!(%error, "FAISS: a search broke off; answering without it");
                Vec::new()
            }
        }
    }
}

impl Retriever for Librarian {
    fn passages<'a>(&'a self, question: &'a str) -> BoxFuture<'a, Vec<Passage>> {
        Box::pin(self.look_up(question))
    }
}

/// The passages of the best articles within a number of characters; none where the articles don't know.
fn passages(collection: &Collection, question: &str, now: Timestamp, most_chars: usize) -> Vec<Passage> {
    let search = Search { question, now: Some(now), ..Search::default() };
    let found = collection.search(&search, ARTICLES);
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
            url: Some(passage.article.url.clone()).filter(|url| !url.is_empty()),
            text: passage.text.to_owned(),
            score: found.score,
        })
    });
    of_articles.take_while(fits).collect()
}
