//! The model answers: what it is told, what is said, and what happens when it can't.

use std::time::Duration;

use hub_domain::{
    assistant::Passage,
    message::{ConversationMode, Origin},
};
use serde_json::{Value, json};

use crate::{
    hub::TestHub,
    model::{Does, system_of},
    setup::Setup,
    talk::{ANNA, PIOTR},
};

const MINUTE: Duration = Duration::from_mins(1);

async fn assisted() -> TestHub {
    Setup::new().with_assistant().with("AI_SYSTEM_PROMPT", "Jesteś asystentem piekarni.").start().await
}

/// Lets someone write and whatever follows happen.
async fn writes(hub: &mut TestHub, number: &str, body: &str) {
    hub.phone(number).writes(body);
    hub.advance(Duration::from_secs(10)).await;
}

fn says(text: &str) -> Does {
    Does::Says(text.to_owned())
}

#[tokio::test]
async fn the_model_answers_with_what_was_said_before() {
    let mut hub = assisted().await;
    writes(&mut hub, PIOTR, "Mój PIN to 4711").await;
    writes(&mut hub, ANNA, "Macie chleb?").await;
    hub.model.does(says("Po 8 zł."));
    writes(&mut hub, ANNA, "Ile kosztuje?").await;
    assert_eq!(hub.phone(ANNA).got(), ["Tak, mamy.", "Po 8 zł."]);
    let asked = hub.model.asked().pop().unwrap();
    assert!(system_of(&asked).contains("asystentem piekarni"));
    let talk: Vec<_> = asked["messages"].as_array().unwrap()[1..]
        .iter()
        .map(|message| (message["role"].as_str().unwrap(), message["content"].as_str().unwrap()))
        .collect();
    assert_eq!(talk, [("user", "Macie chleb?"), ("assistant", "Tak, mamy."), ("user", "Ile kosztuje?")]);
    assert!(!asked.to_string().contains("4711"), "another conversation is told");
    let answer = hub.written().await.pop().unwrap();
    assert_eq!(answer.origin, Some(Origin::Assistant));
}

#[tokio::test]
async fn several_quick_texts_get_one_answer() {
    let mut hub = assisted().await;
    for (body, pause) in [("Hej", 2), ("macie chleb?", 4), ("żytni", 1)] {
        hub.phone(ANNA).writes(body);
        hub.advance(Duration::from_secs(pause)).await;
    }
    assert!(hub.model.asked().is_empty());
    hub.advance(MINUTE).await;
    assert_eq!(hub.phone(ANNA).got(), ["Tak, mamy."]);
    let asked = hub.model.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0]["messages"][1]["content"], "Hej\nmacie chleb?\nżytni");
    assert_eq!(hub.decisions().await, ["answered_together", "answered_together", "answered_assistant"]);
}

#[tokio::test]
async fn a_model_in_trouble_gives_the_template_or_silence_and_never_its_error() {
    let troubles = [
        Does::Answers(500, r#"{"error":{"message":"internal secret detail"}}"#),
        Does::Answers(429, ""),
        Does::Answers(401, r#"{"error":{"message":"Incorrect API key"}}"#),
        Does::Answers(200, "<html>nonsense"),
        Does::Answers(200, r#"{"choices":[{"message":{"content":""}}]}"#),
        Does::Answers(200, r#"{"choices":[{"message":{"content":null},"finish_reason":"content_filter"}]}"#),
        Does::Floods,
        Does::IsSilent,
    ];
    for trouble in troubles {
        for template in ["Oddzwonimy", ""] {
            let mut hub = assisted().await;
            let body = json!({ "enabled": false, "message": template });
            hub.post("/api/auto-reply/config", &body).await.unwrap();
            hub.model.does(trouble.clone());
            writes(&mut hub, ANNA, "Macie chleb?").await;
            let expect: Vec<&str> = [template].into_iter().filter(|text| !text.is_empty()).collect();
            assert_eq!(hub.phone(ANNA).got(), expect, "{trouble:?}");
            let decision = if template.is_empty() { "model_failed" } else { "answered_template" };
            assert_eq!(hub.decisions().await, [decision], "{trouble:?}");
            assert_eq!(hub.on_disk("SELECT kind FROM event WHERE kind = 'answer_failed'").len(), 1);
            assert_eq!(hub.on_disk("SELECT decision FROM receipt WHERE error IS NOT NULL"), [decision]);
            assert_eq!(hub.get("/api/health").await.status, 200);
            // The conversation is not stuck.
            hub.model.does(says("Tak."));
            writes(&mut hub, ANNA, "Halo?").await;
            assert_eq!(hub.phone(ANNA).got().last().unwrap(), "Tak.", "{trouble:?}");
        }
    }
}

#[tokio::test]
async fn a_service_that_keeps_failing_is_left_alone_for_a_while() {
    let mut hub = assisted().await;
    hub.model.does(Does::Answers(503, ""));
    for number in 0..9 {
        writes(&mut hub, &format!("+4850010030{number}"), "Halo").await;
    }
    assert!(hub.model.asked().len() <= 6, "{}", hub.model.asked().len());
    let shown = hub.get("/api/ai/config").await.json();
    assert!(shown["left_alone_until"].is_string());
    hub.model.does(says("Tak."));
    hub.advance(11 * MINUTE).await;
    writes(&mut hub, ANNA, "Halo").await;
    assert_eq!(hub.phone(ANNA).got(), ["Tak."]);
    assert!(hub.get("/api/ai/config").await.json()["left_alone_until"].is_null());
}

#[tokio::test]
async fn webhooks_and_health_answer_while_the_model_hangs() {
    let mut hub = assisted().await;
    hub.may_leave_jobs();
    hub.model.does(Does::Hangs);
    hub.phone(ANNA).writes("Macie chleb?");
    hub.post_webhooks().await;
    hub.jump(Duration::from_secs(6));
    let app = hub.app().clone();
    let mut hanging = Box::pin(async move { twilio_chat::jobs::run_due(&app, "serve").await });
    assert!(futures_util::poll!(&mut hanging).is_pending());
    while hub.model.asked().is_empty() {
        assert!(futures_util::poll!(&mut hanging).is_pending());
        tokio::task::yield_now().await;
    }
    for _ in 0..20 {
        hub.phone(PIOTR).writes("Halo");
    }
    hub.post_webhooks().await;
    assert_eq!(hub.received().await.len(), 21);
    assert_eq!(hub.get("/api/health").await.status, 200);
    assert!(futures_util::poll!(&mut hanging).is_pending());
}

#[tokio::test]
async fn a_person_is_asked_for_and_nothing_automatic_follows() {
    for (said, model) in
        [("Połącz z konsultantem", says("Nie trzeba.")), ("Macie chleb?", says("[[HANDOVER]]"))]
    {
        let mut hub = assisted().await;
        hub.model.does(model);
        writes(&mut hub, ANNA, said).await;
        writes(&mut hub, ANNA, "Halo?").await;
        assert_eq!(hub.phone(ANNA).got(), ["Dziekujemy, odpisze na to czlowiek."], "{said}");
        assert_eq!(hub.decisions().await[1], "human_in_charge");
        assert_eq!(hub.on_disk("SELECT kind FROM event WHERE kind = 'handed_over'").len(), 1);
    }
}

#[tokio::test]
async fn answers_come_with_links_of_their_sources_only() {
    let mut hub = assisted().await;
    hub.shelf.holds(vec![Passage {
        title: "Cennik".to_owned(),
        url: Some("https://piekarnia.example/cennik".to_owned()),
        text: "Chleb 8 zł".to_owned(),
        score: 0.9,
    }]);
    hub.model.does(says("Chleb kosztuje 8 zł: https://piekarnia.example/cennik"));
    writes(&mut hub, ANNA, "Ile za chleb?").await;
    assert_eq!(hub.phone(ANNA).got(), ["Chleb kosztuje 8 zł: https://piekarnia.example/cennik"]);
    let receipts = hub.get("/api/ai/receipts/1").await.json();
    assert_eq!(receipts["items"][0]["passages"][0]["title"], "Cennik");
    assert_eq!(receipts["items"][0]["decision"], "answered_assistant");
    assert_eq!(receipts["items"][0]["cost"], "0.000021");
    hub.model.does(says("Chleb kosztuje 8 zł: https://zlo.example/cennik"));
    writes(&mut hub, PIOTR, "Ile za chleb?").await;
    assert_eq!(hub.phone(PIOTR).got(), ["Dziekujemy, odpisze na to czlowiek."]);
}

#[tokio::test]
async fn news_that_nobody_knows_are_answered_with_the_originals_words() {
    let mut hub = assisted().await;
    writes(&mut hub, ANNA, "/news chleb").await;
    hub.advance(MINUTE).await;
    hub.post("/api/listeners/1", &json!({ "enabled": true })).await.unwrap();
    writes(&mut hub, ANNA, "/news chleb").await;
    hub.advance(MINUTE).await;
    writes(&mut hub, ANNA, "/news").await;
    hub.advance(MINUTE).await;
    assert_eq!(
        hub.phone(ANNA).got(),
        [
            "Funkcja /news jest chwilowo niedostępna.",
            "Nie znaleziono informacji na temat: chleb",
            "Użycie: /news <Twoje pytanie>\nPrzykład: /news co nowego w gospodarce?",
        ]
    );
}

#[tokio::test]
async fn a_draft_waits_for_a_person() {
    let mut hub = assisted().await;
    writes(&mut hub, ANNA, "Hej").await;
    hub.store().set_mode(ANNA.to_owned(), ConversationMode::Draft, None).await.unwrap();
    hub.model.does(says("Propozycja."));
    writes(&mut hub, ANNA, "Macie chleb?").await;
    assert_eq!(hub.phone(ANNA).got(), ["Tak, mamy."]);
    let path = "/api/ai/proposal/+48500100200";
    assert_eq!(hub.get(path).await.json()["proposal"]["body"], "Propozycja.");
    assert_eq!(hub.api_sends(ANNA, "Propozycja.").await.status, 200);
    assert!(hub.get(path).await.json()["proposal"].is_null());
}

#[tokio::test]
async fn a_draft_is_taken_over_into_the_answer_or_dropped() {
    let mut hub = assisted().await;
    let ewa = hub.session().await;
    writes(&mut hub, ANNA, "Hej").await;
    hub.store().set_mode(ANNA.to_owned(), ConversationMode::Draft, None).await.unwrap();
    hub.model.does(says("Mamy <b>żytni</b>."));
    writes(&mut hub, ANNA, "Macie chleb?").await;
    let thread = "/chat/+48500100200";
    let page = hub.sees(&ewa, thread).await.text().to_owned();
    assert!(page.contains("Propozycja AI") && page.contains("Mamy &#60;b&#62;żytni&#60;/b&#62;."), "{page}");
    hub.post("/api/contacts/1/draft", &serde_json::json!({ "body": "Dzień dobry." })).await.unwrap();
    let taken = hub.posts(&ewa, "/inbox/1/proposal", &[("take", "true"), ("back", thread)]).await;
    assert_eq!(
        (taken.status, taken.header("location")),
        (303, "/chat/+48500100200?done=chat-proposal-taken")
    );
    let page = hub.sees(&ewa, thread).await.text().to_owned();
    assert!(page.contains("Dzień dobry.\nMamy &#60;b&#62;żytni&#60;/b&#62;.</textarea>"), "{page}");
    assert!(!page.contains("chat-proposal-take"), "it is in one place");
    assert_eq!(hub.phone(ANNA).got(), ["Tak, mamy."], "a person sends, nobody else");
    let again = hub.posts(&ewa, "/inbox/1/proposal", &[("take", "true"), ("back", thread)]).await;
    assert_eq!(again.status, 409);
    hub.model.does(says("Inna."));
    writes(&mut hub, ANNA, "A bułki?").await;
    let dropped = hub.posts(&ewa, "/inbox/1/proposal", &[("back", thread)]).await;
    assert_eq!(dropped.header("location"), "/chat/+48500100200?done=chat-proposal-dropped");
    assert!(hub.get("/api/ai/proposal/+48500100200").await.json()["proposal"].is_null());
}

#[tokio::test]
async fn without_a_key_the_template_answers_and_the_api_says_why() {
    let setup = Setup::new().with("AI_ENABLED", "true").with_auto_reply("Oddzwonimy");
    let mut hub = setup.start().await;
    writes(&mut hub, ANNA, "Macie chleb?").await;
    assert_eq!(hub.phone(ANNA).got(), ["Oddzwonimy"]);
    let answer = hub.post("/api/ai/test", &Value::Null).await.unwrap();
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.json()["error"],
        "Brak klucza OpenAI. Wklej go w formularzu lub zapisz w konfiguracji."
    );
}
