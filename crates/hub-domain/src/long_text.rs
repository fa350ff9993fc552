//! Cutting a text that is too long for one message into parts that read well.
//!
//! A part ends where a paragraph, a line, a sentence or a clause does, else after a word; only a single word
//! longer than a part is cut inside, and then never inside what shows as one character. Nothing is lost but the
//! white space at the cuts.

use crate::{segments, sentences::is_abbreviation};

/// The longest body Twilio takes, on any channel.
pub const LONGEST: usize = 1600;

/// The most parts that one text may leave in: a text file pasted by mistake is not a message.
pub const MOST_PARTS: usize = 10;

/// How much a part may hold. A limit below one character counts as one character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartLimit {
    /// Length in UTF-16 units: no way of counting characters gives more. Above [`LONGEST`] it is that.
    pub chars: usize,
    /// Segments, when the cost matters more than the number of messages.
    pub segments: Option<usize>,
}

/// The length of a text as it is held against [`LONGEST`]: no way of counting characters gives more.
pub fn length(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// Cuts a text into parts within the limit, in order.
///
/// A text within the limit comes back as it is, byte for byte, the empty one too (a picture without a caption
/// is one message). No part is empty otherwise, unless a text over the limit is nothing but white space.
pub fn split(text: &str, limit: PartLimit) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        let fits = limit.fits(rest);
        if fits >= rest.len() {
            if parts.is_empty() || !rest.is_empty() {
                parts.push(rest.to_owned());
            }
            return parts;
        }
        let end = word_end(rest, fits).unwrap_or_else(|| inside_word(rest, fits));
        let (part, after) = rest.split_at(end);
        let part = part.trim_end_matches(is_gap);
        if !part.is_empty() {
            parts.push(part.to_owned());
        }
        rest = after.trim_start_matches(is_gap);
    }
}

impl PartLimit {
    /// Bytes of the longest beginning of the text that is within the limit; at least its first character.
    fn fits(self, text: &str) -> usize {
        // No alphabet gives a segment more than 160 characters: the search below stays short.
        let room = self.segments.map_or(LONGEST, |segments| segments.max(1).saturating_mul(160));
        let room = room.min(self.chars).min(LONGEST);
        let mut units = 0;
        let within = |&(_, character): &(usize, char)| {
            units += character.len_utf16();
            units <= room
        };
        let ends: Vec<usize> =
            text.char_indices().take_while(within).map(|(at, character)| at + character.len_utf8()).collect();
        let fitting = match self.segments {
            // More text never takes fewer segments, which makes halving sound.
            Some(most) => ends.partition_point(|&end| {
                text.get(..end).is_some_and(|start| segments::count(start).segments <= most.max(1))
            }),
            None => ends.len(),
        };
        let last = fitting.checked_sub(1).and_then(|last| ends.get(last));
        last.copied().unwrap_or_else(|| text.chars().next().map_or(0, char::len_utf8))
    }
}

/// How good a place to cut is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Seam {
    Word,
    Clause,
    Sentence,
    Line,
    Paragraph,
}

/// The best place to cut within `fits` bytes: the strongest seam in the second half, the later of two equal
/// ones. In the first half every seam is only the end of a word: few parts come before pretty ones.
fn word_end(text: &str, fits: usize) -> Option<usize> {
    let mut after_gap = true;
    let mut best = None;
    for (at, character) in text.char_indices().take_while(|(at, _)| *at <= fits) {
        let gap = is_gap(character);
        if gap && !after_gap {
            let seam = if at >= fits / 2 { seam_at(text, at) } else { Seam::Word };
            best = best.max(Some((seam, at)));
        }
        after_gap = gap;
    }
    best.map(|(_, at)| at)
}

/// What ends at the end of this word.
fn seam_at(text: &str, at: usize) -> Seam {
    let (before, after) = text.split_at(at);
    let lines = after.chars().take_while(|c| is_gap(*c)).filter(|c| *c == '\n').take(2).count();
    let closing = ['"', '\'', '”', '’', '»', ')', ']'];
    let before = before.trim_end_matches(closing);
    match (lines, before.chars().next_back()) {
        (2.., _) => Seam::Paragraph,
        (1, _) => Seam::Line,
        // `ul. Długa`, `godz. 8` are not to be torn apart.
        (0, Some('.')) if is_abbreviation(before.trim_end_matches('.')) => Seam::Word,
        (0, Some('.' | '!' | '?' | '…')) => Seam::Sentence,
        (0, Some(';')) => Seam::Clause,
        (0, _) => Seam::Word,
    }
}

/// The last place within `fits` bytes that does not tear apart what shows as one character; where one alone is
/// longer than that, between two of its code points.
fn inside_word(text: &str, fits: usize) -> usize {
    let mut previous = None;
    let mut half_flag = false;
    let mut cut = None;
    for (at, character) in text.char_indices().take_while(|(at, _)| *at <= fits) {
        let flag = matches!(character, '\u{1f1e6}'..='\u{1f1ff}');
        let second_half = flag && half_flag;
        if at > 0 && !second_half && !continues(character) && previous != Some(JOINER) {
            cut = Some(at);
        }
        half_flag = flag && !half_flag;
        previous = Some(character);
    }
    cut.unwrap_or(fits)
}

/// Glues two emoji into one.
const JOINER: char = '\u{200d}';

/// Whether a character belongs to the one before it: accents, joiners, variation selectors, keycaps, skin tones
/// and the tags of regional flags.
const fn continues(character: char) -> bool {
    matches!(character,
        '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}'
        | '\u{fe20}'..='\u{fe2f}' | '\u{fe00}'..='\u{fe0f}' | JOINER | '\u{1f3fb}'..='\u{1f3ff}'
        | '\u{e0020}'..='\u{e007f}')
}

/// White space where a line may break: not the kinds that hold `10 zł` together.
fn is_gap(character: char) -> bool {
    character.is_whitespace() && !matches!(character, '\u{a0}' | '\u{2007}' | '\u{202f}')
}

#[cfg(test)]
mod tests;
