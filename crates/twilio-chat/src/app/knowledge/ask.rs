//! A question and its answer without a model: whole sentences of the articles, within a number of segments.
//!
//! Where nothing is known the answer says so; where the question is too short to be sure, it asks back.

use hub_retrieval::{
    answer::extractive::{self, Budget, Frame},
    collection::{Collection, Found, Search},
    hits::Hit,
    verdict::Verdict,
};
use jiff::Timestamp;

use crate::{i18n::Lang, t};

/// Titles that are named when asking back.
const NAMED: usize = 3;

/// A question as it is put.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// As it was typed.
    pub question: &'a str,
    /// Articles that may be found.
    pub limit: usize,
    /// When it is asked, for the age of the news.
    pub now: Option<Timestamp>,
    /// The language of the answer's own words.
    pub lang: Lang,
    /// Segments that the answer may take.
    pub segments: usize,
    /// Passages that are near it in meaning; none where that can't be told.
    pub dense: &'a [Hit],
}

/// What is answered.
#[derive(Debug)]
pub struct Answer {
    /// To be sent as it is.
    pub text: String,
    /// What it was made of, best first.
    pub found: Found,
}

/// Answers from the articles, found by their words and by what is near in meaning.
pub fn answer(collection: &Collection, asked: &Asked<'_>) -> Answer {
    let search = Search { question: asked.question, dense: asked.dense, now: asked.now, ..Search::default() };
    let found = collection.search(&search, asked.limit);
    let text = match found.verdict {
        Verdict::Known => quoted(collection, asked, &found),
        Verdict::Doubtful => asked_back(asked.lang, &found),
        Verdict::Unknown => None,
    };
    let text = text.unwrap_or_else(|| t!(asked.lang, "knowledge.unknown").to_owned());
    Answer { text, found }
}

fn quoted(collection: &Collection, asked: &Asked<'_>, found: &Found) -> Option<String> {
    let frame = Frame { opening: t!(asked.lang, "knowledge.opening") };
    let budget = Budget { segments: asked.segments, plain: true };
    let extract = extractive::answer(asked.question, &found.articles, collection.lexical(), frame, budget)?;
    Some(extract.text)
}

fn asked_back(lang: Lang, found: &Found) -> Option<String> {
    let mut text = t!(lang, "knowledge.ask_back").to_owned();
    let titles = found.articles.iter().map(|found| found.article().title.as_str());
    for title in titles.filter(|title| !title.is_empty()).take(NAMED) {
        text.push_str("\n- ");
        text.push_str(title);
    }
    text.contains('\n').then_some(text)
}
