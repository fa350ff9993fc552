//! What the dashboard tells people: reports of the recovery nobody has seen, and what waits for a decision.

use std::time::Duration;

use hub_domain::message::Direction;
use hub_store::Recovered;

use crate::{
    harness::{TestStore, fresh},
    recovery::{begin, end, keep, listed},
    words::at,
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
