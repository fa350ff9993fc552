//! What becomes of attachments: fetched once, lost for a reason, their files removed when nobody needs them.

use hub_domain::{
    job::JobKind,
    media::{MediaKind, MediaLoss, MediaState},
    message::{Direction, Media, Origin},
};
use hub_store::{Fetched, Kept, LeasedJob, StoreError, StoredFile, Unlisted};

use crate::{
    harness::{LEASE_SECONDS, TestStore, fresh, worker},
    remote::seen,
    words::{ANNA, Text, at, inbound, message_id, outbound, sid},
};

/// A text with so many attachments.
fn with_media(sid: &str, count: usize) -> Text {
    let mut text = inbound(sid);
    text.0.media = (0..count).map(media).collect();
    text
}

fn media(number: usize) -> Media {
    Media { url: format!("u{number}"), content_type: None }
}

/// Keeps a message of Twilio's list that says of so many attachments.
async fn listed(hub: &TestStore, message_sid: &str, direction: Direction, count: u32) -> i64 {
    let mut facts = seen(message_sid, direction, "raz");
    facts.media_count = count;
    let kept = hub.keep_remote(vec![(facts, message_id())], at(10)).await.unwrap();
    let [Kept::New(row)] = kept[..] else { panic!("{kept:?}") };
    row
}

/// The addresses of a message's attachments, in order, with why they are lost.
async fn known(hub: &TestStore, row: i64) -> Vec<(String, Option<MediaLoss>)> {
    hub.attachments(row).await.unwrap().into_iter().map(|found| (found.url, found.loss)).collect()
}

fn file(sha256: &str) -> StoredFile {
    StoredFile { sha256: sha256.to_owned(), kind: MediaKind::Png, size: 9 }
}

async fn lease(hub: &TestStore, second: i64) -> Option<LeasedJob> {
    hub.lease_jobs(worker("w"), JobKind::Media, 10, at(second)).await.unwrap().pop()
}

/// Receives a picture that is stored under this name; the message's row.
async fn received(hub: &TestStore, sid: &str, sha256: &str) -> i64 {
    let row = hub.receive(with_media(sid, 1), at(0)).await;
    let job = lease(hub, 0).await.unwrap();
    assert!(hub.settle_attachment(job, Some((0, Fetched::Stored(file(sha256)))), at(1)).await.unwrap());
    row
}

async fn doomed(hub: &TestStore) -> Vec<String> {
    hub.doomed_files(String::new(), 10).await.unwrap()
}

#[tokio::test]
async fn only_a_text_with_attachments_has_a_job_for_them() {
    let hub = fresh().await;
    hub.receive(inbound("SM1"), at(0)).await;
    assert!(lease(&hub, 0).await.is_none());
    let row = hub.receive(with_media("MM2", 2), at(0)).await;
    assert_eq!(lease(&hub, 0).await.unwrap().message, row);
    let states: Vec<_> = hub.attachments(row).await.unwrap().iter().map(|a| (a.position, a.state)).collect();
    assert_eq!(states, [(0, MediaState::Waiting), (1, MediaState::Waiting)]);
}

#[tokio::test]
async fn what_we_send_is_not_ours_to_fetch() {
    let hub = fresh().await;
    let mut message = outbound(Origin::Human, ANNA, "Cennik");
    message.media_urls = vec!["https://example.com/a.png".to_owned()];
    let row = hub.queue(message, at(0)).await;
    assert_eq!(hub.attachments(row).await.unwrap()[0].state, MediaState::Elsewhere);
    assert!(hub.open_jobs(JobKind::Media).await.is_empty());
}

#[tokio::test]
async fn each_is_kept_at_once_and_the_last_one_ends_the_job() {
    let hub = fresh().await;
    let row = hub.receive(with_media("MM1", 2), at(0)).await;
    let job = lease(&hub, 0).await.unwrap();
    assert!(!hub.settle_attachment(job, Some((1, Fetched::Lost(MediaLoss::Gone))), at(1)).await.unwrap());
    assert_eq!(hub.open_jobs(JobKind::Media).await.len(), 1);
    assert!(hub.settle_attachment(job, Some((0, Fetched::Stored(file("aa")))), at(1)).await.unwrap());
    assert!(hub.open_jobs(JobKind::Media).await.is_empty());
    let found = hub.attachments(row).await.unwrap();
    assert_eq!((found[0].state, &found[0].file), (MediaState::Stored, &Some(file("aa"))));
    assert_eq!((found[1].state, found[1].loss), (MediaState::Lost, Some(MediaLoss::Gone)));
    assert_eq!(hub.attachment(row, 1).await.unwrap().as_ref(), Some(&found[1]));
    assert_eq!(hub.attachment(row, 2).await.unwrap(), None);
}

#[tokio::test]
async fn a_worker_that_lost_its_lease_changes_nothing() {
    let hub = fresh().await;
    let row = hub.receive(with_media("MM1", 1), at(0)).await;
    let late = lease(&hub, 0).await.unwrap();
    let now = lease(&hub, LEASE_SECONDS + 1).await.unwrap();
    let answer = hub.settle_attachment(late, Some((0, Fetched::Lost(MediaLoss::Gone))), at(200)).await;
    assert!(matches!(answer, Err(StoreError::LeaseLost(_))), "{answer:?}");
    assert_eq!(hub.attachments(row).await.unwrap()[0].state, MediaState::Waiting);
    assert!(hub.settle_attachment(now, Some((0, Fetched::Stored(file("aa")))), at(200)).await.unwrap());
}

#[tokio::test]
async fn a_file_is_doomed_when_the_last_message_that_has_it_goes() {
    let hub = fresh().await;
    let rows = [received(&hub, "MM1", "aa").await, received(&hub, "MM2", "aa").await];
    let other = received(&hub, "MM3", "bb").await;
    hub.delete_messages(vec![rows[0]], at(2)).await.unwrap();
    assert!(doomed(&hub).await.is_empty());
    hub.delete_messages(vec![rows[1], other], at(2)).await.unwrap();
    assert_eq!(doomed(&hub).await, ["aa", "bb"]);
    assert_eq!(hub.doomed_files("aa".to_owned(), 10).await.unwrap(), ["bb"]);
    hub.forget_files(vec!["aa".to_owned()]).await.unwrap();
    assert_eq!(doomed(&hub).await, ["bb"]);
}

#[tokio::test]
async fn one_message_with_the_same_picture_twice_dooms_it_once() {
    let hub = fresh().await;
    let row = hub.receive(with_media("MM1", 2), at(0)).await;
    let job = lease(&hub, 0).await.unwrap();
    for position in [0, 1] {
        hub.settle_attachment(job, Some((position, Fetched::Stored(file("aa")))), at(1)).await.unwrap();
    }
    hub.delete_messages(vec![row], at(2)).await.unwrap();
    assert_eq!(doomed(&hub).await, ["aa"]);
}

#[tokio::test]
async fn a_file_that_comes_again_is_not_doomed_any_more() {
    let hub = fresh().await;
    let row = received(&hub, "MM1", "aa").await;
    hub.delete_messages(vec![row], at(2)).await.unwrap();
    received(&hub, "MM2", "aa").await;
    assert!(doomed(&hub).await.is_empty());
}

#[tokio::test]
async fn a_file_is_doomed_until_something_refers_to_it() {
    let hub = fresh().await;
    hub.announce_file("aa".to_owned()).await.unwrap();
    assert_eq!(doomed(&hub).await, ["aa"]);
    let row = received(&hub, "MM1", "aa").await;
    assert!(doomed(&hub).await.is_empty());
    hub.announce_file("aa".to_owned()).await.unwrap();
    assert!(doomed(&hub).await.is_empty(), "it is referred to");
    hub.delete_messages(vec![row], at(2)).await.unwrap();
    assert_eq!(doomed(&hub).await, ["aa"]);
}

#[tokio::test]
async fn deleting_a_message_ends_the_job_for_its_attachments() {
    let hub = fresh().await;
    let row = hub.receive(with_media("MM1", 1), at(0)).await;
    let job = lease(&hub, 0).await.unwrap();
    hub.delete_messages(vec![row], at(1)).await.unwrap();
    let answer = hub.settle_attachment(job, Some((0, Fetched::Stored(file("aa")))), at(2)).await;
    assert!(matches!(answer, Err(StoreError::LeaseLost(_))), "{answer:?}");
    assert!(doomed(&hub).await.is_empty());
}

#[tokio::test]
async fn a_text_from_the_list_has_a_job_that_learns_which_attachments_it_has() {
    let hub = fresh().await;
    listed(&hub, "MM8", Direction::Outbound, 1).await;
    listed(&hub, "SM9", Direction::Inbound, 0).await;
    let row = listed(&hub, "MM1", Direction::Inbound, 2).await;
    let job = lease(&hub, 10).await.unwrap();
    assert_eq!((job.message, hub.open_jobs(JobKind::Media).await.len()), (row, 1));
    let unlisted = hub.unlisted_attachments(row).await.unwrap();
    assert_eq!(unlisted, Some(Unlisted { sid: sid("MM1"), count: 2 }));
    for _ in 0..2 {
        hub.note_attachments(job, vec![media(0), media(1)], at(11)).await.unwrap();
        assert_eq!(known(&hub, row).await, [("u0".to_owned(), None), ("u1".to_owned(), None)]);
    }
    assert_eq!(hub.unlisted_attachments(row).await.unwrap(), None);
    // A webhook that comes after all, whatever its order.
    let mut webhook = with_media("MM1", 2);
    webhook.0.media.reverse();
    hub.record(webhook, at(12)).await;
    assert_eq!(known(&hub, row).await.len(), 2);
}

#[tokio::test]
async fn what_a_webhook_named_before_the_list_came_is_not_doubled() {
    let hub = fresh().await;
    let row = listed(&hub, "MM1", Direction::Inbound, 2).await;
    let job = lease(&hub, 10).await.unwrap();
    hub.record(with_media("MM1", 1), at(11)).await;
    assert_eq!(hub.open_jobs(JobKind::Media).await.len(), 1);
    hub.note_attachments(job, vec![media(1), media(0)], at(12)).await.unwrap();
    assert_eq!(known(&hub, row).await, [("u0".to_owned(), None), ("u1".to_owned(), None)]);
}

#[tokio::test]
async fn what_is_not_in_the_list_is_gone() {
    let hub = fresh().await;
    let row = listed(&hub, "MM1", Direction::Inbound, 2).await;
    let job = lease(&hub, 10).await.unwrap();
    hub.note_attachments(job, vec![media(1)], at(11)).await.unwrap();
    let gone = (String::new(), Some(MediaLoss::Gone));
    assert_eq!(known(&hub, row).await, [("u1".to_owned(), None), gone]);
    assert_eq!(hub.unlisted_attachments(row).await.unwrap(), None);
}
