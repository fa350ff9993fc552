//! Numbers and Messaging Services: what is set there decides where a person's message is posted.

use http::Method;
use serde_json::Value;

use crate::desk::{Desk, MESSAGES, OURS, PERSON, SERVICE};

const HOME: &str = "http://127.0.0.1:3000/twilio/inbound";
const AWAY: &str = "http://127.0.0.1:3000/elsewhere";

fn numbers() -> String {
    MESSAGES.replace("Messages.json", "IncomingPhoneNumbers")
}

/// The resource of our number.
async fn ours(desk: &Desk) -> Value {
    let list = desk.get(&format!("{}.json?PhoneNumber=%2B15005550006", numbers())).await.json();
    assert_eq!(list["incoming_phone_numbers"].as_array().unwrap().len(), 1);
    list["incoming_phone_numbers"][0].clone()
}

/// Where a text to our number is posted.
fn posted_to(desk: &Desk) -> Vec<String> {
    desk.text(PERSON, OURS, "Hej");
    desk.run().into_iter().map(|webhook| webhook.url).collect()
}

#[tokio::test]
async fn a_number_posts_where_it_is_set_to() {
    let desk = Desk::new();
    let number = ours(&desk).await;
    assert_eq!((&number["phone_number"], &number["sms_url"]), (&OURS.into(), &HOME.into()));
    assert_eq!(posted_to(&desk), [HOME]);
    let path = format!("{}/{}.json", numbers(), number["sid"].as_str().unwrap());
    let set = desk.call(Method::POST, &path, &[("SmsUrl", AWAY), ("SmsMethod", "POST")]).await;
    assert_eq!((set.status, &set.json()["sms_url"]), (200, &AWAY.into()));
    assert_eq!(posted_to(&desk), [AWAY]);
    desk.call(Method::POST, &path, &[("SmsApplicationSid", "AP01")]).await;
    assert!(posted_to(&desk).is_empty(), "an application decides");
    desk.call(Method::POST, &path, &[("SmsApplicationSid", ""), ("SmsUrl", "")]).await;
    assert!(posted_to(&desk).is_empty(), "nothing is set");
    assert_eq!(desk.get(&path).await.json()["sms_url"], "");
}

#[tokio::test]
async fn a_service_speaks_for_its_numbers_unless_they_speak_themselves() {
    let desk = Desk::with_service(false);
    let path = format!("/v1/Services/{SERVICE}");
    assert_eq!(desk.get(&path).await.json()["inbound_request_url"], HOME);
    desk.call(Method::POST, &path, &[("InboundRequestUrl", AWAY)]).await;
    assert_eq!(posted_to(&desk), [AWAY]);
    let by_number = [("UseInboundWebhookOnNumber", "true")];
    assert_eq!(
        desk.call(Method::POST, &path, &by_number).await.json()["use_inbound_webhook_on_number"],
        true
    );
    assert_eq!(posted_to(&desk), [HOME]);
}

#[tokio::test]
async fn what_is_wrong_is_refused() {
    let desk = Desk::new();
    let sid = ours(&desk).await["sid"].as_str().unwrap().to_owned();
    let path = format!("{}/{sid}.json", numbers());
    for (path, form, expect) in [
        (path.clone(), ("SmsUrl", "hub.example.com"), (400, 21402)),
        (path.clone(), ("SmsMethod", "PUT"), (400, 21403)),
        (format!("{}/PN99.json", numbers()), ("SmsUrl", AWAY), (404, 20404)),
        (format!("/v1/Services/{SERVICE}"), ("InboundRequestUrl", AWAY), (404, 20404)),
    ] {
        let answer = desk.call(Method::POST, &path, &[form]).await;
        assert_eq!((answer.status, answer.json()["code"].as_u64().unwrap()), expect, "{path} {form:?}");
    }
    assert_eq!(desk.call_as("AC", "no", Method::GET, &path, &[]).await.status, 401);
    assert_eq!(desk.call_as("AC", "no", Method::GET, "/v1/Services/MG01", &[]).await.status, 401);
}
