//! Citations in a model's words: `[1]`, `[1][2]`, `[1, 2]`, `[1-3]`.

use std::fmt::Write as _;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece<'a> {
    /// Words.
    Words(&'a str),
    /// The numbers of one pair of brackets.
    Cites(Vec<usize>),
}

/// Longer ranges are no citations of anything.
const LONGEST_RANGE: usize = 50;

/// The numbers cited, each once, in the order of the text. A number too large to be read is `usize::MAX`, which is
/// no source's.
pub fn cited(words: &str) -> Vec<usize> {
    let mut cited = Vec::new();
    for piece in pieces(words) {
        if let Piece::Cites(numbers) = piece {
            for number in numbers {
                if !cited.contains(&number) {
                    cited.push(number);
                }
            }
        }
    }
    cited
}

/// The text without its citations.
pub fn without(words: &str) -> String {
    rewritten(words, |_| None)
}

/// The text without its citations, and where in that each stood.
pub(super) fn places(words: &str) -> (String, Vec<usize>) {
    let (mut text, mut places) = (String::with_capacity(words.len()), Vec::new());
    for piece in pieces(words) {
        match piece {
            Piece::Words(words) => text.push_str(words),
            Piece::Cites(_) => places.push(text.len()),
        }
    }
    (text, places)
}

/// The text with each number replaced by what `number` says of it; `None` takes it out. Numbers that became the same
/// stand once in their brackets.
pub fn rewritten(words: &str, number: impl Fn(usize) -> Option<usize>) -> String {
    let mut text = String::with_capacity(words.len());
    // Of the brackets that stand next to each other.
    let mut said: Vec<usize> = Vec::new();
    for piece in pieces(words) {
        match piece {
            Piece::Words(words) => {
                text.push_str(words);
                if !words.trim().is_empty() {
                    said.clear();
                }
            }
            Piece::Cites(numbers) => {
                for number in numbers.into_iter().filter_map(&number) {
                    if !said.contains(&number) {
                        said.push(number);
                        // Writing to a String cannot fail.
                        let _ = write!(text, "[{number}]");
                    }
                }
            }
        }
    }
    text
}

fn pieces(words: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = words;
    let mut from = 0;
    while let Some(open) = rest.get(from..).and_then(|tail| tail.find('[')).map(|at| from + at) {
        let inside = rest.get(open + 1..).unwrap_or_default();
        let found = inside.find(']').and_then(|close| Some((close, numbers(inside.get(..close)?)?)));
        let Some((close, numbers)) = found else {
            from = open + 1;
            continue;
        };
        let (before, after) = rest.split_at(open);
        if !before.is_empty() {
            pieces.push(Piece::Words(before));
        }
        pieces.push(Piece::Cites(numbers));
        rest = after.get(close + 2..).unwrap_or_default();
        from = 0;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest));
    }
    pieces
}

/// What stands between brackets, if that is numbers and nothing else.
fn numbers(inside: &str) -> Option<Vec<usize>> {
    let mut numbers = Vec::new();
    for part in inside.split([',', ';']).map(str::trim) {
        let (first, last) = part.split_once(['-', '–']).unwrap_or((part, part));
        let (first, last) = (number(first)?, number(last)?);
        if last < first || last - first > LONGEST_RANGE {
            numbers.push(usize::MAX);
        } else {
            numbers.extend(first..=last);
        }
    }
    Some(numbers)
}

fn number(digits: &str) -> Option<usize> {
    let digits = digits.trim();
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn citations_are_read_in_the_forms_models_write() {
        for (words, expect) in [
            ("Tak [1].", vec![1]),
            ("Tak [2][1] i nie [2].", vec![2, 1]),
            ("Tak [1, 3; 4].", vec![1, 3, 4]),
            ("Tak [ 1 ].", vec![1]),
            ("Tak [1-3] [2–4].", vec![1, 2, 3, 4]),
            ("Nic.", vec![]),
            ("[x] [1a] [] [1", vec![]),
            ("[a [2]", vec![2]),
            ("[[3]]", vec![3]),
            ("[0]", vec![0]),
            ("[99999999999999999999999]", vec![usize::MAX]),
            ("[3-1] [1-1000000]", vec![usize::MAX]),
        ] {
            assert_eq!(cited(words), expect, "{words}");
        }
    }

    #[test]
    fn citations_are_renumbered_and_taken_out() {
        for (words, expect) in [
            ("Tak [3]. Nie [7][3].", "Tak [1]. Nie [2][1]."),
            ("Tak [3, 8].", "Tak [1]."),
            ("Tak [3] [8] i [8].", "Tak [1]  i [1]."),
            ("[x] [9]", "[x] "),
            ("ż[3]ż", "ż[1]ż"),
        ] {
            let number = |number| match number {
                3 | 8 => Some(1),
                7 => Some(2),
                _ => None,
            };
            assert_eq!(rewritten(words, number), expect, "{words}");
        }
        assert_eq!(without("Ala [1] ma [2-3] kota."), "Ala  ma  kota.");
    }
}
