//! Lists by filter, and a line a person.

use hub_domain::{
    message::{Direction, Origin},
    status::{DeliveryStatus, MessageStatus},
};
use hub_store::HistoryQuery;

use crate::{
    harness::{TestStore, fresh},
    words::{ANNA, PIOTR, accepted, at, inbound, outbound, refused, report},
};

pub(crate) const EVERY: HistoryQuery =
    HistoryQuery { contact: None, direction: None, status: None, before: None, limit: 100 };

async fn rows(hub: &TestStore, query: HistoryQuery) -> Vec<i64> {
    hub.history(query).await.unwrap().iter().map(|message| message.row).collect()
}

#[tokio::test]
async fn filters_narrow_a_list() {
    let hub = fresh().await;
    let heard = hub.receive(inbound("SM1"), at(0)).await;
    let (failed, _) = hub.send(ANNA, refused(400, 21211), at(1)).await;
    let (delivered, _) = hub.send(PIOTR, accepted("SM2"), at(2)).await;
    hub.apply_status(report("SM2", "delivered"), at(3)).await.unwrap();
    let pending = hub.queue(outbound(Origin::Api, PIOTR, "raz"), at(4)).await;
    let person = |key: &str| hub.person(vec!["nobody".to_owned(), key.to_owned()]);
    let (anna, piotr) = (person(ANNA).await.unwrap().unwrap(), person(PIOTR).await.unwrap().unwrap());
    assert_eq!((anna.key.as_str(), hub.person(vec!["nobody".to_owned()]).await.unwrap()), (ANNA, None));

    let (anna, piotr) = (Some(anna.contact), Some(piotr.contact));
    let status = |status| Some(MessageStatus::Reported(status));
    for (query, expect) in [
        (EVERY, vec![pending, delivered, failed, heard]),
        (HistoryQuery { contact: anna, ..EVERY }, vec![failed, heard]),
        (HistoryQuery { contact: anna, direction: Some(Direction::Inbound), ..EVERY }, vec![heard]),
        (
            HistoryQuery { contact: piotr, status: status(DeliveryStatus::Delivered), ..EVERY },
            vec![delivered],
        ),
        (HistoryQuery { contact: piotr, before: Some(pending), ..EVERY }, vec![delivered]),
        (HistoryQuery { status: status(DeliveryStatus::Failed), ..EVERY }, vec![failed]),
        (HistoryQuery { status: status(DeliveryStatus::Delivered), ..EVERY }, vec![delivered]),
        (HistoryQuery { status: Some(MessageStatus::Pending), ..EVERY }, vec![pending]),
        (HistoryQuery { status: Some(MessageStatus::Received), ..EVERY }, vec![heard]),
        (
            HistoryQuery {
                status: Some(MessageStatus::Received),
                direction: Some(Direction::Outbound),
                ..EVERY
            },
            vec![],
        ),
        (HistoryQuery { direction: Some(Direction::Outbound), limit: 2, ..EVERY }, vec![pending, delivered]),
    ] {
        assert_eq!(rows(&hub, query).await, expect, "{query:?}");
    }
}

#[tokio::test]
async fn activity_moves_a_person_to_the_top() {
    let hub = fresh().await;
    hub.receive(inbound("SM1"), at(0)).await;
    hub.receive(inbound("SM2").from(PIOTR), at(1)).await;
    let lines = |before, limit| {
        let page = hub.conversations(before, limit);
        async { page.await.unwrap().into_iter().map(|line| line.person.key).collect::<Vec<_>>() }
    };
    assert_eq!(lines(None, 10).await, [PIOTR, ANNA]);
    let row = hub.receive(inbound("SM3").from("whatsapp:+48500100200"), at(2)).await;
    assert_eq!(lines(None, 10).await, [ANNA, PIOTR]);
    assert_eq!(lines(None, 1).await, [ANNA]);
    assert_eq!(lines(Some(row), 10).await, [PIOTR]);
    assert_eq!(hub.conversations(None, 1).await.unwrap()[0].message_count, 2);
}
