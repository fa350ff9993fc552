//! The figures of ranked lists against what is relevant, whoever ranked them: what `knowledge evaluate` prints.

/// Figures over questions that something is relevant to; shares of 1, and 0 without such a question.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Relevance {
    /// Questions that something is relevant to.
    pub questions: usize,
    /// Questions that nothing is relevant to: in no other figure.
    pub without: usize,
    /// Of what is relevant, the mean share that came first.
    pub recall_at_1: f64,
    /// … that was among the first five.
    pub recall_at_5: f64,
    /// … that was among the first ten.
    pub recall_at_10: f64,
    /// Mean of 1/rank of the first relevant one among the first ten.
    pub mrr: f64,
}

/// How deep a list is looked at.
pub const DEPTH: usize = 10;

impl Relevance {
    /// Of lists, best first and without repeats, each with what is relevant to its question.
    pub fn of<'a>(lists: impl IntoIterator<Item = (&'a [String], &'a [String])>) -> Self {
        let mut sums = Self::default();
        for (ranked, relevant) in lists {
            if relevant.is_empty() {
                sums.without += 1;
                continue;
            }
            sums.questions += 1;
            let ranks: Vec<usize> = ranked
                .iter()
                .take(DEPTH)
                .enumerate()
                .filter(|(_, id)| relevant.contains(id))
                .map(|(rank, _)| rank)
                .collect();
            let within = |depth| {
                super::number(ranks.iter().filter(|rank| **rank < depth).count())
                    / super::number(relevant.len())
            };
            sums.recall_at_1 += within(1);
            sums.recall_at_5 += within(5);
            sums.recall_at_10 += within(DEPTH);
            sums.mrr += ranks.first().map_or(0.0, |rank| 1.0 / super::number(rank + 1));
        }
        let mean = |sum: f64| if sums.questions == 0 { 0.0 } else { sum / super::number(sums.questions) };
        Self {
            recall_at_1: mean(sums.recall_at_1),
            recall_at_5: mean(sums.recall_at_5),
            recall_at_10: mean(sums.recall_at_10),
            mrr: mean(sums.mrr),
            ..sums
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_by_hand() {
        let ids = |text: &str| -> Vec<String> { text.split_whitespace().map(str::to_owned).collect() };
        let lists = [
            (ids("a b c"), ids("a")),
            (ids("a b c"), ids("c x")),
            (ids(""), ids("a")),
            (ids("a"), ids("")),
            (ids("1 2 3 4 5 6 7 8 9 10 z"), ids("z")),
        ];
        let figures = Relevance::of(lists.iter().map(|(ranked, relevant)| (&**ranked, &**relevant)));
        let expect = Relevance {
            questions: 4,
            without: 1,
            recall_at_1: 1.0 / 4.0,
            recall_at_5: 1.5 / 4.0,
            recall_at_10: 1.5 / 4.0,
            mrr: (1.0 + 1.0 / 3.0) / 4.0,
        };
        assert_eq!(figures, expect);
        assert_eq!(Relevance::of([]), Relevance::default());
    }
}
