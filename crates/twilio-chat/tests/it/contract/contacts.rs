//! `/api/contacts/<id>/…` and `/api/messages/<id>/details`.

use serde_json::{Value, json};

use super::column;
use crate::{hub::TestHub, setup::Setup, talk::ANNA};

impl TestHub {
    /// The number of the person who was active last.
    pub(crate) async fn last_contact(&self) -> i64 {
        self.get("/api/inbox").await.json()["items"][0]["contact"].as_i64().unwrap()
    }

    async fn keeps(&self, contact: i64, what: &str, body: Value) -> crate::wire::Answer {
        self.orders(&format!("/api/contacts/{contact}/{what}"), &body).await
    }
}

#[tokio::test]
async fn a_thread_is_read_from_its_end_and_from_any_row() {
    let mut hub = TestHub::start().await;
    for number in 0..5 {
        hub.hears(ANNA, &number.to_string()).await;
    }
    let anna = hub.last_contact().await;
    let page = async |query: &str| {
        let page = hub.get(&format!("/api/contacts/{anna}/thread?limit=2{query}")).await.json();
        (column(&page, "body"), page["earlier"].as_i64(), page["later"].as_i64())
    };
    let bodies = |texts: [&str; 2]| texts.map(|text| json!(text)).to_vec();
    let (newest, earlier, later) = page("").await;
    assert_eq!((newest, later), (bodies(["3", "4"]), None));
    let (middle, earlier, later) = page(&format!("&before={}", earlier.unwrap())).await;
    assert_eq!(middle, bodies(["1", "2"]));
    assert_eq!(page(&format!("&after={}", later.unwrap())).await.0, bodies(["3", "4"]));
    let (first, earlier, _) = page(&format!("&before={}", earlier.unwrap())).await;
    assert_eq!((first, earlier), (vec![json!("0")], None));
    let line = &hub.get(&format!("/api/contacts/{anna}/thread")).await.json()["contact"];
    assert_eq!((&line["participant"], &line["unread"]), (&json!(ANNA), &json!(5)));
    for (path, status) in [("404/thread", 404), ("x/thread", 404), ("1/thread?before=x", 400)] {
        assert_eq!(hub.get(&format!("/api/contacts/{path}")).await.status, status, "{path}");
    }
}

#[tokio::test]
async fn a_bubble_says_who_wrote_it_and_why_nothing_was_answered() {
    let mut hub = Setup { auto_reply: Some("Dziękujemy".to_owned()), ..Setup::new() }.start().await;
    hub.hears(ANNA, "raz").await;
    let anna = hub.last_contact().await;
    hub.advance(std::time::Duration::from_secs(5)).await;
    hub.keeps(anna, "mode", json!({ "mode": "human" })).await;
    hub.hears(ANNA, "dwa").await;
    let items = hub.get(&format!("/api/contacts/{anna}/thread")).await.json();
    assert_eq!(column(&items, "origin"), [Value::Null, json!("template"), Value::Null]);
    assert_eq!(items["items"][1]["reply_to"], items["items"][0]["id"]);
    let decisions = [json!("answered_template"), Value::Null, json!("human_in_charge")];
    assert_eq!(column(&items, "decision"), decisions);
    let words = "Bez automatycznej odpowiedzi: rozmowę prowadzi człowiek.";
    assert_eq!(items["items"][2]["decision_text"], words);
    let line = &hub.get("/api/inbox?view=needs_human").await.json()["items"][0];
    let asking = (&line["attention"], &line["attention_message"]);
    assert_eq!(asking, (&json!("unanswered"), &items["items"][2]["id"]));
    let done = hub.keeps(anna, "done", json!({})).await.json();
    assert_eq!(done["attention"], Value::Null);
}

#[tokio::test]
async fn reading_naming_drafting_and_taking_charge_answer_with_the_line() {
    let mut hub = TestHub::start().await;
    hub.hears(ANNA, "raz").await;
    hub.hears(ANNA, "dwa").await;
    let anna = hub.last_contact().await;
    let first = hub.listed().await[1]["id"].clone();
    assert_eq!(hub.keeps(anna, "read", json!({ "up_to": first })).await.json()["unread"], 1);
    assert_eq!(hub.keeps(anna, "read", json!({})).await.json()["unread"], 0);
    assert_eq!(hub.keeps(anna, "read", json!({ "unread": true, "from": first })).await.json()["unread"], 2);
    assert_eq!(hub.keeps(anna, "name", json!({ "name": " Anna " })).await.json()["name"], "Anna");
    assert_eq!(hub.keeps(anna, "draft", json!({ "body": "Dzień" })).await.json()["draft"], "Dzień");
    assert_eq!(column(&hub.get("/api/drafts").await.json(), "body"), ["Dzień"]);
    assert_eq!(hub.keeps(anna, "draft", json!({ "body": "" })).await.json()["draft"], Value::Null);
    let until = json!({ "mode": "human", "until": "2026-11-22T18:00:00Z" });
    let line = hub.keeps(anna, "mode", until).await.json();
    assert_eq!((&line["mode"], &line["mode_until"]), (&json!("human"), &json!("2026-11-22T18:00:00")));
    for (what, body) in [
        ("mode", json!({ "mode": "robot" })),
        ("mode", json!({ "mode": "human", "until": "jutro" })),
        ("opt-in", json!({})),
    ] {
        assert_eq!(hub.keeps(anna, what, body.clone()).await.status, 400, "{what} {body}");
    }
    for what in ["read", "mode", "name", "draft", "done", "opt-out"] {
        let body = json!({ "mode": "auto", "body": "x" });
        assert_eq!(hub.keeps(404, what, body).await.status, 404, "{what}");
    }
}

#[tokio::test]
async fn consent_by_hand_locks_and_unlocks() {
    let mut hub = TestHub::start().await;
    hub.hears(ANNA, "raz").await;
    let anna = hub.last_contact().await;
    let line = hub.keeps(anna, "opt-out", json!({ "note": "telefonicznie" })).await.json();
    assert_eq!(line["opted_out"], true);
    assert_eq!(hub.api_sends(ANNA, "Hej").await.status, 409);
    let line = hub.keeps(anna, "opt-in", json!({ "consent": "formularz" })).await.json();
    assert_eq!(line["opted_out"], false);
    assert_eq!(hub.api_sends(ANNA, "Hej").await.status, 200);
    hub.advance(std::time::Duration::from_secs(5)).await;
}

#[tokio::test]
async fn details_are_the_calls_and_the_reports() {
    let mut hub = TestHub::start().await;
    let sid = hub.sends(ANNA, "Hej").await;
    let details = hub.get(&format!("/api/messages/{sid}/details")).await.json();
    assert_eq!(details["message"]["status"], "delivered");
    assert_eq!(
        (&details["message"]["origin"], &details["message"]["segments"]),
        (&json!("api"), &Value::Null)
    );
    assert_eq!(details["attempts"][0]["outcome"], "accepted");
    let statuses: Vec<&Value> =
        details["reports"].as_array().unwrap().iter().map(|report| &report["status"]).collect();
    assert_eq!(statuses.last(), Some(&&json!("delivered")));
    assert_eq!(hub.get("/api/messages/404/details").await.status, 404);
}
