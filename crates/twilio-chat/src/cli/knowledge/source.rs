//! What a command searches: the active index, or a file of articles given on the command line.

use std::sync::Arc;

use hub_retrieval::{
    article::Article,
    articles::{self, Identity},
    collection::{Collection, Search},
    layout::Refused,
};
use serde_json::{Value, json};

use super::{
    Articles, Failure, Place,
    vectors::{self, Near},
};
use crate::{
    app::knowledge::{Embedder, Knowledge, Shelved},
    i18n::Lang,
    t,
};

/// Articles to search, and lines of their file that are none.
pub(super) struct Source {
    articles: Held,
    /// What is to be said in the end about lines that were passed over.
    complaint: Option<String>,
}

enum Held {
    Index { knowledge: Arc<Knowledge>, shelved: Arc<Shelved>, embedder: Option<Arc<Embedder>> },
    Corpus(Collection),
}

impl Source {
    pub(super) fn open(place: &mut Place<'_>, wanted: &Articles) -> Result<Self, Failure> {
        let Some(path) = &wanted.corpus else {
            let (knowledge, embedder) = place.knowledge_with_service()?;
            let shelved = knowledge.current().map_err(|error| place.fault(&error))?;
            let articles = Held::Index { knowledge: Arc::new(knowledge), shelved, embedder };
            return Ok(Self { articles, complaint: None });
        };
        let read = articles::read(path, Identity::Id).map_err(|error| place.unreadable(path, &error))?;
        let count = read.refused.len();
        let complaint = read.refused.first().map(|first| {
            t!(place.lang, "knowledge.bad_lines", path = path.display(), count = count, first = first)
        });
        Ok(Self { articles: Held::Corpus(Collection::new(read.articles)), complaint })
    }

    /// Files of the index that were passed over.
    fn passed_over(&self) -> &[Refused] {
        match &self.articles {
            Held::Index { shelved, .. } => &shelved.library.holdings.refused,
            Held::Corpus(_) => &[],
        }
    }

    /// The same in words; `None` where there are none.
    pub(super) fn refused(&self, lang: Lang) -> Option<String> {
        let line = |one: &Refused| t!(lang, "knowledge.refused", file = one.file, reason = one.reason);
        let lines: Vec<String> = self.passed_over().iter().map(line).collect();
        (!lines.is_empty()).then(|| t!(lang, "knowledge.passed_over", files = lines.join("\n")))
    }

    /// The same for programs.
    pub(super) fn refused_json(&self) -> Vec<Value> {
        let of = |one: &Refused| json!({ "file": one.file, "reason": one.reason });
        self.passed_over().iter().map(of).collect()
    }

    /// What makes the command fail, though it ran: lines that were passed over, and files, where without them there
    /// were no results.
    pub(super) fn failure(&self, lang: Lang, has_results: bool) -> Option<String> {
        self.complaint.clone().or_else(|| self.refused(lang).filter(|_| !has_results))
    }

    /// Whether there is nothing to search.
    pub(super) fn is_empty(&self) -> bool {
        self.collection().articles().next().is_none()
    }

    pub(super) fn collection(&self) -> &Collection {
        match &self.articles {
            Held::Index { shelved, .. } => &shelved.library.collection,
            Held::Corpus(collection) => collection,
        }
    }

    /// What is near a question in meaning; nothing without a service, without vectors, and in a file of articles.
    pub(super) fn near(&self, question: &str, lang: Lang) -> Result<Near, Failure> {
        match &self.articles {
            Held::Index { knowledge, shelved, embedder: Some(embedder) } => {
                vectors::near(knowledge, shelved, Arc::clone(embedder), question, lang)
            }
            Held::Index { .. } | Held::Corpus(_) => Ok(Near::default()),
        }
    }

    /// What names an article in results: its `id` in the file that it comes from.
    pub(super) fn id(&self, article: &Article) -> String {
        match &self.articles {
            Held::Index { .. } => article.id(),
            Held::Corpus(_) => article.url.clone(),
        }
    }

    /// The articles for a question by its words, best first: a run of many questions is free. Without a clock: the same files give the same list.
    pub(super) fn ranked(&self, question: &str, limit: usize) -> Vec<String> {
        let search = Search { question, ..Search::default() };
        let found = self.collection().search(&search, limit).articles;
        found.iter().map(|found| self.id(found.article())).collect()
    }
}
