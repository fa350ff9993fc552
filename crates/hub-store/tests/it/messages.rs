//! Lists of messages: newest first, a page at a time.

use hub_domain::message::{Direction, Origin};
use hub_store::MessageFilter;

use crate::{
    harness::{TestStore, fresh},
    words::{ANNA, at, inbound, outbound},
};

/// The rows of every page, page by page.
async fn pages(hub: &TestStore, direction: Option<Direction>, limit: u32) -> Vec<Vec<i64>> {
    let mut pages = Vec::new();
    let mut before = None;
    loop {
        let page = hub.messages(MessageFilter { direction, before, limit }).await.unwrap();
        let Some(last) = page.last() else { return pages };
        before = Some(last.row);
        pages.push(page.iter().map(|message| message.row).collect());
    }
}

/// Five rows: in, out, in, out, in.
async fn five(hub: &TestStore) -> Vec<i64> {
    let mut rows = Vec::new();
    for number in 0..5 {
        rows.push(if number % 2 == 0 {
            hub.receive(inbound(&format!("SM{number}")), at(number)).await
        } else {
            hub.queue(outbound(Origin::Api, ANNA, "raz"), at(number)).await
        });
    }
    rows
}

#[tokio::test]
async fn pages_go_from_the_newest_to_the_oldest_without_gaps() {
    let hub = fresh().await;
    let rows = five(&hub).await;
    let page = |places: &[usize]| places.iter().map(|place| rows[*place]).collect::<Vec<_>>();
    assert_eq!(pages(&hub, None, 2).await, [page(&[4, 3]), page(&[2, 1]), page(&[0])]);
    assert_eq!(pages(&hub, Some(Direction::Inbound), 2).await, [page(&[4, 2]), page(&[0])]);
    assert_eq!(pages(&hub, Some(Direction::Outbound), 10).await, [page(&[3, 1])]);
}

#[tokio::test]
async fn a_message_that_arrives_between_two_pages_shifts_nothing() {
    let hub = fresh().await;
    let rows = five(&hub).await;
    let first = hub.messages(MessageFilter { direction: None, before: None, limit: 2 }).await.unwrap();
    hub.receive(inbound("SMnew"), at(9)).await;
    let before = first.last().map(|message| message.row);
    let second = hub.messages(MessageFilter { direction: None, before, limit: 10 }).await.unwrap();
    assert_eq!(second.iter().map(|message| message.row).collect::<Vec<_>>(), [rows[2], rows[1], rows[0]]);
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let hub = fresh().await;
    assert_eq!(hub.message(1).await.unwrap(), None);
    assert_eq!(hub.message_by_id(crate::words::message_id()).await.unwrap(), None);
    assert_eq!(hub.reply_decision(1).await.unwrap(), None);
    assert_eq!((hub.media(1).await.unwrap().len(), hub.attempts(1).await.unwrap().len()), (0, 0));
}
