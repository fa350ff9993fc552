use std::fs;

use hub_retrieval::{hits::Hit, verdict::Verdict};

use super::*;
use crate::i18n::Lang;

const MOST: &str = r#"{"url":"https://a.example/most","title":"Most nad Wisłą otwarty","category":"Miasto","text":"Most nad Wisłą otwarto w poniedziałek. Przejazd jest bezpłatny."}"#;
const KAUCJA: &str = r#"{"url":"https://a.example/kaucja","title":"Kaucja za słoiki","category":"Prawo","text":"Kaucja za słoik wyniesie złotówkę. Ustawa wchodzi w życie w maju."}"#;

fn folder() -> (tempfile::TempDir, Knowledge) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("articles.jsonl"), format!("{MOST}\n{KAUCJA}\n")).unwrap();
    let knowledge = Knowledge::new(folder.path(), "m");
    (folder, knowledge)
}

fn asked(question: &str) -> Asked<'_> {
    Asked { question, limit: 5, now: None, lang: Lang::Pl, segments: 3, dense: &[] }
}

#[test]
fn what_is_known_is_quoted_and_labelled() {
    let (_folder, knowledge) = folder();
    let current = knowledge.current().unwrap();
    let answer = answer(&current.library.collection, &asked("ile wyniesie kaucja za sloik"));
    assert_eq!(answer.found.verdict, Verdict::Known);
    assert!(
        answer.text.starts_with("Bez AI, z artykulow:\nKaucja za sloik wyniesie zlotowke."),
        "{}",
        answer.text
    );
    assert!(answer.text.ends_with("https://a.example/kaucja"), "{}", answer.text);
}

#[test]
fn what_is_not_known_is_not_answered() {
    let (_folder, knowledge) = folder();
    let current = knowledge.current().unwrap();
    for question in ["przepis na sernik z rodzynkami", "", "?!"] {
        let answer = answer(&current.library.collection, &asked(question));
        assert_eq!(answer.found.verdict, Verdict::Unknown, "{question}");
        assert_eq!(answer.text, "Nie znam odpowiedzi na to pytanie.");
    }
}

#[test]
fn every_section_is_searched_and_an_empty_one_says_so() {
    let (_folder, knowledge) = folder();
    let current = knowledge.current().unwrap();
    let library = &current.library;
    let asked = asked("co z kaucją za słoik");
    let sections = in_every_section(&library.collection, &library.holdings.categories, &asked, 2);
    let shown: Vec<_> = sections.iter().map(|section| (&*section.name, section.found.len())).collect();
    assert_eq!(shown, [("Miasto", 0), ("Prawo", 1)]);
    let text = one_text(&sections, Lang::Pl);
    assert!(text.contains("MIASTO\nBrak nowych informacji w tej kategorii."), "{text}");
    assert!(text.contains("PRAWO\nKaucja za słoik wyniesie złotówkę."), "{text}");
}

#[test]
fn what_is_merely_near_in_meaning_is_no_news_of_a_section() {
    let (_folder, knowledge) = folder();
    let current = knowledge.current().unwrap();
    let library = &current.library;
    let dense: Vec<Hit> =
        library.collection.passages().map(|passage| Hit { number: passage.number, score: 0.9 }).collect();
    assert_eq!(dense.len(), 2);
    let asked = Asked { dense: &dense, ..asked("co z kaucją za słoik") };
    let sections = in_every_section(&library.collection, &library.holdings.categories, &asked, 2);
    let shown: Vec<_> = sections.iter().map(|section| (&*section.name, section.found.len())).collect();
    assert_eq!(shown, [("Miasto", 0), ("Prawo", 1)]);
    let text = one_text(&sections, Lang::Pl);
    assert!(text.contains("MIASTO\nBrak nowych informacji w tej kategorii."), "{text}");
}

#[test]
fn files_that_others_change_are_read_again_and_only_then() {
    let (folder, knowledge) = folder();
    let before = knowledge.current().unwrap();
    assert!(Arc::ptr_eq(&before, &knowledge.current().unwrap()));
    fs::write(folder.path().join("articles.jsonl"), MOST).unwrap();
    let after = knowledge.current().unwrap();
    assert_eq!((before.library.holdings.articles, after.library.holdings.articles), (2, 1));
}
