//! The calls as they leave: URL, headers, body, limits; and how answers travel back.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hub_domain::status::DeliveryStatus;
use secrecy::SecretString;
use uuid::Uuid;

use super::*;
use crate::twilio::{
    Auth,
    scripted::{ACCOUNT, Answer, SID, Scripted, access, answer, client},
};

const MESSAGES: &str =
    "https://api.twilio.com/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages";

fn message() -> NewMessage<'static> {
    NewMessage {
        to: "whatsapp:+48500100200",
        sender: Sender::From("whatsapp:+15005550006"),
        body: "Zażółć 👍 & a=b",
        media_urls: &[],
        template: None,
        status_callback: None,
        attempt: AttemptId(Uuid::from_u128(7)),
    }
}

#[tokio::test]
async fn create_posts_one_form() {
    let transport = Scripted::new([answer(201, &format!(r#"{{"sid":"{SID}","status":"queued"}}"#))]);
    let outcome = client(transport.clone()).create(&message()).await;
    let sid = MessageSid::parse(SID).unwrap();
    let expect = AttemptOutcome::Accepted { sid, status: DeliveryStatus::Queued, from: None };
    assert_eq!(outcome, expect);

    let request = transport.request();
    assert_eq!((request.method, request.url), (Method::POST, format!("{MESSAGES}.json")));
    assert_eq!((request.timeout, request.max_body), (DEFAULT_TIMEOUT, 1 << 20));
    let header = |name: &str| request.headers[name].to_str().unwrap();
    assert_eq!(header("content-type"), "application/x-www-form-urlencoded");
    assert_eq!(header("i-twilio-idempotency-token"), "00000000-0000-0000-0000-000000000007");
    assert!(header("authorization").starts_with("Basic QUMwMDAw"));
    assert!(request.headers["authorization"].is_sensitive());
    let body = "To=whatsapp%3A%2B48500100200&From=whatsapp%3A%2B15005550006\
                &Body=Za%C5%BC%C3%B3%C5%82%C4%87+%F0%9F%91%8D+%26+a%3Db";
    assert_eq!(request.body, body);
}

#[test]
fn the_form_follows_the_message() {
    let check = |message: NewMessage<'_>, expect: &str| assert_eq!(message.form(), expect);
    let short = NewMessage { to: "+15005550001", sender: Sender::From("H"), body: "x", ..message() };
    let media = ["https://e.example/a?b=1".to_owned(), "https://e.example/c".to_owned()];
    check(short, "To=%2B15005550001&From=H&Body=x");
    check(
        NewMessage { sender: Sender::Service("MG01"), ..short },
        "To=%2B15005550001&MessagingServiceSid=MG01&Body=x",
    );
    check(
        NewMessage { body: "", media_urls: &media, ..short },
        "To=%2B15005550001&From=H\
         &MediaUrl=https%3A%2F%2Fe.example%2Fa%3Fb%3D1&MediaUrl=https%3A%2F%2Fe.example%2Fc",
    );
    let template = |variables| Some(Template { content_sid: "HX01", variables });
    check(
        NewMessage { template: template(None), media_urls: &media, ..short },
        "To=%2B15005550001&From=H&ContentSid=HX01",
    );
    check(
        NewMessage { template: template(Some(r#"{"1":"a"}"#)), ..short },
        "To=%2B15005550001&From=H&ContentSid=HX01&ContentVariables=%7B%221%22%3A%22a%22%7D",
    );
    check(
        NewMessage { status_callback: Some("https://h.example/twilio/status?attempt=7"), ..short },
        "To=%2B15005550001&From=H&Body=x\
         &StatusCallback=https%3A%2F%2Fh.example%2Ftwilio%2Fstatus%3Fattempt%3D7",
    );
}

#[tokio::test]
async fn create_never_calls_twice() {
    let transport = Scripted::new([answer(503, "")]);
    let outcome = client(transport.clone()).create(&message()).await;
    assert!(matches!(outcome, AttemptOutcome::Ambiguous { .. }), "{outcome:?}");
    transport.request();
}

#[tokio::test]
async fn lists_are_followed_page_by_page() {
    let next = format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json?PageToken=PA1&To=%2B1");
    let first = format!(r#"{{"messages":[{{"sid":"{SID}"}}],"next_page_uri":"{next}"}}"#);
    let transport =
        Scripted::new([answer(200, &first), answer(200, r#"{"messages":[],"next_page_uri":null}"#)]);
    let client = client(transport.clone());
    let filter = MessageFilter { to: Some("+15005550001"), ..MessageFilter::default() };

    let page = client.list(&filter, None).await.unwrap();
    assert_eq!((page.items.len(), page.next.is_some()), (1, true));
    let last = client.list(&filter, page.next).await.unwrap();
    assert_eq!((last.items.len(), last.next), (0, None));

    let asked = transport.asked.lock().unwrap();
    let urls: Vec<_> = asked.iter().map(|request| request.url.as_str()).collect();
    assert_eq!(urls, [format!("{MESSAGES}.json?To=%2B15005550001"), format!("https://api.twilio.com{next}")]);
    assert!(asked.iter().all(|request| request.method == Method::GET && request.max_body == 8 << 20));
}

#[tokio::test]
async fn a_list_that_goes_in_circles_ends() {
    let next = format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json?Page=1");
    let page = format!(r#"{{"messages":[],"next_page_uri":"{next}"}}"#);
    let client = client(Scripted::new([answer(200, &page), answer(200, &page)]));
    let filter = MessageFilter::default();
    let first = client.list(&filter, None).await.unwrap();
    assert!(matches!(client.list(&filter, first.next).await, Err(TwilioError::Unreadable(_))));
}

#[tokio::test]
async fn fetch_reads_one_message() {
    let transport = Scripted::new([answer(200, &format!(r#"{{"sid":"{SID}","status":"delivered"}}"#))]);
    let message = client(transport.clone()).fetch(&MessageSid::parse(SID).unwrap()).await.unwrap();
    assert_eq!(message.status, Some(DeliveryStatus::Delivered));
    assert_eq!(transport.request().url, format!("{MESSAGES}/{SID}.json"));

    let missing = client(Scripted::new([answer(404, r#"{"code":20404,"message":"Gone"}"#)]));
    let error = missing.fetch(&MessageSid::parse(SID).unwrap()).await.unwrap_err();
    let message = "Gone".to_owned();
    assert_eq!(error, TwilioError::Refused { http_status: 404, code: Some(20404), message });
}

#[tokio::test]
async fn a_text_is_blanked_and_a_message_canceled_with_one_field() {
    let redacted = format!(r#"{{"sid":"{SID}","status":"delivered","body":""}}"#);
    let transport = Scripted::new([answer(200, &redacted)]);
    let message = client(transport.clone()).redact(&MessageSid::parse(SID).unwrap()).await.unwrap();
    assert_eq!((message.status, message.body.as_deref()), (Some(DeliveryStatus::Delivered), Some("")));
    let request = transport.request();
    assert_eq!((request.method, request.url), (Method::POST, format!("{MESSAGES}/{SID}.json")));
    assert_eq!((request.body, request.headers["content-type"].clone()), ("Body=".into(), FORM));

    let transport = Scripted::new([answer(200, &format!(r#"{{"sid":"{SID}","status":"canceled"}}"#))]);
    let message = client(transport.clone()).cancel(&MessageSid::parse(SID).unwrap()).await.unwrap();
    assert_eq!(message.status, Some(DeliveryStatus::Canceled));
    assert_eq!(transport.request().body, "Status=canceled");

    let early = client(Scripted::new([answer(409, r#"{"code":20009,"message":"Not yet"}"#)]));
    let refused = early.redact(&MessageSid::parse(SID).unwrap()).await;
    let message = "Not yet".to_owned();
    assert_eq!(refused, Err(TwilioError::Refused { http_status: 409, code: Some(20009), message }));
}

#[tokio::test]
async fn only_an_empty_answer_confirms_a_deletion() {
    async fn check(given: crate::twilio::scripted::Answer, expect: Result<Deleted, TwilioError>) {
        let transport = Scripted::new([given]);
        assert_eq!(client(transport.clone()).delete(&MessageSid::parse(SID).unwrap()).await, expect);
        let request = transport.request();
        assert_eq!((request.method, request.url), (Method::DELETE, format!("{MESSAGES}/{SID}.json")));
        assert!(request.body.is_empty());
    }
    check(answer(204, ""), Ok(Deleted::Now)).await;
    check(answer(404, r#"{"code":20404,"message":"Gone"}"#), Ok(Deleted::Before)).await;
    check(answer(200, "{}"), Ok(Deleted::Unconfirmed)).await;
    let message = "Not yet".to_owned();
    let refused = TwilioError::Refused { http_status: 409, code: Some(20009), message };
    check(answer(409, r#"{"code":20009,"message":"Not yet"}"#), Err(refused)).await;
    let lost = crate::TransportError::Lost("timed out".to_owned());
    check(Err(lost.clone()), Err(TwilioError::Transport(lost))).await;
}

#[tokio::test]
async fn the_account_is_read_with_its_token() {
    let transport = Scripted::new([answer(200, r#"{"friendly_name":"Hub","status":"active"}"#)]);
    let account = client(transport.clone()).account().await.unwrap();
    assert_eq!((account.friendly_name.as_deref(), account.status.as_deref()), (Some("Hub"), Some("active")));
    let url = format!("https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}.json");
    assert_eq!(transport.request().url, url);
}

#[tokio::test]
async fn an_api_key_is_tried_on_the_messages() {
    let transport = Scripted::new([answer(200, r#"{"messages":[]}"#)]);
    let auth = Auth::ApiKey { sid: "SK01".to_owned(), secret: SecretString::from("hush-key") };
    let access = TwilioAccess { auth, ..access() };
    let client = TwilioClient::new(&access, transport.clone(), DEFAULT_TIMEOUT).unwrap();
    assert_eq!(client.account().await.unwrap(), Account { friendly_name: None, status: None });
    assert_eq!(transport.request().url, format!("{MESSAGES}.json?PageSize=1"));
}

#[test]
fn debug_shows_no_secret_and_no_person() {
    let shown = format!("{:?} {:?}", client(Scripted::new([])), message());
    for private in ["hush-token", "QUMw", "48500100200", "Zażółć"] {
        assert!(!shown.contains(private), "{shown}");
    }
}

/// Which token each request carried, by the end of its header.
async fn tokens_of(calls: usize, answers: Vec<Answer>) -> (Vec<&'static str>, Vec<u16>) {
    let transport = Scripted::new(answers);
    let client = client(transport.clone()).with_other_token(&SecretString::from("old-token")).unwrap();
    let mut statuses = Vec::new();
    for _ in 0..calls {
        statuses.push(match client.create(&message()).await {
            AttemptOutcome::Accepted { .. } => 201,
            AttemptOutcome::Refused { http_status, .. } => http_status,
            AttemptOutcome::NotSent { .. } => 1,
            AttemptOutcome::Ambiguous { .. } => 2,
        });
    }
    let current = format!("Basic {}", STANDARD.encode(format!("{ACCOUNT}:hush-token")));
    let asked = transport.asked.lock().unwrap();
    let tokens = asked.iter().map(|request| request.headers["authorization"].to_str().unwrap());
    (tokens.map(|token| if token == current { "current" } else { "other" }).collect(), statuses)
}

#[tokio::test]
async fn a_refused_token_gives_way_to_the_other_which_is_then_remembered() {
    let taken = || answer(201, &format!(r#"{{"sid":"{SID}"}}"#));
    let refused = || answer(401, r#"{"code":20003,"message":"Authenticate"}"#);
    let lost = || Err(TransportError::Lost("reset".to_owned()));
    for (calls, answers, tokens, statuses) in [
        (2, vec![taken(), taken()], &["current", "current"][..], &[201, 201][..]),
        (2, vec![refused(), taken(), taken()], &["current", "other", "other"], &[201, 201]),
        // The new one is in force now, and the old one is not any more.
        (
            3,
            vec![refused(), taken(), refused(), taken(), taken()],
            &["current", "other", "other", "current", "current"],
            &[201, 201, 201],
        ),
        // Neither is taken: once each, and the refusal is told.
        (2, vec![refused(); 4], &["current", "other", "current", "other"], &[401, 401]),
        // Nothing but a 401 is tried again.
        (1, vec![answer(403, "{}")], &["current"], &[403]),
        (1, vec![answer(500, "{}")], &["current"], &[2]),
        (1, vec![lost()], &["current"], &[2]),
        (1, vec![refused(), lost()], &["current", "other"], &[2]),
    ] {
        assert_eq!(tokens_of(calls, answers).await, (tokens.to_vec(), statuses.to_vec()));
    }
}

#[tokio::test]
async fn without_another_token_a_refusal_is_one_call() {
    let transport = Scripted::new([answer(401, "{}")]);
    let outcome = client(transport.clone()).create(&message()).await;
    assert!(matches!(outcome, AttemptOutcome::Refused { http_status: 401, .. }), "{outcome:?}");
    transport.request();
}
