//! The page of webhooks: what Twilio has set, told as it is, and setting it to our address.

use axum::{body::Body, http::Request};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hub_domain::access::Role;
use hub_sim::{Service, SimConfig};
use serde_json::Value;

use crate::{
    hub::{PUBLIC, TestHub},
    setup::Setup,
    talk::{ANNA, encoded},
    wire::ask,
};

const PAGE: &str = "/settings/webhooks";
const STATE: &str = "/settings/webhooks/state";
const SERVICE: &str = "MG0123456789abcdef0123456789abcdef";

/// Somebody sets something in Twilio's console; what it is then.
async fn console(hub: &TestHub, path: &str, fields: &[(&str, &str)]) -> Value {
    let SimConfig { account_sid, auth_token, .. } = SimConfig::default();
    let credentials = STANDARD.encode(format!("{account_sid}:{auth_token}"));
    let path = path.replace("{account}", &format!("/2010-04-01/Accounts/{account_sid}"));
    let request = Request::post(path).header("authorization", format!("Basic {credentials}"));
    let answer = ask(hub.sim.router(), request.body(Body::from(encoded(fields))).unwrap()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// The first number of the account, as its console has it.
async fn number(hub: &TestHub, fields: &[(&str, &str)]) -> Value {
    console(hub, &format!("{{account}}/IncomingPhoneNumbers/PN{:032x}.json", 1), fields).await
}

#[tokio::test]
async fn a_number_that_was_set_elsewhere_is_shown_and_brought_here() {
    let mut hub = Setup::new().with_auto_reply("Dziękujemy.").without_recovery().start().await;
    let ewa = hub.session().await;
    let state = hub.sees(&ewa, STATE).await;
    assert!(state.text().contains("przychodzi tutaj") && !state.text().contains("Ustaw w Twilio"));
    number(&hub, &[("SmsUrl", "https://me:hush@hub.example.com/old?key=hush")]).await;
    let state = hub.sees(&ewa, STATE).await;
    assert!(state.text().contains("nie przychodzi tutaj") && state.text().contains("hub.example.com/old"));
    assert!(state.text().contains("Ustaw w Twilio"));

    let set = hub.posts(&ewa, PAGE, &[("entrance", "+15005550006")]).await;
    assert_eq!(set.header("location"), "/settings/webhooks?done=webhook-set");
    assert_eq!(number(&hub, &[]).await["sms_url"], format!("{PUBLIC}/twilio/inbound"));
    assert!(!hub.sees(&ewa, STATE).await.text().contains("nie przychodzi"));
    hub.phone(ANNA).writes("Macie chleb?");
    hub.advance(std::time::Duration::from_secs(10)).await;
    assert_eq!(hub.phone(ANNA).got(), ["Dziękujemy."]);
    let log = hub.sees(&ewa, "/settings/audit").await;
    assert!(log.text().contains("ustawiono webhook w Twilio"));
    assert!(log.text().contains("https://hub.example.com/old → https://hub.example.com/twilio/inbound"));
    assert!(!log.text().contains("hush"), "no password of an address");
}

#[tokio::test]
async fn an_application_gives_way() {
    let mut hub = TestHub::start().await;
    let ewa = hub.session().await;
    let application = "AP00000000000000000000000000000001";
    number(&hub, &[("SmsApplicationSid", application)]).await;
    assert!(hub.sees(&ewa, STATE).await.text().contains(application));
    hub.posts(&ewa, PAGE, &[("entrance", "+15005550006")]).await;
    assert_eq!(number(&hub, &[]).await["sms_application_sid"], "");
}

#[tokio::test]
async fn a_messaging_service_is_set_for_all_its_numbers() {
    let numbers = vec!["+15005550006".to_owned()];
    let service = Service { sid: SERVICE.to_owned(), numbers, advanced_opt_out: false };
    let setup = Setup::new().with("TWILIO_MESSAGING_SERVICE_SID", SERVICE);
    let mut hub = setup.with_sim(|sim| sim.messaging_services.push(service)).start().await;
    let ewa = hub.session().await;
    console(&hub, &format!("/v1/Services/{SERVICE}"), &[("UseInboundWebhookOnNumber", "true")]).await;
    let state = hub.sees(&ewa, STATE).await;
    assert!(state.text().contains("Każdy numer tej usługi ma własne ustawienie"));
    assert!(state.text().contains("Numer +1"), "the number too");
    let set = hub.posts(&ewa, PAGE, &[("entrance", SERVICE)]).await;
    assert_eq!(set.header("location"), "/settings/webhooks?done=webhook-set");
    let now = console(&hub, &format!("/v1/Services/{SERVICE}"), &[]).await;
    assert_eq!(now["inbound_request_url"], format!("{PUBLIC}/twilio/inbound"));
    assert_eq!(now["use_inbound_webhook_on_number"], false);
}

#[tokio::test]
async fn what_can_not_be_set_says_what_to_do_instead() {
    let mut hub = TestHub::start().await;
    let ewa = hub.session().await;
    let our_number = [("entrance", "+15005550006")];
    hub.refuse_credentials(true);
    assert!(hub.sees(&ewa, STATE).await.text().contains("Twilio nie przyjmuje tych danych"));
    let refused = hub.posts(&ewa, PAGE, &our_number).await;
    assert!(refused.status == 422 && refused.text().contains("Twilio nie przyjmuje tych danych"));
    hub.refuse_credentials(false);
    hub.cut_off(true);
    let page = hub.sees(&ewa, PAGE).await;
    assert!(page.status == 200 && page.text().contains("https://hub.example.com/twilio/inbound"));
    assert!(!page.text().contains("Twilio nie odpowiedziało"), "the page itself asks nobody");
    assert!(
        hub.sees(&ewa, "/settings/webhooks?ask=twilio").await.text().contains("Twilio nie odpowiedziało")
    );
    assert!(hub.posts(&ewa, PAGE, &our_number).await.text().contains("Twilio nie odpowiedziało"));
    hub.cut_off(false);
    let strange = hub.posts(&ewa, PAGE, &[("entrance", "+15005550010")]).await;
    assert!(strange.status == 422 && strange.text().contains("nie ma już w konfiguracji"));
    let log = hub.sees(&ewa, "/settings/audit").await;
    assert!(!log.text().contains("ustawiono webhook"), "nothing was set");
}

#[tokio::test]
async fn a_sender_that_is_not_the_accounts_or_no_number_is_told_apart() {
    let mut hub = Setup::new().with("TWILIO_DEFAULT_FROM", "+48500100901").start().await;
    let ewa = hub.session().await;
    let state = hub.sees(&ewa, STATE).await;
    assert!(state.text().contains("To konto Twilio nie ma +48 500 100 901"));
    assert!(!state.text().contains("Ustaw w Twilio"));
    let refused = hub.posts(&ewa, PAGE, &[("entrance", "+48500100901")]).await;
    assert!(refused.status == 422 && refused.text().contains("To konto Twilio nie ma"));
    let mut whatsapp = Setup::new().with("TWILIO_DEFAULT_FROM", "whatsapp:+48500100900").start().await;
    let ewa = whatsapp.session().await;
    let state = whatsapp.sees(&ewa, STATE).await;
    assert!(state.text().contains("Nadawca WhatsApp") && state.text().contains("ustaw w konsoli"));
    assert!(!state.text().contains("Ustaw w Twilio"));
}

#[tokio::test]
async fn without_an_address_or_an_account_there_is_nothing_to_set() {
    let mut hub = Setup::new().polling().start().await;
    let ewa = hub.session().await;
    assert!(hub.sees(&ewa, PAGE).await.text().contains("Ten hub nie ma publicznego adresu"));
    assert!(!hub.sees(&ewa, STATE).await.text().contains("Ustaw w Twilio"));
    let refused = hub.posts(&ewa, PAGE, &[("entrance", "+15005550006")]).await;
    assert!(refused.status == 422 && refused.text().contains("Ustaw PUBLIC_BASE_URL"));
    let mut hub = Setup::new().unconfigured().start().await;
    let ewa = hub.session().await;
    let page = hub.sees(&ewa, PAGE).await;
    assert!(page.text().contains("Nie ma jeszcze konta Twilio") && !page.text().contains(STATE));
    assert_eq!(hub.posts(&ewa, PAGE, &[("entrance", "+15005550006")]).await.status, 422);
}

#[tokio::test]
async fn only_admins_see_and_set_it() {
    let mut hub = TestHub::start().await;
    hub.session().await;
    let piotr = hub.joins("piotr", Role::Operator).await;
    for path in [PAGE, STATE] {
        assert_eq!(hub.sees(&piotr, path).await.status, 403, "{path}");
    }
    assert_eq!(hub.posts(&piotr, PAGE, &[("entrance", "+15005550006")]).await.status, 403);
}
