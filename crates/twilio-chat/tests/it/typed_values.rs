//! What callers of the API write in place of a switch, a number or a person: understood, or refused with the name
//! of its field, and never taken for something else.

use serde_json::{Value, json};

use crate::{
    hub::TestHub,
    news_api::with_articles,
    setup::Setup,
    talk::{ANNA, PIOTR},
};

async fn posts(hub: &mut TestHub, path: &str, body: Value) -> (u16, Value) {
    let answer = hub.post(path, &body).await.unwrap();
    (answer.status, answer.json())
}

#[tokio::test]
async fn a_switch_written_as_a_word_means_what_it_says() {
    let mut hub = Setup::new().with_assistant().start().await;
    for (written, on) in [
        (json!("false"), false),
        (json!(" No "), false),
        (json!("off"), false),
        (json!("0"), false),
        (json!(""), false),
        (json!(0), false),
        (Value::Null, false),
        (json!("TRUE"), true),
        (json!("yes"), true),
        (json!("on"), true),
        (json!("1"), true),
        (json!(1), true),
    ] {
        let body = json!({ "enabled": written, "message": "Oddzwonimy" });
        let (status, shown) = posts(&mut hub, "/api/auto-reply/config", body).await;
        assert_eq!((status, &shown["enabled"]), (200, &json!(on)), "{written}");
        let (status, shown) = posts(&mut hub, "/api/ai/config", json!({ "enabled": written })).await;
        assert_eq!((status, &shown["enabled"]), (200, &json!(on)), "{written}");
    }
}

#[tokio::test]
async fn what_is_no_switch_is_refused_with_the_name_of_its_field() {
    let mut hub = Setup::new().with_assistant().start().await;
    with_articles(&hub);
    let words = |field: &str| format!("Pole {field} to true albo false.");
    for (path, field, mut body) in [
        ("/api/auto-reply/config", "enabled", json!({ "message": "Oddzwonimy" })),
        ("/api/ai/config", "enabled", json!({})),
        ("/api/ai/config", "draft", json!({})),
        ("/api/guards", "stops_loops", json!({})),
        ("/api/listeners/1", "enabled", json!({})),
        ("/api/messages", "fold", json!({ "to": ANNA, "body": "Hej" })),
        ("/api/send-message", "fold", json!({ "to": ANNA, "body": "Hej" })),
        ("/api/send-message", "use_messaging_service", json!({ "to": ANNA, "body": "Hej" })),
        ("/api/news/test-faiss", "send_sms", json!({ "query": "kaucja za słoik", "to": ANNA })),
        ("/api/secrets/OPENAI_API_KEY", "test", json!({ "value": "sk-0123456789" })),
        ("/api/consents/500100200", "opted_in", json!({ "note": "telefon" })),
    ] {
        for written in [json!("tak jest"), json!(2), json!([]), json!({})] {
            body[field] = written.clone();
            let (status, shown) = posts(&mut hub, path, body.clone()).await;
            assert_eq!((status, &shown["error"]), (400, &json!(words(field))), "{path} {written}");
        }
    }
    let (_, shown) = posts(&mut hub, "/api/messages", json!({ "to": ANNA, "body": "Hej", "fold": 2 })).await;
    assert_eq!(shown["success"], false, "in that endpoint's shape");
    assert!(hub.messages().await.is_empty() && hub.model.asked().is_empty());
}

#[tokio::test]
async fn a_text_is_not_sent_because_of_the_word_false() {
    let mut hub = TestHub::start().await;
    with_articles(&hub);
    let body = json!({ "query": "kaucja za słoik", "send_sms": "false", "to": ANNA });
    let (status, told) = posts(&mut hub, "/api/news/test-faiss", body).await;
    assert_eq!((status, told.get("sms_sent")), (200, None), "{told}");
    assert!(hub.messages().await.is_empty());
}

#[tokio::test]
async fn only_these_people_are_those_a_text_would_reach() {
    let mut hub = Setup::new().with_assistant().start().await;
    let chosen = json!({ "enabled": true, "only": ["500 100 200", "whatsapp:+48 500 100 201", PIOTR], "target_number": "500 100 200" });
    let (status, shown) = posts(&mut hub, "/api/ai/config", chosen).await;
    assert_eq!((status, &shown["only"]), (200, &json!([ANNA, "+48500100201", PIOTR])));
    assert_eq!(
        (&shown["target_number"], &shown["target_number_normalized"]),
        (&json!("500 100 200"), &json!(ANNA))
    );
    hub.phone(ANNA).writes("Macie chleb?");
    hub.advance(std::time::Duration::from_secs(10)).await;
    assert_eq!(hub.phone(ANNA).got(), ["Tak, mamy."]);
    for (body, text) in [
        (json!({ "only": "abc" }), "„abc” nie jest numerem telefonu."),
        (json!({ "only": [ANNA, 7] }), "„7” nie jest numerem telefonu."),
        (json!({ "target_number": "xyz" }), "„xyz” nie jest numerem telefonu."),
        (json!({ "temperature": true }), "Temperatura musi być liczbą."),
        (
            json!({ "history_limit": [5] }),
            "Jedna z liczb jest poza zakresem (history_limit 1-200, segments 1-20, quiet_seconds 0-60, handover_text do 640 znaków).",
        ),
    ] {
        assert_eq!(
            posts(&mut hub, "/api/ai/config", body.clone()).await,
            (400, json!({ "error": text })),
            "{body}"
        );
    }
    assert_eq!(
        hub.get("/api/ai/config").await.json()["only"],
        shown["only"],
        "what is refused changes nothing"
    );
    let (_, shown) = posts(&mut hub, "/api/ai/config", json!({ "enabled": true, "only": [] })).await;
    assert_eq!(shown["only"], json!([]), "everybody again");
}

#[tokio::test]
async fn guards_need_a_country_and_numbers() {
    let mut hub = TestHub::start().await;
    let before = hub.get("/api/guards").await.json();
    for body in [json!({ "countries": [] }), json!({ "countries": " " }), json!({ "countries": null })] {
        let text = "Podaj choć jeden kraj, np. PL albo +48; * oznacza wszystkie.";
        assert_eq!(
            posts(&mut hub, "/api/guards", body.clone()).await,
            (400, json!({ "error": text })),
            "{body}"
        );
    }
    for body in [json!({ "per_minute": true }), json!({ "cost_day": [1] })] {
        assert_eq!(posts(&mut hub, "/api/guards", body.clone()).await.0, 400, "{body}");
    }
    assert_eq!(hub.get("/api/guards").await.json(), before);
}

#[tokio::test]
async fn hours_keep_what_is_left_out() {
    let mut hub = TestHub::start().await;
    let day = json!({ "from": "09:00:00", "to": "17:00:00" });
    let days = json!([day, day, day, day, day, null, null]);
    let whole = json!({ "days": days, "away": "Odpiszemy rano" });
    assert_eq!(posts(&mut hub, "/api/hours", whole.clone()).await, (200, whole.clone()));
    assert_eq!(posts(&mut hub, "/api/hours", json!({})).await, (200, whole.clone()));
    assert_eq!(posts(&mut hub, "/api/hours", json!({ "days": days })).await, (200, whole));
    let (_, shown) = posts(&mut hub, "/api/hours", json!({ "away": "" })).await;
    assert_eq!(shown, json!({ "days": days, "away": "" }), "an empty text is a text");
    let (status, _) = posts(&mut hub, "/api/hours", json!({ "days": [], "away": "x" })).await;
    assert_eq!((status, hub.get("/api/hours").await.json()), (400, shown), "what is refused changes nothing");
}

#[tokio::test]
async fn an_address_that_cannot_be_read_is_an_error_in_json() {
    let mut hub = TestHub::start().await;
    let gone = (404, json!({ "error": "Nie znaleziono rekordu." }));
    assert_eq!(posts(&mut hub, "/api/listeners/abc", json!({ "enabled": true })).await, gone);
    for path in ["/api/messages/%FF", "/api/contacts/%FF/thread", "/api/ai/receipts/x"] {
        let answer = hub.get(path).await;
        assert_eq!((answer.status, answer.json()["error"].is_string()), (404, true), "{path}");
    }
}
