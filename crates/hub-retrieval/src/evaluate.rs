//! How well questions are answered, in figures: recall, mean reciprocal rank, and whether the unanswerable is
//! admitted. For any articles and questions; nothing here knows a particular set.

use serde::{Deserialize, Serialize};

use crate::{
    collection::{Collection, Search},
    verdict::Verdict,
};

pub mod relevance;
pub mod typing;

/// Articles looked at for each question.
const DEPTH: usize = 10;

/// A question and the article that answers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// As a person would type it.
    pub question: String,
    /// Address of the article; `None` when none answers.
    pub url: Option<String>,
}

/// One case's outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// From 0, the rank of the article that answers; `None` when it wasn't among the first ten, or none answers.
    pub rank: Option<usize>,
    /// Address of what came first.
    pub first: Option<String>,
    /// What the search made of it.
    pub verdict: Verdict,
    /// How much of the question the best passage has.
    pub confidence: f32,
}

/// Figures over many cases; shares of 1. Without cases of a kind its shares are 0.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    /// Questions with an answer.
    pub answerable: usize,
    /// Questions without.
    pub unanswerable: usize,
    /// Answerable ones whose article came first.
    pub recall_at_1: f64,
    /// … among the first five.
    pub recall_at_5: f64,
    /// … among the first ten.
    pub recall_at_10: f64,
    /// Mean of 1/rank.
    pub mrr: f64,
    /// Answerable ones that were said to be known.
    pub known: f64,
    /// Answerable ones that were said to be unknown: lost answers.
    pub lost: f64,
    /// Unanswerable ones that were said to be unknown.
    pub admitted: f64,
    /// Unanswerable ones that were said to be known: false answers.
    pub invented: f64,
    /// The chance that an answerable question has the higher confidence than an unanswerable one.
    pub auc: f64,
}

/// Puts every question to the collection, in order: `search --batch` prints these.
pub fn outcomes<'a>(collection: &'a Collection, cases: &'a [Case]) -> impl Iterator<Item = Outcome> + 'a {
    cases.iter().map(|case| {
        let found = collection.search(&Search { question: &case.question, ..Search::default() }, DEPTH);
        let urls = || found.articles.iter().map(|found| found.article().url.as_str());
        let rank = case.url.as_deref().and_then(|url| urls().position(|found| found == url));
        let first = urls().next().map(str::to_owned);
        Outcome { rank, first, verdict: found.verdict, confidence: found.confidence }
    })
}

/// The figures of all the cases.
pub fn evaluate(collection: &Collection, cases: &[Case]) -> Figures {
    let outcomes: Vec<Outcome> = outcomes(collection, cases).collect();
    let of = |answerable: bool| -> Vec<&Outcome> {
        let kind = cases.iter().zip(&outcomes).filter(|(case, _)| case.url.is_some() == answerable);
        kind.map(|(_, outcome)| outcome).collect()
    };
    let (answerable, unanswerable) = (of(true), of(false));
    let within = |depth: usize| share(&answerable, |outcome| outcome.rank.is_some_and(|rank| rank < depth));
    let said =
        |outcomes: &[&Outcome], verdict: Verdict| share(outcomes, |outcome| outcome.verdict == verdict);
    Figures {
        answerable: answerable.len(),
        unanswerable: unanswerable.len(),
        recall_at_1: within(1),
        recall_at_5: within(5),
        recall_at_10: within(DEPTH),
        mrr: mean(answerable.iter().map(|outcome| outcome.rank.map_or(0.0, |rank| 1.0 / number(rank + 1)))),
        known: said(&answerable, Verdict::Known),
        lost: said(&answerable, Verdict::Unknown),
        admitted: said(&unanswerable, Verdict::Unknown),
        invented: said(&unanswerable, Verdict::Known),
        auc: auc(&answerable, &unanswerable),
    }
}

fn share(outcomes: &[&Outcome], holds: impl Fn(&Outcome) -> bool) -> f64 {
    mean(outcomes.iter().map(|outcome| if holds(outcome) { 1.0 } else { 0.0 }))
}

fn auc(answerable: &[&Outcome], unanswerable: &[&Outcome]) -> f64 {
    let pairs =
        answerable.iter().flat_map(|yes| unanswerable.iter().map(move |no| (yes.confidence, no.confidence)));
    mean(pairs.map(|(yes, no)| match yes.total_cmp(&no) {
        std::cmp::Ordering::Greater => 1.0,
        std::cmp::Ordering::Equal => 0.5,
        std::cmp::Ordering::Less => 0.0,
    }))
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
    if count == 0 { 0.0 } else { sum / number(count) }
}

fn number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}
