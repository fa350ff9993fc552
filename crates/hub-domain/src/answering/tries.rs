//! How often a model is asked again before its words are given up.

use super::judgement::Fault;

/// Asked once more for words that say where they are from.
const REPAIRS: u8 = 1;
/// Asked again for fewer words.
const SHORTENINGS: u8 = 2;

/// What was asked for again so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tries {
    repairs: u8,
    shortenings: u8,
}

impl Tries {
    /// How often fewer words were asked for.
    pub const fn shortenings(self) -> u8 {
        self.shortenings
    }

    /// With one more for this fault; `None`: no more. Whoever gives rules or a key away is not asked again: a source
    /// has talked it into that, and would again.
    #[must_use]
    pub const fn again(self, fault: &Fault) -> Option<Self> {
        match fault {
            Fault::TooLong if self.shortenings < SHORTENINGS => {
                Some(Self { shortenings: self.shortenings + 1, ..self })
            }
            Fault::Uncited | Fault::UnknownSource | Fault::Invented(_) | Fault::Link | Fault::Number
                if self.repairs < REPAIRS =>
            {
                Some(Self { repairs: self.repairs + 1, ..self })
            }
            Fault::TooLong
            | Fault::Uncited
            | Fault::UnknownSource
            | Fault::Invented(_)
            | Fault::Link
            | Fault::Number
            | Fault::Rules
            | Fault::Secret => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_is_asked_about_so_often_and_no_more() {
        use Fault::{Invented, Link, Number, Rules, Secret, TooLong, Uncited, UnknownSource};
        for (faults, asked) in [
            (vec![Uncited, Uncited], 1),
            (vec![UnknownSource, Uncited], 1),
            (vec![Invented("5".into()), Link], 1),
            (vec![Number, Number], 1),
            (vec![TooLong, TooLong, TooLong], 2),
            (vec![TooLong, Uncited, TooLong, TooLong], 3),
            (vec![Rules], 0),
            (vec![Secret], 0),
            (vec![Uncited, Secret], 1),
        ] {
            let mut tries = Some(Tries::default());
            let mut count = 0;
            for fault in &faults {
                tries = tries.and_then(|tries| tries.again(fault));
                count += usize::from(tries.is_some());
            }
            assert_eq!(count, asked, "{faults:?}");
        }
    }
}
