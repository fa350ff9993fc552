//! Answers to customers from the hub's own articles.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{hub::TestHub, model::system_of, setup::Setup, talk::ANNA};

const URL: &str = "https://piekarnia.example.com/reklamacje";
const TEXT: &str = "Reklamacje pieczywa przyjmujemy w ciągu trzech dni od zakupu. Wystarczy paragon.";

fn articles() -> String {
    let bread = json!({ "url": URL, "title": "Reklamacje pieczywa", "text": TEXT, "category": "porady" });
    let hours = json!({
        "url": "https://piekarnia.example.com/godziny",
        "title": "Godziny otwarcia sklepu",
        "text": "Sklep przy rynku jest otwarty od szóstej do osiemnastej, w soboty do czternastej.",
        "category": "porady",
    });
    format!("{bread}\n{hours}\n")
}

/// What the model was told and what its receipt holds, after one question.
async fn asked(hub: &mut TestHub, question: &str) -> (String, Value) {
    hub.phone(ANNA).writes(question);
    hub.advance(Duration::from_secs(10)).await;
    let told = system_of(&hub.model.asked().pop().unwrap()).to_owned();
    let receipts = hub.on_disk("SELECT passages FROM receipt ORDER BY rowid DESC");
    (told, serde_json::from_str(&receipts[0]).unwrap())
}

#[tokio::test]
async fn the_receipt_of_an_answer_names_the_passage_of_the_article() {
    let mut hub = Setup::new().with_assistant().with_articles(&articles()).start().await;
    let (told, passages) = asked(&mut hub, "Jak zgłosić reklamacje pieczywa?").await;
    assert!(told.contains(TEXT), "{told}");
    assert_eq!(passages[0]["url"], URL);
    assert_eq!(passages[0]["title"], "Reklamacje pieczywa");
    assert_eq!(passages[0]["text"], TEXT);
    assert_eq!(hub.phone(ANNA).got(), ["Tak, mamy."]);
}

#[tokio::test]
async fn what_the_articles_do_not_know_is_asked_without_them() {
    let mut hub = Setup::new().with_assistant().with_articles(&articles()).start().await;
    let (told, passages) = asked(&mut hub, "Jaka jest stolica Mongolii?").await;
    assert!(!told.contains("piekarnia.example.com"), "{told}");
    assert_eq!(passages, json!([]));
    assert_eq!(hub.phone(ANNA).got(), ["Tak, mamy."]);
}

#[tokio::test]
async fn without_articles_nothing_changes() {
    let mut with = Setup::new().with_assistant().with_articles("").start().await;
    let mut without = Setup::new().with_assistant().start().await;
    let question = "Jak zgłosić reklamację pieczywa?";
    assert_eq!(asked(&mut with, question).await, asked(&mut without, question).await);
}
