//! Changes, as live panels hear of them.

use hub_domain::message::Origin;
use hub_store::{Event, EventKind};
use tokio::sync::broadcast::error::TryRecvError;

use crate::{
    harness::fresh,
    words::{ANNA, PIOTR, accepted, at, inbound, outbound, report},
};

fn kinds(events: &[Event]) -> Vec<(EventKind, i64)> {
    events.iter().map(|event| (event.kind, event.message)).collect()
}

#[tokio::test]
async fn a_panel_resumes_after_the_last_change_it_saw() {
    let hub = fresh().await;
    let first = hub.receive(inbound("SM1"), at(1)).await;
    let second = hub.queue(outbound(Origin::Api, PIOTR, "raz"), at(2)).await;
    let third = hub.receive(inbound("SM2"), at(3)).await;
    let all = hub.events().await;
    let expect = [(EventKind::Received, first), (EventKind::Written, second), (EventKind::Received, third)];
    assert_eq!(kinds(&all), expect);
    assert_eq!(hub.events_after(all[0].id, 1).await.unwrap(), all[1..2]);
    assert_eq!(hub.events_after(all[0].id, 10).await.unwrap(), all[1..]);
    assert!(hub.events_after(all[2].id, 10).await.unwrap().is_empty());
    assert_eq!((all[0].at, all[0].contact), (at(1), hub.row(first).await.contact));
}

#[tokio::test]
async fn a_change_is_announced_once_it_can_be_read() {
    let hub = fresh().await;
    let mut heard = hub.subscribe();
    let row = hub.receive(inbound("SM1"), at(1)).await;
    let event = heard.recv().await.unwrap();
    assert_eq!((event.kind, event.message), (EventKind::Received, row));
    assert_eq!(hub.events().await, [event]);
}

#[tokio::test]
async fn nothing_is_announced_of_what_was_not_written() {
    let hub = fresh().await;
    let text = inbound("SM1");
    hub.receive(text.clone(), at(1)).await;
    let message = outbound(Origin::Api, ANNA, "raz");
    hub.queue(message.clone(), at(1)).await;
    hub.probe(at(1)).await.unwrap();
    let mut heard = hub.subscribe();
    hub.record(text, at(2)).await;
    hub.submit(message, None, at(2)).await.unwrap();
    // A probe is committed after what came before it was announced.
    hub.probe(at(3)).await.unwrap();
    assert_eq!(heard.try_recv(), Err(TryRecvError::Empty));
}

#[tokio::test]
async fn a_report_that_changes_nothing_is_no_event() {
    let hub = fresh().await;
    let (row, _) = hub.send(ANNA, accepted("SM1"), at(0)).await;
    hub.apply_status(report("SM1", "sent"), at(1)).await.unwrap();
    let before = hub.events().await;
    hub.apply_status(report("SM1", "queued"), at(2)).await.unwrap();
    hub.apply_status(report("SM1", "sent"), at(2)).await.unwrap();
    assert_eq!(hub.events().await, before);
    let statuses = [(EventKind::Written, row), (EventKind::Status, row), (EventKind::Status, row)];
    assert_eq!(kinds(&before), statuses);
}

#[tokio::test]
async fn work_that_was_written_wakes_whoever_waits_for_it() {
    let hub = fresh().await;
    let mut signal = hub.work_signal();
    hub.receive(inbound("SM1"), at(0)).await;
    signal.changed().await.unwrap();
    let job = hub.lease_one(at(0)).await;
    hub.give_back(job, at(1), None).await.unwrap();
    signal.changed().await.unwrap();
    // Nothing to do for a worker.
    hub.record(inbound("SM1"), at(2)).await;
    hub.probe(at(2)).await.unwrap();
    assert!(!signal.has_changed().unwrap());
}
