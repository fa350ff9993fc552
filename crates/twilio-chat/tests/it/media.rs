//! Attachments that come in: fetched once, kept, shown as what they are, removed with their message.

use std::time::Duration;

use axum::{body::Body, http::Request};
use hub_sim::{Content, Faults, File, Media};

use crate::{
    hub::TestHub,
    setup::Setup,
    talk::{ANNA, PIOTR},
    wire::{Answer, CDN, TWILIO},
};

const MINUTE: Duration = Duration::from_mins(1);

fn file(content_type: &str, content: Content) -> File {
    File { content_type: content_type.to_owned(), content }
}

fn picture() -> File {
    file("image/png", Content::Picture(1))
}

/// A hub whose Twilio hands files out at a second host.
async fn hub() -> TestHub {
    Setup::new().with_sim(|sim| sim.cdn_url = CDN.to_owned()).start().await
}

/// The row of the newest message.
async fn newest(hub: &TestHub) -> i64 {
    hub.messages().await.last().unwrap().row
}

async fn shown(hub: &TestHub, row: i64, position: u32) -> Answer {
    hub.get(&format!("/media/{row}/{position}")).await
}

#[tokio::test]
async fn a_picture_is_fetched_and_shown_to_who_may_see_it() {
    let mut hub = hub().await;
    hub.phone(ANNA).attaches(vec![picture()]);
    hub.run().await;
    let row = newest(&hub).await;
    let answer = shown(&hub, row, 0).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "image/png"));
    assert!(answer.body.starts_with(b"\x89PNG"));
    assert_eq!(answer.header("content-disposition"), format!("inline; filename=\"{row}-1.png\""));
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("cache-control"), "private, max-age=31536000, immutable");
    assert_eq!(answer.header("content-length"), answer.body.len().to_string());
    assert_eq!(hub.page(&format!("/media/{row}/0")).await.body, answer.body, "to a person too");
    let page = hub.page("/").await;
    assert!(page.text().contains(&format!("href=\"/media/{row}/0\"")), "{}", page.text());
    let nobody = Request::get(format!("/media/{row}/0")).body(Body::empty()).unwrap();
    assert_eq!(hub.ask(nobody).await.status, 401);
    assert_eq!(shown(&hub, row, 1).await.status, 404);
    assert_eq!(shown(&hub, row + 1, 0).await.status, 404);
    assert_eq!(hub.sim.counts().leaked, 0, "the credentials stayed at Twilio");
    assert_eq!(hub.attachments().len(), 1);
}

/// Fetches one file; how it is shown.
async fn check(file: File, status: u16, content_type: &str, place: &str) {
    let what = format!("{file:?}");
    let mut hub = hub().await;
    hub.phone(ANNA).attaches(vec![file]);
    hub.run().await;
    let answer = shown(&hub, 1, 0).await;
    let found = answer.header("content-disposition").split(';').next().unwrap();
    assert_eq!(
        (answer.status, answer.header("content-type"), found),
        (status, content_type, place),
        "{what}"
    );
}

#[tokio::test]
async fn a_file_is_shown_as_what_it_is_and_never_as_what_it_says() {
    let text = |text: &str| Content::Text(text.to_owned());
    check(file("application/pdf", Content::Picture(1)), 200, "image/png", "inline").await;
    let script = text("<script>alert(1)</script>");
    check(file("image/jpeg", script.clone()), 200, "text/plain; charset=utf-8", "attachment").await;
    check(file("text/html", script), 200, "text/plain; charset=utf-8", "attachment").await;
    check(file("x/y", text("BEGIN:VCARD\n")), 200, "text/vcard; charset=utf-8", "attachment").await;
    check(file("image/png", text("%PDF-1.7")), 200, "application/pdf", "attachment").await;
    check(file("audio/ogg", text("OggS")), 200, "audio/ogg", "inline").await;
    check(file("image/png", Content::Zeros(9)), 200, "application/octet-stream", "attachment").await;
}

#[tokio::test]
async fn twenty_megabytes_are_kept_and_one_byte_more_is_not() {
    check(file("video/mp4", Content::Zeros(20 << 20)), 200, "application/octet-stream", "attachment").await;
    let mut hub = hub().await;
    hub.phone(ANNA).attaches(vec![file("video/mp4", Content::Zeros((20 << 20) + 1)), picture()]);
    hub.run().await;
    let answer = shown(&hub, 1, 0).await;
    assert_eq!(answer.status, 410);
    assert!(answer.text().contains("większy niż 20 MB"), "{}", answer.text());
    assert_eq!(shown(&hub, 1, 1).await.status, 200, "the other one is there");
    assert_eq!(hub.attachments().len(), 1);
}

#[tokio::test]
async fn an_address_that_is_not_twilios_is_not_asked() {
    let mut hub = Setup::new().without_recovery().start().await;
    let elsewhere = |url: &str| Media { url: url.to_owned(), content_type: "image/png".to_owned() };
    let account =
        format!("{TWILIO}/2010-04-01/Accounts/AC00000000000000000000000000000009/Messages/MM1/Media/ME1");
    let urls = ["http://169.254.169.254/latest", "https://example.com/a.png", &account];
    hub.phone(ANNA).sends("", urls.map(elsewhere).to_vec(), &[]);
    hub.run().await;
    for position in 0..3 {
        assert_eq!(shown(&hub, 1, position).await.status, 410);
    }
    assert_eq!(hub.sim.counts().requests, 0);
}

#[tokio::test]
async fn a_redirect_behind_us_is_not_followed() {
    let mut hub = Setup::new().with_sim(|sim| sim.cdn_url = "http://10.0.0.1".to_owned()).start().await;
    hub.phone(ANNA).attaches(vec![picture()]);
    hub.run().await;
    let answer = shown(&hub, 1, 0).await;
    assert_eq!(answer.status, 410);
    assert!(answer.text().contains("niedozwolony adres"), "{}", answer.text());
}

#[tokio::test]
async fn what_twilio_no_longer_has_is_lost_at_once() {
    let mut hub = hub().await;
    let sid = hub.phone(ANNA).attaches(vec![picture()]);
    hub.post_webhooks().await;
    let url = hub.sim.message(&sid).unwrap().media[0].url.clone();
    hub.sim_deletes(&format!("{}.json", url.strip_prefix(TWILIO).unwrap())).await;
    hub.run().await;
    assert_eq!(shown(&hub, 1, 0).await.status, 410);
}

#[tokio::test]
async fn while_twilio_is_away_it_is_tried_again() {
    let mut hub = hub().await;
    hub.phone(ANNA).attaches(vec![picture()]);
    hub.cut_off(true);
    hub.run().await;
    let waiting = shown(&hub, 1, 0).await;
    assert_eq!((waiting.status, waiting.header("retry-after")), (503, "5"));
    hub.advance(20 * MINUTE).await;
    assert_eq!(hub.open_jobs(), ["media of 1"], "neither ended nor set aside");
    hub.cut_off(false);
    hub.advance(MINUTE).await;
    assert_eq!(shown(&hub, 1, 0).await.status, 200);
}

#[tokio::test]
async fn refused_credentials_hold_it_back_without_wearing_it_out() {
    let mut hub = hub().await;
    hub.phone(ANNA).attaches(vec![picture()]);
    hub.sim.faults(Faults { unauthorized: true, ..Faults::default() });
    hub.advance(120 * MINUTE).await;
    assert_eq!(hub.open_jobs(), ["media of 1"], "two hours of refusals don't set it aside");
    hub.sim.faults(Faults::default());
    hub.advance(MINUTE).await;
    assert_eq!(shown(&hub, 1, 0).await.status, 200);
}

#[tokio::test]
async fn the_file_goes_with_the_last_message_that_has_it() {
    let mut hub = hub().await;
    let sids = [ANNA, PIOTR].map(|number| hub.phone(number).attaches(vec![picture(), picture()]));
    hub.run().await;
    assert_eq!(hub.attachments().len(), 1, "equal files are one");
    for (sid, left) in sids.iter().zip([1, 0]) {
        let request = Request::delete(format!("/api/messages/{sid}"));
        let request = request.header("authorization", format!("Bearer {}", crate::hub::API_TOKEN));
        assert_eq!(hub.ask(request.body(Body::empty()).unwrap()).await.status, 200);
        assert_eq!(hub.attachments().len(), left);
    }
}

#[tokio::test]
async fn a_full_disk_costs_time_and_nothing_else() {
    let mut hub = hub().await;
    hub.phone(ANNA).attaches(vec![picture()]);
    let obstacle = hub.folder().join("media");
    std::fs::write(&obstacle, b"a file where the folder should be").unwrap();
    hub.run().await;
    assert_eq!(shown(&hub, 1, 0).await.status, 503);
    std::fs::remove_file(&obstacle).unwrap();
    hub.advance(MINUTE).await;
    assert_eq!(shown(&hub, 1, 0).await.status, 200);
}
