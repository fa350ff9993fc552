//! Texts being written.

use hub_domain::ids::ContactId;
use hub_store::{EventKind, StoreError};

use crate::{
    harness::fresh,
    people::EWA,
    words::{ANNA, PIOTR, at, inbound},
};

#[tokio::test]
async fn a_draft_is_the_last_text_saved_and_an_empty_one_is_none() {
    let hub = fresh().await;
    hub.receive(inbound("SM1"), at(0)).await;
    hub.receive(inbound("SM2").from(PIOTR), at(0)).await;
    let (anna, piotr) = (hub.contact(ANNA).await, hub.contact(PIOTR).await);
    let save = |contact, text: &str, second| hub.save_draft(contact, text.to_owned(), Some(EWA), at(second));
    save(anna, "Dzi", 1).await.unwrap();
    save(piotr, "Pan", 2).await.unwrap();
    save(anna, "Dzień", 3).await.unwrap();
    let draft = hub.draft(anna).await.unwrap().unwrap();
    assert_eq!((draft.body.as_str(), draft.author, draft.saved_at), ("Dzień", Some(EWA), at(3)));
    let listed = hub.drafts(None, 1).await.unwrap();
    assert_eq!(listed, [draft]);
    let next = hub.drafts(Some(listed[0].id), 10).await.unwrap();
    assert_eq!(next.iter().map(|draft| draft.contact).collect::<Vec<_>>(), [piotr]);
    save(anna, " \n", 4).await.unwrap();
    save(anna, "", 5).await.unwrap();
    assert_eq!(hub.draft(anna).await.unwrap(), None);
    let told = hub.events().await.into_iter().filter(|event| event.kind == EventKind::Draft);
    assert_eq!(told.map(|event| event.contact).collect::<Vec<_>>(), [anna, piotr, anna, anna]);
    assert!(matches!(save(ContactId(404), "x", 6).await, Err(StoreError::NotFound("contact"))));
}
