//! The receipt of a question's calls, as one: what was told and written in turn, and what all of it cost.

use hub_clients::openai::{ChatAnswer, ModelError};
use hub_domain::{
    answering::sources::Source,
    assistant::{
        Passage,
        prompt::{PromptMessage, PromptRole},
    },
    spending::{self, Micros},
};
use hub_store::NewReceipt;
use jiff::Timestamp;

/// The calls so far.
#[derive(Debug)]
pub(super) struct Record {
    began: Timestamp,
    model: String,
    /// Prompts and answers in turn, the last prompt last.
    said: Vec<PromptMessage>,
    words: Option<String>,
    error: Option<String>,
    prompt_tokens: Option<u32>,
    completion_tokens: Option<u32>,
    cost: Option<Micros>,
}

impl Record {
    pub(super) fn new(model: &str, began: Timestamp) -> Self {
        Self {
            began,
            model: model.to_owned(),
            said: Vec::new(),
            words: None,
            error: None,
            prompt_tokens: None,
            completion_tokens: None,
            cost: None,
        }
    }

    /// One call more.
    pub(super) fn note(&mut self, told: Vec<PromptMessage>, answered: &Result<ChatAnswer, ModelError>) {
        if let Some(before) = self.words.take() {
            self.said.push(PromptMessage { role: PromptRole::Assistant, content: before });
        }
        self.said.extend(told);
        match answered {
            Ok(answer) => self.note_answer(answer),
            Err(error) => self.error = Some(error.to_string()),
        }
    }

    fn note_answer(&mut self, answer: &ChatAnswer) {
        if let Some(model) = &answer.model {
            self.model.clone_from(model);
        }
        let (read, written) = (answer.prompt_tokens, answer.completion_tokens);
        self.words = Some(answer.text.clone());
        self.prompt_tokens = sum(self.prompt_tokens, read);
        self.completion_tokens = sum(self.completion_tokens, written);
        let cost = spending::of_tokens(&self.model, read.unwrap_or(0), written.unwrap_or(0));
        self.cost = match (self.cost, cost) {
            (Some(before), Some(cost)) => Some(before.saturating_add(cost)),
            (before, cost) => before.or(cost),
        };
    }

    /// As it is kept.
    pub(super) fn receipt(
        self,
        purpose: &'static str,
        sources: &[Vec<Source>],
        ended: Timestamp,
    ) -> NewReceipt {
        let passages: Vec<&Passage> =
            sources.iter().flatten().map(|source| &source.excerpt.passage).collect();
        NewReceipt {
            purpose,
            model: self.model,
            prompt: serde_json::to_string(&self.said).unwrap_or_default(),
            passages: serde_json::to_string(&passages).unwrap_or_default(),
            words: self.words,
            error: self.error,
            prompt_tokens: self.prompt_tokens,
            completion_tokens: self.completion_tokens,
            cost: self.cost,
            millis: u32::try_from(ended.duration_since(self.began).as_millis()).unwrap_or(u32::MAX),
        }
    }
}

fn sum(before: Option<u32>, more: Option<u32>) -> Option<u32> {
    match (before, more) {
        (Some(before), Some(more)) => Some(before.saturating_add(more)),
        (before, more) => before.or(more),
    }
}
