//! What the dashboard tells people: reports of the recovery nobody has seen, and what waits for a decision.

use std::{sync::Arc, time::Duration};

use hub_domain::{message::Direction, status::MessageStatus};
use hub_store::{Recovered, ReplyPolicy};

use crate::{
    harness::{TestStore, fresh},
    recovery::{begin, end, keep, listed},
    words::{at, part_ids},
};

/// A text that was missed is found by a walk of its own.
async fn recovers(hub: &TestStore, message_sid: &str, body: &str, second: i64) {
    let (progress, walk) = begin(hub, second).await;
    let mut missed = listed(message_sid, Direction::Inbound, 0);
    body.clone_into(&mut missed.facts.body);
    hub.note_listed(walk.clone(), vec![missed], Duration::ZERO, at(second)).await.unwrap();
    end(hub, &progress, walk, second).await;
    assert_eq!(keep(hub, 9, second).await, 1);
}

async fn told(hub: &TestStore) -> Option<Recovered> {
    hub.notices().await.unwrap().recovered
}

#[tokio::test]
async fn nobody_has_seen_what_is_not_recovered_yet() {
    let hub = fresh().await;
    hub.see_recovery(i64::MAX, at(1)).await.unwrap();
    recovers(&hub, "SM1", "Halo", 1_000).await;
    let first = told(&hub).await.unwrap();
    assert_eq!(first.messages, 1);
    hub.see_recovery(i64::MAX, at(1_001)).await.unwrap();
    assert_eq!(told(&hub).await, None);
    recovers(&hub, "SM2", "Halo?", 2_000).await;
    let second = told(&hub).await.unwrap();
    assert!(second.messages == 1 && second.report > first.report, "{second:?}");
    // Seen ones stay seen.
    for report in [second.report, first.report, i64::MIN] {
        hub.see_recovery(report, at(2_001)).await.unwrap();
        assert_eq!(told(&hub).await, None);
    }
}

#[tokio::test]
async fn an_answer_in_parts_is_one_that_waits() {
    let hub = fresh().await;
    recovers(&hub, "SM1", &"halo ".repeat(320), 1_000).await;
    let policy = ReplyPolicy { bot_enabled_by_default: true, ..ReplyPolicy::default() };
    let job = hub.lease_one(at(1_000)).await;
    hub.settle_reply(job, Arc::new(policy), None, part_ids(), at(1_000)).await.unwrap();
    let answer = hub.written().await;
    assert!(answer.len() > 1 && answer.iter().all(|part| part.status == MessageStatus::Held), "{answer:?}");
    let notices = hub.notices().await.unwrap();
    assert_eq!(notices.recovered.unwrap().waiting, 1);
    assert_eq!(hub.counts().await.unwrap().held - notices.held_behind_a_part, 1);
}
