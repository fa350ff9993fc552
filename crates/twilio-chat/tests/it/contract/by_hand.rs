//! Sending from a thread, and failed messages once more.

use axum::{body::Body, http::Request};
use serde_json::{Value, json};

use super::column;
use crate::{
    hub::{PUBLIC, TestHub},
    setup::Setup,
    talk::ANNA,
    wire::Answer,
};

const SEND: &str = "/api/inbox/messages";
const ID: &str = "0190f3f2-0000-7000-8000-000000000001";
const OTHER: &str = "0190f3f2-0000-7000-8000-000000000002";
/// A number of Twilio's that refuses every message.
const INVALID: &str = "+15005550001";

impl TestHub {
    /// As a script of the panel asks, with the session of a signed-in person.
    async fn person_asks(&mut self, path: &str, body: &Value) -> Answer {
        let request = Request::post(path)
            .header("cookie", self.session().await)
            .header("origin", PUBLIC)
            .header("content-type", "application/json");
        self.ask(request.body(Body::from(body.to_string())).unwrap()).await
    }
}

#[tokio::test]
async fn a_person_answers_from_the_number_last_used_and_is_in_charge() {
    let mut hub = TestHub::start().await;
    let sid = crate::talk::sid(1);
    let fields = [("MessageSid", &*sid), ("From", ANNA), ("To", "+48500100900"), ("Body", "raz")];
    hub.twilio_posts("/twilio/inbound", &fields).await;
    hub.run().await;
    let anna = hub.last_contact().await;
    let asked =
        json!({ "contact": anna, "id": ID, "body": format!(" Już „idę” {} ", "ż".repeat(70)), "fold": true });
    let answer = hub.person_asks(SEND, &asked).await;
    assert_eq!(answer.status, 202);
    let sent = answer.json();
    let item = &sent["items"][0];
    assert_eq!((&sent["client_id"], &sent["contact"]), (&json!(ID), &json!(anna)));
    assert_eq!(
        (&item["from_number"], &item["body"]),
        (&json!("+48500100900"), &json!(format!("Juz \"ide\" {}", "z".repeat(70))))
    );
    let line = &hub.get("/api/inbox").await.json()["items"][0];
    assert_eq!((&line["mode"], &line["mode_until"]), (&json!("human"), &json!("2026-11-22T22:00:00")));
    assert_eq!(line["unread"], 0);
    // The browser lost the answer and asks again.
    let again = hub.person_asks(SEND, &asked).await;
    assert_eq!((again.status, again.json()["items"][0]["id"].clone()), (202, item["id"].clone()));
    let thread = hub.get(&format!("/api/contacts/{anna}/thread")).await.json();
    assert_eq!(column(&thread, "client_id").last(), Some(&json!(ID)));
    assert_eq!(column(&thread, "origin"), [Value::Null, json!("human")]);
    hub.advance(std::time::Duration::from_secs(5)).await;
    assert_eq!(hub.written().await.len(), 1);
}

#[tokio::test]
async fn a_token_takes_nothing_over() {
    let mut hub = TestHub::start().await;
    hub.hears(ANNA, "raz").await;
    let answer = hub.orders(SEND, &json!({ "to": ANNA, "id": ID, "body": "Hej" })).await;
    assert_eq!(answer.status, 202);
    let line = &hub.get("/api/inbox").await.json()["items"][0];
    assert_eq!((&line["mode"], &line["unread"]), (&json!("auto"), &json!(1)));
    hub.advance(std::time::Duration::from_secs(5)).await;
}

#[tokio::test]
async fn a_text_that_cannot_be_sent_is_refused_with_the_reason() {
    let mut hub = TestHub::start().await;
    hub.hears(ANNA, "wypisz").await;
    hub.advance(std::time::Duration::from_secs(5)).await;
    for (body, status) in [
        (json!({ "to": ANNA, "id": ID, "body": "Hej" }), 409),
        (json!({ "to": "+48500100300", "body": "Hej" }), 400),
        (json!({ "to": "+48500100300", "id": "x", "body": "Hej" }), 400),
        (json!({ "to": "+48500100300", "id": ID, "body": " " }), 400),
        (json!({ "to": "abc", "id": ID, "body": "Hej" }), 400),
        (json!({ "contact": 404, "id": ID, "body": "Hej" }), 400),
    ] {
        let answer = hub.orders(SEND, &body).await;
        assert_eq!(answer.status, status, "{body}");
        assert!(answer.json()["error"].is_string(), "{body}");
    }
    let queued = hub.orders(SEND, &json!({ "to": "+48500100300", "id": ID, "body": "Hej" })).await;
    assert_eq!(queued.status, 202);
    let taken = hub.orders(SEND, &json!({ "to": "+48500100300", "id": ID, "body": "Inny" })).await;
    assert_eq!(taken.status, 409);
    hub.advance(std::time::Duration::from_secs(5)).await;
}

#[tokio::test]
async fn a_retry_really_sends_and_only_once() {
    let mut hub = TestHub::start().await;
    hub.api_sends(INVALID, "Hej").await;
    let failed = hub.only_written().await.row;
    let path = format!("/api/messages/{failed}/retry");
    let answer = hub.person_asks(&path, &json!({ "id": ID })).await;
    assert_eq!(answer.status, 202);
    let again = answer.json()["ids"][0].clone();
    let calls = hub.sim.counts().creates;
    assert_eq!(hub.person_asks(&path, &json!({ "id": ID })).await.json()["ids"], json!([again]));
    let second = hub.person_asks(&path, &json!({ "id": OTHER })).await;
    assert_eq!((second.status, &second.json()["retried_by"]), (409, &again));
    hub.advance(std::time::Duration::from_secs(5)).await;
    assert_eq!(hub.sim.counts().creates, calls + 1);
    let chain = hub.get(&format!("/api/messages/{again}/details")).await.json();
    assert_eq!(
        (&chain["message"]["retry_of"], &chain["message"]["status"]),
        (&json!(failed), &json!("failed"))
    );
    let sid = hub.sends(ANNA, "Hej").await;
    for (path, id, status) in [
        (format!("/api/messages/{sid}/retry"), ID, 409),
        (format!("/api/messages/{sid}/retry"), OTHER, 409),
        ("/api/messages/404/retry".to_owned(), OTHER, 404),
        (path, "x", 400),
    ] {
        assert_eq!(hub.person_asks(&path, &json!({ "id": id })).await.status, status, "{path} {id}");
    }
}

#[tokio::test]
async fn the_id_of_a_deleted_text_is_not_sent_again() {
    let mut hub = TestHub::start().await;
    let asked = json!({ "to": ANNA, "id": ID, "body": "Hej" });
    assert_eq!(hub.person_asks(SEND, &asked).await.status, 202);
    hub.advance(std::time::Duration::from_secs(5)).await;
    let row = hub.only_written().await.row;
    assert_eq!(hub.delete(&format!("/api/messages/{row}")).await.status, 200);
    let again = hub.person_asks(SEND, &asked).await;
    assert_eq!(again.status, 410);
    assert!(again.json()["error"].as_str().unwrap().contains("usunięto"));
    // Nor a second try of another under it.
    hub.api_sends(INVALID, "Hej").await;
    let failed = hub.only_written().await.row;
    let retried = hub.person_asks(&format!("/api/messages/{failed}/retry"), &json!({ "id": ID })).await;
    assert_eq!((retried.status, hub.taken().len()), (410, 1));
}

#[tokio::test]
async fn a_repeat_is_answered_after_the_person_changed_the_channel() {
    let mut hub = TestHub::start().await;
    hub.hears(ANNA, "raz").await;
    let anna = hub.last_contact().await;
    let asked = json!({ "contact": anna, "id": ID, "body": "Już idę" });
    let first = hub.person_asks(SEND, &asked).await;
    hub.advance(std::time::Duration::from_secs(5)).await;
    hub.hears(&format!("whatsapp:{ANNA}"), "dwa").await;
    let again = hub.person_asks(SEND, &asked).await;
    assert_eq!((first.status, again.status), (202, 202));
    assert_eq!(again.json()["items"][0]["id"], first.json()["items"][0]["id"]);
    hub.advance(std::time::Duration::from_secs(5)).await;
    assert_eq!(hub.taken().len(), 1);
}

#[tokio::test]
async fn an_id_stands_for_the_whole_text() {
    let mut hub = TestHub::start().await;
    let long = "Zdanie tej samej wiadomości. ".repeat(60);
    let body = |end: &str| json!({ "to": ANNA, "id": ID, "body": format!("{long}{end}") });
    for (end, status) in [("Do jutra", 202), ("Do jutra", 202), ("Do soboty", 409), (&*long, 409)] {
        assert_eq!(hub.orders(SEND, &body(end)).await.status, status, "{end}");
    }
    hub.advance(std::time::Duration::from_secs(9)).await;
}

#[tokio::test]
async fn a_thread_is_answered_over_its_own_route_whatever_the_default_sender() {
    let mut hub = Setup::new().with("TWILIO_DEFAULT_FROM", "MojBank").start().await;
    hub.hears(&format!("whatsapp:{ANNA}"), "Dzień dobry").await;
    let asked = json!({ "contact": hub.last_contact().await, "id": ID, "body": "Hej" });
    let answer = hub.person_asks(SEND, &asked).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    hub.run().await;
    assert_eq!(hub.taken().pop().unwrap().from.as_deref(), Some("whatsapp:+48500100900"));
}
