use proptest::prelude::*;

use super::*;
use crate::hits::Hit;

fn search(index: &LexicalIndex, question: &str) -> Vec<Hit> {
    index.search(&Query::new(question), 10, None).hits
}

fn numbers(index: &LexicalIndex, question: &str) -> Vec<u32> {
    search(index, question).iter().map(|hit| hit.number).collect()
}

fn of(passages: &[&str]) -> LexicalIndex {
    LexicalIndex::build((0..).zip(passages.iter().copied())).unwrap()
}

const PASSAGES: [&str; 4] = [
    "Piekarnia otworzyła dwunasty sklep przy dworcu kolejowym.",
    "Łódź: mieszkania tanieją szósty miesiąc.",
    "Kurierzy rowerowi dostaną etaty i rowery.",
    "Nocny pociąg do Berlina wróci na tory. Pociąg odjedzie o 19.40.",
];

#[test]
fn forms_typos_and_missing_letters_find_the_same() {
    let index = of(&PASSAGES);
    for (question, expect) in [
        ("piekarnie", 0),
        ("pieknarnia", 0),
        ("mieszkanie w lodzi", 1),
        ("MIESZKANIE W ŁODZI", 1),
        ("rower dla kuriera", 2),
        ("kurjer", 2),
        ("pociagiem do berlina", 3),
        ("19.40", 3),
    ] {
        assert_eq!(numbers(&index, question).first(), Some(&expect), "{question}");
    }
}

#[test]
fn nothing_is_found_for_nothing() {
    let index = of(&PASSAGES);
    for question in ["", "?!", "zzzz"] {
        let matches = index.search(&Query::new(question), 10, None);
        assert!(matches.hits.is_empty(), "{question}");
        assert!(matches.confidence() <= 0.0);
    }
    assert!(search(&LexicalIndex::default(), "pociąg").is_empty());
    assert_eq!(index.search(&Query::new("pociąg"), 0, None).hits, []);
}

#[test]
fn scores_are_bm25() {
    // "kot" stands in the first passage only. It is three tokens, ^kot, kot$ and #kot, each with the weight
    // ln(1 + 1.5/1.5); "pies mysz" has eight.
    for (passage, times) in [("kot", 1.0_f32), ("kot, kot!", 2.0)] {
        let index = of(&[passage, "pies mysz"]);
        let weight = 2.0_f32.ln();
        let length = 3.0 * times;
        let below = 1.2 * (1.0 - 0.75 + 0.75 * length / f32::midpoint(length, 8.0));
        let expect = 3.0 * weight * 2.2 * times / (times + below);
        let matches = index.search(&Query::new("kot"), 10, None);
        assert_eq!(matches.hits.len(), 1);
        assert!((matches.hits[0].score - expect).abs() < 1e-5, "{matches:?} {expect}");
        assert!((matches.most - 3.0 * weight * 2.2).abs() < 1e-5);
        let twice = index.search(&Query::new("kot kot"), 10, None);
        assert!((twice.hits[0].score - 2.0 * expect).abs() < 1e-5, "a word asked for twice counts twice");
    }
}

#[test]
fn equal_scores_come_in_the_order_of_numbers() {
    let index = of(&["kot", "pies", "kot", "kot"]);
    assert_eq!(numbers(&index, "kot"), [0, 2, 3]);
    assert_eq!(
        index.search(&Query::new("kot"), 2, None).hits.iter().map(|hit| hit.number).collect::<Vec<_>>(),
        [0, 2]
    );
}

#[test]
fn only_what_the_filter_has_is_found() {
    let texts = vec!["kot"; 130];
    let index = of(&texts);
    let filter = [1 << 5, 1 << 3, 1 << 1];
    let found = |filter: &[u64]| -> Vec<u32> {
        index.search(&Query::new("kot"), 10, Some(filter)).hits.iter().map(|hit| hit.number).collect()
    };
    assert_eq!(found(&filter), [5, 67, 129]);
    assert_eq!(found(&filter[..1]), [5]);
    assert!(found(&[]).is_empty());
}

#[test]
fn numbers_ascend_and_a_refused_call_changes_nothing() {
    let mut index = of(&PASSAGES);
    let refused = index.add([(7, "kot"), (7, "pies")]);
    assert_eq!(refused, Err(NotAscending { number: 7, last: 7 }));
    assert_eq!(index.add([(3, "kot")]), Err(NotAscending { number: 3, last: 3 }));
    assert_eq!((index.len(), numbers(&index, "kot")), (4, vec![]));
    index.add([(7, "kot")]).unwrap();
    assert_eq!(numbers(&index, "kot"), [7]);
}

#[test]
fn a_removed_passage_is_not_found_and_a_number_is_not_used_twice() {
    let mut index = of(&PASSAGES);
    assert!(index.contains(3) && index.remove(3) && !index.remove(3) && !index.contains(3));
    assert_eq!((index.len(), numbers(&index, "pociąg")), (3, vec![]));
    assert!(!index.remove(99));
    assert!(index.add([(3, "pociąg")]).is_err());
    for number in 0..3 {
        assert!(index.remove(number));
    }
    assert!(index.is_empty());
    assert_eq!(index.memory(), 0, "nothing is kept of what is gone");
}

#[test]
fn a_clone_is_not_touched() {
    let index = of(&PASSAGES);
    let mut other = index.clone();
    other.remove(3);
    other.add([(9, "pociąg")]).unwrap();
    assert_eq!(numbers(&index, "pociąg"), [3]);
    assert_eq!(numbers(&other, "pociąg"), [9]);
}

#[test]
fn what_stands_far_back_in_a_question_is_not_searched_for() {
    let index = of(&PASSAGES);
    let late = |words: usize| format!("{} pociąg", "xyzzy ".repeat(words));
    assert_eq!(numbers(&index, &late(199)), [3]);
    assert!(numbers(&index, &late(200)).is_empty());
}

#[test]
fn few_segments_stay_however_many_additions() {
    let mut index = LexicalIndex::default();
    for number in 0..1000 {
        index.add([(number, "kot i pies")]).unwrap();
    }
    assert!(index.parts.len() <= 11, "{}", index.parts.len());
    assert_eq!(index.len(), 1000);
}

#[test]
fn more_passages_than_a_window_are_all_searched() {
    let texts: Vec<String> = (0..9000).map(|number| format!("numer{number} kot")).collect();
    let index = LexicalIndex::build((0..).zip(texts.iter().map(String::as_str))).unwrap();
    for number in [0, 4095, 4096, 8191, 8192, 8999] {
        assert_eq!(numbers(&index, &format!("numer{number}")).first(), Some(&number));
    }
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    // A word for every three bits.
    let words = ["", "kot", "pies", "mysz", "kota", "psy", "ala", "nie"];
    let word = move |bits: u32| words[usize::try_from(bits & 7).unwrap()];
    let text = move |bits: u32| (0..10).map(|at| word(bits >> (3 * at))).collect::<Vec<_>>().join(" ");
    prop::collection::vec(any::<u32>().prop_map(text), 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn however_passages_were_added_the_answer_is_the_same(texts in texts(), cuts in prop::collection::vec(1_usize..9, 0..20)) {
        let at_once = LexicalIndex::build((0..).zip(texts.iter().map(String::as_str))).unwrap();
        let mut in_steps = LexicalIndex::default();
        let mut rest: Vec<(u32, &str)> = (0..).zip(texts.iter().map(String::as_str)).collect();
        for cut in cuts {
            in_steps.add(rest.drain(..cut.min(rest.len()))).unwrap();
        }
        in_steps.add(rest).unwrap();
        for question in ["kot", "pies i mysz", "ala ma kota", "nie"] {
            prop_assert_eq!(search(&at_once, question), search(&in_steps, question));
        }
    }

    #[test]
    fn after_removals_what_is_left_is_found_as_if_never_else_was_there(
        texts in texts(), gone in prop::collection::vec(0_u32..40, 0..40)
    ) {
        let mut index = LexicalIndex::build((0..).zip(texts.iter().map(String::as_str))).unwrap();
        let mut left: Vec<(u32, &str)> = (0..).zip(texts.iter().map(String::as_str)).collect();
        for number in gone {
            prop_assert_eq!(index.remove(number), left.iter().any(|(at, _)| *at == number));
            left.retain(|(at, _)| *at != number);
        }
        prop_assert_eq!(index.len(), left.len());
        for question in ["kot", "pies i mysz", "ala ma kota"] {
            let mut found = numbers(&index, question);
            let mut expect = numbers(&LexicalIndex::build(left.iter().copied()).unwrap(), question);
            // Weights of words wait for the merge, so the order may differ until then.
            if index.parts.iter().all(|part| part.dead.count == 0) {
                prop_assert_eq!(&found, &expect);
            }
            if found.len() < 10 {
                found.sort_unstable();
                expect.sort_unstable();
                prop_assert_eq!(found, expect);
            }
        }
    }
}
