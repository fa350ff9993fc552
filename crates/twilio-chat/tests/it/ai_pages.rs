//! The assistant's pages, as forms post them.

use axum::{body::Body, http::Request};
use hub_domain::{access::Role, assistant::Passage};

use crate::{hub::TestHub, model::Does, setup::Setup, talk::ANNA};

const HOSTILE: &str = "<script>alert(1)</script>";

async fn assisted() -> TestHub {
    Setup::new().with_assistant().start().await
}

/// The settings form, filled in well.
fn settings<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("enabled", "on"),
        ("model", "gpt-4o"),
        ("temperature", "0"),
        ("instruction", "Tajna instrukcja"),
        ("history_limit", "30"),
        ("segments", "2"),
        ("quiet_seconds", "0"),
        ("only", "500 100 200\r\n+48 500 100 300"),
        ("on_failure", "silence"),
        ("when", "closed"),
        ("handover_text", "Odpiszemy"),
    ];
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    fields
}

/// A customer asks and the assistant answers.
async fn answered(hub: &mut TestHub, question: &str, says: &str) {
    hub.model.does(Does::Says(says.to_owned()));
    hub.phone(ANNA).writes(question);
    hub.advance(std::time::Duration::from_mins(1)).await;
}

#[tokio::test]
async fn the_settings_are_saved_and_told() {
    let mut hub = assisted().await;
    let ewa = hub.session().await;
    let saved = hub.posts(&ewa, "/ai", &settings(&[])).await;
    assert_eq!((saved.status, saved.header("location")), (303, "/ai?done=ai-saved"));
    let page = hub.sees(&ewa, "/ai?done=ai-saved").await;
    assert!(page.text().contains("Ustawienia asystenta zapisane."));
    assert!(page.text().contains(r#"name="temperature" value="0""#), "0 is 0");
    let shown = hub.get("/api/ai/config").await.json();
    assert_eq!(shown["only"], serde_json::json!([ANNA, "+48500100300"]));
    assert_eq!(
        (shown["temperature"].as_f64(), shown["quiet_seconds"].as_u64(), shown["draft"].as_bool()),
        (Some(0.0), Some(0), Some(false))
    );
    assert_eq!((shown["on_failure"].as_str(), shown["when"].as_str()), (Some("silence"), Some("closed")));
    let mut off = settings(&[("draft", "on")]);
    off.retain(|(name, _)| *name != "enabled");
    hub.posts(&ewa, "/ai", &off).await;
    let shown = hub.get("/api/ai/config").await.json();
    assert_eq!((shown["enabled"].as_bool(), shown["draft"].as_bool()), (Some(false), Some(true)));
}

#[tokio::test]
async fn a_form_that_was_open_meanwhile_undoes_nothing_unasked() {
    let mut hub = assisted().await;
    let ewa = hub.session().await;
    let seen = |page: &str| {
        let (_, rest) = page.split_once(r#"name="seen" value=""#).unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    };
    let opened = seen(hub.sees(&ewa, "/ai").await.text());
    hub.posts(&ewa, "/auto-reply", &[("enabled", "on"), ("body", "Oddzwonimy")]).await;
    let stale = hub.posts(&ewa, "/ai", &settings(&[("seen", &opened)])).await;
    assert_eq!(stale.status, 409);
    let page = stale.text();
    assert!(page.contains("Ktoś zapisał te ustawienia po otwarciu tej strony."), "{page}");
    assert!(page.contains("Tajna instrukcja"), "what was typed stays");
    assert_eq!(hub.get("/api/ai/config").await.json()["enabled"], false);
    let reply = seen(hub.sees(&ewa, "/auto-reply").await.text());
    assert_eq!(hub.posts(&ewa, "/ai", &settings(&[("seen", &seen(page))])).await.status, 303, "asked again");
    let stale = hub.posts(&ewa, "/auto-reply", &[("enabled", "on"), ("body", "x"), ("seen", &reply)]).await;
    assert_eq!(stale.status, 409);
    assert_eq!(hub.get("/api/ai/config").await.json()["enabled"], true);
}

#[tokio::test]
async fn a_message_leads_to_the_receipt_of_its_answer() {
    let mut hub = assisted().await;
    let ewa = hub.session().await;
    answered(&mut hub, "Macie chleb?", "Tak.").await;
    for row in 1..=2 {
        let page = hub.sees(&ewa, &format!("/inbox/messages/{row}")).await;
        let page = page.text();
        assert!(page.contains(r#"href="/ai/receipts/1""#), "{page}");
    }
}

#[tokio::test]
async fn the_default_recipient_is_shown_changed_and_cleared() {
    let mut hub = Setup::new().with_assistant().with("AI_TARGET_NUMBER", "+48500100300").start().await;
    let ewa = hub.session().await;
    let page = hub.sees(&ewa, "/ai").await;
    assert!(page.text().contains(r#"name="target_number" value="+48500100300""#), "the environment's");
    for (typed, kept) in [("500 100 200", ANNA), (ANNA, ANNA), (" ", "")] {
        let saved = hub.posts(&ewa, "/ai", &settings(&[("target_number", typed)])).await;
        assert_eq!(saved.status, 303, "{}", saved.text());
        assert_eq!(hub.get("/api/ai/config").await.json()["target_number"], kept);
    }
}

#[tokio::test]
async fn what_is_wrong_is_said_and_what_was_typed_stays() {
    let mut hub = assisted().await;
    let ewa = hub.session().await;
    let before = hub.get("/api/ai/config").await.json();
    for (name, value, words) in [
        ("temperature", "2.5", "liczbą od 0 do 2"),
        ("temperature", "ciepło", "liczbą od 0 do 2"),
        ("temperature", "NaN", "liczbą od 0 do 2"),
        ("model", " ", "Podaj nazwę modelu."),
        ("history_limit", "0", "poza zakresem"),
        ("segments", "-1", "poza zakresem"),
        ("quiet_seconds", "61", "poza zakresem"),
        ("only", "Anna", "nie jest numerem telefonu"),
        ("target_number", "Anna", "nie jest numerem telefonu"),
    ] {
        let fields = settings(&[("handover_text", "Pisałam to długo"), (name, value)]);
        let refused = hub.posts(&ewa, "/ai", &fields).await;
        assert_eq!(refused.status, 422, "{name}={value}");
        assert!(refused.text().contains(words), "{name}={value}");
        assert!(
            refused.text().contains("Pisałam to długo") && refused.text().contains(value),
            "{name}={value}"
        );
    }
    assert_eq!(hub.get("/api/ai/config").await.json(), before);
    let hostile = settings(&[("instruction", HOSTILE), ("model", HOSTILE), ("only", HOSTILE)]);
    let page = hub.posts(&ewa, "/ai", &hostile).await;
    assert!(!page.text().contains(HOSTILE));
}

#[tokio::test]
async fn the_connection_is_tried_and_the_answer_shown() {
    let mut hub = assisted().await;
    let ewa = hub.session().await;
    hub.model.does(Does::Says(format!("Działa {HOSTILE}")));
    let page = hub.posts(&ewa, "/ai/test", &[("message", "Halo?")]).await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("Połączenie działa") && page.text().contains("Działa &#60;script"));
    assert!(page.text().contains(r#"value="Halo?""#) && !page.text().contains(HOSTILE));
    hub.model.does(Does::Answers(500, ""));
    let page = hub.posts(&ewa, "/ai/test", &[]).await;
    assert!(page.status == 422 && page.text().contains("Model nie odpowiedział"));
}

#[tokio::test]
async fn without_a_key_the_page_says_so_and_switches_nothing_on() {
    let mut hub = TestHub::start().await;
    let ewa = hub.session().await;
    assert!(hub.sees(&ewa, "/ai").await.text().contains(r#"id="no-llm""#));
    let refused = hub.posts(&ewa, "/ai", &settings(&[])).await;
    assert!(refused.status == 422 && refused.text().contains("Bez klucza modelu"));
    let refused = hub.posts(&ewa, "/ai/test", &[]).await;
    assert!(refused.status == 422 && refused.text().contains("nie ma kogo zapytać"));
}

#[tokio::test]
async fn the_demo_labels_what_its_model_says() {
    let mut hub = Setup::new().demo().start().await;
    let ewa = hub.session().await;
    assert!(hub.sees(&ewa, "/ai").await.text().contains("symulowane"));
    assert!(hub.sees(&ewa, "/ai/receipts").await.text().contains("symulowane"));
}

#[tokio::test]
async fn a_receipt_is_shown_and_its_prompt_to_admins_alone() {
    let mut hub = assisted().await;
    let ewa = hub.session().await;
    hub.posts(&ewa, "/ai", &settings(&[("when", "always"), ("only", "")])).await;
    let title = format!("Piekarnia {HOSTILE}");
    hub.shelf.holds(vec![Passage { title, url: None, text: "Chleb jest".into(), score: 0.875 }]);
    answered(&mut hub, &format!("Macie chleb? {HOSTILE}"), "Tak, mamy.").await;
    let list = hub.sees(&ewa, "/ai/receipts").await;
    assert!(list.text().contains("Macie chleb?") && list.text().contains("Tak, mamy."));
    let page = hub.sees(&ewa, "/ai/receipts/1").await;
    for words in ["Tak, mamy.", "0,875", "Chleb jest", "gpt-4o", "Tajna instrukcja"] {
        assert!(page.text().contains(words), "{words}");
    }
    let ola = hub.joins("ola", Role::Operator).await;
    let hers = hub.sees(&ola, "/ai/receipts/1").await;
    assert!(hers.text().contains("Tak, mamy.") && !hers.text().contains("Tajna instrukcja"));
    for page in [&list, &page, &hers] {
        assert!(page.status == 200 && !page.text().contains(HOSTILE));
    }
    assert_eq!(hub.sees(&ewa, "/ai/receipts/9").await.status, 404);
    for (scopes, sees) in [("read", false), ("read,admin", true)] {
        let token = hub.token(scopes).await;
        let ask = Request::get("/api/ai/receipts/1").header("authorization", token);
        let answer = hub.ask(ask.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.json()["items"][0]["words"], "Tak, mamy.", "{scopes}");
        assert_eq!(answer.text().contains("Tajna instrukcja"), sees, "{scopes}");
    }
    let ask = Request::get("/api/ai/receipts/1").header("cookie", ola);
    assert!(hub.ask(ask.body(Body::empty()).unwrap()).await.json()["items"][0]["prompt"].is_null());
}

#[tokio::test]
async fn what_should_have_been_said_becomes_a_case() {
    let mut hub = assisted().await;
    let ola = hub.joins("ola", Role::Operator).await;
    answered(&mut hub, "Macie chleb?", "Nie wiem").await;
    let refused = hub.posts(&ola, "/ai/receipts/1", &[("expected", " ")]).await;
    assert!(refused.status == 422 && refused.text().contains("Napisz, jak powinna"));
    let saved = hub.posts(&ola, "/ai/receipts/1", &[("expected", "Tak, od 6:00")]).await;
    assert_eq!(saved.header("location"), "/ai/receipts/1?done=ai-case");
    let case = &hub.get("/api/ai/cases").await.json()["items"][0];
    assert_eq!(
        (case["question"].as_str(), case["said"].as_str(), case["expected"].as_str()),
        (Some("Macie chleb?"), Some("Nie wiem"), Some("Tak, od 6:00"))
    );
}

#[tokio::test]
async fn receipts_are_paged() {
    let mut hub = assisted().await;
    let ewa = hub.session().await;
    for number in 0..51 {
        let receipt = hub_store::NewReceipt {
            purpose: "send",
            model: "m".to_owned(),
            prompt: "[]".to_owned(),
            passages: "[]".to_owned(),
            words: Some(format!("odpowiedź-{number}.")),
            error: None,
            prompt_tokens: None,
            completion_tokens: None,
            cost: None,
            millis: 1,
        };
        hub.store().keep_receipt(receipt, None, None, "sent", hub.now()).await.unwrap();
    }
    let first = hub.sees(&ewa, "/ai/receipts").await;
    assert!(first.text().contains("odpowiedź-50.") && !first.text().contains("odpowiedź-0."));
    assert!(first.text().contains("/ai/receipts?before=2\""));
    let second = hub.sees(&ewa, "/ai/receipts?before=2").await;
    assert!(second.text().contains("odpowiedź-0.") && !second.text().contains("odpowiedź-1."));
}

#[tokio::test]
async fn an_operator_looks_and_changes_nothing() {
    let hub = assisted().await;
    let ola = hub.joins("ola", Role::Operator).await;
    let page = hub.sees(&ola, "/ai").await;
    assert!(page.status == 200 && page.text().contains("Ustawienia zmienia administrator."));
    for path in ["/ai", "/ai/test"] {
        assert_eq!(hub.posts(&ola, path, &settings(&[])).await.status, 403, "{path}");
    }
    assert_eq!(hub.get("/api/ai/config").await.json()["model"], "gpt-4o-mini");
    assert!(hub.model.asked().is_empty());
}

#[tokio::test]
async fn the_bounds_are_saved_or_refused_with_what_was_typed() {
    let mut hub = assisted().await;
    let ewa = hub.session().await;
    let good = [
        ("contact_10_min", "4"),
        ("contact_day", "0"),
        ("minute", "9"),
        ("money_day", "12,50"),
        ("countries", "PL, +49"),
    ];
    let saved = hub.posts(&ewa, "/ai/guards", &good).await;
    assert_eq!(saved.header("location"), "/ai/guards?done=ai-guards");
    let shown = hub.get("/api/guards").await.json();
    assert_eq!((shown["per_contact_10_min"].as_u64(), shown["per_contact_day"].as_u64()), (Some(4), Some(0)));
    assert_eq!((shown["cost_day"].as_str(), shown["stops_loops"].as_bool()), (Some("12.50"), Some(false)));
    for (at, value, words) in [
        (0, "dużo", "liczbami całkowitymi"),
        (3, "-5", "musi być kwotą"),
        (4, "Narnia", "nie jest krajem"),
        (4, " ", "choć jeden kraj"),
    ] {
        let mut fields = good;
        fields[at].1 = value;
        fields[2].1 = "77";
        let refused = hub.posts(&ewa, "/ai/guards", &fields).await;
        assert_eq!(refused.status, 422, "{value}");
        assert!(refused.text().contains(words) && refused.text().contains(r#"value="77""#), "{value}");
    }
    assert_eq!(hub.get("/api/guards").await.json(), shown);
    let ola = hub.joins("ola", Role::Operator).await;
    assert_eq!(hub.posts(&ola, "/ai/guards", &good).await.status, 403);
}

#[tokio::test]
async fn an_operator_tries_a_question_and_nothing_is_sent() {
    let hub = assisted().await;
    let ola = hub.joins("ola", Role::Operator).await;
    let title = format!("Cennik {HOSTILE}");
    hub.shelf.holds(vec![Passage { title, url: None, text: "Chleb 6 zł".into(), score: 0.5 }]);
    let question = format!("Ile kosztuje chleb? {HOSTILE}");
    let page = hub.posts(&ola, "/ai/playground", &[("question", &question)]).await;
    assert_eq!(page.status, 200);
    for words in ["Tak, mamy.", "Chleb 6 zł", "0,500", "zostałaby wysłana", "Ile kosztuje chleb?"] {
        assert!(page.text().contains(words), "{words}");
    }
    assert!(!page.text().contains(HOSTILE));
    hub.model.does(Does::Says("Zadzwoń: 600 700 800".to_owned()));
    let page = hub.posts(&ola, "/ai/playground", &[("question", "Halo?")]).await;
    assert!(page.text().contains("nie wolno wysłać"));
    assert_eq!(hub.posts(&ola, "/ai/playground", &[("question", " ")]).await.status, 422);
    assert!(hub.written().await.is_empty() && hub.on_disk("SELECT words FROM receipt").is_empty());
}

#[tokio::test]
async fn cases_are_listed_and_an_admin_deletes_them() {
    let mut hub = assisted().await;
    let ewa = hub.session().await;
    let ola = hub.joins("ola", Role::Operator).await;
    let case = hub_store::NewCase {
        question: format!("Macie chleb? {HOSTILE}"),
        said: "Nie wiem".to_owned(),
        expected: "Tak".to_owned(),
    };
    let id = hub.app().save_case(case).await.unwrap();
    let page = hub.sees(&ola, "/ai/cases").await;
    assert!(page.text().contains("Macie chleb?") && page.text().contains("Nie wiem"));
    assert!(!page.text().contains(HOSTILE) && !page.text().contains("/delete"));
    let path = format!("/ai/cases/{id}/delete");
    assert_eq!(hub.posts(&ola, &path, &[]).await.status, 403);
    assert_eq!(hub.posts(&ewa, &path, &[]).await.header("location"), "/ai/cases?done=ai-case-deleted");
    assert!(hub.sees(&ewa, "/ai/cases").await.text().contains("Nie ma jeszcze przypadków"));
}
