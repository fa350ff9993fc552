//! Rows of `docs/decisions/0001-crash-points.md` about what was missed and about held messages.

use std::time::Duration;

use hub_sim::Faults;
use twilio_chat::sys::Point;

use super::{MINUTE, answering, one_picture, one_reply, picture};
use crate::{hub::TestHub, talk::ANNA, world::Death};

/// A hub that was down while Anna wrote, and dies at `point` after its restart.
async fn recovering_until(point: Point) -> TestHub {
    let mut hub = answering().await;
    hub.run().await;
    hub.kill();
    hub.phone(ANNA).writes("Hej");
    hub.advance(3 * MINUTE).await;
    hub.restart().await;
    hub.dies(Death::At(point));
    hub.run().await;
    assert!(!hub.is_alive(), "{point:?} was never reached");
    hub
}

#[tokio::test]
async fn after_reading_a_page_of_the_walk() {
    let mut hub = recovering_until(Point::PageRead).await;
    assert!(hub.on_disk("SELECT sid FROM missed UNION ALL SELECT sid FROM message").is_empty());
    assert_eq!(
        hub.on_disk("SELECT iif(value ->> '$.walk.page' IS NULL, 'first', 'later') FROM progress"),
        ["first"]
    );
    hub.restart().await;
    one_reply(&mut hub).await;
}

#[tokio::test]
async fn after_keeping_a_page_of_the_walk() {
    let mut hub = recovering_until(Point::PageCommitted).await;
    assert_eq!(hub.on_disk("SELECT body FROM missed"), ["Hej"]);
    assert!(hub.on_disk("SELECT body FROM message").is_empty());
    hub.restart().await;
    one_reply(&mut hub).await;
    assert!(hub.on_disk("SELECT body FROM missed").is_empty());
}

#[tokio::test]
async fn between_two_missed_messages() {
    let mut hub = answering().await;
    hub.run().await;
    hub.kill();
    for number in 0..40 {
        hub.phone(ANNA).writes(&format!("tekst {number}"));
        hub.advance(Duration::from_secs(2)).await;
    }
    hub.advance(2 * MINUTE).await;
    hub.restart().await;
    hub.dies(Death::At(Point::MissedCommitted));
    hub.run().await;
    assert!(!hub.is_alive());
    let kept = hub.on_disk("SELECT body FROM message ORDER BY row");
    assert_eq!((kept.len(), hub.on_disk("SELECT body FROM missed").len()), (25, 15));
    assert_eq!(hub.open_jobs().len(), 25);
    hub.restart().await;
    hub.advance(20 * MINUTE).await;
    let texts: Vec<String> = (0..40).map(|number| format!("tekst {number}")).collect();
    assert_eq!(hub.on_disk("SELECT body FROM message WHERE direction = 'inbound' ORDER BY row"), texts);
    assert_eq!(hub.decisions().await, vec!["answered_template"; 40]);
    assert_eq!(hub.taken().len(), 40);
}

#[tokio::test]
async fn after_asking_for_a_status() {
    let mut hub = answering().await;
    // So old that no walk sees it any more.
    hub.sim.faults(Faults { dropped_callbacks: 1.0, read_errors: 1.0, ..Faults::default() });
    hub.phone(ANNA).writes("Hej");
    hub.advance(30 * MINUTE).await;
    assert_eq!(hub.only_written().await.status.as_str(), "queued");
    hub.dies(Death::At(Point::StatusesRead));
    // Twilio's list is still away, so that no walk settles it first.
    hub.advance(60 * MINUTE).await;
    assert!(!hub.is_alive());
    hub.sim.faults(Faults::default());
    let due = "SELECT CAST(polls AS TEXT) FROM message WHERE poll_at IS NOT NULL AND status = 'queued'";
    let open = hub.on_disk(due);
    hub.restart().await;
    hub.advance(10 * MINUTE).await;
    assert!(hub.on_disk(due).is_empty(), "{open:?}");
    assert_eq!(hub.only_written().await.status.as_str(), "delivered");
}

#[tokio::test]
async fn after_the_attachments_of_a_missed_text_were_listed() {
    let mut hub = answering().await;
    hub.run().await;
    hub.kill();
    hub.phone(ANNA).attaches(vec![picture()]);
    hub.advance(3 * MINUTE).await;
    hub.restart().await;
    hub.dies(Death::At(Point::AttachmentsNoted));
    hub.run().await;
    assert!(!hub.is_alive());
    assert_eq!(hub.on_disk("SELECT state FROM media"), ["waiting"]);
    assert!(hub.attachments().is_empty());
    hub.restart().await;
    one_picture(&mut hub).await;
}

#[tokio::test]
async fn after_an_approval_commit() {
    let mut hub = answering().await;
    hub.run().await;
    hub.kill();
    hub.phone(ANNA).writes("Hej");
    hub.advance(60 * MINUTE).await;
    hub.restart().await;
    hub.advance(MINUTE).await;
    let row = hub.only_written().await.row;
    hub.dies(Death::At(Point::ApprovalCommitted));
    let path = format!("/api/messages/{row}/approve");
    assert!(hub.post(&path, &serde_json::json!({})).await.is_none());
    assert_eq!(hub.open_jobs(), [format!("deliver of {row}")]);
    assert!(hub.taken().is_empty());
    hub.restart().await;
    one_reply(&mut hub).await;
}
