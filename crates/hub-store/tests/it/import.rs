//! Importing an installation of the original: everything arrives, once, and the source stays as it is.

mod consents;
mod interrupted;
mod mapping;
mod million;
mod moving_in;
mod oddities;
mod order;
mod refusals;

use std::path::{Path, PathBuf};

use hub_store::{
    ImportError, ImportNote, ImportPlan, ImportReport, Installation, MessageFilter, NoWatch, SqliteOptions,
    Store, Tally, Watch,
};
use jiff::Timestamp;
use rusqlite::Connection;
use tempfile::TempDir;

use crate::{
    original_db::{API_KEY, OriginalDb},
    sqlite::kept,
    words::at,
};

/// A folder with the original in one half and our data in the other.
struct House {
    dir: TempDir,
}

impl House {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("ours")).unwrap();
        Self { dir }
    }

    fn empty_original(&self) -> OriginalDb {
        OriginalDb::new(&self.dir.path().join("theirs"))
    }

    fn used_original(&self, messages: u64) -> OriginalDb {
        OriginalDb::used(&self.dir.path().join("theirs"), messages)
    }

    fn ours(&self) -> PathBuf {
        self.dir.path().join("ours/hub.db")
    }

    /// What lies beside our database and in `import/`, sorted.
    fn our_files(&self) -> Vec<String> {
        files(&self.dir.path().join("ours"))
    }

    /// Where a copy is kept.
    fn kept(&self, name: &str) -> PathBuf {
        self.dir.path().join("ours/import").join(name)
    }

    fn open(&self) -> Store {
        Store::open_sqlite(&SqliteOptions::new(self.ours())).unwrap()
    }

    fn raw(&self) -> Connection {
        Connection::open(self.ours()).unwrap()
    }

    fn import(&self, original: &OriginalDb) -> ImportReport {
        self.try_import(original.folder(), false, &NoWatch).unwrap()
    }

    fn try_import_at(&self, original: &OriginalDb, now: Timestamp) -> ImportReport {
        let plan = ImportPlan { dry_run: false, now, watch: &NoWatch };
        let from = Installation::find(original.folder()).unwrap();
        Store::import_sqlite(&SqliteOptions::new(self.ours()), &from, plan).unwrap()
    }

    fn try_import(&self, from: &Path, dry_run: bool, watch: &dyn Watch) -> Result<ImportReport, ImportError> {
        let plan = ImportPlan { dry_run, now: at(0), watch };
        Store::import_sqlite(&SqliteOptions::new(self.ours()), &Installation::find(from)?, plan)
    }
}

/// All files under a folder, by their path in it.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if entry.file_type().unwrap().is_dir() {
            found.extend(files(&entry.path()).into_iter().map(|inner| format!("{name}/{inner}")));
        } else {
            found.push(name);
        }
    }
    found.sort();
    found
}

/// The rows of a query, each as one line of its columns.
fn lines(file: &Connection, sql: &str) -> Vec<String> {
    let mut statement = file.prepare(sql).unwrap();
    let columns = statement.column_count();
    let rows = statement.query_map((), |row| {
        let column = |index| row.get::<_, rusqlite::types::Value>(index).map(shown);
        Ok((0..columns).map(column).collect::<Result<Vec<_>, _>>()?.join("|"))
    });
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}

fn shown(value: rusqlite::types::Value) -> String {
    use rusqlite::types::Value;
    match value {
        Value::Null => "-".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => text,
        Value::Blob(bytes) => format!("{bytes:02x?}"),
    }
}

fn all_added(found: u64) -> Tally {
    Tally { found, added: found, ..Tally::default() }
}

fn all_known(found: u64) -> Tally {
    Tally { found, known: found, ..Tally::default() }
}

/// Messages as both schemas can tell them, in one order.
const OURS: &str =
    "SELECT coalesce(sid, '-'), direction, to_address, from_address, body, coalesce(error_text, '-'),
     strftime('%Y-%m-%dT%H:%M:%S', created_at / 1000000, 'unixepoch'),
     strftime('%Y-%m-%dT%H:%M:%S', updated_at / 1000000, 'unixepoch') FROM message ORDER BY row";
const THEIRS: &str =
    "SELECT coalesce(sid, '-'), direction, to_number, from_number, body, coalesce(error, '-'),
     created_at, updated_at FROM messages ORDER BY created_at, id";

#[test]
fn everything_arrives_and_the_sums_agree() {
    let house = House::new();
    let original = house.used_original(20_000);
    let report = house.import(&original);
    assert_eq!(report.messages, all_added(20_000));
    assert_eq!(report.reminders, all_added(2));
    assert_eq!(report.campaigns, all_added(2));
    assert_eq!(report.campaign_recipients, all_added(5));
    assert_eq!(report.listeners, all_added(2));
    assert_eq!(report.digest_recipients, Tally { found: 4, added: 2, known: 0, left_out: 2 });
    assert_eq!(report.settings, all_added(4));
    let open = "SELECT count(*) FROM messages WHERE direction = 'outbound' AND sid IS NOT NULL
      AND status NOT IN ('delivered', 'undelivered', 'failed')";
    let open: u64 = lines(&original.file, open)[0].parse().unwrap();
    let notes: Vec<_> = report.notes.into_iter().collect();
    assert_eq!(
        notes,
        [
            (ImportNote::OldOpenStatus, open),
            (ImportNote::UnfinishedCampaign, 1),
            (ImportNote::OddDigestRecipient, 2),
            (ImportNote::ApiKeyLeftBehind, 1)
        ]
    );
    let ours = house.raw();
    assert_eq!(lines(&ours, OURS), lines(&original.file, THEIRS));
    let people =
        "SELECT count(DISTINCT replace(CASE direction WHEN 'inbound' THEN from_number ELSE to_number END,
        'whatsapp:', '')) FROM messages";
    assert_eq!(lines(&original.file, people), [report.contacts.to_string()]);
    assert_eq!(lines(&ours, "SELECT count(*) FROM conversation"), [report.conversations.to_string()]);
    // The sums that lists are served from are those of the rows.
    for differing in [
        "SELECT id FROM contact WHERE message_count <> (SELECT count(*) FROM message WHERE contact = contact.id)
           OR last_message IS NOT (SELECT max(row) FROM message WHERE contact = contact.id)",
        "SELECT c.id, latest.at FROM conversation c LEFT JOIN
           (SELECT conversation, max(created_at) AS at FROM message WHERE direction = 'inbound'
            GROUP BY conversation) AS latest ON latest.conversation = c.id
         WHERE c.last_inbound_at IS NOT latest.at",
        "SELECT row FROM message m JOIN contact c ON c.id = m.contact WHERE m.created_at < c.created_at",
    ] {
        assert_eq!(lines(&ours, differing), Vec::<String>::new(), "{differing}");
    }
    kept::check(&house.ours());
    assert_eq!(lines(&ours, "PRAGMA foreign_key_check"), Vec::<String>::new());
}

#[tokio::test]
async fn nothing_is_answered_or_sent_because_of_an_import() {
    let house = House::new();
    house.import(&house.used_original(500));
    let hub = house.open();
    assert_eq!(hub.jobs(1000).await.unwrap(), []);
    assert_eq!(hub.events_after(0, 1000).await.unwrap(), []);
    let raw = house.raw();
    let undecided =
        "SELECT row FROM message WHERE direction = 'inbound' AND reply_decision IS NOT 'imported'";
    assert_eq!(lines(&raw, undecided), Vec::<String>::new());
    let waiting =
        "SELECT row FROM message WHERE status IN ('pending', 'unknown', 'held') OR poll_at IS NOT NULL";
    assert_eq!(lines(&raw, waiting), Vec::<String>::new());
    // The store reads what it was given: list, settings.
    let filter = MessageFilter { direction: None, before: None, limit: 1000 };
    assert_eq!(hub.messages(filter).await.unwrap().len(), 500);
    assert_eq!(hub.auto_reply().await.unwrap().message, "Odpiszemy rano.");
}

#[test]
fn a_second_import_adds_nothing() {
    let house = House::new();
    let original = house.used_original(2_000);
    house.import(&original);
    let before = lines(&house.raw(), "SELECT * FROM message ORDER BY row");
    let report = house.import(&original);
    assert_eq!(report.messages, all_known(2_000));
    assert_eq!((report.conversations, report.contacts), (0, 0));
    assert_eq!(report.reminders, all_known(2));
    assert_eq!(report.campaigns, all_known(2));
    assert_eq!(report.campaign_recipients, all_known(5));
    assert_eq!(report.listeners, all_known(2));
    assert_eq!(report.digest_recipients, Tally { found: 4, added: 0, known: 2, left_out: 2 });
    assert_eq!(report.settings, all_known(4));
    assert_eq!(lines(&house.raw(), "SELECT * FROM message ORDER BY row"), before);
    assert_eq!(lines(&house.raw(), "SELECT count(*) FROM campaign_recipient"), ["5"]);
}

#[test]
fn a_dry_run_tells_what_an_import_does_and_does_nothing() {
    let house = House::new();
    let original = house.used_original(2_000);
    let told = house.try_import(original.folder(), true, &NoWatch).unwrap();
    assert_eq!(house.our_files(), Vec::<String>::new());
    let done = house.import(&original);
    assert!(done.copy.is_some() && told.copy.is_none());
    assert_eq!(told, ImportReport { copy: None, ..done });
    // Beside data of ours it tells what is new.
    original.add_messages(2_000..2_100);
    let files = house.our_files();
    let told = house.try_import(original.folder(), true, &NoWatch).unwrap();
    assert_eq!(told.messages, Tally { found: 2_100, added: 100, known: 2_000, left_out: 0 });
    assert_eq!(house.our_files(), files);
    assert_eq!(lines(&house.raw(), "SELECT count(*) FROM message"), ["2000"]);
    // A second copy of other contents at the same second stands beside the first.
    let copy = Some(house.kept("original-20260101-000000.2.db"));
    assert_eq!(house.import(&original), ImportReport { copy, ..told });
}

#[test]
fn the_source_stays_as_it_is_also_while_the_original_has_it_open() {
    let house = House::new();
    let original = house.used_original(3_000);
    // `original` keeps its connection: its last rows are in the WAL only.
    let before = original.files();
    assert!(before.iter().any(|(path, bytes)| path.ends_with("app.db-wal") && !bytes.is_empty()));
    assert_eq!(house.import(&original).messages, all_added(3_000));
    assert_eq!(original.files(), before);
    // And closed: one file, and nothing appears beside it.
    let folder = original.folder().to_owned();
    drop(original);
    let names = files(&folder);
    assert_eq!(names, ["X1_data/news_config.json", "data/app.db"]);
    let bytes = std::fs::read(folder.join("data/app.db")).unwrap();
    house.try_import(&folder, false, &NoWatch).unwrap();
    assert_eq!(files(&folder), names);
    assert_eq!(std::fs::read(folder.join("data/app.db")).unwrap(), bytes);
}

#[test]
fn the_copy_aside_is_the_whole_original_and_nobody_elses_to_read() {
    use std::os::unix::fs::PermissionsExt;
    let house = House::new();
    let original = house.used_original(1_000);
    let copy = house.import(&original).copy.unwrap();
    assert_eq!(copy, house.kept("original-20260101-000000.db"));
    let copied = Connection::open(&copy).unwrap();
    assert_eq!(lines(&copied, "SELECT * FROM messages"), lines(&original.file, "SELECT * FROM messages"));
    assert_eq!(std::fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(house.our_files(), ["hub.db", "import/original-20260101-000000.db"]);
}

#[test]
fn the_models_key_is_not_copied_into_our_database() {
    let house = House::new();
    house.import(&house.used_original(10));
    let bytes = std::fs::read(house.ours()).unwrap();
    let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("Bądź miły.") && !holds(API_KEY));
}

#[test]
fn an_installation_is_found_by_its_folder_or_its_file() {
    let house = House::new();
    let original = house.used_original(0);
    let found = |path: &Path| Installation::find(path).unwrap();
    let by_folder = found(original.folder());
    assert_eq!(by_folder.database, original.database());
    let same = |one: &Option<PathBuf>, other: &Path| {
        one.as_ref().unwrap().canonicalize().unwrap() == other.canonicalize().unwrap()
    };
    let news = original.folder().join("X1_data/news_config.json");
    for installation in [by_folder, found(&original.database()), found(&original.folder().join("data"))] {
        assert_eq!(installation.database, original.database());
        assert!(same(&installation.news_config, &news), "{installation:?}");
    }
    std::fs::remove_file(&news).unwrap();
    assert_eq!(found(original.folder()).news_config, None);
}
