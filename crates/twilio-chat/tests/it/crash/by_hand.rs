//! Rows of `docs/decisions/0001-crash-points.md` about what a person sends, and about search.

use hub_domain::{
    ids::{ContactId, MessageId},
    message::Origin,
};
use hub_store::Retried;
use twilio_chat::app::{
    App,
    by_hand::{HandRequest, HandTarget},
};

use super::MINUTE;
use crate::{hub::TestHub, talk::ANNA};

/// Anna's number, and a text that a person's browser sends her.
async fn text(hub: &TestHub) -> HandRequest {
    let contact = hub.last_contact().await;
    HandRequest {
        id: MessageId(uuid::Uuid::from_u128(1)),
        to: HandTarget::Contact(ContactId(contact)),
        body: "Już idę".to_owned(),
        template: None,
        fold: false,
        origin: Origin::Human,
        author: None,
    }
}

#[tokio::test]
async fn after_a_persons_text_commit() {
    let mut hub = TestHub::start().await;
    hub.hears(ANNA, "Hej").await;
    let request = text(&hub).await;
    // Written, and the process ends before anything leaves or anybody is answered.
    let first = hub.app().send_by_hand(request.clone()).await.unwrap();
    hub.restart().await;
    let again = hub.app().send_by_hand(request).await.unwrap();
    assert_eq!(again[0].row, first[0].row);
    hub.advance(MINUTE).await;
    assert_eq!(hub.phone(ANNA).got(), ["Już idę"]);
    assert_eq!(hub.get("/api/inbox").await.json()["items"][0]["mode"], "human");
}

#[tokio::test]
async fn after_a_retry_commit() {
    let mut hub = TestHub::start().await;
    hub.api_sends("+15005550001", "Hej").await;
    let failed = hub.only_written().await.row;
    let id = MessageId(uuid::Uuid::from_u128(2));
    let calls = hub.sim.counts().creates;
    let retry = |app: App| async move { app.retry(failed, id, Origin::Human, None).await.unwrap() };
    let Retried::Queued(rows) = retry(hub.app().clone()).await else { panic!("not queued") };
    hub.restart().await;
    assert_eq!(retry(hub.app().clone()).await, Retried::Repeated(rows[0]));
    hub.advance(MINUTE).await;
    assert_eq!((hub.sim.counts().creates, hub.written().await.len()), (calls + 1, 2));
}

#[tokio::test]
async fn between_reading_and_indexing_a_text() {
    let mut hub = TestHub::start().await;
    hub.hears(ANNA, "Faktura").await;
    // Read, and the process ends before the words are written: nothing but memory knew of them.
    let read = hub.store().unindexed_messages().await.unwrap();
    assert_eq!(read.len(), 1);
    drop(read);
    hub.restart().await;
    while hub.app().index_messages().await.unwrap() > 0 {}
    let found = hub.get("/api/search?q=faktury").await.json();
    assert_eq!(found["messages"].as_array().unwrap().len(), 1);
}
