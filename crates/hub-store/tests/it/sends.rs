//! A whole send: its parts in order, and its caller's key.

use hub_domain::{
    job::JobKind,
    message::Origin,
    sending::{AfterAttempt, Blocked},
    whatsapp::Template,
};
use hub_store::{Begun, Finished, NewOutbound, NewSend, SendKey, SendSubmitted};

use crate::{
    harness::{TestStore, fresh, worker},
    words::{ANNA, accepted, ambiguous, at, inbound, outbound, refused},
};

fn parts(count: usize) -> NewSend {
    NewSend { parts: (0..count).map(|_| outbound(Origin::Api, ANNA, "raz")).collect(), key: None }
}

fn keyed(count: usize, key: &str, fingerprint: u8) -> NewSend {
    NewSend { key: Some(SendKey { key: key.to_owned(), fingerprint: [fingerprint; 32] }), ..parts(count) }
}

async fn queued(hub: &TestStore, send: NewSend, second: i64) -> Vec<i64> {
    let submitted = hub.submit_send(send, None, at(second)).await.unwrap();
    let SendSubmitted::Queued { rows, .. } = submitted else { panic!("not queued: {submitted:?}") };
    rows
}

#[tokio::test]
async fn parts_leave_one_after_the_other() {
    let hub = fresh().await;
    let rows = queued(&hub, parts(3), 0).await;
    for (second, row) in (1..).zip(rows) {
        let job = hub.lease_one(at(second)).await;
        assert_eq!(job.message, row);
        let (attempt, _) = hub.call(job, at(second)).await;
        hub.finish(job, attempt, accepted(&format!("SM{row}")), at(second)).await;
    }
    assert_eq!(hub.next_due().await.unwrap(), None);
}

#[tokio::test]
async fn a_part_waits_for_one_that_is_looked_up_beyond_its_hold() {
    let hub = fresh().await;
    queued(&hub, parts(2), 0).await;
    let first = hub.lease_one(at(0)).await;
    let (attempt, _) = hub.call(first, at(0)).await;
    hub.finish(first, attempt, ambiguous(), at(0)).await;
    for second in [1, 70] {
        let job = hub.lease_jobs(worker("w"), JobKind::Deliver, 1, at(second)).await.unwrap()[0];
        assert_eq!(hub.begin(job, at(second)).await.1, Begun::Waits);
        assert!(hub.lease_jobs(worker("w"), JobKind::Deliver, 1, at(second + 50)).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn parts_after_a_failed_one_are_canceled() {
    let hub = fresh().await;
    let rows = queued(&hub, parts(3), 0).await;
    let first = hub.lease_one(at(0)).await;
    let (attempt, _) = hub.call(first, at(0)).await;
    let finished = hub.finish(first, attempt, refused(400, 21211), at(0)).await;
    assert!(matches!(finished, Finished::Applied(AfterAttempt::Fail { .. })));
    for _ in 1..3 {
        let job = hub.lease_one(at(1)).await;
        assert_eq!(hub.begin(job, at(1)).await.1, Begun::Blocked(Blocked::PartBeforeFailed));
    }
    assert_eq!((hub.status(rows[1]).await, hub.status(rows[2]).await), ("canceled", "canceled"));
}

#[tokio::test]
async fn all_parts_are_taken_at_once_on_request() {
    let hub = fresh().await;
    let submitted = hub.submit_send(parts(2), Some(worker("w")), at(0)).await.unwrap();
    let SendSubmitted::Queued { rows, leases } = submitted else { panic!("{submitted:?}") };
    assert_eq!(leases.iter().map(|job| job.message).collect::<Vec<_>>(), rows);
    assert!(hub.lease(at(1)).await.is_empty());
}

#[tokio::test]
async fn nothing_of_a_blocked_send_is_written() {
    let hub = fresh().await;
    hub.receive(inbound("SM1").saying("STOP"), at(0)).await;
    let submitted = hub.submit_send(keyed(2, "k", 1), None, at(1)).await.unwrap();
    assert!(matches!(submitted, SendSubmitted::Blocked(Blocked::OptedOut)));
    assert!(hub.written().await.is_empty());
    hub.receive(inbound("SM2").saying("START"), at(2)).await;
    queued(&hub, keyed(2, "k", 1), 3).await;
}

#[tokio::test]
async fn a_key_is_one_send() {
    let hub = fresh().await;
    let rows = queued(&hub, keyed(2, "k", 1), 0).await;
    let repeated = hub.submit_send(keyed(2, "k", 1), None, at(1)).await.unwrap();
    assert!(matches!(repeated, SendSubmitted::Repeated(same) if same == rows));
    let other = hub.submit_send(keyed(2, "k", 2), None, at(1)).await.unwrap();
    assert!(matches!(other, SendSubmitted::KeyReused));
    let single = queued(&hub, keyed(1, "k2", 1), 2).await;
    let repeated = hub.submit_send(keyed(1, "k2", 1), None, at(3)).await.unwrap();
    assert!(matches!(repeated, SendSubmitted::Repeated(same) if same == single));
    assert_eq!(hub.all().await.len(), 3);
}

#[tokio::test]
async fn twenty_callers_with_one_key_write_one_message() {
    let hub = std::sync::Arc::new(fresh().await);
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let hub = std::sync::Arc::clone(&hub);
        callers.spawn(async move { hub.submit_send(keyed(1, "k", 1), None, at(0)).await.unwrap() });
    }
    let answers = callers.join_all().await;
    let queued = answers.iter().filter(|answer| matches!(answer, SendSubmitted::Queued { .. })).count();
    assert_eq!((queued, hub.all().await.len()), (1, 1));
}

#[tokio::test]
async fn a_key_is_forgotten_after_a_week_not_before() {
    const WEEK: i64 = 7 * 24 * 3600;
    let hub = fresh().await;
    queued(&hub, keyed(1, "old", 1), 0).await;
    queued(&hub, keyed(1, "other", 1), WEEK - 10).await;
    let known = hub.submit_send(keyed(1, "old", 1), None, at(WEEK - 5)).await.unwrap();
    assert!(matches!(known, SendSubmitted::Repeated(_)));
    assert_eq!(hub.tidy(at(WEEK)).await.unwrap(), 0);
    // Events of the first send go with its key.
    assert!(hub.tidy(at(WEEK + 10)).await.unwrap() > 0);
    queued(&hub, keyed(1, "old", 2), WEEK + 20).await;
    let known = hub.submit_send(keyed(1, "other", 1), None, at(WEEK + 20)).await.unwrap();
    assert!(matches!(known, SendSubmitted::Repeated(_)));
}

#[tokio::test]
async fn media_and_template_reach_the_call() {
    let hub = fresh().await;
    let sid = "HX0123456789abcdef0123456789abcdef";
    let template = Template::from_json(sid, r#"{"1":"Anna"}"#).unwrap();
    let urls = vec!["https://e.example/1".to_owned(), "https://e.example/2".to_owned()];
    let message = NewOutbound {
        media_urls: urls.clone(),
        template: Some(template.clone()),
        ..outbound(Origin::Api, ANNA, "")
    };
    let (row, job) = hub.queue_leased(message, at(0)).await;
    let (_, call) = hub.call(job, at(0)).await;
    assert_eq!((call.media_urls, call.template), (urls, Some(template)));
    assert_eq!(hub.row(row).await.media_count, 2);
}

#[tokio::test]
async fn a_key_outlives_its_deleted_message() {
    let hub = fresh().await;
    let rows = queued(&hub, keyed(1, "k", 1), 0).await;
    hub.cancel_pending(rows[0], at(1)).await.unwrap();
    hub.delete_messages(rows, at(2)).await.unwrap();
    let again = hub.submit_send(keyed(1, "k", 1), None, at(3)).await.unwrap();
    assert!(matches!(again, SendSubmitted::Gone));
    let other = hub.submit_send(keyed(1, "k", 2), None, at(3)).await.unwrap();
    assert!(matches!(other, SendSubmitted::KeyReused));
    assert!(hub.written().await.is_empty());
}
