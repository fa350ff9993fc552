//! Every row of `docs/decisions/0001-crash-points.md`: what a crash leaves behind, and who acts next.

mod assistant;
mod by_hand;
mod pressure;
mod recovery;

use std::{convert::Infallible, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::Method,
};
use futures_util::stream;
use hub_domain::message::Origin;
use hub_sim::{Content, CreateFault, Faults, File};
use twilio_chat::{
    app::send::{SendRequest, Through},
    sys::Point,
};

use crate::{
    hub::TestHub,
    setup::Setup,
    talk::{ANNA, bearer, form, sid},
    world::Death,
};

const MINUTE: Duration = Duration::from_mins(1);

/// A hub with the auto-reply on that dies at `death` after Anna wrote.
async fn died_at(death: Death) -> TestHub {
    let mut hub = answering().await;
    // Past the recovery's first look: the call meant is the reply's.
    hub.run().await;
    hub.dies(death);
    hub.phone(ANNA).writes("Hej");
    hub.run().await;
    assert!(!hub.is_alive(), "{death:?} was never reached");
    hub
}

async fn answering() -> TestHub {
    Setup::new().with_auto_reply("Oddzwonimy").start().await
}

/// What the customer is left with once everything has had its time.
async fn one_reply(hub: &mut TestHub) {
    hub.advance(20 * MINUTE).await;
    assert_eq!(hub.phone(ANNA).got(), ["Oddzwonimy"]);
    let message = hub.only_written().await;
    assert_eq!(message.status.as_str(), "delivered");
    assert_eq!(message.sid.unwrap().as_str(), hub.taken()[0].sid);
    assert_eq!((hub.received().await.len(), hub.taken().len()), (1, 1));
    assert!(
        hub.outcomes(message.row).await.iter().all(|outcome| ["accepted", "absent"].contains(&&**outcome))
    );
}

#[tokio::test]
async fn before_the_inbound_commit() {
    let mut hub = answering().await;
    // The process dies while the request is still on its way.
    let begun = stream::iter([Ok::<_, Infallible>(Bytes::from_static(b"MessageSid=SM1"))]);
    let silent = futures_util::StreamExt::chain(begun, stream::pending());
    let mut half = Box::pin(hub.ask(form("/twilio/inbound").body(Body::from_stream(silent)).unwrap()));
    assert!(futures_util::poll!(&mut half).is_pending());
    drop(half);
    hub.kill();
    assert!(hub.on_disk("SELECT sid FROM message").is_empty());
    // Twilio finds nobody there and repeats the webhook.
    hub.phone(ANNA).writes("Hej");
    hub.post_webhooks().await;
    assert!(hub.on_disk("SELECT sid FROM message").is_empty());
    hub.restart().await;
    one_reply(&mut hub).await;
    let attempts: Vec<_> = hub.sim.webhook_log().into_iter().map(|record| record.status).take(2).collect();
    assert_eq!(attempts, [None, Some(200)]);
}

#[tokio::test]
async fn after_the_inbound_commit() {
    for repeated in [false, true] {
        let mut hub = answering().await;
        let retries = if repeated { "#rc=3&rp=ct,rt,5xx" } else { "" };
        hub.sim.set_inbound_url(format!("{}/twilio/inbound{retries}", hub.public_base()));
        hub.dies(Death::At(Point::InboundCommitted));
        hub.phone(ANNA).writes("Hej");
        hub.post_webhooks().await;
        assert!(!hub.is_alive());
        assert_eq!(hub.on_disk("SELECT body FROM message"), ["Hej"]);
        assert_eq!(hub.open_jobs(), ["reply of 1"]);
        assert_eq!(hub.sim.webhook_log()[0].status, None);
        hub.restart().await;
        one_reply(&mut hub).await;
        let posts = hub.sim.webhook_log().into_iter().filter(|post| post.message_status.is_none()).count();
        assert_eq!(posts, if repeated { 2 } else { 1 });
    }
}

#[tokio::test]
async fn after_the_reply_commit() {
    let mut hub = died_at(Death::At(Point::ReplyCommitted)).await;
    assert_eq!(
        hub.on_disk("SELECT status || body FROM message WHERE direction = 'outbound'"),
        ["pendingOddzwonimy"]
    );
    assert_eq!(hub.open_jobs(), ["deliver of 2"]);
    assert!(hub.taken().is_empty());
    hub.restart().await;
    one_reply(&mut hub).await;
}

#[tokio::test]
async fn after_the_attempt_commit() {
    let mut hub = died_at(Death::At(Point::AttemptCommitted)).await;
    assert_eq!(hub.on_disk("SELECT coalesce(outcome, 'none') FROM attempt"), ["none"]);
    assert_eq!(hub.on_disk("SELECT kind || leased_by FROM job"), ["deliverserve"]);
    assert!(hub.taken().is_empty());
    hub.restart().await;
    hub.run().await;
    assert_eq!(hub.open_jobs(), ["reconcile of 2"]);
    assert_eq!(hub.only_written().await.status.as_str(), "unknown");
    hub.advance(Duration::from_secs(239)).await;
    assert!(hub.taken().is_empty(), "Twilio has not shown twice yet that it has nothing");
    one_reply(&mut hub).await;
    assert_eq!(hub.outcomes(2).await, ["absent", "accepted"]);
}

#[tokio::test]
async fn during_the_call_twilio_took_it() {
    took_it(Death::DuringCall).await;
}

#[tokio::test]
async fn after_the_answer_before_the_outcome() {
    took_it(Death::At(Point::AnswerReceived)).await;
}

/// Twilio has the message and we don't know.
async fn took_it(death: Death) {
    for silent in [false, true] {
        let mut hub = died_at(death).await;
        assert_eq!(hub.on_disk("SELECT coalesce(outcome, 'none') FROM attempt"), ["none"]);
        assert_eq!(hub.on_disk("SELECT kind || leased_by FROM job"), ["deliverserve"]);
        assert_eq!(hub.taken().len(), 1);
        if silent {
            hub.sim.faults(Faults { dropped_callbacks: 1.0, ..Faults::default() });
        }
        hub.restart().await;
        hub.advance(Duration::from_secs(5)).await;
        let settled = hub.outcomes(2).await == ["accepted"];
        assert_eq!(settled, !silent, "a callback that names the attempt settles it, else the lookup does");
        hub.advance(2 * MINUTE).await;
        assert_eq!(hub.outcomes(2).await, ["accepted"]);
        assert_eq!(hub.sim.counts().creates, 1);
        one_reply_but_for_its_status(&mut hub, silent).await;
    }
}

async fn one_reply_but_for_its_status(hub: &mut TestHub, silent: bool) {
    if silent {
        hub.advance(20 * MINUTE).await;
        assert_eq!(hub.phone(ANNA).got(), ["Oddzwonimy"]);
        assert_eq!(hub.only_written().await.sid.unwrap().as_str(), hub.taken()[0].sid);
        assert_eq!(hub.sim.counts().creates, 1);
    } else {
        one_reply(hub).await;
    }
}

#[tokio::test]
async fn after_the_outcome_commit() {
    let mut hub = died_at(Death::At(Point::OutcomeCommitted)).await;
    assert_eq!(hub.on_disk("SELECT outcome FROM attempt"), ["accepted"]);
    assert_eq!(hub.on_disk("SELECT sid FROM message WHERE direction = 'outbound'"), [&*hub.taken()[0].sid]);
    assert!(hub.open_jobs().is_empty());
    hub.restart().await;
    one_reply(&mut hub).await;
    assert_eq!(hub.sim.counts().creates, 1);
}

#[tokio::test]
async fn after_reading_the_list() {
    for (fault, outcomes) in
        [(CreateFault::CutAfter, vec!["accepted"]), (CreateFault::CutBefore, vec!["absent", "accepted"])]
    {
        let mut hub = answering().await;
        hub.sim.faults(Faults { next: [fault].into(), dropped_callbacks: 1.0, ..Faults::default() });
        hub.phone(ANNA).writes("Hej");
        hub.run().await;
        hub.dies(Death::At(Point::ListRead));
        hub.advance(2 * MINUTE).await;
        assert!(!hub.is_alive());
        assert_eq!(hub.on_disk("SELECT outcome FROM attempt"), ["ambiguous"]);
        assert_eq!(hub.on_disk("SELECT kind || leased_by FROM job"), ["reconcileserve"]);
        hub.sim.faults(Faults::default());
        hub.restart().await;
        hub.advance(20 * MINUTE).await;
        assert_eq!(hub.outcomes(2).await, outcomes);
        assert_eq!(hub.phone(ANNA).got(), ["Oddzwonimy"]);
        assert_eq!(hub.taken().len(), 1);
    }
}

#[tokio::test]
async fn after_the_lookup_commit_to_send_again() {
    let mut hub = answering().await;
    hub.sim.faults(Faults { next: [CreateFault::CutBefore].into(), ..Faults::default() });
    hub.phone(ANNA).writes("Hej");
    hub.advance(3 * MINUTE).await;
    hub.dies(Death::At(Point::LookupCommitted));
    hub.advance(2 * MINUTE).await;
    assert!(!hub.is_alive());
    assert_eq!(hub.on_disk("SELECT outcome FROM attempt"), ["absent"]);
    assert_eq!(hub.open_jobs(), ["deliver of 2"]);
    assert!(hub.taken().is_empty());
    hub.restart().await;
    one_reply(&mut hub).await;
}

#[tokio::test]
async fn before_the_status_commit() {
    let mut hub = answering().await;
    hub.phone(ANNA).writes("Hej");
    hub.run().await;
    hub.kill();
    // `sending` and `sent` find nobody there, twice each.
    hub.advance(Duration::from_secs(1)).await;
    assert!(hub.on_disk("SELECT status FROM status_report").is_empty());
    hub.restart().await;
    assert_eq!(hub.only_written().await.status.as_str(), "queued");
    // The later report lifts it.
    one_reply(&mut hub).await;
    assert_eq!(hub.on_disk("SELECT status FROM status_report"), ["delivered"]);
}

#[tokio::test]
async fn after_the_status_commit() {
    let mut hub = answering().await;
    hub.phone(ANNA).writes("Hej");
    hub.run().await;
    hub.dies(Death::At(Point::StatusCommitted));
    hub.advance(Duration::from_millis(200)).await;
    assert!(!hub.is_alive());
    assert_eq!(hub.on_disk("SELECT status FROM status_report"), ["sending"]);
    assert_eq!(hub.on_disk("SELECT status FROM message WHERE direction = 'outbound'"), ["sending"]);
    hub.restart().await;
    // Twilio may repeat it.
    let sid = hub.taken()[0].sid.clone();
    let repeat = [("MessageSid", &*sid), ("MessageStatus", "sending")];
    assert_eq!(hub.twilio_posts("/twilio/status", &repeat).await.status, 200);
    assert_eq!(hub.only_written().await.status.as_str(), "sending");
    assert_eq!(hub.on_disk("SELECT status FROM status_report"), ["sending", "sending"]);
    one_reply(&mut hub).await;
}

#[tokio::test]
async fn after_an_opt_out_commit() {
    let mut hub = answering().await;
    hub.dies(Death::At(Point::InboundCommitted));
    let said = hub.phone(ANNA).writes("Wypisz mnie");
    hub.run().await;
    assert_eq!(hub.on_disk("SELECT person FROM suppression"), [ANNA]);
    assert_eq!(
        hub.on_disk("SELECT origin FROM message WHERE direction = 'outbound'"),
        ["optout_confirmation"]
    );
    assert_eq!(hub.open_jobs(), ["deliver of 2", "reply of 1"]);
    hub.restart().await;
    let number = hub.number().to_owned();
    let again = [("MessageSid", &*said), ("From", ANNA), ("To", &number), ("Body", "Wypisz mnie")];
    assert_eq!(hub.twilio_posts("/twilio/inbound", &again).await.status, 200);
    hub.advance(20 * MINUTE).await;
    let got = hub.phone(ANNA).got();
    assert!(got.len() == 1 && got[0].starts_with("OK, nie bedziemy"), "{got:?}");
    assert_eq!(hub.decisions().await, ["keyword"]);
}

/// The command line dies at `death` while it sends; `serve` runs beside it and is not hurt.
async fn cli_died_at(death: Death) -> TestHub {
    let mut hub = TestHub::start().await;
    hub.dies(death);
    let app = hub.app().clone();
    let request = SendRequest {
        to: ANNA.to_owned(),
        body: "Z konsoli".to_owned(),
        fold: false,
        through: Through::NumberFirst,
        origin: Origin::Cli,
    };
    let sent =
        hub.unless_dead(async move { app.send_here(&request, "cli:1".to_owned()).await.is_ok() }).await;
    assert_eq!(sent, None);
    assert_eq!(hub.on_disk("SELECT kind || leased_by FROM job"), ["delivercli:1"]);
    hub.restart().await;
    hub.run().await;
    // Its lease is not ours to free: another command may be alive.
    assert_eq!(hub.on_disk("SELECT kind || leased_by FROM job"), ["delivercli:1"]);
    hub
}

#[tokio::test]
async fn of_the_cli_after_its_submit() {
    let mut hub = TestHub::start().await;
    let request = hub_store::NewOutbound {
        id: hub_domain::ids::MessageId(uuid::Uuid::from_u128(1)),
        to: hub_domain::address::Address::from_typed(ANNA).unwrap(),
        from: hub.number().to_owned(),
        service: None,
        body: "Z konsoli".to_owned(),
        media_urls: Vec::new(),
        template: None,
        origin: Origin::Cli,
    };
    let lease = hub_store::LeaseRequest { owner: "cli:1".to_owned(), lasts: 2 * MINUTE };
    hub.store().submit(request, Some(lease), hub.now()).await.unwrap();
    hub.restart().await;
    hub.advance(Duration::from_secs(119)).await;
    assert!(hub.taken().is_empty());
    hub.advance(MINUTE).await;
    assert_eq!(hub.phone(ANNA).got(), ["Z konsoli"]);
    assert_eq!(hub.sim.counts().creates, 1);
}

#[tokio::test]
async fn of_the_cli_during_its_call() {
    for (death, taken) in [(Death::At(Point::AttemptCommitted), 0), (Death::DuringCall, 1)] {
        let mut hub = cli_died_at(death).await;
        hub.sim.faults(Faults { dropped_callbacks: 1.0, ..Faults::default() });
        assert_eq!(hub.taken().len(), taken);
        hub.advance(20 * MINUTE).await;
        assert_eq!(hub.phone(ANNA).got(), ["Z konsoli"]);
        assert_eq!(hub.taken().len(), 1);
        let outcomes = hub.outcomes(1).await;
        assert_eq!(outcomes.last().map(String::as_str), Some("accepted"));
        assert_eq!(outcomes.len(), 2 - taken);
    }
}

/// A hub that dies at `death` while it fetches Anna's picture.
async fn died_fetching(death: Death) -> TestHub {
    let mut hub = TestHub::start().await;
    hub.dies(death);
    hub.phone(ANNA).attaches(vec![picture()]);
    hub.run().await;
    assert!(!hub.is_alive(), "{death:?} was never reached");
    hub
}

fn picture() -> File {
    File { content_type: "image/png".to_owned(), content: Content::Picture(1) }
}

/// The picture is there, once.
async fn one_picture(hub: &mut TestHub) {
    hub.advance(MINUTE).await;
    assert_eq!(hub.get("/media/1/0").await.header("content-type"), "image/png");
    assert_eq!(hub.attachments().len(), 1);
}

#[tokio::test]
async fn after_the_inbound_commit_with_an_attachment() {
    let mut hub = died_fetching(Death::At(Point::InboundCommitted)).await;
    assert_eq!(hub.open_jobs(), ["reply of 1", "media of 1"]);
    hub.restart().await;
    one_picture(&mut hub).await;
}

#[tokio::test]
async fn while_an_attachment_is_downloaded() {
    let mut hub = died_fetching(Death::DuringCall).await;
    assert!(hub.attachments().is_empty());
    hub.restart().await;
    one_picture(&mut hub).await;
}

#[tokio::test]
async fn after_the_file_before_its_row() {
    let mut hub = died_fetching(Death::At(Point::FileWritten)).await;
    assert_eq!(hub.attachments().len(), 1);
    assert_eq!(hub.on_disk("SELECT state FROM media"), ["waiting"]);
    assert_eq!(
        hub.on_disk("SELECT sha256 FROM media_doomed"),
        hub.attachments(),
        "the file's name is on record"
    );
    hub.restart().await;
    assert!(hub.attachments().is_empty());
    one_picture(&mut hub).await;
}

/// A hub that dies at `death` while it deletes the message with the only picture.
async fn died_deleting(death: Death) -> TestHub {
    let mut hub = TestHub::start().await;
    let sid = hub.phone(ANNA).attaches(vec![picture()]);
    hub.run().await;
    assert_eq!(hub.attachments().len(), 1);
    hub.dies(death);
    let request = bearer(Method::DELETE, &format!("/api/messages/{sid}"), Body::empty());
    assert!(hub.call(request).await.is_none(), "{death:?} was never reached");
    hub
}

#[tokio::test]
async fn after_a_deletion_before_its_files() {
    let mut hub = died_deleting(Death::At(Point::DeletionCommitted)).await;
    assert_eq!((hub.attachments().len(), hub.on_disk("SELECT sha256 FROM media_doomed").len()), (1, 1));
    hub.restart().await;
    assert!(hub.attachments().is_empty() && hub.on_disk("SELECT sha256 FROM media_doomed").is_empty());
}

#[tokio::test]
async fn after_the_files_of_a_deletion_before_their_names() {
    let mut hub = died_deleting(Death::At(Point::FilesRemoved)).await;
    assert_eq!((hub.attachments().len(), hub.on_disk("SELECT sha256 FROM media_doomed").len()), (0, 1));
    hub.restart().await;
    assert!(hub.on_disk("SELECT sha256 FROM media_doomed").is_empty());
}

#[tokio::test]
async fn two_lost_answers_of_one_message_end_with_a_person() {
    let mut hub = answering().await;
    hub.phone(ANNA).writes("Hej");
    for _ in 0..2 {
        hub.dies(Death::At(Point::AttemptCommitted));
        hub.advance(10 * MINUTE).await;
        assert!(!hub.is_alive());
        hub.restart().await;
    }
    hub.advance(60 * MINUTE).await;
    let message = hub.only_written().await;
    assert_eq!((message.status.as_str(), message.error_text.as_deref()), ("held", Some("lost_twice")));
    assert!(hub.taken().is_empty());
}

#[tokio::test]
async fn a_webhook_repeated_to_the_next_process_is_one_row() {
    let mut hub = answering().await;
    let number = hub.number().to_owned();
    let fields = [("MessageSid", &*sid(5)), ("From", ANNA), ("To", &number), ("Body", "Hej")];
    assert_eq!(hub.twilio_posts("/twilio/inbound", &fields).await.status, 200);
    hub.restart().await;
    assert_eq!(hub.twilio_posts("/twilio/inbound", &fields).await.status, 200);
    one_reply(&mut hub).await;
}
