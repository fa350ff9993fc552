//! How people really type: variants of a question made by rule, the same every time.

use hub_domain::text;

/// The question without diacritics, in lower case, without punctuation: typed in a hurry on an old telephone.
pub fn stripped(question: &str) -> String {
    let mut words = Vec::new();
    text::words(question, &mut |word| words.push(word.to_owned()));
    words.join(" ")
}

/// The stripped question with `count` typos, each in another of its longest words: two neighbouring letters
/// change places, a letter is left out, or one is typed twice, in turn. `seed` chooses where.
pub fn mistyped(question: &str, count: usize, seed: u64) -> String {
    let stripped = stripped(question);
    let mut words: Vec<Vec<char>> = stripped.split(' ').map(|word| word.chars().collect()).collect();
    let mut longest: Vec<usize> = (0..words.len()).collect();
    longest.sort_by_key(|at| std::cmp::Reverse(words.get(*at).map_or(0, Vec::len)));
    let mut state = seed;
    for at in longest.into_iter().take(count) {
        // Knuth's multiplier; the high bits are the good ones.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        if let Some(word) = words.get_mut(at) {
            mistype(word, state >> 33);
        }
    }
    words.into_iter().map(String::from_iter).collect::<Vec<String>>().join(" ")
}

fn mistype(word: &mut Vec<char>, random: u64) {
    let Ok(length) = u64::try_from(word.len()) else { return };
    if length < 3 {
        return;
    }
    // Not the first letter and not the last: those are rarely missed.
    let Ok(at) = usize::try_from(1 + (random / 3) % (length - 2)) else { return };
    match (random % 3, word.get(at).copied()) {
        (0, Some(_)) if at + 1 < word.len() => word.swap(at, at + 1),
        (1, Some(_)) => {
            word.remove(at);
        }
        (_, Some(letter)) => word.insert(at, letter),
        (_, None) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stripped_question_is_plain() {
        assert_eq!(stripped("Ile kosztuje MIESZKANIE w Łodzi?"), "ile kosztuje mieszkanie w lodzi");
    }

    #[test]
    fn typos_come_in_the_longest_words_and_are_the_same_every_time() {
        let question = "ile kosztuje mieszkanie w Łodzi?";
        let mistyped = |seed| super::mistyped(question, 2, seed);
        assert_eq!(mistyped(1), mistyped(1));
        for seed in 0..50 {
            let typed = mistyped(seed);
            let changed = typed
                .split(' ')
                .zip(stripped(question).split(' ').map(str::to_owned))
                .filter(|(a, b)| a != b)
                .count();
            assert!((1..=2).contains(&changed), "{typed}");
            assert!(typed.starts_with("ile ") && typed.ends_with(" w lodzi"), "{typed}");
        }
    }
}
