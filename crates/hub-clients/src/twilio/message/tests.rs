//! Twilio's own example, and what imitations and nulls make of it.

use serde_json::json;

use super::*;
use crate::twilio::scripted::SID;

#[test]
fn a_full_message_is_read() {
    let message = RemoteMessage::from_json(&json!({
        "sid": SID, "status": "sent", "direction": "outbound-api", "from": "+15005550006",
        "to": "+48500100200", "body": "Zażółć 👍", "num_segments": "2", "num_media": "0",
        "error_code": null, "error_message": null, "price": "-0.04200", "price_unit": "USD",
        "date_created": "Thu, 24 Aug 2023 05:01:45 +0000", "date_updated": "Thu, 24 Aug 2023 05:01:46 +0000",
        "date_sent": "Thu, 24 Aug 2023 07:01:47 +0200", "messaging_service_sid": null,
        "api_version": "2010-04-01", "subresource_uris": {"media": "/x"}
    }));
    let at = |text: &str| Some(text.parse::<Timestamp>().unwrap());
    let expect = RemoteMessage {
        sid: MessageSid::parse(SID).unwrap(),
        status: Some(DeliveryStatus::Sent),
        raw_status: Some("sent".to_owned()),
        direction: Some("outbound-api".to_owned()),
        from: Some("+15005550006".to_owned()),
        to: Some("+48500100200".to_owned()),
        body: Some("Zażółć 👍".to_owned()),
        num_segments: Some(2),
        num_media: Some(0),
        error_code: None,
        error_message: None,
        date_created: at("2023-08-24T05:01:45Z"),
        date_updated: at("2023-08-24T05:01:46Z"),
        date_sent: at("2023-08-24T05:01:47Z"),
        price: Some("-0.04200".to_owned()),
        price_unit: Some("USD".to_owned()),
        messaging_service_sid: None,
    };
    assert_eq!(message, Some(expect));
}

#[test]
fn only_the_sid_is_needed() {
    let check = |value: &Value, readable: bool| {
        assert_eq!(RemoteMessage::from_json(value).is_some(), readable, "{value}");
    };
    check(&json!({"sid": SID}), true);
    check(&json!({"sid": SID, "status": null, "from": 7, "num_segments": [], "date_sent": {}}), true);
    check(&json!({"sid": null, "status": "sent"}), false);
    check(&json!({"sid": "not a sid"}), false);
    check(&json!({"status": "sent"}), false);
    check(&json!([SID]), false);
    check(&json!(null), false);
}

#[test]
fn numbers_may_be_strings_and_strings_numbers() {
    let check = |value: Value, expect: Option<u32>| {
        assert_eq!(number(&json!({ "n": value }), "n"), expect);
    };
    check(json!("3"), Some(3));
    check(json!(3), Some(3));
    check(json!(" 3 "), Some(3));
    check(json!(""), None);
    check(json!("three"), None);
    check(json!(-1), None);
    check(json!(null), None);
    assert_eq!(text(&json!({"price": -0.0075}), "price").as_deref(), Some("-0.0075"));
}

#[test]
fn dates_are_read_in_either_form() {
    let check = |written: &str, expect: Option<&str>| {
        let read = date(&json!({ "d": written }), "d").map(|at| at.to_string());
        assert_eq!(read.as_deref(), expect, "{written}");
    };
    check("Thu, 24 Aug 2023 05:01:45 +0000", Some("2023-08-24T05:01:45Z"));
    check("Mon, 24 Aug 2023 05:01:45 +0000", Some("2023-08-24T05:01:45Z"));
    check("2023-08-24T05:01:45Z", Some("2023-08-24T05:01:45Z"));
    check("yesterday", None);
}

#[test]
fn an_unknown_status_is_kept_as_written() {
    for word in ["received", "receiving", "teleported"] {
        let message = RemoteMessage::from_json(&json!({"sid": SID, "status": word})).unwrap();
        assert_eq!((message.status, message.raw_status.as_deref()), (None, Some(word)));
    }
}

#[test]
fn an_empty_body_is_a_body() {
    let message = RemoteMessage::from_json(&json!({"sid": SID, "body": ""})).unwrap();
    assert_eq!(message.body.as_deref(), Some(""));
}
