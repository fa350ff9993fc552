//! `GET /api/messages` with its cursor and filters, `GET /api/messages/stats`.

use std::time::Duration;

use serde_json::json;

use super::{MESSAGES, column};
use crate::{
    hub::TestHub,
    talk::{ANNA, PIOTR},
};

/// Anna writes three times, we write to Piotr once and it fails for a third.
async fn some() -> TestHub {
    let mut hub = TestHub::start().await;
    for text in ["raz", "dwa", "trzy"] {
        hub.hears(ANNA, text).await;
    }
    hub.sends(PIOTR, "Dzień dobry").await;
    assert_eq!(hub.api_sends("+15005550001", "Hej").await.status, 500);
    hub
}

#[tokio::test]
async fn a_cursor_leads_from_page_to_page() {
    let hub = some().await;
    let first = hub.get(&format!("{MESSAGES}?limit=2")).await.json();
    assert_eq!((column(&first, "id"), &first["next"]), (vec![json!(5), json!(4)], &json!(4)));
    let second = hub.get(&format!("{MESSAGES}?limit=2&before=4")).await.json();
    assert_eq!((column(&second, "id"), &second["next"]), (vec![json!(3), json!(2)], &json!(2)));
    let last = hub.get(&format!("{MESSAGES}?limit=2&before=2")).await.json();
    assert_eq!((column(&last, "id"), &last["next"]), (vec![json!(1)], &json!(null)));
    let exact = hub.get(&format!("{MESSAGES}?limit=5")).await.json();
    assert_eq!((&exact["count"], &exact["next"]), (&json!(5), &json!(null)));
}

#[tokio::test]
async fn a_cursor_that_cannot_be_read_is_400() {
    let hub = TestHub::start().await;
    for path in [MESSAGES, "/api/conversations", "/api/conversations/500100200"] {
        let answer = hub.get(&format!("{path}?before=x")).await;
        let words = "Nieprawidłowy parametr before: podaj wartość next z poprzedniej strony.";
        assert_eq!((answer.status, answer.json()), (400, json!({ "error": words })), "{path}");
    }
}

#[tokio::test]
async fn a_list_is_filtered_by_person_in_any_spelling() {
    let hub = some().await;
    for spelling in
        ["500100200", "%2B48500100200", "whatsapp:%2B48+500+100+200", "48500100200", "0048500100200"]
    {
        let shown = hub.get(&format!("{MESSAGES}?contact={spelling}")).await.json();
        assert_eq!(column(&shown, "body"), ["trzy", "dwa", "raz"], "{spelling}");
    }
    let shown = hub.get(&format!("{MESSAGES}?contact=500100200&direction=outbound")).await.json();
    assert_eq!(shown["count"], 0);
    let shown = hub.get(&format!("{MESSAGES}?contact=500100200&limit=1&before=3")).await.json();
    assert_eq!((column(&shown, "body"), &shown["next"]), (vec![json!("dwa")], &json!(2)));
    let nobody = hub.get(&format!("{MESSAGES}?contact=nobody")).await.json();
    assert_eq!(nobody, json!({ "items": [], "count": 0, "next": null }));
}

#[tokio::test]
async fn a_list_is_filtered_by_state() {
    let mut hub = some().await;
    hub.cut_off(true);
    let waiting = json!({ "to": ANNA, "body": "Czeka" });
    tokio::time::pause();
    assert_eq!(hub.post(MESSAGES, &waiting).await.unwrap().status, 202);
    tokio::time::resume();
    for (status, bodies) in [
        ("received", vec!["trzy", "dwa", "raz"]),
        ("delivered", vec!["Dzień dobry"]),
        ("failed", vec!["Hej"]),
        ("queued", vec!["Czeka"]),
        ("pending", vec!["Czeka"]),
        ("read", vec![]),
        ("delivered&direction=inbound", vec![]),
        ("failed&direction=outbound", vec!["Hej"]),
        ("received&contact=500100200&limit=1", vec!["trzy"]),
    ] {
        let shown = hub.get(&format!("{MESSAGES}?status={status}")).await.json();
        assert_eq!(column(&shown, "body"), bodies, "{status}");
    }
    let answer = hub.get(&format!("{MESSAGES}?status=nonsense")).await;
    assert_eq!((answer.status, answer.json()), (400, json!({ "error": "Nieznany status." })));
    hub.cut_off(false);
    hub.advance(Duration::from_mins(2)).await;
}

#[tokio::test]
async fn the_list_does_not_ask_twilio() {
    let mut hub = TestHub::start().await;
    hub.hears(ANNA, "raz").await;
    let before = hub.sim.counts().requests;
    for path in [MESSAGES, "/api/messages/stats", "/api/conversations", "/api/conversations/500100200"] {
        assert_eq!(hub.get(path).await.status, 200, "{path}");
    }
    assert_eq!(hub.sim.counts().requests, before);
}

#[tokio::test]
async fn stats_count_both_ways_and_show_the_newest() {
    let hub = TestHub::start().await;
    let empty = json!({ "total": 0, "inbound": 0, "outbound": 0, "latest": null });
    assert_eq!(hub.get("/api/messages/stats").await.json(), empty);
    let hub = some().await;
    let stats = hub.get("/api/messages/stats").await.json();
    let newest = hub.listed().await[0].clone();
    assert_eq!(stats, json!({ "total": 5, "inbound": 3, "outbound": 2, "latest": newest }));
}

/// A cursor that gets lost beside another field leads a program to the first page for ever.
#[tokio::test]
async fn a_field_given_twice_or_in_no_utf8_takes_no_other_along() {
    let mut hub = TestHub::start().await;
    for number in 0..3 {
        hub.hears(ANNA, &number.to_string()).await;
    }
    for odd in ["limit=1&limit=2", "limit=1&direction=%FF", "contact=500100200&limit=1&status=&limit=x"] {
        let shown = hub.get(&format!("{MESSAGES}?before=3&{odd}")).await.json();
        assert_eq!(column(&shown, "body"), ["1"], "{odd}");
    }
    assert_eq!(hub.get(&format!("{MESSAGES}?before=%FF")).await.status, 400);
}
