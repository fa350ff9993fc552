//! `POST Messages.json`: the answer's shape and every refusal.

use http::Method;
use hub_sim::Template;
use serde_json::json;

use crate::desk::{Desk, MESSAGES, OURS, PERSON, SERVICE};

const TEMPLATE: &str = "HX0123456789abcdef0123456789abcdef";

#[tokio::test]
async fn answer_has_twilios_shape() {
    let desk = Desk::new();
    let answer = desk.send("Zażółć").await;
    let sid = answer.sid();
    let path = format!("/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Messages/{sid}");
    assert_eq!(sid.len(), 34);
    assert_eq!(answer.headers["content-type"], "application/json");
    assert_eq!(
        answer.json(),
        json!({
            "account_sid": "AC0123456789abcdef0123456789abcdef",
            "api_version": "2010-04-01",
            "body": "Zażółć",
            "date_created": "Sun, 22 Nov 2026 10:00:00 +0000",
            "date_sent": null,
            "date_updated": "Sun, 22 Nov 2026 10:00:00 +0000",
            "direction": "outbound-api",
            "error_code": null,
            "error_message": null,
            "from": OURS,
            "messaging_service_sid": null,
            "num_media": "0",
            "num_segments": "1",
            "price": null,
            "price_unit": "USD",
            "sid": sid,
            "status": "queued",
            "subresource_uris": { "media": format!("{path}/Media.json") },
            "tags": null,
            "to": PERSON,
            "uri": format!("{path}.json"),
        })
    );
}

async fn check(form: &[(&str, &str)], expect: u64) {
    let desk = Desk::with(|config| {
        config.numbers.push("Bank".into());
        config.templates =
            vec![Template { sid: TEMPLATE.into(), text: "Hi {{1}}".into(), ..Template::default() }];
        config.messaging_services = vec![hub_sim::Service {
            sid: SERVICE.into(),
            numbers: vec![OURS.into()],
            advanced_opt_out: false,
        }];
    });
    let answer = desk.create(form).await;
    let code = answer.json()["code"].as_u64().unwrap_or(0);
    assert_eq!(code, expect, "{form:?}: {}", answer.text);
    let counts = desk.sim.counts();
    assert_eq!((counts.accepted, counts.refused), if expect == 0 { (1, 0) } else { (0, 1) });
    if expect != 0 {
        assert_eq!(answer.status, 400);
        assert_eq!(answer.json()["status"], 400);
        assert_eq!(answer.json()["more_info"], format!("https://www.twilio.com/docs/errors/{expect}"));
    }
}

#[tokio::test]
async fn receivers_and_senders_are_checked() {
    let body = ("Body", "x");
    for (to, from, expect) in [
        (PERSON, OURS, 0),
        (PERSON, "Bank", 0),
        ("whatsapp:+48500100123", "whatsapp:+48500100900", 0),
        ("", OURS, 21604),
        (PERSON, "", 21603),
        ("500100123", OURS, 21211),
        ("+0500100123", OURS, 21211),
        ("+4850010012345678", OURS, 21211),
        ("+15005550001", OURS, 21211),
        ("+15005550002", OURS, 21612),
        ("+15005550003", OURS, 21408),
        ("+15005550004", OURS, 21610),
        ("+15005550009", OURS, 21614),
        (PERSON, "+15005550001", 21212),
        (PERSON, "+15005550007", 21606),
        (PERSON, "+15005550008", 21611),
        (PERSON, "12345678901", 21212),
        (PERSON, "TooLongAName", 21212),
        (PERSON, "Other", 21606),
        (PERSON, "+48500100901", 21606),
        (PERSON, "whatsapp:+48500100900", 21910),
        ("whatsapp:+48500100123", "whatsapp:+48500100901", 63007),
        (OURS, OURS, 21266),
    ] {
        check(&[("To", to), ("From", from), body], expect).await;
    }
    check(&[("To", PERSON), ("MessagingServiceSid", SERVICE), body], 0).await;
    check(&[("To", PERSON), ("MessagingServiceSid", "MGnone"), body], 21701).await;
    check(&[("To", "whatsapp:+48500100123"), ("MessagingServiceSid", SERVICE), body], 21703).await;
}

#[tokio::test]
async fn content_is_checked() {
    let (to, from) = (("To", PERSON), ("From", OURS));
    let (longest, too_long) = ("ż".repeat(1600), "ż".repeat(1601));
    let picture = ("MediaUrl", "https://example.com/a.jpg");
    check(&[to, from], 21619).await;
    check(&[to, from, ("Body", "")], 21602).await;
    check(&[to, from, ("Body", &longest)], 0).await;
    check(&[to, from, ("Body", &too_long)], 21617).await;
    check(&[to, from, picture], 0).await;
    check(&[to, from, ("MediaUrl", "a.jpg")], 21620).await;
    check(&[&[to, from][..], &[picture; 10]].concat(), 0).await;
    check(&[&[to, from][..], &[picture; 11]].concat(), 21623).await;
    check(&[to, from, ("ContentSid", TEMPLATE), ("ContentVariables", r#"{"1":"x"}"#)], 0).await;
    check(&[to, from, ("ContentSid", "HXnone")], 21655).await;
    check(&[to, from, ("ContentSid", TEMPLATE), ("ContentVariables", "[")], 21656).await;
    check(&[to, from, ("ContentVariables", "{}")], 21654).await;
}

#[tokio::test]
async fn callbacks_and_schedules_are_checked() {
    let basics = [("To", PERSON), ("From", OURS), ("Body", "x")];
    let service =
        [("To", PERSON), ("MessagingServiceSid", SERVICE), ("Body", "x"), ("ScheduleType", "fixed")];
    check(&[&basics[..], &[("StatusCallback", "/twilio/status")]].concat(), 21609).await;
    check(&[&basics[..], &[("StatusCallback", "https://my_hub.example.com/s")]].concat(), 21609).await;
    check(&[&basics[..], &[("ScheduleType", "fixed"), ("SendAt", "2026-11-22T11:00:00Z")]].concat(), 35118)
        .await;
    check(&service, 35111).await;
    for (send_at, expect) in [
        ("2026-11-22T10:04:59Z", 35114),
        ("2026-11-22T10:05:00Z", 0),
        ("2026-12-27T10:00:00Z", 0),
        ("2026-12-27T10:00:01Z", 35114),
        ("tomorrow", 35114),
    ] {
        check(&[&service[..], &[("SendAt", send_at)]].concat(), expect).await;
    }
}

#[tokio::test]
async fn templates_are_filled_and_media_make_mms() {
    let desk = Desk::with(|config| {
        config.templates =
            vec![Template { sid: TEMPLATE.into(), text: "Hi {{1}}, {{2}}!".into(), ..Template::default() }];
    });
    let variables = ("ContentVariables", r#"{"1":"Anna","2":5}"#);
    let answer =
        desk.create(&[("To", PERSON), ("From", OURS), ("ContentSid", TEMPLATE), variables]).await.json();
    assert_eq!(answer["body"], "Hi Anna, 5!");
    let url = ("MediaUrl", "https://example.com/a.PNG?x=1");
    let answer = desk.create(&[("To", PERSON), ("From", OURS), url, url]).await;
    assert!(answer.sid().starts_with("MM"));
    assert_eq!(answer.json()["num_media"], "2");
    assert_eq!(desk.sim.message(&answer.sid()).unwrap().media[0].content_type, "image/png");
}

#[tokio::test]
async fn credentials_are_checked() {
    let desk = Desk::with(|config| config.api_keys = vec![("SK1".into(), "secret".into())]);
    let account = MESSAGES.replace("/Messages.json", ".json");
    for (user, password, path, status, code) in [
        ("AC0123456789abcdef0123456789abcdef", "simulated-auth-token", account.as_str(), 200, None),
        ("SK1", "secret", &account, 200, None),
        ("SK1", "wrong", &account, 401, Some(20003)),
        ("AC0123456789abcdef0123456789abcdef", "secret", &account, 401, Some(20003)),
        ("SK1", "secret", "/2010-04-01/Accounts/ACother/Messages.json", 404, Some(20404)),
    ] {
        let answer = desk.call_as(user, password, Method::GET, path, &[]).await;
        assert_eq!((answer.status, answer.json()["code"].as_u64()), (status, code), "{user} {path}");
    }
    let counts = desk.sim.counts();
    assert_eq!((counts.requests, counts.creates), (5, 0));
}
