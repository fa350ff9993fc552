//! The set of articles and questions, written for these tests: every fact in it is invented.

use hub_retrieval::{article::Article, collection::Collection, evaluate::Case};
use serde::de::DeserializeOwned;

pub(crate) fn articles() -> Vec<Article> {
    lines(include_str!("../data/articles.jsonl"))
}

pub(crate) fn cases() -> Vec<Case> {
    lines(include_str!("../data/questions.jsonl"))
}

pub(crate) fn collection() -> Collection {
    Collection::new(articles())
}

fn lines<T: DeserializeOwned>(text: &str) -> Vec<T> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
