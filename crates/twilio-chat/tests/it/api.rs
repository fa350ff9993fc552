//! The compatible API: the original's shapes, texts and limits.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Method, Request},
};
use hub_sim::{CreateFault, Faults};
use serde_json::{Value, json};

use crate::{
    hub::{API_TOKEN, TestHub},
    setup::Setup,
    talk::{ANNA, PIOTR, bearer, sid},
    wire::ask,
};

const MESSAGES: &str = "/api/messages";
const CONFIG: &str = "/api/auto-reply/config";

async fn with_texts(count: u64) -> TestHub {
    let mut hub = TestHub::start().await;
    let number = hub.number().to_owned();
    for text in 0..count {
        let (sid, body) = (sid(text), format!("tekst {text}"));
        let fields = [("MessageSid", &*sid), ("From", ANNA), ("To", &number), ("Body", &body)];
        assert_eq!(hub.twilio_posts("/twilio/inbound", &fields).await.status, 200);
    }
    hub.run().await;
    hub
}

#[tokio::test]
async fn the_list_is_newest_first_and_its_limit_clamped() {
    let hub = with_texts(510).await;
    for (query, count) in [
        ("", 50),
        ("?limit=3", 3),
        ("?limit=0", 1),
        ("?limit=-7", 1),
        ("?limit=500", 500),
        ("?limit=501", 500),
        ("?limit=99999999999999999999", 50),
        ("?limit=abc", 50),
        ("?limit=", 50),
        ("?limit=2.5", 50),
        ("?limit=%20%207%20", 7),
    ] {
        let answer = hub.get(&format!("{MESSAGES}{query}")).await;
        assert_eq!(answer.status, 200, "{query}");
        let shown = answer.json();
        assert_eq!(shown["count"], count, "{query}");
        assert_eq!(shown["items"].as_array().unwrap().len(), usize::try_from(count).unwrap(), "{query}");
        assert_eq!(shown["items"][0]["body"], "tekst 509", "{query}");
    }
}

#[tokio::test]
async fn a_direction_counts_only_when_it_is_exactly_one() {
    let mut hub = with_texts(2).await;
    hub.api_sends(PIOTR, "Nasz").await;
    for (query, count) in
        [("inbound", 2), ("outbound", 1), ("", 3), ("Inbound", 3), ("in", 3), ("both", 3), ("inbound%20", 3)]
    {
        let shown = hub.get(&format!("{MESSAGES}?direction={query}")).await.json();
        assert_eq!(shown["count"], count, "{query}");
    }
}

#[tokio::test]
async fn of_a_field_given_twice_the_first_counts_and_one_that_cannot_be_read_is_none() {
    let hub = with_texts(2).await;
    for (query, count) in
        [("limit=1&limit=2", 1), ("direction=inbound&direction=outbound", 2), ("limit=%FF", 2)]
    {
        let shown = hub.get(&format!("{MESSAGES}?{query}")).await;
        assert_eq!((shown.status, shown.json()["count"].as_u64()), (200, Some(count)), "{query}");
    }
}

#[tokio::test]
async fn an_item_has_the_original_fields() {
    let hub = with_texts(1).await;
    let shown = hub.get(MESSAGES).await.json();
    let item = json!({
        "id": 1,
        "sid": sid(0),
        "direction": "inbound",
        "to_number": hub.number(),
        "from_number": ANNA,
        "body": "tekst 0",
        "status": "received",
        "error": null,
        "created_at": "2026-11-22T10:00:00",
        "updated_at": "2026-11-22T10:00:00",
    });
    assert_eq!(shown, json!({ "items": [item], "count": 1, "next": null }));
}

#[tokio::test]
async fn a_send_that_twilio_takes_is_200_in_the_original_shape() {
    let mut hub = TestHub::start().await;
    let answer = hub.api_sends("  500 100 200 ", "  Zażółć  ").await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.json(),
        json!({
            "success": true,
            "sid": hub.taken()[0].sid,
            "status": "queued",
            "parts": 1,
            "characters": 6,
            "message": "SMS wysłany do +48500100200",
        })
    );
    let (taken, from) = (hub.taken(), hub.number());
    assert_eq!((&*taken[0].to, taken[0].from.as_deref(), &*taken[0].body), (ANNA, Some(from), "Zażółć"));
    assert_eq!(hub.only_written().await.origin.unwrap().as_str(), "api");
}

#[tokio::test]
async fn a_send_that_cannot_be_made_is_400_with_the_original_words() {
    let mut hub = TestHub::start().await;
    for (body, words) in [
        (json!({}), "Brak numeru odbiorcy (to)."),
        (json!({ "to": "  ", "body": "x" }), "Brak numeru odbiorcy (to)."),
        (json!({ "to": null, "body": "x" }), "Brak numeru odbiorcy (to)."),
        (json!({ "to": ANNA }), "Brak treści wiadomości (body)."),
        (json!({ "to": ANNA, "body": " \n " }), "Brak treści wiadomości (body)."),
        (json!({ "to": "abc", "body": "x" }), "Nieprawidłowy format numeru telefonu."),
        (json!({ "to": "12345", "body": "x" }), "Nieprawidłowy format numeru telefonu."),
        (json!({ "to": "+4850010020012345", "body": "x" }), "Nieprawidłowy format numeru telefonu."),
        (json!({ "to": "MojBank", "body": "x" }), "Nieprawidłowy format numeru telefonu."),
    ] {
        let answer = hub.post(MESSAGES, &body).await.unwrap();
        assert_eq!(answer.status, 400, "{body}");
        assert_eq!(answer.json(), json!({ "success": false, "error": words }), "{body}");
    }
    assert!(hub.messages().await.is_empty());
    assert_eq!(hub.api_sends(ANNA, &"x".repeat(1500)).await.status, 200);
}

#[tokio::test]
async fn a_refused_send_is_500_with_the_reason() {
    let mut hub = TestHub::start().await;
    let answer = hub.api_sends("+15005550001", "Hej").await;
    assert_eq!(answer.status, 500);
    let words =
        "Numer odbiorcy jest niepoprawny – popraw go w formacie +48 500 100 200 i wyślij ponownie. (21211)";
    assert_eq!(answer.json(), json!({ "success": false, "error": words }));
    assert_eq!(hub.only_written().await.status.as_str(), "failed");
}

#[tokio::test]
async fn a_send_that_stays_open_is_202_after_ten_seconds_and_goes_on() {
    let mut hub = TestHub::start().await;
    hub.sim.faults(Faults { next: [CreateFault::CutBefore].into(), ..Faults::default() });
    let body = Body::from(json!({ "to": ANNA, "body": "Hej" }).to_string());
    let waiting = tokio::spawn(ask(hub.line.router().unwrap(), bearer(Method::POST, MESSAGES, body)));
    while hub.messages().await.is_empty() {
        tokio::task::yield_now().await;
    }
    hub.run().await;
    assert_eq!(hub.only_written().await.status.as_str(), "unknown");
    tokio::time::pause();
    tokio::time::advance(Duration::from_millis(9_900)).await;
    assert!(!waiting.is_finished());
    let answer = waiting.await.unwrap();
    tokio::time::resume();
    assert_eq!(answer.status, 202);
    assert_eq!(
        answer.json(),
        json!({
            "success": true,
            "sid": null,
            "status": "queued",
            "parts": 1,
            "characters": 3,
            "message": "SMS zapisany, czeka na wysłanie do +48500100200",
        })
    );
    hub.advance(Duration::from_mins(10)).await;
    assert_eq!(hub.phone(ANNA).got(), ["Hej"]);
}

#[tokio::test]
async fn a_send_to_somebody_who_opted_out_is_409() {
    let mut hub = TestHub::start().await;
    hub.phone(ANNA).writes("Wypisz mnie");
    hub.run().await;
    let answer = hub.api_sends(ANNA, "Promocja").await;
    assert_eq!(answer.status, 409);
    let words = "Nie wysłano: odbiorca wypisał się z wiadomości.";
    assert_eq!(answer.json(), json!({ "success": false, "error": words }));
}

#[tokio::test]
async fn a_send_without_an_account_is_503() {
    let mut hub = Setup::new().unconfigured().start().await;
    let answer = hub.api_sends(ANNA, "Hej").await;
    assert_eq!((answer.status, &answer.json()["success"]), (503, &Value::Bool(false)));
    assert!(hub.messages().await.is_empty());
}

#[tokio::test]
async fn a_bearer_call_is_read_whatever_its_content_type() {
    let hub = TestHub::start().await;
    for (kind, body, status) in [
        ("text/plain", r#"{"enabled":false,"message":"Hej"}"#, 200),
        ("application/x-www-form-urlencoded", r#"{"enabled":true,"message":"Hej"}"#, 200),
        ("", r#"{"enabled":true,"message":"Hej"}"#, 200),
        // What can't be read counts as {}: switched off, without a text.
        ("application/json", "{", 200),
        ("application/json", "[1]", 200),
        ("application/json", "\"x\"", 200),
        ("application/json", "", 200),
        ("application/json", r#"{"enabled":true}"#, 400),
    ] {
        let request = Request::post(CONFIG).header("authorization", format!("bearer  {API_TOKEN}"));
        let answer = hub.ask(request.header("content-type", kind).body(Body::from(body)).unwrap()).await;
        assert_eq!(answer.status, status, "{kind} {body}");
    }
    assert_eq!(hub.get(CONFIG).await.json(), json!({ "enabled": false, "message": "" }));
}

#[tokio::test]
async fn the_auto_reply_is_checked_in_the_original_words() {
    let mut hub = TestHub::start().await;
    assert_eq!(hub.get(CONFIG).await.json(), json!({ "enabled": false, "message": "" }));
    let full = "ż".repeat(640);
    let on = hub.post(CONFIG, &json!({ "enabled": true, "message": format!(" {full} ") })).await.unwrap();
    assert_eq!((on.status, on.json()), (200, json!({ "enabled": true, "message": full })));
    for (body, words) in [
        (
            json!({ "enabled": true, "message": " " }),
            "Treść auto-odpowiedzi jest wymagana gdy funkcja jest włączona.",
        ),
        (
            json!({ "enabled": false, "message": "ż".repeat(641) }),
            "Treść auto-odpowiedzi nie może przekraczać 640 znaków.",
        ),
    ] {
        let refused = hub.post(CONFIG, &body).await.unwrap();
        assert_eq!((refused.status, refused.json()), (400, json!({ "error": words })));
    }
    assert_eq!(hub.get(CONFIG).await.json(), json!({ "enabled": true, "message": full }), "nothing changed");
    for (typed, enabled) in
        [(json!("yes"), true), (json!(""), false), (json!(1), true), (json!(0), false), (json!(null), false)]
    {
        let body = json!({ "enabled": typed, "message": "Hej" });
        assert_eq!(hub.post(CONFIG, &body).await.unwrap().json()["enabled"], enabled, "{typed}");
    }
}

#[tokio::test]
async fn health_has_the_original_fields_and_the_state_of_store_queue_and_workers() {
    let mut hub = Setup::new().with("APP_ENV", "staging").with("APP_DEBUG", "true").start().await;
    hub.phone(ANNA).writes("Hej");
    hub.post_webhooks().await;
    let request = Request::get("/api/health").body(Body::empty()).unwrap();
    let answer = hub.ask(request).await;
    assert_eq!(answer.status, 200);
    let stopped = json!({ "reply": "stopped", "deliver": "stopped", "reconcile": "stopped", "media": "stopped",
            "recovery": "stopped" });
    assert_eq!(
        answer.json(),
        json!({
            "status": "ok",
            "message": "Twilio Chat App running",
            "env": "staging",
            "openai_enabled": false,
            "debug": true,
            "store": "ok",
            "queue": { "reply": 1, "deliver": 0, "reconcile": 0, "media": 0, "set_aside": 0, "held": 0 },
            "workers": stopped,
            "receiving": "webhooks",
            "twilio": "untried",
            "sending": { "stopped": false },
            "signatures_checked": true,
        })
    );
    hub.run().await;
}

#[tokio::test]
async fn health_is_503_while_a_text_could_not_be_kept() {
    let hub = Setup::new().with_busy_timeout(Duration::from_millis(5)).start().await;
    let lock = hub.locked_by_another_process();
    let answer = hub.get("/api/health").await;
    assert_eq!(answer.status, 503);
    let shown = answer.json();
    assert_eq!((&shown["status"], &shown["store"]), (&"error".into(), &"error".into()));
    drop(lock);
    assert_eq!(hub.get("/api/health").await.status, 200);
}

#[tokio::test]
async fn health_of_an_unconfigured_hub_is_200_and_says_setup() {
    let hub = Setup::new().unconfigured().start().await;
    let answer = hub.get("/api/health").await;
    assert_eq!((answer.status, &answer.json()["setup"]), (200, &Value::Bool(true)));
    let hub = TestHub::start().await;
    assert_eq!(hub.get("/api/health").await.json().get("setup"), None);
}

#[tokio::test]
async fn a_store_that_takes_nothing_is_503_and_nothing_is_sent() {
    let mut hub = Setup::new().with_busy_timeout(Duration::from_millis(5)).start().await;
    let lock = hub.locked_by_another_process();
    let answer = hub.api_sends(ANNA, "Hej").await;
    assert_eq!((answer.status, &answer.json()["success"]), (503, &Value::Bool(false)));
    let change = json!({ "enabled": true, "message": "Hej" });
    let answer = hub.post(CONFIG, &change).await.unwrap();
    assert_eq!(answer.status, 503);
    assert!(answer.json()["error"].as_str().unwrap().starts_with("Baza danych nie przyjmuje zapisów."));
    drop(lock);
    hub.run().await;
    assert!(hub.taken().is_empty() && hub.messages().await.is_empty());
}

#[tokio::test]
async fn a_body_too_large_for_the_api_is_413() {
    let hub = TestHub::start().await;
    let request = bearer(Method::POST, CONFIG, Body::from(vec![b' '; 3 * 1024 * 1024]));
    assert_eq!(hub.ask(request).await.status, 413);
}
