//! One call to Twilio: on disk before it is made, its outcome applied once, whoever tells first.

use std::sync::Arc;

use hub_domain::{
    ids::MessageSid, job::JobKind, message::Origin, sending::AfterAttempt, status::DeliveryStatus,
};
use hub_store::{Begun, Finished, LeasedJob, Settlement, StatusApplied};

use crate::{
    harness::{LEASE_SECONDS, TestStore, fresh},
    words::{ANNA, absent, accepted, ambiguous, at, attempt_id, inbound, named, not_sent, outbound, refused},
};

/// A message whose job is in hand.
async fn leased(hub: &TestStore) -> (i64, LeasedJob) {
    hub.queue_leased(outbound(Origin::Api, ANNA, "raz"), at(0)).await
}

#[tokio::test]
async fn the_attempt_is_on_disk_before_the_call() {
    let hub = fresh().await;
    let (row, job) = leased(&hub).await;
    let (attempt, _) = hub.call(job, at(1)).await;
    let [record] = &hub.attempts(row).await.unwrap()[..] else { panic!("not one attempt") };
    assert_eq!((record.id, record.started_at, record.outcome.as_deref()), (attempt, at(1), None));
}

#[tokio::test]
async fn an_open_attempt_is_looked_up_and_never_called_again() {
    let hub = fresh().await;
    let (row, job) = leased(&hub).await;
    let (attempt, _) = hub.call(job, at(1)).await;
    // The process died during the call.
    let job = hub.lease_one(at(LEASE_SECONDS)).await;
    assert_eq!(hub.begin(job, at(LEASE_SECONDS)).await.1, Begun::Lookup);
    assert_eq!((hub.status(row).await, hub.outcomes(row).await), ("unknown", vec!["ambiguous".to_owned()]));
    assert!(hub.open_jobs(JobKind::Deliver).await.is_empty());
    let lookup = hub.lease_lookup(at(LEASE_SECONDS + 1)).await;
    assert_eq!((lookup.message, lookup.attempt), (row, Some(attempt)));
}

#[tokio::test]
async fn the_lookup_waits_from_the_start_of_the_call() {
    let hub = fresh().await;
    let (_, job) = leased(&hub).await;
    let (attempt, _) = hub.call(job, at(1)).await;
    hub.finish(job, attempt, ambiguous(), at(36)).await;
    assert!(hub.lease(at(120)).await.is_empty());
    assert_eq!(hub.lease_lookup(at(121)).await.attempt, Some(attempt));
}

#[tokio::test]
async fn an_accepted_message_has_its_sid_and_no_job_left() {
    let hub = fresh().await;
    let (row, job) = leased(&hub).await;
    let (attempt, _) = hub.call(job, at(1)).await;
    let done = hub.finish(job, attempt, accepted("SM1"), at(2)).await;
    assert_eq!(done, Finished::Applied(AfterAttempt::Settle(DeliveryStatus::Queued)));
    assert_eq!((hub.status(row).await, hub.sid(row).await.as_deref()), ("queued", Some("SM1")));
    let [record] = &hub.attempts(row).await.unwrap()[..] else { panic!("not one attempt") };
    assert_eq!(record.outcome.as_deref(), Some("accepted"));
    assert_eq!(record.sid.as_ref().map(MessageSid::as_str), Some("SM1"));
    assert!(hub.jobs(10).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_refused_message_has_failed_with_twilios_words() {
    let hub = fresh().await;
    let (row, job) = leased(&hub).await;
    let (attempt, _) = hub.call(job, at(1)).await;
    let done = hub.finish(job, attempt, refused(400, 21211), at(2)).await;
    assert_eq!(done, Finished::Applied(AfterAttempt::Fail { code: Some(21211), opted_out: false }));
    let message = hub.row(row).await;
    assert_eq!((message.status.as_str(), message.error_code), ("failed", Some(21211)));
    assert_eq!(message.error_text.as_deref(), Some("error 21211"));
    let [record] = &hub.attempts(row).await.unwrap()[..] else { panic!("not one attempt") };
    assert_eq!((record.outcome.as_deref(), record.http_status), (Some("refused"), Some(400)));
    assert!(hub.jobs(10).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_request_that_never_left_is_tried_again_as_a_new_attempt() {
    let hub = fresh().await;
    let (row, mut job) = leased(&hub).await;
    let mut now = at(0);
    for round in 1..=3 {
        let (attempt, _) = hub.call(job, now).await;
        let Finished::Applied(AfterAttempt::Retry { after, .. }) =
            hub.finish(job, attempt, not_sent(), now).await
        else {
            panic!("no retry")
        };
        now += after;
        assert_eq!(hub.next_due().await.unwrap(), Some(now));
        job = hub.lease_one(now).await;
        assert_eq!((job.message, job.failures), (row, 0));
        assert_eq!(hub.outcomes(row).await, vec!["not_sent"; round]);
    }
    assert_eq!(hub.status(row).await, "pending");
}

#[tokio::test]
async fn a_message_that_could_not_leave_for_hours_is_held() {
    let hub = fresh().await;
    let (row, job) = leased(&hub).await;
    // Counted from the first call, not from when it was written.
    for (second, held) in [(5_000, false), (40_000, false), (41_000, true)] {
        let job = if second == 5_000 { job } else { hub.lease_one(at(second)).await };
        let (attempt, _) = hub.call(job, at(second)).await;
        let finished = hub.finish(job, attempt, not_sent(), at(second)).await;
        assert_eq!(finished == Finished::Applied(AfterAttempt::Hold), held, "{second}: {finished:?}");
    }
    let message = hub.row(row).await;
    assert_eq!((message.status.as_str(), message.error_text.as_deref()), ("held", Some("could_not_leave")));
    assert_eq!((hub.counts().await.unwrap().held, hub.jobs(10).await.unwrap().len()), (1, 0));
}

#[tokio::test]
async fn a_lost_answer_is_looked_up() {
    for outcome in [ambiguous(), refused(500, 20500), refused(408, 0)] {
        let hub = fresh().await;
        let (row, job) = leased(&hub).await;
        let (attempt, _) = hub.call(job, at(0)).await;
        assert_eq!(
            hub.finish(job, attempt, outcome, at(1)).await,
            Finished::Applied(AfterAttempt::Reconcile)
        );
        assert_eq!(
            (hub.status(row).await, hub.outcomes(row).await),
            ("unknown", vec!["ambiguous".to_owned()])
        );
        assert!(hub.open_jobs(JobKind::Deliver).await.is_empty());
        assert_eq!(hub.open_jobs(JobKind::Reconcile).await.len(), 1);
    }
}

#[tokio::test]
async fn a_callback_may_come_before_the_answer() {
    let hub = fresh().await;
    let (row, job) = leased(&hub).await;
    let (attempt, _) = hub.call(job, at(0)).await;
    assert_eq!(hub.apply_status(named(attempt, "SM1", "sent"), at(1)).await.unwrap(), StatusApplied::Moved);
    assert_eq!((hub.status(row).await, hub.sid(row).await.as_deref()), ("sent", Some("SM1")));
    hub.finish(job, attempt, accepted("SM1"), at(2)).await;
    assert_eq!((hub.status(row).await, hub.sid(row).await.as_deref()), ("sent", Some("SM1")));
    assert_eq!((hub.outcomes(row).await, hub.all().await.len()), (vec!["accepted".to_owned()], 1));
    assert!(hub.jobs(10).await.unwrap().is_empty());
}

#[tokio::test]
async fn after_a_callback_a_lost_answer_does_not_matter() {
    for outcome in [ambiguous(), not_sent(), refused(400, 21211)] {
        let hub = fresh().await;
        let (row, job) = leased(&hub).await;
        let (attempt, _) = hub.call(job, at(0)).await;
        hub.apply_status(named(attempt, "SM1", "sent"), at(1)).await.unwrap();
        assert_eq!(hub.finish(job, attempt, outcome, at(2)).await, Finished::SettledBefore);
        assert_eq!((hub.status(row).await, hub.outcomes(row).await), ("sent", vec!["accepted".to_owned()]));
        assert!(hub.jobs(10).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn after_a_callback_a_dead_workers_job_has_nothing_to_send() {
    // Also a status without a rank proves that Twilio took the message.
    for status in ["sent", "teleported"] {
        let hub = fresh().await;
        let (row, job) = leased(&hub).await;
        let (attempt, _) = hub.call(job, at(0)).await;
        hub.apply_status(named(attempt, "SM1", status), at(1)).await.unwrap();
        assert_ne!(hub.status(row).await, "pending");
        let job = hub.lease_one(at(LEASE_SECONDS)).await;
        assert_eq!(hub.begin(job, at(LEASE_SECONDS)).await.1, Begun::Settled, "{status}");
        assert!(hub.jobs(10).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_callback_settles_a_lost_answer_and_its_lookup() {
    let hub = fresh().await;
    let (row, attempt) = hub.send(ANNA, ambiguous(), at(0)).await;
    hub.apply_status(named(attempt, "SM1", "delivered"), at(1)).await.unwrap();
    assert_eq!((hub.status(row).await, hub.sid(row).await.as_deref()), ("delivered", Some("SM1")));
    assert!(!hub.reconcile_facts(attempt).await.unwrap().open);
    let lookup = hub.lease_lookup(at(120)).await;
    assert_eq!(hub.look(lookup, absent(), at(120)).await, Settlement::SettledBefore);
    assert!(hub.jobs(10).await.unwrap().is_empty());
    assert_eq!(hub.status(row).await, "delivered");
}

#[tokio::test]
async fn a_second_sid_for_one_message_changes_nothing() {
    let hub = fresh().await;
    let (row, attempt) = hub.send(ANNA, accepted("SM1"), at(0)).await;
    let answer = hub.apply_status(named(attempt, "SM2", "failed"), at(1)).await.unwrap();
    assert_eq!(answer, StatusApplied::UnknownSid);
    assert_eq!((hub.status(row).await, hub.sid(row).await.as_deref()), ("queued", Some("SM1")));
}

/// A worker that was too slow: its lease ran out during the call, and another one took the job.
async fn too_slow(hub: &TestStore, looked_at: bool) -> (i64, LeasedJob, hub_domain::ids::AttemptId) {
    let (row, slow) = leased(hub).await;
    let (attempt, _) = hub.call(slow, at(0)).await;
    let taken = hub.lease_one(at(LEASE_SECONDS)).await;
    if looked_at {
        assert_eq!(hub.begin(taken, at(LEASE_SECONDS)).await.1, Begun::Lookup);
    }
    (row, slow, attempt)
}

/// Works off what is due until nothing is; how many calls could be made.
async fn calls_left(hub: &TestStore) -> usize {
    let mut calls = 0;
    for round in 2..10 {
        for job in hub.lease(at(round * 10 * LEASE_SECONDS)).await {
            match job.kind {
                JobKind::Deliver => {
                    if let (_, Begun::Call(_)) = hub.begin(job, at(round * 10 * LEASE_SECONDS)).await {
                        calls += 1;
                        hub.give_back(job, at(1_000_000), None).await.unwrap();
                    }
                }
                JobKind::Reconcile => {
                    let settled = hub.look(job, absent(), at(round * 10 * LEASE_SECONDS)).await;
                    assert_eq!(settled, Settlement::SettledBefore);
                }
                JobKind::Reply | JobKind::Media => panic!("nobody wrote"),
            }
        }
    }
    calls
}

#[tokio::test]
async fn a_late_acceptance_still_counts() {
    for looked_at in [false, true] {
        let hub = fresh().await;
        let (row, slow, attempt) = too_slow(&hub, looked_at).await;
        hub.finish(slow, attempt, accepted("SM1"), at(LEASE_SECONDS + 1)).await;
        assert_eq!((hub.status(row).await, hub.sid(row).await.as_deref()), ("queued", Some("SM1")));
        assert_eq!(calls_left(&hub).await, 0);
        assert_eq!(hub.status(row).await, "queued");
    }
}

#[tokio::test]
async fn a_late_refusal_still_counts() {
    for looked_at in [false, true] {
        let hub = fresh().await;
        let (row, slow, attempt) = too_slow(&hub, looked_at).await;
        hub.finish(slow, attempt, refused(400, 21211), at(LEASE_SECONDS + 1)).await;
        assert_eq!((hub.status(row).await, hub.row(row).await.error_code), ("failed", Some(21211)));
        assert_eq!(calls_left(&hub).await, 0);
        assert_eq!(hub.status(row).await, "failed");
    }
}

#[tokio::test]
async fn a_late_proof_that_nothing_left_allows_one_new_call() {
    for looked_at in [false, true] {
        let hub = fresh().await;
        let (row, slow, attempt) = too_slow(&hub, looked_at).await;
        hub.finish(slow, attempt, not_sent(), at(LEASE_SECONDS + 1)).await;
        assert_eq!(hub.status(row).await, "pending");
        assert_eq!(calls_left(&hub).await, 1);
    }
}

#[tokio::test]
async fn a_late_lost_answer_makes_one_lookup() {
    for looked_at in [false, true] {
        let hub = fresh().await;
        let (row, slow, attempt) = too_slow(&hub, looked_at).await;
        hub.finish(slow, attempt, ambiguous(), at(LEASE_SECONDS + 1)).await;
        assert_eq!(
            (hub.status(row).await, hub.outcomes(row).await),
            ("unknown", vec!["ambiguous".to_owned()])
        );
        assert_eq!(hub.open_jobs(JobKind::Reconcile).await.len(), 1);
    }
}

#[tokio::test]
async fn the_name_of_an_attempt_is_used_once() {
    let hub = fresh().await;
    let name = attempt_id();
    let (_, first) = leased(&hub).await;
    hub.begin_attempt(first, name, Arc::default(), at(0)).await.unwrap();
    let (row, second) = leased(&hub).await;
    assert!(hub.begin_attempt(second, name, Arc::default(), at(0)).await.is_err());
    assert!(hub.outcomes(row).await.is_empty());
}

#[tokio::test]
async fn an_attempt_is_made_for_messages_of_ours_only() {
    let hub = fresh().await;
    hub.receive(inbound("SM1"), at(0)).await;
    let reply = hub.lease_one(at(0)).await;
    let answer = hub.begin_attempt(reply, attempt_id(), Arc::default(), at(0)).await;
    assert!(!matches!(answer, Ok(Begun::Call(_))), "{answer:?}");
}
