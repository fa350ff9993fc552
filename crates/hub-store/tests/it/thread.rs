//! A thread from its end and from a row, and all that is known of one message.

use hub_domain::message::{Media, Origin};
use hub_store::{ThreadQuery, ThreadSide};

use crate::{
    harness::{TestStore, fresh},
    words::{ANNA, PIOTR, accepted, at, inbound, outbound, report},
};

async fn rows(hub: &TestStore, side: ThreadSide, limit: u32) -> Vec<i64> {
    let query = ThreadQuery { contact: hub.contact(ANNA).await, side, limit };
    hub.thread(query).await.unwrap().iter().map(|entry| entry.message.row).collect()
}

#[tokio::test]
async fn a_thread_is_read_from_its_end_and_from_any_row_oldest_first() {
    let hub = fresh().await;
    let mut all = Vec::new();
    for number in 0..6 {
        all.push(hub.receive(inbound(&format!("SM{number}")), at(number)).await);
        hub.receive(inbound(&format!("SMx{number}")).from(PIOTR), at(number)).await;
    }
    assert_eq!(rows(&hub, ThreadSide::Newest, 2).await, all[4..]);
    assert_eq!(rows(&hub, ThreadSide::Before(all[4]), 3).await, all[1..4]);
    assert_eq!(rows(&hub, ThreadSide::After(all[1]), 3).await, all[2..5]);
    assert_eq!(rows(&hub, ThreadSide::Newest, 50).await, all);
    assert!(rows(&hub, ThreadSide::After(all[5]), 3).await.is_empty());
}

#[tokio::test]
async fn details_are_everything_known_of_a_message() {
    let hub = fresh().await;
    let media = vec![Media { url: "https://media.example/1".to_owned(), content_type: None }];
    let heard = hub.receive(inbound("SM1").with_media(media.clone()), at(0)).await;
    let (row, _) = hub.send(ANNA, accepted("SM2"), at(1)).await;
    hub.apply_status(report("SM2", "delivered"), at(2)).await.unwrap();
    let heard = hub.message_details(heard).await.unwrap().unwrap();
    assert_eq!((heard.entry.media, heard.attempts.len()), (media, 0));
    let details = hub.message_details(row).await.unwrap().unwrap();
    assert_eq!((details.attempts.len(), details.reports.len()), (1, 1));
    assert_eq!((details.reports[0].status.as_str(), details.reports[0].received_at), ("delivered", at(2)));
    assert_eq!((details.entry.part, details.entry.parts, details.entry.author), (1, 1, None));
    assert_eq!(details.entry.message.origin, Some(Origin::Api));
    assert_eq!(hub.message_details(404).await.unwrap(), None);
    let row = hub.queue(outbound(Origin::Campaign, ANNA, "raz"), at(3)).await;
    assert_eq!(hub.row(row).await.origin, Some(Origin::Campaign));
}
