//! Search by words, for people who write without `ąęłśżź` and with typos.
//!
//! BM25 over one stream of tokens: the pieces of four letters of every word, which survive a typo, and the stem
//! of every word that means something. All of it in memory, rebuilt from the passages at start, nothing on disk.
//!
//! An index is a value: [`LexicalIndex`] clones in microseconds because its segments are shared and never
//! change. Whoever searches holds a clone, whoever writes changes another and puts it in its place.
//!
//! Passages have numbers, given by whoever adds them, ascending and never used twice; every list of hits here
//! and in the vector index speaks of the same numbers, and a filter is a bitmap over them.

use std::sync::Arc;

pub use query::{Matches, Query};

use segment::Segment;

use crate::hits::has_bit;

mod postings;
mod query;
mod segment;
mod stop_words;
mod tokens;

#[cfg(test)]
mod tests;

/// Removed passages still lie in the segments; above this share a segment is written anew without them.
const DEAD_PERCENT: usize = 20;

/// A number that is not above all earlier ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("passage {number} was added after passage {last}; numbers ascend and are used once")]
pub struct NotAscending {
    /// The number refused.
    pub number: u32,
    /// The highest so far.
    pub last: u32,
}

/// Words of passages, ready to be searched.
#[derive(Clone, Debug, Default)]
pub struct LexicalIndex {
    parts: Vec<Part>,
    last: Option<u32>,
}

/// A segment and which of its passages are gone.
#[derive(Clone, Debug)]
struct Part {
    segment: Arc<Segment>,
    dead: Bits,
}

impl LexicalIndex {
    /// An index of these passages.
    pub fn build<'a>(passages: impl IntoIterator<Item = (u32, &'a str)>) -> Result<Self, NotAscending> {
        let mut index = Self::default();
        index.add(passages)?;
        Ok(index)
    }

    /// Adds passages; all of them or, when a number does not ascend, none. Many at once are cheaper than one by
    /// one: every call makes a segment, and segments of like size are merged.
    pub fn add<'a>(
        &mut self,
        passages: impl IntoIterator<Item = (u32, &'a str)>,
    ) -> Result<(), NotAscending> {
        let mut last = self.last;
        let mut builder = segment::Builder::default();
        for (number, text) in passages {
            if let Some(last) = last.filter(|last| *last >= number) {
                return Err(NotAscending { number, last });
            }
            last = Some(number);
            builder.add(number, text);
        }
        self.last = last;
        if let Some(segment) = builder.finish() {
            self.parts.push(Part::new(segment));
            self.merge_last();
        }
        Ok(())
    }

    /// Removes a passage; false when it isn't there. Its words count in the weights of others until its segment
    /// is merged, as in every index of this kind.
    pub fn remove(&mut self, number: u32) -> bool {
        let Some((at, local)) = self.find(number) else { return false };
        let Some(part) = self.parts.get_mut(at) else { return false };
        if !part.dead.set(local) {
            return false;
        }
        if part.dead.count * 100 > part.segment.len() * DEAD_PERCENT {
            match Segment::merge(&[(&part.segment, &part.dead)]) {
                Some(segment) => *part = Part::new(segment),
                None => drop(self.parts.remove(at)),
            }
        }
        true
    }

    /// Whether a passage is there.
    pub fn contains(&self, number: u32) -> bool {
        self.find(number)
            .is_some_and(|(at, local)| self.parts.get(at).is_some_and(|part| !part.dead.has(local)))
    }

    /// Number of passages.
    pub fn len(&self) -> usize {
        self.parts.iter().map(|part| part.segment.len() - part.dead.count).sum()
    }

    /// Whether there is no passage.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes held, without the few of the allocator.
    pub fn memory(&self) -> usize {
        self.parts.iter().map(|part| part.segment.memory() + part.dead.words.len() * 8).sum()
    }

    /// Where a number is: the part, and its place there.
    fn find(&self, number: u32) -> Option<(usize, usize)> {
        let at = self.parts.partition_point(|part| part.segment.last() < number);
        let local = self.parts.get(at)?.segment.place_of(number)?;
        Some((at, local))
    }

    /// Merges from the end while a segment is less than twice the one after it: there are never more of them
    /// than the logarithm of their size, and a passage is moved about as often.
    fn merge_last(&mut self) {
        while let [.., before, after] = self.parts.as_slice()
            && before.segment.len() < 2 * after.segment.len()
        {
            let merged = Segment::merge(&[(&before.segment, &before.dead), (&after.segment, &after.dead)]);
            self.parts.truncate(self.parts.len() - 2);
            self.parts.extend(merged.map(Part::new));
        }
    }
}

impl Part {
    fn new(segment: Segment) -> Self {
        let words = vec![0; segment.len().div_ceil(64)];
        Self { segment: Arc::new(segment), dead: Bits { words, count: 0 } }
    }
}

/// A set of places.
#[derive(Clone, Debug, Default)]
struct Bits {
    words: Vec<u64>,
    count: usize,
}

impl Bits {
    fn has(&self, place: usize) -> bool {
        has_bit(&self.words, place)
    }

    /// Sets a bit; false when it was set already.
    fn set(&mut self, place: usize) -> bool {
        let Some(word) = self.words.get_mut(place / 64) else { return false };
        let new = *word & (1 << (place % 64)) == 0;
        *word |= 1 << (place % 64);
        self.count += usize::from(new);
        new
    }
}
