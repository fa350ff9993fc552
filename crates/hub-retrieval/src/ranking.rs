//! From passages to articles: what is shown first, and what not twice.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use crate::hits::Hit;

/// Passages of one article that count and are shown.
pub const PASSAGES_AN_ARTICLE: usize = 3;
/// What the best, the second and the third passage add to an article's score.
const PASSAGE_WEIGHTS: [f32; PASSAGES_AN_ARTICLE] = [1.0, 0.2, 0.1];
/// How much of its score an article can lose by age.
const FRESHNESS: f32 = 0.08;
/// The age at which it has lost about two thirds of that.
const FADING: Duration = Duration::from_hours(7 * 24);

/// What ranking needs to know of a passage.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// Which article it is of.
    pub article: u32,
    /// The same for passages with the same text.
    pub fingerprint: u64,
    /// How old the news is; unknown counts as very old.
    pub age: Option<Duration>,
    /// Whether the question is the article's title, letter for letter but for case and diacritics.
    pub is_title: bool,
}

/// An article and its passages that were found, both best first.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked {
    /// The article.
    pub article: u32,
    /// Higher is better.
    pub score: f32,
    /// At most [`PASSAGES_AN_ARTICLE`].
    pub passages: Vec<Hit>,
}

/// Groups hits (best first, scores from 0) by article. A text that stands at several places counts at the best
/// one only. Passages without facts are left out.
pub fn rank(hits: &[Hit], facts: impl Fn(u32) -> Option<Facts>) -> Vec<Ranked> {
    let mut seen = HashSet::new();
    let mut places: HashMap<u32, usize> = HashMap::new();
    let mut groups: Vec<(Facts, Vec<Hit>)> = Vec::new();
    for hit in hits {
        let Some(facts) = facts(hit.number) else { continue };
        if !seen.insert(facts.fingerprint) {
            continue;
        }
        let place = *places.entry(facts.article).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((_, passages)) if passages.len() < PASSAGES_AN_ARTICLE => passages.push(*hit),
            Some(_) => {}
            None => groups.push((facts, vec![*hit])),
        }
    }
    // The title asked for comes first; the sort is stable, so equal articles stay in the order of their hits.
    groups.sort_by_cached_key(|(facts, _)| !facts.is_title);
    let asked_for = groups.iter().take_while(|(facts, _)| facts.is_title).count();
    let mut ranked: Vec<Ranked> =
        groups.into_iter().map(|(facts, passages)| score(&facts, passages)).collect();
    let (titled, others) = ranked.split_at_mut(asked_for);
    for part in [titled, others] {
        part.sort_by(|a, b| b.score.total_cmp(&a.score));
    }
    ranked
}

fn score(facts: &Facts, passages: Vec<Hit>) -> Ranked {
    let words: f32 = PASSAGE_WEIGHTS.iter().zip(&passages).map(|(weight, hit)| weight * hit.score).sum();
    Ranked { article: facts.article, score: words * freshness(facts.age), passages }
}

/// 1 for what was published now, falling towards `1 - FRESHNESS`.
fn freshness(age: Option<Duration>) -> f32 {
    let faded = age.map_or(0.0, |age| (-age.as_secs_f32() / FADING.as_secs_f32()).exp());
    1.0 - FRESHNESS + FRESHNESS * faded
}

#[cfg(test)]
mod tests;
