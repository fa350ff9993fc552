//! The set of articles and questions, written for these tests: every fact in it is invented.

use hub_retrieval::{article::Article, collection::Collection, evaluate::Case};
use serde::{Deserialize, de::DeserializeOwned};

pub(crate) fn articles() -> Vec<Article> {
    lines(include_str!("../data/articles.jsonl"))
}

/// A question, and words one of which an answer must have.
#[derive(Debug, Deserialize)]
pub(crate) struct Question {
    #[serde(rename = "question")]
    pub(crate) text: String,
    pub(crate) url: Option<String>,
    #[serde(default)]
    pub(crate) facts: Vec<String>,
}

pub(crate) fn questions() -> Vec<Question> {
    lines(include_str!("../data/questions.jsonl"))
}

pub(crate) fn cases() -> Vec<Case> {
    questions().into_iter().map(|question| Case { question: question.text, url: question.url }).collect()
}

pub(crate) fn collection() -> Collection {
    Collection::new(articles())
}

fn lines<T: DeserializeOwned>(text: &str) -> Vec<T> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
