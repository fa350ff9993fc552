//! Articles and everything that finds them, as one value: what a question is put to.
//!
//! A [`Collection`] never changes. Whoever writes makes the next one from it ([`Collection::with`], which shares
//! what stays) and puts it on the [`Shelf`]; whoever reads takes the one that is there and sees nothing but that
//! version, however long the next takes to build.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    ops::Range,
    sync::{Arc, PoisonError, RwLock},
};

use hub_domain::text;
use jiff::Timestamp;

use crate::{
    article::Article,
    fusion::{self, DENSE_WEIGHT},
    hits::{Hit, has_bit},
    lexical::{LexicalIndex, Query},
    passages::{self, Cut, PassageId},
    ranking::{self, Facts},
    verdict::{self, Verdict},
};

/// Passages taken from each list before they are joined.
const DEPTH: usize = 100;

/// Articles, their passages and the index of their words.
#[derive(Clone, Debug, Default)]
pub struct Collection {
    /// By place; `None` where an article is gone.
    articles: Vec<Option<Arc<Filed>>>,
    /// Where the article with an address is.
    places: HashMap<Arc<str>, usize>,
    /// By number. Numbers are never used twice.
    passages: Vec<Passage>,
    /// The numbers of the passages that are there.
    numbers: HashMap<PassageId, u32>,
    lexical: LexicalIndex,
    cut: Cut,
}

/// An article and where its passages are.
#[derive(Debug)]
struct Filed {
    article: Article,
    /// The title as questions are compared with it.
    title: String,
    ranges: Vec<Range<usize>>,
    /// Number of the first passage; the others follow.
    first: usize,
}

#[derive(Clone, Copy, Debug)]
struct Passage {
    article: u32,
    fingerprint: u64,
}

/// A passage, with all that is known about it.
#[derive(Clone, Copy, Debug)]
pub struct PassageOf<'a> {
    /// Its number in this collection.
    pub number: u32,
    /// From 0, which one of its article it is.
    pub index: usize,
    /// The article.
    pub article: &'a Article,
    /// The passage itself.
    pub text: &'a str,
}

impl PassageOf<'_> {
    /// Its name outside this collection.
    pub fn id(&self) -> PassageId {
        PassageId::new(&self.article.url, self.index, self.text)
    }

    /// What is embedded and indexed of it.
    pub fn with_heading(&self) -> String {
        passages::with_heading(self.article, self.text)
    }
}

/// A question and what it may be answered from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Search<'a> {
    /// The question, as it was typed.
    pub question: &'a str,
    /// Passages near in meaning, if anyone has embedded the question; best first ([`Collection::hits`]).
    pub dense: &'a [Hit],
    /// Bits of the passages that may be found; `None` for all.
    pub filter: Option<&'a [u64]>,
    /// When it is asked, for the age of the news.
    pub now: Option<Timestamp>,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// Whether it is an answer, judged by the words alone: what is near in meaning has no say here.
    pub verdict: Verdict,
    /// How much of what the question asks for the best passage has, from 0 to 1.
    pub confidence: f32,
    /// Best first.
    pub articles: Vec<FoundArticle>,
}

/// An article that was found.
#[derive(Clone, Debug)]
pub struct FoundArticle {
    /// Higher is better, comparable within one search.
    pub score: f32,
    filed: Arc<Filed>,
    /// Places in `filed.ranges`, best first.
    passages: Vec<usize>,
}

impl FoundArticle {
    /// The article.
    pub fn article(&self) -> &Article {
        &self.filed.article
    }

    /// Where in its text the passages are, best first.
    pub fn passages(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        self.passages.iter().filter_map(|index| self.filed.ranges.get(*index)).cloned()
    }

    /// The passages that were found, best first.
    pub fn quoted(&self) -> impl Iterator<Item = PassageOf<'_>> + '_ {
        self.passages.iter().filter_map(|index| self.filed.passages().nth(*index))
    }
}

impl Collection {
    /// A collection of these articles; of two with one address the later counts.
    pub fn new(articles: Vec<Article>) -> Self {
        Self::cut(articles, Cut::default())
    }

    /// The same with passages of another length.
    pub fn cut(articles: Vec<Article>, cut: Cut) -> Self {
        Self { cut, ..Self::default() }.with(articles, &[])
    }

    /// This collection without the articles of some addresses and with others added or put in their place.
    #[must_use]
    pub fn with(&self, added: Vec<Article>, gone: &[&str]) -> Self {
        let mut next = self.clone();
        for url in gone {
            next.take_out(url);
        }
        let mut new = Vec::new();
        for article in added {
            next.take_out(&article.url);
            next.file(article, &mut new);
        }
        // An article that was replaced within this call leaves numbers that are never indexed.
        new.retain(|(number, _)| next.filed(*number).is_some());
        let ascending = next.lexical.add(new.iter().map(|(number, text)| (*number, &**text)));
        debug_assert_eq!(ascending, Ok(()), "numbers are counted up");
        next
    }

    /// The articles, in order of their arrival.
    pub fn articles(&self) -> impl Iterator<Item = &Article> {
        self.articles.iter().flatten().map(|filed| &filed.article)
    }

    /// The words of the passages, for whoever weighs words.
    pub fn lexical(&self) -> &LexicalIndex {
        &self.lexical
    }

    /// A bitmap of the passages of the articles that are wanted.
    pub fn filter(&self, wanted: impl Fn(&Article) -> bool) -> Vec<u64> {
        let mut words = vec![0_u64; self.passages.len().div_ceil(64)];
        for filed in self.articles.iter().flatten().filter(|filed| wanted(&filed.article)) {
            for number in filed.first..filed.first + filed.ranges.len() {
                if let Some(word) = words.get_mut(number / 64) {
                    *word |= 1 << (number % 64);
                }
            }
        }
        words
    }

    /// The passages of all articles, for whoever builds vectors or writes documents.
    pub fn passages(&self) -> impl Iterator<Item = PassageOf<'_>> {
        self.articles.iter().flatten().flat_map(|filed| filed.passages())
    }

    /// Hits of a vector index, which knows passages by name. What isn't here any more is left out.
    pub fn hits<'a>(&self, named: impl IntoIterator<Item = (&'a str, f32)>) -> Vec<Hit> {
        let number = |name| self.numbers.get(&PassageId::parse(name)?).copied();
        named.into_iter().filter_map(|(name, score)| Some(Hit { number: number(name)?, score })).collect()
    }

    /// Finds what answers a question, at most `limit` articles.
    pub fn search(&self, search: &Search<'_>, limit: usize) -> Found {
        let query = Query::new(search.question);
        let matches = self.lexical.search(&query, DEPTH, search.filter);
        let dense = search.dense.get(..DEPTH).unwrap_or(search.dense);
        let mut fused = fusion::fuse(dense, &matches.hits, DENSE_WEIGHT);
        if let Some(filter) = search.filter {
            fused.retain(|hit| usize::try_from(hit.number).is_ok_and(|number| has_bit(filter, number)));
        }
        let title = text::normalise(search.question);
        let facts = |number| {
            let passage = self.passages.get(usize::try_from(number).ok()?)?;
            let filed = self.filed(number)?;
            let age = search.now.zip(filed.article.time()).map(|(now, time)| now.duration_since(time));
            Some(Facts {
                article: passage.article,
                fingerprint: passage.fingerprint,
                age: age.map(|age| age.try_into().unwrap_or_default()),
                is_title: !title.is_empty() && filed.title == title,
            })
        };
        let ranked = ranking::rank(&fused, facts);
        let confidence = matches.confidence();
        let articles = ranked.into_iter().take(limit).filter_map(|ranked| {
            let filed = self.articles.get(usize::try_from(ranked.article).ok()?)?.clone()?;
            let place = |hit: &Hit| usize::try_from(hit.number).ok()?.checked_sub(filed.first);
            let passages = ranked.passages.iter().filter_map(place).collect();
            Some(FoundArticle { score: ranked.score, filed, passages })
        });
        Found { verdict: verdict::judge(confidence, query.words()), confidence, articles: articles.collect() }
    }

    fn filed(&self, number: u32) -> Option<&Arc<Filed>> {
        let passage = self.passages.get(usize::try_from(number).ok()?)?;
        self.articles.get(usize::try_from(passage.article).ok()?)?.as_ref()
    }

    fn take_out(&mut self, url: &str) {
        let filed = self.places.remove(url).and_then(|place| self.articles.get_mut(place)?.take());
        for passage in filed.iter().flat_map(|filed| filed.passages()) {
            self.lexical.remove(passage.number);
            self.numbers.remove(&passage.id());
        }
    }

    fn file(&mut self, article: Article, new: &mut Vec<(u32, String)>) {
        let ranges = passages::split(&article.text, self.cut);
        let place = self.articles.len();
        let filed =
            Filed { title: text::normalise(&article.title), ranges, first: self.passages.len(), article };
        for passage in filed.passages() {
            let mut hasher = DefaultHasher::new();
            passage.text.hash(&mut hasher);
            let article = u32::try_from(place).unwrap_or(u32::MAX);
            self.passages.push(Passage { article, fingerprint: hasher.finish() });
            self.numbers.insert(passage.id(), passage.number);
            new.push((passage.number, passage.with_heading()));
        }
        self.places.insert(filed.article.url.as_str().into(), place);
        self.articles.push(Some(Arc::new(filed)));
    }
}

impl Filed {
    fn passages(&self) -> impl Iterator<Item = PassageOf<'_>> {
        self.ranges.iter().enumerate().filter_map(|(index, range)| {
            let number = u32::try_from(self.first + index).ok()?;
            Some(PassageOf {
                number,
                index,
                article: &self.article,
                text: self.article.text.get(range.clone())?,
            })
        })
    }
}

/// Where the collection of the hour is found.
#[derive(Debug, Default)]
pub struct Shelf(RwLock<Arc<Collection>>);

impl Shelf {
    /// The collection to put questions to. Keep it for one question only: the next may see a newer one.
    pub fn current(&self) -> Arc<Collection> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts the next collection in place.
    pub fn replace(&self, next: Collection) {
        let next = Arc::new(next);
        let before = std::mem::replace(&mut *self.0.write().unwrap_or_else(PoisonError::into_inner), next);
        // Taken apart here, after the lock: freeing a large collection takes a while.
        drop(before);
    }
}
