//! History from before the hub, brought in from Twilio.

use std::time::Duration;

use twilio_chat::app::backfill::Backfilled;

use super::{HOUR, MINUTE};
use crate::{
    hub::TestHub,
    setup::Setup,
    talk::{ANNA, PIOTR},
};

const DAY: Duration = Duration::from_hours(24);

/// A hub that was not there when people wrote, three days ago and just now.
async fn late_hub() -> TestHub {
    let mut hub = Setup::new().with_auto_reply("Oddzwonimy").start().await;
    hub.kill();
    for day in 0..3 {
        hub.phone(ANNA).writes(&format!("dzień {day}"));
        hub.phone(PIOTR).writes(&format!("dzień {day}"));
        hub.advance(DAY).await;
    }
    hub.phone(ANNA).writes("WYPISZ");
    hub.advance(HOUR).await;
    hub.phone(PIOTR).writes("Przed chwilą");
    hub.advance(5 * MINUTE).await;
    hub.restart().await;
    hub
}

async fn import(hub: &TestHub, days: u16, dry_run: bool) -> (Backfilled, usize) {
    let mut told = 0;
    let total = hub.app().backfill(days, dry_run, |_, _| told += 1).await.unwrap();
    (total, told)
}

#[tokio::test]
async fn history_comes_in_once_oldest_first_and_nobody_hears_of_it() {
    let mut hub = late_hub().await;
    let expected = Backfilled { seen: 8, added: 7, known: 0, left: 1 };
    assert_eq!(import(&hub, 30, true).await, (expected, 31));
    assert!(hub.messages().await.is_empty());
    assert_eq!(import(&hub, 30, false).await.0, expected);
    assert_eq!(import(&hub, 30, false).await.0, Backfilled { added: 0, known: 7, ..expected });
    let bodies: Vec<_> = hub.messages().await.into_iter().map(|message| message.body).collect();
    assert_eq!(bodies, ["dzień 0", "dzień 0", "dzień 1", "dzień 1", "dzień 2", "dzień 2", "WYPISZ"]);
    hub.advance(HOUR).await;
    // What had not been looked through was left to the recovery, which answers it.
    assert_eq!(hub.taken().len(), 1);
    assert_eq!(hub.phone(PIOTR).got(), ["Oddzwonimy"]);
    assert_eq!(hub.on_disk("SELECT person FROM suppression"), [ANNA]);
    assert_eq!(
        hub.on_disk("SELECT CAST(count(*) AS TEXT) FROM message WHERE reply_decision = 'imported'"),
        ["7"]
    );
}

#[tokio::test]
async fn only_so_many_days_are_brought_in() {
    let hub = late_hub().await;
    let (total, told) = import(&hub, 1, false).await;
    assert_eq!((total.added, told), (1 + 2, 2));
}

#[tokio::test]
async fn what_comes_between_the_import_and_the_first_start_is_recovered() {
    let mut hub = late_hub().await;
    import(&hub, 30, false).await;
    hub.kill();
    hub.phone(ANNA).writes("Po imporcie");
    hub.advance(2 * HOUR).await;
    hub.restart().await;
    hub.advance(5 * MINUTE).await;
    let bodies: Vec<_> = hub.received().await.into_iter().map(|message| message.body).collect();
    assert_eq!(bodies[7..], ["Przed chwilą", "Po imporcie"]);
    assert!(hub.taken().is_empty(), "both are late by now");
}
