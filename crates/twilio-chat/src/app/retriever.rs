//! The port to the knowledge base: a question goes in, passages that may hold the answer come out.

use std::fmt;

use hub_clients::transport::BoxFuture;
use hub_domain::assistant::Passage;

/// Finds passages. Answers with none when it has nothing, is not built, or is in trouble: a customer's question
/// must not wait for it.
pub trait Retriever: Send + Sync + fmt::Debug {
    /// The passages that fit a question best, the best first.
    fn passages<'a>(&'a self, question: &'a str) -> BoxFuture<'a, Vec<Passage>>;
}
