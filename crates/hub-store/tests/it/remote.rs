//! What is seen at Twilio is kept; what is deleted is gone with everything that hangs on it.

use std::sync::Arc;

use hub_domain::{
    address::Address,
    ids::MessageId,
    job::JobKind,
    message::{Direction, Origin},
    remote::RemoteFacts,
    status::DeliveryStatus,
};
use hub_store::{Canceled, Kept};

use crate::{
    harness::{TestStore, fresh},
    words::{ANNA, PIOTR, US, accepted, ambiguous, at, inbound, message_id, outbound, report, sid},
};

pub(crate) fn seen(message_sid: &str, direction: Direction, body: &str) -> RemoteFacts {
    RemoteFacts {
        sid: sid(message_sid),
        direction,
        them: Address::from_provider(ANNA).unwrap(),
        us: US.to_owned(),
        service: None,
        body: body.to_owned(),
        media_count: 0,
        status: (direction == Direction::Outbound).then_some(DeliveryStatus::Delivered),
        error_code: None,
        created_at: Some(at(5)),
        segments: Some(2),
        price: Some("-0.1".to_owned()),
        price_unit: Some("USD".to_owned()),
    }
}

async fn keep(hub: &TestStore, facts: RemoteFacts, second: i64) -> Kept {
    let ids: (RemoteFacts, MessageId) = (facts, message_id());
    hub.keep_remote(vec![ids], at(second)).await.unwrap()[0]
}

#[tokio::test]
async fn what_we_lack_becomes_history_without_a_job() {
    let hub = fresh().await;
    for (message_sid, direction, status) in
        [("SM1", Direction::Inbound, "received"), ("SM2", Direction::Outbound, "delivered")]
    {
        let Kept::New(row) = keep(&hub, seen(message_sid, direction, "raz"), 60).await else { panic!() };
        let message = hub.row(row).await;
        assert_eq!((message.direction, message.status.as_str(), message.origin), (direction, status, None));
        assert_eq!((message.created_at, message.updated_at), (at(5), at(60)));
        assert_eq!(keep(&hub, seen(message_sid, direction, "raz"), 70).await, Kept::Known(row));
    }
    assert_eq!(hub.jobs(10).await.unwrap(), []);
    let statistics = hub.statistics().await.unwrap();
    assert_eq!((statistics.inbound, statistics.outbound), (1, 1));
}

#[tokio::test]
async fn a_webhook_after_the_look_asks_for_an_answer_once() {
    let hub = fresh().await;
    keep(&hub, seen("SM1", Direction::Inbound, "raz"), 6).await;
    for second in [7, 8] {
        hub.record(inbound("SM1"), at(second)).await;
    }
    assert_eq!((hub.open_jobs(JobKind::Reply).await.len(), hub.all().await.len()), (1, 1));
}

#[tokio::test]
async fn our_text_stays_and_the_status_only_moves_up() {
    let hub = fresh().await;
    let (row, _) = hub.send(ANNA, accepted("SM1"), at(0)).await;
    hub.apply_status(report("SM1", "read"), at(1)).await.unwrap();
    assert_eq!(keep(&hub, seen("SM1", Direction::Outbound, "inny"), 6).await, Kept::Known(row));
    let message = hub.row(row).await;
    assert_eq!((message.body.as_str(), message.status.as_str()), ("Dzień dobry", "read"));
}

#[tokio::test]
async fn what_a_lookup_may_find_is_left() {
    let hub = fresh().await;
    let (row, job) = hub.queue_leased(outbound(Origin::Api, ANNA, "raz"), at(0)).await;
    let (attempt, _) = hub.call(job, at(0)).await;
    assert_eq!(keep(&hub, seen("SM1", Direction::Outbound, "raz"), 6).await, Kept::Left);
    hub.finish(job, attempt, ambiguous(), at(7)).await;
    assert_eq!(keep(&hub, seen("SM1", Direction::Outbound, "raz"), 8).await, Kept::Left);
    let elsewhere = RemoteFacts {
        them: Address::from_provider(PIOTR).unwrap(),
        ..seen("SM2", Direction::Outbound, "raz")
    };
    assert!(matches!(keep(&hub, elsewhere, 9).await, Kept::New(_)));
    assert_eq!(hub.sid(row).await, None);
}

#[tokio::test]
async fn a_callback_that_names_our_call_takes_its_sid_back_from_history() {
    let hub = fresh().await;
    let (row, job) = hub.queue_leased(outbound(Origin::Api, ANNA, "raz"), at(0)).await;
    let Kept::New(history) = keep(&hub, seen("SM1", Direction::Outbound, "raz"), 1).await else { panic!() };
    let (attempt, _) = hub.call(job, at(2)).await;
    let callback = hub_domain::message::StatusReport { attempt: Some(attempt), ..report("SM1", "sent") };
    hub.apply_status(callback, at(3)).await.unwrap();
    assert_eq!((hub.sid(row).await.as_deref(), hub.status(row).await), (Some("SM1"), "sent"));
    assert_eq!(hub.message(history).await.unwrap(), None);
    assert_eq!(hub.statistics().await.unwrap().outbound, 1);
}

#[tokio::test]
async fn an_opt_out_seen_late_counts_unless_overruled() {
    let hub = fresh().await;
    keep(&hub, seen("SM1", Direction::Inbound, "WYPISZ"), 60).await;
    assert_eq!(hub.silenced(ANNA).await.as_deref(), Some("recovered"));
    assert!(hub.written().await.is_empty());
    hub.receive(inbound("SM2").saying("WZNOW"), at(70)).await;
    keep(&hub, seen("SM3", Direction::Inbound, "STOP"), 80).await;
    assert_eq!(hub.silenced(ANNA).await, None);
}

#[tokio::test]
async fn a_deleted_message_leaves_counts_and_neighbours_right() {
    let hub = fresh().await;
    let question = hub.receive(inbound("SM1"), at(0)).await;
    let (answer, _) = hub.send(ANNA, accepted("SM2"), at(1)).await;
    assert_eq!(hub.delete_messages(vec![answer, 99], at(2)).await.unwrap(), 1);
    let line = hub.conversations(None, 10).await.unwrap().remove(0);
    assert_eq!((line.last.row, line.message_count), (question, 1));
    assert_eq!(hub.attempts(answer).await.unwrap(), []);
    hub.delete_messages(vec![question], at(3)).await.unwrap();
    assert_eq!(hub.conversations(None, 10).await.unwrap(), []);
    assert_eq!(hub.statistics().await.unwrap(), hub_store::Statistics::default());
    assert_eq!(hub.jobs(10).await.unwrap(), []);
}

#[tokio::test]
async fn a_redacted_text_stays_redacted() {
    let hub = fresh().await;
    let row = hub.receive(inbound("SM1").with_field("ButtonText", "Tajne"), at(0)).await;
    let redacted = hub.redact(sid("SM1"), at(1)).await.unwrap().unwrap();
    assert_eq!((redacted.row, redacted.body.as_str(), redacted.updated_at), (row, "", at(1)));
    keep(&hub, seen("SM1", Direction::Inbound, "Tajne"), 6).await;
    assert_eq!(hub.row(row).await.body, "");
    assert_eq!(hub.redact(sid("SM9"), at(1)).await.unwrap(), None);
}

#[tokio::test]
async fn only_what_no_call_was_begun_for_can_be_canceled() {
    let hub = fresh().await;
    let row = hub.queue(outbound(Origin::Api, ANNA, "raz"), at(0)).await;
    let next = hub.queue(outbound(Origin::Api, ANNA, "dwa"), at(0)).await;
    let in_hand = hub.lease_one(at(0)).await;
    assert_eq!(hub.cancel_pending(row, at(1)).await.unwrap(), Canceled::Done);
    assert!(hub.begin_attempt(in_hand, crate::words::attempt_id(), Arc::default(), at(1)).await.is_err());
    let job = hub.lease_one(at(1)).await;
    assert_eq!((hub.status(row).await, job.message), ("canceled", next));
    hub.call(job, at(1)).await;
    assert_eq!(hub.cancel_pending(next, at(2)).await.unwrap(), Canceled::TooLate);
    assert_eq!(hub.cancel_pending(99, at(2)).await.unwrap(), Canceled::TooLate);
}
