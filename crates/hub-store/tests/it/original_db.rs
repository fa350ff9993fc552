//! Databases as the original program leaves them: its last schema, and as many made-up rows as a test wants.

use std::{
    fs,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, params};

/// The schema of the original's last release.
const SCHEMA: &str = "
CREATE TABLE messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT, sid TEXT UNIQUE, direction TEXT NOT NULL, to_number TEXT,
  from_number TEXT, body TEXT, status TEXT, error TEXT, created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE INDEX idx_messages_sid ON messages(sid);
CREATE INDEX idx_messages_created_at ON messages(created_at);
CREATE INDEX idx_messages_direction_created_at ON messages(direction, created_at);
CREATE TABLE auto_reply_config (
  id INTEGER PRIMARY KEY CHECK (id = 1), enabled INTEGER NOT NULL DEFAULT 0, message TEXT NOT NULL DEFAULT '',
  enabled_since TEXT);
CREATE TABLE ai_config (
  id INTEGER PRIMARY KEY CHECK (id = 1), enabled INTEGER NOT NULL DEFAULT 0, api_key TEXT, system_prompt TEXT,
  target_number TEXT, target_number_normalized TEXT, model TEXT, temperature REAL, enabled_source TEXT,
  updated_at TEXT);
CREATE TABLE scheduled_messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT, to_number TEXT NOT NULL, body TEXT NOT NULL,
  interval_seconds INTEGER NOT NULL CHECK (interval_seconds >= 60), enabled INTEGER NOT NULL DEFAULT 1,
  last_sent_at TEXT, next_run_at TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE TABLE multi_sms_batches (
  id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL, sender_identity TEXT, status TEXT NOT NULL,
  error TEXT, total_recipients INTEGER NOT NULL DEFAULT 0, success_count INTEGER NOT NULL DEFAULT 0,
  failure_count INTEGER NOT NULL DEFAULT 0, invalid_count INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL, scheduled_at TEXT, started_at TEXT, completed_at TEXT);
CREATE TABLE multi_sms_recipients (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  batch_id INTEGER NOT NULL REFERENCES multi_sms_batches(id) ON DELETE CASCADE, number_raw TEXT NOT NULL,
  number_normalized TEXT, status TEXT NOT NULL, sid TEXT, error TEXT, created_at TEXT NOT NULL, sent_at TEXT);
CREATE TABLE app_settings (key TEXT PRIMARY KEY, value TEXT, source TEXT, updated_at TEXT);
CREATE TABLE settings_audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT, setting_key TEXT, old_value TEXT, new_value TEXT, action TEXT,
  source TEXT, user_ip TEXT, created_at TEXT);
CREATE TABLE listeners_config (
  id INTEGER PRIMARY KEY AUTOINCREMENT, command TEXT NOT NULL UNIQUE, enabled INTEGER NOT NULL DEFAULT 0,
  description TEXT, created_at TEXT, updated_at TEXT);
INSERT INTO auto_reply_config (id, enabled, message) VALUES (1, 0, '');
INSERT INTO ai_config (id, enabled, model, temperature) VALUES (1, 0, 'gpt-4o-mini', 0.7);
INSERT INTO listeners_config (command, enabled, description, created_at, updated_at) VALUES
  ('/news', 0, 'Pytania do bazy newsów', '2025-01-01T00:00:00', '2025-01-01T00:00:00'),
  ('*', 1, 'Auto-odpowiedź na każdą wiadomość', '2025-01-01T00:00:00', '2025-01-01T00:00:00');
PRAGMA user_version = 9;";

/// The key that must not leave the original's files.
pub(crate) const API_KEY: &str = "sk-not-to-be-copied-0123456789";

/// Our number in the original's rows.
const OURS: &str = "+15005550006";

/// Texts as customers and shops write them.
const BODIES: [&str; 8] = [
    "Dzień dobry, czy paczka już wyszła?",
    "Tak, będzie jutro do 14:00. Zażółć gęślą jaźń!",
    "ok",
    "Echo: ok",
    "Proszę o kontakt w sprawie reklamacji zamówienia 4711. Buty przyszły w złym rozmiarze, a paragon gdzieś \
     mi się zapodział; czy wystarczy potwierdzenie przelewu?",
    "📰 News:\n\nStopy procentowe bez zmian.",
    "",
    "STOP",
];

/// An installation of the original in a folder of its own.
pub(crate) struct OriginalDb {
    folder: PathBuf,
    pub(crate) file: Connection,
}

impl OriginalDb {
    /// An installation nobody has used yet.
    pub(crate) fn new(folder: &Path) -> Self {
        fs::create_dir_all(folder.join("data")).unwrap();
        fs::create_dir_all(folder.join("X1_data")).unwrap();
        let file = Connection::open(folder.join("data/app.db")).unwrap();
        file.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL").unwrap();
        file.execute_batch(SCHEMA).unwrap();
        Self { folder: folder.to_owned(), file }
    }

    /// A used one: `count` messages and something of everything else.
    pub(crate) fn used(folder: &Path, count: u64) -> Self {
        let original = Self::new(folder);
        original.add_messages(0..count);
        original.sql(&format!(
            "UPDATE auto_reply_config SET enabled = 1, message = 'Odpiszemy rano.',
               enabled_since = '2025-02-01T08:00:00';
             UPDATE ai_config SET api_key = '{API_KEY}', system_prompt = 'Bądź miły.',
               target_number = '+48 500 100 999', temperature = 0.2;
             INSERT INTO app_settings VALUES ('rag_chat_model', 'gpt-4o', 'ui', '2025-02-01T08:00:00');
             INSERT INTO scheduled_messages VALUES
               (1, '+48500100201', 'Weź tabletkę', 3600, 1, '2025-03-01T08:00:00', '2025-03-01T09:00:00',
                '2025-01-05T08:00:00', '2025-03-01T08:00:00'),
               (2, 'abc', 'Nie dojdzie', 60, 0, NULL, '2025-03-01T09:00:00', '2025-01-06T08:00:00',
                '2025-01-06T08:00:00');
             INSERT INTO multi_sms_batches VALUES
               (1, 'Promocja', '{OURS}', 'completed_with_errors', 'Pominięto 1 niepoprawnych numerów.', 3, 2, 0,
                1, '2025-01-07T08:00:00', NULL, '2025-01-07T08:00:02', '2025-01-07T08:00:09'),
               (2, 'Dostawa', '{OURS}', 'processing', NULL, 2, 1, 0, 0, '2025-01-08T08:00:00', NULL,
                '2025-01-08T08:00:02', NULL);
             INSERT INTO multi_sms_recipients VALUES
               (1, 1, '500 100 201', '+48500100201', 'sent', 'SMbatch1', NULL, '2025-01-07T08:00:00',
                '2025-01-07T08:00:03'),
               (2, 1, '+48500100202', '+48500100202', 'sent', 'SMbatch2', NULL, '2025-01-07T08:00:00',
                '2025-01-07T08:00:04'),
               (3, 1, 'kot', NULL, 'invalid', NULL, 'Nieprawidłowy numer', '2025-01-07T08:00:00', NULL),
               (4, 2, '+48500100203', '+48500100203', 'sent', 'SMbatch3', NULL, '2025-01-08T08:00:00',
                '2025-01-08T08:00:03'),
               (5, 2, '+48500100204', '+48500100204', 'pending', NULL, NULL, '2025-01-08T08:00:00', NULL);"
        ));
        original.write_news(
            r#"{"enabled": true, "active_index": "faiss_openai_index", "recipients": [
              {"id": 1, "phone": "+48 500 100 205", "phone_normalized": "+48500100205", "prompt": "Krótko.",
               "time": "7:30", "enabled": true, "created_at": "2025-01-09T08:00:00.123456Z",
               "last_sent_at": "2025-03-01T07:30:11.5Z", "use_all_categories": false},
              {"id": 2, "phone": "+48500100206", "time": "08:00", "enabled": false},
              {"id": 3, "phone": "12", "time": "08:00"},
              {"id": 4, "phone": "+48500100207", "time": "25:00"}]}"#,
        );
        original
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.join("data/app.db")
    }

    pub(crate) fn sql(&self, sql: &str) {
        self.file.execute_batch(sql).unwrap();
    }

    pub(crate) fn write_news(&self, text: &str) {
        fs::write(self.folder.join("X1_data/news_config.json"), text).unwrap();
    }

    /// One row; `at` as the original writes times.
    pub(crate) fn message(&self, sid: Option<&str>, direction: &str, theirs: &str, status: &str, at: &str) {
        let (to, from) = if direction == "inbound" { (OURS, theirs) } else { (theirs, OURS) };
        self.file
            .prepare_cached(
                "INSERT INTO messages
                   (sid, direction, to_number, from_number, body, status, created_at, updated_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
            )
            .unwrap()
            .execute(params![sid, direction, to, from, format!("at {at}"), status, at])
            .unwrap();
    }

    /// Rows as years of use leave them: half inbound, one in ten on WhatsApp, failures without a SID, the
    /// original's own status words. The same numbers always give the same rows.
    pub(crate) fn add_messages(&self, numbers: std::ops::Range<u64>) {
        self.sql("BEGIN");
        let mut insert = self
            .file
            .prepare(
                "INSERT INTO messages
                   (sid, direction, to_number, from_number, body, status, error, created_at, updated_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7,
                   strftime('%Y-%m-%dT%H:%M:%S', 1735689600 + ?8, 'unixepoch'),
                   strftime('%Y-%m-%dT%H:%M:%S', 1735689605 + ?8, 'unixepoch'))",
            )
            .unwrap();
        for number in numbers {
            let draw = mixed(number);
            let inbound = draw.is_multiple_of(2);
            let person = (draw >> 8) % 50_000;
            let phone = format!("+4850010{person:05}");
            let theirs = if person.is_multiple_of(10) { format!("whatsapp:{phone}") } else { phone };
            let (direction, to, from) =
                if inbound { ("inbound", OURS, &*theirs) } else { ("outbound", &*theirs, OURS) };
            let (status, error) = if inbound {
                ("received", None)
            } else {
                match (draw >> 24) % 20 {
                    0 => ("failed", Some("HTTP 400 error: Unable to create record")),
                    1 => ("undelivered", Some("Error code: 30003")),
                    2 => ("auto-reply", None),
                    3 => ("ai-auto-reply", None),
                    4..=6 => ("queued", None),
                    7..=11 => ("sent", None),
                    _ => ("delivered", None),
                }
            };
            let sid = (status != "failed" && !(draw >> 40).is_multiple_of(50))
                .then(|| format!("SM{:016x}{:016x}", mixed(draw), mixed(!draw)));
            let body = BODIES[usize::try_from((draw >> 48) % 8).unwrap()];
            let second = i64::try_from(number * 30).unwrap();
            insert.execute(params![sid, direction, to, from, body, status, error, second]).unwrap();
        }
        drop(insert);
        self.sql("COMMIT");
    }

    /// Every file of the installation with its contents. `-shm` is SQLite's scratch and left out.
    pub(crate) fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let folders = ["data", "X1_data"].map(|name| fs::read_dir(self.folder.join(name)).unwrap());
        let paths = folders.into_iter().flatten().map(|entry| entry.unwrap().path());
        let mut files: Vec<_> = paths
            .filter(|path| !path.to_string_lossy().ends_with("-shm"))
            .map(|path| (path.clone(), fs::read(path).unwrap()))
            .collect();
        files.sort();
        files
    }
}

/// Spreads numbers (splitmix64).
fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
