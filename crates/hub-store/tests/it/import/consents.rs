//! Who opted out while the original was in use is not written to from here.

use hub_domain::{message::Origin, sending::Blocked};
use hub_store::{Store, Submitted};
use rusqlite::params;

use super::{House, lines};
use crate::{
    original_db::OriginalDb,
    words::{ANNA, outbound},
};

const OURS: &str = "+15005550006";

/// A row of the original's at an hour of one day.
fn said(original: &OriginalDb, hour: u32, theirs: &str, inbound: bool, body: &str, error: Option<&str>) {
    let (to, from) = if inbound { (OURS, theirs) } else { (theirs, OURS) };
    original
        .file
        .execute(
            "INSERT INTO messages (direction, to_number, from_number, body, status, error, created_at, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
            params![
                if inbound { "inbound" } else { "outbound" },
                to,
                from,
                body,
                if error.is_some() { "failed" } else { "received" },
                error,
                format!("2025-05-01T{hour:02}:00:00"),
            ],
        )
        .unwrap();
}

fn wrote(original: &OriginalDb, hour: u32, body: &str) {
    said(original, hour, ANNA, true, body, None);
}

fn failed(original: &OriginalDb, hour: u32, error: &str) {
    said(original, hour, ANNA, false, "Promocja", Some(error));
}

/// What the original kept → how we know that Anna is silenced, after one import and after two.
fn check(kept: impl FnOnce(&OriginalDb), expect: Option<&str>) {
    let house = House::new();
    let original = house.empty_original();
    kept(&original);
    let mut before = Vec::new();
    for _ in 0..2 {
        house.import(&original);
        let found = lines(&house.raw(), "SELECT source FROM suppression");
        assert_eq!(found, Vec::from_iter(expect.map(str::to_owned)));
        let log =
            lines(&house.raw(), "SELECT person, change, source, at, message FROM consent_log ORDER BY id");
        assert!(before.is_empty() || before == log, "a second import changes nothing: {log:?}");
        before = log;
    }
}

#[test]
fn words_that_stop_messages_count() {
    check(|original| wrote(original, 8, "STOP"), Some("imported"));
    check(|original| wrote(original, 8, "wypisz"), Some("imported"));
    check(|original| wrote(original, 8, "proszę nie mówić stop"), None);
    check(|original| said(original, 8, ANNA, false, "STOP", None), None);
}

#[test]
fn twilios_refusals_count_however_the_original_kept_them() {
    for error in [
        "Error code: 21610",
        "21610 Attempt to send to unsubscribed recipient",
        "HTTP 400 error: Unable to create record: Attempt to send to unsubscribed recipient",
    ] {
        check(|original| failed(original, 8, error), Some("twilio_21610"));
    }
    check(|original| failed(original, 8, "Error code: 30003"), None);
    let recipient = "INSERT INTO multi_sms_batches (id, body, status, created_at)
           VALUES (1, 'Promocja', 'completed_with_errors', '2025-05-01T08:00:00');
         INSERT INTO multi_sms_recipients (batch_id, number_raw, number_normalized, status, error, created_at)
           VALUES (1, '500 100 200', '+48500100200', 'failed', 'Error code: 21610', '2025-05-01T08:00:00');";
    check(|original| original.sql(recipient), Some("twilio_21610"));
}

#[test]
fn the_last_word_in_time_decides() {
    // Kept out of order.
    let start_after = |original: &OriginalDb| {
        wrote(original, 9, "START");
        wrote(original, 8, "STOP");
    };
    check(start_after, None);
    let refused_then_start = |original: &OriginalDb| {
        failed(original, 8, "Error code: 21610");
        wrote(original, 9, "START");
    };
    check(refused_then_start, None);
    let start_before = |original: &OriginalDb| {
        wrote(original, 8, "wypisz");
        wrote(original, 9, "wznów");
        wrote(original, 10, "STOP");
    };
    check(start_before, Some("imported"));
}

#[tokio::test]
async fn who_opted_out_there_is_not_written_to_from_here_until_they_say_so_here() {
    let house = House::new();
    let original = house.empty_original();
    wrote(&original, 8, "STOP");
    house.import(&original);
    let store: Store = house.open();
    let entry = store.suppression(ANNA.to_owned()).await.unwrap().unwrap();
    assert_eq!(entry.since, "2025-05-01T08:00:00Z".parse().unwrap());
    let proof = store.consent_history(ANNA.to_owned()).await.unwrap().remove(0);
    assert_eq!((proof.opted_in, proof.body.as_deref()), (false, Some("STOP")));
    let now = "2025-06-01T08:00:00Z".parse().unwrap();
    let send = || store.submit(outbound(Origin::Api, ANNA, "Dzień dobry"), None, now);
    assert!(matches!(send().await.unwrap(), Submitted::Blocked(Blocked::OptedOut)));
    store.note_consent(ANNA.to_owned(), true, "telefon".to_owned(), now).await.unwrap();
    assert!(matches!(send().await.unwrap(), Submitted::Queued { .. }));
    // What they have said since is not undone by the same history once more.
    house.import(&original);
    assert_eq!(store.suppression(ANNA.to_owned()).await.unwrap(), None);
}
