//! SQLite behind [`crate::Store`]: one writer thread with group commit, a few read-only connections.

pub(crate) mod aside;
pub(crate) mod attachments;
pub(crate) mod attempts;
pub(crate) mod audit;
pub(crate) mod by_hand;
pub(crate) mod consent;
pub(crate) mod conversations;
pub(crate) mod drafts;
pub(crate) mod held;
pub(crate) mod history;
pub(crate) mod import;
pub(crate) mod inbox;
pub(crate) mod jobs;
pub(crate) mod lines;
pub(crate) mod listeners;
mod look;
pub(crate) mod messages;
mod migrations;
pub(crate) mod money;
pub(crate) mod notices;
pub(crate) mod outbox;
pub(crate) mod pace;
pub(crate) mod past;
pub(crate) mod people;
#[cfg(test)]
mod plans;
pub(crate) mod polls;
pub(crate) mod proposals;
mod readers;
pub(crate) mod receipts;
pub(crate) mod recovery;
pub(crate) mod remote;
pub(crate) mod removal;
pub(crate) mod replies;
pub(crate) mod rows;
pub(crate) mod search;
pub(crate) mod secrets;
pub(crate) mod sends;
pub(crate) mod sessions;
pub(crate) mod settings;
pub(crate) mod standing;
pub(crate) mod stop;
pub(crate) mod tallies;
pub(crate) mod thread;
pub(crate) mod tidy;
pub(crate) mod tokens;
pub(crate) mod unit;
pub(crate) mod users;
mod writer;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use hub_domain::{price::Prices, timing::Timing};
use rusqlite::{Connection, ErrorCode, OpenFlags, config::DbConfig};
use tokio::sync::{broadcast, watch};

use crate::{error::StoreError, events::Event};
use readers::Readers;
use unit::{Given, Unit};
pub(crate) use writer::Queue;
use writer::Writer;

/// How to open the file.
#[derive(Clone, Debug)]
pub struct SqliteOptions {
    /// The file; its directory must exist.
    pub path: PathBuf,
    /// Read-only connections.
    pub readers: usize,
    /// How long a write waits for another process's write.
    pub busy_timeout: Duration,
    /// How long jobs wait.
    pub timing: Timing,
    /// What a text is taken to cost.
    pub prices: Prices,
}

impl SqliteOptions {
    /// The file with production values for the rest.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            readers: 4,
            busy_timeout: Duration::from_secs(5),
            timing: Timing::default(),
            prices: Prices::default(),
        }
    }

    /// What its units reckon with.
    fn given(&self) -> Given {
        Given { timing: self.timing, prices: self.prices.clone() }
    }
}

/// An open SQLite store.
#[derive(Clone, Debug)]
pub struct Sqlite {
    writer: Arc<Writer>,
    readers: Arc<Readers>,
    signals: Arc<Bell>,
}

/// Tells the rest of the program what was committed.
#[derive(Debug)]
pub(crate) struct Bell {
    work: watch::Sender<u64>,
    events: broadcast::Sender<Event>,
}

impl Sqlite {
    pub(crate) fn open(options: &SqliteOptions) -> Result<Self, StoreError> {
        create_private(&options.path)?;
        let mut connection = connect(options, false)?;
        migrations::migrate(&mut connection, &options.path)?;
        let bell = Arc::new(Bell { work: watch::Sender::new(0), events: broadcast::channel(1024).0 });
        let checkpointer = connect(options, false)?;
        let writer = Writer::start(connection, checkpointer, Arc::clone(&bell), options.given())?;
        let readers = Readers::open(options.readers, || connect(options, true))?;
        Ok(Self { writer: Arc::new(writer), readers: Arc::new(readers), signals: bell })
    }

    /// Opens the file as it is, to read alone: nothing is made, brought up to date or changed. Where there is none,
    /// nothing is in it.
    pub(crate) fn look(options: &SqliteOptions) -> Result<Self, StoreError> {
        let is_there = fs::metadata(&options.path).is_ok_and(|file| file.len() > 0);
        let open = || if is_there { look::open(options) } else { look::nothing() };
        let mut first = open()?;
        if is_there {
            migrations::check(&first, &options.path)?;
        } else {
            migrations::migrate(&mut first, &options.path)?;
        }
        let bell = Arc::new(Bell { work: watch::Sender::new(0), events: broadcast::channel(1).0 });
        let writer = Writer::start(first, open()?, Arc::clone(&bell), options.given())?;
        let readers = Readers::open(options.readers, open)?;
        Ok(Self { writer: Arc::new(writer), readers: Arc::new(readers), signals: bell })
    }

    /// Runs one unit of work; `Ok` means committed and on disk. It may run twice: undone with its batch, then
    /// on its own.
    pub(crate) async fn write<T, F>(&self, queue: Queue, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnMut(&mut Unit<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.writer.write(queue, work).await
    }

    /// Reads from one snapshot.
    pub(crate) async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        Arc::clone(&self.readers).read(work).await
    }

    pub(crate) fn work_signal(&self) -> watch::Receiver<u64> {
        self.signals.work.subscribe()
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.signals.events.subscribe()
    }

    pub(crate) fn close(&self) {
        self.readers.close();
        self.writer.close();
    }
}

/// Makes a new file readable by its owner only: it holds people's messages. SQLite gives the files beside it
/// the same permissions; an existing file keeps its own.
fn create_private(path: &Path) -> Result<(), StoreError> {
    let mut options = fs::File::options();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(|error| StoreError::fault(format!("opening {}", shown(path)), error))
}

/// A connection with the settings every one of ours has.
///
/// `synchronous=FULL` makes a commit durable before it returns; the writer shares one commit between many
/// units, which pays for it. Checkpoints are run beside the writer, never by it in passing.
fn connect(options: &SqliteOptions, read_only: bool) -> Result<Connection, StoreError> {
    let access = if read_only {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    } else {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
    };
    let doing = || format!("opening {}", shown(&options.path));
    let connection = Connection::open_with_flags(&options.path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .map_err(|error| StoreError::fault(doing(), error))?;
    connection.busy_timeout(options.busy_timeout)?;
    // One plan a statement, whatever is bound to it: the one that its test sees. SQLite would look at bound values
    // (where there is a partial index, in a LIMIT), and then parse and plan the statement anew at every run: a fifth
    // of the writer's time.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(256);
    connection
        .execute_batch(
            "PRAGMA foreign_keys = ON;
         PRAGMA synchronous = FULL;
         PRAGMA temp_store = MEMORY;
         PRAGMA wal_autocheckpoint = 0;
         PRAGMA journal_size_limit = 67108864;
         PRAGMA cache_size = -8192;",
        )
        .map_err(|error| match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => {
                StoreError::Foreign { path: options.path.clone(), found: "no database at all".to_owned() }
            }
            _ => StoreError::fault(doing(), error),
        })?;
    Ok(connection)
}

/// Reads from a file as it is, without opening a store over it; `None` when it has no such table of ours.
pub(crate) fn peek<T>(
    path: &Path,
    table: &str,
    read: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    if !path.try_exists().map_err(|error| StoreError::fault(format!("opening {}", shown(path)), error))? {
        return Ok(None);
    }
    let connection = look::open(&SqliteOptions::new(path))?;
    let is_ours = migrations::is_ours(&connection).and_then(|is_ours| {
        Ok(is_ours && connection.prepare("SELECT 1 FROM sqlite_schema WHERE name = ?1")?.exists([table])?)
    });
    match is_ours {
        Ok(true) => read(&connection).map(Some),
        Ok(false) => Ok(None),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) => Ok(None),
        Err(error) => Err(StoreError::fault(format!("reading {}", shown(path)), error)),
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
