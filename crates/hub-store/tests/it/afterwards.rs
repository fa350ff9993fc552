//! A webhook that comes for a text which Twilio's list has shown before.

use std::time::Duration;

use hub_domain::{job::JobKind, keywords::OptOutType, message::Direction};
use hub_store::Recorded;

use crate::{
    harness::{TestStore, fresh},
    recovery::{begin, keep, listed},
    replies::quiet,
    words::{ANNA, at, inbound, part_ids},
};

const SENT: i64 = 100;

/// A hub whose recovery has kept this text, and decided about an answer if `decided`.
async fn recovered(body: &str, decided: bool) -> (TestStore, i64) {
    let hub = fresh().await;
    let (_, walk) = begin(&hub, SENT).await;
    let mut text = listed("SM1", Direction::Inbound, SENT);
    body.clone_into(&mut text.facts.body);
    hub.note_listed(walk, vec![text], Duration::ZERO, at(SENT)).await.unwrap();
    assert_eq!(keep(&hub, 1, SENT).await, 1);
    let row = hub.all().await[0].row;
    if decided {
        let job = hub.lease(at(SENT)).await.into_iter().find(|job| job.message == row).unwrap();
        hub.settle_reply(job, quiet().into(), None, part_ids(), at(SENT)).await.unwrap();
    }
    (hub, row)
}

#[tokio::test]
async fn twilios_verdict_counts_and_is_not_overruled_by_what_was_decided() {
    for decided in [true, false] {
        let (hub, row) = recovered("dość", decided).await;
        assert_eq!(hub.silenced(ANNA).await, None);
        let text = inbound("SM1").saying("dość").with_verdict(OptOutType::Stop);
        assert_eq!(hub.record(text.clone(), at(SENT + 5)).await, Recorded::Duplicate(row));
        assert_eq!(hub.silenced(ANNA).await.as_deref(), Some("twilio"));
        // Who has come back since stays, however often Twilio repeats it.
        hub.receive(inbound("SM2").saying("START"), at(SENT + 6)).await;
        assert_eq!(hub.silenced(ANNA).await, None);
        hub.record(text, at(SENT + 7)).await;
        assert_eq!(hub.silenced(ANNA).await, None);
    }
}

#[tokio::test]
async fn who_changed_their_mind_before_the_webhook_came_is_not_silenced() {
    let (hub, _) = recovered("dość", true).await;
    hub.receive(inbound("SM2").saying("STOP"), at(SENT + 1)).await;
    hub.receive(inbound("SM3").saying("START"), at(SENT + 2)).await;
    hub.record(inbound("SM1").saying("dość").with_verdict(OptOutType::Stop), at(SENT + 5)).await;
    assert_eq!(hub.silenced(ANNA).await, None);
}

#[tokio::test]
async fn what_only_the_webhook_knows_is_filled_in() {
    const FROM: &str = "whatsapp:+48500100200";
    let hub = fresh().await;
    let (_, walk) = begin(&hub, SENT).await;
    let mut press = listed("SM1", Direction::Inbound, SENT);
    press.facts.them = hub_domain::address::Address::from_provider(FROM).unwrap();
    press.facts.body.clear();
    hub.note_listed(walk, vec![press], Duration::ZERO, at(SENT)).await.unwrap();
    keep(&hub, 1, SENT).await;
    let row = hub.all().await[0].row;
    let text = inbound("SM1").from(FROM).saying("");
    let text = text.with_field("ButtonText", "WYPISZ").with_field("ProfileName", "Anna");
    hub.record(text, at(SENT + 5)).await;
    let message = hub.row(row).await;
    assert_eq!(message.body, "WYPISZ");
    assert!(hub.silenced(ANNA).await.is_some());
    assert_eq!(hub.written().await.len(), 1, "one confirmation");
}

#[tokio::test]
async fn a_polish_word_that_was_confirmed_already_is_not_confirmed_twice() {
    let (hub, row) = recovered("WYPISZ", true).await;
    assert_eq!(hub.written().await.len(), 1);
    hub.record(inbound("SM1").saying("WYPISZ"), at(SENT + 5)).await;
    assert_eq!(hub.written().await.len(), 1);
    let replies = hub.open_jobs(JobKind::Reply).await;
    assert!(replies.iter().all(|job| job.message != row), "{replies:?}");
}
