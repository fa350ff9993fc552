//! Every kind of ending of a create call, and of a question.

use hub_domain::ids::MessageSid;

use super::*;
use crate::twilio::scripted::{Answer, SID, answer};

const HTML: &str = "<html><body>502 Bad Gateway</body></html>";

fn error(code: u32) -> String {
    format!(r#"{{"code":{code},"message":"Words","more_info":"https://example.com","status":400}}"#)
}

#[test]
fn a_created_message_is_accepted() {
    let check = |body: String, status: DeliveryStatus, from: Option<&str>| {
        let sid = MessageSid::parse(SID).unwrap();
        let expect = AttemptOutcome::Accepted { sid, status, from: from.map(str::to_owned) };
        assert_eq!(of_create(answer(201, &body)), expect, "{body}");
    };
    let body = |rest: &str| format!(r#"{{"sid":"{SID}"{rest}}}"#);
    check(body(r#","status":"queued","from":"+15005550006""#), DeliveryStatus::Queued, Some("+15005550006"));
    check(body(r#","status":"accepted","from":null"#), DeliveryStatus::Accepted, None);
    check(body(r#","status":"scheduled""#), DeliveryStatus::Scheduled, None);
    check(body(r#","status":"failed""#), DeliveryStatus::Failed, None);
    check(body(r#","status":"brand-new""#), DeliveryStatus::Accepted, None);
    check(body(""), DeliveryStatus::Accepted, None);
}

#[test]
fn only_a_proof_of_refusal_refuses() {
    let check = |status: u16, body: &str, expect: Option<u32>| {
        let outcome = of_create(answer(status, body));
        let AttemptOutcome::Refused { http_status, code, message } = outcome else {
            panic!("{status} {body}: {outcome:?}");
        };
        assert_eq!((http_status, code), (status, expect));
        assert!(!message.is_empty() && !message.contains('<'), "{message}");
    };
    for code in [21211, 21212, 21408, 21601, 21606, 21610, 21611, 21612, 21614, 21617] {
        check(400, &error(code), Some(code));
    }
    check(401, &error(20003), Some(20003));
    check(404, &error(20404), Some(20404));
    check(429, &error(20429), Some(20429));
    check(400, r#"{"code":"21211","message":null}"#, Some(21211));
    check(429, "", None);
    check(401, HTML, None);
    check(400, r#"{"message":"Words"}"#, None);
    check(400, "[1,2]", None);
}

#[test]
fn a_doubt_is_ambiguous() {
    let check = |answer: Answer| {
        let outcome = of_create(answer);
        assert!(matches!(outcome, AttemptOutcome::Ambiguous { .. }), "{outcome:?}");
    };
    check(answer(500, &error(20500)));
    check(answer(502, HTML));
    check(answer(503, ""));
    check(answer(504, &error(21211)));
    check(answer(400, &error(20500)));
    check(answer(408, ""));
    check(answer(302, ""));
    check(answer(201, ""));
    check(answer(200, HTML));
    check(answer(201, r#"{"sid":null,"status":"queued"}"#));
    check(answer(201, &format!(r#"{{"sid":"{SID}","status":"que"#)));
    check(Err(TransportError::Lost("reset".to_owned())));
    check(Err(TransportError::TooLarge));
}

#[test]
fn what_never_left_is_not_sent() {
    let outcome = of_create(Err(TransportError::NotSent("refused".to_owned())));
    assert_eq!(outcome, AttemptOutcome::NotSent { reason: "refused".to_owned() });
}

#[test]
fn walls_of_text_are_cut_between_letters() {
    let AttemptOutcome::Refused { message, .. } =
        of_create(answer(400, &format!(r#"{{"message":"{}"}}"#, "ż".repeat(9_000))))
    else {
        panic!("a 400 is a refusal");
    };
    assert_eq!(message.chars().count(), MAX_WORDS + 1);
}

#[test]
fn questions_say_what_went_wrong() {
    let check = |answer: Answer, expect: TwilioError| assert_eq!(of_query(answer), Err(expect));
    let refused = |http_status, code, message: &str| TwilioError::Refused {
        http_status,
        code,
        message: message.to_owned(),
    };
    check(answer(401, &error(20003)), refused(401, Some(20003), "Words"));
    check(answer(503, HTML), refused(503, None, "HTTP 503 without an explanation"));
    check(answer(200, HTML), TwilioError::Unreadable("not JSON"));
    check(Err(TransportError::TooLarge), TwilioError::Transport(TransportError::TooLarge));
    assert_eq!(of_query(answer(200, "{}")), Ok(serde_json::json!({})));
}
