//! Our own articles and questions in Polish: is the right article found, however the question is typed?
//!
//! The floors stand a little below what was measured; the figures are in `docs/MEASUREMENTS.md`.

use hub_retrieval::{
    article::Article,
    collection::Collection,
    evaluate::{Case, Figures, evaluate, outcomes, typing},
};

use crate::data;

/// Every question as many hands would mistype it.
const HANDS: u64 = 20;

fn typed(cases: &[Case], how: impl Fn(u64, &str) -> String) -> Vec<Case> {
    (0..)
        .zip(cases)
        .map(|(n, case)| Case { question: how(n, &case.question), url: case.url.clone() })
        .collect()
}

fn figures(name: &str, cases: &[Case]) -> Figures {
    let figures = evaluate(&data::collection(), cases);
    println!("{name}: {figures:.3?}");
    figures
}

#[test]
fn the_set_is_what_it_says() {
    let cases = data::cases();
    assert_eq!(cases.iter().filter(|case| case.url.is_some()).count(), 60);
    assert_eq!(cases.iter().filter(|case| case.url.is_none()).count(), 40);
    let articles = data::articles();
    for url in cases.iter().filter_map(|case| case.url.as_ref()) {
        assert!(articles.iter().any(|article| article.url == *url), "{url}");
    }
}

#[test]
fn questions_find_their_article() {
    let figures = figures("as typed", &data::cases());
    assert!(figures.recall_at_1 >= 0.97, "{figures:?}");
    assert!(figures.recall_at_5 >= 0.99, "{figures:?}");
    assert!(figures.known >= 0.95 && figures.lost <= 0.01, "{figures:?}");
    assert!(figures.invented <= 0.03 && figures.admitted >= 0.5, "{figures:?}");
    assert!(figures.auc >= 0.99, "{figures:?}");
}

#[test]
fn questions_with_two_typos_and_no_diacritics_find_their_article() {
    let plain = data::cases();
    let many = (0..HANDS)
        .flat_map(|hand| typed(&plain, |n, question| typing::mistyped(question, 2, n * HANDS + hand)));
    let figures = figures("two typos", &many.collect::<Vec<Case>>());
    assert!(figures.recall_at_1 >= 0.94, "{figures:?}");
    assert!(figures.recall_at_5 >= 0.99, "{figures:?}");
    assert!(figures.lost <= 0.05 && figures.invented <= 0.01, "{figures:?}");
    assert!(figures.auc >= 0.97, "{figures:?}");
}

#[test]
fn diacritics_case_and_punctuation_change_nothing() {
    let (collection, cases) = (data::collection(), data::cases());
    let stripped = typed(&cases, |_, question| typing::stripped(question));
    let shouted = typed(&cases, |_, question| question.to_uppercase());
    let as_typed: Vec<_> = outcomes(&collection, &cases).collect();
    assert_eq!(as_typed, outcomes(&collection, &stripped).collect::<Vec<_>>());
    assert_eq!(as_typed, outcomes(&collection, &shouted).collect::<Vec<_>>());
}

#[test]
fn a_title_finds_its_article() {
    let collection = data::collection();
    let titles: Vec<Case> = data::articles()
        .into_iter()
        .map(|article| Case { question: article.title, url: Some(article.url) })
        .collect();
    assert!(outcomes(&collection, &titles).all(|outcome| outcome.rank == Some(0)));
}

#[test]
fn figures_count_what_happened() {
    let untitled = |url: &str, text: &str| Article {
        url: url.into(),
        title: String::new(),
        category: String::new(),
        text: text.into(),
        published: None,
        scraped: None,
    };
    let collection = Collection::new(vec![
        untitled("https://first.example", "Kot śpi, kot je, kot mruczy."),
        untitled("https://second.example", "Kot mieszka z psem, myszą i papugą w dużym domu za miastem."),
        untitled("https://third.example", "Pociąg."),
    ]);
    let case =
        |question: &str, url: Option<&str>| Case { question: question.into(), url: url.map(str::to_owned) };
    let figures = evaluate(
        &collection,
        &[
            case("kot", Some("https://first.example")),
            case("kot", Some("https://second.example")),
            case("kot", Some("https://third.example")),
            case("kot", Some("https://third.example")),
            case("xyzzy", None),
            case("kot", None),
        ],
    );
    let expect = Figures {
        answerable: 4,
        unanswerable: 2,
        recall_at_1: 0.25,
        recall_at_5: 0.5,
        recall_at_10: 0.5,
        mrr: (1.0 + 0.5) / 4.0,
        known: 1.0,
        lost: 0.0,
        admitted: 0.5,
        invented: 0.5,
        // Above "xyzzy", level with "kot".
        auc: 0.75,
    };
    assert_eq!(figures, expect);
}

#[test]
fn figures_of_nothing_are_zero() {
    assert_eq!(evaluate(&Collection::default(), &[]), Figures::default());
    let figures = evaluate(&Collection::default(), &data::cases());
    assert!(figures.recall_at_10 + figures.mrr + figures.known <= 0.0, "{figures:?}");
    assert!((figures.admitted - 1.0).abs() < 1e-9 && (figures.lost - 1.0).abs() < 1e-9, "{figures:?}");
}
