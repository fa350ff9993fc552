//! `Ok` means that it is in the file, for everyone who opens it.

use hub_store::{SqliteOptions, Store};

use super::another;
use crate::{
    harness::fresh,
    words::{ANNA, at, inbound, message_id},
};

#[tokio::test]
async fn what_was_answered_as_stored_is_seen_by_another_connection() {
    let hub = fresh().await;
    let file = another(&hub.path());
    for number in 0..20 {
        let sid = format!("SM{number}");
        let row = hub.receive(inbound(&sid), at(0)).await;
        let seen: (i64, i64) = file
            .query_row(
                "SELECT m.row, j.message FROM message m JOIN job j ON j.message = m.row WHERE m.sid = ?1",
                [&sid],
                |found| Ok((found.get(0)?, found.get(1)?)),
            )
            .unwrap();
        assert_eq!(seen, (row, row));
    }
}

#[cfg(unix)]
#[tokio::test]
async fn only_its_owner_can_read_a_new_file() {
    use std::os::unix::fs::PermissionsExt;
    let hub = fresh().await;
    hub.receive(inbound("SM1"), at(0)).await;
    for ending in ["", "-wal", "-shm"] {
        let mut path = hub.path().into_os_string();
        path.push(ending);
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", path.display());
    }
}

#[tokio::test]
async fn fields_without_a_column_are_kept_in_order() {
    let hub = fresh().await;
    let text = inbound("SM1")
        .with_field("ProfileName", "Łukasz \"Ł\"")
        .with_field("FromCity", "")
        .with_field("A", "1");
    let row = hub.receive(text, at(0)).await;
    let plain = hub.receive(inbound("SM2"), at(0)).await;
    let fields = |row: i64| -> Option<String> {
        let sql = "SELECT other_fields FROM message WHERE row = ?1";
        another(&hub.path()).query_row(sql, [row], |found| found.get(0)).unwrap()
    };
    assert_eq!(fields(row).unwrap(), r#"[["ProfileName","Łukasz \"Ł\""],["FromCity",""],["A","1"]]"#);
    assert_eq!(fields(plain), None);
}

#[tokio::test]
async fn every_change_of_consent_is_logged() {
    let hub = fresh().await;
    for (number, body) in (0..).zip(["wypisz", "STOP", "wznów"]) {
        hub.receive(inbound(&format!("SM{number}")).saying(body), at(number)).await;
    }
    let file = another(&hub.path());
    let mut statement = file.prepare("SELECT person, change FROM consent_log ORDER BY id").unwrap();
    let log: Vec<(String, String)> = statement
        .query_map((), |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let log: Vec<_> = log.iter().map(|(person, change)| (person.as_str(), change.as_str())).collect();
    assert_eq!(log, [(ANNA, "opt_out"), (ANNA, "opt_out"), (ANNA, "opt_in")]);
}

#[tokio::test]
async fn closing_writes_what_is_queued_and_leaves_one_file() {
    let hub = fresh().await;
    let mut pending = tokio::task::JoinSet::new();
    for number in 0..50 {
        let store = (*hub).clone();
        let text = inbound(&format!("SM{number}")).0;
        pending.spawn(async move { store.record_inbound(text, message_id(), message_id(), at(0)).await });
    }
    // Each has put its unit in the queue before it waits.
    tokio::task::yield_now().await;
    hub.close();
    let stored = pending.join_all().await.iter().filter(|answer| answer.is_ok()).count();
    assert_eq!(stored, 50);
    assert!(!hub.path().with_extension("db-wal").exists());
    let again = Store::open_sqlite(&SqliteOptions::new(hub.path())).unwrap();
    assert_eq!(again.counts().await.unwrap().jobs[0].open, 50);
}
