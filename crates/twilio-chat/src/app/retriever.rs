//! The port to the knowledge base: a question goes in, passages that may hold the answer come out.

use std::{fmt, sync::Arc};

use hub_clients::transport::BoxFuture;
use hub_domain::assistant::Passage;
use hub_retrieval::hits::Hit;

use super::knowledge::Shelved;

/// Finds passages. Answers with none when it has nothing, is not built, or is in trouble: a customer's question
/// must not wait for it.
pub trait Retriever: Send + Sync + fmt::Debug {
    /// The passages that fit a question best, the best first.
    fn passages<'a>(&'a self, question: &'a str) -> BoxFuture<'a, Vec<Passage>>;

    /// What of an index is near a question in meaning, for whoever searches it by words too; nothing where that can't
    /// be told.
    fn near<'a>(&'a self, _index: &'a Arc<Shelved>, _question: &'a str) -> BoxFuture<'a, Vec<Hit>> {
        Box::pin(async { Vec::new() })
    }
}
