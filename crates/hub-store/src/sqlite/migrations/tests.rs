//! Databases of earlier releases, with rows in them, brought up to date.

use std::path::Path;

use rusqlite::Connection;

use super::{super::notices, APPLICATION_ID, MIGRATIONS, checksum, migrate};

/// A database as the release with this schema left it.
fn of_schema(version: i64) -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    connection
        .execute_batch(&format!(
            "PRAGMA application_id = {APPLICATION_ID};
             CREATE TABLE schema_migration (
               version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum INTEGER NOT NULL) STRICT;"
        ))
        .unwrap();
    for migration in MIGRATIONS.iter().filter(|migration| migration.version <= version) {
        connection.execute_batch(migration.sql).unwrap();
        let record = (migration.version, migration.name, checksum(migration.sql));
        connection.execute("INSERT INTO schema_migration VALUES (?1, ?2, ?3)", record).unwrap();
    }
    connection
}

fn lines(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).unwrap();
    statement.query_map((), |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

#[test]
fn what_the_inbox_keeps_is_found_in_a_database_from_before_it() {
    let mut connection = of_schema(3);
    connection
        .execute_batch(
            "INSERT INTO contact (id, person, created_at) VALUES (1, '+48500100200', 0), (2, '+48500100300', 0);
             INSERT INTO conversation (id, contact, our_address, their_address)
               VALUES (1, 1, '+15005550006', '+48500100200'), (2, 2, '+15005550006', '+48500100300');
             INSERT INTO message (row, id, direction, conversation, contact, from_address, to_address, body, status,
                 created_at, updated_at)
               VALUES
               (1, x'01', 'inbound', 1, 1, '+48500100200', '+15005550006', 'raz', 'received', 3600000000, 0),
               (2, x'02', 'outbound', 1, 1, '+15005550006', '+48500100200', 'dwa', 'failed', 3600000001, 0),
               (3, x'03', 'outbound', 1, 1, '+15005550006', '+48500100200', 'trzy', 'delivered', 7200000000, 0),
               (4, x'04', 'outbound', 2, 2, '+15005550006', '+48500100300', 'raz', 'held', 7200000000, 0);
             UPDATE contact SET last_message = id + 2;
             INSERT INTO suppression (person, source, since) VALUES ('+48500100300', 'keyword', 0);
             INSERT INTO job (kind, key, message, priority, due_at, created_at)
               VALUES ('deliver', 'deliver:3', 3, 2, 0, 0), ('reply', 'reply:1', 1, 3, 0, 0);",
        )
        .unwrap();
    migrate(&mut connection, Path::new("hub.db")).unwrap();
    let people =
        "SELECT format('%d: unread %d, heard %s, failed %s, %s %s, out %d', id, unread, last_inbound,
        last_failed, attention, attention_message, opted_out) FROM contact ORDER BY id";
    let expect = ["1: unread 0, heard 1, failed 2,  , out 0", "2: unread 0, heard , failed , held 4, out 1"];
    assert_eq!(lines(&connection, people), expect);
    let hours = "SELECT format('%d: %d %d %d %d', hour, inbound, outbound, delivered, failed) FROM hour";
    assert_eq!(lines(&connection, hours), ["1: 1 1 0 1", "2: 0 2 1 0"]);
    let counts = "SELECT name || ' ' || value FROM counter WHERE name NOT LIKE 'messages%' ORDER BY name";
    assert_eq!(lines(&connection, counts), ["failed 1", "waiting 1"]);
    let jobs = "SELECT kind || ' ' || priority FROM job ORDER BY id";
    assert_eq!(lines(&connection, jobs), ["deliver 2", "reply 4"]);
}

#[test]
fn reports_from_before_the_dashboard_told_of_them_are_seen() {
    let ended = "INSERT INTO recovery (id, began_at, ended_at, floor, inbound) VALUES (1, 0, 1, 0, 3), (2, 0, 1, 0, 2)";
    let under_way = format!("{ended}, (3, 0, NULL, 0, 1)");
    let seen = format!("{ended}; INSERT INTO setting VALUES ('recovery_seen', '1', 0)");
    for (before, kept, told) in [
        ("", None, None),
        (ended, Some("2"), None),
        (&*under_way, Some("2"), Some(1)),
        (&*seen, Some("1"), Some(2)),
    ] {
        let mut connection = of_schema(11);
        connection.execute_batch(before).unwrap();
        migrate(&mut connection, Path::new("hub.db")).unwrap();
        let found = lines(&connection, "SELECT value FROM setting WHERE key = 'recovery_seen'");
        assert_eq!(found.first().map(String::as_str), kept, "{before}");
        let recovered = notices::read(&connection).unwrap().recovered;
        assert_eq!(recovered.map(|recovered| recovered.messages), told, "{before}");
    }
}
