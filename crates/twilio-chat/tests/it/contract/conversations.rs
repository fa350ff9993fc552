//! `/api/conversations`: a line a person, threads, deletion.

use std::time::Duration;

use serde_json::{Value, json};

use super::column;
use crate::{
    hub::TestHub,
    setup::Setup,
    talk::{ANNA, PIOTR},
};

const CONVERSATIONS: &str = "/api/conversations";
const ANNA_ON_WHATSAPP: &str = "whatsapp:+48500100200";

/// Our number is the Polish one, which has a WhatsApp address too.
fn polish() -> Setup {
    Setup::new().with("TWILIO_DEFAULT_FROM", "+48500100900")
}

/// As the webhook of a message from an address that no phone of the simulator has.
async fn comes_from(hub: &mut TestHub, number: u64, from: &str, body: &str) {
    let sid = crate::talk::sid(number);
    let fields = [("MessageSid", &*sid), ("From", from), ("To", hub.number()), ("Body", body)];
    let answer = hub.twilio_posts("/twilio/inbound", &fields).await;
    assert_eq!(answer.status, 200);
    hub.run().await;
}

#[tokio::test]
async fn a_line_has_the_original_fields() {
    let mut hub = TestHub::start().await;
    hub.hears(ANNA, "raz").await;
    hub.hears(ANNA, "dwa").await;
    let last = json!({
        "body": "dwa",
        "direction": "inbound",
        "status": "received",
        "error": null,
        "created_at": "2026-11-22T10:00:00",
        "updated_at": hub.listed().await[0]["updated_at"],
    });
    let line = json!({ "participant": ANNA, "message_count": 2, "last_message": last });
    let shown = hub.get(CONVERSATIONS).await;
    assert_eq!((shown.status, shown.json()), (200, json!({ "items": [line], "count": 1, "next": null })));
}

#[tokio::test]
async fn one_person_is_one_line_whatever_the_channel() {
    let mut hub = polish().start().await;
    comes_from(&mut hub, 1, ANNA, "SMS").await;
    comes_from(&mut hub, 2, PIOTR, "Inny").await;
    comes_from(&mut hub, 3, ANNA_ON_WHATSAPP, "WhatsApp").await;
    let shown = hub.get(CONVERSATIONS).await.json();
    assert_eq!(column(&shown, "participant"), [ANNA, PIOTR]);
    assert_eq!(column(&shown, "message_count"), [2, 1]);
    assert_eq!(shown["items"][0]["last_message"]["body"], "WhatsApp");
    let thread = hub.get(&format!("{CONVERSATIONS}/{ANNA}")).await.json();
    assert_eq!(column(&thread, "from_number"), [ANNA, ANNA_ON_WHATSAPP]);
}

#[tokio::test]
async fn somebody_without_a_number_is_named_as_they_write_themselves() {
    let mut hub = TestHub::start().await;
    comes_from(&mut hub, 1, "MojBank", "Kod 1234").await;
    assert_eq!(column(&hub.get(CONVERSATIONS).await.json(), "participant"), ["MojBank"]);
    for spelling in ["MojBank", "mojbank", "Moj-Bank"] {
        let thread = hub.get(&format!("{CONVERSATIONS}/{spelling}")).await.json();
        assert_eq!((&thread["participant"], &thread["count"]), (&json!("MojBank"), &json!(1)), "{spelling}");
    }
}

#[tokio::test]
async fn lines_come_newest_first_page_by_page() {
    let mut hub = TestHub::start().await;
    for number in 0..35 {
        comes_from(&mut hub, number, &format!("+485001002{number:02}"), "x").await;
    }
    for (query, count) in [("", 30), ("?limit=x", 30), ("?limit=0", 1), ("?limit=1000", 35), ("?limit=2", 2)]
    {
        assert_eq!(hub.get(&format!("{CONVERSATIONS}{query}")).await.json()["count"], count, "{query}");
    }
    let mut seen = Vec::new();
    let mut path = format!("{CONVERSATIONS}?limit=16");
    loop {
        let page = hub.get(&path).await.json();
        seen.extend(column(&page, "participant"));
        let Some(next) = page["next"].as_i64() else { break };
        path = format!("{CONVERSATIONS}?limit=16&before={next}");
    }
    let expect: Vec<Value> = (0..35).rev().map(|number| json!(format!("+485001002{number:02}"))).collect();
    assert_eq!(seen, expect);
}

#[tokio::test]
async fn a_thread_is_its_last_fifty_oldest_first_in_any_spelling() {
    let mut hub = TestHub::start().await;
    for number in 0..55 {
        comes_from(&mut hub, number, ANNA, &number.to_string()).await;
    }
    for spelling in
        ["+48500100200", "500100200", "whatsapp:+48500100200", "%2B48%20500-100-200", "0048500100200"]
    {
        let thread = hub.get(&format!("{CONVERSATIONS}/{spelling}")).await.json();
        let bodies: Vec<String> = (5..55).map(|number| number.to_string()).collect();
        assert_eq!(column(&thread, "body"), bodies, "{spelling}");
        assert_eq!((&thread["participant"], &thread["count"]), (&json!(ANNA), &json!(50)));
    }
    let thread = hub.get(&format!("{CONVERSATIONS}/{ANNA}")).await.json();
    let earlier = hub.get(&format!("{CONVERSATIONS}/{ANNA}?before={}", thread["next"])).await.json();
    assert_eq!(column(&earlier, "body"), ["0", "1", "2", "3", "4"]);
    assert_eq!(earlier["next"], Value::Null);
}

#[tokio::test]
async fn a_thread_of_nobody_is_empty_and_of_nothing_400() {
    let hub = TestHub::start().await;
    let shown = hub.get(&format!("{CONVERSATIONS}/600100200")).await;
    let expect = json!({
        "participant": "600100200", "items": [], "count": 0, "next": null, "whatsapp_window_ends_at": null
    });
    assert_eq!((shown.status, shown.json()), (200, expect));
    for answer in
        [hub.get(&format!("{CONVERSATIONS}/%20")).await, hub.delete(&format!("{CONVERSATIONS}/%20")).await]
    {
        assert_eq!((answer.status, answer.json()), (400, json!({ "error": "Participant is required." })));
    }
}

#[tokio::test]
async fn a_conversation_is_deleted_at_twilio_and_here() {
    let mut hub = TestHub::start().await;
    let mut sids = vec![hub.hears(ANNA, "raz").await, hub.sends(ANNA, "dwa").await];
    hub.hears(PIOTR, "trzy").await;
    sids.push(hub.hears(ANNA, "cztery").await);
    let answer = hub.delete(&format!("{CONVERSATIONS}/500100200")).await;
    let expect = json!({ "participant": "500100200", "deleted_remote": 3, "deleted_local": 3 });
    assert_eq!((answer.status, answer.json()), (200, expect));
    assert!(sids.iter().all(|sid| hub.sim.message(sid).unwrap().deleted));
    assert_eq!(column(&hub.get(CONVERSATIONS).await.json(), "participant"), [PIOTR]);
    let again = hub.delete(&format!("{CONVERSATIONS}/500100200")).await;
    assert_eq!((again.status, again.json()), (404, json!({ "error": "Nie znaleziono rozmowy." })));
    assert_eq!(hub.get("/api/messages/stats").await.json()["total"], 1);
}

#[tokio::test]
async fn a_conversation_of_nobody_is_404() {
    let hub = TestHub::start().await;
    let answer = hub.delete(&format!("{CONVERSATIONS}/600100200")).await;
    assert_eq!((answer.status, answer.json()), (404, json!({ "error": "Nie znaleziono rozmowy." })));
}

#[tokio::test]
async fn messages_without_a_sid_keep_a_conversation() {
    let mut hub = TestHub::start().await;
    hub.api_sends("+15005550001", "Hej").await;
    let row = hub.only_written().await.row;
    let answer = hub.delete(&format!("{CONVERSATIONS}/%2B15005550001")).await;
    let words = "Nie wszystkie wiadomości w wątku mają SID Twilio. Usuń je ręcznie po zsynchronizowaniu.";
    assert_eq!((answer.status, answer.json()), (409, json!({ "error": words, "missing_local_ids": [row] })));
}

#[tokio::test]
async fn when_twilio_keeps_one_nothing_is_deleted_here_and_a_repeat_finishes() {
    let mut hub = TestHub::start().await;
    hub.hears(ANNA, "raz").await;
    let on_its_way = hub.api_sends(ANNA, "dwa").await.json()["sid"].as_str().unwrap().to_owned();
    let answer = hub.delete(&format!("{CONVERSATIONS}/{ANNA}")).await;
    let body = answer.json();
    assert_eq!(
        (answer.status, column(&json!({ "items": body["failed"] }), "sid")),
        (502, vec![json!(on_its_way)])
    );
    assert!(body["error"].is_string());
    let words =
        "Twilio jeszcze przetwarza tę wiadomość – usuń ją albo jej treść, gdy jej los będzie znany. (20009)";
    assert_eq!(body["failed"][0]["error"], words);
    hub.cut_off(true);
    let silent = hub.delete(&format!("{CONVERSATIONS}/{ANNA}")).await.json();
    assert_eq!(silent["failed"][0]["error"], "Twilio nie odpowiada. Spróbuj ponownie za chwilę.");
    hub.cut_off(false);
    assert_eq!(hub.messages().await.len(), 2);
    hub.advance(Duration::from_secs(5)).await;
    let answer = hub.delete(&format!("{CONVERSATIONS}/{ANNA}")).await;
    assert_eq!((answer.status, &answer.json()["deleted_local"]), (200, &json!(2)));
}
