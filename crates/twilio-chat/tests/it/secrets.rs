//! Keys entered while the hub runs: in force at once, kept sealed, shown to nobody.

use axum::http::Method;
use hub_domain::access::Role;
use serde_json::{Value, json};

use crate::{
    hub::TestHub,
    setup::Setup,
    talk::{ANNA, sid, signed_with},
};

async fn enters(hub: &mut TestHub, name: &str, value: &str) -> Value {
    let answer = hub.post(&format!("/api/secrets/{name}"), &json!({ "value": value })).await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// A hub without an account, and the account it is about to be given.
async fn unconfigured() -> (TestHub, [String; 3]) {
    let setup = Setup::new();
    let account = [setup.sim.account_sid.clone(), setup.sim.auth_token.clone(), setup.sim.numbers[0].clone()];
    let setup = setup.unconfigured().with("TWILIO_API_BASE_URL", crate::wire::TWILIO);
    (setup.start().await, account)
}

async fn configures(hub: &mut TestHub, account: &[String; 3]) {
    let [account_sid, token, number] = account;
    assert_eq!(enters(hub, "TWILIO_ACCOUNT_SID", account_sid).await["in_force"], false);
    assert_eq!(enters(hub, "TWILIO_DEFAULT_FROM", number).await["in_force"], false);
    assert_eq!(enters(hub, "TWILIO_AUTH_TOKEN", token).await["in_force"], true);
}

#[tokio::test]
async fn keys_entered_one_by_one_open_the_hub_without_a_restart() {
    let (mut hub, account) = unconfigured().await;
    let fields = [("MessageSid", &*sid(1)), ("From", ANNA), ("To", &account[2]), ("Body", "Hej")];
    let webhook = |hub: &TestHub| signed_with(&account[1], &hub.public_base(), "/twilio/inbound", &fields);
    assert_eq!(hub.ask(webhook(&hub)).await.status, 503);
    configures(&mut hub, &account).await;
    assert_eq!(hub.ask(webhook(&hub)).await.status, 200);
    let forged = signed_with("0123456789abcdef-forged", &hub.public_base(), "/twilio/inbound", &fields);
    assert_eq!(hub.ask(forged).await.status, 403, "the new token's signature, no other");
    hub.api_sends(ANNA, "Dzień dobry").await;
    hub.advance(std::time::Duration::from_secs(5)).await;
    assert_eq!(hub.phone(ANNA).got(), ["Dzień dobry"]);
}

/// On disk, and the process ends before the key is in force.
#[tokio::test]
async fn after_a_key_was_kept() {
    let (mut hub, account) = unconfigured().await;
    configures(&mut hub, &account).await;
    hub.restart().await;
    assert!(hub.app().is_configured());
    let shown = hub.get("/api/secrets").await.json();
    assert_eq!(shown["TWILIO_AUTH_TOKEN"]["source"], "panel");
}

#[tokio::test]
async fn a_cleared_key_gives_way_to_the_environment() {
    let mut hub = TestHub::start().await;
    let own = hub.auth_token().to_owned();
    enters(&mut hub, "TWILIO_AUTH_TOKEN", "another-token-0123456789").await;
    let refused = hub.post("/api/secrets/TWILIO_AUTH_TOKEN/test", &json!({})).await.unwrap();
    assert_eq!(refused.status, 400, "Twilio is asked with the panel's");
    let own_one = json!({ "value": own });
    let tried = hub.post("/api/secrets/TWILIO_AUTH_TOKEN/test", &own_one).await.unwrap();
    assert_eq!(tried.json()["ok"], "true", "a value is tried without being saved");
    let clear =
        crate::talk::bearer(Method::DELETE, "/api/secrets/TWILIO_AUTH_TOKEN", axum::body::Body::empty());
    assert_eq!(hub.ask(clear).await.json()["status"]["source"], "env");
    let tested = hub.post("/api/secrets/TWILIO_AUTH_TOKEN/test", &json!({})).await.unwrap();
    assert_eq!(tested.status, 200);
    assert!(tested.json()["details"].as_str().unwrap().ends_with(" verified"));
}

#[tokio::test]
async fn what_is_plainly_no_key_is_refused_in_the_originals_words() {
    let mut hub = TestHub::start().await;
    for (name, value, words) in [
        ("PATH", "x", "Unsupported secret: PATH"),
        ("TWILIO_AUTH_TOKEN", " ", "Secret value cannot be empty"),
        ("TWILIO_ACCOUNT_SID", "SK1", "TWILIO_ACCOUNT_SID should start with 'AC'"),
        ("TWILIO_AUTH_TOKEN", "short", "TWILIO_AUTH_TOKEN looks too short"),
        ("SECOND_OPENAI", "pk-1", "OpenAI key should start with 'sk-'"),
    ] {
        let answer = hub.post(&format!("/api/secrets/{name}"), &json!({ "value": value })).await.unwrap();
        assert_eq!((answer.status, answer.json()["error"].as_str()), (400, Some(words)));
    }
    let malformed = hub.post("/api/secrets/TWILIO_ACCOUNT_SID", &json!({ "value": "ACxyz" })).await.unwrap();
    assert_eq!(malformed.status, 400);
    assert!(hub.store().secrets().await.unwrap().is_empty(), "nothing of it is kept");
    let ola = hub.joins("ola", Role::Operator).await;
    assert_eq!(hub.sees(&ola, "/api/secrets").await.status, 403);
}

#[tokio::test]
async fn a_secret_stands_nowhere_in_the_clear() {
    const CANARY: &str = "sk-canary-4f1d9a7b2c";
    let mut hub = TestHub::start().await;
    let saved = enters(&mut hub, "OPENAI_API_KEY", CANARY).await;
    assert_eq!(saved["status"]["masked"], "••••7b2c".to_owned());
    let mut said = saved.to_string();
    for path in ["/api/secrets", "/api/openai/status", "/api/health"] {
        said += hub.get(path).await.text();
    }
    for path in ["/", "/settings", "/settings/audit", "/setup"] {
        said += hub.page(path).await.text();
    }
    assert!(said.contains("OPENAI_API_KEY") && !said.contains("canary"));
    assert_eq!(hub.get("/api/openai/status").await.json()["api_key_masked"], "••••7b2c");
    for file in std::fs::read_dir(hub.folder()).unwrap().filter_map(Result::ok) {
        if file.file_type().unwrap().is_file() {
            let bytes = std::fs::read(file.path()).unwrap();
            assert!(!bytes.windows(6).any(|part| part == b"canary"), "{:?}", file.path());
        }
    }
}

#[tokio::test]
async fn keys_sealed_under_a_lost_key_are_reported_and_stop_nothing() {
    let (mut hub, account) = unconfigured().await;
    configures(&mut hub, &account).await;
    std::fs::remove_file(hub.folder().join("secret.key")).unwrap();
    hub.restart().await;
    assert!(!hub.app().is_configured());
    let shown = hub.get("/api/secrets").await.json();
    assert_eq!(shown["TWILIO_AUTH_TOKEN"]["unreadable"], true);
    configures(&mut hub, &account).await;
    assert!(hub.app().is_configured());
    let reloaded = hub.post("/api/settings/reload", &json!({})).await.unwrap().json();
    assert_eq!((&reloaded["ok"], &reloaded["summary"]["twilio_account"]), (&json!(true), &json!(account[0])));
}
