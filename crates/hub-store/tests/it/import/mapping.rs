//! How the original's words and oddities read here.

use hub_store::{ImportNote, NoWatch};

use super::{House, lines};

/// One outbound row of the original with this status and error arrives so:
/// `status|error_code|error_status|error_text|origin|automatic`.
fn check(status: &str, error: &str, expect: &str) {
    let house = House::new();
    let original = house.empty_original();
    original.message(Some("SM1"), "outbound", "+48500100300", "", "2025-05-01T12:00:00");
    original.sql(&format!("UPDATE messages SET status = {status}, error = {error}"));
    let report = house.import(&original);
    let columns = "SELECT status, error_code, error_status, error_text, origin, automatic FROM message";
    assert_eq!(lines(&house.raw(), columns), [expect], "{status} {error}");
    let odd = report.notes.contains_key(&ImportNote::OddStatus);
    assert_eq!(odd, matches!(status, "NULL" | "'none'" | "'pending'"), "{status}");
}

#[test]
fn statuses_and_errors() {
    for (status, error, expect) in [
        ("'delivered'", "NULL", "delivered|-|-|-|api|0"),
        ("'queued'", "NULL", "queued|-|-|-|api|0"),
        ("' Sent '", "NULL", "sent|-|-|-|api|0"),
        ("'undelivered'", "'Error code: 30003'", "undelivered|30003|undelivered|Error code: 30003|api|0"),
        ("'failed'", "'HTTP 400 error'", "failed|-|-|HTTP 400 error|api|0"),
        ("'failed'", "'Error code: 0'", "failed|-|-|Error code: 0|api|0"),
        ("'auto-reply'", "NULL", "sent|-|-|-|template|1"),
        ("'ai-auto-reply'", "NULL", "sent|-|-|-|bot|1"),
        ("'news-reply'", "NULL", "sent|-|-|-|bot|1"),
        ("'news-disabled'", "NULL", "sent|-|-|-|bot|1"),
        ("NULL", "NULL", "sent|-|-|-|api|0"),
        ("'none'", "'Przekroczono czas'", "failed|-|-|Przekroczono czas|api|0"),
        // Our own words must not make a message wait for somebody.
        ("'pending'", "NULL", "sent|-|-|-|api|0"),
    ] {
        check(status, error, expect);
    }
}

#[test]
fn odd_rows_are_kept_and_counted() {
    let house = House::new();
    let original = house.empty_original();
    let insert = |values: &str| {
        original.sql(&format!(
            "INSERT INTO messages
               (sid, direction, to_number, from_number, body, status, error, created_at, updated_at)
             VALUES ({values})"
        ));
    };
    insert("'SM1', 'inbound', '+15005550006', 'MojBank', NULL, NULL, NULL, '2025-01-01T00:00:00', ''");
    insert("'not a sid', 'inbound', '+15005550006', '', 'b', '', '', '2025-01-02T00:00:00', ''");
    insert(
        "'', 'outbound', NULL, 'MG0123456789abcdef0123456789abcdef', 7, 'sent', '', '2025-01-03 00:00:00', ''",
    );
    insert("NULL, 'outbound-api', '72400', '+15005550006', x'c582', 'sent', '', '2025-01-04T00:00:00.5', ''");
    insert("'SM5', 'sideways', '+48500100300', '+15005550006', 'e', 'sent', '', '2025-01-05T00:00:00', ''");
    insert("'SM6', 'inbound', '+15005550006', 'a' || char(10) || 'b', 'f', '', '', 'yesterday', ''");
    let report = house.import(&original);
    let got = lines(
        &house.raw(),
        "SELECT sid, direction, from_address, to_address, service, body, status,
           strftime('%Y-%m-%dT%H:%M:%S', created_at / 1000000, 'unixepoch') FROM message ORDER BY row",
    );
    assert_eq!(
        got,
        [
            "SM1|inbound|MojBank|+15005550006|-||received|2025-01-01T00:00:00",
            "-|inbound|unknown|+15005550006|-|b|received|2025-01-02T00:00:00",
            "-|outbound||unknown|MG0123456789abcdef0123456789abcdef|7|sent|2025-01-03T00:00:00",
            "-|outbound|+15005550006|72400|-|ł|sent|2025-01-04T00:00:00",
            "SM6|inbound|ab|+15005550006|-|f|received|2025-01-05T00:00:00",
        ]
    );
    let notes: Vec<_> = report.notes.into_iter().collect();
    assert_eq!(
        notes,
        [
            (ImportNote::OddAddress, 3),
            (ImportNote::OddSid, 1),
            (ImportNote::OddTime, 1),
            (ImportNote::OddDirection, 1)
        ]
    );
    assert_eq!((report.messages.found, report.messages.added, report.messages.left_out), (6, 5, 1));
    // They are the same rows the next time.
    assert_eq!(house.import(&original).messages.known, 5);
    let without_time = "NULL, 'inbound', '+15005550006', '+48500100300', 'g', '', '', '', ''";
    insert(without_time);
    assert_eq!(house.import(&original).messages.added, 1);
    original.message(Some("SM0"), "inbound", "+48500100300", "received", "");
    assert_eq!(house.import(&original).messages.added, 1);
}

#[test]
fn one_person_on_two_channels_is_one_contact() {
    let house = House::new();
    let original = house.empty_original();
    for (sid, theirs) in [("SM1", "+48500100300"), ("SM2", "whatsapp:+48500100300")] {
        original.message(Some(sid), "inbound", theirs, "received", "2025-05-01T12:00:00");
    }
    let report = house.import(&original);
    assert_eq!((report.conversations, report.contacts), (2, 1));
}

#[test]
fn reminders_batches_listeners_and_news_recipients() {
    let house = House::new();
    house.import(&house.used_original(0));
    let ours = house.raw();
    let time = |column: &str| format!("strftime('%Y-%m-%dT%H:%M:%S', {column} / 1000000, 'unixepoch')");
    let (created, last, next) = (time("created_at"), time("last_sent_at"), time("next_run_at"));
    let check = |sql: &str, expect: &[&str]| assert_eq!(lines(&ours, sql), expect, "{sql}");
    check(
        &format!(
            "SELECT to_address, body, every_seconds, enabled, {last}, {next}, {created}, imported_at IS NULL
             FROM reminder ORDER BY id"
        ),
        &[
            "+48500100201|Weź tabletkę|3600|1|2025-03-01T08:00:00|2025-03-01T09:00:00|2025-01-05T08:00:00|0",
            "abc|Nie dojdzie|60|0|-|2025-03-01T09:00:00|2025-01-06T08:00:00|0",
        ],
    );
    check(
        &format!(
            "SELECT body, sender, status, error, {created}, {} FROM campaign ORDER BY id",
            time("completed_at")
        ),
        &[
            "Promocja|+15005550006|completed_with_errors|Pominięto 1 niepoprawnych numerów.|2025-01-07T08:00:00|2025-01-07T08:00:09",
            "Dostawa|+15005550006|interrupted|-|2025-01-08T08:00:00|-",
        ],
    );
    check(
        "SELECT campaign, typed, to_address, status, sid, error, sent_at IS NULL FROM campaign_recipient ORDER BY id",
        &[
            "1|500 100 201|+48500100201|sent|SMbatch1|-|0",
            "1|+48500100202|+48500100202|sent|SMbatch2|-|0",
            "1|kot|-|invalid|-|Nieprawidłowy numer|1",
            "2|+48500100203|+48500100203|sent|SMbatch3|-|0",
            "2|+48500100204|+48500100204|pending|-|-|1",
        ],
    );
    check("SELECT command, enabled FROM listener ORDER BY id", &["/news|0", "*|1"]);
    check(
        &format!(
            "SELECT to_address, prompt, at_time, enabled, all_categories, {last}, {created} FROM digest_recipient"
        ),
        &[
            "+48500100205|Krótko.|07:30|1|0|2025-03-01T07:30:11|2025-01-09T08:00:00",
            "+48500100206||08:00|0|1|-|2026-01-01T00:00:00",
        ],
    );
    check(
        "SELECT key, value FROM setting ORDER BY key",
        &[
            r#"ai|{"enabled":false,"system_prompt":"Bądź miły.","target_number":"+48 500 100 999","model":"gpt-4o-mini","temperature":0.2}"#,
            r#"auto_reply|{"enabled":true,"message":"Odpiszemy rano.","enabled_since":"2025-02-01T08:00:00Z"}"#,
            r#"digests|{"enabled":true}"#,
            r#"rag_chat_model|"gpt-4o""#,
        ],
    );
}

#[tokio::test]
async fn a_setting_made_here_stays() {
    let house = House::new();
    let hub = house.open();
    hub.change_auto_reply(true, "Nasza.".to_owned(), crate::words::ewa(), crate::words::at(0))
        .await
        .unwrap()
        .unwrap();
    hub.close();
    let report = house.import(&house.used_original(0));
    assert_eq!((report.settings.added, report.settings.known), (3, 1));
    assert_eq!(house.open().auto_reply().await.unwrap().message, "Nasza.");
}

#[tokio::test]
async fn an_auto_reply_that_was_kept_silent_arrives_switched_off() {
    let house = House::new();
    let original = house.used_original(0);
    original.sql("UPDATE listeners_config SET enabled = 0");
    let report = house.import(&original);
    assert_eq!(report.notes.get(&ImportNote::AutoReplyWasMuted), Some(&1));
    let setting = house.open().auto_reply().await.unwrap();
    assert_eq!((setting.enabled, &*setting.message), (false, "Odpiszemy rano."));
}

#[test]
fn what_belongs_to_nothing_is_left_out_and_told() {
    let house = House::new();
    let original = house.used_original(0);
    original.sql(
        "PRAGMA foreign_keys = OFF;
         INSERT INTO multi_sms_recipients VALUES
           (9, 99, '+48500100203', '+48500100203', 'sent', NULL, NULL, '2025-01-08T08:00:00', NULL);
         INSERT INTO scheduled_messages VALUES
           (9, ' ', 'Do nikogo', 60, 1, NULL, '2025-03-01T09:00:00', '2025-01-06T08:00:00', '');
         INSERT INTO listeners_config (command) VALUES ('');
         INSERT INTO app_settings VALUES ('theme', 'dark', 'ui', '');",
    );
    let report = house.import(&original);
    let left_out = [report.campaign_recipients, report.reminders, report.listeners, report.settings]
        .map(|tally| (tally.left_out, tally.found == tally.added + tally.known + tally.left_out));
    assert_eq!(left_out, [(1, true); 4]);
    for note in [
        ImportNote::OrphanedRecipient,
        ImportNote::OddReminder,
        ImportNote::OddListener,
        ImportNote::OtherSetting,
    ] {
        assert_eq!(report.notes.get(&note), Some(&1), "{note:?}");
    }
}

#[test]
fn news_recipients_that_cant_be_read_stop_the_import_without_telling_numbers() {
    let house = House::new();
    let original = house.used_original(0);
    original.write_news(r#"{"recipients": [{"phone": "+48500100205"},]}"#);
    let error = house.try_import(original.folder(), false, &NoWatch).unwrap_err().to_string();
    assert!(error.contains("news_config.json") && error.contains("line 1"), "{error}");
    assert!(!error.contains("500100205"), "{error}");
    assert!(!house.ours().exists());
}

#[test]
fn messages_without_a_sid_are_told_apart_by_all_they_hold() {
    let house = House::new();
    let original = house.empty_original();
    original.message(None, "inbound", "+48500100300", "received", "2025-05-01T12:00:00");
    for (part, changed) in [
        ("direction", "'outbound'"),
        ("to_number", "'+15005550007'"),
        ("from_number", "'+48500100301'"),
        ("body", "'else'"),
        ("id", "2"),
    ] {
        assert_eq!(house.import(&original).messages.added, 1, "before {part}");
        // As if another installation had a row so much like this one.
        original.sql(&format!("UPDATE messages SET {part} = {changed}"));
    }
    assert_eq!(house.import(&original).messages.added, 1);
    assert_eq!(house.import(&original).messages.known, 1);
}
