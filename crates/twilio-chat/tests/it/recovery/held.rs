//! Answers that come too late wait for a person.

use serde_json::json;

use twilio_chat::sys::Point;

use super::{HOUR, MINUTE, running, with_a_held_answer};
use crate::{
    hub::TestHub,
    talk::{ANNA, PIOTR},
    world::Death,
};

const MESSAGES: &str = "/api/messages";

async fn decide(hub: &mut TestHub, row: i64, what: &str) -> (u16, serde_json::Value) {
    let answer = hub.post(&format!("{MESSAGES}/{row}/{what}"), &json!({})).await.unwrap();
    (answer.status, answer.json())
}

#[tokio::test]
async fn a_late_answer_is_listed_with_its_reason_and_leaves_when_approved_once() {
    let mut hub = with_a_held_answer().await;
    hub.advance(24 * HOUR).await;
    assert!(hub.taken().is_empty());
    let listed = hub.get("/api/messages?status=held").await.json()["items"].clone();
    assert_eq!(listed[0]["body"], "Oddzwonimy");
    assert_eq!(
        listed[0]["error"],
        "Automatyczna odpowiedź na wiadomość starszą niż 15 minut; zdecyduj, czy ją wysłać."
    );
    assert_eq!(hub.get("/api/health").await.json()["queue"]["held"], 1);
    let row = listed[0]["id"].as_i64().unwrap();
    assert_eq!(decide(&mut hub, row, "approve").await.0, 200);
    let refused = (409, json!({ "error": "Ta wiadomość nie czeka na decyzję." }));
    assert_eq!(decide(&mut hub, row, "approve").await, refused);
    assert_eq!(decide(&mut hub, row, "discard").await, refused);
    hub.advance(20 * MINUTE).await;
    assert_eq!(hub.phone(ANNA).got(), ["Oddzwonimy"]);
    let message = hub.only_written().await;
    assert_eq!((message.status.as_str(), message.error_text), ("delivered", None));
}

#[tokio::test]
async fn a_discarded_answer_never_leaves() {
    let mut hub = with_a_held_answer().await;
    let row = hub.only_written().await.row;
    assert_eq!(
        decide(&mut hub, row, "discard").await,
        (200, json!({ "id": row, "sid": null, "status": "canceled" }))
    );
    assert_eq!(decide(&mut hub, row, "approve").await.0, 409);
    hub.advance(HOUR).await;
    assert!(hub.taken().is_empty());
    assert_eq!(hub.listed().await[0]["error"], "Odrzucona przez człowieka.");
    assert_eq!(decide(&mut hub, 99, "approve").await.0, 404);
}

#[tokio::test]
async fn who_opted_out_meanwhile_gets_nothing_even_when_approved() {
    let mut hub = with_a_held_answer().await;
    let row = hub.only_written().await.row;
    hub.phone(ANNA).writes("STOP");
    hub.advance(MINUTE).await;
    let refused = json!({ "error": "Nie wysłano: odbiorca wypisał się z wiadomości." });
    assert_eq!(decide(&mut hub, row, "approve").await, (409, refused));
    hub.phone(ANNA).writes("START");
    hub.advance(MINUTE).await;
    assert_eq!(decide(&mut hub, row, "approve").await.0, 200);
    // The opt-out comes between approval and delivery.
    hub.kill();
    hub.restart().await;
    hub.phone(ANNA).writes("STOP");
    hub.post_webhooks().await;
    hub.advance(MINUTE).await;
    hub.advance(MINUTE).await;
    assert!(hub.taken().len() <= 1);
}

#[tokio::test]
async fn of_several_late_answers_the_one_to_the_latest_text_is_held() {
    let mut hub = running().await;
    hub.kill();
    for text in ["raz", "dwa", "trzy"] {
        hub.phone(ANNA).writes(text);
        hub.phone(PIOTR).writes(text);
        hub.advance(MINUTE).await;
    }
    hub.advance(HOUR).await;
    hub.restart().await;
    hub.advance(MINUTE).await;
    let held = hub.on_disk(
        "SELECT q.body FROM message a JOIN message q ON q.row = a.reply_to WHERE a.status = 'held' ORDER BY a.row",
    );
    assert_eq!(held, ["trzy", "trzy"]);
    let replaced = hub.on_disk("SELECT error_text FROM message WHERE status = 'canceled'");
    assert_eq!(replaced, vec!["superseded"; 4]);
    // They don't count against the caps, and a text of now is answered.
    hub.phone(ANNA).writes("A teraz?");
    hub.advance(MINUTE).await;
    assert_eq!(hub.phone(ANNA).got(), ["Oddzwonimy"]);
}

#[tokio::test]
async fn a_text_that_waited_here_too_long_is_not_answered_either() {
    let mut hub = running().await;
    hub.phone(ANNA).writes("Hej");
    hub.post_webhooks().await;
    hub.kill();
    hub.advance(16 * MINUTE).await;
    hub.restart().await;
    hub.advance(MINUTE).await;
    assert_eq!(hub.decisions().await, ["held_stale"]);
    assert!(hub.taken().is_empty());
}

#[tokio::test]
async fn an_answer_that_could_not_leave_in_time_waits_for_a_person() {
    for died in [true, false] {
        let mut hub = running().await;
        if died {
            hub.dies(Death::At(Point::ReplyCommitted));
        } else {
            hub.refuse_credentials(true);
        }
        hub.phone(ANNA).writes("Hej");
        hub.advance(HOUR).await;
        if died {
            hub.restart().await;
        } else {
            hub.refuse_credentials(false);
        }
        hub.advance(HOUR).await;
        assert!(hub.taken().is_empty());
        let message = hub.only_written().await;
        assert_eq!((message.status.as_str(), message.error_text.as_deref()), ("held", Some("stale_reply")));
        // Who writes now is answered now.
        hub.phone(ANNA).writes("Halo?");
        hub.advance(MINUTE).await;
        assert_eq!(hub.phone(ANNA).got(), ["Oddzwonimy"]);
    }
}
