//! Where sentences begin and end in Polish prose, and in English where that is read the same way.
//!
//! Rather two sentences taken for one than one cut in two: what is quoted must never stop in the middle. So a
//! full stop after an abbreviation ends nothing, even where it may (`w 2025 r. Spółka…`), unless the line ends.

use std::ops::Range;

/// The sentences of a text, without the white space around them. A line's end always ends one.
pub fn split(text: &str) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        let mut start = 0;
        for (at, mark) in line.match_indices(['.', '!', '?', '…']) {
            let end = at + mark.len();
            if end > start && ends_sentence(line, at, mark) {
                let closed =
                    line.get(end..).map_or(0, |rest| rest.len() - rest.trim_start_matches(CLOSING).len());
                push(text, line_start + start..line_start + end + closed, &mut sentences);
                start = end + closed;
            }
        }
        push(text, line_start + start..line_start + line.len(), &mut sentences);
        line_start += line.len();
    }
    sentences
}

/// What may stand between a sentence's mark and the space after it.
const CLOSING: [char; 9] = ['.', '!', '?', '…', '"', '”', '’', '»', ')'];
/// What may stand before a sentence's first letter.
const OPENING: [char; 6] = ['"', '„', '‚', '«', '(', '['];

/// Whether the mark at this place of a line ends a sentence.
fn ends_sentence(line: &str, at: usize, mark: &str) -> bool {
    let (before, after) =
        (line.get(..at).unwrap_or_default(), line.get(at + mark.len()..).unwrap_or_default());
    let after = after.trim_start_matches(CLOSING);
    let next = after.trim_start();
    if next.is_empty() {
        return true;
    }
    // `3.5`, `np.pl` and `tzw.` glued to the next word are no ends; neither is `„Co teraz?” – pyta`.
    next.len() < after.len()
        && next
            .trim_start_matches(['–', '—', '-', '•', ' '])
            .trim_start_matches(OPENING)
            .starts_with(|first: char| first.is_uppercase() || first.is_ascii_digit())
        && (mark != "." || !is_abbreviation(before))
}

/// Whether the text before a full stop ends with an abbreviation or an initial.
pub(crate) fn is_abbreviation(before: &str) -> bool {
    let start =
        before.rfind(|c: char| !c.is_alphabetic()).map_or(0, |at| at + before.get(at..).map_or(0, first_len));
    let word = before.get(start..).unwrap_or_default();
    let mut letters = word.chars();
    match (letters.next(), letters.next()) {
        (None, _) => false,
        // `J.`, `r.`, and the parts of `m.in.` and `Sp. z o.o.`
        (Some(_), None) => true,
        (Some(_), Some(_)) => ABBREVIATIONS.contains(&&*word.to_lowercase()),
    }
}

fn first_len(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

/// Abbreviations that are written with a full stop and have more than one letter.
#[rustfmt::skip]
const ABBREVIATIONS: [&str; 69] = [
    "abp", "al", "art", "bp", "ca", "cd", "dł", "dol", "doc", "dr", "dyr", "gen", "gm", "godz", "gr", "hab", "im", "in",
    "inż", "kard", "kl", "kpt", "ks", "kw", "lek", "lic", "łac", "maks", "max", "mec", "med", "mgr", "mies", "min", "mjr", "mr", "mrs",
    "np", "nr", "ok", "os", "pkt", "pl", "płk", "pn", "por", "poz", "proc", "prof", "przyp", "pt", "red", "rep",
    "sek", "sp", "st", "str", "sygn", "św", "tel", "tj", "tys", "tzn", "tzw", "ul", "ust", "ww", "wg", "zob",
];

/// Adds the range without the white space at its ends, if anything is left.
fn push(text: &str, range: Range<usize>, sentences: &mut Vec<Range<usize>>) {
    let Some(whole) = text.get(range.clone()) else { return };
    let start = range.end - whole.trim_start().len();
    let end = range.start + whole.trim_end().len();
    if start < end {
        sentences.push(start..end);
    }
}

#[cfg(test)]
mod tests;
