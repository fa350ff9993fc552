//! Messages of one conversation leave one after the other; nobody else waits for them.

use hub_domain::{job::JobKind, message::Origin};
use hub_store::{LeasedJob, NewOutbound};
use tokio::task::JoinSet;

use crate::{
    harness::{LEASE_SECONDS, TestStore, fresh, worker},
    words::{ANNA, PIOTR, accepted, at, inbound, not_sent, outbound, refused},
};

/// Sends the message of a job; the job is done.
async fn deliver(hub: &TestStore, job: LeasedJob, second: i64) {
    let (attempt, _) = hub.call(job, at(second)).await;
    hub.finish(job, attempt, accepted(&format!("SM{}", job.message)), at(second)).await;
}

async fn queue(hub: &TestStore, origin: Origin, to: &str, second: i64) -> i64 {
    hub.queue(outbound(origin, to, "raz"), at(second)).await
}

#[tokio::test]
async fn one_message_of_a_conversation_leaves_at_a_time_in_the_order_written() {
    let hub = fresh().await;
    let mut rows = Vec::new();
    for second in 0..4 {
        rows.push(queue(&hub, Origin::Api, ANNA, second).await);
    }
    for (second, row) in (10..).zip(rows) {
        let job = hub.lease_one(at(second)).await;
        assert_eq!(job.message, row);
        assert!(hub.lease(at(second)).await.is_empty());
        deliver(&hub, job, second).await;
    }
    assert_eq!(hub.next_due().await.unwrap(), None);
}

#[tokio::test]
async fn a_person_overtakes_what_waits() {
    let hub = fresh().await;
    let bot = queue(&hub, Origin::Bot, ANNA, 0).await;
    let api = queue(&hub, Origin::Api, ANNA, 1).await;
    let human = queue(&hub, Origin::Human, ANNA, 2).await;
    for (second, row) in [(3, human), (4, api), (5, bot)] {
        let job = hub.lease_one(at(second)).await;
        assert_eq!(job.message, row);
        deliver(&hub, job, second).await;
    }
}

#[tokio::test]
async fn a_person_waits_for_the_one_that_is_leaving_and_then_goes_first() {
    let hub = fresh().await;
    let first = queue(&hub, Origin::Bot, ANNA, 0).await;
    let second = queue(&hub, Origin::Bot, ANNA, 0).await;
    let leaving = hub.lease_one(at(1)).await;
    assert_eq!(leaving.message, first);
    let human = queue(&hub, Origin::Human, ANNA, 2).await;
    assert!(hub.lease(at(3)).await.is_empty());
    deliver(&hub, leaving, 4).await;
    let job = hub.lease_one(at(4)).await;
    assert_eq!(job.message, human);
    deliver(&hub, job, 5).await;
    assert_eq!(hub.lease_messages(at(5)).await, [second]);
}

#[tokio::test]
async fn a_person_goes_as_soon_as_the_one_that_was_leaving_is_put_off() {
    let hub = fresh().await;
    queue(&hub, Origin::Bot, ANNA, 0).await;
    let leaving = hub.lease_one(at(0)).await;
    let human = queue(&hub, Origin::Human, ANNA, 1).await;
    assert!(hub.lease(at(1)).await.is_empty());
    let (attempt, _) = hub.call(leaving, at(1)).await;
    hub.finish(leaving, attempt, refused(429, 20429), at(2)).await;
    assert_eq!(hub.lease_messages(at(2)).await, [human]);
}

#[tokio::test]
async fn a_stuck_message_holds_the_next_one_for_a_minute_and_no_longer() {
    let hub = fresh().await;
    queue(&hub, Origin::Api, ANNA, 0).await;
    let next = queue(&hub, Origin::Api, ANNA, 1).await;
    let last = queue(&hub, Origin::Api, ANNA, 30).await;
    let stuck = hub.lease_one(at(1)).await;
    hub.give_back(stuck, at(601), None).await.unwrap();
    assert!(hub.lease(at(60)).await.is_empty());
    assert_eq!(hub.next_due().await.unwrap(), Some(at(61)));
    let goes = hub.lease_one(at(61)).await;
    assert_eq!(goes.message, next);
    deliver(&hub, goes, 61).await;
    assert!(hub.lease(at(89)).await.is_empty());
    assert_eq!(hub.lease_messages(at(90)).await, [last]);
    assert!(hub.lease_messages(at(600)).await.iter().all(|row| *row != stuck.message));
    assert_eq!(hub.lease_messages(at(601)).await, [stuck.message]);
}

#[tokio::test]
async fn after_the_hold_nothing_overtakes_one_that_is_well_on_its_way() {
    let hub = fresh().await;
    let first = queue(&hub, Origin::Api, ANNA, 0).await;
    let next = queue(&hub, Origin::Api, ANNA, 0).await;
    // No worker ran for an hour.
    let job = hub.lease_one(at(3600)).await;
    assert_eq!(job.message, first);
    assert!(hub.lease(at(3600)).await.is_empty());
    deliver(&hub, job, 3601).await;
    assert_eq!(hub.lease_messages(at(3601)).await, [next]);

    // One that is taken and never ends holds the next one for another minute at most.
    let hub = fresh().await;
    queue(&hub, Origin::Api, ANNA, 0).await;
    let next = queue(&hub, Origin::Api, ANNA, 0).await;
    hub.lease_one(at(50)).await;
    assert!(hub.lease(at(61)).await.is_empty());
    assert!(hub.lease(at(109)).await.is_empty());
    assert_eq!(hub.lease_messages(at(121)).await, [next]);
}

#[tokio::test]
async fn a_put_off_message_keeps_its_place_when_it_is_due_before_the_hold_ends() {
    let hub = fresh().await;
    let first = queue(&hub, Origin::Api, ANNA, 0).await;
    let second = queue(&hub, Origin::Api, ANNA, 0).await;
    let job = hub.lease_one(at(0)).await;
    let (attempt, _) = hub.call(job, at(0)).await;
    hub.finish(job, attempt, not_sent(), at(0)).await;
    assert_eq!(hub.lease_messages(at(10)).await, [first]);
    assert!(hub.lease(at(10)).await.is_empty());
    assert_eq!(hub.lease_messages(at(60)).await, [second]);
}

#[tokio::test]
async fn a_message_put_off_exactly_until_its_hold_ends_is_not_taken_before() {
    let hub = fresh().await;
    let row = queue(&hub, Origin::Api, ANNA, 0).await;
    let behind = queue(&hub, Origin::Human, ANNA, 0).await;
    let human = hub.lease_one(at(0)).await;
    assert_eq!(human.message, behind);
    deliver(&hub, human, 0).await;
    let job = hub.lease_one(at(0)).await;
    assert_eq!(job.message, row);
    hub.give_back(job, at(60), None).await.unwrap();
    assert!(hub.lease(at(59)).await.is_empty());
}

#[tokio::test]
async fn a_message_set_aside_does_not_hold_the_next_one() {
    let hub = fresh().await;
    queue(&hub, Origin::Api, ANNA, 0).await;
    let next = queue(&hub, Origin::Api, ANNA, 0).await;
    for _ in 0..8 {
        let job = hub.lease_one(at(0)).await;
        hub.give_back(job, at(0), Some("disk".to_owned())).await.unwrap();
    }
    assert_eq!(hub.lease_messages(at(0)).await, [next]);
}

#[tokio::test]
async fn a_message_abandoned_too_often_does_not_hold_the_next_one() {
    let hub = fresh().await;
    queue(&hub, Origin::Api, ANNA, 0).await;
    for round in 0..8 {
        hub.lease_one(at(round * LEASE_SECONDS)).await;
    }
    let now = 8 * LEASE_SECONDS;
    let next = queue(&hub, Origin::Human, ANNA, now - 1).await;
    assert!(hub.lease(at(now - 1)).await.is_empty());
    // Set aside now; what it held is due.
    assert_eq!([hub.lease_messages(at(now)).await, hub.lease_messages(at(now)).await].concat(), [next]);
}

#[tokio::test]
async fn other_conversations_do_not_wait() {
    let hub = fresh().await;
    let anna = queue(&hub, Origin::Api, ANNA, 0).await;
    queue(&hub, Origin::Api, ANNA, 0).await;
    let piotr = queue(&hub, Origin::Api, PIOTR, 0).await;
    let asked = hub.receive(inbound("SM1").from("whatsapp:+48500100200"), at(0)).await;
    let whatsapp = queue(&hub, Origin::Api, "whatsapp:+48500100200", 0).await;
    let other_sender = NewOutbound { from: "+15005550001".to_owned(), ..outbound(Origin::Api, ANNA, "raz") };
    let other_sender = hub.queue(other_sender, at(0)).await;
    let mut taken = hub.lease_messages(at(1)).await;
    taken.sort_unstable();
    assert_eq!(taken, [anna, piotr, asked, whatsapp, other_sender]);
}

#[tokio::test]
async fn a_crowded_conversation_costs_the_others_a_few_leases_at_most() {
    let hub = fresh().await;
    let mut submits = JoinSet::new();
    for _ in 0..1000 {
        let store = (*hub).clone();
        submits.spawn(async move { store.submit(outbound(Origin::Api, ANNA, "raz"), None, at(0)).await });
    }
    assert!(submits.join_all().await.iter().all(Result::is_ok));
    let piotr = queue(&hub, Origin::Api, PIOTR, 1).await;
    let mut taken = Vec::new();
    for _ in 0..4 {
        taken.extend(hub.lease_jobs(worker("w"), JobKind::Deliver, 20, at(1)).await.unwrap());
    }
    assert_eq!(taken.iter().map(|job| job.message).collect::<Vec<_>>(), [1, piotr]);
    // From here each lease finds the next one at once.
    let mut job = taken[0];
    for expect in 2..30 {
        deliver(&hub, job, 2).await;
        job = hub.lease_one(at(2)).await;
        assert_eq!(job.message, expect);
    }
}
