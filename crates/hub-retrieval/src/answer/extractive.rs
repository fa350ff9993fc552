//! The best sentences for a question, whole, with the titles and links of their articles, within a number of
//! segments.
//!
//! Never a word that isn't in an article or the caller's frame, never half a sentence. The same question over
//! the same articles gives the same text.

use std::{collections::HashSet, ops::Range};

use hub_domain::{folding, segments, sentences, text};

use crate::{
    article::Article,
    collection::FoundArticle,
    lexical::{LexicalIndex, Query},
};

/// Articles that are quoted.
const ARTICLES: usize = 3;
/// Sentences that are quoted in all.
const SENTENCES: usize = 6;
/// What a word is still worth in a sentence when one before has said it.
const SAID: f32 = 0.2;
/// What a word is worth that the article's title has: the title is shown, and the passage was found by it.
const TITLED: f32 = 0.4;
/// What a sentence takes over from the one before it: prose names its subject once and then goes on.
const GOES_ON: f32 = 0.3;
/// What it takes over from a question or a heading, which are not quoted: it answers them.
const ANSWERS: f32 = 0.6;
/// An article is quoted beside the best one from this share of its score on.
const BESIDE: f32 = 0.6;
/// Where the best sentence is too long, another is quoted first from this share of its worth on.
const INSTEAD: f32 = 0.6;
/// A further sentence must bring this share of what the best one brings.
const ENOUGH: f32 = 0.2;
/// What figures in a sentence add when the question asks how many, how much or when.
const FIGURES: f32 = 1.25;
/// The share of a sentence's worth that its length takes no part in.
const LENGTH_FREE: f32 = 0.6;

/// How an answer begins, in the language of whoever asked. It says that no model has written it.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// Stands on a line of its own above the answer.
    pub opening: &'a str,
}

/// What an answer may cost.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Segments, at least 1.
    pub segments: usize,
    /// Whether letters are written plainly where that saves segments, as the sending side would.
    pub plain: bool,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extract {
    /// To be sent as it is.
    pub text: String,
    /// What is quoted, in the order of the text; without a quotation the text names the best article only.
    pub quotes: Vec<Quote>,
}

/// A sentence of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Place among the articles that were given.
    pub article: usize,
    /// Where in its text.
    pub range: Range<usize>,
}

/// Answers from what was found, best first; `None` when nothing was, or nothing fits.
pub fn answer(
    question: &str,
    found: &[FoundArticle],
    lexical: &LexicalIndex,
    frame: Frame<'_>,
    budget: Budget,
) -> Option<Extract> {
    let articles: Vec<&Article> = found.iter().take(ARTICLES).map(FoundArticle::article).collect();
    let page = Page { articles: &articles, frame, budget };
    let wanted = Wanted::new(question, lexical);
    let mut left = candidates(found, &wanted);
    let mut chosen: Vec<Candidate> = Vec::new();
    let mut said = HashSet::new();
    let most = best(&left, &said).map_or(0.0, |(_, worth)| worth);
    while chosen.len() < SENTENCES
        && let Some((at, worth)) = best(&left, &said)
        && worth > most * if chosen.is_empty() { INSTEAD } else { ENOUGH }
    {
        let candidate = left.swap_remove(at);
        chosen.push(candidate);
        if page.write(&quotes(&chosen)).is_some() {
            said.extend(chosen.last().iter().flat_map(|last| last.tokens.iter().map(|(token, _)| *token)));
        } else {
            chosen.pop();
        }
    }
    let quotes = quotes(&chosen);
    let text = page.write(&quotes).filter(|_| !quotes.is_empty()).or_else(|| page.write_pointer())?;
    Some(Extract { text, quotes })
}

/// What the question asks for.
struct Wanted {
    query: Query,
    weights: Vec<f32>,
    figures: bool,
}

impl Wanted {
    fn new(question: &str, lexical: &LexicalIndex) -> Self {
        let query = Query::new(question);
        let weights = query.tokens().iter().map(|(token, _)| lexical.weight(*token)).collect();
        let mut figures = false;
        text::words(question, &mut |word| figures |= ASKS_FIGURES.contains(&word));
        Self { query, weights, figures }
    }

    /// The tokens of the question that a sentence has, each once, with what it is worth.
    fn in_sentence(&self, sentence: &str) -> Vec<(u64, f32)> {
        let has = Query::new(sentence);
        let weighed = self.query.tokens().iter().zip(&self.weights);
        weighed
            .filter(|((token, _), _)| has.has(*token))
            .map(|((token, _), weight)| (*token, *weight))
            .collect()
    }
}

/// Folded words that ask for a number, a price, a day or an hour.
const ASKS_FIGURES: [&str; 8] = ["ile", "ilu", "kiedy", "godzinie", "ktorej", "cena", "how", "when"];

/// A sentence that may be quoted.
struct Candidate {
    quote: Quote,
    tokens: Vec<(u64, f32)>,
    /// What the sum of its tokens is multiplied with.
    factor: f32,
    /// What it has from the sentence before it.
    carried: f32,
}

impl Candidate {
    /// What it adds to what was said.
    fn worth(&self, said: &HashSet<u64>) -> f32 {
        let tokens = self.tokens.iter();
        let sum: f32 =
            tokens.map(|(token, weight)| if said.contains(token) { SAID * weight } else { *weight }).sum();
        sum * self.factor + self.carried
    }
}

/// The sentences of the passages that were found, also those that begin before one or end after it.
fn candidates(found: &[FoundArticle], wanted: &Wanted) -> Vec<Candidate> {
    let top = found.first().map_or(1.0, |best| best.score).max(f32::MIN_POSITIVE);
    let mut candidates = Vec::new();
    for (at, found) in found.iter().take(ARTICLES).enumerate() {
        let share = (found.score / top).clamp(0.0, 1.0);
        if share >= BESIDE {
            add_article(at, found, share, wanted, &mut candidates);
        }
    }
    candidates
}

fn add_article(
    at: usize,
    found: &FoundArticle,
    share: f32,
    wanted: &Wanted,
    candidates: &mut Vec<Candidate>,
) {
    let text = &found.article().text;
    let title = Query::new(&found.article().title);
    let passages: Vec<Range<usize>> = found.passages().collect();
    let shown = |range: &Range<usize>| {
        passages.iter().any(|passage| passage.start < range.end && range.start < passage.end)
    };
    let sentences: Vec<Range<usize>> = sentences::split(text).into_iter().filter(shown).collect();
    let mean = length(sentences.iter().map(Range::len).sum::<usize>() / sentences.len().max(1)).max(1.0);
    let mut before: Option<Before> = None;
    for range in sentences {
        let sentence = text.get(range.clone()).unwrap_or_default();
        let mut tokens = wanted.in_sentence(sentence);
        for (token, weight) in &mut tokens {
            *weight *= if title.has(*token) { TITLED } else { 1.0 };
        }
        let figures = wanted.figures && sentence.contains(|c: char| c.is_ascii_digit());
        let factor = share * if figures { FIGURES } else { 1.0 }
            / (LENGTH_FREE + (1.0 - LENGTH_FREE) * length(range.len()) / mean);
        let carried = before.take().map_or(0.0, |before| before.carries(text, range.start));
        let quote = Quote { article: at, range: range.clone() };
        let candidate = Candidate { quote, tokens, factor, carried };
        let quotable = is_statement(sentence);
        before = Some(Before { end: range.end, worth: candidate.worth(&HashSet::new()) - carried, quotable });
        if quotable {
            candidates.push(candidate);
        }
    }
}

/// The sentence before another one.
struct Before {
    end: usize,
    worth: f32,
    quotable: bool,
}

impl Before {
    /// What the sentence that starts here takes over.
    fn carries(&self, text: &str, start: usize) -> f32 {
        let same_line = text.get(self.end..start).is_some_and(|gap| !gap.contains('\n'));
        match (self.quotable, same_line) {
            (false, _) => ANSWERS * self.worth,
            (true, true) => GOES_ON * self.worth,
            (true, false) => 0.0,
        }
    }
}

/// Whether it can stand alone: not a question, and not a heading or an item of a list, which end without a mark.
fn is_statement(sentence: &str) -> bool {
    sentence.trim_end_matches(['"', '”', '’', '»', ')']).ends_with(['.', '!', '…'])
}

fn length(bytes: usize) -> f32 {
    u16::try_from(bytes).map_or(f32::from(u16::MAX), f32::from)
}

/// The sentence that adds most to what was said, and how much; of equal ones the earlier.
fn best(candidates: &[Candidate], said: &HashSet<u64>) -> Option<(usize, f32)> {
    let place = |candidate: &Candidate| (candidate.quote.article, candidate.quote.range.start);
    let ranked =
        candidates.iter().enumerate().map(|(at, candidate)| (at, candidate.worth(said), place(candidate)));
    let best = ranked.max_by(|a, b| a.1.total_cmp(&b.1).then(b.2.cmp(&a.2)))?;
    Some((best.0, best.1))
}

/// What is quoted, in the order of the articles and of their texts.
fn quotes(chosen: &[Candidate]) -> Vec<Quote> {
    let mut quotes: Vec<Quote> = chosen.iter().map(|candidate| candidate.quote.clone()).collect();
    quotes.sort_unstable_by_key(|quote| (quote.article, quote.range.start));
    quotes
}

/// Title and link of an article on lines of their own; the title alone where there is no link: a name among documents
/// leads nobody anywhere.
fn place(article: &Article, titles: bool) -> String {
    let link = article.link();
    let title = Some(&*article.title).filter(|title| (titles || link.is_none()) && !title.is_empty());
    title.into_iter().chain(link).fold(String::new(), |text, line| text + "\n" + line)
}

/// Where the answer is written.
struct Page<'a> {
    articles: &'a [&'a Article],
    frame: Frame<'a>,
    budget: Budget,
}

impl Page<'_> {
    /// The answer with titles and links; a single sentence may do without the title where that is too much.
    /// `None` when it doesn't fit.
    fn write(&self, quotes: &[Quote]) -> Option<String> {
        self.fitting(self.page(quotes, true))
            .or_else(|| self.fitting(self.page(quotes, false)).filter(|_| quotes.len() == 1))
    }

    /// Where the best article is, when no sentence of it fits.
    fn write_pointer(&self) -> Option<String> {
        let article = self.articles.first()?;
        let pointer = |titles| Some(place(article, titles)).filter(|place| !place.is_empty());
        let written = |titles| self.fitting(format!("{}{}", self.frame.opening, pointer(titles)?));
        written(true).or_else(|| written(false))
    }

    fn page(&self, quotes: &[Quote], titles: bool) -> String {
        let mut page = self.frame.opening.to_owned();
        for (at, article) in self.articles.iter().enumerate() {
            let mut before = None;
            for quote in quotes.iter().filter(|quote| quote.article == at) {
                let Some(sentence) = article.text.get(quote.range.clone()) else { continue };
                // A new line where something was left out between two sentences.
                let gap = before.and_then(|end| article.text.get(end..quote.range.start));
                page.push(if gap.is_some_and(|gap| gap.trim().is_empty()) { ' ' } else { '\n' });
                page.push_str(sentence);
                before = Some(quote.range.end);
            }
            if before.is_some() {
                page.push_str(&place(article, titles));
            }
        }
        page
    }

    /// The text as it is sent, if the budget holds it.
    fn fitting(&self, text: String) -> Option<String> {
        let text = if self.budget.plain { folding::around_links(&text).into_owned() } else { text };
        (segments::count(&text).segments <= self.budget.segments.max(1)).then_some(text)
    }
}
