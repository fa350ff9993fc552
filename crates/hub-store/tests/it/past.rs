//! History brought in beside what is here comes before it, wherever messages are listed.

use hub_domain::{address::Address, ids::ContactId, message::Direction, remote::RemoteFacts};
use hub_store::{InboxQuery, Kept, ThreadQuery, ThreadSide, View};

use crate::{
    harness::{TestStore, fresh},
    remote::seen,
    words::{ANNA, PIOTR, at, inbound, message_id},
};

/// A text that Twilio had from a customer at that time.
fn old(sid: &str, from: &str, second: i64) -> RemoteFacts {
    RemoteFacts {
        them: Address::from_provider(from).unwrap(),
        created_at: Some(at(second)),
        ..seen(sid, Direction::Inbound, &format!("dawne {second}"))
    }
}

impl TestStore {
    async fn bring_in(&self, facts: Vec<RemoteFacts>) -> Vec<i64> {
        let facts = facts.into_iter().map(|facts| (facts, message_id())).collect();
        let kept = self.keep_history(facts, at(2000)).await.unwrap();
        kept.into_iter()
            .map(|kept| if let Kept::New(row) = kept { row } else { panic!("{kept:?}") })
            .collect()
    }

    async fn bodies(&self, contact: ContactId) -> Vec<String> {
        let query = ThreadQuery { contact, side: ThreadSide::Newest, limit: 50 };
        let page = self.thread(query).await.unwrap();
        page.into_iter().map(|entry| entry.message.body).collect()
    }
}

#[tokio::test]
async fn history_stays_below_what_is_here_and_in_the_order_of_its_time() {
    let hub = fresh().await;
    hub.receive(inbound("SMpiotr").from(PIOTR).saying("nowe"), at(1000)).await;
    let new = hub.receive(inbound("SManna").saying("nowe"), at(1001)).await;
    // The later import brings what is older, younger, and of the same moment.
    let whatsapp = format!("whatsapp:{ANNA}");
    hub.bring_in(vec![old("SM1", ANNA, 20), old("SM2", &whatsapp, 500), old("SM3", PIOTR, 500)]).await;
    hub.bring_in(vec![old("SM4", ANNA, 10), old("SM5", ANNA, 20), old("SM6", ANNA, 999)]).await;
    let anna = hub.contact(ANNA).await;
    assert_eq!(
        hub.bodies(anna).await,
        ["dawne 10", "dawne 20", "dawne 20", "dawne 500", "dawne 999", "nowe"]
    );

    let query = InboxQuery { view: View::All, before: None, limit: 10, now: at(2000) };
    let inbox = hub.inbox(query).await.unwrap();
    let lines: Vec<_> =
        inbox.iter().map(|line| (&*line.person.key, line.unread, line.first_unread)).collect();
    assert_eq!((lines[0], lines[1].0), ((ANNA, 1, Some(new)), PIOTR));
    assert!(inbox.iter().all(|line| line.last.as_ref().unwrap().body == "nowe"));
    assert_eq!(hub.last_route(anna).await.unwrap().unwrap().theirs.as_str(), ANNA);
    let newest = hub.history(crate::history::EVERY).await.unwrap();
    assert_eq!((newest.len(), newest[0].row), (8, new));
    // And what comes in next is the newest.
    let next = hub.receive(inbound("SMnext").saying("dalej"), at(2001)).await;
    assert!(next > new);
}

#[tokio::test]
async fn history_that_is_the_newest_here_comes_last() {
    let hub = fresh().await;
    let rows = hub.bring_in(vec![old("SM1", ANNA, 1), old("SM2", ANNA, 2)]).await;
    hub.receive(inbound("SM3").saying("nowe"), at(3)).await;
    let later = hub.bring_in(vec![old("SM4", ANNA, 9)]).await;
    assert_eq!((rows, later), (vec![1, 2], vec![4]));
}

#[tokio::test]
async fn pages_of_a_thread_go_down_into_history() {
    let hub = fresh().await;
    let new = hub.receive(inbound("SM9"), at(1000)).await;
    let rows = hub.bring_in(vec![old("SM1", ANNA, 1), old("SM2", ANNA, 2)]).await;
    let contact = hub.contact(ANNA).await;
    for (side, expect) in [
        (ThreadSide::Before(new), vec![rows[0], rows[1]]),
        (ThreadSide::Before(rows[1]), vec![rows[0]]),
        (ThreadSide::After(rows[0]), vec![rows[1], new]),
    ] {
        let page = hub.thread(ThreadQuery { contact, side, limit: 50 }).await.unwrap();
        assert_eq!(page.iter().map(|entry| entry.message.row).collect::<Vec<_>>(), expect, "{side:?}");
    }
    hub.mark_unread(contact, Some(rows[0]), at(2001)).await.unwrap();
    hub.mark_read(contact, rows[1], at(2001)).await.unwrap();
    hub.delete_messages(vec![new, rows[1]], at(2002)).await.unwrap();
    assert_eq!(hub.bodies(contact).await, ["dawne 1"]);
}

#[tokio::test]
async fn history_is_found_by_its_words() {
    let hub = fresh().await;
    let search = async |words: &str| -> Vec<i64> {
        while hub.index_messages(at(2000)).await.unwrap() > 0 {}
        let found = hub.search_messages(words.to_owned(), None, None, 50).await.unwrap();
        found.iter().map(|message| message.row).collect()
    };
    let new = hub.receive(inbound("SM9").saying("dawne sprawy"), at(1000)).await;
    assert_eq!(search("dawne").await, [new]);
    let later = hub.bring_in(vec![old("SM5", ANNA, 5)]).await[0];
    assert_eq!(search("dawne").await, [new, later]);
    let rows = hub.bring_in(vec![old("SM1", ANNA, 1), old("SM7", ANNA, 7)]).await;
    hub.delete_messages(vec![rows[0]], at(2001)).await.unwrap();
    assert_eq!(search("dawne").await, [new, rows[1], later]);
}

#[tokio::test]
async fn the_assistant_reads_history_too() {
    let hub = fresh().await;
    hub.receive(inbound("SM9").saying("nowe"), at(1000)).await;
    hub.bring_in(vec![old("SM1", ANNA, 1)]).await;
    let turns = hub.conversation_turns(hub.contact(ANNA).await, 20).await.unwrap();
    assert_eq!(turns.iter().map(|turn| turn.text.as_str()).collect::<Vec<_>>(), ["dawne 1", "nowe"]);
}
