//! Which length the vectors of a build have: those of an index must all have one, and it can't be asked for.
//!
//! Vectors at hand are believed where most agree. A service that makes others is asked a second time: where it stays
//! by it, it has changed, and the vectors at hand are left aside; where it doesn't, its first answer was a slip. Where
//! nothing is left to be made, a sample is asked for, so that a changed service is noticed all the same.

use std::collections::BTreeMap;

/// The length that a build goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lengths {
    agreed: Option<usize>,
    changed: Option<Changed>,
}

/// The service makes vectors of another length than those at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Numbers in a vector at hand.
    pub before: usize,
    /// Numbers in a vector that it makes now.
    pub now: usize,
}

/// What to do with vectors of some length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Take {
    /// Keep them.
    Keep,
    /// Ask for them once more.
    AskAgain,
    /// Keep them, and leave those of the other length aside.
    KeepAndLeaveOthers,
    /// Refuse them.
    Refuse,
}

impl Lengths {
    /// Going by what most of the vectors at hand have; of as many, by the longer.
    pub(super) fn of(at_hand: impl Iterator<Item = usize>) -> Self {
        let mut counts = BTreeMap::<usize, usize>::new();
        for length in at_hand {
            *counts.entry(length).or_default() += 1;
        }
        let agreed = counts.into_iter().max_by_key(|(_, count)| *count).map(|(length, _)| length);
        Self { agreed, changed: None }
    }

    /// The length that counts, once one is known.
    pub(super) fn agreed(&self) -> Option<usize> {
        self.agreed
    }

    /// What the service has changed, if it has.
    pub(super) fn changed(&self) -> Option<Changed> {
        self.changed
    }

    /// What counts where the service stays by samples of this length.
    pub(super) fn sampled(self, length: usize) -> Self {
        match self.agreed {
            Some(before) if before != length => {
                Self { agreed: Some(length), changed: Some(Changed { before, now: length }) }
            }
            Some(_) | None => self,
        }
    }

    /// Whether a vector at hand counts.
    pub(super) fn takes(&self, length: usize) -> bool {
        self.agreed.is_none_or(|agreed| agreed == length)
    }

    /// Vectors were made: `before` is what the same texts got a moment ago, where they were asked for again.
    pub(super) fn made(&mut self, length: usize, before: Option<usize>) -> Take {
        if self.takes(length) {
            self.agreed = Some(length);
            return Take::Keep;
        }
        match before {
            None if self.changed.is_none() => Take::AskAgain,
            Some(before) if before == length && self.changed.is_none() => {
                *self = self.sampled(length);
                Take::KeepAndLeaveOthers
            }
            None | Some(_) => Take::Refuse,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        Take::{AskAgain, Keep, KeepAndLeaveOthers, Refuse},
        *,
    };

    #[test]
    fn most_of_those_at_hand_decide() {
        for (at_hand, expect) in [
            (vec![], None),
            (vec![8], Some(8)),
            (vec![8, 8, 7], Some(8)),
            (vec![7, 8, 7], Some(7)),
            (vec![7, 8], Some(8)),
        ] {
            assert_eq!(Lengths::of(at_hand.iter().copied()).agreed, expect, "{at_hand:?}");
        }
    }

    #[test]
    fn a_sample_of_another_length_is_a_change() {
        let lengths = Lengths::of([8].into_iter());
        assert_eq!(lengths.sampled(8), lengths);
        assert_eq!(lengths.sampled(7).changed(), Some(Changed { before: 8, now: 7 }));
        assert!(lengths.sampled(7).takes(7) && !lengths.sampled(7).takes(8));
        let nothing = Lengths::of(std::iter::empty());
        assert_eq!(nothing.sampled(7), nothing);
    }

    #[test]
    fn a_slip_is_told_from_a_change() {
        let made = |lengths: &mut Lengths, steps: &[(usize, Option<usize>)]| -> Vec<Take> {
            steps.iter().map(|(length, before)| lengths.made(*length, *before)).collect()
        };
        for (at_hand, steps, expect) in [
            (vec![], vec![(8, None), (8, None)], vec![Keep, Keep]),
            (vec![8], vec![(7, None), (8, Some(7)), (8, None)], vec![AskAgain, Keep, Keep]),
            (vec![8], vec![(7, None), (7, Some(7)), (7, None)], vec![AskAgain, KeepAndLeaveOthers, Keep]),
            (vec![8], vec![(7, None), (6, Some(7))], vec![AskAgain, Refuse]),
            // It changes once a build, or nothing would ever be whole.
            (vec![8], vec![(7, None), (7, Some(7)), (8, None)], vec![AskAgain, KeepAndLeaveOthers, Refuse]),
        ] {
            let mut lengths = Lengths::of(at_hand.iter().copied());
            assert_eq!(made(&mut lengths, &steps), expect, "{at_hand:?} {steps:?}");
        }
    }
}
