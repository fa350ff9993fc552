//! Answers in a model's words with citations: it is given the passages that search found, and what it writes is held
//! against them.
//!
//! Whatever goes wrong is in the outcome and never in a text: the caller has the articles' own sentences to say
//! instead. One way for panel, API, command line and customers.

mod gate;
mod record;
mod rounds;
mod wording;

use std::{sync::Arc, time::Duration};

use hub_clients::openai::ModelClient;
use hub_domain::{
    answering::language::{self, Language},
    spending,
};
use hub_store::{NewReceipt, StoreError};

pub(super) use self::wording::FOUND_NOTHING;
use self::wording::sections_in_words;
pub use self::{
    gate::Gate,
    wording::{Wish, Worded, answer_in_words, is_for_model},
};
use super::{KnowledgeError, Material, Question, Told};
use crate::{app::App, i18n::Lang, sys::World};

/// The word for an answer that no model was asked for, since the day's money is spent.
const SPENT_UP: &str = "quoted_cap";

/// A service that writes answers, and how it is asked.
#[derive(Clone, Debug)]
pub struct Answerer {
    /// The way to it.
    pub client: Arc<ModelClient>,
    /// The model that writes.
    pub model: String,
    /// Tokens of passages that it is given at once.
    pub context: usize,
    /// One call to it, in all. No further one begins when half of this has passed since the first.
    pub timeout: Duration,
    /// Who may ask now.
    pub gate: Arc<Gate>,
    /// Time and marks.
    pub world: World,
}

impl App {
    /// Who writes answers from the knowledge base; `None`: there is no key for it.
    pub(crate) async fn answerer(&self) -> Result<Option<Answerer>, StoreError> {
        let connected = self.connected();
        let Some(client) = connected.models.knowledge.clone() else { return Ok(None) };
        Ok(Some(Answerer {
            client,
            model: self.knowledge_model().await?,
            context: connected.models.knowledge_context,
            timeout: self.timing().model_timeout,
            gate: Arc::clone(&self.inner.answering),
            world: self.world().clone(),
        }))
    }

    /// Answers a question; `None` where there is no article to answer from. Its calls to a model, if any are made,
    /// are in the receipt, which the caller keeps.
    pub(in crate::app) async fn worded(
        &self,
        question: Question,
        purpose: &'static str,
    ) -> Result<Option<(Told, Option<NewReceipt>)>, KnowledgeError> {
        let Some((mut told, material)) = self.told(question.clone()).await? else { return Ok(None) };
        let Some(answerer) = self.answerer().await? else { return Ok(Some((told, None))) };
        if self.is_spent_up().await {
            told.decision = Some(SPENT_UP);
            return Ok(Some((told, None)));
        }
        let Question { text, lang, segments, .. } = &question;
        let wish = Wish { question: text, lang: *lang, segments: *segments, purpose };
        let worded = match &material {
            Material::Whole(answer) => answer_in_words(&answerer, &wish, answer).await,
            Material::Sections(sections) => sections_in_words(&answerer, &wish, sections).await,
        };
        let receipt = worded.and_then(|worded| told.take(worded));
        Ok(Some((told, receipt)))
    }

    /// Whether nothing of the day's money is left, or that can't be told.
    pub(crate) async fn is_spent_up(&self) -> bool {
        let is_spent_up = match self.guards().await {
            Ok((guards, spent)) => spending::passes_cap(spent, 1, guards.money_day),
            Err(error) => {
                tracing::error!(%error, "what was spent today is not known");
                true
            }
        };
        if is_spent_up {
            tracing::warn!("the day's money is spent: answering without the model");
        }
        is_spent_up
    }

    /// The model that answers from the knowledge base; `None`: there is no key for it.
    pub async fn answering_model(&self) -> Result<Option<String>, StoreError> {
        Ok(self.answerer().await?.map(|answerer| answerer.model))
    }

    /// Keeps the receipt of a question that no message asked.
    pub(crate) async fn keep_receipt(
        &self,
        receipt: NewReceipt,
        decision: &'static str,
    ) -> Result<i64, StoreError> {
        self.store().keep_receipt(receipt, None, None, decision, self.world().now()).await
    }
}

/// The language of an answer: the question's, or the asker's where its words don't tell.
pub(super) fn language(question: &str, otherwise: Lang) -> Lang {
    match language::of(question) {
        Some(Language::Polish) => Lang::Pl,
        Some(Language::English) => Lang::En,
        None => otherwise,
    }
}

const fn of_lang(lang: Lang) -> Language {
    match lang {
        Lang::Pl => Language::Polish,
        Lang::En => Language::English,
    }
}
