//! `POST /api/send-message`: text, media, templates, Messaging Services.

use std::time::Duration;

use hub_sim::{Service, Template};
use serde_json::{Value, json};

use super::SEND;
use crate::{hub::TestHub, setup::Setup, talk::ANNA};

const TEMPLATE: &str = "HX0123456789abcdef0123456789abcdef";
const SERVICE: &str = "MG0123456789abcdef0123456789abcdef";

/// With a template and a Messaging Service at Twilio.
fn equipped() -> Setup {
    Setup::new().with_sim(|sim| {
        sim.templates = vec![Template {
            sid: TEMPLATE.to_owned(),
            text: "Wizyta {{1}} o {{2}}".to_owned(),
            ..Template::default()
        }];
        sim.messaging_services = vec![Service {
            sid: SERVICE.to_owned(),
            numbers: vec!["+15005550006".to_owned(), "whatsapp:+48500100900".to_owned()],
            advanced_opt_out: false,
        }];
    })
}

async fn send(hub: &mut TestHub, body: Value) -> (u16, Value) {
    let answer = hub.post(SEND, &body).await.expect("the process lives");
    (answer.status, answer.json())
}

#[tokio::test]
async fn a_text_is_sent_and_stored() {
    let mut hub = TestHub::start().await;
    let answer = send(&mut hub, json!({ "to": "500 100 200", "body": " Hej " })).await;
    let taken = hub.taken();
    assert_eq!(answer, (200, json!({ "sid": taken[0].sid, "status": "queued" })));
    assert_eq!((&*taken[0].to, &*taken[0].body), (ANNA, " Hej "));
    assert_eq!(hub.only_written().await.origin.unwrap().as_str(), "api");
    hub.run().await;
}

#[tokio::test]
async fn what_cannot_be_sent_is_400_and_leaves_no_row() {
    let mut hub = equipped().start().await;
    let content = "Provide at least one of: 'body', 'content_sid', or 'media_urls'.";
    for (body, words) in [
        (json!({}), "Field 'to' is required."),
        (json!({ "to": " ", "body": "x" }), "Field 'to' is required."),
        (json!({ "to": ANNA }), content),
        (json!({ "to": ANNA, "body": " ", "media_urls": [] }), content),
        (json!({ "to": ANNA, "body": "", "media_urls": ["", " "] }), content),
        (json!({ "to": "abc", "body": "x" }), "Nieprawidłowy format numeru telefonu."),
        (json!({ "to": "MojBank", "body": "x" }), "Nieprawidłowy format numeru telefonu."),
        (
            json!({ "to": ANNA, "body": "ą".repeat(1601) }),
            "Wiadomość ma 1601 znaków, a może mieć najwyżej 1600.",
        ),
        (
            json!({ "to": ANNA, "media_urls": ["ftp://e.example/a.png"] }),
            "media_urls: najwyżej 10 adresów http lub https.",
        ),
        (
            json!({ "to": ANNA, "media_urls": vec!["https://e.example/a.png"; 11] }),
            "media_urls: najwyżej 10 adresów http lub https.",
        ),
        (json!({ "to": ANNA, "media_urls": [7] }), "media_urls: najwyżej 10 adresów http lub https."),
        (
            json!({ "to": ANNA, "body": "x", "messaging_service_sid": "AC01" }),
            "messaging_service_sid musi zaczynać się od MG.",
        ),
    ] {
        assert_eq!(send(&mut hub, body.clone()).await, (400, json!({ "error": words })), "{body}");
    }
    for body in [
        json!({ "to": ANNA, "content_sid": "HX1" }),
        json!({ "to": ANNA, "content_sid": TEMPLATE, "content_variables": "[1]" }),
        json!({ "to": ANNA, "content_sid": TEMPLATE, "content_variables": ["a"] }),
        json!({ "to": ANNA, "content_sid": TEMPLATE, "content_variables": true }),
        json!({ "to": ANNA, "content_sid": TEMPLATE, "content_variables": 7 }),
        // Nothing of it is left when what shows nothing is taken out.
        json!({ "to": ANNA, "body": "\u{200b}\u{2060}", "fold": true }),
        // Twilio counts an emoji as two.
        json!({ "to": ANNA, "body": "🙂".repeat(801) }),
        json!({ "to": ANNA, "content_sid": TEMPLATE, "content_variables": { "1": ["a"] } }),
        json!({ "to": ANNA, "body": "x", "use_messaging_service": true }),
    ] {
        assert_eq!(send(&mut hub, body.clone()).await.0, 400, "{body}");
    }
    for (body, words) in [
        (
            json!({ "to": ANNA, "body": "x", "use_messaging_service": true }),
            "Podano use_messaging_service, ale TWILIO_MESSAGING_SERVICE_SID nie jest ustawione.",
        ),
        (
            json!({ "to": ANNA, "content_sid": "HX1" }),
            "Nieprawidłowy szablon: content_sid to HX i 32 cyfry szesnastkowe.",
        ),
        (
            json!({ "to": ANNA, "content_sid": TEMPLATE, "content_variables": { "1": ["a"] } }),
            "Nieprawidłowy szablon: w content_variables wartość „1” musi być tekstem.",
        ),
    ] {
        assert_eq!(send(&mut hub, body).await, (400, json!({ "error": words })));
    }
    assert!(hub.messages().await.is_empty());
}

#[tokio::test]
async fn what_twilio_refuses_is_500_with_a_failed_row() {
    let mut hub = TestHub::start().await;
    let (status, body) = send(&mut hub, json!({ "to": "+15005550001", "body": "Hej" })).await;
    assert_eq!(status, 500);
    let words = body["error"].as_str().unwrap();
    assert!(words.ends_with("(21211)") && body.as_object().unwrap().len() == 1, "{body}");
    assert_eq!(hub.only_written().await.status.as_str(), "failed");
}

#[tokio::test]
async fn media_go_out_and_are_kept() {
    let mut hub = TestHub::start().await;
    let urls = ["https://e.example/a.png", "https://e.example/b.pdf"];
    for (given, kept) in [(json!(urls), &urls[..]), (json!(urls[0]), &urls[..1])] {
        assert_eq!(send(&mut hub, json!({ "to": ANNA, "body": "Zob.", "media_urls": given })).await.0, 200);
        let message = hub.written().await.pop().unwrap();
        let stored = hub.store().media(message.row).await.unwrap();
        let taken = hub.taken().pop().unwrap();
        assert_eq!(stored.iter().map(|media| &*media.url).collect::<Vec<_>>(), kept);
        assert_eq!(taken.media.iter().map(|media| &*media.url).collect::<Vec<_>>(), kept);
        assert_eq!((&*taken.body, message.media_count), ("Zob.", u32::try_from(kept.len()).unwrap()));
    }
    assert_eq!(send(&mut hub, json!({ "to": ANNA, "media_urls": urls[0] })).await.0, 200);
    assert_eq!(hub.taken().pop().unwrap().body, "");
    hub.run().await;
}

#[tokio::test]
async fn a_template_goes_alone_with_its_variables() {
    let mut hub = equipped().start().await;
    for variables in [json!({ "1": "jutro", "2": 12 }), json!(r#"{"1":"jutro","2":"12"}"#)] {
        let body = json!({
            "to": "whatsapp:+48500100200",
            "body": "pominięte",
            "media_urls": "https://e.example/a.png",
            "content_sid": TEMPLATE,
            "content_variables": variables,
            "messaging_service_sid": SERVICE,
        });
        let (status, answer) = send(&mut hub, body).await;
        let taken = hub.taken().pop().unwrap();
        assert_eq!((status, &answer["sid"]), (200, &json!(taken.sid)));
        assert_eq!((&*taken.body, taken.media.len()), ("Wizyta jutro o 12", 0));
        assert_eq!(taken.messaging_service_sid.as_deref(), Some(SERVICE));
        let written = hub.written().await.pop().unwrap();
        assert_eq!((&*written.body, written.media_count), ("", 0));
        // Twilio filled it in; once it is looked at there, the thread shows it.
        assert_eq!(hub.get(&format!("/api/messages/{}", taken.sid)).await.status, 200);
        assert_eq!(hub.written().await.pop().unwrap().body, "Wizyta jutro o 12");
    }
    hub.advance(Duration::from_secs(5)).await;
    assert_eq!(hub.phone("whatsapp:+48500100200").got().len(), 2);
}

#[tokio::test]
async fn a_messaging_service_is_chosen_by_sid_or_by_flag() {
    let mut hub = equipped().with("TWILIO_MESSAGING_SERVICE_SID", SERVICE).start().await;
    for (choice, through) in [
        (json!({}), None),
        (json!({ "use_messaging_service": false }), None),
        (json!({ "use_messaging_service": true }), Some(SERVICE)),
        (json!({ "messaging_service_sid": SERVICE }), Some(SERVICE)),
    ] {
        let mut body = json!({ "to": ANNA, "body": "Hej" });
        body.as_object_mut().unwrap().extend(choice.as_object().unwrap().clone());
        assert_eq!(send(&mut hub, body).await.0, 200);
        assert_eq!(hub.taken().pop().unwrap().messaging_service_sid.as_deref(), through, "{choice}");
    }
    hub.advance(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn whatsapp_is_written_to_from_our_whatsapp_address() {
    let mut hub = Setup::new().with("TWILIO_DEFAULT_FROM", "+48500100900").start().await;
    hub.phone("whatsapp:+48500100200").writes("Dzień dobry");
    hub.run().await;
    let body = json!({ "to": "whatsapp:+48 500 100 200", "body": "Hej" });
    assert_eq!(send(&mut hub, body).await.0, 200);
    let taken = hub.taken().pop().unwrap();
    assert_eq!((taken.from.as_deref(), &*taken.to), (Some("whatsapp:+48500100900"), "whatsapp:+48500100200"));
    hub.advance(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn a_send_that_stays_open_is_202_and_goes_on() {
    let mut hub = Setup::new().with_timing(|timing| timing.send_wait = Duration::ZERO).start().await;
    hub.cut_off(true);
    let answer = send(&mut hub, json!({ "to": ANNA, "body": "Hej" })).await;
    assert_eq!(answer, (202, json!({ "sid": null, "status": "queued" })));
    hub.cut_off(false);
    hub.advance(Duration::from_mins(2)).await;
    assert_eq!(hub.phone(ANNA).got(), ["Hej"]);
}

#[tokio::test]
async fn somebody_who_opted_out_is_not_written_to() {
    let mut hub = TestHub::start().await;
    hub.hears(ANNA, "STOP").await;
    let words = "Nie wysłano: odbiorca wypisał się z wiadomości.";
    let answer = send(&mut hub, json!({ "to": ANNA, "body": "Hej" })).await;
    assert_eq!(answer, (409, json!({ "error": words })));
}

#[tokio::test]
async fn no_variables_are_null_or_left_out() {
    let mut hub = equipped().start().await;
    for variables in [json!(null), json!(""), json!({})] {
        let body = json!({ "to": ANNA, "content_sid": TEMPLATE, "content_variables": variables });
        let (status, answer) = send(&mut hub, body).await;
        assert_ne!(status, 400, "{answer}");
    }
    hub.advance(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn a_number_is_written_to_from_our_number_even_where_our_default_is_on_whatsapp() {
    let mut hub = Setup::new().with("TWILIO_DEFAULT_FROM", "whatsapp:+48500100900").start().await;
    assert_eq!(send(&mut hub, json!({ "to": ANNA, "body": "Hej" })).await.0, 200);
    assert_eq!(hub.taken().pop().unwrap().from.as_deref(), Some("+48500100900"));
    hub.advance(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn a_name_cannot_write_on_whatsapp() {
    let mut hub = Setup::new().with("TWILIO_DEFAULT_FROM", "MojBank").start().await;
    let (status, answer) = send(&mut hub, json!({ "to": "whatsapp:+48500100200", "body": "Hej" })).await;
    assert_eq!(status, 400);
    assert!(answer["error"].as_str().unwrap().contains("TWILIO_DEFAULT_FROM"), "{answer}");
    assert!(hub.written().await.is_empty());
}

#[tokio::test]
async fn where_a_name_cannot_write_the_messaging_service_does() {
    let mut hub = equipped()
        .with("TWILIO_DEFAULT_FROM", "MojBank")
        .with("TWILIO_MESSAGING_SERVICE_SID", SERVICE)
        .start()
        .await;
    hub.phone("whatsapp:+48500100200").writes("Dzień dobry");
    hub.run().await;
    send(&mut hub, json!({ "to": "whatsapp:+48500100200", "body": "Hej" })).await;
    assert_eq!(hub.taken().pop().unwrap().messaging_service_sid.as_deref(), Some(SERVICE));
}
