//! Two lists of hits made one: what is near in meaning and what has the words.
//!
//! Scores of each list are brought to 0…1 and added with weights. Adding ranks instead (RRF) was measured and is
//! worse: it trusts both lists alike, and an embedding model that is weak in Polish then drowns the words.

use std::collections::HashMap;

use crate::hits::Hit;

/// How much the dense list counts beside the lexical one, of 1.
pub const DENSE_WEIGHT: f32 = 0.5;

/// The union of both lists, best first. A passage that one list lacks counts there as its last; an empty list
/// leaves the other alone. Each passage may stand once in a list.
pub fn fuse(dense: &[Hit], lexical: &[Hit], dense_weight: f32) -> Vec<Hit> {
    let dense_weight = match (dense, lexical) {
        ([], _) => 0.0,
        (_, []) => 1.0,
        _ => dense_weight.clamp(0.0, 1.0),
    };
    let mut scores: HashMap<u32, f32> = HashMap::with_capacity(dense.len() + lexical.len());
    for (list, weight) in [(dense, dense_weight), (lexical, 1.0 - dense_weight)] {
        for (number, share) in shares(list) {
            *scores.entry(number).or_default() += weight * share;
        }
    }
    let mut fused: Vec<Hit> = scores.into_iter().map(|(number, score)| Hit { number, score }).collect();
    fused.sort_unstable_by(Hit::better_first);
    fused
}

/// Each hit's place between the list's worst score (0) and its best (1). Equal scores are all best; what is not
/// a number is worst.
fn shares(list: &[Hit]) -> impl Iterator<Item = (u32, f32)> {
    let finite = || list.iter().map(|hit| hit.score).filter(|score| score.is_finite());
    let worst = finite().fold(f32::INFINITY, f32::min);
    let span = finite().fold(f32::NEG_INFINITY, f32::max) - worst;
    list.iter().map(move |hit| {
        let share = match hit.score {
            score if !score.is_finite() => 0.0,
            _ if span <= 0.0 => 1.0,
            score => (score - worst) / span,
        };
        (hit.number, share)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(list: &[(u32, f32)]) -> Vec<Hit> {
        list.iter().map(|&(number, score)| Hit { number, score }).collect()
    }

    fn check(dense: &[(u32, f32)], lexical: &[(u32, f32)], weight: f32, expect: &[(u32, f32)]) {
        assert_eq!(fuse(&hits(dense), &hits(lexical), weight), hits(expect), "{dense:?} {lexical:?}");
    }

    #[test]
    fn shares_are_added_by_weight() {
        let dense = [(1, 0.9), (2, 0.7), (3, 0.5)];
        let lexical = [(3, 30.0), (4, 20.0), (1, 10.0)];
        let half = |dense: f32, lexical: f32| 0.5 * dense + 0.5 * lexical;
        let middle = (0.7_f32 - 0.5) / (0.9 - 0.5);
        check(&dense, &lexical, 0.5, &[(1, 0.5), (3, 0.5), (2, half(middle, 0.0)), (4, half(0.0, 0.5))]);
        check(&dense, &lexical, 0.25, &[(3, 0.75), (4, 0.375), (1, 0.25), (2, 0.25 * middle)]);
    }

    #[test]
    fn an_empty_list_leaves_the_other_alone() {
        check(&[], &[(7, 4.0), (5, 2.0)], 0.5, &[(7, 1.0), (5, 0.0)]);
        check(&[(7, -0.1), (5, -0.3)], &[], 0.5, &[(7, 1.0), (5, 0.0)]);
        check(&[], &[], 0.5, &[]);
    }

    #[test]
    fn equal_scores_are_all_best_and_what_is_no_number_is_worst() {
        check(&[], &[(2, 3.0), (1, 3.0)], 0.5, &[(1, 1.0), (2, 1.0)]);
        check(&[], &[(1, f32::NAN), (2, 3.0), (3, 1.0)], 0.5, &[(2, 1.0), (1, 0.0), (3, 0.0)]);
    }
}
