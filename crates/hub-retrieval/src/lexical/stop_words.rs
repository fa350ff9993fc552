//! Words that say nothing about what a text is about, Polish and English, folded.
//!
//! Short on purpose: a word that is missing here weighs little anyway, because nearly every passage has it.

/// Whether a folded word is one of them.
pub(crate) fn contains(word: &str) -> bool {
    WORDS.binary_search(&word).is_ok()
}

/// Sorted.
#[rustfmt::skip]
const WORDS: [&str; 176] = [
    "a", "aby", "albo", "ale", "am", "an", "and", "any", "are", "as", "at", "az", "azeby", "bardzo", "be",
    "beda", "bedzie", "bez", "bo", "by", "byc", "byl", "byla", "bylo", "byly", "can", "chce", "co", "cos",
    "czemu", "czy", "czyli", "dla", "dlaczego", "do", "does", "for", "from", "gdy", "gdyby", "gdzie", "go",
    "has", "have", "hej", "how", "i", "ich", "ile", "im", "in", "innych", "is", "it", "ja", "jak", "jaka",
    "jaki", "jakich", "jakie", "jako", "je", "jego", "jej", "jesli", "jest", "jestem", "jezeli", "juz", "kazdy",
    "kiedy", "kim", "kogo", "kto", "ktora", "ktore", "ktorego", "ktorej", "ktory", "ktorych", "ktorym", "lub",
    "ma", "maja", "mam", "mi", "mnie", "moga", "moge", "moj", "moja", "moje", "moze", "mozna", "my", "na",
    "nad", "nam", "nas", "nasz", "nawet", "nia", "nich", "nie", "niej", "nim", "niz", "no", "o", "od", "of",
    "on", "ona", "one", "oni", "oraz", "po", "pod", "poniewaz", "powinien", "przed", "przez", "przy", "sa",
    "sie", "skad", "so", "sobie", "ta", "tak", "taki", "takie", "tam", "te", "tego", "tej", "ten", "teraz",
    "tez", "that", "the", "their", "there", "they", "this", "to", "trzeba", "tu", "tych", "tylko", "tym", "u",
    "w", "wam", "was", "we", "what", "when", "where", "which", "who", "why", "wiec", "will", "with", "wszystko",
    "wy", "you", "your", "z", "za", "zamiast", "ze", "zeby", "zostal", "zostanie",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_folded() {
        assert!(WORDS.windows(2).all(|pair| pair[0] < pair[1]));
        for word in WORDS {
            let mut folded = Vec::new();
            hub_domain::text::words(word, &mut |word| folded.push(word.to_owned()));
            assert_eq!(folded, [word]);
        }
    }
}
