//! `/news` of a customer, answered by the knowledge base's own model with citations, or in its articles' own
//! sentences. Never its trouble.

use hub_domain::{
    listeners,
    reply::{Told, Words},
};
use hub_retrieval::verdict::Verdict;
use hub_store::{Phrased, Wanted};

use super::super::{
    App,
    knowledge::{self, Question},
};
use crate::i18n::Lang;

/// Articles that an answer is made of.
const ARTICLES: usize = 5;

impl App {
    /// Finds an answer in the articles. What they don't know is answered with the original's words.
    pub(super) async fn news(&self, asked: &Wanted) -> Phrased {
        let question = Question {
            text: asked.newest.clone(),
            of_each_section: None,
            limit: ARTICLES,
            lang: Lang::Pl,
            segments: usize::try_from(asked.settings.segments).unwrap_or(knowledge::SEGMENTS),
        };
        let found = self.worded(question, "news").await.unwrap_or_else(|error| {
            tracing::error!(%error, "FAISS: answering without the knowledge base");
            None
        });
        let (told, receipt) = found.unzip();
        let (became, said) = (told.as_ref().and_then(|told| told.decision), told);
        let said = said.filter(|told| told.verdict != Some(Verdict::Unknown)).map(|told| told.text);
        let text = said.unwrap_or_else(|| listeners::news_not_found(&asked.newest));
        let told = Told { ask: asked.ask.clone(), words: Words::Say(text) };
        Phrased { told, receipt: receipt.flatten(), became }
    }
}
