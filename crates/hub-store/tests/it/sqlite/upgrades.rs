//! A file of an earlier release, with rows in it, is brought up to date.

use hub_store::{SqliteOptions, Store};
use tempfile::TempDir;

use super::another;
use crate::words::at;

/// The checksum that a migration is recorded with.
fn checksum(text: &str) -> i64 {
    let step = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, step).cast_signed()
}

#[tokio::test]
async fn deliveries_that_waited_in_schema_3_leave_after_the_update() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("hub.db");
    let file = another(&path);
    file.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA application_id = 1417102184;
         CREATE TABLE schema_migration (
           version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum INTEGER NOT NULL) STRICT;",
    )
    .unwrap();
    for (version, name, sql) in [
        (1, "core", include_str!("../../../migrations/sqlite/0001_core.sql")),
        (2, "hub", include_str!("../../../migrations/sqlite/0002_hub.sql")),
        (3, "moved_in", include_str!("../../../migrations/sqlite/0003_moved_in.sql")),
    ] {
        file.execute_batch(sql).unwrap();
        let record = "INSERT INTO schema_migration VALUES (?1, ?2, ?3)";
        file.execute(record, (version, name, checksum(sql))).unwrap();
    }
    file.execute_batch(
        "INSERT INTO contact (id, person, name, created_at) VALUES (1, '+48500100200', 'Anna', 0);
         INSERT INTO conversation (id, contact, our_address, their_address)
           VALUES (1, 1, '+15005550006', '+48500100200');
         INSERT INTO message (id, direction, conversation, contact, from_address, to_address, body, status, origin,
           created_at, updated_at)
           VALUES (x'00000000000000000000000000000001', 'outbound', 1, 1, '+15005550006', '+48500100200', 'raz',
             'pending', 'api', 0, 0);
         INSERT INTO job (kind, key, message, lane, hold_until, priority, due_at, refusals, created_at)
           VALUES ('deliver', 'deliver:1', 1, 1, 60000000, 1, 0, 3, 0);
         INSERT INTO pace (sender, next_at) VALUES ('+15005550006', 5);",
    )
    .unwrap();
    drop(file);

    let store = Store::open_sqlite(&SqliteOptions::new(&path)).unwrap();
    assert_eq!(store.sending_stop().await.unwrap(), None);
    let kind = hub_domain::job::JobKind::Deliver;
    let job = store.lease_jobs(crate::harness::worker("w"), kind, 1, at(0)).await.unwrap()[0];
    let attempt = crate::words::attempt_id();
    let begun = store.begin_attempt(job, attempt, std::sync::Arc::default(), at(0)).await.unwrap();
    assert!(matches!(begun, hub_store::Begun::Call(_)), "{begun:?}");
    let name: String = another(&path).query_row("SELECT name FROM contact", (), |row| row.get(0)).unwrap();
    assert_eq!(name, "Anna");
}
