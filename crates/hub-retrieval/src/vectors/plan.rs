//! Which segments to write anew: those with many deleted rows, and small ones behind each other.

use std::ops::Range;

/// How full a segment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fill {
    pub(crate) rows: usize,
    pub(crate) alive: usize,
}

/// The next neighbours to write anew as one, if any.
///
/// A segment with a fifth of its rows deleted; else the last ones, as long as one is less than twice as large as all
/// behind it. So there are few segments, and a row is moved about as often as the index doubles.
pub(crate) fn next(segments: &[Fill]) -> Option<Range<usize>> {
    let wasted = |fill: &Fill| (fill.rows - fill.alive.min(fill.rows)) * 5 >= fill.rows;
    if let Some(at) = segments.iter().position(wasted) {
        return Some(at..at + 1);
    }
    let (mut from, mut behind) = (segments.len(), 0_usize);
    for (at, fill) in segments.iter().enumerate().rev() {
        if behind > 0 && fill.alive >= behind.saturating_mul(2) {
            break;
        }
        behind = behind.saturating_add(fill.alive);
        from = at;
    }
    (segments.len() - from > 1).then_some(from..segments.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(segments: &[(usize, usize)], expected: Option<(usize, usize)>) {
        let fills: Vec<Fill> = segments.iter().map(|&(rows, alive)| Fill { rows, alive }).collect();
        assert_eq!(next(&fills), expected.map(|(from, to)| from..to), "{segments:?}");
    }

    #[test]
    fn segments_are_joined_when_small_and_written_anew_when_a_fifth_is_gone() {
        check(&[], None);
        check(&[(10, 10)], None);
        check(&[(10, 9)], None);
        check(&[(10, 8)], Some((0, 1)));
        check(&[(10, 0)], Some((0, 1)));
        check(&[(100, 100), (10, 8)], Some((1, 2)));
        check(&[(100, 100), (10, 10)], None);
        check(&[(100, 100), (10, 10), (6, 6)], Some((1, 3)));
        check(&[(20, 20), (10, 10)], None);
        check(&[(19, 19), (10, 10)], Some((0, 2)));
        check(&[(1000, 1000), (30, 30), (10, 10), (6, 6)], Some((1, 4)));
        check(&[(1, 1), (1, 1), (1, 1)], Some((0, 3)));
    }

    #[test]
    fn planning_comes_to_an_end_and_leaves_few_segments() {
        let mut segments = Vec::new();
        for _ in 0..1000 {
            segments.push(Fill { rows: 1, alive: 1 });
            while let Some(range) = next(&segments) {
                let alive = segments[range.clone()].iter().map(|fill| fill.alive).sum();
                segments.splice(range, [Fill { rows: alive, alive }]);
            }
        }
        assert!(segments.len() <= 10, "{segments:?}");
        assert_eq!(segments.iter().map(|fill| fill.alive).sum::<usize>(), 1000);
    }
}
