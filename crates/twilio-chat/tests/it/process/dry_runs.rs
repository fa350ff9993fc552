//! A dry run changes nothing: before and after it every file and folder is the same, to the byte.

use std::{collections::BTreeMap, fs, path::PathBuf};

use rusqlite::Connection;

use super::{
    program::{Program, bytes},
    twilio::Twilio,
};
use crate::original_db::OriginalDb;

const FROM_TWILIO: [&str; 5] = ["import", "--from-twilio", "--days", "3", "--dry-run"];
const FROM_FOLDER: [&str; 4] = ["import", "--from", "earlier", "--dry-run"];

/// Every file with its contents. `-shm` is SQLite's scratch and left out.
fn contents(program: &Program) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = program.files().into_iter().filter(|path| !path.to_string_lossy().ends_with("-shm"));
    files.map(|path| (path.clone(), bytes(&path))).collect()
}

/// The command ends so, says this, and changes nothing.
async fn check(program: &Program, arguments: &[&str], code: i32, words: &str) {
    let (before, folders) = (contents(program), fs::read_dir(program.path(".")).unwrap().count());
    let finished = program.run(arguments).await;
    assert_eq!(finished.code, Some(code), "{finished:?}");
    assert!(format!("{}{}", finished.out, finished.err).contains(words), "{finished:?}");
    assert!(contents(program) == before, "{arguments:?} changed the files");
    assert_eq!(fs::read_dir(program.path(".")).unwrap().count(), folders, "{arguments:?} made folders");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_in_an_empty_folder_makes_nothing() {
    let twilio = Twilio::start().await;
    let program = twilio.program();
    twilio.person_writes("Dawno temu");
    check(&program, &FROM_TWILIO, 0, "Próba: nic nie zapisano.").await;
    drop(OriginalDb::used(&program.path("earlier"), 50));
    check(&program, &FROM_FOLDER, 0, "Próba: nic nie zapisano.").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_beside_our_data_leaves_them_as_they_are() {
    let twilio = Twilio::start().await;
    let program = twilio.program();
    drop(OriginalDb::used(&program.path("earlier"), 50));
    assert_eq!(program.serve(&[]).await.stop().await.code, Some(0));
    for arguments in [FROM_TWILIO.as_slice(), &FROM_FOLDER] {
        check(&program, arguments, 0, "Próba: nic nie zapisano.").await;
    }
    // As an older release left them.
    let ours = Connection::open(program.path("data/app.db")).unwrap();
    ours.execute_batch(
        "DELETE FROM schema_migration WHERE version = 16; DROP TABLE deleted_send; DROP INDEX receipt_by_contact;
         ALTER TABLE receipt DROP COLUMN redacted; ALTER TABLE receipt DROP COLUMN contact",
    )
    .unwrap();
    drop(ours);
    check(&program, &FROM_TWILIO, 1, "zapisała starsza wersja programu").await;
    check(&program, &FROM_FOLDER, 0, "Próba: nic nie zapisano.").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_does_not_move_the_original_in() {
    let twilio = Twilio::start().await;
    let program = twilio.program().with("DB_PATH", "earlier/data/app.db");
    drop(OriginalDb::used(&program.path("earlier"), 50));
    check(&program, &FROM_TWILIO, 1, "są jeszcze dane dotychczasowego programu").await;
    check(&program, &FROM_FOLDER, 0, "Próba: nic nie zapisano.").await;
}
