//! Words as search sees them: the one normaliser of texts and of the questions asked about them.
//!
//! Lower case, no diacritics, split at everything that is neither a letter nor a digit, then stemmed. Letters
//! are folded before stemming, so that people who write without `ąęłśżź` find the same things as those who
//! write with them.

use std::borrow::Cow;

use frostem::{Algorithm, Stemmer};

use crate::folding;

pub(crate) mod latin;

/// Changes whenever the same text gives other tokens: what was indexed under another version is indexed anew.
pub const VERSION: u32 = 1;

/// Gives the stem of each word, in order.
pub fn tokens(text: &str, out: &mut impl FnMut(&str)) {
    words(text, &mut |word| out(&stem(word)));
}

/// The tokens with a space between each two: what a full-text index stores and is asked for.
pub fn normalise(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    tokens(text, &mut |token| {
        if !normal.is_empty() {
            normal.push(' ');
        }
        normal.push_str(token);
    });
    normal
}

/// Gives each word in lower case and plain letters, not stemmed, in order.
pub fn words(text: &str, out: &mut impl FnMut(&str)) {
    let mut word = String::new();
    for character in text.chars().flat_map(char::to_lowercase).filter(|c| !folding::is_mark(*c)) {
        match folding::plain(character) {
            Some(plain) => plain.chars().for_each(|letter| add(letter, &mut word, out)),
            None => add(character, &mut word, out),
        }
    }
    add(' ', &mut word, out);
}

/// The stem of a word from [`words`]: Polish endings off, then English ones.
///
/// Both for every word: the language of a five-word message can't be told, and whatever the first step made one
/// the second keeps one. Words with digits or letters of other scripts are left alone.
pub fn stem(word: &str) -> Cow<'_, str> {
    if !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Cow::Borrowed(word);
    }
    let polish = Stemmer::new(Algorithm::Polish).stem(word);
    let stem = Stemmer::new(Algorithm::English).stem(&polish).into_owned();
    if stem.is_empty() { Cow::Borrowed(word) } else { Cow::Owned(stem) }
}

/// Lengthens the word by a letter or digit; anything else ends it.
fn add(character: char, word: &mut String, out: &mut impl FnMut(&str)) {
    if character.is_alphanumeric() {
        word.push(character);
    } else if !word.is_empty() {
        out(word);
        word.clear();
    }
}

#[cfg(test)]
mod tests;
