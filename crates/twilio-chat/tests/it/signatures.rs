//! Who is believed to be Twilio.

use axum::{
    body::Body,
    http::{HeaderValue, Request},
};

use crate::{
    hub::{PUBLIC, TestHub},
    setup::Setup,
    talk::{ANNA, encoded, form, sid, signed_with},
};

const INBOUND: &str = "/twilio/inbound";

async fn check(hub: &TestHub, what: &str, request: Request<Body>, status: u16) {
    assert_eq!(hub.ask(request).await.status, status, "{what}");
}

fn text(to: &str) -> Vec<(&str, &str)> {
    vec![("MessageSid", "SM00000000000000000000000000000001"), ("From", ANNA), ("To", to), ("Body", "Hej")]
}

#[tokio::test]
async fn a_missing_or_wrong_signature_is_403_and_nothing_is_kept() {
    let hub = TestHub::start().await;
    let number = hub.number().to_owned();
    let fields = text(&number);
    let body = || Body::from(encoded(&text(&number)));
    check(&hub, "none", form(INBOUND).body(body()).unwrap(), 403).await;
    for (what, signature) in [
        ("empty", ""),
        ("not base64", "?"),
        ("too short", "RSOYDt4T1cUTdK1PDd93"),
        ("another's", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    ] {
        let request = form(INBOUND).header("x-twilio-signature", signature).body(body()).unwrap();
        check(&hub, what, request, 403).await;
    }
    let not_text = HeaderValue::from_bytes(b"\xff\xfe").unwrap();
    let request = form(INBOUND).header("x-twilio-signature", not_text).body(body()).unwrap();
    check(&hub, "not text", request, 403).await;
    check(&hub, "another token", signed_with("another", PUBLIC, INBOUND, &fields), 403).await;
    check(&hub, "http", signed_with(hub.auth_token(), "http://hub.example.com", INBOUND, &fields), 403).await;
    check(&hub, "a slash", signed_with(hub.auth_token(), "https://hub.example.com/", INBOUND, &fields), 403)
        .await;
    assert!(hub.messages().await.is_empty());
    let refused = hub.ask(form("/twilio/status").body(body()).unwrap()).await;
    assert_eq!(
        (refused.status, refused.text()),
        (403, r#"{"message":"Invalid signature","status":"forbidden"}"#)
    );
}

#[tokio::test]
async fn every_field_and_the_whole_target_are_signed() {
    let hub = TestHub::start().await;
    let number = hub.number().to_owned();
    let fields = text(&number);
    let params: Vec<(String, String)> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let signature = hub_sim::sign(hub.auth_token(), &format!("{PUBLIC}{INBOUND}"), &params);
    let signed = |target: &str, body: String| {
        form(target).header("x-twilio-signature", &signature).body(Body::from(body)).unwrap()
    };
    let good = encoded(&fields);
    check(&hub, "a field changed", signed(INBOUND, good.replace("Hej", "Cześć")), 403).await;
    check(&hub, "a field added", signed(INBOUND, format!("{good}&X=")), 403).await;
    check(&hub, "a filled field added", signed(INBOUND, format!("{good}&X=1")), 403).await;
    check(&hub, "a query added", signed("/twilio/inbound?x=1", good.clone()), 403).await;
    check(&hub, "a field left out", signed(INBOUND, encoded(&fields[..3])), 403).await;
    check(&hub, "an address spelled otherwise", signed("/twilio/%69nbound", good.clone()), 404).await;
    check(&hub, "as sent", signed(INBOUND, good), 200).await;
    hub_done(hub).await;
}

#[tokio::test]
async fn the_signed_url_is_the_configured_one_whatever_the_headers_say() {
    let hub = TestHub::start().await;
    let number = hub.number().to_owned();
    let forged = "https://evil.example.com";
    for name in ["host", "x-forwarded-host", "x-original-host", "forwarded", "x-forwarded-proto"] {
        let value =
            if name == "forwarded" { "host=evil.example.com;proto=https" } else { "evil.example.com" };
        let mut request = signed_with(hub.auth_token(), forged, INBOUND, &text(&number));
        request.headers_mut().insert(name, HeaderValue::from_static("evil.example.com"));
        check(&hub, name, request, 403).await;
        let mut request = hub.signed(INBOUND, &text(&number));
        request.headers_mut().insert(name, HeaderValue::from_str(value).unwrap());
        check(&hub, name, request, 200).await;
    }
    hub_done(hub).await;
}

#[tokio::test]
async fn a_path_of_the_public_url_is_part_of_what_is_signed() {
    let base = "https://example.com/sms/hub";
    let hub = Setup::new().with("PUBLIC_BASE_URL", "https://example.com/sms/hub/").start().await;
    let number = hub.number().to_owned();
    check(&hub, "with the path", signed_with(hub.auth_token(), base, INBOUND, &text(&number)), 200).await;
    let without = signed_with(hub.auth_token(), "https://example.com", INBOUND, &text(&number));
    check(&hub, "without it", without, 403).await;
    hub_done(hub).await;
}

#[tokio::test]
async fn the_port_may_be_signed_or_left_out() {
    for (configured, signed, status) in [
        (PUBLIC, "https://hub.example.com:443", 200),
        ("https://hub.example.com:443", PUBLIC, 200),
        ("https://hub.example.com:8443", "https://hub.example.com:8443", 200),
        ("https://hub.example.com:8443", PUBLIC, 200),
        ("https://hub.example.com:8443", "https://hub.example.com:443", 403),
        (PUBLIC, "https://hub.example.com:80", 403),
    ] {
        let hub = Setup::new().with("PUBLIC_BASE_URL", configured).start().await;
        let number = hub.number().to_owned();
        let request = signed_with(hub.auth_token(), signed, INBOUND, &text(&number));
        check(&hub, &format!("{configured} as {signed}"), request, status).await;
        if status == 200 {
            hub_done(hub).await;
        }
    }
}

#[tokio::test]
async fn the_query_is_signed_as_written() {
    let hub = TestHub::start().await;
    let number = hub.number().to_owned();
    for target in [
        "/twilio/inbound?b=2&a=x%20y+z&n=it's",
        "/twilio/inbound?redirect=https%3A%2F%2Fexample.com&x=%C5%BC",
        "/twilio/inbound?",
    ] {
        check(&hub, target, hub.signed(target, &text(&number)), 200).await;
    }
    hub_done(hub).await;
}

#[tokio::test]
async fn the_previous_token_is_believed_while_it_is_rotated_out() {
    let hub = Setup::new().with("TWILIO_AUTH_TOKEN_PREVIOUS", "the-token-of-last-year").start().await;
    let number = hub.number().to_owned();
    for (token, status) in [("the-token-of-last-year", 200), (hub.auth_token(), 200), ("of-nobody", 403)] {
        check(&hub, token, signed_with(token, PUBLIC, INBOUND, &text(&number)), status).await;
    }
    hub_done(hub).await;
}

#[tokio::test]
async fn a_field_given_twice_with_one_value_is_signed_once() {
    let hub = TestHub::start().await;
    let number = hub.number().to_owned();
    let mut fields = text(&number);
    fields.extend([("Tag", "b"), ("Tag", "a"), ("Tag", "b"), ("TagX", "1")]);
    check(&hub, "repeated", hub.signed(INBOUND, &fields), 200).await;
    hub_done(hub).await;
}

#[tokio::test]
async fn switched_off_signatures_are_not_asked_for() {
    let hub = Setup::new().unsigned().start().await;
    let fields = [("MessageSid", &*sid(1)), ("From", ANNA), ("To", hub.number())];
    let request = form(INBOUND).body(Body::from(encoded(&fields))).unwrap();
    check(&hub, "unsigned", request, 200).await;
    hub_done(hub).await;
}

/// Whatever was taken is one text.
async fn hub_done(mut hub: TestHub) {
    hub.run().await;
    assert_eq!(hub.messages().await.len(), 1);
}
