//! The views of the inbox, page by page, and their badges.

use hub_domain::message::{ConversationMode, Origin};
use hub_store::{InboxCounts, InboxQuery, View};

use crate::{
    harness::{TestStore, fresh},
    people::EWA,
    words::{ANNA, PIOTR, at, inbound, outbound, refused},
};

const OLA: &str = "+48500100400";

async fn view(hub: &TestStore, view: View) -> Vec<String> {
    let query = InboxQuery { view, before: None, limit: 50, now: at(100) };
    hub.inbox(query).await.unwrap().into_iter().map(|line| line.person.key).collect()
}

#[tokio::test]
async fn each_view_shows_its_people_in_its_order() {
    let hub = fresh().await;
    for (number, person) in [ANNA, PIOTR, OLA].into_iter().enumerate() {
        hub.receive(inbound(&format!("SM{number}")).from(person), at(0)).await;
    }
    hub.send(ANNA, refused(400, 21211), at(1)).await;
    hub.send(PIOTR, refused(400, 21211), at(2)).await;
    hub.receive(inbound("SM9").from(OLA).saying("wypisz"), at(3)).await;
    hub.receive(inbound("SM10").from(ANNA), at(4)).await;
    assert_eq!(view(&hub, View::All).await, [ANNA, OLA, PIOTR]);
    assert_eq!(view(&hub, View::Unread).await, [ANNA, OLA, PIOTR]);
    assert_eq!(view(&hub, View::Failed).await, [PIOTR, ANNA]);
    assert_eq!(view(&hub, View::OptedOut).await, [OLA]);
    assert!(view(&hub, View::NeedsHuman).await.is_empty());
    hub.mark_read(hub.contact(OLA).await, i64::MAX, at(5)).await.unwrap();
    assert_eq!(view(&hub, View::Unread).await, [ANNA, PIOTR]);
    let expect = InboxCounts { unread: 2, needs_human: 0, failed: 2, opted_out: 1 };
    assert_eq!(hub.inbox_counts().await.unwrap(), expect);
}

#[tokio::test]
async fn pages_of_every_view_meet_without_gap_or_repeat() {
    let hub = fresh().await;
    for number in 0..9 {
        let person = format!("+4850010030{number}");
        hub.receive(inbound(&format!("SM{number}")).from(&person), at(0)).await;
        hub.send(&person, refused(400, 21211), at(1)).await;
    }
    for shown in [View::All, View::Unread, View::Failed] {
        let (mut seen, mut before) = (Vec::new(), None);
        loop {
            let page = hub.inbox(InboxQuery { view: shown, before, limit: 4, now: at(9) }).await.unwrap();
            let Some(last) = page.last() else { break };
            before = Some(last.cursor);
            seen.extend(page.into_iter().map(|line| line.person.key));
        }
        assert_eq!(seen, view(&hub, shown).await, "{shown:?}");
        assert_eq!(seen.len(), 9, "{shown:?}");
    }
}

#[tokio::test]
async fn a_badge_stops_counting() {
    let hub = fresh().await;
    for number in 0..InboxCounts::MOST + 5 {
        hub.receive(inbound(&format!("SM{number}")).from(&format!("+48500101{number:03}")), at(0)).await;
    }
    assert_eq!(hub.inbox_counts().await.unwrap().unread, InboxCounts::MOST);
}

#[tokio::test]
async fn a_line_tells_all_that_its_row_shows() {
    let hub = fresh().await;
    let heard = hub.receive(inbound("SM1"), at(0)).await;
    let (failed, _) = hub.send(ANNA, refused(400, 21211), at(1)).await;
    let anna = hub.contact(ANNA).await;
    hub.rename(anna, Some("Anna".to_owned()), Some(EWA), at(2)).await.unwrap();
    hub.save_draft(anna, "Dzień".to_owned(), Some(EWA), at(2)).await.unwrap();
    hub.change_mode(anna, ConversationMode::Draft, None, at(2)).await.unwrap();
    let line = hub.line(ANNA).await;
    assert_eq!((line.name.as_deref(), line.draft.as_deref()), (Some("Anna"), Some("Dzień")));
    assert_eq!((line.mode, line.mode_until), (ConversationMode::Draft, None));
    assert_eq!((line.unread, line.first_unread, line.failed), (1, Some(heard), Some(failed)));
    assert_eq!((line.message_count, line.last.unwrap().row), (2, failed));
}

#[tokio::test]
async fn totals_count_what_waits_and_what_failed() {
    let hub = fresh().await;
    hub.receive(inbound("SM1"), at(0)).await;
    hub.queue(outbound(Origin::Api, ANNA, "raz"), at(1)).await;
    hub.send(PIOTR, refused(400, 21211), at(2)).await;
    let counted = hub.statistics().await.unwrap();
    assert_eq!((counted.inbound, counted.outbound, counted.waiting, counted.failed), (1, 2, 1, 1));
    let hours = hub.hours(0).await.unwrap();
    assert_eq!(hours.len(), 1);
    let counts = hours[0].counts;
    assert_eq!((counts.inbound, counts.outbound, counts.delivered, counts.failed), (1, 2, 0, 1));
    assert!(hub.hours(hours[0].hour + 1).await.unwrap().is_empty());
}
