use std::sync::Arc;

use super::*;
use crate::twilio::scripted::{Answer, Scripted, answer, client};

const LIST: &str = "https://content.twilio.com/v1/ContentAndApprovals";

/// An item with what a test is about on top.
fn item(name: &str, more: &str) -> String {
    format!(r#"{{"sid": "HX{name}", "friendly_name": "{name}", "language": "pl"{more}}}"#)
}

fn page(items: &[String], next: &str) -> Answer {
    answer(200, &format!(r#"{{"contents": [{}], "meta": {{"next_page_url": {next}}}}}"#, items.join(",")))
}

async fn found(answers: Vec<Answer>) -> (Arc<Scripted>, Result<Vec<Content>, TwilioError>) {
    let transport = Scripted::new(answers);
    let found = client(transport.clone()).approved_contents().await;
    (transport, found)
}

#[tokio::test]
async fn only_what_whatsapp_approved_is_offered_by_name() {
    let status = |word: &str| format!(r#", "approval_requests": {{"status": "{word}", "name": "x"}}"#);
    let nested = r#", "approval_requests": {"whatsapp": {"status": "approved"}}"#;
    let items = [
        item("visit", &status("approved")),
        item("open", &status("pending")),
        item("bad", &status("rejected")),
        item("sms", ""),
        item("code", nested),
    ];
    let (transport, found) = found(vec![page(&items, "null")]).await;
    let names: Vec<String> = found.unwrap().into_iter().map(|content| content.name).collect();
    assert_eq!(names, ["code", "visit"]);
    assert_eq!(transport.request().url, format!("{LIST}?PageSize=200"));
}

#[tokio::test]
async fn every_kind_of_text_is_read_with_its_examples() {
    let approved = r#", "approval_requests": {"status": "approved"}"#;
    for (types, expect) in [
        (r#"{"twilio/text": {"body": "Hej {{1}}"}}"#, "Hej {{1}}"),
        (r#"{"twilio/quick-reply": {"body": "Będziesz?", "actions": [{"title": "Tak"}]}}"#, "Będziesz?"),
        (r#"{"twilio/card": {"title": "Promocja {{1}}", "media": []}}"#, "Promocja {{1}}"),
        (r#"{"twilio/media": {"media": ["https://e.example/a.jpg"]}}"#, ""),
    ] {
        let more = format!(r#", "types": {types}, "variables": {{"1": "Anna", "2": 7}}{approved}"#);
        let (_, found) = found(vec![page(&[item("a", &more)], "null")]).await;
        let content = found.unwrap().remove(0);
        assert_eq!(content.text, expect, "{types}");
        let samples: Vec<String> =
            content.samples.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(samples, ["1=Anna", "2=7"]);
    }
}

#[tokio::test]
async fn pages_are_followed_at_their_own_place_only() {
    let approved = r#", "approval_requests": {"status": "approved"}"#;
    let second = format!("{LIST}?PageSize=200&Page=1&PageToken=x");
    let pages =
        vec![page(&[item("b", approved)], &format!(r#""{second}""#)), page(&[item("a", approved)], "null")];
    let (transport, both) = found(pages).await;
    assert_eq!(both.unwrap().len(), 2);
    assert_eq!(transport.asked.lock().unwrap()[1].url, second);
    for link in ["https://evil.example/v1/ContentAndApprovals?Page=1", &format!("{LIST}.evil.example?x")] {
        let (transport, refused) = found(vec![page(&[], &format!(r#""{link}""#))]).await;
        assert!(matches!(refused, Err(TwilioError::Unreadable(_))), "{link}");
        assert_eq!(transport.asked.lock().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn an_endless_list_ends_and_an_odd_one_is_an_error() {
    let again = || page(&[], &format!(r#""{LIST}?PageSize=200&Page=1""#));
    let (transport, found_some) = found((0..MOST_PAGES).map(|_| again()).collect()).await;
    assert_eq!(found_some, Ok(Vec::new()));
    assert_eq!(transport.asked.lock().unwrap().len(), MOST_PAGES);
    let (_, odd) = found(vec![answer(200, "{}")]).await;
    assert!(matches!(odd, Err(TwilioError::Unreadable(_))));
}
