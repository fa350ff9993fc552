//! People write to us: the webhook, its answer, the phone's screen.

use hub_sim::{
    Direction, Faults, Media, PhoneText, SimConfig, Webhook, WebhookAnswer, WebhookFailure, WebhookKind, sign,
};

use serde_json::json;

use crate::desk::{Desk, OURS, PERSON, message_path};

fn names(webhook: &Webhook) -> String {
    webhook.params.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(" ")
}

#[test]
fn an_sms_has_the_real_fields() {
    let desk = Desk::new();
    let sid = desk.text(PERSON, OURS, "Cześć 👍");
    let webhook = desk.sim.due_webhooks().remove(0);
    assert_eq!(webhook.kind, WebhookKind::Inbound);
    assert_eq!(
        names(&webhook),
        "ToCountry ToState SmsMessageSid NumMedia ToCity FromZip SmsSid FromState SmsStatus FromCity Body \
         FromCountry To ToZip NumSegments MessageSid AccountSid From ApiVersion"
    );
    for (name, value) in [
        ("MessageSid", &*sid),
        ("SmsMessageSid", &sid),
        ("Body", "Cześć 👍"),
        ("FromCountry", "PL"),
        ("ToCountry", "US"),
        ("FromCity", ""),
        ("NumMedia", "0"),
        ("SmsStatus", "received"),
    ] {
        assert_eq!(webhook.param(name), Some(value), "{name}");
    }
    let fields: Vec<_> = form_urlencoded::parse(webhook.form_body.as_bytes()).into_owned().collect();
    assert_eq!(fields, webhook.params);
    assert_eq!(webhook.signature, sign(&SimConfig::default().auth_token, &webhook.url, &fields));
    assert_eq!(
        webhook.headers().map(|(name, _)| name),
        ["content-type", "user-agent", "x-twilio-signature", "i-twilio-idempotency-token"]
    );
}

#[tokio::test]
async fn inbound_messages_are_listed_too() {
    let desk = Desk::new();
    let sid = desk.text(PERSON, OURS, "Hi");
    let message = desk.get(&message_path(&sid)).await.json();
    for (name, value) in [
        ("direction", json!("inbound")),
        ("status", json!("received")),
        ("from", json!(PERSON)),
        ("date_sent", json!("Sun, 22 Nov 2026 10:00:00 +0000")),
        ("price", json!(null)),
    ] {
        assert_eq!(message[name], value, "{name}");
    }
}

#[test]
fn a_webhook_that_waits_is_due_now() {
    let desk = Desk::new();
    desk.text(PERSON, OURS, "Hi");
    assert_eq!(desk.sim.messages().len(), 1);
    assert_eq!(desk.sim.next_due(), Some("2026-11-22T10:00:00Z".parse().unwrap()));
    assert_eq!(desk.sim.due_webhooks().len(), 1);
    assert_eq!(desk.sim.next_due(), None);
}

#[test]
fn whatsapp_media_and_extra_fields() {
    let desk = Desk::new();
    let picture = |number: u8| Media {
        url: format!("https://example.com/{number}"),
        content_type: "image/jpeg".into(),
    };
    let sid = desk.sim.phone_sends(PhoneText {
        from: "whatsapp:+48500100123".into(),
        to: "whatsapp:+48500100900".into(),
        body: String::new(),
        media: vec![picture(0), picture(1)],
        extra: vec![("ProfileName".into(), "Żaneta".into()), ("ButtonText".into(), "Tak".into())],
        ..PhoneText::default()
    });
    let webhook = desk.sim.due_webhooks().remove(0);
    assert!(sid.starts_with("MM"));
    for (name, value) in [
        ("WaId", "48500100123"),
        ("ProfileName", "Żaneta"),
        ("ButtonText", "Tak"),
        ("NumMedia", "2"),
        ("MediaUrl1", "https://example.com/1"),
        ("MediaContentType0", "image/jpeg"),
    ] {
        assert_eq!(webhook.param(name), Some(value), "{name}");
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the outcome of a webhook, beside its failures")]
fn answer(status: u16, content_type: &str, body: &str) -> Result<WebhookAnswer, WebhookFailure> {
    Ok(WebhookAnswer { status, content_type: content_type.into(), body: body.into() })
}

/// Answers an inbound message and compares what the person then gets and what Twilio logs.
fn check(result: &Result<WebhookAnswer, WebhookFailure>, texts: &[&str], error: Option<u32>) {
    let desk = Desk::new();
    desk.text(PERSON, OURS, "Hi");
    let webhook = desk.sim.due_webhooks().remove(0);
    desk.sim.webhook_answered(&webhook, result);
    let sent =
        desk.sim.messages().into_iter().filter(|message| message.direction == Direction::OutboundReply);
    assert_eq!(sent.map(|message| message.body).collect::<Vec<_>>(), texts, "{result:?}");
    let record = desk.sim.webhook_log().pop().unwrap();
    assert_eq!(record.error.map(|(code, _)| code), error, "{result:?}");
}

#[test]
fn answers_are_obeyed() {
    let twiml = "<Response><Message>a</Message><Message>b</Message></Response>";
    check(&answer(200, "text/xml", "<Response/>"), &[], None);
    check(&answer(204, "", ""), &[], None);
    check(&answer(200, "application/json", ""), &[], None);
    check(&answer(200, "text/plain; charset=utf-8", "OK"), &["OK"], None);
    check(&answer(200, "application/xml", twiml), &["a", "b"], None);
    check(&answer(200, "text/html", "<html></html>"), &[], Some(12100));
    check(&answer(200, "application/json", "{}"), &[], Some(12300));
    check(&answer(403, "text/plain", "no"), &[], Some(11200));
    check(&answer(503, "text/plain", "later"), &[], Some(11200));
    check(&Err(WebhookFailure::Connect("refused".into())), &[], Some(11205));
}

#[test]
fn a_blocked_person_gets_no_twiml_answer() {
    let desk = Desk::new();
    desk.text(PERSON, OURS, "STOP");
    let webhook = desk.sim.due_webhooks().remove(0);
    desk.sim.webhook_answered(&webhook, &answer(200, "text/plain", "OK"));
    assert!(desk.sim.messages().iter().all(|message| message.body != "OK"));
}

#[tokio::test]
async fn answers_to_status_callbacks_are_ignored() {
    let desk = Desk::new();
    desk.send("x").await;
    for webhook in desk.run() {
        desk.sim.webhook_answered(&webhook, &answer(200, "text/plain", "OK"));
    }
    assert_eq!(desk.sim.messages().len(), 1);
    let log = desk.sim.webhook_log();
    let told: Vec<_> = log.iter().map(|record| record.message_status.as_deref().unwrap()).collect();
    assert_eq!(told, ["sending", "sent", "delivered"]);
}

/// Lets every attempt fail like this and counts them.
fn check_attempts(url: &str, result: &Result<WebhookAnswer, WebhookFailure>, expect: u32) {
    let desk = Desk::with(|config| config.inbound_url = url.into());
    desk.text(PERSON, OURS, "Hi");
    let mut attempts = Vec::new();
    while let Some(webhook) = desk.sim.due_webhooks().pop() {
        assert!(!webhook.url.contains('#'));
        desk.sim.webhook_answered(&webhook, result);
        attempts.push((webhook.attempt, webhook.idempotency_token, webhook.signature));
    }
    let numbers: Vec<u32> = attempts.iter().map(|(number, ..)| *number).collect();
    assert_eq!(numbers, (0..expect).collect::<Vec<_>>(), "{url} {result:?}");
    assert!(
        attempts.iter().all(|(_, token, signature)| (token, signature) == (&attempts[0].1, &attempts[0].2))
    );
}

#[test]
fn retries_follow_the_url() {
    let refused = Err(WebhookFailure::Connect("refused".into()));
    let silent = Err(WebhookFailure::Read("timeout".into()));
    let plain = "http://127.0.0.1:3000/twilio/inbound";
    let overridden = "http://127.0.0.1:3000/twilio/inbound#rc=3&rp=ct,rt,5xx";
    check_attempts(plain, &refused, 2);
    check_attempts(plain, &silent, 1);
    check_attempts(plain, &answer(503, "", ""), 1);
    check_attempts(overridden, &refused, 4);
    check_attempts(overridden, &silent, 4);
    check_attempts(overridden, &answer(503, "", ""), 4);
    check_attempts(overridden, &answer(403, "", ""), 1);
    check_attempts(overridden, &answer(200, "", ""), 1);
}

#[test]
fn inbound_webhooks_can_double() {
    let desk = Desk::new();
    desk.sim.faults(Faults { duplicate_inbound: 1.0, ..Faults::default() });
    desk.text(PERSON, OURS, "Hi");
    let webhooks = desk.sim.due_webhooks();
    assert_eq!(webhooks.len(), 2);
    assert_eq!(webhooks[0], webhooks[1]);
    assert_eq!(desk.sim.messages().len(), 1);
}

#[tokio::test]
async fn the_phone_shows_both_directions() {
    let desk = Desk::new();
    desk.text(PERSON, OURS, "Hi");
    desk.send("Hello").await;
    let shown = |desk: &Desk| {
        let thread = desk.sim.phone_thread(PERSON);
        thread.into_iter().map(|bubble| (bubble.is_mine, bubble.body, bubble.has_arrived)).collect::<Vec<_>>()
    };
    assert_eq!(shown(&desk), [(true, "Hi".into(), true), (false, "Hello".into(), false)]);
    desk.run();
    assert_eq!(shown(&desk), [(true, "Hi".into(), true), (false, "Hello".into(), true)]);
    desk.text(PERSON, OURS, "Bye");
    assert_eq!(shown(&desk).pop(), Some((true, "Bye".into(), true)), "by time, not by direction");
    assert_eq!(desk.sim.phone_thread("+48500100999"), []);
}
