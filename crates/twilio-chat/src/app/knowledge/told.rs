//! A question of a person at the desk, and all that is to be shown of its answer. Who wrote the answer is said with
//! it: today the articles themselves do.

use std::io;

use hub_retrieval::{collection::FoundArticle, verdict::Verdict};
use jiff::Timestamp;

use super::{Asked, Knowledge, answer, in_every_section, one_text};
use crate::i18n::Lang;

/// Segments that an answer, or a section of one, may take.
const SEGMENTS: usize = 3;

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
}

/// Who wrote an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MadeBy {
    /// Nobody: its sentences stand in the articles.
    Articles,
}

/// What was answered.
#[derive(Clone, Debug)]
pub struct Told {
    /// The answer.
    pub text: String,
    /// Who wrote it.
    pub made_by: MadeBy,
    /// How sure the search is; `None` where every section was asked.
    pub verdict: Option<Verdict>,
    /// What it was made of, best first.
    pub sources: Vec<Source>,
    /// Sections that had nothing, where every section was asked.
    pub empty: Vec<String>,
    /// How many sections there are.
    pub sections: usize,
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
        }
    }
}

impl Knowledge {
    /// Answers a question; `None` where there is no article to answer from.
    pub fn tell(&self, question: &Question, now: Timestamp) -> io::Result<Option<Told>> {
        let current = self.current()?;
        let (collection, holdings) = (&current.library.collection, &current.library.holdings);
        if holdings.articles == 0 {
            return Ok(None);
        }
        let asked = Asked {
            question: &question.text,
            limit: question.limit,
            now: Some(now),
            lang: question.lang,
            segments: SEGMENTS,
        };
        let sections = holdings.categories.len();
        let Some(each) = question.of_each_section else {
            let answer = answer(collection, &asked);
            return Ok(Some(Told {
                text: answer.text,
                made_by: MadeBy::Articles,
                verdict: Some(answer.found.verdict),
                sources: answer.found.articles.iter().map(Source::of).collect(),
                empty: Vec::new(),
                sections,
            }));
        };
        let found = in_every_section(collection, &holdings.categories, &asked, each);
        let empty = found.iter().filter(|section| section.found.is_empty());
        Ok(Some(Told {
            text: one_text(collection, &found, &asked),
            made_by: MadeBy::Articles,
            verdict: None,
            sources: found.iter().flat_map(|section| &section.found).map(Source::of).collect(),
            empty: empty.map(|section| section.name.clone()).collect(),
            sections,
        }))
    }
}
