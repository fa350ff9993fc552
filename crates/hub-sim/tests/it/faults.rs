//! Every fault, and that a seed repeats them.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hub_sim::{ConnectionFault, CreateFault, Faults, WebhookAnswer};

use crate::desk::{Desk, MESSAGES, OURS, statuses};

/// What a create with this fault looks like from outside, and what became of it.
async fn check(fault: CreateFault, status: u16, connection: Option<ConnectionFault>, is_accepted: bool) {
    let desk = Desk::with_faults(Faults { next: [fault.clone()].into(), ..Faults::default() });
    let answer = desk.send("x").await;
    assert_eq!((answer.status, answer.fault), (status, connection), "{fault:?}");
    assert_eq!(desk.sim.messages().len(), usize::from(is_accepted), "{fault:?}");
    let counts = desk.sim.counts();
    let is_hidden = is_accepted && status != 201;
    assert_eq!(counts.creates, counts.accepted + counts.refused + counts.lost, "{fault:?}");
    assert_eq!(counts.accepted, usize::from(is_accepted), "{fault:?}");
    assert_eq!(counts.hidden, usize::from(is_hidden || fault == CreateFault::Garbage), "{fault:?}");
    assert_eq!(desk.send("y").await.status, 201, "only the next create was planned");
}

#[tokio::test]
async fn scripted_creates() {
    let (cut, hang) = (Some(ConnectionFault::Cut), Some(ConnectionFault::Hang));
    check(CreateFault::Fine, 201, None, true).await;
    check(CreateFault::Throttled, 429, None, false).await;
    check(CreateFault::Unauthorized, 401, None, false).await;
    check(CreateFault::QueueFull, 400, None, false).await;
    check(CreateFault::HtmlError, 503, None, false).await;
    check(CreateFault::Slow { ms: 5_000 }, 201, None, true).await;
    check(CreateFault::ErrorBefore, 500, None, false).await;
    check(CreateFault::ErrorAfter, 500, None, true).await;
    check(CreateFault::CutBefore, 502, cut, false).await;
    check(CreateFault::CutAfter, 502, cut, true).await;
    check(CreateFault::HangBefore, 502, hang, false).await;
    check(CreateFault::HangAfter, 502, hang, true).await;
    check(CreateFault::Garbage, 201, None, true).await;
    check(CreateFault::CallbackFirst, 201, None, true).await;
    check(CreateFault::Refused { status: 400, code: 30001 }, 400, None, false).await;
}

#[tokio::test]
async fn bodies_of_faulty_answers() {
    let next = [CreateFault::Throttled, CreateFault::ErrorAfter, CreateFault::Garbage].into();
    let desk = Desk::with_faults(Faults { next, ..Faults::default() });
    let throttled = desk.send("x").await;
    assert_eq!(throttled.json()["code"], 20429);
    assert!(throttled.headers.contains_key("twilio-concurrent-requests"));
    assert_eq!(desk.send("x").await.json()["code"], 20500);
    assert!(serde_json::from_str::<serde_json::Value>(&desk.send("x").await.text).is_err());
}

#[tokio::test]
async fn hidden_messages_still_report_their_status() {
    let desk = Desk::with_faults(Faults { cut_after: 1.0, ..Faults::default() });
    desk.send("x").await;
    assert_eq!(statuses(&desk.run()), ["sending", "sent", "delivered"]);
}

#[tokio::test]
async fn each_probability_is_its_own_fault() {
    for (name, is_accepted) in [
        ("throttled", false),
        ("queue_full", false),
        ("html_errors", false),
        ("error_before", false),
        ("error_after", true),
        ("cut_before", false),
        ("cut_after", true),
        ("hang_before", false),
        ("hang_after", true),
        ("garbage", true),
    ] {
        let faults: Faults = serde_json::from_value(serde_json::json!({ name: 1.0 })).unwrap();
        let desk = Desk::with_faults(faults);
        let answer = desk.send("x").await;
        assert!(answer.status != 201 || name == "garbage", "{name}");
        assert_eq!(desk.sim.counts().accepted, usize::from(is_accepted), "{name}");
        assert_eq!(answer.fault.is_some(), name.starts_with("cut") || name.starts_with("hang"), "{name}");
    }
}

#[tokio::test]
async fn throttling_comes_in_bursts() {
    let desk = Desk::with_faults(Faults { throttled: 0.2, throttled_burst: 4, ..Faults::default() });
    let mut statuses = Vec::new();
    for _ in 0..200 {
        statuses.push(desk.send("x").await.status);
    }
    let runs: Vec<_> = statuses.chunk_by(|a, b| a == b).filter(|run| run[0] == 429).collect();
    assert!(runs.len() > 5, "{statuses:?}");
    // The last one may be cut short by the end.
    assert!(runs[..runs.len() - 1].iter().all(|run| run.len() >= 5), "{statuses:?}");
}

#[tokio::test]
async fn refused_credentials_and_proxies_pages_reach_every_call() {
    let desk = Desk::with_faults(Faults { unauthorized: true, ..Faults::default() });
    for answer in [desk.send("x").await, desk.get(MESSAGES).await] {
        assert_eq!((answer.status, answer.json()["code"].as_u64()), (401, Some(20003)));
        assert!(answer.headers.contains_key("www-authenticate"));
    }
    desk.sim.faults(Faults { html_errors: 1.0, ..Faults::default() });
    for answer in [desk.send("x").await, desk.get(MESSAGES).await] {
        assert_eq!((answer.status, answer.headers["content-type"].to_str().unwrap()), (503, "text/html"));
        assert!(answer.text.starts_with("<html>"));
    }
    assert_eq!(desk.sim.counts().accepted, 0);
}

#[tokio::test]
async fn a_slow_answer_says_how_slow() {
    let next = [CreateFault::Slow { ms: 5_000 }].into();
    let desk = Desk::with_faults(Faults { next, latency_min_ms: 20, ..Faults::default() });
    assert_eq!(desk.send("x").await.latency, Some(Duration::from_millis(5_020)));
    assert_eq!(desk.send("x").await.latency, Some(Duration::from_millis(20)));
}

#[tokio::test]
async fn a_broken_off_page_is_a_success_that_cannot_be_read() {
    let desk = Desk::with_faults(Faults { truncated_pages: 1.0, ..Faults::default() });
    desk.send("x").await;
    let answer = desk.get(MESSAGES).await;
    assert_eq!(answer.status, 200);
    assert!(serde_json::from_str::<serde_json::Value>(&answer.text).is_err());
}

#[tokio::test]
async fn a_status_nobody_knows_comes_signed() {
    let desk = Desk::with_faults(Faults { unknown_statuses: 1.0, ..Faults::default() });
    desk.send("x").await;
    let webhooks = desk.run();
    let told = statuses(&webhooks);
    assert_eq!(told.iter().filter(|status| **status == "teleported").count(), 3, "{told:?}");
    let strange = webhooks.iter().find(|webhook| webhook.param("SmsStatus") == Some("teleported")).unwrap();
    let fields: Vec<_> = form_urlencoded::parse(strange.form_body.as_bytes()).into_owned().collect();
    let token = &hub_sim::SimConfig::default().auth_token;
    assert_eq!(strange.signature, hub_sim::sign(token, &strange.url, &fields));
}

#[tokio::test]
async fn probabilities_add_up() {
    let desk = Desk::with_faults(Faults { throttled: 0.5, error_before: 0.5, ..Faults::default() });
    for _ in 0..50 {
        assert_ne!(desk.send("x").await.status, 201);
    }
}

#[tokio::test]
async fn unknown_faults_are_refused() {
    assert!(serde_json::from_str::<Faults>(r#"{"trottled": 1.0}"#).is_err());
    let faults: Faults =
        serde_json::from_str(r#"{"next": ["cut_after", {"refused": {"status": 400, "code": 1}}]}"#).unwrap();
    assert_eq!(faults.next, [CreateFault::CutAfter, CreateFault::Refused { status: 400, code: 1 }]);
}

#[tokio::test]
async fn down_cuts_everything() {
    let desk = Desk::with_faults(Faults { down: true, ..Faults::default() });
    assert_eq!(desk.send("x").await.fault, Some(ConnectionFault::Cut));
    assert_eq!(desk.get(MESSAGES).await.fault, Some(ConnectionFault::Cut));
    desk.sim.faults(Faults::default());
    assert_eq!(desk.send("x").await.status, 201);
}

#[tokio::test]
async fn latency_is_within_its_limits() {
    let desk = Desk::with_faults(Faults { latency_min_ms: 20, latency_max_ms: 40, ..Faults::default() });
    for _ in 0..50 {
        let latency = desk.send("x").await.latency.unwrap();
        assert!((20..=40).contains(&latency.as_millis()));
    }
    desk.sim.faults(Faults::default());
    assert_eq!(desk.send("x").await.latency, None);
}

#[tokio::test]
async fn a_callback_overtakes_the_answer() {
    let desk = Desk::with_faults(Faults { callback_first: 1.0, ..Faults::default() });
    let delivered = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&delivered);
    desk.sim.set_deliver(Arc::new(move |webhook| {
        seen.lock().unwrap().push(webhook);
        Box::pin(async {
            Ok(WebhookAnswer { status: 204, content_type: String::new(), body: String::new() })
        })
    }));
    let answer = desk.send("x").await;
    assert_eq!(answer.json()["status"], "queued", "the answer is as old as the create");
    assert_eq!(statuses(&delivered.lock().unwrap()), ["sending"], "delivered before the answer");
    assert_eq!(desk.sim.webhook_log().len(), 1);
    assert_eq!(statuses(&desk.run()), ["sent", "delivered"]);
}

#[tokio::test]
async fn without_a_hook_an_overtaking_callback_is_due_at_once() {
    let desk = Desk::with_faults(Faults { callback_first: 1.0, ..Faults::default() });
    desk.send("x").await;
    assert_eq!(statuses(&desk.sim.due_webhooks()), ["sending"]);
}

#[tokio::test]
async fn callbacks_are_doubled_dropped_or_shuffled() {
    let doubled = Desk::with_faults(Faults { duplicate_callbacks: 1.0, ..Faults::default() });
    doubled.send("x").await;
    assert_eq!(statuses(&doubled.run()), ["sending", "sending", "sent", "sent", "delivered", "delivered"]);

    let dropped = Desk::with_faults(Faults { dropped_callbacks: 1.0, ..Faults::default() });
    dropped.send("x").await;
    assert_eq!(dropped.run(), []);

    let shuffled = Desk::with_faults(Faults { shuffled_callbacks: 0.5, ..Faults::default() });
    let mut orders = BTreeSet::new();
    for _ in 0..40 {
        shuffled.send("x").await;
        orders.insert(statuses(&shuffled.run()).join(" "));
    }
    assert_eq!(orders.len(), 6, "every order occurs: {orders:?}");
}

/// A day of trouble: statuses of the answers, SIDs, and the callbacks.
async fn trouble(seed: u64) -> Vec<String> {
    let desk = Desk::with(|config| config.seed = seed);
    desk.sim.faults(Faults {
        error_after: 0.2,
        throttled: 0.2,
        cut_before: 0.2,
        duplicate_callbacks: 0.3,
        shuffled_callbacks: 0.3,
        ..Faults::default()
    });
    let mut story = Vec::new();
    for number in 0..30 {
        story.push(desk.send(&number.to_string()).await.status.to_string());
        desk.text("+48500100200", OURS, "Hi");
        desk.advance(Duration::from_millis(300));
    }
    story.extend(desk.run().into_iter().map(|webhook| webhook.form_body));
    story
}

#[tokio::test]
async fn a_seed_repeats_the_story() {
    let first = trouble(3).await;
    assert_eq!(first, trouble(3).await);
    assert_ne!(first, trouble(4).await);
}
