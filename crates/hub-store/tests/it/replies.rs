//! The decision about answering: once a message, inside one transaction, within the caps.

use std::sync::Arc;

use hub_domain::{
    job::JobKind,
    message::{ConversationMode, Origin},
    reply::{NoReply, ReplyDecision},
    sending::Blocked,
    settings::{Caps, Guards},
};
use hub_store::{Begun, LeasedJob, ReplyPolicy, ReplySettled};

use crate::{
    harness::{TestStore, fresh},
    words::{ANNA, accepted, at, at_ms, ewa, inbound, part_ids},
};

/// Nobody answers.
pub(crate) fn quiet() -> ReplyPolicy {
    ReplyPolicy::default()
}

/// The echo bot answers.
pub(crate) fn echo() -> ReplyPolicy {
    let guards = Guards { stops_loops: false, ..Guards::default() };
    ReplyPolicy { bot_enabled_by_default: true, guards, ..quiet() }
}

fn capped(contact_10_min: u32, contact_day: u32, minute: u32) -> ReplyPolicy {
    let caps = Caps { contact_10_min, contact_day, minute };
    ReplyPolicy { guards: Guards { caps, money_day: 0, stops_loops: false, ..Guards::default() }, ..echo() }
}

async fn settle(hub: &TestStore, job: LeasedJob, policy: ReplyPolicy, second: i64) -> ReplySettled {
    hub.settle_reply(job, Arc::new(policy), None, part_ids(), at(second)).await.unwrap()
}

/// A text from `from` arrives and is decided about in the same second.
async fn ask(hub: &TestStore, number: u32, from: &str, policy: &ReplyPolicy, second: i64) -> ReplySettled {
    let row = hub.receive(inbound(&format!("SM{number}")).from(from), at(second)).await;
    let jobs = hub.lease(at(second)).await;
    let job = jobs.into_iter().find(|job| job.message == row).unwrap();
    settle(hub, job, policy.clone(), second).await
}

fn nothing(why: NoReply) -> ReplySettled {
    ReplySettled::Decided(ReplyDecision::Nothing(why))
}

fn is_answer(settled: &ReplySettled, by: Origin) -> bool {
    matches!(settled, ReplySettled::Decided(ReplyDecision::Answer { origin, .. }) if *origin == by)
}

#[tokio::test]
async fn the_answer_its_job_and_the_decision_are_written_together() {
    let hub = fresh().await;
    let asked = hub.receive(inbound("SM1").saying("halo"), at(0)).await;
    let job = hub.lease_one(at(1)).await;
    assert_eq!(hub.reply_decision(asked).await.unwrap(), None);
    assert!(is_answer(&settle(&hub, job, echo(), 1).await, Origin::Bot));
    assert_eq!(hub.reply_decision(asked).await.unwrap().as_deref(), Some("answered_bot"));
    let [answer] = &hub.written().await[..] else { panic!("not one answer") };
    assert_eq!(
        (answer.body.as_str(), answer.to.as_str(), answer.origin),
        ("Echo: halo", ANNA, Some(Origin::Bot))
    );
    assert_eq!(answer.from, hub.row(asked).await.to);
    let jobs = hub.jobs(10).await.unwrap();
    assert_eq!(
        jobs.iter().map(|job| (job.kind, job.message)).collect::<Vec<_>>(),
        [(JobKind::Deliver, answer.row)]
    );
}

#[tokio::test]
async fn ten_quick_texts_are_decided_about_once_each() {
    let hub = fresh().await;
    for number in 0..10 {
        hub.receive(inbound(&format!("SM{number}")), at(0)).await;
    }
    let jobs = hub.lease(at(1)).await;
    assert_eq!(jobs.len(), 10);
    let mut decisions = Vec::new();
    for job in jobs {
        decisions.push(settle(&hub, job, echo(), 1).await);
    }
    let answers = decisions.iter().filter(|decision| is_answer(decision, Origin::Bot)).count();
    let capped = decisions.iter().filter(|decision| **decision == nothing(NoReply::ContactCap10Min)).count();
    assert_eq!((answers, capped, hub.written().await.len()), (3, 7, 3));
    assert!(hub.open_jobs(JobKind::Reply).await.is_empty());
}

/// What is set up before a text arrives → who answers.
async fn check(body: &str, prepare: impl AsyncFnOnce(&TestStore), expect: ReplySettled, word: &str) {
    let hub = fresh().await;
    prepare(&hub).await;
    let asked = hub.receive(inbound("SMlast").saying(body), at(10)).await;
    let jobs = hub.lease(at(11)).await;
    let job = *jobs.iter().find(|job| job.message == asked).unwrap();
    let settled = settle(&hub, job, quiet(), 11).await;
    match (&settled, &expect) {
        (
            ReplySettled::Decided(ReplyDecision::Answer { origin, .. }),
            ReplySettled::Decided(ReplyDecision::Answer { origin: by, .. }),
        ) => assert_eq!(origin, by),
        _ => assert_eq!(settled, expect),
    }
    assert_eq!(hub.reply_decision(asked).await.unwrap().as_deref(), Some(word));
    assert!(hub.open_jobs(JobKind::Reply).await.iter().all(|job| job.message != asked));
}

fn by(origin: Origin) -> ReplySettled {
    ReplySettled::Decided(ReplyDecision::Answer { origin, body: String::new() })
}

#[tokio::test]
async fn the_settings_decide_who_answers() {
    check("halo", async |_| (), nothing(NoReply::NothingEnabled), "nothing_enabled").await;
    let bot = async |hub: &TestStore| hub.set_bot_enabled(true, ewa(), at(0)).await.unwrap();
    check("halo", bot, by(Origin::Bot), "answered_bot").await;
    let both = async |hub: &TestStore| {
        hub.set_bot_enabled(true, ewa(), at(0)).await.unwrap();
        hub.change_auto_reply(true, "Oddzwonimy.".to_owned(), ewa(), at(0)).await.unwrap().unwrap();
    };
    check("halo", both, by(Origin::Template), "answered_template").await;
    check("STOP", both, nothing(NoReply::Keyword), "keyword").await;
}

#[tokio::test]
async fn what_was_received_before_the_auto_reply_was_switched_on_is_not_answered() {
    let late = async |hub: &TestStore| {
        hub.change_auto_reply(true, "Oddzwonimy.".to_owned(), ewa(), at_ms(10_001)).await.unwrap().unwrap();
    };
    check("halo", late, nothing(NoReply::BeforeEnabled), "before_enabled").await;
}

#[tokio::test]
async fn an_opt_out_and_a_person_in_charge_silence_everything_automatic() {
    let opted_out = async |hub: &TestStore| {
        hub.set_bot_enabled(true, ewa(), at(0)).await.unwrap();
        hub.receive(inbound("SM1").saying("STOP"), at(1)).await;
    };
    check("halo", opted_out, nothing(NoReply::OptedOut), "opted_out").await;
    let human = async |hub: &TestStore| {
        hub.set_bot_enabled(true, ewa(), at(0)).await.unwrap();
        hub.receive(inbound("SM1"), at(1)).await;
        hub.set_mode(ANNA.to_owned(), ConversationMode::Human, Some(at(12))).await.unwrap();
    };
    check("halo", human, nothing(NoReply::HumanInCharge), "human_in_charge").await;
    let over = async |hub: &TestStore| {
        hub.set_bot_enabled(true, ewa(), at(0)).await.unwrap();
        hub.receive(inbound("SM1"), at(1)).await;
        hub.set_mode(ANNA.to_owned(), ConversationMode::Human, Some(at(11))).await.unwrap();
    };
    check("halo", over, by(Origin::Bot), "answered_bot").await;
}

#[tokio::test]
async fn the_switch_beats_the_default() {
    let hub = fresh().await;
    hub.set_bot_enabled(false, ewa(), at(0)).await.unwrap();
    assert_eq!(ask(&hub, 1, ANNA, &echo(), 1).await, nothing(NoReply::NothingEnabled));
}

#[tokio::test]
async fn a_sender_that_can_not_read_gets_no_answer() {
    let hub = fresh().await;
    assert_eq!(ask(&hub, 1, "MojBank", &echo(), 1).await, nothing(NoReply::UnreachableSender));
}

#[tokio::test]
async fn a_contact_gets_so_many_answers_in_ten_minutes_and_a_day() {
    let hub = fresh().await;
    let policy = capped(2, 3, 0);
    assert!(is_answer(&ask(&hub, 1, ANNA, &policy, 0).await, Origin::Bot));
    // The same person on another channel.
    assert!(is_answer(&ask(&hub, 2, "whatsapp:+48500100200", &policy, 1).await, Origin::Bot));
    assert_eq!(ask(&hub, 3, ANNA, &policy, 599).await, nothing(NoReply::ContactCap10Min));
    assert!(is_answer(&ask(&hub, 4, "+48500100300", &policy, 599).await, Origin::Bot));
    assert!(is_answer(&ask(&hub, 5, ANNA, &policy, 601).await, Origin::Bot));
    assert_eq!(ask(&hub, 6, ANNA, &policy, 2000).await, nothing(NoReply::ContactCapDay));
    assert!(is_answer(&ask(&hub, 7, ANNA, &policy, 86_400).await, Origin::Bot));
    assert!(is_answer(&ask(&hub, 8, ANNA, &capped(0, 0, 0), 86_400).await, Origin::Bot));
}

#[tokio::test]
async fn the_cap_of_the_minute_delays_until_it_frees() {
    let hub = fresh().await;
    let policy = capped(0, 0, 2);
    assert!(is_answer(&ask(&hub, 1, "+48500100301", &policy, 0).await, Origin::Bot));
    assert!(is_answer(&ask(&hub, 2, "+48500100302", &policy, 20).await, Origin::Bot));
    let asked = hub.receive(inbound("SM3"), at(30)).await;
    let job = *hub.lease(at(30)).await.iter().find(|job| job.message == asked).unwrap();
    assert_eq!(
        settle(&hub, job, policy.clone(), 30).await,
        ReplySettled::Decided(ReplyDecision::Later(at(60)))
    );
    assert_eq!(hub.reply_decision(asked).await.unwrap(), None);
    assert!(hub.lease(at(59)).await.iter().all(|job| job.message != asked));
    let job = *hub.lease(at(60)).await.iter().find(|job| job.message == asked).unwrap();
    assert_eq!(job.failures, 0);
    assert!(is_answer(&settle(&hub, job, policy, 60).await, Origin::Bot));
}

#[tokio::test]
async fn a_takeover_after_the_answer_was_written_cancels_it() {
    for mode in [ConversationMode::Human, ConversationMode::Draft] {
        let hub = fresh().await;
        assert!(is_answer(&ask(&hub, 1, ANNA, &echo(), 0).await, Origin::Bot));
        hub.set_mode(ANNA.to_owned(), mode, None).await.unwrap();
        let job = hub.lease_one(at(1)).await;
        assert_eq!(hub.begin(job, at(1)).await.1, Begun::Blocked(Blocked::HumanInCharge));
        let message = hub.row(job.message).await;
        assert_eq!(
            (message.status.as_str(), message.error_text.as_deref()),
            ("canceled", Some("human_in_charge"))
        );
    }
}

#[tokio::test]
async fn only_automatic_answers_count_against_the_caps() {
    let hub = fresh().await;
    for number in 0..5 {
        hub.send(ANNA, accepted(&format!("SMout{number}")), at(0)).await;
    }
    assert!(is_answer(&ask(&hub, 1, ANNA, &capped(1, 1, 1), 1).await, Origin::Bot));
}

#[tokio::test]
async fn a_decision_is_not_made_twice() {
    let hub = fresh().await;
    hub.receive(inbound("SM1"), at(0)).await;
    let job = hub.lease_one(at(0)).await;
    assert!(is_answer(&settle(&hub, job, echo(), 1).await, Origin::Bot));
    assert!(hub.settle_reply(job, Arc::new(echo()), None, part_ids(), at(2)).await.is_err());
    hub.record(inbound("SM1"), at(3)).await;
    assert!(hub.open_jobs(JobKind::Reply).await.is_empty());
    assert_eq!(hub.written().await.len(), 1);
}

#[tokio::test]
async fn nothing_answers_while_automation_is_off() {
    let hub = fresh().await;
    hub.set_automation_enabled(false, ewa(), at(0)).await.unwrap();
    assert_eq!(ask(&hub, 1, ANNA, &echo(), 1).await, nothing(NoReply::AutomationOff));
    hub.set_automation_enabled(true, ewa(), at(2)).await.unwrap();
    assert!(is_answer(&ask(&hub, 2, ANNA, &echo(), 3).await, Origin::Bot));
}
