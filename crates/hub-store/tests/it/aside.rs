//! Jobs that don't get on: listed, given another round, or dropped with what that means for their message.

use hub_domain::{
    ids::JobId,
    job::JobKind,
    media::{MediaLoss, MediaState},
    message::{Direction, Media, Origin},
};
use hub_store::{Abandoned, AuditAction, By, StoreError, TroubledJob, TroubledQuery};

use crate::{
    harness::{TestStore, fresh, worker},
    remote::seen,
    words::{ANNA, PIOTR, ambiguous, at, inbound, message_id, outbound},
};

pub(crate) fn by() -> By {
    By { name: "ewa".to_owned(), network: "192.0.2.0/24".to_owned() }
}

/// Fails the one job of a kind until it is set aside.
async fn set_aside(hub: &TestStore, kind: JobKind, from: i64) -> JobId {
    let mut id = None;
    for second in from..from + i64::from(kind.max_failures()) {
        let job = hub.lease_jobs(worker("w"), kind, 1, at(second)).await.unwrap().pop().unwrap();
        hub.give_back(job, at(second), Some("out of luck".to_owned())).await.unwrap();
        id = Some(job.id);
    }
    id.unwrap()
}

async fn troubled(hub: &TestStore, late_before: i64, after: Option<JobId>, limit: u32) -> Vec<TroubledJob> {
    let query = TroubledQuery { late_before: at(late_before), after, limit };
    hub.troubled_jobs(query).await.unwrap()
}

#[tokio::test]
async fn what_is_set_aside_or_late_is_listed_page_by_page_with_whom_it_is_about() {
    let hub = fresh().await;
    hub.receive(inbound("SM1").from(ANNA), at(0)).await;
    let first = set_aside(&hub, JobKind::Reply, 0).await;
    hub.queue(outbound(Origin::Human, PIOTR, "raz"), at(100)).await;
    hub.receive(inbound("SM2").from(ANNA), at(500)).await;
    let page = troubled(&hub, 50, None, 9).await;
    let [only] = &page[..] else { panic!("not one: {page:?}") };
    assert_eq!((only.job.id, only.address.as_str(), only.inbound), (first, ANNA, true));
    assert_eq!((only.job.failures, only.job.last_error.as_deref()), (8, Some("out of luck")));
    let page = troubled(&hub, 100, None, 1).await;
    assert_eq!(page.iter().map(|job| job.job.id).collect::<Vec<_>>(), [first]);
    let rest = troubled(&hub, 100, Some(first), 9).await;
    let [late] = &rest[..] else { panic!("not one: {rest:?}") };
    assert_eq!((late.address.as_str(), late.inbound, late.job.set_aside), (PIOTR, false, false));
}

#[tokio::test]
async fn another_round_is_noted() {
    let hub = fresh().await;
    hub.receive(inbound("SM1"), at(0)).await;
    let job = set_aside(&hub, JobKind::Reply, 0).await;
    hub.retry_job(job, by(), at(50)).await.unwrap();
    assert_eq!(hub.lease_one(at(50)).await.failures, 0);
    assert!(matches!(hub.retry_job(job, by(), at(51)).await, Err(StoreError::NotFound(_))));
    let log = hub.audit(None, 9).await.unwrap();
    let lines: Vec<_> = log.iter().map(|line| (line.action, &*line.subject, &*line.actor)).collect();
    assert_eq!(lines, [(AuditAction::JobRetried, "reply", "ewa")]);
}

#[tokio::test]
async fn a_dropped_delivery_cancels_its_message_and_lets_the_next_leave() {
    let hub = fresh().await;
    let first = hub.queue(outbound(Origin::Api, ANNA, "raz"), at(0)).await;
    let job = set_aside(&hub, JobKind::Deliver, 0).await;
    let second = hub.queue(outbound(Origin::Api, ANNA, "dwa"), at(60)).await;
    assert_eq!(hub.abandon_job(job, by(), at(60)).await.unwrap(), Abandoned::Yes);
    assert_eq!(hub.status(first).await, "canceled");
    assert_eq!(hub.row(first).await.error_text.as_deref(), Some("discarded"));
    assert_eq!(hub.lease_messages(at(60)).await, [second]);
    assert_eq!(hub.abandon_job(job, by(), at(61)).await.unwrap(), Abandoned::NotAside);
    let log = hub.audit(None, 9).await.unwrap();
    assert_eq!((log.len(), log[0].action), (1, AuditAction::JobDiscarded));
}

#[tokio::test]
async fn a_delivery_that_twilio_may_have_is_not_dropped() {
    let hub = fresh().await;
    let (row, job) = hub.queue_leased(outbound(Origin::Api, ANNA, "raz"), at(0)).await;
    hub.call(job, at(0)).await;
    hub.give_back(job, at(0), Some("the disk".to_owned())).await.unwrap();
    for second in 1..i64::from(JobKind::Deliver.max_failures()) {
        let job = hub.lease_one(at(second)).await;
        hub.give_back(job, at(second), Some("the disk".to_owned())).await.unwrap();
    }
    assert_eq!(hub.abandon_job(job.id, by(), at(60)).await.unwrap(), Abandoned::InDoubt);
    assert_eq!(hub.status(row).await, "pending");
    assert!(hub.audit(None, 9).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_dropped_lookup_holds_its_message_for_a_person() {
    let hub = fresh().await;
    let (row, _) = hub.send(ANNA, ambiguous(), at(0)).await;
    let job = set_aside(&hub, JobKind::Reconcile, 120).await;
    assert_eq!(hub.abandon_job(job, by(), at(200)).await.unwrap(), Abandoned::Yes);
    assert_eq!(hub.status(row).await, "held");
    assert_eq!(hub.outcomes(row).await, ["undecided"]);
    assert!(hub.jobs(9).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_dropped_reply_leaves_its_text_to_a_person() {
    let hub = fresh().await;
    let row = hub.receive(inbound("SM1"), at(0)).await;
    let job = set_aside(&hub, JobKind::Reply, 0).await;
    assert_eq!(hub.abandon_job(job, by(), at(50)).await.unwrap(), Abandoned::Yes);
    assert_eq!(hub.reply_decision(row).await.unwrap().as_deref(), Some("discarded"));
    assert_eq!(hub.inbox_counts().await.unwrap().needs_human, 1);
    assert!(hub.jobs(9).await.unwrap().is_empty());
}

#[tokio::test]
async fn dropped_attachments_that_were_never_listed_are_lost_too() {
    let hub = fresh().await;
    let mut facts = seen("MM1", Direction::Inbound, "raz");
    facts.media_count = 2;
    hub.keep_remote(vec![(facts, message_id())], at(0)).await.unwrap();
    let job = set_aside(&hub, JobKind::Media, 0).await;
    assert_eq!(hub.abandon_job(job, by(), at(90)).await.unwrap(), Abandoned::Yes);
    let found = hub.attachments(1).await.unwrap();
    let losses: Vec<_> = found.iter().map(|found| found.loss).collect();
    assert_eq!(losses, [Some(MediaLoss::GivenUp); 2]);
}

#[tokio::test]
async fn dropped_attachments_are_lost_and_say_so() {
    let hub = fresh().await;
    let picture = Media { url: "u0".to_owned(), content_type: None };
    let row = hub.receive(inbound("MM1").with_media(vec![picture]), at(0)).await;
    let job = set_aside(&hub, JobKind::Media, 0).await;
    assert_eq!(hub.abandon_job(job, by(), at(90)).await.unwrap(), Abandoned::Yes);
    let found = hub.attachments(row).await.unwrap();
    assert_eq!((found[0].state, found[0].loss), (MediaState::Lost, Some(MediaLoss::GivenUp)));
    assert!(hub.open_jobs(JobKind::Media).await.is_empty());
}
