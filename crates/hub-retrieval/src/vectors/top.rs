//! The best few of many: a bounded heap that most candidates leave after one comparison.

use std::{cmp::Ordering, collections::BinaryHeap};

#[cfg(test)]
mod tests;

/// Something with a score. The better is the greater: higher score first, then the lower place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scored<P> {
    pub(crate) score: f32,
    pub(crate) place: P,
}

/// Keeps the best `room` of what it is offered.
#[derive(Clone, Debug)]
pub(crate) struct Top<P> {
    room: usize,
    /// The worst one on top.
    heap: BinaryHeap<std::cmp::Reverse<Scored<P>>>,
}

impl<P: Ord + Copy> Top<P> {
    pub(crate) fn new(room: usize) -> Self {
        Self { room, heap: BinaryHeap::with_capacity(room.saturating_add(1)) }
    }

    /// What a score must exceed, or equal with a lower place, to get in. Nothing gets in that is no number.
    pub(crate) fn threshold(&self) -> f32 {
        if self.heap.len() < self.room {
            f32::NEG_INFINITY
        } else {
            self.heap.peek().map_or(f32::INFINITY, |worst| worst.0.score)
        }
    }

    pub(crate) fn offer(&mut self, score: f32, place: P) {
        // Also false for NaN, which a damaged file could hold.
        let gets_in = score >= self.threshold();
        if !gets_in {
            return;
        }
        self.heap.push(std::cmp::Reverse(Scored { score, place }));
        if self.heap.len() > self.room {
            self.heap.pop();
        }
    }

    /// Takes in what another thread found.
    pub(crate) fn merge(&mut self, other: Self) {
        for std::cmp::Reverse(Scored { score, place }) in other.heap {
            self.offer(score, place);
        }
    }

    /// Best first.
    pub(crate) fn into_sorted(self) -> Vec<Scored<P>> {
        self.heap.into_sorted_vec().into_iter().map(|reversed| reversed.0).collect()
    }
}

impl<P: Ord> Ord for Scored<P> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.score.total_cmp(&other.score).then_with(|| other.place.cmp(&self.place))
    }
}

impl<P: Ord> PartialOrd for Scored<P> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<P: Ord> PartialEq for Scored<P> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<P: Ord> Eq for Scored<P> {}
