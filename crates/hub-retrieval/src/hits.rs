//! Lists of hits: what every kind of search gives, and how the best few of many are kept.

use std::{
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
};

/// A passage and what it scored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// The passage's number.
    pub number: u32,
    /// Higher is better; comparable within one list only.
    pub score: f32,
}

impl Hit {
    /// The order of a list: the better score first, of equal ones the lower number.
    pub fn better_first(&self, other: &Self) -> Ordering {
        other.score.total_cmp(&self.score).then(self.number.cmp(&other.number))
    }
}

/// Whether a bitmap has a bit; it may be shorter than the number.
pub(crate) fn has_bit(words: &[u64], place: usize) -> bool {
    words.get(place / 64).is_some_and(|word| word & (1 << (place % 64)) != 0)
}

/// The best hits so far: a heap that never grows beyond what was asked for. Numbers must come ascending.
pub(crate) struct Top {
    limit: usize,
    heap: BinaryHeap<Reverse<Ranked>>,
}

impl Top {
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, heap: BinaryHeap::with_capacity(limit.min(1024)) }
    }

    /// What the next hit must exceed to get in: an equal score loses to the lower number.
    pub(crate) fn floor(&self) -> f32 {
        match self.heap.peek() {
            _ if self.limit == 0 => f32::INFINITY,
            Some(Reverse(Ranked(worst))) if self.heap.len() >= self.limit => worst.score,
            Some(_) | None => 0.0,
        }
    }

    /// Adds a hit above the floor; the worst one leaves when there are too many.
    pub(crate) fn push(&mut self, hit: Hit) {
        if self.heap.len() >= self.limit {
            self.heap.pop();
        }
        self.heap.push(Reverse(Ranked(hit)));
    }

    /// Best first.
    pub(crate) fn into_hits(self) -> Vec<Hit> {
        self.heap.into_sorted_vec().into_iter().map(|Reverse(Ranked(hit))| hit).collect()
    }
}

/// Greater is better.
struct Ranked(Hit);

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        other.0.better_first(&self.0)
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Ranked {}
