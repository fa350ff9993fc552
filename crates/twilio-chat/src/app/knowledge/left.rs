//! What a build still has to have made into vectors.

use std::collections::{HashSet, VecDeque};

use hub_domain::spending;
use hub_retrieval::{
    library::embedded::Wanted,
    paid::{PaidKey, PaidVectors},
};

use super::{Progressed, lengths::Lengths};

/// Texts without a vector, and the length that vectors have.
#[derive(Debug)]
pub(super) struct Left {
    missing: VecDeque<String>,
    /// Of the missing ones; kept along, because counting takes a while and whoever watches is told after each batch.
    tokens: u64,
    total: usize,
    pub(super) lengths: Lengths,
}

impl Left {
    /// By the vectors at hand.
    pub(super) fn of(wanted: &[Wanted], paid: &PaidVectors, model: &str) -> Self {
        let at_hand = wanted.iter().filter_map(|wanted| paid.numbers(&PaidKey::of(model, &wanted.text)));
        Self::by(wanted, paid, model, Lengths::of(at_hand))
    }

    /// Where this length counts. Each text once.
    pub(super) fn by(wanted: &[Wanted], paid: &PaidVectors, model: &str, lengths: Lengths) -> Self {
        let (mut seen, mut missing, mut aside) = (HashSet::new(), VecDeque::new(), 0);
        for Wanted { text, .. } in wanted {
            let key = PaidKey::of(model, text);
            let at_hand = paid.numbers(&key);
            if !seen.insert(key) || at_hand.is_some_and(|numbers| lengths.takes(numbers)) {
                continue;
            }
            aside += usize::from(at_hand.is_some());
            missing.push_back(text.clone());
        }
        if aside > 0 {
            tracing::warn!(
                vectors = aside,
                numbers = lengths.agreed(),
                "FAISS: vectors that were paid for have another length than the others; they are left aside and \
                 made again"
            );
        }
        Self { tokens: tokens_of(&missing), missing, total: seen.len(), lengths }
    }

    /// The next texts.
    pub(super) fn next_batch(&mut self, most: usize) -> Option<Vec<String>> {
        let batch: Vec<String> = self.missing.drain(..most.min(self.missing.len())).collect();
        self.tokens = self.tokens.saturating_sub(tokens_of(&batch));
        (!batch.is_empty()).then_some(batch)
    }

    /// Different texts in all.
    pub(super) fn total(&self) -> usize {
        self.total
    }

    /// Those without a vector.
    pub(super) fn missing(&self) -> usize {
        self.missing.len()
    }

    /// About what these take.
    pub(super) fn tokens(&self) -> u64 {
        self.tokens
    }

    pub(super) fn tell(&self, now: &mut Progressed) {
        now.total = self.total;
        now.ready = self.total - self.missing.len();
        now.tokens_left = self.tokens;
        now.changed = self.lengths.changed();
    }
}

fn tokens_of<'a>(texts: impl IntoIterator<Item = &'a String>) -> u64 {
    texts.into_iter().map(|text| spending::tokens_of(text)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_told_after_each_batch() {
        let texts = ["a", "bbbb", "ccccccc", "dddddddddd"].map(str::to_owned);
        let lengths = Lengths::of(std::iter::empty());
        let mut left = Left { tokens: tokens_of(&texts), missing: texts.into(), total: 6, lengths };
        let mut told = Vec::new();
        loop {
            let mut now = Progressed::default();
            left.tell(&mut now);
            told.push((now.ready, now.total, now.tokens_left));
            assert_eq!(now.tokens_left, tokens_of(&left.missing), "{told:?}");
            if left.next_batch(3).is_none() {
                break;
            }
        }
        assert_eq!(told, [(2, 6, 1 + 2 + 3 + 4), (5, 6, 4), (6, 6, 0)]);
    }
}
