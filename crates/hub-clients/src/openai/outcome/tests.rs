use http::HeaderMap;

use super::*;

const KEY: &str = "sk-hush-key";

fn response(status: u16, headers: &[(&'static str, &'static str)], body: &str) -> InboundResponse {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.insert(*name, value.parse().unwrap());
    }
    InboundResponse { status, headers: map, body: body.to_owned().into() }
}

fn check(given: Result<InboundResponse, TransportError>, expect: &ModelError) {
    assert_eq!(&success(given, KEY).unwrap_err(), expect);
}

#[test]
fn every_failure_has_its_type() {
    let refused = |message: &str| ModelError::Refused { http_status: 404, message: message.to_owned() };
    check(
        Ok(response(401, &[], r#"{"error":{"message":"Incorrect API key: sk-hush-key"}}"#)),
        &ModelError::Unauthorised(401),
    );
    check(Ok(response(403, &[], "")), &ModelError::Unauthorised(403));
    check(Ok(response(404, &[], r#"{"error":{"message":"no such model"}}"#)), &refused("no such model"));
    check(Ok(response(404, &[], r#"{"error":"model 'x' not found"}"#)), &refused("model 'x' not found"));
    check(Ok(response(404, &[], r#"{"message":"gone"}"#)), &refused("gone"));
    check(Ok(response(404, &[], "<html>")), &refused("no explanation"));
    for http_status in [408, 409, 500, 502, 503, 529] {
        check(Ok(response(http_status, &[], "")), &ModelError::Overloaded { http_status, retry_after: None });
    }
    check(Err(TransportError::NotSent("dns".to_owned())), &ModelError::Unreachable("dns".to_owned()));
    check(Err(TransportError::Lost("timed out".to_owned())), &ModelError::NoAnswer("timed out".to_owned()));
    check(Err(TransportError::TooLarge), &ModelError::TooLarge);
}

#[test]
fn a_throttled_answer_says_how_long_to_wait() {
    let check = |headers: &[(&'static str, &'static str)], body: &str, millis: Option<u64>, broke: bool| {
        let expect =
            ModelError::Throttled { retry_after: millis.map(Duration::from_millis), out_of_credit: broke };
        super::tests::check(Ok(response(429, headers, body)), &expect);
    };
    check(&[], "", None, false);
    check(&[("retry-after", "7")], "", Some(7_000), false);
    check(&[("retry-after-ms", "1500"), ("retry-after", "2")], "", Some(1_500), false);
    let reset = ("x-ratelimit-reset-requests", "1m2.5s");
    check(&[("x-ratelimit-remaining-requests", "0"), reset], "", Some(62_500), false);
    check(&[("x-ratelimit-remaining-requests", "3"), reset], "", None, false);
    check(
        &[("x-ratelimit-remaining-tokens", "0"), ("x-ratelimit-reset-tokens", "20ms")],
        "",
        Some(20),
        false,
    );
    check(&[("x-ratelimit-remaining-tokens", "0"), ("x-ratelimit-reset-tokens", "soon")], "", None, false);
    check(&[], r#"{"error":{"code":"insufficient_quota"}}"#, None, true);
    check(&[], r#"{"error":{"code":null,"type":"insufficient_quota"}}"#, None, true);
}

#[test]
fn a_key_that_comes_back_is_blotted_out_and_words_are_short() {
    let body = format!(r#"{{"error":{{"message":"bad {KEY}, {}"}}}}"#, "x".repeat(5_000));
    let text = success(Ok(response(400, &[], &body)), KEY).unwrap_err().to_string();
    assert!(text.contains("bad …, x") && !text.contains(KEY) && text.len() < 400, "{text}");
}

#[test]
fn only_trouble_of_the_host_counts_against_it() {
    assert!(ModelError::Overloaded { http_status: 500, retry_after: None }.is_trouble_of_the_host());
    assert!(ModelError::Unreadable("not JSON").is_trouble_of_the_host());
    assert!(!ModelError::Refused { http_status: 400, message: String::new() }.is_trouble_of_the_host());
    assert!(!ModelError::Empty.is_trouble_of_the_host());
}
