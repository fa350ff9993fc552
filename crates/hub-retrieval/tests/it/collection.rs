//! A collection as it changes, and as it is read meanwhile.

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread::{self, ScopedJoinHandle},
};

use hub_retrieval::{
    article::Article,
    collection::{Collection, Search, Shelf},
};
use jiff::Timestamp;

use crate::data;

fn article(url: &str, title: &str, text: &str) -> Article {
    Article {
        url: url.to_owned(),
        title: title.to_owned(),
        category: String::new(),
        text: text.to_owned(),
        published: None,
        scraped: None,
    }
}

fn urls(collection: &Collection, search: &Search<'_>) -> Vec<String> {
    let found = collection.search(search, 10);
    found.articles.iter().map(|found| found.article().url.clone()).collect()
}

fn ask(collection: &Collection, question: &str) -> Vec<String> {
    urls(collection, &Search { question, ..Search::default() })
}

#[test]
fn a_replaced_article_is_found_by_its_new_words_only() {
    let before = Collection::new(vec![
        article("https://a.example", "Kot", "Kot śpi na piecu."),
        article("https://b.example", "Pies", "Pies biega po ogrodzie."),
    ]);
    let after = before.with(vec![article("https://a.example", "Mysz", "Mysz zjadła ser.")], &[]);
    assert_eq!(ask(&after, "mysz i ser"), ["https://a.example"]);
    assert!(ask(&after, "śpi na").is_empty());
    assert_eq!(after.articles().count(), 2);
    // The one before is as it was.
    assert_eq!(ask(&before, "śpi na"), ["https://a.example"]);
    assert!(ask(&before, "mysz").is_empty());
}

#[test]
fn an_article_that_is_gone_is_not_found() {
    let collection =
        data::collection().with(vec![], &["https://wiadomosci.example/most-wisla", "https://no.example"]);
    assert_eq!(collection.articles().count(), 39);
    let found = ask(&collection, "kiedy otworzą most w Opatowcu");
    assert!(!found.contains(&"https://wiadomosci.example/most-wisla".to_owned()), "{found:?}");
}

#[test]
fn of_two_articles_with_one_address_the_later_counts() {
    let collection = Collection::new(vec![
        article("https://a.example", "Kot", "Kot śpi."),
        article("https://a.example", "Pies", "Pies biega."),
    ]);
    assert_eq!(collection.articles().count(), 1);
    assert_eq!(collection.lexical().len(), 1, "nothing is indexed that can't be found");
    assert!(ask(&collection, "kot").is_empty());
    assert_eq!(ask(&collection, "pies"), ["https://a.example"]);
}

#[test]
fn one_text_at_two_addresses_is_shown_once() {
    let collection = Collection::new(vec![
        article("https://a.example", "Kot", "Kot śpi na piecu."),
        article("https://b.example", "Kot", "Kot śpi na piecu."),
    ]);
    assert_eq!(ask(&collection, "kot na piecu"), ["https://a.example"]);
}

#[test]
fn a_filter_keeps_categories_apart() {
    let collection = data::collection();
    let filter = collection.filter(|article| article.category == "Giełda");
    let question = "ile kosztuje metr mieszkania w Łodzi";
    let found = collection.search(&Search { question, filter: Some(&filter), ..Search::default() }, 10);
    assert!(!found.articles.is_empty());
    assert!(found.articles.iter().all(|found| found.article().category == "Giełda"));
}

#[test]
fn what_is_near_in_meaning_is_found_without_a_common_word() {
    let collection = data::collection();
    let name = |title: &str| {
        let passage = collection.passages().find(|passage| passage.article.title.starts_with(title)).unwrap();
        passage.id().to_string()
    };
    let names = [name("Inflacja"), name("Most"), "0".repeat(40), "no name".to_owned()];
    let dense = collection.hits(names.iter().map(String::as_str).zip([0.8, 0.1, 0.9, 0.9]));
    assert_eq!(dense.len(), 2, "what isn't here is left out");
    let search = Search { question: "xyzzy", dense: &dense, ..Search::default() };
    assert_eq!(urls(&collection, &search)[0], "https://wiadomosci.example/inflacja-wrzesien");
    let filter = collection.filter(|article| article.title.starts_with("Most"));
    let filtered = Search { filter: Some(&filter), ..search };
    assert_eq!(
        urls(&collection, &filtered),
        ["https://wiadomosci.example/most-wisla"],
        "the filter is for both lists"
    );
}

#[test]
fn of_two_articles_alike_the_newer_comes_first() {
    let now: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
    let dated = |url: &str, text: &str, day: &str| Article {
        published: Some(format!("2026-11-{day}T12:00:00Z").parse().unwrap()),
        ..article(url, "Kurs franka", text)
    };
    let collection = Collection::new(vec![
        dated("https://old.example", "Frank kosztuje 4,41 zł.", "01"),
        dated("https://new.example", "Frank kosztuje 4,52 zł.", "19"),
    ]);
    let search = Search { question: "kurs franka dzisiaj", now: Some(now), ..Search::default() };
    assert_eq!(urls(&collection, &search)[0], "https://new.example");
}

/// Version `n` of every article says so in its text: an answer made of two versions would show.
fn version(n: usize) -> Vec<Article> {
    let text = |at: usize| format!("Wydanie{n} opowiada o kotach. ").repeat(1 + (at + n) % 5);
    (0..40)
        .map(|at| article(&format!("https://{at}.example"), "Koty", &format!("Numer {at}. {}", text(at))))
        .collect()
}

#[test]
fn readers_see_one_version_while_the_next_is_built() {
    let shelf = Shelf::default();
    shelf.replace(Collection::new(version(0)));
    let (done, searches) = (AtomicBool::new(false), AtomicUsize::new(0));
    let newest = thread::scope(|scope| {
        let readers: Vec<_> = (0..3).map(|_| scope.spawn(|| read(&shelf, &done, &searches))).collect();
        let mut collection = Collection::new(version(0));
        for n in 1..=30 {
            // Now a new one from the articles, now the one before with every article replaced.
            collection =
                if n % 2 == 0 { Collection::new(version(n)) } else { collection.with(version(n), &[]) };
            shelf.replace(collection.clone());
            // Without this the writer could be done before a reader has begun.
            let seen = searches.load(Ordering::Relaxed);
            while searches.load(Ordering::Relaxed) < seen + 3
                && !readers.iter().all(ScopedJoinHandle::is_finished)
            {
                thread::yield_now();
            }
        }
        done.store(true, Ordering::Relaxed);
        readers.into_iter().map(|reader| reader.join().unwrap()).max()
    });
    assert_eq!(newest, Some(30));
}

/// Searches until the writer is done and gives the newest version seen.
fn read(shelf: &Shelf, done: &AtomicBool, searches: &AtomicUsize) -> usize {
    let mut newest = 0;
    loop {
        let last = done.load(Ordering::Relaxed);
        let collection = shelf.current();
        let found = collection.search(&Search { question: "co o kotach", ..Search::default() }, 40);
        assert_eq!(found.articles.len(), 40);
        let mut versions: Vec<usize> = found
            .articles
            .iter()
            .flat_map(|found| found.passages().map(|range| found.article().text[range].to_owned()))
            .map(|text| text.split("Wydanie").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap())
            .collect();
        versions.dedup();
        assert_eq!(versions.len(), 1, "{versions:?}");
        assert!(versions[0] >= newest, "never back to an older one");
        newest = versions[0];
        searches.fetch_add(1, Ordering::Relaxed);
        if last {
            return newest;
        }
    }
}
