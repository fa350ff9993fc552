//! What was deleted while the recovery had it in hand does not come back.

use std::time::Duration;

use hub_domain::message::Direction;
use hub_store::{Kept, Recorded};

use crate::{
    harness::fresh,
    recovery::{begin, keep, listed},
    words::{at, inbound, message_id, sid},
};

const SENT: i64 = 100;
const DAY: i64 = 24 * 3600;

#[tokio::test]
async fn a_text_that_is_deleted_while_it_is_aside_is_not_kept() {
    let hub = fresh().await;
    let (_, walk) = begin(&hub, SENT).await;
    let text = listed("SM1", Direction::Inbound, SENT);
    hub.note_listed(walk, vec![text], Duration::ZERO, at(SENT)).await.unwrap();
    assert!(!hub.delete_by_sid(sid("SM1"), at(SENT)).await.unwrap());
    assert_eq!((keep(&hub, 5, SENT).await, hub.all().await.len()), (0, 0));
}

#[tokio::test]
async fn a_page_that_was_read_before_brings_back_nothing() {
    let hub = fresh().await;
    let row = hub.receive(inbound("SM1"), at(SENT)).await;
    let other = hub.receive(inbound("SM2"), at(SENT)).await;
    hub.delete_messages(vec![row], at(SENT)).await.unwrap();
    assert!(hub.delete_by_sid(sid("SM2"), at(SENT)).await.unwrap());
    assert_eq!(hub.message(other).await.unwrap(), None);
    let (_, walk) = begin(&hub, SENT).await;
    let page = ["SM1", "SM2"].map(|sid| listed(sid, Direction::Inbound, SENT));
    let seen = page.iter().map(|text| (text.facts.clone(), message_id())).collect();
    assert_eq!(hub.keep_remote(seen, at(SENT)).await.unwrap(), [Kept::Left; 2]);
    hub.note_listed(walk, page.to_vec(), Duration::ZERO, at(SENT)).await.unwrap();
    assert_eq!((keep(&hub, 5, SENT).await, hub.all().await.len()), (0, 0));
    // Nor does a webhook that Twilio repeats.
    assert_eq!(hub.record(inbound("SM1"), at(SENT)).await, Recorded::Deleted);
    assert_eq!(hub.all().await.len(), 0);
    // Kept for a day.
    assert_eq!(hub.tidy(at(SENT + DAY)).await.unwrap(), 0);
    assert_eq!(hub.tidy(at(SENT + DAY + 1)).await.unwrap(), 2);
}
