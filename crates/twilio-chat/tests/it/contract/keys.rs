//! `Idempotency-Key` on both sends.

use std::time::Duration;

use axum::{body::Body, http::Request};
use hub_sim::{CreateFault, Faults};
use serde_json::json;

use super::{MESSAGES, SEND, with_key};
use crate::{
    hub::{PUBLIC, TestHub},
    setup::Setup,
    talk::ANNA,
    wire::ask,
};

#[tokio::test]
async fn the_same_key_again_is_the_same_message() {
    for path in [MESSAGES, SEND] {
        let mut hub = TestHub::start().await;
        let body = json!({ "to": ANNA, "body": "Hej" });
        let first = hub.keyed(path, "k1", &body).await;
        let second = hub.keyed(path, "k1", &body).await;
        assert_eq!((first.status, first.json()), (second.status, second.json()));
        assert_eq!((first.status, hub.taken().len(), hub.written().await.len()), (200, 1, 1));
        let other = hub.keyed(path, "k2", &body).await;
        assert_eq!((other.status, hub.taken().len()), (200, 2));
        hub.run().await;
    }
}

#[tokio::test]
async fn the_same_key_for_something_else_is_422() {
    let mut hub = TestHub::start().await;
    let words = "Ten Idempotency-Key był już użyty do innej wiadomości.";
    let body = json!({ "to": ANNA, "body": "Hej" });
    assert_eq!(hub.keyed(MESSAGES, "k", &body).await.status, 200);
    for other in [json!({ "to": ANNA, "body": "Hej!" }), json!({ "to": "+48500100201", "body": "Hej" })] {
        let answer = hub.keyed(MESSAGES, "k", &other).await;
        assert_eq!((answer.status, answer.json()), (422, json!({ "success": false, "error": words })));
    }
    let answer = hub.keyed(SEND, "k", &body).await;
    assert_eq!((answer.status, answer.json()), (422, json!({ "error": words })));
    assert_eq!(hub.taken().len(), 1);
    hub.run().await;
}

#[tokio::test]
async fn the_order_of_fields_makes_no_other_payload() {
    let mut hub = TestHub::start().await;
    for text in [r#"{"to":"500100200","body":"Hej"}"#, r#"{ "body": "Hej", "to": "500100200" }"#] {
        let mut request = with_key(MESSAGES, "k", &json!({}));
        *request.body_mut() = Body::from(text);
        assert_eq!(hub.call(request).await.unwrap().status, 200);
    }
    assert_eq!(hub.taken().len(), 1);
    hub.run().await;
}

#[tokio::test]
async fn a_send_under_way_is_waited_for_not_repeated() {
    let mut hub = TestHub::start().await;
    let body = json!({ "to": ANNA, "body": "Hej" });
    let router = hub.line.router().unwrap();
    let first = tokio::spawn(ask(router, with_key(MESSAGES, "k", &body)));
    while hub.messages().await.is_empty() {
        tokio::task::yield_now().await;
    }
    let second = tokio::spawn(ask(hub.line.router().unwrap(), with_key(MESSAGES, "k", &body)));
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    assert!(!first.is_finished() && !second.is_finished());
    hub.run_jobs().await;
    let (first, second) = (first.await.unwrap(), second.await.unwrap());
    assert_eq!((first.status, first.json()), (200, second.json()));
    assert_eq!((hub.taken().len(), hub.written().await.len()), (1, 1));
    hub.run().await;
}

#[tokio::test]
async fn a_failed_send_stays_failed_under_its_key() {
    let mut hub = TestHub::start().await;
    let body = json!({ "to": "+15005550001", "body": "Hej" });
    let first = hub.keyed(MESSAGES, "k", &body).await;
    let second = hub.keyed(MESSAGES, "k", &body).await;
    assert_eq!((first.status, first.json()), (500, second.json()));
    assert_eq!(hub.written().await.len(), 1);
}

#[tokio::test]
async fn a_send_that_was_refused_before_it_was_written_may_use_the_key_again() {
    let mut hub = TestHub::start().await;
    assert_eq!(hub.keyed(MESSAGES, "k", &json!({ "to": "abc", "body": "Hej" })).await.status, 400);
    assert_eq!(hub.keyed(MESSAGES, "k", &json!({ "to": ANNA, "body": "Hej" })).await.status, 200);
    hub.run().await;
}

#[tokio::test]
async fn parts_are_repeated_together() {
    let mut hub = TestHub::start().await;
    let body = json!({ "to": ANNA, "body": "długi tekst ".repeat(200) });
    let first = hub.keyed(MESSAGES, "k", &body).await.json();
    let second = hub.keyed(MESSAGES, "k", &body).await.json();
    assert_eq!((&first["parts"], &first["sids"], &second), (&json!(2), &second["sids"], &first));
    assert_eq!(hub.taken().len(), 2);
    hub.run().await;
}

#[tokio::test]
async fn a_key_survives_a_crash_and_a_week() {
    let mut hub = Setup::new().with_timing(|timing| timing.send_wait = Duration::ZERO).start().await;
    hub.sim.faults(Faults { next: [CreateFault::CutAfter].into(), ..Faults::default() });
    let body = json!({ "to": ANNA, "body": "Hej" });
    assert_eq!(hub.keyed(MESSAGES, "k", &body).await.status, 202);
    hub.restart().await;
    hub.advance(Duration::from_hours(7 * 24 - 1)).await;
    assert_eq!(hub.keyed(MESSAGES, "k", &body).await.status, 200);
    assert_eq!(hub.taken().len(), 1);
}

#[tokio::test]
async fn another_caller_s_key_is_another_key() {
    let mut hub = TestHub::start().await;
    let body = json!({ "to": ANNA, "body": "Hej" });
    assert_eq!(hub.keyed(MESSAGES, "k", &body).await.status, 200);
    let session = hub.session().await;
    let request = Request::post(MESSAGES).header("cookie", session).header("origin", PUBLIC);
    let request = request.header("content-type", "application/json").header("idempotency-key", "k");
    let answer = hub.call(request.body(Body::from(body.to_string())).unwrap()).await.unwrap();
    assert_eq!((answer.status, hub.taken().len()), (200, 2));
    hub.run().await;
}

#[tokio::test]
async fn a_key_that_is_none_is_400() {
    let mut hub = TestHub::start().await;
    let body = json!({ "to": ANNA, "body": "Hej" });
    for path in [MESSAGES, SEND] {
        for key in [" ", &"k".repeat(256), "kluczą"] {
            assert_eq!(hub.keyed(path, key, &body).await.status, 400, "{key:?}");
        }
    }
    assert!(hub.messages().await.is_empty());
    assert_eq!(hub.keyed(MESSAGES, &"k".repeat(255), &body).await.status, 200);
    hub.run().await;
}

/// The message is gone, its key is not: asking again must not send a second one.
#[tokio::test]
async fn a_key_outlives_its_deleted_message() {
    for path in [MESSAGES, SEND] {
        let mut hub = TestHub::start().await;
        let body = json!({ "to": ANNA, "body": "Hej" });
        assert_eq!(hub.keyed(path, "k", &body).await.status, 200);
        hub.advance(Duration::from_secs(5)).await;
        let row = hub.only_written().await.row;
        assert_eq!(hub.delete(&format!("{MESSAGES}/{row}")).await.status, 200);
        let again = hub.keyed(path, "k", &body).await;
        assert_eq!((again.status, hub.taken().len()), (410, 1), "{path}");
        assert!(again.json()["error"].as_str().unwrap().contains("usunięto"));
        assert_eq!(hub.keyed(path, "k", &json!({ "to": ANNA, "body": "Inny" })).await.status, 422);
        assert!(hub.written().await.is_empty());
    }
}
