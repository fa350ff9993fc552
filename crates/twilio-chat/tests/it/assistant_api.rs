//! The assistant's API: the original's shapes and texts, and what is ours.

use axum::http::Method;
use hub_domain::{assistant::settings::AssistantSettings, message::Origin};
use serde_json::{Value, json};
use twilio_chat::app::{
    assistant::{AssistantRequest, Now},
    send::Through,
};

use crate::{
    hub::TestHub,
    model::{Does, MODEL, MODEL_KEY},
    setup::Setup,
    talk::{ANNA, PIOTR, bearer},
};

const CONFIG: &str = "/api/ai/config";

async fn assisted() -> TestHub {
    Setup::new().with_assistant().with("AI_TARGET_NUMBER", "+48 500 100 200").start().await
}

async fn posts(hub: &mut TestHub, path: &str, body: Value) -> (u16, Value) {
    let answer = hub.post(path, &body).await.unwrap();
    (answer.status, answer.json())
}

#[tokio::test]
async fn the_setup_is_shown_with_the_environments_values_and_changed_field_by_field() {
    let mut hub = assisted().await;
    let shown = hub.get(CONFIG).await.json();
    assert_eq!(
        (&shown["enabled"], &shown["model"], &shown["temperature"], &shown["updated_at"]),
        (&json!(true), &json!("gpt-4o-mini"), &json!(0.7), &Value::Null)
    );
    assert_eq!(shown["target_number_normalized"], ANNA);
    assert_eq!((&shown["has_api_key"], &shown["api_key_preview"]), (&json!(true), &json!("••••••••hush")));
    let change = json!({ "enabled": true, "temperature": 0, "system_prompt": "Bądź miły", "target_number": PIOTR, "model": "m" });
    let (status, shown) = posts(&mut hub, CONFIG, change).await;
    assert_eq!((status, &shown["temperature"], &shown["model"]), (200, &json!(0.0), &json!("m")));
    assert!(shown["updated_at"].is_string());
    // What is left out stays, but for what the original reads as off or as its default.
    let (_, shown) = posts(&mut hub, CONFIG, json!({ "enabled": true })).await;
    assert_eq!((&shown["temperature"], &shown["system_prompt"]), (&json!(0.0), &json!("Bądź miły")));
    assert_eq!((&shown["model"], &shown["target_number"]), (&json!("gpt-4o-mini"), &json!("")));
}

#[tokio::test]
async fn refusals_have_the_originals_texts() {
    let mut hub = assisted().await;
    for (body, text) in [
        (json!({ "temperature": "x" }), "Temperatura musi być liczbą."),
        (json!({ "temperature": 2.5 }), "Temperatura musi być w zakresie 0-2."),
        (
            json!({ "quiet_seconds": 61 }),
            "Jedna z liczb jest poza zakresem (history_limit 1-200, segments 1-20, quiet_seconds 0-60, handover_text do 640 znaków).",
        ),
    ] {
        assert_eq!(posts(&mut hub, CONFIG, body).await, (400, json!({ "error": text })));
    }
    let mut keyless = TestHub::start().await;
    let text = "Podaj klucz API, aby włączyć integrację AI.";
    assert_eq!(
        posts(&mut keyless, CONFIG, json!({ "enabled": true })).await,
        (400, json!({ "error": text }))
    );
    let text = "Brak klucza OpenAI. Uzupełnij konfigurację AI lub przekaż api_key.";
    assert_eq!(
        posts(&mut keyless, "/api/ai/send", json!({ "participant": ANNA })).await,
        (400, json!({ "error": text }))
    );
}

/// A key that is entered is in force at once, survives a restart, and is told to nobody.
#[tokio::test]
async fn a_key_is_kept_sealed_and_used_without_a_restart() {
    let mut hub = Setup::new().with("OPENAI_BASE_URL", MODEL).start().await;
    let without = json!({ "enabled": true, "api_key": "" });
    assert_eq!(posts(&mut hub, CONFIG, without).await.0, 400, "there would be none");
    let wrong = json!({ "enabled": true, "api_key": MODEL_KEY, "temperature": 3 });
    assert_eq!(posts(&mut hub, CONFIG, wrong).await.0, 400);
    assert!(hub.store().secrets().await.unwrap().is_empty(), "what is refused keeps no key");
    let odd = posts(&mut hub, CONFIG, json!({ "enabled": true, "api_key": "pk-1" })).await;
    assert_eq!(odd, (400, json!({ "error": "OpenAI key should start with 'sk-'" })));

    let (status, shown) = posts(&mut hub, CONFIG, json!({ "enabled": true, "api_key": MODEL_KEY })).await;
    assert_eq!(
        (status, &shown["api_key_preview"], &shown["enabled"]),
        (200, &json!("••••••••hush"), &json!(true))
    );
    let mut said = shown.to_string();
    assert_eq!(posts(&mut hub, "/api/ai/test", json!({})).await.0, 200, "in force at once");
    hub.restart().await;
    let (_, shown) = posts(&mut hub, CONFIG, json!({ "enabled": true })).await;
    assert_eq!(shown["has_api_key"], true, "left out, it stays");
    for path in [CONFIG, "/api/secrets", "/api/health"] {
        said += hub.get(path).await.text();
    }
    said += hub.page("/settings/audit").await.text();
    assert!(said.contains("OPENAI_API_KEY") && !said.contains("hushhush"), "{said}");
    for file in std::fs::read_dir(hub.folder()).unwrap().filter_map(Result::ok) {
        if file.file_type().unwrap().is_file() {
            let bytes = std::fs::read(file.path()).unwrap();
            assert!(!bytes.windows(8).any(|part| part == b"hushhush"), "{:?}", file.path());
        }
    }

    let (status, shown) = posts(&mut hub, CONFIG, json!({ "api_key": "" })).await;
    assert_eq!((status, &shown["has_api_key"]), (200, &json!(false)));
    assert!(hub.store().secrets().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_key_is_taken_from_nobody_who_may_not_change_settings() {
    let hub = Setup::new().with("OPENAI_BASE_URL", MODEL).start().await;
    let token = hub.token("read,send").await;
    let body = json!({ "api_key": MODEL_KEY }).to_string();
    let mut request = bearer(Method::POST, CONFIG, body.into());
    request.headers_mut().insert("authorization", token.parse().unwrap());
    assert_eq!(hub.ask(request).await.status, 403);
    assert!(hub.store().secrets().await.unwrap().is_empty());
}

#[tokio::test]
async fn an_emptied_key_gives_way_to_the_environments() {
    let mut hub = assisted().await;
    posts(&mut hub, CONFIG, json!({ "enabled": true, "api_key": "sk-another-key-of-ours" })).await;
    assert_eq!(posts(&mut hub, "/api/ai/test", json!({})).await.0, 502, "the model does not know it");
    let (status, shown) = posts(&mut hub, CONFIG, json!({ "enabled": true, "api_key": "" })).await;
    assert_eq!((status, &shown["api_key_preview"]), (200, &json!("••••••••hush")));
    assert_eq!(posts(&mut hub, "/api/ai/test", json!({})).await.0, 200);
}

#[tokio::test]
async fn one_way_of_answering_switches_the_other_off() {
    let mut hub = Setup::new().with_assistant().with_auto_reply("Oddzwonimy").start().await;
    // What somebody switched on goes before the environment.
    assert_eq!(hub.get(CONFIG).await.json()["enabled"], false);
    posts(&mut hub, CONFIG, json!({ "enabled": true })).await;
    let template = hub.get("/api/auto-reply/config").await.json();
    assert_eq!(template, json!({ "enabled": false, "message": "Oddzwonimy" }));
    posts(&mut hub, "/api/auto-reply/config", json!({ "enabled": true, "message": "Hej" })).await;
    assert_eq!(hub.get(CONFIG).await.json()["enabled"], false);
}

#[tokio::test]
async fn the_connection_is_tried() {
    let mut hub = assisted().await;
    let (status, shown) = posts(&mut hub, "/api/ai/test", json!({})).await;
    assert_eq!(
        (status, shown),
        (
            200,
            json!({
                "input": "To jest test połączenia z OpenAI. Potwierdź, że wszystko działa poprawnie.",
                "reply": "Tak, mamy.",
                "model": "gpt-4o-mini",
                "temperature": 0.7,
                "history_limit": 20,
                "connection_ok": true,
            })
        )
    );
    hub.model.does(Does::Answers(200, r#"{"choices":[{"message":{"content":""}}]}"#));
    let (status, shown) = posts(&mut hub, "/api/ai/test", json!({ "message": "Hej" })).await;
    assert_eq!((status, &shown["error"]), (502, &json!("OpenAI nie zwróciło treści odpowiedzi.")));
    hub.model.does(Does::Answers(500, ""));
    let (status, shown) = posts(&mut hub, "/api/ai/test", json!({ "message": "Hej" })).await;
    assert_eq!(status, 502);
    assert!(shown["error"].as_str().unwrap().starts_with("Żądanie OpenAI nie powiodło się: "));
}

#[tokio::test]
async fn a_text_the_model_writes_is_sent_and_its_receipt_kept() {
    let mut hub = assisted().await;
    hub.api_sends(ANNA, "Dzień dobry").await;
    hub.model.does(Does::Says("W czym pomóc?".to_owned()));
    let (status, shown) = posts(&mut hub, "/api/ai/send", json!({ "latest": "Halo" })).await;
    assert_eq!(
        (status, shown),
        (
            201,
            json!({
                "to": ANNA,
                "to_normalized": ANNA,
                "body": "W czym pomóc?",
                "sid": hub.taken()[1].sid,
                "status": "queued",
                "model": "gpt-4o-mini",
                "temperature": 0.7,
                "history_limit": 20,
                "origin_number": hub.number(),
            })
        )
    );
    let asked = hub.model.asked().pop().unwrap();
    assert_eq!(asked["messages"][1]["content"], "Dzień dobry");
    assert_eq!(asked["messages"][2]["content"], "Halo");
    let receipts = hub.get("/api/ai/receipts/2").await.json();
    assert_eq!((&receipts["count"], &receipts["items"][0]["purpose"]), (&json!(1), &json!("send")));
    let talk = hub.get("/api/ai/conversation").await.json();
    assert_eq!((&talk["participant"], talk["items"].as_array().unwrap().len()), (&json!(ANNA), 2));
    hub.model.does(Does::Says("Wejdź na zlo.pl".to_owned()));
    let (status, _) = posts(&mut hub, "/api/ai/send", json!({ "latest": "Halo" })).await;
    assert_eq!((status, hub.taken().len()), (502, 2));
    hub.advance(std::time::Duration::from_mins(1)).await;
}

#[tokio::test]
async fn without_a_recipient_nothing_is_asked() {
    let mut hub = Setup::new().with_assistant().start().await;
    let text = "Brak skonfigurowanego numeru AI.";
    assert_eq!(posts(&mut hub, "/api/ai/send", json!({})).await, (400, json!({ "error": text })));
    assert!(hub.model.asked().is_empty());
    assert_eq!(hub.get("/api/ai/conversation").await.json(), json!({ "participant": "", "items": [] }));
}

#[tokio::test]
async fn who_may_not_be_written_to_is_refused_before_the_model_is_paid() {
    let mut hub = assisted().await;
    hub.phone(PIOTR).writes("WYPISZ");
    hub.advance(std::time::Duration::from_secs(10)).await;
    hub.phone("whatsapp:+48500100201").writes("Hej");
    hub.advance(std::time::Duration::from_hours(25)).await;
    let asked = hub.model.asked().len();
    for (to, status) in [("abc", 400), (PIOTR, 409), ("whatsapp:+48500100201", 409)] {
        let body = json!({ "participant": to, "latest": "Halo" });
        assert_eq!(posts(&mut hub, "/api/ai/send", body).await.0, status, "{to}");
    }
    assert_eq!(hub.model.asked().len(), asked);
}

#[tokio::test]
async fn the_playground_shows_everything_and_sends_nothing() {
    let mut hub = assisted().await;
    hub.model.does(Does::Says("Zadzwoń: 600 700 800".to_owned()));
    let body = json!({ "message": "Macie chleb?", "system_prompt": "Próba" });
    let (status, shown) = posts(&mut hub, "/api/ai/playground", body).await;
    assert_eq!((status, &shown["verdict"], &shown["says"]), (200, &json!("number"), &Value::Null));
    assert!(shown["prompt"][0]["content"].as_str().unwrap().contains("Próba"));
    assert!(hub.written().await.is_empty() && hub.on_disk("SELECT words FROM receipt").is_empty());
}

/// The prompt holds the whole instruction, which is for those who may change it.
#[tokio::test]
async fn the_playground_hides_the_prompt_from_who_may_only_send() {
    let hub = Setup::new().with_assistant().with("AI_SYSTEM_PROMPT", "Tajna marża: 40%").start().await;
    for (scopes, sees) in [("read,send", false), ("read,send,admin", true)] {
        let token = hub.token(scopes).await;
        let body = json!({ "message": "Macie chleb?" }).to_string();
        let mut request = bearer(Method::POST, "/api/ai/playground", body.into());
        request.headers_mut().insert("authorization", token.parse().unwrap());
        let answer = hub.ask(request).await;
        assert_eq!((answer.status, &answer.json()["says"]), (200, &json!("Tak, mamy.")), "{scopes}");
        assert_eq!(answer.text().contains("marża"), sees, "{scopes}");
    }
}

#[tokio::test]
async fn cases_are_saved_and_deleted() {
    let mut hub = assisted().await;
    let case = json!({ "question": "Macie chleb?", "said": "Nie", "expected": "Tak" });
    assert_eq!(posts(&mut hub, "/api/ai/cases", case).await, (201, json!({ "id": 1 })));
    assert_eq!(posts(&mut hub, "/api/ai/cases", json!({ "question": "?" })).await.0, 400);
    assert_eq!(hub.get("/api/ai/cases").await.json()["items"][0]["expected"], "Tak");
}

#[tokio::test]
async fn consent_is_listed_recorded_and_exported() {
    let mut hub = TestHub::start().await;
    hub.phone(ANNA).writes("STOP");
    hub.advance(std::time::Duration::from_secs(5)).await;
    let list = hub.get("/api/consents").await.json();
    assert_eq!((&list["count"], &list["items"][0]["person"]), (&json!(1), &json!(ANNA)));
    let body = json!({ "opted_in": true, "note": "zgoda z formularza" });
    let (status, shown) = posts(&mut hub, "/api/consents/+48500100200", body).await;
    assert_eq!((status, &shown["opted_out"]), (200, &json!(false)));
    assert_eq!(posts(&mut hub, "/api/consents/500100200", json!({ "opted_in": false })).await.0, 400);
    let export = hub.get("/api/consents/500100200/export").await;
    assert!(export.header("content-disposition").starts_with("attachment"));
    let history = &export.json()["history"];
    assert_eq!((&history[0]["change"], &history[0]["body"]), (&json!("opt_out"), &json!("STOP")));
    assert_eq!(
        (&history[1]["source"], &history[1]["note"]),
        (&json!("operator"), &json!("zgoda z formularza"))
    );
    assert_eq!(hub.get("/api/consents/500100299").await.status, 404);
}

#[tokio::test]
async fn listeners_have_the_originals_shape() {
    let mut hub = TestHub::start().await;
    let list = hub.get("/api/listeners").await.json();
    assert_eq!(
        (&list["success"], &list["listeners"][0]["command"], &list["listeners"][0]["enabled"]),
        (&json!(true), &json!("/news"), &json!(0))
    );
    let (_, changed) = posts(&mut hub, "/api/listeners/1", json!({ "enabled": true })).await;
    assert_eq!(changed["listener"]["enabled"], 1);
    let unknown = posts(&mut hub, "/api/listeners/99", json!({ "enabled": true })).await;
    assert_eq!(unknown, (200, json!({ "success": true, "listener": {} })));
}

#[tokio::test]
async fn a_callers_own_key_is_used_for_its_call_only_and_harms_nobody() {
    let mut hub = assisted().await;
    for _ in 0..6 {
        let (status, _) = posts(&mut hub, "/api/ai/test", json!({ "api_key": "sk-wrong" })).await;
        assert_eq!(status, 502);
    }
    assert!(hub.get(CONFIG).await.json()["left_alone_until"].is_null());
    assert_eq!(posts(&mut hub, "/api/ai/test", json!({})).await.0, 200);
    let stored = "SELECT value FROM setting UNION SELECT prompt || coalesce(words, '') || coalesce(error, '') FROM receipt";
    assert!(hub.on_disk(stored).iter().all(|text| !text.contains("sk-")));
}

#[tokio::test]
async fn the_command_writes_and_sends_in_its_own_process() {
    let hub = assisted().await;
    let request = AssistantRequest {
        to: String::new(),
        latest: Some("Macie chleb?".to_owned()),
        history_limit: 30,
        api_key: None,
        through: Through::NumberFirst,
        origin: Origin::Cli,
    };
    let done = hub.app().assistant_send_here(&request, "cli:1".to_owned()).await.unwrap();
    assert_eq!((&*done.body, done.sent.accepted()), ("Tak, mamy.", 1));
    assert_eq!(hub.taken()[0].to, ANNA);
}

#[tokio::test]
async fn a_replay_asks_cases_and_past_questions_anew_and_sends_nothing() {
    let mut hub = assisted().await;
    hub.phone(PIOTR).writes("Macie bułki?");
    hub.advance(std::time::Duration::from_secs(10)).await;
    let case = json!({ "question": "Macie chleb?", "said": "Nie", "expected": "Tak, żytni." });
    posts(&mut hub, "/api/ai/cases", case).await;
    hub.model.thinks(|asked| {
        let question = asked["messages"][1]["content"].as_str().unwrap();
        let new = crate::model::system_of(asked).contains("Nowa instrukcja");
        Does::Says(format!("{question} {new}"))
    });
    let settings =
        AssistantSettings { instruction: "Nowa instrukcja".to_owned(), ..AssistantSettings::default() };
    let mut seen = Vec::new();
    let (asked, taken) = (hub.model.asked().len(), hub.taken().len());
    hub.app()
        .replay(&settings, 5, |replayed| {
            seen.push(replayed);
            true
        })
        .await
        .unwrap();
    let shown: Vec<_> =
        seen.iter().map(|one| (&*one.of, &*one.question, &*one.before, one.now.clone())).collect();
    assert_eq!(
        shown,
        [
            ("case 1", "Macie chleb?", "Tak, żytni.", Now::Says("Macie chleb? true".to_owned())),
            ("receipt 1", "Macie bułki?", "Tak, mamy.", Now::Says("Macie bułki? true".to_owned())),
        ]
    );
    assert_eq!((hub.model.asked().len(), hub.taken().len()), (asked + 2, taken));
    assert_eq!(hub.on_disk("SELECT words FROM receipt").len(), 1);
}

/// The first answer was lost, and its caller asks again.
#[tokio::test]
async fn the_same_key_again_neither_pays_the_model_nor_sends() {
    let mut hub = assisted().await;
    let body = json!({ "latest": "Halo" });
    hub.model.does(Does::Says("W czym pomóc?".to_owned()));
    let first = hub.keyed("/api/ai/send", "k", &body).await;
    let asked = hub.model.asked().len();
    let again = hub.keyed("/api/ai/send", "k", &body).await;
    assert_eq!((first.status, first.json()), (201, again.json()));
    assert_eq!((again.status, hub.model.asked().len(), hub.taken().len()), (201, asked, 1));
    let other = hub.keyed("/api/ai/send", "k", &json!({ "latest": "Hej" })).await;
    assert_eq!((other.status, hub.model.asked().len()), (422, asked));
    assert_eq!(hub.keyed("/api/ai/send", " ", &body).await.status, 400);
    hub.advance(std::time::Duration::from_mins(1)).await;
}
