//! Where imported messages stand among those that are here.

use super::{House, lines};
use crate::words::{at, inbound};

/// Bodies of all messages in the order of the list, oldest first.
fn bodies(house: &House) -> Vec<String> {
    lines(&house.raw(), "SELECT body FROM message ORDER BY row")
}

#[tokio::test]
async fn what_is_older_goes_below_what_is_here_and_the_rest_above() {
    let house = House::new();
    let hub = house.open();
    let time = "2025-06-01T12:00:00Z".parse().unwrap();
    let text = inbound("SMhere").saying("here");
    let ids = [crate::words::message_id(), crate::words::message_id()];
    hub.record_inbound(text.0, ids[0], ids[1], time).await.unwrap();
    hub.close();
    let original = house.empty_original();
    for (sid, when) in [
        ("SM3", "2025-06-01T12:00:00"),
        ("SM1", "2025-05-01T12:00:00"),
        ("SM4", "2025-07-01T12:00:00"),
        ("SM2", "2025-06-01T11:59:59"),
    ] {
        original.message(Some(sid), "inbound", "+48500100300", "received", when);
    }
    house.import(&original);
    let expect = [
        "at 2025-05-01T12:00:00",
        "at 2025-06-01T11:59:59",
        "here",
        "at 2025-06-01T12:00:00",
        "at 2025-07-01T12:00:00",
    ];
    assert_eq!(bodies(&house), expect);
    // A contact's newest message is the newest of both.
    original.message(Some("SM0"), "inbound", crate::words::ANNA, "received", "2025-01-01T00:00:00");
    house.import(&original);
    let newest = "SELECT m.body FROM contact c JOIN message m ON m.row = c.last_message ORDER BY c.person";
    assert_eq!(lines(&house.raw(), newest), ["here", "at 2025-07-01T12:00:00"]);
}

#[test]
fn what_the_original_wrote_since_the_last_import_comes_after_it() {
    let house = House::new();
    let original = house.empty_original();
    for (sid, day) in [("SM2", 2), ("SM1", 1)] {
        original.message(
            Some(sid),
            "inbound",
            "+48500100300",
            "received",
            &format!("2025-05-0{day}T12:00:00"),
        );
    }
    house.import(&original);
    original.message(None, "outbound", "+48500100300", "failed", "2025-05-03T12:00:00");
    original.message(Some("SM4"), "outbound", "+48500100300", "sent", "2025-05-04T12:00:00");
    let report = house.import(&original);
    assert_eq!((report.messages.added, report.messages.known), (2, 2));
    let expect: Vec<_> = (1..=4).map(|day| format!("at 2025-05-0{day}T12:00:00")).collect();
    assert_eq!(bodies(&house), expect);
}

#[test]
fn rows_without_a_readable_time_come_once() {
    let house = House::new();
    let original = house.used_original(0);
    original.sql(
        "UPDATE scheduled_messages SET created_at = 'wczoraj'; UPDATE multi_sms_batches SET created_at = ''",
    );
    house.import(&original);
    let again = house.try_import_at(&original, at(100));
    assert_eq!((again.reminders.added, again.campaigns.added), (0, 0));
}
