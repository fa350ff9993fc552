//! What Twilio reports of our messages, in whatever order it comes.

use std::time::Duration;

use hub_domain::status::MessageStatus;
use hub_sim::{CreateFault, Ending, Faults, Rule};

use crate::{
    hub::TestHub,
    setup::Setup,
    talk::{ANNA, sid},
};

/// A hub whose simulator takes messages and then says nothing of them; reports are the test's.
async fn silent() -> TestHub {
    let rules = vec![Rule { to: "*".to_owned(), ending: Ending::Queued, error_code: None }];
    Setup::new().with_sim(|sim| sim.rules = rules).start().await
}

/// Sends one message; its row and SID.
async fn sent(hub: &mut TestHub) -> (i64, String) {
    let answer = hub.api_sends(ANNA, "Dzień dobry").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let message = hub.written().await.pop().unwrap();
    (message.row, message.sid.unwrap().to_string())
}

async fn report(hub: &TestHub, sid: &str, status: &str, code: Option<&str>) {
    let mut fields = vec![("MessageSid", sid), ("MessageStatus", status)];
    fields.extend(code.map(|code| ("ErrorCode", code)));
    let answer = hub.twilio_posts("/twilio/status", &fields).await;
    assert_eq!((answer.status, answer.text()), (200, r#"{"status":"ok"}"#));
}

async fn status(hub: &TestHub, row: i64) -> &'static str {
    hub.store().message(row).await.unwrap().unwrap().status.as_str()
}

fn orders<T: Copy>(of: &[T]) -> Vec<Vec<T>> {
    if of.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for at in 0..of.len() {
        let mut rest = of.to_vec();
        let first = rest.remove(at);
        for mut order in orders(&rest) {
            order.insert(0, first);
            all.push(order);
        }
    }
    all
}

#[tokio::test]
async fn all_720_orders_of_the_statuses_end_the_same() {
    let mut hub = silent().await;
    let reports = [
        ("queued", None),
        ("sending", None),
        ("sent", None),
        ("failed", Some("30008")),
        ("undelivered", Some("30003")),
        ("delivered", None),
    ];
    let orders = orders(&reports);
    assert_eq!(orders.len(), 720);
    for order in orders {
        let (row, sid) = sent(&mut hub).await;
        for (status, code) in &order {
            report(&hub, &sid, status, *code).await;
        }
        let message = hub.store().message(row).await.unwrap().unwrap();
        assert_eq!((message.status.as_str(), message.error_code), ("delivered", Some(30003)), "{order:?}");
        assert_eq!(hub.store().status_reports(row).await.unwrap().len(), 6);
    }
}

#[tokio::test]
async fn a_late_report_never_pulls_a_message_back() {
    let mut hub = silent().await;
    let (row, sid) = sent(&mut hub).await;
    for (reported, stands) in [
        ("sent", "sent"),
        ("queued", "sent"),
        ("delivered", "delivered"),
        ("sent", "delivered"),
        ("undelivered", "delivered"),
        ("failed", "delivered"),
        ("accepted", "delivered"),
        ("read", "read"),
        ("delivered", "read"),
    ] {
        report(&hub, &sid, reported, None).await;
        assert_eq!(status(&hub, row).await, stands, "after {reported}");
    }
}

#[tokio::test]
async fn a_repeated_report_is_logged_and_changes_nothing() {
    let mut hub = silent().await;
    let (row, sid) = sent(&mut hub).await;
    report(&hub, &sid, "delivered", None).await;
    let before = hub.store().message(row).await.unwrap().unwrap();
    hub.jump(Duration::from_mins(1));
    for _ in 0..3 {
        report(&hub, &sid, "delivered", None).await;
    }
    assert_eq!(hub.store().message(row).await.unwrap().unwrap(), before);
    assert_eq!(hub.store().status_reports(row).await.unwrap().len(), 4);
}

#[tokio::test]
async fn a_report_of_a_sid_we_do_not_know_is_kept_and_acknowledged() {
    let hub = silent().await;
    report(&hub, &sid(7), "delivered", None).await;
    assert_eq!(hub.on_disk("SELECT sid || status FROM status_report"), [format!("{}delivered", sid(7))]);
    assert!(hub.messages().await.is_empty());
}

#[tokio::test]
async fn a_status_we_do_not_know_is_kept_and_changes_nothing() {
    let mut hub = silent().await;
    let (row, sid) = sent(&mut hub).await;
    report(&hub, &sid, "teleported", None).await;
    assert_eq!(status(&hub, row).await, "queued");
    assert_eq!(hub.store().status_reports(row).await.unwrap()[0].status, "teleported");
}

#[tokio::test]
async fn reports_under_the_older_names_count_too() {
    let mut hub = silent().await;
    let (row, sid) = sent(&mut hub).await;
    let fields = [("SmsSid", &*sid), ("SmsStatus", "delivered")];
    assert_eq!(hub.twilio_posts("/twilio/status", &fields).await.status, 200);
    assert_eq!(status(&hub, row).await, "delivered");
}

#[tokio::test]
async fn a_callback_that_overtakes_the_answer_of_its_call_is_no_second_message() {
    let mut hub = Setup::new().with_auto_reply("Oddzwonimy").start().await;
    let faults = Faults { next: [CreateFault::CallbackFirst].into(), ..Faults::default() };
    hub.sim.faults(faults);
    hub.phone(ANNA).writes("Hej");
    hub.run().await;
    let message = hub.only_written().await;
    // The callback said `sending`, the answer that came after it `queued`.
    assert_eq!(message.status.as_str(), "sending");
    assert_eq!(hub.outcomes(message.row).await, ["accepted"]);
    hub.advance(Duration::from_secs(10)).await;
    assert_eq!(hub.only_written().await.status.as_str(), "delivered");
    assert_eq!((hub.taken().len(), hub.sim.counts().creates), (1, 1));
}

#[tokio::test]
async fn callbacks_that_come_twice_and_shuffled_end_where_twilio_ended() {
    let mut hub = Setup::new().with_bot().start().await;
    let faults = Faults { duplicate_callbacks: 0.5, shuffled_callbacks: 0.7, ..Faults::default() };
    hub.sim.faults(Faults { callback_first: 0.3, duplicate_inbound: 0.5, ..faults });
    for number in 0..40 {
        hub.phone(ANNA).writes(&format!("{number}"));
        hub.advance(Duration::from_millis(700)).await;
    }
    hub.advance(Duration::from_mins(1)).await;
    let written = hub.written().await;
    assert_eq!((hub.received().await.len(), written.len(), hub.taken().len()), (40, 40, 40));
    assert!(written.iter().all(|message| message.status.as_str() == "delivered"));
}

#[tokio::test]
async fn a_failed_message_keeps_its_code_and_21610_is_an_opt_out() {
    let mut hub = silent().await;
    let (row, sid) = sent(&mut hub).await;
    report(&hub, &sid, "failed", Some("21610")).await;
    let message = hub.store().message(row).await.unwrap().unwrap();
    assert_eq!((message.status.as_str(), message.error_code), ("failed", Some(21610)));
    assert!(hub.store().suppression(ANNA.to_owned()).await.unwrap().is_some());
    assert_eq!(hub.api_sends(ANNA, "Jeszcze jedno").await.status, 409);
    // An error once seen stays, whatever comes after.
    report(&hub, &sid, "delivered", None).await;
    let message = hub.store().message(row).await.unwrap().unwrap();
    assert!(matches!(message.status, MessageStatus::Reported(_)));
    assert_eq!((message.status.as_str(), message.error_code), ("delivered", Some(21610)));
}

#[tokio::test]
async fn a_report_without_its_fields_is_400_in_the_original_shape() {
    let hub = silent().await;
    let id = &*sid(1);
    for (fields, words) in [
        (vec![], "Missing MessageSid"),
        (vec![("MessageStatus", "sent")], "Missing MessageSid"),
        (vec![("MessageSid", id)], "Missing status"),
        (vec![("MessageSid", id), ("MessageStatus", "")], "Missing status"),
        (vec![("MessageSid", "SM/1"), ("MessageStatus", "sent")], "MessageSid is not a message SID"),
    ] {
        let answer = hub.twilio_posts("/twilio/status", &fields).await;
        assert_eq!(answer.status, 400, "{fields:?}");
        assert_eq!(answer.json(), serde_json::json!({ "status": "error", "message": words }));
    }
}

#[tokio::test]
async fn a_report_with_a_strange_attempt_in_its_address_is_an_ordinary_report() {
    let mut hub = silent().await;
    let (row, sid) = sent(&mut hub).await;
    for query in ["attempt=x", "attempt=", "attempt=00000000-0000-7000-8000-000000000000", "other=1"] {
        let fields = [("MessageSid", &*sid), ("MessageStatus", "sent")];
        let answer = hub.twilio_posts(&format!("/twilio/status?{query}"), &fields).await;
        assert_eq!(answer.status, 200, "{query}");
    }
    assert_eq!(status(&hub, row).await, "sent");
}
