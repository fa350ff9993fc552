//! Attachments of texts whose webhook never came: Twilio is asked which they are, then they are fetched as ever.

use hub_sim::{Content, File};
use twilio_chat::sys::Point;

use super::{HOUR, MINUTE, SECOND, running};
use crate::{
    hub::TestHub,
    setup::Setup,
    talk::ANNA,
    wire::{Answer, CDN, TWILIO},
    world::Death,
};

fn picture(number: u64) -> File {
    File { content_type: "image/png".to_owned(), content: Content::Picture(number) }
}

/// A hub that was down while Anna sent so many pictures; her message.
async fn missed(pictures: u64) -> (TestHub, String) {
    let mut hub = running().await;
    hub.kill();
    let sid = hub.phone(ANNA).attaches((0..pictures).map(picture).collect());
    hub.advance(HOUR).await;
    hub.restart().await;
    (hub, sid)
}

/// The same, and it dies when it has kept the message and before it asks for the pictures.
async fn missed_and_kept() -> (TestHub, String) {
    let (mut hub, sid) = missed(1).await;
    hub.dies(Death::At(Point::MissedCommitted));
    hub.run().await;
    assert_eq!(hub.open_jobs(), ["media of 1", "reply of 1"]);
    (hub, sid)
}

async fn shown(hub: &TestHub, position: u32) -> Answer {
    let row = hub.received().await[0].row;
    hub.get(&format!("/media/{row}/{position}")).await
}

#[tokio::test]
async fn after_an_outage_the_thread_has_the_pictures_in_their_order() {
    let (mut hub, _) = missed(2).await;
    hub.advance(MINUTE).await;
    let found = [shown(&hub, 0).await, shown(&hub, 1).await];
    for (number, answer) in (0..).zip(&found) {
        assert_eq!((answer.status, answer.header("content-type")), (200, "image/png"), "{number}");
    }
    assert_ne!(found[0].body, found[1].body);
    assert_eq!(hub.attachments().len(), 2);
    let page = hub.page("/").await;
    assert!(page.text().contains("href=\"/media/1/1\""), "{}", page.text());
}

#[tokio::test]
async fn a_hub_that_twilio_cannot_call_fetches_pictures_too() {
    let mut hub = Setup::new().with_sim(|sim| sim.cdn_url = CDN.to_owned()).polling().start().await;
    hub.advance(20 * MINUTE).await;
    hub.sim.set_inbound_url(String::new());
    hub.phone(ANNA).attaches(vec![picture(1)]);
    hub.advance(20 * SECOND).await;
    assert_eq!(shown(&hub, 0).await.status, 200);
    assert!(hub.sim.webhook_log().is_empty());
}

#[tokio::test]
async fn what_is_no_longer_in_twilios_list_is_lost_and_the_rest_is_here() {
    let mut hub = running().await;
    hub.kill();
    let sid = hub.phone(ANNA).attaches(vec![picture(1), picture(2)]);
    let url = hub.sim.message(&sid).unwrap().media[0].url.clone();
    hub.sim_deletes(&format!("{}.json", url.strip_prefix(TWILIO).unwrap())).await;
    hub.advance(HOUR).await;
    hub.restart().await;
    hub.advance(5 * MINUTE).await;
    assert_eq!((shown(&hub, 0).await.status, shown(&hub, 1).await.status), (200, 410));
}

#[tokio::test]
async fn pictures_of_a_message_that_twilio_no_longer_has_are_lost_at_once() {
    let (mut hub, sid) = missed_and_kept().await;
    let url = hub.sim.message(&sid).unwrap().media[0].url.clone();
    let (message, _) = url.strip_prefix(TWILIO).unwrap().split_once("/Media/").unwrap();
    hub.sim_deletes(&format!("{message}.json")).await;
    hub.restart().await;
    hub.run().await;
    let answer = shown(&hub, 0).await;
    assert_eq!(answer.status, 410);
    assert!(answer.text().contains("Twilio nie ma"), "{}", answer.text());
}

#[tokio::test]
async fn while_twilio_is_away_it_is_asked_again() {
    let (mut hub, _) = missed_and_kept().await;
    hub.cut_off(true);
    hub.restart().await;
    hub.advance(20 * MINUTE).await;
    assert_eq!(hub.open_jobs(), ["media of 1"], "neither ended nor set aside");
    hub.cut_off(false);
    hub.advance(5 * MINUTE).await;
    assert_eq!(shown(&hub, 0).await.status, 200);
}
