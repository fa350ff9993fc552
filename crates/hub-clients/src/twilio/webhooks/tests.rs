use http::Method;

use super::*;
use crate::twilio::scripted::{Scripted, answer, client};

const NUMBERS: &str =
    "https://api.twilio.com/2010-04-01/Accounts/AC00000000000000000000000000000001/IncomingPhoneNumbers";
const SERVICE: &str = "https://messaging.twilio.com/v1/Services/MG01";
const OURS: &str = "https://hub.example.com/twilio/inbound";

fn address(text: &str) -> Incoming {
    Incoming::Address(text.to_owned())
}

#[tokio::test]
async fn the_number_itself_is_taken_from_those_that_look_alike() {
    let body = r#"{"incoming_phone_numbers": [
        {"sid": "PN02", "phone_number": "+150055500061", "sms_url": "https://other.example"},
        {"sid": "PN01", "phone_number": "+15005550006", "sms_url": "https://old.example/sms",
         "sms_application_sid": ""}]}"#;
    let transport = Scripted::new([answer(200, body)]);
    let found = client(transport.clone()).number_webhook("+15005550006").await.unwrap();
    let expect = NumberWebhook { sid: "PN01".to_owned(), incoming: address("https://old.example/sms") };
    assert_eq!(found, Some(expect));
    let request = transport.request();
    assert_eq!(request.url, format!("{NUMBERS}.json?PhoneNumber=%2B15005550006&PageSize=50"));
    assert_eq!(request.timeout, PATIENCE);
}

#[tokio::test]
async fn a_number_of_somebody_elses_is_none_and_an_odd_answer_an_error() {
    let none = Scripted::new([answer(200, r#"{"incoming_phone_numbers": []}"#)]);
    assert_eq!(client(none).number_webhook("+15005550006").await, Ok(None));
    for body in ["{}", r#"{"incoming_phone_numbers": [{"phone_number": "+15005550006"}]}"#] {
        let odd = Scripted::new([answer(200, body)]);
        let error = client(odd).number_webhook("+15005550006").await.unwrap_err();
        assert!(matches!(error, TwilioError::Unreadable(_)), "{body}");
    }
}

#[tokio::test]
async fn setting_a_number_takes_it_from_its_application_and_leaves_its_calls_alone() {
    let body = format!(r#"{{"sid": "PN01", "sms_url": "{OURS}", "sms_application_sid": null}}"#);
    let transport = Scripted::new([answer(200, &body)]);
    let set = client(transport.clone()).set_number_webhook("PN01", OURS).await.unwrap();
    assert!(set.incoming.leads_to(OURS));
    let request = transport.request();
    assert_eq!((request.method, request.url), (Method::POST, format!("{NUMBERS}/PN01.json")));
    let form = "SmsUrl=https%3A%2F%2Fhub.example.com%2Ftwilio%2Finbound&SmsMethod=POST&SmsApplicationSid=";
    assert_eq!(request.body, form);
}

#[tokio::test]
async fn a_service_is_asked_at_its_own_host() {
    for (body, expect) in [
        (r#"{"sid": "MG01", "inbound_request_url": "https://a.example"}"#, address("https://a.example")),
        (r#"{"sid": "MG01", "inbound_request_url": null}"#, Incoming::Nowhere),
        (
            r#"{"sid": "MG01", "inbound_request_url": "https://a.example", "use_inbound_webhook_on_number": true}"#,
            Incoming::EachNumber,
        ),
    ] {
        let transport = Scripted::new([answer(200, body)]);
        assert_eq!(client(transport.clone()).service_webhook("MG01").await, Ok(expect), "{body}");
        assert_eq!(transport.request().url, SERVICE);
    }
    let refused = Scripted::new([answer(404, r#"{"code": 20404, "message": "not found"}"#)]);
    let error = client(refused).service_webhook("MG01").await.unwrap_err();
    assert!(matches!(error, TwilioError::Refused { http_status: 404, code: Some(20404), .. }));
}

#[tokio::test]
async fn setting_a_service_speaks_for_all_its_numbers() {
    let body = format!(r#"{{"sid": "MG01", "inbound_request_url": "{OURS}"}}"#);
    let transport = Scripted::new([answer(200, &body)]);
    let set = client(transport.clone()).set_service_webhook("MG01", OURS).await.unwrap();
    assert_eq!(set, address(OURS));
    let request = transport.request();
    let form = "InboundRequestUrl=https%3A%2F%2Fhub.example.com%2Ftwilio%2Finbound&InboundMethod=POST\
                &UseInboundWebhookOnNumber=false";
    assert_eq!((request.method, request.url), (Method::POST, SERVICE.to_owned()));
    assert_eq!(request.body, form);
}

#[tokio::test]
async fn all_numbers_are_read_page_by_page_at_our_account_only() {
    let page = |number: &str, next: &str| {
        answer(
            200,
            &format!(
                r#"{{"incoming_phone_numbers": [{{"phone_number": "{number}"}}], "next_page_uri": {next}}}"#
            ),
        )
    };
    let path = NUMBERS.strip_prefix("https://api.twilio.com").unwrap();
    let second = format!(r#""{path}.json?PageSize=1000&Page=1""#);
    let transport = Scripted::new([page("+15005550006", &second), page("+48500100900", "null")]);
    let found = client(transport.clone()).numbers().await.unwrap();
    let nowhere = |number: &str| AccountNumber { number: number.to_owned(), incoming: Incoming::Nowhere };
    assert_eq!(found, [nowhere("+15005550006"), nowhere("+48500100900")]);
    let elsewhere =
        Scripted::new([page("+15005550006", r#""https://evil.example/IncomingPhoneNumbers.json""#)]);
    assert!(matches!(client(elsewhere).numbers().await, Err(TwilioError::Unreadable(_))));
}
