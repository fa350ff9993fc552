//! `/api/inbox`, `/api/search`, `/api/meter` and `/api/stats/series`.

use axum::http::Method;
use serde_json::{Value, json};

use super::column;
use crate::{
    hub::TestHub,
    setup::Setup,
    talk::{ANNA, PIOTR},
};

/// A number of Twilio's that refuses every message.
const INVALID: &str = "+15005550001";

async fn people(hub: &TestHub, view: &str) -> Vec<Value> {
    column(&hub.get(&format!("/api/inbox?view={view}")).await.json(), "participant")
}

#[tokio::test]
async fn views_are_pages_of_lines_with_counts() {
    let mut hub = TestHub::start().await;
    hub.hears(ANNA, "raz").await;
    hub.hears(PIOTR, "dwa").await;
    hub.api_sends(INVALID, "Hej").await;
    hub.hears(PIOTR, "wypisz").await;
    hub.advance(std::time::Duration::from_secs(5)).await;
    assert_eq!(people(&hub, "unread").await, [PIOTR, ANNA]);
    assert_eq!(people(&hub, "failed").await, [INVALID]);
    assert_eq!(people(&hub, "opted_out").await, [PIOTR]);
    assert!(people(&hub, "needs_human").await.is_empty());
    let shown = hub.get("/api/inbox?limit=2").await.json();
    assert_eq!((shown["count"].as_u64(), column(&shown, "unread")), (Some(2), vec![json!(2), json!(0)]));
    let counts = json!({ "unread": 2, "needs_human": 0, "failed": 1, "opted_out": 1, "counted_up_to": 100 });
    assert_eq!(shown["counts"], counts);
    let next = hub.get(&format!("/api/inbox?limit=2&before={}", shown["next"])).await.json();
    assert_eq!((column(&next, "participant"), &next["next"]), (vec![json!(ANNA)], &Value::Null));
    let line = &next["items"][0];
    assert_eq!(
        (&line["mode"], &line["mode_until"], &line["message_count"]),
        (&json!("auto"), &Value::Null, &json!(1))
    );
    assert_eq!(line["last_message"]["body"], "raz");
    for query in ["view=mine", "before=x"] {
        assert_eq!(hub.get(&format!("/api/inbox?{query}")).await.status, 400, "{query}");
    }
}

#[tokio::test]
async fn search_finds_people_and_messages() {
    let mut hub = TestHub::start().await;
    hub.hears(ANNA, "Proszę o fakturę").await;
    hub.hears(PIOTR, "Kiedy wizyta?").await;
    while hub.app().index_messages().await.unwrap() > 0 {}
    let find = async |query: &str| {
        let found = hub.get(&format!("/api/search?q={query}")).await.json();
        let people = column(&json!({ "items": found["people"] }), "participant");
        (people, column(&json!({ "items": found["messages"] }), "body"))
    };
    assert_eq!(find("faktury").await, (vec![], vec![json!("Proszę o fakturę")]));
    for spelling in ["500%20100%20200", "%2B48500100200", "48500100200", "0048%20500100200"] {
        assert_eq!(find(spelling).await.0, [ANNA], "{spelling}");
    }
    assert_eq!(find("500%20100").await.0, [ANNA, PIOTR]);
    let contact = hub.get("/api/inbox").await.json()["items"][0]["contact"].clone();
    let named = hub.orders(&format!("/api/contacts/{contact}/name"), &json!({ "name": "Piotr Żak" })).await;
    assert_eq!((named.status, &named.json()["name"]), (200, &json!("Piotr Żak")));
    assert_eq!(find("zak").await.0, [PIOTR]);
    let in_thread = hub.get(&format!("/api/search?q=fakt&contact={contact}")).await.json();
    assert_eq!((&in_thread["messages"], &in_thread["people"]), (&json!([]), &json!([])));
}

#[tokio::test]
async fn a_text_is_measured_and_priced() {
    let hub = TestHub::start().await;
    let long = "ą".repeat(71);
    let shown = hub.orders("/api/meter", &json!({ "text": long, "to": ANNA })).await.json();
    assert_eq!(shown["encoding"], "UCS-2");
    assert_eq!(
        (&shown["units"], &shown["segments"], &shown["forced_by"]),
        (&json!(71), &json!(2), &json!(["ą"]))
    );
    assert_eq!(shown["cost"], json!({ "amount": "0.08", "currency": "USD", "estimate": true }));
    assert_eq!(
        (&shown["folded"]["segments"], &shown["folded"]["cost"]["amount"]),
        (&json!(1), &json!("0.04"))
    );
    assert_eq!(shown["folded"]["text"], "a".repeat(71));
    let plain = hub.orders("/api/meter", &json!({ "text": "Hej", "to": "50" })).await.json();
    assert_eq!((&plain["cost"], &plain["folded"]), (&Value::Null, &Value::Null));
    let setup = Setup::new().with("SMS_PRICE_PER_SEGMENT", "0,16");
    let hub = setup.start().await;
    let priced = hub.orders("/api/meter", &json!({ "text": "Hej", "to": ANNA })).await.json();
    assert_eq!(priced["cost"], json!({ "amount": "0.16", "currency": "PLN", "estimate": true }));
}

#[tokio::test]
async fn series_count_by_the_zone_of_the_hub() {
    let mut hub = TestHub::start().await;
    hub.hears(ANNA, "raz").await;
    hub.sends(ANNA, "dwa").await;
    for (span, points) in [("24h", 24), ("7d", 7), ("30d", 30), ("90d", 90)] {
        let shown = hub.get(&format!("/api/stats/series?span={span}")).await.json();
        assert_eq!(shown["points"].as_array().unwrap().len(), points);
        let last = &shown["points"][points - 1];
        let counted = [&last["inbound"], &last["outbound"], &last["delivered"], &last["failed"]];
        assert_eq!(counted, [1, 1, 1, 0], "{span}");
    }
    let shown = hub.get("/api/stats/series").await.json();
    assert_eq!(shown["points"][6]["from"], "2026-11-22T00:00:00+01:00");
    let totals = json!({ "total": 2, "inbound": 1, "outbound": 1, "waiting": 0, "failed": 0 });
    assert_eq!(shown["totals"], totals);
    assert_eq!(hub.get("/api/stats/series?span=1y").await.status, 400);
}

impl TestHub {
    /// A `POST` with a token that needs no jobs.
    pub(super) async fn orders(&self, path: &str, body: &Value) -> crate::wire::Answer {
        let body = axum::body::Body::from(body.to_string());
        self.ask(crate::talk::bearer(Method::POST, path, body)).await
    }
}
