//! The language a question is asked in, which its answer takes.

use crate::text;

/// A language that answers are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Polish.
    Polish,
    /// English.
    English,
}

impl Language {
    /// Its English name, for models.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Polish => "Polish",
            Self::English => "English",
        }
    }
}

/// Letters that only Polish has, of the two.
const POLISH_LETTERS: &str = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ";
/// Folded words without which there is hardly a Polish question. None of them is English.
const POLISH: [&str; 40] = [
    "bedzie",
    "byl",
    "byla",
    "co",
    "czy",
    "czym",
    "dla",
    "dlaczego",
    "gdzie",
    "ile",
    "ilu",
    "jak",
    "jaka",
    "jaki",
    "jakich",
    "jakie",
    "jest",
    "kiedy",
    "kim",
    "kto",
    "ktora",
    "ktore",
    "ktory",
    "ma",
    "maja",
    "mozna",
    "nad",
    "nie",
    "od",
    "oraz",
    "po",
    "przez",
    "przy",
    "sa",
    "sie",
    "w",
    "wiadomosci",
    "z",
    "za",
    "ze",
];
/// The same of English.
const ENGLISH: [&str; 34] = [
    "about", "and", "any", "are", "at", "can", "did", "does", "for", "from", "has", "have", "how", "in",
    "is", "it", "latest", "many", "much", "news", "of", "the", "there", "what", "when", "where", "which",
    "who", "why", "will", "with", "would", "you", "your",
];

/// The language of a question; `None` where its words don't tell.
pub fn of(question: &str) -> Option<Language> {
    if question.contains(|letter| POLISH_LETTERS.contains(letter)) {
        return Some(Language::Polish);
    }
    let (mut polish, mut english) = (0, 0);
    text::words(question, &mut |word| {
        polish += usize::from(POLISH.binary_search(&word).is_ok());
        english += usize::from(ENGLISH.binary_search(&word).is_ok());
    });
    match polish.cmp(&english) {
        std::cmp::Ordering::Greater => Some(Language::Polish),
        std::cmp::Ordering::Less => Some(Language::English),
        std::cmp::Ordering::Equal => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_sorted_and_of_one_language() {
        assert!(POLISH.is_sorted() && ENGLISH.is_sorted());
        assert!(!POLISH.iter().any(|word| ENGLISH.contains(word)));
    }

    #[test]
    fn a_question_tells_its_language_by_its_small_words() {
        for (question, expect) in [
            ("Ile wyniesie kaucja?", Some(Language::Polish)),
            ("ile kosztuje bilet do portu", Some(Language::Polish)),
            ("żółw", Some(Language::Polish)),
            ("how much is the deposit for a jar", Some(Language::English)),
            ("When does the bridge in Warsaw open?", Some(Language::English)),
            ("What is the price at Żabka?", Some(Language::Polish)),
            ("kaucja", None),
            ("bitcoin 2026", None),
            ("", None),
        ] {
            assert_eq!(of(question), expect, "{question}");
        }
    }
}
