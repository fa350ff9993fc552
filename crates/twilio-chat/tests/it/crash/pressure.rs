//! Rows of `docs/decisions/0001-crash-points.md` about pacing and about a refused account.

use std::time::Duration;

use hub_domain::message::Origin;
use hub_sim::{CreateFault, Faults};
use twilio_chat::sys::Point;

use super::{MINUTE, answering};
use crate::{hub::TestHub, setup::Setup, talk::ANNA, world::Death};

/// Writes a message of an API caller down.
async fn api_message(hub: &TestHub, number: u128, to: &str) {
    let message = hub_store::NewOutbound {
        id: hub_domain::ids::MessageId(uuid::Uuid::from_u128(number)),
        to: hub_domain::address::Address::from_typed(to).unwrap(),
        from: hub.number().to_owned(),
        service: None,
        body: format!("nr {number}"),
        media_urls: Vec::new(),
        template: None,
        origin: Origin::Api,
    };
    hub.store().submit(message, None, hub.now()).await.unwrap();
}

#[tokio::test]
async fn after_a_moment_was_given() {
    let mut hub = Setup::new().with("TWILIO_SEGMENTS_PER_SECOND", "1").start().await;
    for number in 1..=3 {
        api_message(&hub, number, &format!("+4850010020{number}")).await;
    }
    hub.dies(Death::At(Point::MomentGiven));
    hub.run().await;
    assert!(!hub.is_alive());
    assert_eq!(hub.on_disk("SELECT message || ' ' || slot_kept FROM job"), ["3 1"]);
    hub.restart().await;
    hub.run().await;
    assert_eq!(hub.taken().len(), 2, "its moment has not come");
    hub.advance(MINUTE).await;
    assert_eq!(hub.taken().len(), 3);
    assert_eq!(hub.sim.counts().creates, 3);
}

#[tokio::test]
async fn after_the_queue_was_stopped() {
    let mut hub = answering().await;
    let refused = CreateFault::Refused { status: 401, code: 20003 };
    hub.sim.faults(Faults { next: [refused].into(), ..Faults::default() });
    hub.phone(ANNA).writes("Hej");
    hub.dies(Death::At(Point::OutcomeCommitted));
    hub.run().await;
    assert!(!hub.is_alive());
    let stopped = "SELECT http_status || ' ' || code FROM sending_stop WHERE stopped_at IS NOT NULL";
    assert_eq!(hub.on_disk(stopped), ["401 20003"]);
    assert_eq!(hub.open_jobs(), ["deliver of 2"]);
    hub.restart().await;
    hub.advance(Duration::from_secs(59)).await;
    assert_eq!(hub.sim.counts().creates, 1, "the next process keeps the stop");
    hub.advance(20 * MINUTE).await;
    assert_eq!(hub.phone(ANNA).got(), ["Oddzwonimy"]);
    assert_eq!(hub.outcomes(2).await, ["refused", "accepted"]);
    assert!(hub.on_disk(stopped).is_empty());
    let events = "SELECT kind FROM event WHERE kind LIKE 'sending_%' ORDER BY id";
    assert_eq!(hub.on_disk(events), ["sending_stopped", "sending_resumed"]);
}

#[tokio::test]
async fn while_one_message_tried_for_all() {
    for death in [Death::At(Point::AttemptCommitted), Death::DuringCall] {
        let mut hub = TestHub::start().await;
        let refused = CreateFault::Refused { status: 401, code: 20003 };
        hub.sim.faults(Faults { next: [refused].into(), dropped_callbacks: 1.0, ..Faults::default() });
        api_message(&hub, 1, ANNA).await;
        api_message(&hub, 2, "+48500100201").await;
        hub.run().await;
        hub.dies(death);
        hub.advance(MINUTE).await;
        assert!(!hub.is_alive());
        assert_eq!(hub.on_disk("SELECT outcome FROM attempt WHERE outcome IS NOT NULL"), ["refused"]);
        hub.restart().await;
        hub.advance(Duration::from_secs(59)).await;
        assert!(hub.taken().len() <= 1, "nobody else tries within the minute");
        hub.advance(20 * MINUTE).await;
        let mut taken: Vec<String> = hub.taken().into_iter().map(|message| message.body).collect();
        taken.sort();
        assert_eq!(taken, ["nr 1", "nr 2"]);
    }
}
