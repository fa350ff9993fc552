//! Whether each statement of an answer says where it is from.
//!
//! A citation stands in its sentence or behind it; one at the beginning of a line is the sentence's that follows.
//! What states nothing needs none: courtesies, a question at the end, and a line that leads to the next.

use std::ops::Range;

use super::citations;
use crate::{sentences, text};

/// A longer question at the end states something.
const LONGEST_QUESTION: usize = 12;
/// Folded words of which courtesies are made. Nothing can be stated with them.
const COURTESIES: &[&str] = &[
    "a",
    "afternoon",
    "asking",
    "czesc",
    "dear",
    "dla",
    "dnia",
    "dobry",
    "dzien",
    "dziekuje",
    "dziekujemy",
    "evening",
    "for",
    "good",
    "have",
    "hej",
    "hello",
    "hi",
    "i",
    "madam",
    "milego",
    "morning",
    "nice",
    "day",
    "pan",
    "pana",
    "pani",
    "panie",
    "panstwa",
    "panstwo",
    "panu",
    "pozdrawiam",
    "pozdrawiamy",
    "pytanie",
    "question",
    "regards",
    "serdecznie",
    "sir",
    "szanowna",
    "szanowni",
    "szanowny",
    "thank",
    "thanks",
    "there",
    "wieczor",
    "witaj",
    "witam",
    "you",
    "za",
];

/// Whether a statement cites nothing.
pub(super) fn has_uncited(said: &str) -> bool {
    let (bare, places) = citations::places(said);
    let sentences = sentences::split(&bare);
    let cited: Vec<usize> = places.iter().filter_map(|place| cited_at(*place, &bare, &sentences)).collect();
    let is_stated = |(at, range): (usize, &Range<usize>)| {
        let sentence = bare.get(range.clone()).unwrap_or_default();
        !cited.contains(&at) && is_statement(sentence, at + 1 == sentences.len())
    };
    sentences.iter().enumerate().any(is_stated)
}

/// Which sentence a citation belongs to.
fn cited_at(place: usize, bare: &str, sentences: &[Range<usize>]) -> Option<usize> {
    let (before, after) = (bare.get(..place)?, bare.get(place..)?);
    let begins_line = before.rsplit('\n').next().unwrap_or_default().trim().is_empty();
    let ends_line = after.split('\n').next().unwrap_or_default().trim().is_empty();
    if begins_line && !ends_line {
        sentences.iter().position(|sentence| sentence.end > place)
    } else {
        sentences.iter().rposition(|sentence| sentence.start < place)
    }
}

fn is_statement(sentence: &str, is_last: bool) -> bool {
    let (mut count, mut is_courtesy) = (0, true);
    text::words(sentence, &mut |word| {
        // The number of an item is no statement.
        if word.contains(char::is_alphabetic) {
            count += 1;
            is_courtesy &= COURTESIES.contains(&word);
        }
    });
    let leads_on = !is_last && sentence.ends_with(':');
    let asks = is_last && sentence.ends_with('?') && count <= LONGEST_QUESTION;
    !(is_courtesy || leads_on || asks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_statement_says_where_it_is_from() {
        for words in [
            "Kaucja wyniesie 1,50 zl [1]. Most otwarto [2].",
            "Kaucja wyniesie 1,50 zl. [1] Most otwarto. [2][3]",
            "Kaucja wyniesie 1,50 zl.[1]\nMost otwarto.\n[2]",
            "[1] Kaucja wyniesie 1,50 zl.\n[2] Most otwarto.",
            "Mówi [1], że most otwarto.",
            "Dzień dobry! Most otwarto [1]. Czy mogę jeszcze w czymś pomóc?",
            "Hello, thank you for asking. The bridge is open [1]. Have a nice day!",
            "Potrzebne są:\n1. Dowód [1]\n2. Wniosek [1]",
            "Most przy ul. Długiej 5 otwarto w 2026 r. [1]",
            "",
        ] {
            assert!(!has_uncited(words), "{words}");
        }
        for words in [
            "Kaucja wyniesie 1,50 zl [1]. Most otwarto.",
            "Kaucja wyniesie 1,50 zl. Most otwarto [1].",
            "Kaucja wyniesie 1,50 zl.\n[1] Most otwarto.",
            "Most otwarto\nKaucja wyniesie 1,50 zl [1]",
            "Witam, most otwarto. Kaucja wyniesie 1,50 zl [1].",
            "Czy most otwarto? Kaucja wyniesie 1,50 zl [1].",
            "Kaucja wyniesie 1,50 zl [1]. Czy wiesz, że most nad rzeką w środku miasta \
             zamknięto wczoraj do odwołania z powodu powodzi?",
            "Kaucja wyniesie 1,50 zl [1]. Oprócz tego:",
        ] {
            assert!(has_uncited(words), "{words}");
        }
    }
}
