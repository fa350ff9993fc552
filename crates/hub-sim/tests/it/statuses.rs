//! How messages proceed, and the callbacks that tell of it.

use std::time::Duration;

use http::Method;
use hub_sim::{Ending, Rule, Service, SimConfig, Status, WebhookKind, sign};

use crate::desk::{CALLBACK, Desk, MESSAGES, OURS, PERSON, SERVICE, message_path, statuses};

#[tokio::test]
async fn callbacks_come_in_order_signed_over_the_raw_url() {
    let desk = Desk::new();
    let sid = desk.send("x").await.sid();
    assert_eq!(desk.sim.due_webhooks(), [], "none for the initial status");
    let webhooks = desk.run();
    assert_eq!(statuses(&webhooks), ["sending", "sent", "delivered"]);
    for webhook in &webhooks {
        assert_eq!(
            (webhook.kind, webhook.sid.as_str(), webhook.url.as_str()),
            (WebhookKind::Status, &*sid, CALLBACK)
        );
        let fields: Vec<_> = form_urlencoded::parse(webhook.form_body.as_bytes()).into_owned().collect();
        assert_eq!(webhook.signature, sign(&SimConfig::default().auth_token, CALLBACK, &fields));
        for (name, value) in [
            ("MessageSid", &*sid),
            ("SmsSid", &sid),
            ("From", OURS),
            ("To", PERSON),
            ("AccountSid", "AC0123456789abcdef0123456789abcdef"),
            ("ApiVersion", "2010-04-01"),
        ] {
            assert_eq!(webhook.param(name), Some(value));
        }
        assert_eq!(webhook.param("ErrorCode"), None);
    }
    assert_eq!(webhooks[2].param("RawDlrDoneDate"), Some("2611221000"));
    let json = desk.get(&message_path(&sid)).await.json();
    assert_eq!(
        (&json["status"], &json["price"], &json["date_sent"]),
        (&"delivered".into(), &"-0.00790".into(), &"Sun, 22 Nov 2026 10:00:00 +0000".into())
    );
}

#[tokio::test]
async fn the_pace_is_kept() {
    let desk = Desk::new();
    let sid = desk.send("x").await.sid();
    let status = || desk.sim.message(&sid).unwrap().status;
    for (wait, expect) in [
        (149, Status::Queued),
        (1, Status::Sending),
        (500, Status::Sent),
        (1_199, Status::Sent),
        (1, Status::Delivered),
    ] {
        desk.advance(Duration::from_millis(wait));
        assert_eq!(status(), expect);
    }
    assert_eq!(statuses(&desk.sim.due_webhooks()), ["sending", "sent", "delivered"]);
    assert_eq!(desk.sim.next_due(), None);
}

async fn check(to: &str, expect: &[&str], error_code: Option<u32>) {
    let desk = Desk::new();
    let rule = |ending, error_code| Rule { to: "*777".into(), ending, error_code };
    desk.sim.set_rules([Rule::magic_numbers(), vec![rule(Ending::Read, None)]].concat());
    let from = if to.starts_with("whatsapp:") { "whatsapp:+48500100900" } else { OURS };
    let sid =
        desk.create(&[("To", to), ("From", from), ("Body", "x"), ("StatusCallback", CALLBACK)]).await.sid();
    let webhooks = desk.run();
    assert_eq!(statuses(&webhooks), expect, "{to}");
    let code = webhooks.last().and_then(|webhook| webhook.param("ErrorCode"));
    assert_eq!(code, error_code.map(|code| code.to_string()).as_deref(), "{to}");
    let json = desk.get(&message_path(&sid)).await.json();
    assert_eq!(json["error_code"].as_u64(), error_code.map(u64::from));
    assert_eq!(json["error_message"].is_string(), error_code.is_some());
}

#[tokio::test]
async fn endings_follow_the_rules() {
    check("+48500100777", &["sending", "sent", "delivered", "read"], None).await;
    check("+15005550303", &["sending", "sent", "undelivered"], Some(30003)).await;
    for (ending, code) in [("01", 30001), ("02", 30002), ("07", 30007)] {
        check(&format!("+150055503{ending}"), &["failed"], Some(code)).await;
    }
    for (ending, code) in [("04", 30004), ("05", 30005), ("06", 30006), ("08", 30008)] {
        check(&format!("+150055503{ending}"), &["sending", "sent", "undelivered"], Some(code)).await;
    }
    check("+15005550390", &["sending", "sent", "partially_delivered"], None).await;
    check("+15005550398", &[], None).await;
    check("+15005550399", &["sending", "sent"], None).await;
    check("whatsapp:+48500100123", &["failed"], Some(63016)).await;
}

#[tokio::test]
async fn whatsapp_is_free_for_a_day_after_the_persons_message() {
    let (ours, person) = ("whatsapp:+48500100900", "whatsapp:+48500100123");
    let desk = Desk::new();
    for (wait_hours, expect) in [(0, Status::Delivered), (23, Status::Delivered), (24, Status::Failed)] {
        desk.text(person, ours, "Hi");
        desk.advance(Duration::from_hours(wait_hours));
        let sid = desk.create(&[("To", person), ("From", ours), ("Body", "x")]).await.sid();
        desk.run();
        assert_eq!(desk.sim.message(&sid).unwrap().status, expect, "{wait_hours} h");
    }
}

#[tokio::test]
async fn whatsapp_callbacks_tell_of_the_channel() {
    let (ours, person) = ("whatsapp:+48500100900", "whatsapp:+48500100123");
    let desk = Desk::new();
    desk.sim.set_rules(vec![Rule { to: "whatsapp:*".into(), ending: Ending::Read, error_code: None }]);
    let form = [("To", person), ("From", ours), ("Body", "x"), ("StatusCallback", CALLBACK)];
    desk.create(&form).await;
    let failed = desk.run().pop().unwrap();
    for (name, value) in [
        ("MessageStatus", "failed"),
        ("ErrorCode", "63016"),
        ("ChannelPrefix", "whatsapp"),
        ("ChannelToAddress", "+48500100123"),
        ("EventType", "FAILED"),
    ] {
        assert_eq!(failed.param(name), Some(value), "{name}");
    }
    assert!(failed.param("ChannelStatusMessage").unwrap().contains("outside the allowed window"));
    assert!(failed.param("ChannelInstallSid").unwrap().starts_with("XE"));
    assert_eq!(failed.param("RawDlrDoneDate"), None);
    desk.text(person, ours, "Hi");
    desk.run();
    desk.create(&form).await;
    let told = desk.run();
    assert_eq!(statuses(&told), ["sending", "sent", "delivered", "read"]);
    assert_eq!(told[3].param("EventType"), Some("READ"));
}

#[tokio::test]
async fn a_template_with_an_unfilled_place_fails_later() {
    let sid = "HX0123456789abcdef0123456789abcdef";
    let desk = Desk::with(|config| {
        config.templates = vec![hub_sim::Template {
            sid: sid.into(),
            text: "Hi {{1}}, {{2}}".into(),
            ..hub_sim::Template::default()
        }];
    });
    for (variables, ending) in [(r#"{"1":"a"}"#, Some(63028)), (r#"{"1":"a","2":"b"}"#, None)] {
        let form = [
            ("To", "whatsapp:+48500100123"),
            ("From", "whatsapp:+48500100900"),
            ("ContentSid", sid),
            ("ContentVariables", variables),
        ];
        let created = desk.create(&form).await.sid();
        desk.run();
        assert_eq!(desk.sim.message(&created).unwrap().error_code, ending, "{variables}");
    }
}

#[tokio::test]
async fn a_service_chooses_the_sender_later() {
    let desk = Desk::with_service(false);
    let form =
        [("To", PERSON), ("MessagingServiceSid", SERVICE), ("Body", "x"), ("StatusCallback", CALLBACK)];
    let answer = desk.create(&form).await.json();
    assert_eq!(answer["status"], "accepted");
    assert_eq!((&answer["from"], &answer["num_segments"]), (&serde_json::Value::Null, &"0".into()));
    let webhooks = desk.run();
    assert_eq!(statuses(&webhooks), ["queued", "sending", "sent", "delivered"]);
    assert_eq!(webhooks[0].param("From"), Some(OURS));
    assert_eq!(webhooks[0].param("MessagingServiceSid"), Some(SERVICE));
    let message = desk.sim.message(answer["sid"].as_str().unwrap()).unwrap();
    assert_eq!((message.from.as_deref(), message.num_segments), (Some(OURS), 1));
}

#[tokio::test]
async fn a_service_keeps_the_sender_a_person_wrote_to() {
    let pool = [OURS, "+48500100900"];
    for number in pool {
        let desk = Desk::with(|config| {
            let numbers = pool.map(str::to_owned).to_vec();
            config.messaging_services =
                vec![Service { sid: SERVICE.into(), numbers, advanced_opt_out: false }];
        });
        desk.text(PERSON, number, "Hi");
        let sid = desk.create(&[("To", PERSON), ("MessagingServiceSid", SERVICE), ("Body", "x")]).await.sid();
        desk.run();
        assert_eq!(desk.sim.message(&sid).unwrap().from.as_deref(), Some(number));
    }
}

#[tokio::test]
async fn scheduled_messages_wait_and_can_be_canceled() {
    let desk = Desk::with_service(false);
    let form = [
        ("To", PERSON),
        ("MessagingServiceSid", SERVICE),
        ("Body", "x"),
        ("ScheduleType", "fixed"),
        ("SendAt", "2026-11-22T11:00:00Z"),
        ("StatusCallback", CALLBACK),
    ];
    let kept = desk.create(&form).await;
    assert_eq!(kept.json()["status"], "scheduled");
    let canceled = desk.create(&form).await.sid();
    let answer = desk.call(Method::POST, &message_path(&canceled), &[("Status", "canceled")]).await;
    assert_eq!((answer.status, answer.json()["status"].as_str()), (200, Some("canceled")));
    assert_eq!(desk.sim.next_due(), Some("2026-11-22T11:00:00Z".parse().unwrap()));
    let webhooks = desk.run();
    assert_eq!(statuses(&webhooks), ["accepted", "queued", "sending", "sent", "delivered"]);
    assert!(webhooks.iter().all(|webhook| webhook.sid == kept.sid()));
    assert_eq!(desk.sim.message(&canceled).unwrap().status, Status::Canceled);
    let again = desk.call(Method::POST, &message_path(&kept.sid()), &[("Status", "canceled")]).await;
    assert_eq!((again.status, again.json()["code"].as_u64()), (409, Some(30409)));
}

#[tokio::test]
async fn texts_can_be_redacted_and_messages_deleted_once_settled() {
    let desk = Desk::new();
    let sid = desk.send("secret").await.sid();
    let path = message_path(&sid);
    assert_eq!(desk.call(Method::POST, &path, &[("Body", "")]).await.json()["code"], 20009);
    assert_eq!(desk.call(Method::DELETE, &path, &[]).await.json()["code"], 20009);
    desk.run();
    assert_eq!(desk.call(Method::POST, &path, &[("Body", "other")]).await.json()["code"], 20001);
    assert_eq!(desk.call(Method::POST, &path, &[("Body", "")]).await.json()["body"], "");
    let deleted = desk.call(Method::DELETE, &path, &[]).await;
    assert_eq!((deleted.status, deleted.text.as_str()), (204, ""));
    for method in [Method::GET, Method::POST, Method::DELETE] {
        let answer = desk.call(method, &path, &[]).await;
        assert_eq!((answer.status, answer.json()["code"].as_u64()), (404, Some(20404)));
    }
    assert!(desk.sim.messages()[0].deleted);
    assert_eq!(desk.get(MESSAGES).await.json()["messages"], serde_json::json!([]));
}
