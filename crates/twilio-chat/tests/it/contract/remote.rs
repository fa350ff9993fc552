//! `GET /api/messages/remote`, `GET /api/messages/<sid>`: looking at Twilio, keeping what we lack.

use std::time::Duration;

use hub_sim::{CreateFault, Faults};
use serde_json::{Value, json};

use super::{MESSAGES, column};
use crate::{
    hub::TestHub,
    setup::Setup,
    talk::{ANNA, PIOTR, sid},
};

const REMOTE: &str = "/api/messages/remote";

/// A customer wrote and the webhook never reached us.
fn missed(hub: &TestHub, from: &str, body: &str) -> String {
    let sid = hub.phone(from).writes(body);
    hub.sim.due_webhooks();
    sid
}

#[tokio::test]
async fn the_remote_list_has_the_original_fields() {
    let mut hub = TestHub::start().await;
    let ours = hub.sends(ANNA, "Hej").await;
    let shown = hub.get(REMOTE).await;
    let expect = json!({
        "items": [{
            "sid": ours,
            "status": "delivered",
            "direction": "outbound-api",
            "from": hub.number(),
            "to": ANNA,
            "body": "Hej",
            "num_media": "0",
            "num_segments": "1",
            "error_code": null,
            "error_message": null,
            "messaging_service_sid": null,
            "price": "-0.00790",
            "price_unit": "USD",
            "date_created": "2026-11-22T10:00:00+00:00",
            "date_updated": shown.json()["items"][0]["date_updated"],
            "date_sent": shown.json()["items"][0]["date_sent"],
        }],
        "count": 1,
    });
    assert_eq!((shown.status, shown.json()), (200, expect));
    let one = hub.get(&format!("{MESSAGES}/{ours}")).await;
    assert_eq!((one.status, &one.json()["item"]), (200, &shown.json()["items"][0]));
}

#[tokio::test]
async fn the_remote_list_is_limited_and_filtered() {
    let mut hub = TestHub::start().await;
    for number in 0..21 {
        hub.hears(if number % 2 == 0 { ANNA } else { PIOTR }, "x").await;
    }
    hub.advance(Duration::from_hours(24)).await;
    hub.hears(ANNA, "jutro").await;
    for (query, count) in [
        ("", 20),
        ("?limit=5", 5),
        ("?limit=0", 1),
        ("?limit=1000", 22),
        ("?limit=x", 20),
        ("?limit=100&from=500100200", 12),
        ("?limit=100&from=%2B48500100201", 10),
        ("?limit=100&to=%2B48500100200", 0),
        ("?limit=100&date_sent=2026-11-23", 1),
        ("?limit=100&date_sent_after=2026-11-23", 1),
        ("?limit=100&date_sent_before=2026-11-22", 21),
        ("?limit=100&date_sent_after=2026-11-22T10:00:00&date_sent_before=2026-11-24", 22),
        ("?limit=100&date_sent=yesterday", 22),
    ] {
        assert_eq!(hub.get(&format!("{REMOTE}{query}")).await.json()["count"], count, "{query}");
    }
}

#[tokio::test]
async fn what_we_lack_is_kept_and_not_answered() {
    let mut hub = Setup::new().with_auto_reply("Oddzwonimy.").without_recovery().start().await;
    let lacking = missed(&hub, ANNA, "Halo?");
    hub.advance(Duration::from_mins(5)).await;
    assert_eq!(hub.get(REMOTE).await.json()["count"], 1);
    hub.run().await;
    let items = hub.listed().await;
    assert_eq!((items.len(), &items[0]["sid"], &items[0]["body"]), (1, &json!(lacking), &json!("Halo?")));
    assert_eq!(items[0]["created_at"], "2026-11-22T10:00:00");
    assert_eq!((&items[0]["direction"], &items[0]["status"]), (&json!("inbound"), &json!("received")));
    assert!(hub.taken().is_empty());
    assert_eq!(hub.get("/api/messages/stats").await.json()["inbound"], 1);
    // Seen twice, kept once.
    hub.get(REMOTE).await;
    assert_eq!(hub.get(&format!("{MESSAGES}/{lacking}")).await.status, 200);
    assert_eq!(hub.listed().await.len(), 1);
}

#[tokio::test]
async fn what_is_from_before_is_history_when_looked_at() {
    let mut hub = Setup::new().with_auto_reply("Oddzwonimy.").without_recovery().start().await;
    let old = missed(&hub, ANNA, "Halo?");
    hub.advance(Duration::from_hours(24 * 20)).await;
    hub.hears(PIOTR, "Teraz").await;
    hub.run().await;
    let written = hub.taken().len();
    assert_eq!(hub.get(REMOTE).await.status, 200);
    hub.run().await;
    assert_eq!((hub.taken().len(), hub.phone(ANNA).got().len()), (written, 0));
    assert_eq!(hub.listed().await.last().unwrap()["sid"], json!(old));
    let inbox = hub.get("/api/inbox").await.json();
    assert_eq!(
        (column(&inbox, "participant"), column(&inbox, "unread")),
        (vec![json!(PIOTR), json!(ANNA)], vec![json!(1), json!(0)],)
    );
    // It is named by a number below 0, in addresses too.
    let number = inbox["items"][1]["last_message"]["id"].as_i64().unwrap();
    assert!(number < 0);
    let details = hub.get(&format!("{MESSAGES}/{number}/details")).await;
    assert_eq!((details.status, &details.json()["message"]["sid"]), (200, &json!(old)));
    let contact = &inbox["items"][1]["contact"];
    let thread = hub.get(&format!("/api/contacts/{contact}/thread?before={}", number + 1)).await;
    assert_eq!((thread.status, column(&thread.json(), "id")), (200, vec![json!(number)]));
}

#[tokio::test]
async fn a_webhook_that_comes_after_the_look_is_answered_once() {
    let mut hub = Setup::new().with_auto_reply("Oddzwonimy.").start().await;
    hub.phone(ANNA).writes("Halo?");
    hub.get(REMOTE).await;
    hub.run().await;
    hub.advance(Duration::from_secs(5)).await;
    assert_eq!((hub.phone(ANNA).got(), hub.received().await.len()), (vec!["Oddzwonimy.".to_owned()], 1));
}

#[tokio::test]
async fn an_opt_out_we_missed_counts_unless_it_was_taken_back() {
    let mut hub = TestHub::start().await;
    missed(&hub, ANNA, "WYPISZ");
    missed(&hub, PIOTR, "WYPISZ");
    hub.advance(Duration::from_secs(1)).await;
    hub.hears(PIOTR, "WYPISZ").await;
    hub.advance(Duration::from_secs(5)).await;
    hub.hears(PIOTR, "WZNOW").await;
    hub.advance(Duration::from_secs(5)).await;
    hub.get(REMOTE).await;
    hub.run().await;
    assert_eq!(hub.api_sends(ANNA, "Hej").await.status, 409);
    assert_eq!(hub.api_sends(PIOTR, "Hej").await.status, 200);
    assert!(hub.phone(ANNA).got().is_empty());
    hub.run().await;
}

#[tokio::test]
async fn a_message_that_a_lookup_may_find_is_left_to_it() {
    let mut hub = Setup::new().with_timing(|timing| timing.send_wait = Duration::ZERO).start().await;
    hub.sim.faults(Faults {
        next: [CreateFault::CutAfter].into(),
        dropped_callbacks: 1.0,
        ..Faults::default()
    });
    assert_eq!(hub.api_sends(ANNA, "Hej").await.status, 202);
    hub.run().await;
    assert_eq!(hub.only_written().await.status.as_str(), "unknown");
    assert_eq!(hub.get(REMOTE).await.json()["count"], 1);
    assert_eq!(hub.only_written().await.status.as_str(), "unknown");
    hub.advance(Duration::from_mins(10)).await;
    let written = hub.only_written().await;
    assert_eq!(written.sid.unwrap().as_str(), hub.taken()[0].sid);
    assert_eq!(hub.taken().len(), 1);
}

#[tokio::test]
async fn a_status_we_missed_is_learned() {
    let mut hub = TestHub::start().await;
    let answer = hub.api_sends(ANNA, "Hej").await.json();
    hub.jump(Duration::from_mins(1));
    hub.sim.due_webhooks();
    assert_eq!(hub.only_written().await.status.as_str(), "queued");
    hub.get(&format!("{MESSAGES}/{}", answer["sid"].as_str().unwrap())).await;
    assert_eq!(hub.only_written().await.status.as_str(), "delivered");
}

#[tokio::test]
async fn what_twilio_does_not_have_is_404() {
    let hub = TestHub::start().await;
    for name in [sid(7), "no-sid".to_owned(), "7".to_owned()] {
        let answer = hub.get(&format!("{MESSAGES}/{name}")).await;
        assert_eq!((answer.status, answer.json()), (404, json!({ "error": "Nie znaleziono wiadomości." })));
    }
}

#[tokio::test]
async fn a_silent_twilio_is_an_error() {
    let hub = TestHub::start().await;
    hub.cut_off(true);
    let words = json!({ "error": "Twilio nie odpowiada. Spróbuj ponownie za chwilę." });
    for (path, status) in [(REMOTE.to_owned(), 500), (format!("{MESSAGES}/{}", sid(1)), 502)] {
        let answer = hub.get(&path).await;
        assert_eq!((answer.status, answer.json()), (status, words.clone()));
    }
}

#[tokio::test]
async fn without_an_account_nothing_remote_can_be_done() {
    let hub = Setup::new().unconfigured().start().await;
    assert_eq!(hub.get(REMOTE).await.status, 503);
    assert_eq!(hub.get(&format!("{MESSAGES}/{}", sid(1))).await.status, 503);
    assert_eq!(hub.delete(&format!("{MESSAGES}/{}", sid(1))).await.status, 503);
    let listed = hub.get(MESSAGES).await.json();
    assert_eq!(column(&listed, "id"), Vec::<Value>::new());
}
