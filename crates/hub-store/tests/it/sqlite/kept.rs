//! What is kept beside the messages must be what counting them gives. Every store of the suite is checked when
//! its test ends, so that a unit that forgets to keep something fails the first test it is used in. The
//! product's tests include this file too, and check every hub of theirs.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

/// What is kept, what counting gives, and what it is.
const CHECKS: [(&str, &str, &str); 9] = [
    (
        "counts of messages",
        "SELECT name || ' ' || value FROM counter WHERE value <> 0 ORDER BY name",
        "SELECT name || ' ' || value FROM (
           SELECT 'messages_' || direction AS name, count(*) AS value FROM message GROUP BY direction
           UNION ALL SELECT 'waiting', count(*) FROM message WHERE status IN ('pending', 'unknown', 'held')
           UNION ALL SELECT 'failed', count(*) FROM message WHERE status IN ('failed', 'undelivered'))
         WHERE value <> 0 ORDER BY name",
    ),
    (
        "counts by the hour",
        "SELECT format('%d: %d %d %d %d', hour, inbound, outbound, delivered, failed) FROM hour
         WHERE inbound <> 0 OR outbound <> 0 OR delivered <> 0 OR failed <> 0 ORDER BY hour",
        "SELECT format('%d: %d %d %d %d', created_at / 3600000000, sum(direction = 'inbound'),
           sum(direction = 'outbound'), sum(status IN ('partially_delivered', 'delivered', 'read')),
           sum(status IN ('failed', 'undelivered'))) FROM message GROUP BY created_at / 3600000000 ORDER BY 1",
    ),
    (
        "messages of a contact",
        "SELECT format('%d: %d %d', id, message_count, last_message) FROM contact WHERE message_count <> 0 ORDER BY id",
        "SELECT format('%d: %d %d', contact, count(*), max(row)) FROM message GROUP BY contact ORDER BY contact",
    ),
    (
        "newest texts of theirs",
        "SELECT format('%d: %d', id, last_inbound) FROM contact WHERE last_inbound IS NOT NULL ORDER BY id",
        "SELECT format('%d: %d', contact, max(row)) FROM message WHERE direction = 'inbound'
         GROUP BY contact ORDER BY contact",
    ),
    (
        "unread texts",
        "SELECT format('%d: %d from %d', id, unread, first_unread) FROM contact
         WHERE unread <> 0 OR first_unread IS NOT NULL ORDER BY id",
        "SELECT format('%d: %d from %d', c.id, count(*), min(m.row)) FROM contact c
         JOIN message m ON m.contact = c.id AND m.row >= c.first_unread AND m.direction = 'inbound'
           AND (m.reply_decision IS NOT 'imported' OR m.row = c.first_unread)
         GROUP BY c.id ORDER BY c.id",
    ),
    (
        "newest failed messages",
        "SELECT format('%d: %d', id, last_failed) FROM contact WHERE last_failed IS NOT NULL ORDER BY id",
        "SELECT format('%d: %d', contact, max(row)) FROM message m WHERE status IN ('failed', 'undelivered')
           AND NOT EXISTS (SELECT 1 FROM message r WHERE r.retry_of = m.row) GROUP BY contact ORDER BY contact",
    ),
    (
        "whom a person has to look at",
        "SELECT format('%d: %s %d', id, attention, attention_message) FROM contact
         WHERE attention IS NOT NULL ORDER BY id",
        "SELECT format('%d: %s %d', c.id, iif(h.row IS NULL, c.left_why, 'held'),
             max(coalesce(h.row, 0), coalesce(c.left_message, 0))) FROM contact c
         LEFT JOIN (SELECT contact, max(row) AS row FROM message WHERE status = 'held' GROUP BY contact) h
           ON h.contact = c.id
         WHERE h.row IS NOT NULL OR c.left_message IS NOT NULL ORDER BY c.id",
    ),
    (
        "who asked for silence",
        "SELECT person FROM contact WHERE opted_out = 1 ORDER BY person",
        "SELECT person FROM contact WHERE person IN (SELECT person FROM suppression) ORDER BY person",
    ),
    (
        "words of names",
        "SELECT DISTINCT contact || '' FROM contact_word ORDER BY 1",
        "SELECT id || '' FROM contact WHERE name IS NOT NULL ORDER BY 1",
    ),
];

/// Compares all of it, in the file.
pub(crate) fn check(path: &Path) {
    let file = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
    for (what, kept, counted) in CHECKS {
        let (mut kept, mut counted) = (lines(&file, kept), lines(&file, counted));
        kept.sort();
        counted.sort();
        assert_eq!(kept, counted, "{what}: kept is not what counting gives");
    }
}

fn lines(file: &Connection, sql: &str) -> Vec<String> {
    let mut statement = file.prepare(sql).unwrap();
    statement.query_map((), |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}
