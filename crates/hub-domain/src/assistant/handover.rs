//! A customer who wants a person gets one before any model is asked.

use crate::text;

/// Words, folded, by which people ask for a person.
const WORDS: [&str; 24] = [
    "agent",
    "agenta",
    "agentem",
    "czlowiek",
    "czlowieka",
    "czlowiekiem",
    "doradca",
    "doradce",
    "doradcy",
    "human",
    "konsultant",
    "konsultanta",
    "konsultantem",
    "konsultantka",
    "konsultantke",
    "operator",
    "operatora",
    "operatorem",
    "person",
    "pracownik",
    "pracownika",
    "pracownikiem",
    "representative",
    "someone",
];
/// Longer texts with such a word are about something else: an operator of a crane, an insurance agent.
const MOST_WORDS: usize = 8;

/// Whether the text asks for a person.
pub fn is_wanted(body: &str) -> bool {
    let (mut count, mut found) = (0, false);
    text::words(body, &mut |word| {
        count += 1;
        found |= WORDS.binary_search(&word).is_ok();
    });
    found && count <= MOST_WORDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_sorted() {
        assert!(WORDS.is_sorted());
    }

    #[test]
    fn people_ask_for_a_person_in_few_words() {
        for body in [
            "człowiek",
            "CZŁOWIEK!",
            "Konsultant",
            "chcę rozmawiać z człowiekiem",
            "polacz z konsultantem prosze",
            "human",
            "I want to talk to a human",
            "real person please",
            "Proszę o kontakt z doradcą? Doradca!",
        ] {
            assert!(is_wanted(body), "{body}");
        }
        for body in [
            "",
            "Macie chleb?",
            "nieludzkie ceny",
            "człowieku",
            "humanitarna pomoc",
            "Szukam pracy jako operator wózka widłowego, czy macie może jakieś wolne miejsca?",
        ] {
            assert!(!is_wanted(body), "{body}");
        }
    }
}
