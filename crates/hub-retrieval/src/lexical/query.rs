//! One question put to the index.
//!
//! Passages are scored in windows small enough for the processor's first cache: every token's list is read once
//! from front to back, adds to the scores of the window, and the few best of the window go to the heap. Nothing
//! is allocated per entry or per passage.

use hub_domain::text;

use crate::hits::{Hit, Top, has_bit};

use super::{LexicalIndex, Part, postings::Reader, segment::index, stop_words, tokens};

/// How fast a token's repetition in a passage stops to matter.
const K1: f32 = 1.2;
/// How much the length of a passage matters.
const B: f32 = 0.75;
/// Words of a question that are looked at; what comes after them costs nothing.
const WORDS: usize = 200;
/// Passages scored at a time.
const WINDOW: usize = 4096;

/// What an index has for a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Matches {
    /// Best first; equal scores by ascending number.
    pub hits: Vec<Hit>,
    /// What a passage with all words of the question, over and over, would score.
    pub most: f32,
}

impl Matches {
    /// How much of what the question asks for its best passage has, from 0 to 1.
    pub fn confidence(&self) -> f32 {
        self.hits
            .first()
            .filter(|_| self.most > 0.0)
            .map_or(0.0, |best| (best.score / self.most).clamp(0.0, 1.0))
    }
}

/// A question, taken apart. The same with and without diacritics, in any case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Ascending, each once, and how often the question has it.
    tokens: Vec<(u64, u16)>,
    /// How many of its words mean something.
    words: usize,
}

impl Query {
    /// Takes a question apart.
    pub fn new(question: &str) -> Self {
        let mut all = Vec::new();
        let mut words = 0;
        let mut left = WORDS;
        let mut letters = Vec::new();
        text::words(question, &mut |word| {
            if left == 0 {
                return;
            }
            left -= 1;
            words += usize::from(!stop_words::contains(word));
            tokens::of_word(word, &mut letters, &mut |token| all.push(token));
        });
        all.sort_unstable();
        let mut tokens: Vec<(u64, u16)> = Vec::with_capacity(all.len());
        for token in all {
            match tokens.last_mut() {
                Some((last, times)) if *last == token => *times = times.saturating_add(1),
                Some(_) | None => tokens.push((token, 1)),
            }
        }
        Self { tokens, words }
    }

    /// How many of its words mean something; repeated ones count again.
    pub fn words(&self) -> usize {
        self.words
    }

    /// Whether it has a token.
    pub(crate) fn has(&self, token: u64) -> bool {
        self.tokens.binary_search_by_key(&token, |(token, _)| *token).is_ok()
    }

    /// Tokens and how often the question has them.
    pub(crate) fn tokens(&self) -> &[(u64, u16)] {
        &self.tokens
    }
}

impl LexicalIndex {
    /// The best `limit` passages for a question, among those whose bit the filter has, if there is one.
    pub fn search(&self, query: &Query, limit: usize, filter: Option<&[u64]>) -> Matches {
        let totals = Totals::of(&self.parts);
        let weights: Vec<(u64, f32)> = query
            .tokens
            .iter()
            .map(|&(token, times)| (token, totals.weight(self.count(token)) * f32::from(times)))
            .collect();
        let mut top = Top::new(limit);
        let mut window = Window::default();
        for part in &self.parts {
            window.search(part, &weights, &totals, filter, &mut top);
        }
        let most = weights.iter().map(|(_, weight)| weight * (K1 + 1.0)).sum();
        Matches { hits: top.into_hits(), most }
    }

    /// What a token says about a passage that has it: much when few have it.
    pub(crate) fn weight(&self, token: u64) -> f32 {
        Totals::of(&self.parts).weight(self.count(token))
    }

    /// How many passages have a token.
    fn count(&self, token: u64) -> u32 {
        self.parts.iter().filter_map(|part| part.segment.list(token)).map(|(_, count)| count).sum()
    }
}

/// What the weights depend on, over all segments: one passage scores the same however they are divided.
struct Totals {
    passages: f32,
    mean_length: f32,
}

impl Totals {
    #[expect(
        clippy::as_conversions,
        clippy::cast_precision_loss,
        reason = "means of counts need no more than f32 has"
    )]
    fn of(parts: &[Part]) -> Self {
        let passages: usize = parts.iter().map(|part| part.segment.len()).sum();
        let tokens: u64 = parts.iter().map(|part| part.segment.tokens_in_all).sum();
        Self { passages: passages as f32, mean_length: (tokens as f32 / (passages as f32).max(1.0)).max(1.0) }
    }

    #[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "a logarithm follows")]
    fn weight(&self, count: u32) -> f32 {
        let count = count as f32;
        (1.0 + (self.passages - count + 0.5) / (count + 0.5)).ln()
    }
}

/// Scores of the passages at hand.
struct Window {
    scores: Box<[f32; WINDOW]>,
    /// What BM25 adds to a count below the fraction, by passage.
    below: Box<[f32; WINDOW]>,
}

impl Default for Window {
    fn default() -> Self {
        Self { scores: Box::new([0.0; WINDOW]), below: Box::new([0.0; WINDOW]) }
    }
}

/// A list read up to some passage.
struct Cursor<'a> {
    reader: Reader<'a>,
    next: Option<(u32, u8)>,
    weight: f32,
}

impl Window {
    fn search(
        &mut self,
        part: &Part,
        weights: &[(u64, f32)],
        totals: &Totals,
        filter: Option<&[u64]>,
        top: &mut Top,
    ) {
        let mut cursors: Vec<Cursor<'_>> = weights
            .iter()
            .filter_map(|&(token, weight)| {
                let (mut reader, _) = part.segment.list(token)?;
                Some(Cursor { next: reader.next(), reader, weight: weight * (K1 + 1.0) })
            })
            .collect();
        for (at, lengths) in part.segment.lengths.chunks(WINDOW).enumerate() {
            let start = at * WINDOW;
            for (below, length) in self.below.iter_mut().zip(lengths) {
                *below = K1 * (1.0 - B + B * f32::from(*length) / totals.mean_length);
            }
            self.scores.fill(0.0);
            for cursor in &mut cursors {
                self.add(cursor, start);
            }
            self.collect(part, start, filter, top);
        }
    }

    /// Adds what a token is worth to the passages of the window that have it.
    fn add(&mut self, cursor: &mut Cursor<'_>, start: usize) {
        while let Some((place, times)) = cursor.next
            && let place = index(place).wrapping_sub(start)
            && let (Some(score), Some(below)) = (self.scores.get_mut(place), self.below.get(place))
        {
            let times = f32::from(times);
            *score += cursor.weight * times / (times + below);
            cursor.next = cursor.reader.next();
        }
    }

    fn collect(&self, part: &Part, start: usize, filter: Option<&[u64]>, top: &mut Top) {
        let mut floor = top.floor();
        let numbers = part.segment.numbers.get(start..).unwrap_or_default();
        for (at, (&score, &number)) in self.scores.iter().zip(numbers).enumerate() {
            if score > floor
                && !part.dead.has(start + at)
                && filter.is_none_or(|filter| has_bit(filter, index(number)))
            {
                top.push(Hit { number, score });
                floor = top.floor();
            }
        }
    }
}
