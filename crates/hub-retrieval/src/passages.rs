//! Passages: the pieces of an article that are embedded, indexed and cited.
//!
//! Cut exactly as the earlier program cut them (`LangChain`'s recursive splitter), and named as it named them:
//! embeddings that an installation has already paid for stay valid. A passage is a range of its article's text,
//! so that whatever shows it can look at what stands around it. Never cuts inside a character.

use std::{collections::VecDeque, fmt, ops::Range};

use serde::{Deserialize, Serialize};
use sha1::{Digest, Sha1};

use crate::article::Article;

/// How long passages are; the default is that of the earlier program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// The longest passage, in characters.
    pub limit: usize,
    /// How much of a passage's end the next one may begin with, in characters; less than the limit.
    pub overlap: usize,
}

impl Default for Cut {
    fn default() -> Self {
        Self { limit: 900, overlap: 120 }
    }
}

/// Where a text may be cut, the better place first; after the last of them, between any two characters.
const SEAMS: [&str; 3] = ["\n\n", "\n", " "];

/// Cuts a text into passages: byte ranges, in order, without white space at their ends. None is empty.
pub fn split(text: &str, cut: Cut) -> Vec<Range<usize>> {
    let mut cutting = Cutting { text, cut, passages: Vec::new() };
    cutting.split_within(0..text.len(), &SEAMS);
    cutting.passages
}

/// The name of a passage: the same for the same text at the same place of the same page. Shown as 40 digits, the
/// name by which vectors and documents know it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PassageId([u8; 20]);

impl PassageId {
    /// Of the passage that is the `index`-th of its page.
    pub fn new(url: &str, index: usize, passage: &str) -> Self {
        let text = Self(Sha1::digest(passage).into());
        Self(Sha1::digest(format!("{url}|{index}|{text}")).into())
    }

    /// Reads the 40 digits.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 20];
        let digits = text.as_bytes();
        if digits.len() != 2 * bytes.len() {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
            *byte = pair.iter().try_fold(0_u8, |byte, digit| {
                let value = char::from(*digit).to_digit(16)?;
                Some(byte << 4 | u8::try_from(value).ok()?)
            })?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for PassageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for PassageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PassageId({self})")
    }
}

/// What is embedded and indexed: a passage alone often doesn't say what it is about.
pub fn with_heading(article: &Article, passage: &str) -> String {
    if article.category.is_empty() {
        format!("{}\n{passage}", article.title)
    } else {
        format!("[{}] {}\n{passage}", article.category, article.title)
    }
}

/// A range of the text and its length in characters.
struct Piece {
    range: Range<usize>,
    chars: usize,
}

/// A text that is being cut.
struct Cutting<'a> {
    text: &'a str,
    cut: Cut,
    passages: Vec<Range<usize>>,
}

impl Cutting<'_> {
    /// Cuts a range of the text at the best seam it has; what is still too long is cut at the next best.
    fn split_within(&mut self, range: Range<usize>, seams: &[&str]) {
        let within = self.text.get(range.clone()).unwrap_or_default();
        let found = seams.iter().position(|seam| within.contains(seam));
        let (pieces, rest) = match found.and_then(|at| Some((seams.get(at)?, seams.get(at + 1..)))) {
            Some((seam, rest)) => (pieces_at(within, range.start, seam), rest),
            None => (characters(within, range.start), None),
        };
        let mut small = Vec::new();
        for piece in pieces {
            if piece.chars < self.cut.limit {
                small.push(piece);
            } else {
                self.pack(&std::mem::take(&mut small));
                self.split_within(piece.range, rest.unwrap_or_default());
            }
        }
        self.pack(&small);
    }

    /// Joins neighbouring pieces to passages as long as the limit allows; each begins with the last pieces of the
    /// one before, as long as the overlap allows.
    fn pack(&mut self, pieces: &[Piece]) {
        let Cut { limit, overlap } = self.cut;
        let mut kept: VecDeque<&Piece> = VecDeque::new();
        let mut chars = 0;
        for piece in pieces {
            if chars + piece.chars > limit {
                self.passages.extend(trimmed(self.text, &kept));
                while chars > overlap || (chars + piece.chars > limit && chars > 0) {
                    chars -= kept.pop_front().map_or(chars, |first| first.chars);
                }
            }
            kept.push_back(piece);
            chars += piece.chars;
        }
        self.passages.extend(trimmed(self.text, &kept));
    }
}

/// Pieces that begin with the seam, but for the first.
fn pieces_at(within: &str, start: usize, seam: &str) -> Vec<Piece> {
    let mut ends: Vec<usize> = within.match_indices(seam).map(|(at, _)| at).collect();
    ends.push(within.len());
    let mut from = 0;
    let mut pieces = Vec::with_capacity(ends.len());
    for end in ends {
        if let Some(piece) = within.get(from..end).filter(|piece| !piece.is_empty()) {
            pieces.push(Piece { range: start + from..start + end, chars: piece.chars().count() });
            from = end;
        }
    }
    pieces
}

fn characters(within: &str, start: usize) -> Vec<Piece> {
    let piece = |(at, character): (usize, char)| Piece {
        range: start + at..start + at + character.len_utf8(),
        chars: 1,
    };
    within.char_indices().map(piece).collect()
}

/// The range of all the pieces, without the white space at its ends; `None` when nothing is left.
fn trimmed(text: &str, pieces: &VecDeque<&Piece>) -> Option<Range<usize>> {
    let range = pieces.front()?.range.start..pieces.back()?.range.end;
    let whole = text.get(range.clone())?;
    let start = range.end - whole.trim_start_matches(is_space).len();
    let end = range.start + whole.trim_end_matches(is_space).len();
    (start < end).then_some(start..end)
}

/// White space as the earlier program saw it: Python counts four separators of ASCII, too.
fn is_space(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{1c}'..='\u{1f}')
}

#[cfg(test)]
mod tests;
