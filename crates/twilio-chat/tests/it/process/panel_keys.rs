//! Keys entered in the panel, for commands beside the hub and for its next start.

use hub_sim::SimConfig;
use serde_json::{Value, json};

use super::{
    program::Program,
    twilio::{OURS, PERSON, Twilio},
};

/// A hub without an account, into whose panel that of `twilio` was entered, but for what is `typed`; it has ended.
async fn entered(twilio: &Twilio, typed: &[&str]) -> Program {
    let SimConfig { account_sid, auth_token, .. } = SimConfig::default();
    let account = [
        ("TWILIO_ACCOUNT_SID", account_sid),
        ("TWILIO_AUTH_TOKEN", auth_token),
        ("TWILIO_DEFAULT_FROM", OURS.to_owned()),
    ];
    let program = account.iter().fold(twilio.program(), |program, (name, _)| program.without(name));
    let hub = program.serve(&[]).await;
    for (name, value) in account.iter().filter(|(name, _)| !typed.contains(name)) {
        let body = json!({ "value": value }).to_string();
        let saved = hub.api().post(&format!("/api/secrets/{name}"), &[], &body).await;
        assert_eq!(saved.status, 200, "{saved:?}");
    }
    assert_eq!(hub.stop().await.code, Some(0));
    account
        .iter()
        .filter(|(name, _)| typed.contains(name))
        .fold(program, |program, (name, value)| program.with(name, value.clone()))
}

async fn shown(program: &Program, name: &str) -> Value {
    let shown = program.run(&["config", "show", "--json"]).await;
    let rows: Value = serde_json::from_str(&shown.out).unwrap();
    rows.as_array().unwrap().iter().find(|row| row["name"] == name).unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_work_with_the_panels_keys() {
    let twilio = Twilio::start().await;
    let program = entered(&twilio, &[]).await;
    let sent = program.run(&["send", "--to", PERSON, "--body", "Zapraszamy"]).await;
    assert!(sent.code == Some(0) && sent.out.starts_with("✅ Message sent."), "{sent:?}");
    assert_eq!(twilio.sent()[0].from.as_deref(), Some(OURS));
    let token = shown(&program, "TWILIO_AUTH_TOKEN").await;
    assert_eq!(
        (&token["source"], token["value"].as_str().unwrap().contains("simulated")),
        (&json!("panel"), false)
    );
    let table = program.run(&["config", "show"]).await;
    assert!(table.code == Some(0) && table.out.contains("panel"), "{table:?}");
    // No demo: the account is in the store.
    let process = program.start(&["run"]);
    let port: u16 = process.line_after("Twilio Chat działa: http://localhost:").await.parse().unwrap();
    let health = super::http::Caller::new(format!("http://127.0.0.1:{port}")).get("/api/health").await.json();
    assert_eq!((health.get("setup"), &health["env"]), (None, &json!("dev")), "{health}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_panel_completes_what_was_typed_and_goes_before_it() {
    let twilio = Twilio::start().await;
    let program = entered(&twilio, &["TWILIO_ACCOUNT_SID", "TWILIO_DEFAULT_FROM"]).await;
    let hub = program.serve(&[]).await;
    assert_eq!(hub.receive(&super::signed::sid(1), "Halo").await, 200, "partial without the panel");
    assert_eq!(hub.stop().await.code, Some(0));
    let program = program.with("TWILIO_AUTH_TOKEN", "typed-and-wrong-0123456789");
    assert_eq!(shown(&program, "TWILIO_AUTH_TOKEN").await["source"], "panel");
    let sent = program.run(&["send", "--to", PERSON, "--body", "Zapraszamy"]).await;
    assert_eq!(sent.code, Some(0), "{sent:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_whose_seal_is_lost_are_named_and_nothing_starts_as_if_there_were_none() {
    let twilio = Twilio::start().await;
    let program = entered(&twilio, &[]).await;
    std::fs::remove_file(program.path("data/secret.key")).unwrap();
    let table = program.run(&["config", "show"]).await;
    assert_eq!(table.code, Some(1));
    assert!(table.out.contains("TWILIO_AUTH_TOKEN") && table.err.contains("TWILIO_AUTH_TOKEN"), "{table:?}");
    assert!(table.err.contains("data/secret.key"), "{table:?}");
    let sent = program.run(&["send", "--to", PERSON, "--body", "Zapraszamy"]).await;
    assert!(sent.code == Some(5) && twilio.sent().is_empty(), "{sent:?}");
    let process = program.start(&["run"]);
    process.line_after("Brak konta Twilio: ").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_makes_no_files() {
    let program = Program::new();
    assert_eq!(program.run(&["config", "show"]).await.code, Some(0));
    program.write("other.db", "no database");
    let program = program.with("DB_PATH", "other.db");
    assert_eq!(program.run(&["config", "show"]).await.code, Some(0));
    assert_eq!(program.files(), [program.path("other.db")]);
}
