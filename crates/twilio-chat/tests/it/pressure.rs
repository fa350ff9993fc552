//! Delivery under pressure: refused accounts, pacing, closed windows, folded texts.

use std::time::Duration;

use axum::http::{Method, Request};
use hub_domain::{address::Address, ids::MessageId, message::Origin};
use hub_sim::{CreateFault, Faults};
use hub_store::{EventKind, NewOutbound, Submitted};
use serde_json::{Value, json};
use twilio_chat::{
    app::send::{SendRequest, Standing, Through},
    jobs, start,
};

use crate::{
    hub::TestHub,
    setup::Setup,
    talk::{ANNA, bearer},
};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);

/// Twilio refuses the next calls so.
fn refusing(calls: usize, status: u16, code: u32) -> Faults {
    let next = std::iter::repeat_n(CreateFault::Refused { status, code }, calls).collect();
    Faults { next, ..Faults::default() }
}

/// Writes a message of a campaign down.
async fn queue(hub: &TestHub, number: u128, to: &str, origin: Origin) -> i64 {
    let message = NewOutbound {
        id: MessageId(uuid::Uuid::from_u128(number + 1)),
        to: Address::from_typed(to).unwrap(),
        from: hub.number().to_owned(),
        service: None,
        body: format!("nr {number}"),
        media_urls: Vec::new(),
        template: None,
        origin,
    };
    let submitted = hub.store().submit(message, None, hub.now()).await.unwrap();
    let Submitted::Queued { row, .. } = submitted else { panic!("{submitted:?}") };
    row
}

/// To ten people in turn, so that each conversation has its own order to keep.
fn person(number: u128) -> String {
    format!("+4850010010{}", number % 10)
}

async fn campaign(hub: &TestHub, size: u128) {
    for number in 0..size {
        queue(hub, number, &person(number), Origin::Api).await;
    }
}

/// When each create was made, in seconds since `begun`.
fn creates(hub: &TestHub, begun: jiff::Timestamp) -> Vec<i64> {
    let lines = hub.trace.lines();
    let posts = lines.iter().filter(|(_, line)| line.starts_with("POST Messages.json"));
    posts.map(|(at, _)| at.duration_since(begun).as_secs()).collect()
}

async fn about_all(hub: &TestHub) -> Vec<EventKind> {
    let about_all = [EventKind::SendingStopped, EventKind::SendingResumed];
    let events = hub.store().events_after(0, 1_000_000).await.unwrap();
    events.into_iter().map(|event| event.kind).filter(|kind| about_all.contains(kind)).collect()
}

#[tokio::test]
async fn a_campaign_whose_account_is_refused_waits_with_one_alarm_and_one_probe_a_minute() {
    let mut hub = TestHub::start().await;
    campaign(&hub, 200).await;
    let begun = hub.now();
    hub.sim.faults(refusing(6, 401, 20003));
    hub.advance(5 * MINUTE).await;
    assert_eq!(creates(&hub, begun), [0, 60, 120, 180, 240, 300]);
    assert_eq!(about_all(&hub).await, [EventKind::SendingStopped]);
    let health = hub.get("/api/health").await.json();
    assert_eq!(health["twilio"], "credentials_refused");
    assert_eq!(health["sending"]["stopped"], true);
    assert_eq!(health["sending"]["since"], "2026-11-22T10:00:00");
    assert_eq!((&health["sending"]["http_status"], &health["sending"]["code"]), (&401.into(), &20003.into()));
    assert!(health["sending"]["advice"].as_str().unwrap().contains("Account SID"), "{health}");
    assert_eq!(health["queue"]["deliver"], 200);
    assert!(hub.written().await.iter().all(|message| message.status.as_str() == "pending"));
    // A person writes meanwhile: theirs tries next, and with it everything goes on.
    let human = queue(&hub, 1000, ANNA, Origin::Human).await;
    hub.advance(59 * SECOND).await;
    assert!(hub.taken().is_empty());
    hub.advance(2 * MINUTE).await;
    let taken = hub.taken();
    assert_eq!((taken.len(), taken[0].body.as_str()), (201, "nr 1000"));
    assert_eq!(hub.outcomes(human).await, ["accepted"]);
    let mut seen = std::collections::HashMap::new();
    for message in &taken[1..] {
        let number: i32 = message.body[3..].parse().unwrap();
        let before = seen.insert(message.to.clone(), number);
        assert!(before.is_none_or(|before| before < number), "{} overtook {before:?}", message.body);
    }
    assert_eq!(about_all(&hub).await, [EventKind::SendingStopped, EventKind::SendingResumed]);
    let health = hub.get("/api/health").await.json();
    assert_eq!((&health["twilio"], &health["sending"]), (&"ok".into(), &json!({ "stopped": false })));
}

#[tokio::test]
async fn the_calls_under_way_when_the_account_is_refused_give_one_alarm() {
    let mut hub = TestHub::start().await;
    for number in 0..40 {
        queue(&hub, number, &format!("+485001001{number:02}"), Origin::Api).await;
    }
    hub.sim.faults(refusing(1000, 401, 20003));
    let app = hub.app().clone();
    jobs::run_due_at_once(&app, start::SERVE_WORKER, 32).await;
    // However many had begun before the first was answered.
    let under_way = hub.sim.counts().creates;
    assert!((1..=32).contains(&under_way), "{under_way}");
    assert_eq!(about_all(&hub).await, [EventKind::SendingStopped]);
    hub.advance(10 * MINUTE).await;
    assert_eq!(hub.sim.counts().creates, under_way + 10);
    assert_eq!(about_all(&hub).await, [EventKind::SendingStopped]);
    hub.sim.faults(Faults::default());
    hub.advance(2 * MINUTE).await;
    assert_eq!(hub.taken().len(), 40);
}

#[tokio::test]
async fn refused_for_days_nothing_is_held_and_a_suspended_account_is_told_apart() {
    let mut hub = TestHub::start().await;
    queue(&hub, 1, ANNA, Origin::Api).await;
    hub.sim.faults(refusing(100_000, 403, 20005));
    hub.advance(50 * HOUR).await;
    assert_eq!(hub.only_written().await.status.as_str(), "pending");
    assert_eq!(hub.get("/api/health").await.json()["twilio"], "account_refused");
    hub.sim.faults(Faults::default());
    hub.advance(MINUTE).await;
    assert_eq!(hub.taken().len(), 1);
}

#[tokio::test]
async fn a_lookup_that_twilio_refuses_to_answer_waits_and_counts_for_nothing() {
    let mut hub = TestHub::start().await;
    hub.sim.faults(Faults {
        next: [CreateFault::CutAfter].into(),
        dropped_callbacks: 1.0,
        ..Faults::default()
    });
    queue(&hub, 1, ANNA, Origin::Api).await;
    hub.run().await;
    hub.refuse_credentials(true);
    hub.advance(24 * HOUR).await;
    assert_eq!(hub.only_written().await.status.as_str(), "unknown");
    hub.refuse_credentials(false);
    hub.advance(3 * MINUTE).await;
    assert_eq!(hub.outcomes(1).await, ["accepted"]);
}

#[tokio::test]
async fn a_paced_campaign_leaves_at_its_rate_and_a_person_within_seconds() {
    let mut hub = Setup::new().with("TWILIO_SEGMENTS_PER_SECOND", "2").start().await;
    let begun = hub.now();
    campaign(&hub, 100).await;
    hub.advance(10 * SECOND).await;
    let so_far = creates(&hub, begun).len();
    assert!((20..=23).contains(&so_far), "{so_far} in ten seconds at two a second");
    let human = queue(&hub, 1000, ANNA, Origin::Human).await;
    hub.advance(4 * SECOND).await;
    assert_eq!(hub.outcomes(human).await, ["accepted"]);
    hub.advance(2 * MINUTE).await;
    let taken = hub.taken();
    assert_eq!(taken.len(), 101);
    let last = *creates(&hub, begun).last().unwrap();
    assert!((48..=52).contains(&last), "the last left after {last} s");
    let mut seen = std::collections::HashMap::new();
    for message in taken.iter().filter(|message| message.body != "nr 1000") {
        let number: i32 = message.body[3..].parse().unwrap();
        let before = seen.insert(message.to.clone(), number);
        assert!(before.is_none_or(|before| before < number), "{} overtook {before:?}", message.body);
    }
    let refusals = hub.on_disk("SELECT 'x' FROM attempt WHERE outcome <> 'accepted'");
    assert!(refusals.is_empty(), "waiting is no failure");
}

#[tokio::test]
async fn the_command_line_waits_for_its_moment_and_says_what_folding_saved() {
    let mut hub = Setup::new().with("TWILIO_SEGMENTS_PER_SECOND", "100").start().await;
    for number in 0..120 {
        queue(&hub, number, &format!("+48500100{number:03}"), Origin::Human).await;
    }
    let app = hub.app().clone();
    jobs::run_due(&app, start::SERVE_WORKER).await;
    hub.jump(5 * SECOND);
    let body = "Zażółć gęślą jaźń „tak” ".repeat(4);
    let through = Through::NumberFirst;
    let request = SendRequest { to: ANNA.to_owned(), body, fold: true, through, origin: Origin::Cli };
    let sent = app.send_here(&request, "cli:1".to_owned()).await.unwrap();
    assert_eq!(sent.standing, Standing::Accepted);
    let folding = sent.folding.unwrap();
    assert_eq!((folding.before, folding.after), (2, 1));
    assert!(hub.taken().last().unwrap().body.starts_with("Zazolc gesla jazn \"tak\""));
    hub.advance(MINUTE).await;
}

async fn posted(hub: &mut TestHub, path: &str, body: &Value) -> (u16, Value) {
    let answer = hub.post(path, body).await.unwrap();
    (answer.status, answer.json())
}

#[tokio::test]
async fn a_folded_send_says_what_it_saved_and_nobody_else_is_told() {
    let mut hub = TestHub::start().await;
    let text = "ą".repeat(100);
    for path in ["/api/messages", "/api/send-message"] {
        let (status, answer) =
            posted(&mut hub, path, &json!({ "to": ANNA, "body": text, "fold": true })).await;
        assert_eq!((status, &answer["segments"]), (200, &json!({ "before": 2, "after": 1 })), "{answer}");
        assert_eq!(hub.taken().last().unwrap().body, "a".repeat(100));
        let (_, answer) = posted(&mut hub, path, &json!({ "to": ANNA, "body": text })).await;
        assert_eq!(answer.get("segments"), None);
        assert_eq!(hub.taken().last().unwrap().body, text);
    }
    hub.advance(MINUTE).await;
}

#[tokio::test]
async fn a_closed_whatsapp_window_is_a_409_with_advice_and_a_template_passes() {
    const PERSON: &str = "whatsapp:+48500100203";
    let template = "HX0123456789abcdef0123456789abcdef";
    let setup = Setup::new().with("TWILIO_DEFAULT_FROM", "whatsapp:+48500100900").with_sim(|sim| {
        sim.templates = vec![hub_sim::Template {
            sid: template.to_owned(),
            text: "Dzień dobry".to_owned(),
            ..hub_sim::Template::default()
        }];
    });
    let mut hub = setup.start().await;
    let ends = async |hub: &TestHub| {
        let answer = hub.get("/api/conversations/+48500100203").await;
        answer.json()["whatsapp_window_ends_at"].clone()
    };
    assert_eq!(ends(&hub).await, Value::Null);
    let free = json!({ "to": PERSON, "body": "Hej" });
    for path in ["/api/messages", "/api/send-message"] {
        let (status, answer) = posted(&mut hub, path, &free).await;
        assert_eq!(status, 409);
        assert!(answer["error"].as_str().unwrap().contains("szablon"), "{answer}");
    }
    assert!(hub.written().await.is_empty());
    let approved = json!({ "to": PERSON, "content_sid": template });
    assert_eq!(posted(&mut hub, "/api/send-message", &approved).await.0, 200);
    // What they write to another number of ours opens nothing for this one.
    let to_another =
        [("MessageSid", "SM7"), ("From", PERSON), ("To", "whatsapp:+48500100901"), ("Body", "Hej")];
    hub.twilio_posts("/twilio/inbound", &to_another).await;
    hub.run().await;
    assert_eq!(ends(&hub).await, Value::Null);
    assert_eq!(posted(&mut hub, "/api/messages", &free).await.0, 409);
    hub.phone(PERSON).writes("Dzień dobry");
    hub.run().await;
    assert_eq!(ends(&hub).await, "2026-11-23T10:00:00");
    assert_eq!(posted(&mut hub, "/api/messages", &free).await.0, 200);
    hub.advance(24 * HOUR).await;
    assert_eq!(ends(&hub).await, Value::Null);
    assert_eq!(posted(&mut hub, "/api/messages", &free).await.0, 409);
    assert_eq!(hub.taken().len(), 2);
}

#[tokio::test]
async fn an_automatic_reply_that_is_late_for_the_window_is_canceled_and_says_so() {
    const PERSON: &str = "whatsapp:+48500100203";
    let mut hub = Setup::new().with_auto_reply("Oddzwonimy").start().await;
    hub.phone(PERSON).writes("Hej");
    hub.post_webhooks().await;
    hub.cut_off(true);
    hub.run_jobs().await;
    // Nothing went out and nothing ran for a day.
    hub.jump(24 * HOUR);
    hub.cut_off(false);
    hub.advance(MINUTE).await;
    let message = hub.only_written().await;
    assert_eq!((message.status.as_str(), message.error_text.as_deref()), ("canceled", Some("window_closed")));
    assert!(hub.taken().is_empty());
    assert!(hub.listed().await[0]["error"].as_str().unwrap().contains("24 godziny"));
}

#[tokio::test]
async fn a_previous_token_sends_until_the_new_one_is_in_force() {
    let old = hub_sim::SimConfig::default().auth_token;
    let setup =
        Setup::new().with("TWILIO_AUTH_TOKEN", "the-new-one").with("TWILIO_AUTH_TOKEN_PREVIOUS", &old);
    let mut hub = setup.without_recovery().start().await;
    assert_eq!(hub.api_sends(ANNA, "Hej").await.status, 200);
    assert_eq!(hub.get("/api/health").await.json()["twilio"], "ok");
    assert_eq!(hub.sim.counts().requests, 2, "the new one was refused first");
    assert_eq!(hub.api_sends(ANNA, "Hej").await.status, 200);
    assert_eq!(hub.sim.counts().requests, 3, "and is not tried each time");
    hub.advance(MINUTE).await;
}

#[tokio::test]
async fn old_events_are_removed_while_the_hub_runs() {
    let mut hub = TestHub::start().await;
    hub.api_sends(ANNA, "Hej").await;
    hub.advance(MINUTE).await;
    let kept = |hub: &TestHub| hub.on_disk("SELECT kind FROM event").len();
    assert!(kept(&hub) > 0);
    hub.jump(8 * 24 * HOUR);
    let stop = tokio_util::sync::CancellationToken::new();
    let workers = jobs::Workers::start(hub.app(), start::SERVE_WORKER, &stop);
    while kept(&hub) > 0 {
        tokio::task::yield_now().await;
    }
    stop.cancel();
    workers.drained().await;
    let request: Request<axum::body::Body> = bearer(Method::GET, "/api/messages", axum::body::Body::empty());
    assert_eq!(hub.ask(request).await.status, 200);
}

#[tokio::test]
async fn folding_leaves_alone_what_it_would_not_shorten_and_every_link() {
    let mut hub = TestHub::start().await;
    let link = "https://a.example/Łódź";
    let dots = "…".repeat(60);
    let beside_a_link = format!("{} {link}", "ż".repeat(90));
    for text in ["Dziękuję 👍", "Zażółć", &dots, &beside_a_link] {
        for path in ["/api/messages", "/api/send-message"] {
            let (status, answer) =
                posted(&mut hub, path, &json!({ "to": ANNA, "body": text, "fold": true })).await;
            assert_eq!((status, &answer["segments"]["before"]), (200, &answer["segments"]["after"]));
            assert_eq!(hub.taken().last().unwrap().body, text);
        }
        let id = hub.app().new_message_id().to_string();
        let by_hand = json!({ "to": ANNA, "id": id, "body": text, "fold": true });
        assert_eq!(posted(&mut hub, "/api/inbox/messages", &by_hand).await.0, 202);
        hub.advance(MINUTE).await;
        assert_eq!(hub.taken().last().unwrap().body, text);
    }
    let zolw = format!("{} https://a.example/x", "żółw ".repeat(20));
    posted(&mut hub, "/api/messages", &json!({ "to": ANNA, "body": zolw, "fold": true })).await;
    assert!(hub.taken().last().unwrap().body.starts_with("zolw zolw"));
    hub.advance(MINUTE).await;
}
