//! A hub whose memory was set back to a backup: what it has said since stands in Twilio's list and is not said again.

use std::{fs, path::Path};

use rusqlite::Connection;

use super::{HOUR, MINUTE, running};
use crate::{
    hub::TestHub,
    talk::{ANNA, PIOTR},
};

const CELINA: &str = "+48500100203";
const DAREK: &str = "+48500100204";

/// A copy of the database as README's section on backups makes one.
fn back_up(hub: &TestHub, copy: &Path) {
    let file = Connection::open(hub.database()).unwrap();
    file.execute("VACUUM INTO ?1", [copy.to_str().unwrap()]).unwrap();
}

/// A process that begins with the copy in the database's place.
async fn restore(hub: &mut TestHub, copy: &Path) {
    hub.kill();
    let database = hub.database();
    for beside in ["-wal", "-shm"] {
        let mut path = database.clone().into_os_string();
        path.push(beside);
        let _ = fs::remove_file(path);
    }
    fs::copy(copy, database).unwrap();
    hub.restart().await;
}

/// A hub that has answered a question, an opt-out and a command since its backup.
async fn answered_since(copy: &Path) -> TestHub {
    let mut hub = running().await;
    back_up(&hub, copy);
    hub.phone(ANNA).writes("Czy jest wolny termin?");
    hub.phone(PIOTR).writes("WYPISZ");
    hub.phone(CELINA).writes("/news co nowego");
    hub.advance(MINUTE).await;
    for number in [ANNA, PIOTR, CELINA] {
        assert_eq!(hub.phone(number).got().len(), 1, "{number}");
    }
    hub
}

async fn check_nobody_is_told_again(hub: &mut TestHub) {
    hub.advance(HOUR).await;
    for number in [ANNA, PIOTR, CELINA] {
        assert_eq!(hub.phone(number).got().len(), 1, "{number}: {:?}", hub.phone(number).got());
    }
    let decided = hub.on_disk(
        "SELECT from_address || ' ' || reply_decision FROM message WHERE direction = 'inbound' ORDER BY 1",
    );
    assert_eq!(
        decided[..3],
        [format!("{ANNA} answered_before"), format!("{PIOTR} keyword"), format!("{CELINA} answered_before")]
    );
    assert_eq!(hub.on_disk("SELECT person FROM suppression"), [PIOTR]);
    assert_eq!(hub.on_disk("SELECT body FROM message WHERE status = 'held'"), Vec::<String>::new());
}

#[tokio::test]
async fn after_a_restore_nobody_is_answered_or_confirmed_a_second_time() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    let mut hub = answered_since(&copy).await;
    hub.kill();
    // Nobody has answered this one yet.
    hub.phone(DAREK).writes("Halo?");
    hub.post_webhooks().await;
    restore(&mut hub, &copy).await;
    check_nobody_is_told_again(&mut hub).await;
    assert_eq!(hub.phone(DAREK).got(), ["Oddzwonimy"]);
}

#[tokio::test]
async fn after_a_late_restore_no_second_answer_waits_for_approval() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    let mut hub = answered_since(&copy).await;
    hub.kill();
    hub.advance(HOUR).await;
    restore(&mut hub, &copy).await;
    check_nobody_is_told_again(&mut hub).await;
}

#[tokio::test]
async fn after_a_restore_a_text_that_came_after_the_last_answer_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    let mut hub = answered_since(&copy).await;
    hub.kill();
    hub.phone(ANNA).writes("A jutro?");
    hub.post_webhooks().await;
    restore(&mut hub, &copy).await;
    hub.advance(HOUR).await;
    assert_eq!(hub.phone(ANNA).got(), ["Oddzwonimy", "Oddzwonimy"]);
}
