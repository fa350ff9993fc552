//! Texts to a number of the account that another application takes.

use hub_sim::PhoneText;

use super::{HOUR, MINUTE};
use crate::{hub::TestHub, setup::Setup, talk::ANNA};

/// The account's second number; the hub sends from the first.
const OTHER: &str = "+48500100900";
const THEIRS: &str = "https://other.example.com/sms";

/// A hub that answers; the second number's messages go to that address.
async fn hub(url: &str) -> TestHub {
    let hub = Setup::new().with_auto_reply("Oddzwonimy").start().await;
    hub.sim.set_number_url(OTHER, url.to_owned());
    hub
}

async fn writes(hub: &mut TestHub, body: &str) {
    let (from, to) = (ANNA.to_owned(), OTHER.to_owned());
    hub.sim.phone_sends(PhoneText { from, to, body: body.to_owned(), ..PhoneText::default() });
    hub.advance(10 * MINUTE).await;
}

#[tokio::test]
async fn are_kept_and_not_answered() {
    let mut hub = hub(THEIRS).await;
    hub.run().await;
    writes(&mut hub, "Hej").await;
    writes(&mut hub, "WYPISZ").await;
    assert_eq!(hub.decisions().await[0], "other_application");
    assert_eq!(hub.received().await.len(), 2);
    assert!(hub.written().await.is_empty(), "{:?}", hub.written().await);
    // What somebody asked for on any number of ours counts.
    assert_eq!(hub.on_disk("SELECT person FROM suppression"), [ANNA]);
    assert_eq!(hub.on_disk("SELECT CAST(unread AS TEXT) FROM contact"), ["2"]);
}

#[tokio::test]
async fn are_answered_where_nobody_else_takes_them() {
    let mut hub = hub("https://demo.twilio.com/welcome/sms/reply").await;
    hub.run().await;
    writes(&mut hub, "Hej").await;
    assert_eq!(hub.decisions().await, ["answered_template"]);
}

#[tokio::test]
async fn are_answered_where_a_webhook_has_brought_some() {
    let mut hub = Setup::new().with_auto_reply("Oddzwonimy").start().await;
    writes(&mut hub, "Hej").await;
    hub.sim.set_number_url(OTHER, THEIRS.to_owned());
    hub.advance(2 * HOUR).await;
    writes(&mut hub, "Halo?").await;
    assert_eq!(hub.decisions().await, ["answered_template"; 2]);
}
