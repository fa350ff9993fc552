//! Writing a text so that it fits the network's 7-bit alphabet.
//!
//! One `ą` or one curly quote more than halves what a segment holds. Folding replaces exactly the characters
//! that cause it and have a plain look-alike; `ä`, `é` and the other letters that the alphabet has stay as they
//! are, and so do emoji and other scripts.

use std::borrow::Cow;

use crate::{
    links,
    segments::{self, is_gsm7},
    text::latin,
};

/// Replaces every character that forces UCS-2 and has a plain equivalent. Doing it again changes nothing.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut after_kept = false;
    for character in text.chars() {
        if let Some(plain) = replacement(character, after_kept) {
            folded.push_str(plain);
            after_kept &= plain.is_empty();
        } else {
            folded.push(character);
            after_kept = !is_gsm7(character);
        }
    }
    folded
}

/// The text with its words folded where that saves segments. Links stay as they are: `…/wiki/Łódź` with other letters
/// leads nowhere.
pub fn around_links(text: &str) -> Cow<'_, str> {
    let before = segments::count(text);
    if before.forced_by.is_empty() {
        return text.into();
    }
    let mut folded = String::with_capacity(text.len());
    let mut from = 0;
    for link in links::whole(text) {
        folded.push_str(&fold(text.get(from..link.start).unwrap_or_default()));
        folded.push_str(text.get(link.clone()).unwrap_or_default());
        from = link.end;
    }
    folded.push_str(&fold(text.get(from..).unwrap_or_default()));
    if segments::count(&folded).segments < before.segments { folded.into() } else { text.into() }
}

/// The plain equivalent of a character, whatever alphabet it is in; empty for one that shows nothing.
pub(crate) const fn plain(character: char) -> Option<&'static str> {
    Some(match character {
        '„' | '“' | '”' | '‟' | '″' | '«' | '»' => "\"",
        '‘' | '’' | '‚' | '‛' | '′' | '‹' | '›' | 'ʼ' | '´' | '`' => "'",
        '\u{2010}'..='\u{2015}' | '−' | '•' | '‣' | '◦' => "-",
        '…' => "...",
        // The spaces of every width, the ones that don't break a line and the tab.
        '\t' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => " ",
        '\u{2028}' | '\u{2029}' => "\n",
        // Soft hyphen, zero-width space, word joiner, byte order mark.
        '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' => "",
        _ => return latin::plain(character),
    })
}

/// A character that only changes the one before it: accents, joiners, direction marks, variation selectors.
pub(crate) const fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{200c}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}')
}

/// What to write in place of a character; `None` to keep it. A mark goes unless it belongs to a character that
/// was kept: without its joiners a family of emoji falls apart, and `й` is not `и`.
fn replacement(character: char, after_kept: bool) -> Option<&'static str> {
    if is_gsm7(character) {
        None
    } else if is_mark(character) {
        (!after_kept).then_some("")
    } else {
        plain(character)
    }
}

#[cfg(test)]
mod tests;
