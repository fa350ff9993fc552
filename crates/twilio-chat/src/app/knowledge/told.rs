//! A question of a person at the desk, and all that is to be shown of its answer. Who wrote the answer is said with
//! it: a model from the articles, or the articles themselves.

use std::io;

use hub_retrieval::{collection::FoundArticle, verdict::Verdict};
use hub_store::NewReceipt;
use jiff::Timestamp;

use super::{
    Answer, Asked, FoundBy, Knowledge, Near, Section, answer,
    answering::{FOUND_NOTHING, Worded},
    in_every_section, one_text,
};
use crate::{i18n::Lang, t};

/// Segments that an answer, or a section of one, may take where nobody says otherwise.
pub const SEGMENTS: usize = 3;

/// A question and how widely it is asked.
#[derive(Clone, Debug)]
pub struct Question {
    /// As it was typed.
    pub text: String,
    /// `Some`: every section is asked for itself, and gives at most so many articles.
    pub of_each_section: Option<usize>,
    /// Articles that may be found otherwise.
    pub limit: usize,
    /// The language of the answer's own words.
    pub lang: Lang,
    /// Segments that the answer, or a section of it, may take.
    pub segments: usize,
}

impl Question {
    fn asked<'a>(&'a self, now: Timestamp, near: &'a Near) -> Asked<'a> {
        Asked {
            question: &self.text,
            limit: self.limit,
            now: Some(now),
            lang: self.lang,
            segments: self.segments,
            dense: &near.hits,
        }
    }
}

/// Who wrote an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MadeBy {
    /// Nobody: its sentences stand in the articles.
    Articles,
    /// A model, from passages of the articles.
    Model,
}

impl MadeBy {
    /// The word in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Articles => "articles",
            Self::Model => "model",
        }
    }
}

/// What was answered.
#[derive(Clone, Debug)]
pub struct Told {
    /// The answer.
    pub text: String,
    /// Who wrote it.
    pub made_by: MadeBy,
    /// The model that was asked, whoever wrote it in the end.
    pub model: Option<String>,
    /// What became of its words, or why it was not asked; a receipt's word.
    pub decision: Option<&'static str>,
    /// The receipt of its calls.
    pub receipt: Option<i64>,
    /// How sure the search is; `None` where every section was asked.
    pub verdict: Option<Verdict>,
    /// What it was made of, best first.
    pub sources: Vec<Source>,
    /// Sections that had nothing, where every section was asked.
    pub empty: Vec<String>,
    /// How many sections there are.
    pub sections: usize,
    /// How its articles were found.
    pub found_by: FoundBy,
}

/// An article that was found.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its section.
    pub category: String,
    /// Its title.
    pub title: String,
    /// Its address.
    pub url: String,
    /// Higher is better, within one search.
    pub score: f32,
    /// Which of its passages fits best.
    pub passage_index: usize,
    /// That passage.
    pub passage: String,
    /// When it was news.
    pub time: Option<Timestamp>,
    /// A model cites it.
    pub cited: bool,
}

impl Source {
    fn of(found: &FoundArticle) -> Self {
        let article = found.article();
        let best = found.quoted().next();
        Self {
            category: article.category.clone(),
            title: article.title.clone(),
            url: article.url.clone(),
            score: found.score,
            passage_index: best.map_or(0, |passage| passage.index),
            passage: best.map_or("", |passage| passage.text).to_owned(),
            time: article.time(),
            cited: false,
        }
    }
}

/// What an answer is made of: what a model may be given to say it in words of its own.
#[derive(Debug)]
pub enum Material {
    /// One answer.
    Whole(Answer),
    /// One of every section.
    Sections(Vec<Section>),
}

impl Told {
    /// An answer of the articles' own sentences.
    fn quoted(material: &Material, question: &Question, sections: usize) -> Self {
        let (text, verdict, found, empty): (_, _, Vec<&FoundArticle>, _) = match material {
            Material::Whole(answer) => (
                answer.text.clone(),
                Some(answer.found.verdict),
                answer.found.articles.iter().collect(),
                Vec::new(),
            ),
            Material::Sections(all) => {
                let empty = all.iter().filter(|section| section.found.is_empty());
                (
                    one_text(all, question.lang),
                    None,
                    all.iter().flat_map(|section| &section.found).collect(),
                    empty.map(|section| section.name.clone()).collect(),
                )
            }
        };
        let sources = found.into_iter().map(Source::of).collect();
        Self {
            text,
            made_by: MadeBy::Articles,
            model: None,
            decision: None,
            receipt: None,
            verdict,
            sources,
            empty,
            sections,
            found_by: FoundBy::default(),
        }
    }

    /// Whether nothing is known about it: the text only says so.
    pub fn knows_nothing(&self) -> bool {
        let unknown = [t!(Lang::Pl, "knowledge.unknown"), t!(Lang::En, "knowledge.unknown")];
        match self.verdict {
            Some(verdict) => verdict == Verdict::Unknown || unknown.contains(&&*self.text),
            None => self.empty.len() == self.sections || self.decision == Some(FOUND_NOTHING),
        }
    }

    /// With what a model made of it; gives the record of its calls.
    pub(super) fn take(&mut self, worded: Worded) -> Option<NewReceipt> {
        self.model = worded.decision.map(|_| worded.model);
        self.decision = worded.decision;
        let Some(text) = worded.text else { return worded.receipt };
        self.text = text;
        self.made_by = MadeBy::Model;
        self.verdict = worded.verdict.or(self.verdict);
        for source in &mut self.sources {
            source.cited = worded.cited.contains(&source.url);
        }
        worded.receipt
    }
}

impl Knowledge {
    /// Answers a question with the articles' own sentences, and gives what the answer is made of; `None` where there
    /// is no article to answer from.
    pub fn tell(
        &self,
        question: &Question,
        now: Timestamp,
        near: &Near,
    ) -> io::Result<Option<(Told, Material)>> {
        let current = self.current()?;
        let (collection, holdings) = (&current.library.collection, &current.library.holdings);
        if holdings.articles == 0 {
            return Ok(None);
        }
        let asked = question.asked(now, near);
        let material = match question.of_each_section {
            None => Material::Whole(answer(collection, &asked)),
            Some(each) => {
                Material::Sections(in_every_section(collection, &holdings.categories, &asked, each))
            }
        };
        let told = Told::quoted(&material, question, holdings.categories.len());
        let told = Told { found_by: near.found_by, ..told };
        Ok(Some((told, material)))
    }
}
