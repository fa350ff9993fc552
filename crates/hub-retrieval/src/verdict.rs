//! Whether what was found answers the question.

/// What to do with the best that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Answer from it.
    Known,
    /// It may be it: ask back, naming what was found. A short question with a typo looks like this.
    Doubtful,
    /// Say that nothing is known.
    Unknown,
}

use crate::lexical::Query;

/// Questions of fewer words that mean something are short: one word by chance is a large share of them.
const SHORT: usize = 4;

/// Judges by the share of the question's own maximum that the best passage has
/// ([`confidence`](crate::lexical::Matches::confidence)) and by the number of words that mean something.
///
/// A question asked in the article's own words has 0.3 to 0.5, one with typos in its longest words half of that,
/// one about something else usually less than 0.15. A short question is more often asked back, because either
/// error is likelier there.
pub fn judge(confidence: f32, words: usize) -> Verdict {
    let (unknown, known) = if words < SHORT { (0.09, 0.26) } else { (0.1, 0.18) };
    match confidence {
        confidence if confidence >= known => Verdict::Known,
        confidence if confidence >= unknown => Verdict::Doubtful,
        _ => Verdict::Unknown,
    }
}

/// Whether a question has so few words that mean something that one of them may coincide by chance.
pub fn is_short(question: &str) -> bool {
    Query::new(question).words() < SHORT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_decides_and_short_questions_are_asked_back_more_often() {
        for (confidence, words, expect) in [
            (0.0, 0, Verdict::Unknown),
            (0.08, 2, Verdict::Unknown),
            (0.095, 2, Verdict::Doubtful),
            (0.095, 6, Verdict::Unknown),
            (0.2, 2, Verdict::Doubtful),
            (0.2, 6, Verdict::Known),
            (0.4, 1, Verdict::Known),
            (f32::NAN, 6, Verdict::Unknown),
        ] {
            assert_eq!(judge(confidence, words), expect, "{confidence} {words}");
        }
    }

    #[test]
    fn a_question_is_short_by_the_words_that_mean_something() {
        for (question, expect) in [
            ("kaucja", true),
            ("a co z tą kaucją za słoik", true),
            ("ile wyniesie kaucja za szklany słoik w sklepie", false),
            ("", true),
        ] {
            assert_eq!(is_short(question), expect, "{question}");
        }
    }
}
