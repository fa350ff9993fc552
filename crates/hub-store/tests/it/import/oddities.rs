//! What years of use leave in an installation: spellings, times nobody can read, open ends, files by hand.

use hub_store::{ImportNote, NoWatch};

use super::{House, lines};
use crate::words::{ANNA, at};

#[test]
fn one_person_is_one_contact_however_the_number_was_typed() {
    let house = House::new();
    let original = house.empty_original();
    for (number, day) in
        [(ANNA, 1), ("+48 500 100 200", 2), ("500-100-200", 3), ("0048500100200", 4), ("sms:+48500100200", 5)]
    {
        original.message(None, "inbound", number, "received", &format!("2025-05-0{day}T12:00:00"));
    }
    original.message(Some("SM9"), "outbound", "500 100 200", "failed", "2025-05-06T12:00:00");
    original.sql("UPDATE messages SET error = 'Error code: 21610' WHERE sid = 'SM9'");
    house.import(&original);
    assert_eq!(lines(&house.raw(), "SELECT person, message_count FROM contact"), [format!("{ANNA}|6")]);
    assert_eq!(lines(&house.raw(), "SELECT person FROM suppression"), [ANNA]);
}

#[test]
fn a_time_nobody_can_read_is_that_of_a_neighbour_and_opens_no_window() {
    let house = House::new();
    let original = house.empty_original();
    for (sid, from, when) in [
        ("SM1", "whatsapp:+48500100200", ""),
        ("SM2", "+48500100300", "2025-05-01T12:00:00"),
        ("SM3", "+48500100200", "wczoraj"),
        ("SM4", "+48500100200", "2025-05-02T12:00:00"),
    ] {
        original.message(Some(sid), "inbound", from, "received", when);
    }
    original.sql("UPDATE messages SET body = 'STOP' WHERE sid = 'SM3'; UPDATE messages SET body = 'START' WHERE sid = 'SM4'");
    let report = house.import(&original);
    assert_eq!(report.notes.get(&ImportNote::OddTime), Some(&2));
    let time =
        "SELECT sid, strftime('%Y-%m-%d', created_at / 1000000, 'unixepoch') FROM message ORDER BY row";
    assert_eq!(
        lines(&house.raw(), time),
        ["SM1|2025-05-01", "SM2|2025-05-01", "SM3|2025-05-01", "SM4|2025-05-02"]
    );
    assert_eq!(lines(&house.raw(), "SELECT person FROM suppression"), Vec::<String>::new());
    let open = "SELECT last_inbound_at FROM conversation WHERE their_address LIKE 'whatsapp:%'";
    assert_eq!(lines(&house.raw(), open), ["-"]);
}

#[tokio::test]
async fn an_end_that_the_original_never_learned_is_asked_for_once() {
    let house = House::new();
    let original = house.empty_original();
    for (sid, status, when) in [
        ("SMnew", "sent", "2025-12-30T12:00:00"),
        ("SMdone", "delivered", "2025-12-30T12:00:00"),
        ("SMold", "queued", "2025-12-20T12:00:00"),
    ] {
        original.message(Some(sid), "outbound", ANNA, status, when);
    }
    original.message(None, "outbound", ANNA, "queued", "2025-12-30T12:00:00");
    let report = house.import(&original);
    assert_eq!(report.notes.get(&ImportNote::OldOpenStatus), Some(&1));
    let hub = house.open();
    let due = hub.open_statuses(10, at(0)).await.unwrap();
    assert_eq!(due.iter().map(|(_, sid)| sid.as_str()).collect::<Vec<_>>(), ["SMnew"]);
    let row = due[0].0;
    let seen = crate::remote::seen("SMnew", hub_domain::message::Direction::Outbound, "");
    let seen =
        hub_domain::remote::RemoteFacts { status: Some(hub_domain::status::DeliveryStatus::Sent), ..seen };
    hub.settle_statuses(vec![hub_store::Asked { row, seen: Some(seen) }], at(1)).await.unwrap();
    assert_eq!(hub.open_statuses(10, at(1_000_000)).await.unwrap(), []);
}

#[test]
fn a_news_list_written_by_hand_does_not_stop_the_import() {
    for (text, added) in [
        (r#"{"enabled": "true", "recipients": [{"phone": "+48500100205"}]}"#, 1),
        (r#"{"enabled": true, "recipients": null}"#, 0),
        (r"[]", 0),
    ] {
        let house = House::new();
        let original = house.empty_original();
        original.write_news(text);
        let report = house.import(&original);
        assert_eq!(
            (report.digest_recipients.added, report.notes.get(&ImportNote::OddNews)),
            (added, Some(&1)),
            "{text}"
        );
    }
    let house = House::new();
    let original = house.empty_original();
    original.write_news("\u{feff}{\"enabled\": true, \"recipients\": [{\"phone\": \"+48500100205\"}]}");
    let report = house.import(&original);
    assert_eq!((report.digest_recipients.added, report.notes.get(&ImportNote::OddNews)), (1, None));
}

#[test]
fn what_is_read_otherwise_than_it_stands_is_told() {
    let house = House::new();
    let original = house.used_original(0);
    original.sql(
        "UPDATE scheduled_messages SET interval_seconds = 'często' WHERE id = 1;
         UPDATE ai_config SET temperature = 0, enabled = 'true'",
    );
    let report = house.import(&original);
    for note in [ImportNote::OddInterval, ImportNote::ZeroTemperature] {
        assert_eq!(report.notes.get(&note), Some(&1), "{note:?}");
    }
    assert_eq!(lines(&house.raw(), "SELECT enabled FROM reminder WHERE body = 'Weź tabletkę'"), ["0"]);
    let assistant = "SELECT value ->> 'temperature', value ->> 'enabled' FROM setting WHERE key = 'ai'";
    assert_eq!(lines(&house.raw(), assistant), ["0.7|1"]);
}

#[test]
fn an_import_repeated_keeps_one_copy() {
    let house = House::new();
    let original = house.used_original(10);
    let first = house.import(&original).copy;
    assert_eq!(house.try_import(original.folder(), false, &NoWatch).unwrap().copy, first);
    assert_eq!(house.our_files(), ["hub.db", "import/original-20260101-000000.db"]);
}
