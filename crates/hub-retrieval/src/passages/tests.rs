use proptest::prelude::*;

use super::*;

fn texts(text: &str) -> Vec<&str> {
    split(text, Cut::default()).into_iter().map(|range| &text[range]).collect()
}

#[test]
fn a_short_text_is_one_passage() {
    for (text, expect) in [
        ("", vec![]),
        (" \n\u{1f} ", vec![]),
        (" Zażółć gęślą jaźń.\n", vec!["Zażółć gęślą jaźń."]),
        ("Jedno.\n\nDrugie.", vec!["Jedno.\n\nDrugie."]),
    ] {
        assert_eq!(texts(text), expect, "{text:?}");
    }
}

#[test]
fn paragraphs_are_kept_whole_while_they_fit() {
    let (first, second) = ("ą".repeat(500), "ę".repeat(401));
    assert_eq!(texts(&format!("{first}\n\n{second}")), [&*first, &*second]);
}

#[test]
fn a_passage_begins_with_the_end_of_the_one_before() {
    let words: Vec<String> = (0..400).map(|number| format!("słowo{number}")).collect();
    let text = words.join(" ");
    let passages = split(&text, Cut::default());
    assert!(passages.len() >= 3);
    for pair in passages.windows(2) {
        let shared = text[pair[1].start..pair[0].end].chars().count();
        assert!((100..=Cut::default().overlap).contains(&shared), "{shared}");
    }
}

#[test]
fn a_word_longer_than_a_passage_is_cut_between_characters() {
    let passages = split(&"ż".repeat(2000), Cut::default()).len();
    assert_eq!(passages, 3);
}

#[test]
fn passages_are_as_long_as_they_are_to_be() {
    let words: Vec<String> = (0..100).map(|number| format!("słowo{number:02}")).collect();
    let text = words.join(" ");
    for (limit, overlap, expect) in [(900, 120, 1), (400, 0, 2), (100, 0, 9), (100, 50, 16), (9, 0, 100)] {
        let passages = split(&text, Cut { limit, overlap });
        assert_eq!(passages.len(), expect, "{limit} {overlap}");
        assert!(passages.iter().all(|range| text[range.clone()].chars().count() <= limit), "{limit}");
    }
}

#[test]
fn names_are_those_of_the_earlier_program() {
    // sha1("https://example.com/a|0|" + sha1("Zażółć")), worked out with another program.
    let id = PassageId::new("https://example.com/a", 0, "Zażółć");
    assert_eq!(id.to_string(), "3cc1b08269a0b0557cfc1be021a4b6cbb2949e16");
    assert_eq!(PassageId::parse(&id.to_string()), Some(id));
}

#[test]
fn what_is_no_name_is_refused() {
    for text in ["", "00", &"g".repeat(40), &"0".repeat(39), &"0".repeat(42), &"ż".repeat(20)] {
        assert_eq!(PassageId::parse(text), None, "{text}");
    }
}

#[test]
fn the_heading_says_section_and_title() {
    let mut article = Article {
        url: "https://example.com/a".into(),
        title: "Tytuł".into(),
        category: "Prawo".into(),
        text: String::new(),
        published: None,
        scraped: None,
    };
    assert_eq!(with_heading(&article, "Treść"), "[Prawo] Tytuł\nTreść");
    article.category.clear();
    assert_eq!(with_heading(&article, "Treść"), "Tytuł\nTreść");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn passages_cover_the_text_in_order_and_fit(
        text in "([a-ząćżź👍]{1,30}[ .,]{0,2}\n{0,2}){0,150}|[ \n\t]{0,50}[aż\u{301}]{0,3000}"
    ) {
        let passages = split(&text, Cut::default());
        let mut covered = 0;
        let mut start = 0;
        for range in &passages {
            prop_assert!(range.start >= start && range.end > covered, "in order, each brings something new");
            if range.start > covered {
                prop_assert!(text[covered..range.start].chars().all(is_space), "nothing is left out");
            }
            prop_assert!(text[range.clone()].chars().count() <= Cut::default().limit);
            (start, covered) = (range.start, range.end);
        }
        prop_assert!(text[covered..].chars().all(is_space));
        prop_assert_eq!(passages, split(&text, Cut::default()));
    }
}
