//! Which passages a model is given, under which numbers.

use jiff::civil::Date;

use crate::assistant::{Passage, prompt::estimated_tokens};

/// A passage that search found.
#[derive(Clone, Debug, PartialEq)]
pub struct Excerpt {
    /// The passage.
    pub passage: Passage,
    /// When it was news, where that is known.
    pub date: Option<Date>,
}

/// A passage in a prompt.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// What it is cited by, from 1.
    pub number: usize,
    /// What it says.
    pub excerpt: Excerpt,
}

/// What a source takes besides its texts: marks, number, date.
const AROUND: usize = 24;

/// The passages of each section that fit a number of tokens together, numbered through.
///
/// Each section may take an equal share of what is left, so that the first ones can't starve the last. Within one the
/// best come first, of equally good ones the newest. A passage is given whole or not at all: half a sentence would
/// be quoted as if it were one.
pub fn pack(sections: Vec<Vec<Excerpt>>, tokens: usize) -> Vec<Vec<Source>> {
    let (mut left, mut number) = (tokens, 0);
    let mut waiting = sections.len();
    let mut packed = Vec::with_capacity(sections.len());
    for mut excerpts in sections {
        let mut share = left / waiting.max(1);
        waiting -= 1;
        excerpts.sort_by(|a, b| b.passage.score.total_cmp(&a.passage.score).then(b.date.cmp(&a.date)));
        let mut taken = Vec::new();
        for excerpt in excerpts {
            let cost = cost(&excerpt.passage);
            if excerpt.passage.text.trim().is_empty() || cost > share {
                continue;
            }
            share -= cost;
            left -= cost;
            number += 1;
            taken.push(Source { number, excerpt });
        }
        packed.push(taken);
    }
    packed
}

fn cost(passage: &Passage) -> usize {
    let url = passage.url.as_deref().unwrap_or_default();
    AROUND
        + [passage.title.as_str(), passage.text.as_str(), url]
            .into_iter()
            .map(estimated_tokens)
            .sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A passage of so many tokens, all told.
    fn excerpt(title: &str, tokens: usize, score: f32, day: i8) -> Excerpt {
        let text = "x".repeat((tokens - AROUND - estimated_tokens(title)) * 4);
        let passage = Passage { title: title.to_owned(), url: None, text, score };
        Excerpt { passage, date: Some(Date::constant(2026, 11, day)) }
    }

    fn check(sections: &[&[(&str, usize, f32, i8)]], tokens: usize, expect: &[&[(usize, &str)]]) {
        let of = |section: &&[(&str, usize, f32, i8)]| {
            section.iter().map(|(title, tokens, score, day)| excerpt(title, *tokens, *score, *day)).collect()
        };
        let packed = pack(sections.iter().map(of).collect(), tokens);
        let shown: Vec<Vec<(usize, &str)>> = packed
            .iter()
            .map(|section| {
                section.iter().map(|source| (source.number, &*source.excerpt.passage.title)).collect()
            })
            .collect();
        assert_eq!(shown, expect, "{tokens}");
    }

    #[test]
    fn the_best_come_first_and_of_equals_the_newest() {
        check(
            &[&[("old", 50, 0.5, 1), ("new", 50, 0.5, 9), ("best", 50, 0.9, 1)]],
            1000,
            &[&[(1, "best"), (2, "new"), (3, "old")]],
        );
    }

    #[test]
    fn what_does_not_fit_is_left_out_whole() {
        let three: &[(&str, usize, f32, i8)] = &[("a", 100, 0.9, 1), ("b", 200, 0.8, 1), ("c", 50, 0.7, 1)];
        check(&[three], 350, &[&[(1, "a"), (2, "b"), (3, "c")]]);
        check(&[three], 349, &[&[(1, "a"), (2, "b")]]);
        check(&[three], 299, &[&[(1, "a"), (2, "c")]]);
        check(&[three], 99, &[&[(1, "c")]]);
        check(&[three], 49, &[&[]]);
        check(&[], 100, &[]);
    }

    #[test]
    fn sections_share_and_what_one_leaves_goes_to_the_later_ones() {
        let long: &[(&str, usize, f32, i8)] = &[("a", 100, 0.9, 1), ("b", 100, 0.8, 1)];
        let late: &[(&str, usize, f32, i8)] = &[("c", 100, 0.9, 1), ("d", 100, 0.8, 1)];
        check(&[long, late], 250, &[&[(1, "a")], &[(2, "c")]]);
        check(&[&[], late], 250, &[&[], &[(1, "c"), (2, "d")]]);
        check(&[long, &[], late], 300, &[&[(1, "a")], &[], &[(2, "c"), (3, "d")]]);
    }

    #[test]
    fn a_passage_without_a_word_is_no_source() {
        let blank = Excerpt {
            passage: Passage { title: "t".into(), url: None, text: " \n".into(), score: 1.0 },
            date: None,
        };
        assert_eq!(pack(vec![vec![blank]], 1000), [vec![]]);
    }
}
