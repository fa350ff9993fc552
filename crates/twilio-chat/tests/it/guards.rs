//! What keeps automatic messages within bounds, from outside: loops, money, countries, hours, words.

use std::time::Duration;

use serde_json::json;

use crate::{
    hub::TestHub,
    setup::Setup,
    talk::{ANNA, PIOTR},
};

const MINUTE: Duration = Duration::from_mins(1);

/// Two hubs, each the customer of the other: what one sends, the other receives.
async fn wired(setup: impl Fn() -> Setup) -> (Vec<String>, Vec<String>) {
    let (ours, theirs) = ("+48500100771", "+48500100772");
    let (mut first, mut second) = (setup().start().await, setup().start().await);
    first.phone(theirs).writes("Dzień dobry, w sprawie zamówienia");
    let (mut told_first, mut told_second) = (0, 0);
    for _ in 0..200 {
        first.advance(Duration::from_secs(7)).await;
        second.advance(Duration::from_secs(7)).await;
        for body in first.phone(theirs).got().drain(..).skip(told_second) {
            second.phone(ours).writes(&body);
            told_second += 1;
        }
        for body in second.phone(ours).got().drain(..).skip(told_first) {
            first.phone(theirs).writes(&body);
            told_first += 1;
        }
    }
    (first.phone(theirs).got(), second.phone(ours).got())
}

#[tokio::test]
async fn two_hubs_wired_to_each_other_stop_after_three_answers_each() {
    let variants: [fn() -> Setup; 3] = [
        // The caps end it.
        || Setup::new().with_bot().with_default_caps(),
        // Without caps the pace does.
        || Setup::new().with_bot().with("AUTO_STOP_LOOPS", "true"),
        || Setup::new().with_auto_reply("Jestem na urlopie").with("AUTO_STOP_LOOPS", "true"),
    ];
    for (variant, setup) in variants.into_iter().enumerate() {
        let (first, second) = wired(setup).await;
        let fine = |answers: &[String]| (1..=3).contains(&answers.len());
        assert!(fine(&first) && fine(&second), "variant {variant}: {first:?} {second:?}");
    }
}

#[tokio::test]
async fn the_money_cap_holds_answers_and_says_so() {
    let mut hub = Setup::new().with_bot().with("AUTO_MAX_COST_DAY", "0,10").start().await;
    for number in [ANNA, PIOTR, "+48500100203"] {
        hub.phone(number).writes("Halo");
    }
    hub.advance(MINUTE).await;
    assert_eq!(hub.taken().len(), 2);
    let shown = hub.get("/api/guards").await.json();
    assert_eq!((&shown["cost_day"], &shown["spent_today"]), (&json!("0.10"), &json!("0.08")));
    let held = hub.get("/api/messages?status=held").await.json();
    assert_eq!(
        held["items"][0]["error"],
        "Wstrzymana: osiągnięto dzienny limit kosztów; zdecyduj, czy wysłać."
    );
    // A higher cap lets the next ones through.
    let changed = hub.post("/api/guards", &json!({ "cost_day": "5" })).await.unwrap().json();
    assert_eq!(changed["cost_day"], "5.00");
    hub.phone("+48500100204").writes("Halo");
    hub.advance(MINUTE).await;
    assert_eq!(hub.taken().len(), 3);
}

#[tokio::test]
async fn the_operators_own_price_counts_in_the_meter_and_in_the_ledger() {
    let setup =
        Setup::new().with_bot().with("SMS_PRICE_PER_SEGMENT", "0,16").with("AUTO_MAX_COST_DAY", "0,40");
    let mut hub = setup.start().await;
    let measured = hub.post("/api/meter", &json!({ "to": ANNA, "text": "Echo: Halo" })).await.unwrap().json();
    assert_eq!(measured["cost"], json!({ "amount": "0.16", "currency": "PLN", "estimate": true }));
    for number in [ANNA, PIOTR, "+48500100203"] {
        hub.phone(number).writes("Halo");
    }
    hub.advance(MINUTE).await;
    assert_eq!(hub.taken().len(), 2);
    assert_eq!(hub.get("/api/guards").await.json()["spent_today"], "0.32");
    // Twilio's own price, in dollars, comes with its list; the ledger is in PLN.
    hub.advance(Duration::from_hours(2)).await;
    let priced =
        hub.on_disk("SELECT price_unit FROM message WHERE price IS NOT NULL AND direction = 'outbound'");
    assert_eq!(priced, ["USD", "USD"]);
    assert_eq!(hub.get("/api/guards").await.json()["spent_today"], "0.32");
}

async fn writes(hub: &mut TestHub, number: &str, body: &str) {
    hub.phone(number).writes(body);
    hub.advance(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn other_countries_are_not_answered_until_they_are_chosen() {
    let mut hub = Setup::new().with_bot().with("AUTO_COUNTRIES", "PL").start().await;
    writes(&mut hub, "+15005550123", "Hello").await;
    assert_eq!(hub.decisions().await, ["foreign_country"]);
    let refused = hub.post("/api/guards", &json!({ "countries": ["Polska"] })).await.unwrap();
    assert_eq!(refused.status, 400);
    let chosen = hub.post("/api/guards", &json!({ "countries": ["PL", "+1"] })).await.unwrap();
    assert_eq!(chosen.json()["countries"], json!(["PL", "+1"]));
    writes(&mut hub, "+15005550123", "Hello?").await;
    assert_eq!(hub.decisions().await[1], "answered_bot");
}

#[tokio::test]
async fn the_away_text_answers_outside_the_hours() {
    let mut hub = Setup::new().with_auto_reply("Oddzwonimy").start().await;
    // The tests begin on a Sunday.
    let weekday = json!({ "from": "09:00:00", "to": "17:00:00" });
    let hours = json!({ "days": [weekday, weekday, weekday, weekday, weekday, null, null], "away": "Odpiszemy w poniedziałek" });
    assert_eq!(hub.post("/api/hours", &hours).await.unwrap().status, 200);
    writes(&mut hub, ANNA, "Halo").await;
    hub.advance(Duration::from_hours(26)).await;
    writes(&mut hub, ANNA, "Halo").await;
    assert_eq!(hub.phone(ANNA).got(), ["Odpiszemy w poniedziałek", "Oddzwonimy"]);
    let bad = json!({ "days": [1, 2], "away": 7 });
    assert_eq!(hub.post("/api/hours", &bad).await.unwrap().status, 400);
}

#[tokio::test]
async fn a_word_has_its_answer_and_star_mutes_the_auto_reply() {
    let mut hub = Setup::new().with_auto_reply("Oddzwonimy").start().await;
    let added = hub.post("/api/listeners", &json!({ "command": "Godziny", "answer": "6-14" })).await.unwrap();
    assert_eq!((added.status, &added.json()["listener"]["command"]), (201, &json!("Godziny")));
    writes(&mut hub, ANNA, "godziny?").await;
    hub.post("/api/listeners/2", &json!({ "enabled": false })).await.unwrap();
    writes(&mut hub, PIOTR, "Halo").await;
    writes(&mut hub, PIOTR, "godziny").await;
    assert_eq!(
        (hub.phone(ANNA).got(), hub.phone(PIOTR).got()),
        (vec!["6-14".to_owned()], vec!["6-14".to_owned()])
    );
    assert_eq!(hub.decisions().await[1], "nothing_enabled");
}

#[tokio::test]
async fn every_number_of_the_account_is_ours_and_gets_no_answer() {
    let second = "+48500100900";
    let mut hub = Setup::new().with_auto_reply("Oddzwonimy").start().await;
    hub.run().await;
    writes(&mut hub, second, "hej").await;
    assert_eq!(hub.phone(second).got(), Vec::<String>::new());
    assert_eq!(hub.decisions().await, ["own_number"]);
}

#[tokio::test]
async fn numbers_that_were_read_stay_ours_while_twilio_can_not_be_asked() {
    let second = "+48500100900";
    let mut hub = Setup::new().with_auto_reply("Oddzwonimy").start().await;
    hub.run().await;
    hub.cut_off(true);
    hub.advance(Duration::from_hours(2)).await;
    writes(&mut hub, second, "hej").await;
    assert_eq!(hub.decisions().await, ["own_number"]);
    hub.cut_off(false);
    hub.advance(MINUTE).await;
}

#[tokio::test]
async fn a_word_that_could_never_answer_is_refused() {
    let mut hub = TestHub::start().await;
    let long = "bardzo ".repeat(15);
    for (word, reason) in [
        ("STOP", "obsługuje Twilio"),
        ("Yes!", "obsługuje Twilio"),
        ("wypisz", "obsługuje ten program"),
        ("Wznów", "obsługuje ten program"),
        (long.as_str(), "najwyżej 100 znaków"),
    ] {
        let body = json!({ "command": word, "answer": "x" });
        let refused = hub.post("/api/listeners", &body).await.unwrap();
        assert_eq!(refused.status, 400, "{word}");
        let words = refused.json()["error"].as_str().unwrap().to_owned();
        assert!(words.contains(reason), "{word}: {words}");
    }
    let ewa = hub.session().await;
    let refused = hub.posts(&ewa, "/listeners", &[("word", "stop"), ("answer", "x")]).await;
    assert!(refused.status == 422 && refused.text().contains("obsługuje Twilio"));
    let taken = hub.post("/api/listeners", &json!({ "command": "pomoc", "answer": "x" })).await.unwrap();
    assert_eq!(taken.status, 201, "a Polish plea for help is a question like any other");
}
