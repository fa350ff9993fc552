//! Statuses whose callbacks never came.

use hub_sim::{Ending, Faults, Rule};

use super::{HOUR, MINUTE, running};
use crate::{hub::TestHub, setup::Setup, talk::ANNA};

/// Questions about single messages so far.
fn questions(hub: &TestHub) -> usize {
    let lines = hub.trace.lines();
    lines.iter().filter(|(_, line)| line.starts_with("GET SM")).count()
}

#[tokio::test]
async fn a_status_without_a_callback_is_asked_for_until_it_is_final() {
    let mut hub = running().await;
    hub.sim.faults(Faults { dropped_callbacks: 1.0, ..Faults::default() });
    hub.kill();
    hub.restart().await;
    hub.phone(ANNA).writes("Hej");
    hub.advance(HOUR).await;
    assert_eq!(hub.only_written().await.status.as_str(), "delivered");
    assert_eq!(hub.on_disk("SELECT CAST(count(*) AS TEXT) FROM message WHERE poll_at IS NOT NULL"), ["0"]);
}

#[tokio::test]
async fn a_status_that_stays_open_is_asked_for_four_times_and_then_left() {
    let mut hub = Setup::new().with_auto_reply("Oddzwonimy").start().await;
    hub.sim.set_rules(vec![Rule { to: ANNA.to_owned(), ending: Ending::Sent, error_code: None }]);
    hub.phone(ANNA).writes("Hej");
    hub.advance(9 * MINUTE).await;
    assert_eq!(questions(&hub), 0);
    hub.advance(2 * MINUTE).await;
    assert_eq!(questions(&hub), 1);
    hub.advance(2 * HOUR).await;
    assert_eq!(questions(&hub), 2);
    hub.advance(5 * HOUR).await;
    assert_eq!(questions(&hub), 3);
    hub.advance(72 * HOUR).await;
    assert_eq!(questions(&hub), 4);
    assert_eq!(hub.only_written().await.status.as_str(), "sent");
}

#[tokio::test]
async fn a_message_that_twilio_does_not_have_any_more_is_left() {
    let mut hub = Setup::new().with_auto_reply("Oddzwonimy").start().await;
    hub.sim.set_rules(vec![Rule { to: ANNA.to_owned(), ending: Ending::Sent, error_code: None }]);
    hub.phone(ANNA).writes("Hej");
    hub.advance(MINUTE).await;
    let sid = hub.taken()[0].sid.clone();
    hub.gone_at_twilio(&sid).await;
    hub.advance(72 * HOUR).await;
    assert_eq!(questions(&hub), 1);
}

#[tokio::test]
async fn a_final_callback_ends_the_questions() {
    let mut hub = Setup::new().with_auto_reply("Oddzwonimy").start().await;
    hub.phone(ANNA).writes("Hej");
    hub.advance(24 * HOUR).await;
    assert_eq!(questions(&hub), 0);
}
