//! The audit log of settings: every change of what answers, when, to whom and how much leaves a line that names
//! who made it, from what and to what.

use axum::{body::Body, http::Method};
use serde_json::{Value, json};

use crate::{
    hub::TestHub,
    model::{MODEL, MODEL_KEY},
    people::by,
    setup::Setup,
    talk::bearer,
};

/// A hub that could ask a model, and with the caps that it has from the start.
async fn with_model() -> TestHub {
    let setup = Setup::new().with_default_caps();
    setup.with("OPENAI_API_KEY", MODEL_KEY).with("OPENAI_BASE_URL", MODEL).start().await
}

/// A form, its fields, and what is noted of it, newest first.
type Step<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [&'a str]);

/// The lines on the page, newest first, without the hours and without what the test itself did.
async fn lines(hub: &TestHub, cookie: &str) -> Vec<String> {
    let page = hub.sees(cookie, "/settings/audit").await;
    let rows = page.text().split("<tr>").skip(2);
    let plain = |row: &str| {
        let cells = row.split("<td").skip(2).take(2).map(|cell| {
            let text = cell.split_once('>').unwrap().1.split("</td>").next().unwrap();
            text.replace("<strong>", "").replace("</strong>", "")
        });
        cells.collect::<Vec<_>>().join(" | ")
    };
    rows.map(plain).filter(|line| line.contains(" | Zmieniono") || line.contains("słowo")).collect()
}

#[tokio::test]
async fn changes_in_the_panel_are_kept_with_who_made_them() {
    let mut hub = with_model().await;
    let ewa = hub.session().await;
    let ai = [
        ("enabled", "on"),
        ("model", "gpt-4o-mini"),
        ("temperature", "0.7"),
        ("instruction", ""),
        ("history_limit", "20"),
        ("segments", "6"),
        ("quiet_seconds", "10"),
        ("only", "+48500100123"),
        ("on_failure", "silence"),
        ("when", "always"),
        ("handover_text", "Dziekujemy, odpisze na to czlowiek."),
    ];
    let guards = [
        ("contact_10_min", "3"),
        ("contact_day", "20"),
        ("minute", "30"),
        ("money_day", "10"),
        ("countries", "PL, DE"),
        ("stops_loops", "on"),
    ];
    let word = [("word", "godziny"), ("answer", "9-17")];
    let steps: [Step<'_>; 5] = [
        (
            "/auto-reply",
            &[("enabled", "on"), ("body", "Oddzwonimy.")],
            &["tekst auto-odpowiedzi: puste → Oddzwonimy.", "auto-odpowiedź: wyłączone → włączone"],
        ),
        (
            "/auto-reply/hours",
            &[("open-0", "on"), ("from-0", "09:00"), ("to-0", "17:00")],
            &["godziny pracy: nie ustawiono → 09:00–17:00, –, –, –, –, –, –"],
        ),
        (
            "/ai",
            &ai,
            &[
                "auto-odpowiedź: włączone → wyłączone",
                "gdy AI nie odpowie: tekst auto-odpowiedzi → cisza",
                "ile sekund AI czeka na kolejny SMS: 6 → 10",
                "komu odpowiada AI: wszyscy → tylko wybrane numery: 1",
                "asystent AI: wyłączone → włączone",
            ],
        ),
        (
            "/ai/guards",
            &guards,
            &["kraje, którym odpowiada automat: PL → PL, DE", "limit odpowiedzi dla osoby na dobę: 12 → 20"],
        ),
        ("/listeners", &word, &[]),
    ];
    for (path, fields, expect) in steps {
        let before = lines(&hub, &ewa).await.len();
        let saved = hub.posts(&ewa, path, fields).await;
        assert_eq!(saved.status, 303, "{path}: {}", saved.text());
        let mut added = lines(&hub, &ewa).await;
        added.truncate(added.len() - before);
        let expect: Vec<_> = match path {
            "/listeners" => vec!["ewa | Dodano słowo z odpowiedzią: godziny".to_owned()],
            _ => expect.iter().map(|line| format!("ewa | Zmieniono ustawienie: {line}")).collect(),
        };
        assert_eq!(added, expect, "{path}");
        // Saved again as it is: nothing changed, nothing is kept.
        hub.posts(&ewa, path, fields).await;
        assert_eq!(lines(&hub, &ewa).await.len(), before + added.len(), "{path} twice");
    }
    assert!(!hub.sees(&ewa, "/settings/audit").await.text().contains("500100123"));
}

#[tokio::test]
async fn changes_by_the_api_name_the_token() {
    let mut hub = with_model().await;
    let ewa = hub.session().await;
    let token = hub.token("read,admin").await;
    let steps: [(&str, &str, Value, &[&str]); 7] = [
        (
            "POST",
            "/api/auto-reply/config",
            json!({ "enabled": false, "message": "Oddzwonimy." }),
            &["Zmieniono ustawienie: tekst auto-odpowiedzi: puste → Oddzwonimy."],
        ),
        (
            "POST",
            "/api/hours",
            json!({ "days": [null, null, null, null, null, null, null], "away": "Jutro." }),
            &["Zmieniono ustawienie: tekst poza godzinami pracy: puste → Jutro."],
        ),
        (
            "POST",
            "/api/ai/config",
            json!({ "enabled": true, "draft": true, "target_number": "+48500100123" }),
            &[
                "Zmieniono ustawienie: tylko propozycje AI: wyłączone → włączone",
                "Zmieniono ustawienie: domyślny odbiorca wiadomości AI: nie ustawiono → +48*****123",
                "Zmieniono ustawienie: asystent AI: wyłączone → włączone",
            ],
        ),
        (
            "POST",
            "/api/guards",
            json!({ "cost_day": "2,5" }),
            &["Zmieniono ustawienie: limit kosztu na dzień: 10.00 → 2.50"],
        ),
        (
            "POST",
            "/api/listeners",
            json!({ "command": "godziny", "answer": "9-17" }),
            &["Dodano słowo z odpowiedzią: godziny"],
        ),
        (
            "POST",
            "/api/listeners/3",
            json!({ "answer": "9-18", "enabled": false }),
            &[
                "Zmieniono ustawienie: odpowiedź (słowo „godziny”): 9-17 → 9-18",
                "Zmieniono ustawienie: reakcja (słowo „godziny”): włączone → wyłączone",
            ],
        ),
        ("DELETE", "/api/listeners/3", json!({}), &["Usunięto słowo z odpowiedzią: godziny"]),
    ];
    for (method, path, body, expect) in steps {
        let before = lines(&hub, &ewa).await.len();
        let mut request = bearer(Method::try_from(method).unwrap(), path, Body::from(body.to_string()));
        request.headers_mut().insert("authorization", token.parse().unwrap());
        let answer = hub.ask(request).await;
        assert!(answer.status == 200 || answer.status == 201, "{path}: {}", answer.text());
        let mut added = lines(&hub, &ewa).await;
        added.truncate(added.len() - before);
        let expect: Vec<_> = expect.iter().map(|line| format!("API: test | {line}")).collect();
        assert_eq!(added, expect, "{method} {path}");
    }
}

#[tokio::test]
async fn what_is_refused_leaves_no_line() {
    let mut hub = with_model().await;
    let ewa = hub.session().await;
    for (path, body) in [
        ("/api/auto-reply/config", json!({ "enabled": true, "message": "" })),
        ("/api/ai/config", json!({ "temperature": 3 })),
        ("/api/guards", json!({ "countries": ["Atlantyda"] })),
        (
            "/api/hours",
            json!({ "days": [null, null, null, null, null, null, null], "away": "ż".repeat(641) }),
        ),
        ("/api/listeners", json!({ "command": "/news", "answer": "nie" })),
    ] {
        let answer = hub.post(path, &body).await.unwrap();
        assert_eq!(answer.status, 400, "{path}: {}", answer.text());
    }
    assert_eq!(lines(&hub, &ewa).await, Vec::<String>::new());
}

#[tokio::test]
async fn the_bots_switch_is_kept_too() {
    let mut hub = TestHub::start().await;
    let ewa = hub.session().await;
    for enabled in [true, true, false] {
        hub.store().set_bot_enabled(enabled, by(), hub.now()).await.unwrap();
    }
    let of = |change: &str| format!("test | Zmieniono ustawienie: wbudowany bot: {change}");
    assert_eq!(lines(&hub, &ewa).await, [of("włączone → wyłączone"), of("nie ustawiono → włączone")]);
}
