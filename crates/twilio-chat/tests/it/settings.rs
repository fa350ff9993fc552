//! The pages by which the hub is kept running: keys, jobs, recovery; and the list of models.

use std::time::Duration;

use hub_domain::{access::Role, ids::ContactId, job::JobKind};
use hub_store::LeaseRequest;
use serde_json::json;

use crate::{
    hub::TestHub,
    model::{MODEL, MODEL_KEY},
    setup::Setup,
    talk::ANNA,
    wire::Answer,
};

const KEYS: &str = "/settings/keys";
const JOBS: &str = "/settings/jobs";

/// A hub that knows a service of models and no key for it.
async fn keyless() -> TestHub {
    let setup = Setup::new().with("OPENAI_BASE_URL", MODEL).with("SECOND_OPENAI_BASE_URL", MODEL);
    setup.with("AI_ENABLED", "true").start().await
}

async fn does(hub: &TestHub, cookie: &str, action: &str, name: &str, value: &str) -> Answer {
    hub.posts(cookie, KEYS, &[("name", name), ("value", value), ("action", action)]).await
}

#[tokio::test]
async fn a_key_entered_in_the_panel_lets_the_model_answer_without_a_restart() {
    let mut hub = keyless().await;
    let ewa = hub.session().await;
    hub.phone(ANNA).writes("Macie chleb?");
    hub.advance(Duration::from_secs(10)).await;
    assert!(hub.phone(ANNA).got().is_empty());
    let saved = does(&hub, &ewa, "save", "OPENAI_API_KEY", MODEL_KEY).await;
    assert_eq!(saved.header("location"), "/settings/keys?done=key-saved");
    let page = hub.sees(&ewa, "/settings/keys?done=key-saved").await;
    assert!(
        page.text().contains("Zapisano. Wartość już działa.") && page.text().contains("wpisano w panelu")
    );
    assert!(!page.text().contains(MODEL_KEY));
    hub.phone(ANNA).writes("A bułki?");
    hub.advance(Duration::from_secs(10)).await;
    assert_eq!(hub.phone(ANNA).got(), ["Tak, mamy."]);
    let cleared = does(&hub, &ewa, "clear", "OPENAI_API_KEY", "").await;
    assert_eq!(cleared.header("location"), "/settings/keys?done=key-cleared");
    hub.phone(ANNA).writes("A rogale?");
    hub.advance(Duration::from_secs(10)).await;
    assert_eq!(hub.phone(ANNA).got().len(), 1, "without the key no model answers");
    hub.may_leave_jobs();
}

#[tokio::test]
async fn a_test_says_in_words_how_it_ended_and_saves_nothing() {
    let mut hub = keyless().await;
    let ewa = hub.session().await;
    let wrong = "sk-wrong-canary-0123456789";
    for name in ["OPENAI_API_KEY", "SECOND_OPENAI"] {
        let unset = does(&hub, &ewa, "test", name, "").await;
        assert!(unset.status == 422 && unset.text().contains("najpierw potrzebne są pozostałe"), "{name}");
        let refused = does(&hub, &ewa, "test", name, wrong).await;
        assert_eq!(refused.status, 422, "{name}");
        assert!(refused.text().contains("Usługa nie przyjmuje tego klucza"), "{name}");
        assert!(refused.text().contains("nie zapisano jej") && !refused.text().contains("canary"), "{name}");
        let good = does(&hub, &ewa, "test", name, MODEL_KEY).await;
        assert!(good.text().contains("Klucz działa. Dostępne modele: 4."), "{name}");
        assert!(!good.text().contains(MODEL_KEY), "{name}");
    }
    let good = does(&hub, &ewa, "test", "TWILIO_AUTH_TOKEN", "").await;
    assert!(good.status == 200 && good.text().contains("Twilio przyjmuje te dane: konto AC"));
    let bad = does(&hub, &ewa, "test", "TWILIO_AUTH_TOKEN", "another-canary-0123456789").await;
    assert!(bad.status == 422 && bad.text().contains("Twilio nie przyjmuje tych danych"));
    assert!(!bad.text().contains("canary"));
    hub.cut_off(true);
    let lost = does(&hub, &ewa, "test", "TWILIO_AUTH_TOKEN", "").await;
    assert!(lost.status == 422 && lost.text().contains("Twilio nie odpowiedziało"));
    hub.cut_off(false);
    assert!(hub.store().secrets().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_no_key_is_refused_and_not_shown_again() {
    let mut hub = TestHub::start().await;
    let ewa = hub.session().await;
    for (name, value, words) in [
        ("TWILIO_ACCOUNT_SID", "SKcanary", "SID konta zaczyna się od AC"),
        ("TWILIO_AUTH_TOKEN", "canary", "za krótkie na token Twilio"),
        ("TWILIO_AUTH_TOKEN", " ", "Wpisz wartość."),
        ("OPENAI_API_KEY", "canary", "zaczyna się od sk-"),
        ("OPENAI_API_KEY", "sk-canary-zażółć-0123456789", "<strong>OPENAI_API_KEY</strong>"),
    ] {
        let refused = does(&hub, &ewa, "save", name, value).await;
        assert_eq!(refused.status, 422, "{name} {value}");
        assert!(refused.text().contains(words), "{name} {value}");
        assert!(!refused.text().contains("canary"), "{name} {value}");
    }
    assert!(hub.store().secrets().await.unwrap().is_empty());
    assert_eq!(does(&hub, &ewa, "save", "PATH", "x").await.status, 404);
    let ola = hub.joins("ola", Role::Operator).await;
    assert_eq!(hub.sees(&ola, KEYS).await.status, 403);
    assert_eq!(does(&hub, &ola, "save", "OPENAI_API_KEY", MODEL_KEY).await.status, 403);
    assert!(!hub.sees(&ola, "/settings").await.text().contains(KEYS));
}

#[tokio::test]
async fn the_demos_keys_are_not_changed() {
    let mut hub = Setup::new().demo().start().await;
    let ewa = hub.session().await;
    let page = hub.sees(&ewa, KEYS).await;
    assert!(page.text().contains("Demo ma własne klucze") && !page.text().contains("type=\"password\""));
    let refused = does(&hub, &ewa, "save", "OPENAI_API_KEY", MODEL_KEY).await;
    assert!(refused.status == 422 && refused.text().contains("W tym trybie kluczy się nie zmienia."));
}

#[tokio::test]
async fn the_models_that_can_write_are_listed_in_the_originals_shape() {
    let mut hub = keyless().await;
    let none = hub.get("/api/models").await.json();
    assert_eq!((&none["available_models"], none.get("error")), (&json!([]), None));
    let saved = hub.post("/api/secrets/OPENAI_API_KEY", &json!({ "value": MODEL_KEY, "test": true })).await;
    assert_eq!(saved.unwrap().json()["test"]["details"], "models.list ok (4)");
    let models = hub.get("/api/models").await.json();
    assert_eq!(models["available_models"], json!(["gpt-4o", "gpt-4o-mini"]));
    assert!(models["chat_model"].is_string() && models["rag_chat_model"].is_string());
    hub.post("/api/secrets/OPENAI_API_KEY", &json!({ "value": "sk-wrong-0123456789" })).await.unwrap();
    let refused = hub.get("/api/models").await;
    assert_eq!((refused.status, &refused.json()["available_models"]), (200, &json!([])));
    assert!(refused.json()["error"].is_string() && !refused.text().contains("wrong"));
}

#[tokio::test]
async fn models_are_chosen_by_name_in_the_originals_shape() {
    let mut hub = keyless().await;
    hub.post("/api/secrets/OPENAI_API_KEY", &json!({ "value": MODEL_KEY })).await.unwrap();
    let chosen = hub.post("/api/models", &json!({ "chat_model": " gpt-4o " })).await.unwrap();
    let expect = json!({ "chat_model": "gpt-4o", "available_models": ["gpt-4o", "gpt-4o-mini"] });
    assert_eq!((chosen.status, chosen.json()), (200, expect));
    let both = json!({ "chat_model": "gpt-4o-mini", "rag_chat_model": "llama3:8b" });
    assert_eq!(hub.post("/api/models", &both).await.unwrap().json()["rag_chat_model"], "llama3:8b");
    let models = hub.get("/api/models").await.json();
    assert_eq!(
        (&models["chat_model"], &models["rag_chat_model"]),
        (&json!("gpt-4o-mini"), &json!("llama3:8b"))
    );
    assert_eq!(hub.get("/api/ai/config").await.json()["model"], "gpt-4o-mini");
    for (body, words) in [
        (json!({}), "Brak pól do aktualizacji."),
        (json!({ "chat_model": "" }), "Brak pól do aktualizacji."),
        (json!({ "chat_model": "a model" }), "bez spacji"),
        (json!({ "rag_chat_model": "m".repeat(101) }), "100 znaków"),
    ] {
        let refused = hub.post("/api/models", &body).await.unwrap();
        assert!(refused.status == 400 && refused.json()["error"].as_str().unwrap().contains(words), "{body}");
    }
    let ewa = hub.session().await;
    let log = hub.sees(&ewa, "/settings/audit").await;
    assert!(log.text().contains("wybrano model") && log.text().contains("rag_chat_model: llama3:8b"));
    let reader = hub.token("read").await;
    let request = axum::http::Request::post("/api/models").header("authorization", reader);
    assert_eq!(hub.ask(request.body("{}".into()).unwrap()).await.status, 403);
}

/// A text whose reply failed too often; the job.
async fn set_aside(hub: &mut TestHub, error: &str) -> String {
    hub.phone(ANNA).writes("Macie chleb?");
    hub.post_webhooks().await;
    let request = LeaseRequest { owner: "w".to_owned(), lasts: Duration::from_mins(1) };
    let mut id = String::new();
    for _ in 0..JobKind::Reply.max_failures() {
        let (store, now) = (hub.store(), hub.now());
        let mut jobs = store.lease_jobs(request.clone(), JobKind::Reply, 1, now).await.unwrap();
        let job = jobs.pop().unwrap();
        store.give_back(job, now, Some(error.to_owned())).await.unwrap();
        id = job.id.0.to_string();
    }
    id
}

#[tokio::test]
async fn a_job_set_aside_is_shown_with_its_reason_and_retried() {
    let mut hub = Setup::new().with_bot().start().await;
    let ewa = hub.session().await;
    assert!(hub.sees(&ewa, JOBS).await.text().contains("Nic nie utknęło"));
    let job = set_aside(&mut hub, "<b>pech</b>").await;
    hub.app().rename(ContactId(1), "<i>Anna</i>", None).await.unwrap();
    let page = hub.sees(&ewa, JOBS).await;
    let page = page.text();
    assert!(page.contains("Automatyczna odpowiedź") && page.contains("czeka na decyzję"));
    assert!(page.contains("Nieudane próby: 8") && page.contains("pech") && page.contains("Anna"));
    assert!(!page.contains("<b>pech") && !page.contains("<i>Anna"));
    let retried = hub.posts(&ewa, JOBS, &[("job", &job), ("action", "retry")]).await;
    assert_eq!(retried.header("location"), "/settings/jobs?done=job-retried");
    let again = hub.posts(&ewa, JOBS, &[("job", &job), ("action", "retry")]).await;
    assert!(again.status == 409 && again.text().contains("Tego zadania już nie ma"));
    hub.advance(Duration::from_secs(10)).await;
    assert_eq!(hub.phone(ANNA).got().len(), 1);
    assert!(hub.sees(&ewa, "/settings/audit").await.text().contains("ponowiono zadanie"));
}

#[tokio::test]
async fn a_discarded_job_is_gone_and_its_text_left_to_a_person() {
    let mut hub = Setup::new().with_bot().start().await;
    let ewa = hub.session().await;
    let job = set_aside(&mut hub, "pech").await;
    let ola = hub.joins("ola", Role::Operator).await;
    let fields = [("job", job.as_str()), ("action", "discard")];
    assert_eq!(hub.posts(&ola, JOBS, &fields).await.status, 403);
    let discarded = hub.posts(&ewa, JOBS, &fields).await;
    assert_eq!(discarded.header("location"), "/settings/jobs?done=job-discarded");
    assert_eq!(hub.posts(&ewa, JOBS, &fields).await.status, 409);
    hub.advance(Duration::from_secs(10)).await;
    assert!(hub.phone(ANNA).got().is_empty());
    assert_eq!(hub.decisions().await, ["discarded"]);
    assert!(hub.sees(&ewa, "/settings/jobs").await.text().contains("Nic nie utknęło"));
}

#[tokio::test]
async fn work_that_is_late_is_shown_without_a_decision_to_make() {
    let mut hub = Setup::new().with_bot().start().await;
    let ewa = hub.session().await;
    hub.phone(ANNA).writes("Macie chleb?");
    hub.post_webhooks().await;
    hub.jump(Duration::from_mins(11));
    let page = hub.sees(&ewa, JOBS).await;
    assert!(page.text().contains("spóźnione") && !page.text().contains("value=\"retry\""));
    hub.may_leave_jobs();
}

#[tokio::test]
async fn what_was_recovered_is_told() {
    let mut hub = Setup::new().start().await;
    hub.run().await;
    let ewa = hub.session().await;
    assert!(hub.sees(&ewa, "/settings/recovery").await.text().contains("Nic nie umknęło."));
    hub.kill();
    hub.phone(ANNA).writes("Halo?");
    hub.post_webhooks().await;
    hub.jump(Duration::from_hours(1));
    hub.post_webhooks().await;
    hub.restart().await;
    hub.run().await;
    hub.advance(Duration::from_mins(5)).await;
    let ewa = hub.session().await;
    let page = hub.sees(&ewa, "/settings/recovery").await;
    assert!(page.text().contains("Odebrane: 1"), "{}", page.text());
}
