//! When SQLite refuses: everyone is told, nothing is half written, and it goes on afterwards.

use std::time::Duration;

use hub_domain::{ids::JobId, message::ConversationMode};
use hub_store::{Recorded, StoreError};
use tokio::task::JoinSet;

use super::another;
use crate::{
    aside::by,
    harness::{TestStore, fresh, fresh_sqlite},
    words::{ANNA, PIOTR, at, ewa, inbound, message_id},
};

/// Texts 0..`count` arrive at once; the answers come as they are ready.
fn deliver_at_once(hub: &TestStore, count: usize) -> JoinSet<Result<Recorded, StoreError>> {
    let mut deliveries = JoinSet::new();
    for number in 0..count {
        let (store, text) = ((**hub).clone(), inbound(&format!("SM{number}")).0);
        deliveries.spawn(async move { store.record_inbound(text, message_id(), message_id(), at(0)).await });
    }
    deliveries
}

#[tokio::test]
async fn a_fault_is_told_to_every_caller_and_nothing_is_stored() {
    let hub = fresh_sqlite(|options| options.busy_timeout = Duration::from_millis(5));
    let other = another(&hub.path());
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let answers = deliver_at_once(&hub, 100).join_all().await;
    assert!(answers.iter().all(|answer| matches!(answer, Err(StoreError::Fault { .. }))));
    assert!(matches!(hub.probe(at(0)).await, Err(StoreError::Fault { .. })));
    other.execute_batch("ROLLBACK").unwrap();
    // Reads went on, and writes do again: Twilio's second delivery is a first one to us.
    assert!(hub.all().await.is_empty());
    let answers = deliver_at_once(&hub, 100).join_all().await;
    assert!(answers.iter().all(|answer| matches!(answer, Ok(Recorded::New(_)))));
    assert_eq!((hub.all().await.len(), hub.events().await.len()), (100, 100));
}

#[tokio::test]
async fn two_thousand_texts_at_once_are_all_stored() {
    let hub = fresh().await;
    let answers = deliver_at_once(&hub, 2000).join_all().await;
    assert!(answers.iter().all(|answer| matches!(answer, Ok(Recorded::New(_)))));
    let mut rows: Vec<i64> = hub.all().await.iter().map(|message| message.row).collect();
    rows.dedup();
    assert_eq!(rows.len(), 2000);
}

#[tokio::test]
async fn a_webhook_that_finds_the_queue_full_is_told_so_and_the_others_are_stored() {
    let hub = fresh_sqlite(|options| options.busy_timeout = Duration::from_mins(1));
    let other = another(&hub.path());
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut deliveries = deliver_at_once(&hub, 4500);
    // While the disk is somebody else's, nothing but a refusal can come back.
    for _ in 4096..4500 {
        assert!(matches!(deliveries.join_next().await.unwrap().unwrap(), Err(StoreError::Busy)));
    }
    other.execute_batch("ROLLBACK").unwrap();
    let answers = deliveries.join_all().await;
    assert_eq!(answers.len(), 4096);
    assert!(answers.iter().all(|answer| matches!(answer, Ok(Recorded::New(_)))));
}

#[tokio::test]
async fn a_unit_that_fails_takes_nobody_with_it() {
    let hub = fresh_sqlite(|options| options.busy_timeout = Duration::from_mins(1));
    let other = another(&hub.path());
    // Everything below waits in the queue and goes into one commit.
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut failing = JoinSet::new();
    for _ in 0..20 {
        let (one, two) = ((*hub).clone(), (*hub).clone());
        failing.spawn(async move { one.set_mode(PIOTR.to_owned(), ConversationMode::Human, None).await });
        failing.spawn(async move { two.retry_job(JobId(99), by(), at(0)).await });
    }
    let deliveries = deliver_at_once(&hub, 20);
    tokio::task::yield_now().await;
    other.execute_batch("ROLLBACK").unwrap();
    assert!(deliveries.join_all().await.iter().all(Result::is_ok));
    assert!(failing.join_all().await.iter().all(|answer| matches!(answer, Err(StoreError::NotFound(_)))));
    assert_eq!(hub.all().await.len(), 20);
}

#[tokio::test]
async fn a_closed_store_says_so() {
    let hub = fresh().await;
    hub.receive(inbound("SM1"), at(0)).await;
    hub.close();
    hub.close();
    let write = hub.record_inbound(inbound("SM2").0, message_id(), message_id(), at(0)).await;
    assert!(matches!(write, Err(StoreError::Closed)));
    assert!(matches!(hub.set_bot_enabled(true, ewa(), at(0)).await, Err(StoreError::Closed)));
    assert!(matches!(hub.suppression(ANNA.to_owned()).await, Err(StoreError::Closed)));
}
