//! While Twilio refuses our account nothing leaves but one message a minute, and nothing is lost or counted.

use std::sync::Arc;

use hub_domain::{
    message::Origin,
    sending::AfterAttempt,
    stop::{Fingerprint, Stop},
};
use hub_store::{Begun, EventKind, Finished, LeasedJob, SendingChange, Terms};

use crate::{
    harness::{TestStore, fresh},
    words::{ANNA, PIOTR, accepted, ambiguous, at, not_sent, outbound, refused},
};

/// Makes the call of a job end so; what it changed for all.
async fn call(
    hub: &TestStore,
    job: LeasedJob,
    outcome: hub_domain::attempt::AttemptOutcome,
    second: i64,
) -> Option<SendingChange> {
    let (attempt, _) = hub.call(job, at(second)).await;
    hub.end(job, attempt, outcome, at(second)).await.sending
}

fn to(number: i64) -> hub_store::NewOutbound {
    outbound(Origin::Api, &format!("+4850010{number:04}"), "raz")
}

/// A queue of ten that stands still since the first call, at 0.
async fn stopped() -> TestStore {
    let hub = fresh().await;
    for number in 0..10 {
        hub.queue(to(number), at(number - 10)).await;
    }
    let job = hub.lease_jobs(crate::harness::worker("w"), hub_domain::job::JobKind::Deliver, 1, at(0));
    let job = job.await.unwrap()[0];
    assert_eq!(call(&hub, job, refused(401, 20003), 0).await, Some(SendingChange::Stopped));
    hub
}

fn kinds(events: &[hub_store::Event]) -> Vec<EventKind> {
    let about_all = [EventKind::SendingStopped, EventKind::SendingResumed];
    events.iter().map(|event| event.kind).filter(|kind| about_all.contains(kind)).collect()
}

#[tokio::test]
async fn refused_credentials_stop_the_queue_with_one_event_and_one_row() {
    let hub = fresh().await;
    let mut in_flight = Vec::new();
    for number in 0..5 {
        let (_, job) = hub.queue_leased(to(number), at(0)).await;
        let (attempt, _) = hub.call(job, at(0)).await;
        in_flight.push((job, attempt));
    }
    let (_, not_begun) = hub.queue_leased(to(9), at(0)).await;
    let mut changes = Vec::new();
    for (second, (job, attempt)) in (1..).zip(in_flight) {
        let ended = hub.end(job, attempt, refused(401, 20003), at(second)).await;
        assert_eq!(ended.finished, Finished::Applied(AfterAttempt::StopQueue));
        changes.extend(ended.sending);
    }
    assert_eq!(changes, [SendingChange::Stopped]);
    assert_eq!(kinds(&hub.events().await), [EventKind::SendingStopped]);
    let stop = Stop {
        since: at(1),
        http_status: 401,
        code: Some(20003),
        credentials: Fingerprint::default(),
        probe_at: at(65),
        by_reading: false,
    };
    assert_eq!(hub.sending_stop().await.unwrap(), Some(stop));
    assert_eq!(hub.begin(not_begun, at(6)).await.1, Begun::Stopped);
    // Nobody is to blame.
    assert!(hub.written().await.iter().all(|message| message.status.as_str() == "pending"));
    let jobs = hub.open_jobs(hub_domain::job::JobKind::Deliver).await;
    assert!(jobs.len() == 6 && jobs.iter().all(|job| job.failures == 0 && !job.leased), "{jobs:?}");
}

#[tokio::test]
async fn one_message_a_minute_tries_and_its_success_lets_all_go_on_in_order() {
    let hub = stopped().await;
    assert_eq!(hub.next_due().await.unwrap(), Some(at(60)));
    for minute in 1..=5 {
        let now = minute * 60;
        assert!(hub.lease(at(now - 1)).await.is_empty());
        let probe = hub.lease_one(at(now)).await;
        let (attempt, _) = hub.call(probe, at(now)).await;
        // Also while its call is under way.
        assert!(hub.lease(at(now + 30)).await.is_empty());
        assert_eq!(hub.end(probe, attempt, refused(401, 20003), at(now)).await.sending, None);
    }
    let probe = hub.lease_one(at(360)).await;
    assert_eq!(call(&hub, probe, accepted("SM0"), 360).await, Some(SendingChange::Resumed));
    assert_eq!(hub.sending_stop().await.unwrap(), None);
    assert_eq!(kinds(&hub.events().await), [EventKind::SendingStopped, EventKind::SendingResumed]);
    let rest = hub.lease_messages(at(360)).await;
    assert_eq!(rest.len(), 9);
}

#[tokio::test]
async fn every_answer_that_takes_the_account_resumes_and_no_other_does() {
    for (answer, resumes) in [
        (accepted("SM1"), true),
        (refused(400, 21211), true),
        (refused(400, 21611), true),
        (refused(429, 20429), false),
        (ambiguous(), false),
        (not_sent(), false),
        (refused(403, 20005), false),
    ] {
        let hub = stopped().await;
        let probe = hub.lease_one(at(60)).await;
        let change = call(&hub, probe, answer.clone(), 60).await;
        assert_eq!(change, resumes.then_some(SendingChange::Resumed), "{answer:?}");
        assert_eq!(hub.sending_stop().await.unwrap().is_none(), resumes, "{answer:?}");
    }
}

#[tokio::test]
async fn other_credentials_resume_at_once_at_a_start_or_at_a_call() {
    let other = Fingerprint([7; 16]);
    let hub = stopped().await;
    assert!(!hub.resume_with(Fingerprint::default(), at(1)).await.unwrap());
    assert!(hub.lease(at(2)).await.is_empty());
    assert!(hub.resume_with(other, at(2)).await.unwrap());
    assert!(!hub.resume_with(other, at(2)).await.unwrap());
    assert_eq!(hub.lease(at(2)).await.len(), 10);

    let hub = stopped().await;
    let terms = Arc::new(Terms { credentials: other, ..Terms::default() });
    let (_, job) = hub.queue_leased(to(99), at(2)).await;
    assert!(matches!(hub.begin_on(&terms, job, at(2)).await, Begun::Call(_)));
    assert_eq!(hub.sending_stop().await.unwrap(), None);
}

#[tokio::test]
async fn a_conversation_keeps_its_order_through_a_stop_and_a_person_overtakes() {
    let hub = fresh().await;
    let mut rows = Vec::new();
    for second in 0..4 {
        rows.push(hub.queue(outbound(Origin::Api, ANNA, "raz"), at(second)).await);
    }
    let first = hub.lease_one(at(4)).await;
    call(&hub, first, refused(401, 20003), 4).await;
    let human = hub.queue(outbound(Origin::Human, ANNA, "dwa"), at(1000)).await;
    let probe = hub.lease_one(at(3600)).await;
    assert_eq!(probe.message, human);
    call(&hub, probe, accepted("SMh"), 3600).await;
    // The holds of a minute are long over, and still they leave one after the other.
    for row in rows {
        let job = hub.lease_one(at(3600)).await;
        assert_eq!(job.message, row);
        assert!(hub.lease(at(3610)).await.is_empty());
        call(&hub, job, accepted(&format!("SM{row}")), 3610).await;
    }
    assert_eq!(hub.next_due().await.unwrap(), None);
}

#[tokio::test]
async fn time_in_which_the_queue_stood_still_is_not_counted_against_a_message() {
    const HOUR: i64 = 3600;
    let hub = fresh().await;
    let row = hub.queue(outbound(Origin::Api, ANNA, "raz"), at(0)).await;
    let job = hub.lease_one(at(0)).await;
    call(&hub, job, not_sent(), 0).await;
    let job = hub.lease_one(at(60)).await;
    call(&hub, job, refused(401, 20003), 60).await;
    // Another message finds out, twenty hours later, that the account is taken again.
    let other = hub.queue(outbound(Origin::Human, PIOTR, "dwa"), at(20 * HOUR)).await;
    let probe = hub.lease_one(at(20 * HOUR)).await;
    assert_eq!(probe.message, other);
    call(&hub, probe, accepted("SM2"), 20 * HOUR).await;
    let job = hub.lease_one(at(29 * HOUR)).await;
    call(&hub, job, not_sent(), 29 * HOUR).await;
    assert_eq!(hub.status(row).await, "pending");
    let job = hub.lease_one(at(30 * HOUR + 60)).await;
    call(&hub, job, not_sent(), 30 * HOUR + 60).await;
    assert_eq!(hub.status(row).await, "held");
}

#[tokio::test]
async fn a_probe_whose_answer_is_lost_is_looked_up_and_the_next_one_tries() {
    let hub = stopped().await;
    let probe = hub.lease_one(at(60)).await;
    let (_, _) = hub.call(probe, at(60)).await;
    // Its process dies, and nobody takes it over before another message has tried.
    assert!(hub.lease(at(100)).await.is_empty());
    let next = hub.lease_one(at(180)).await;
    assert_ne!(next.message, probe.message);
    assert_eq!(call(&hub, next, accepted("SM2"), 180).await, Some(SendingChange::Resumed));
    let again = hub.lease(at(180)).await.into_iter().find(|job| job.message == probe.message).unwrap();
    assert_eq!(hub.begin(again, at(180)).await.1, Begun::Lookup);
}

#[tokio::test]
async fn a_list_that_is_refused_stops_the_queue_and_one_that_is_read_ends_only_that() {
    let (ours, other) = (Fingerprint([1; 16]), Fingerprint([2; 16]));
    let hub = fresh().await;
    assert_eq!(hub.account_unread(403, None, ours, at(0)).await.unwrap(), None);
    let stopped = hub.account_unread(401, None, ours, at(1)).await.unwrap();
    assert_eq!(stopped, Some(SendingChange::Stopped));
    assert_eq!(hub.account_unread(401, None, ours, at(30)).await.unwrap(), None);
    assert_eq!(hub.sending_stop().await.unwrap().unwrap().probe_at, at(61));
    assert!(!hub.account_read(other, at(31)).await.unwrap());
    assert!(hub.account_read(ours, at(32)).await.unwrap());
    assert_eq!(hub.sending_stop().await.unwrap(), None);
    assert_eq!(kinds(&hub.events().await), [EventKind::SendingStopped, EventKind::SendingResumed]);
    // Where a message was refused, only a message's answer ends it.
    let hub = crate::stop::stopped().await;
    assert!(!hub.account_read(Fingerprint::default(), at(5)).await.unwrap());
    assert!(hub.sending_stop().await.unwrap().is_some());
}
