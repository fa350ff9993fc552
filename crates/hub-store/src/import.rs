//! Moving in: taking over the data of the original Python program of the same name.
//!
//! Its files are only ever copied and read. Everything they hold arrives here in one transaction or not at
//! all, a second import adds nothing twice, and nothing is answered or sent because of one.

use std::{
    collections::BTreeMap,
    fmt, io,
    ops::{AddAssign, ControlFlow},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use thiserror::Error;

use crate::{
    Store,
    error::StoreError,
    sqlite::{SqliteOptions, import},
};

/// Where an installation of the original keeps its data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installation {
    /// Its SQLite file.
    pub database: PathBuf,
    /// Its list of people who get the news, if there is one.
    pub news_config: Option<PathBuf>,
}

/// How to import.
#[derive(Clone, Copy, Debug)]
pub struct ImportPlan<'a> {
    /// Do everything, say what came of it, and undo it.
    pub dry_run: bool,
    /// The time of the import.
    pub now: Timestamp,
    /// Is told of each step and may stop the import there.
    pub watch: &'a dyn Watch,
}

/// How far an import has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportStep {
    /// The verified copy is made.
    Copied,
    /// So many messages are read; told every thousand.
    Messages(u64),
    /// Everything is written, not yet committed.
    Written,
    /// Moving in only: the new database and the copy beside it are complete, the original still in place.
    Kept,
}

/// Looks on during an import.
pub trait Watch: fmt::Debug {
    /// `Break` ends the import as if it had never begun.
    fn reached(&self, step: ImportStep) -> ControlFlow<()>;
}

/// Lets an import run to its end.
#[derive(Clone, Copy, Debug)]
pub struct NoWatch;

impl Watch for NoWatch {
    fn reached(&self, _: ImportStep) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

impl ImportPlan<'_> {
    pub(crate) fn reach(&self, step: ImportStep) -> Result<(), ImportError> {
        match self.watch.reached(step) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(ImportError::Interrupted),
        }
    }
}

/// What an import did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Where the verified copy of the original's database is kept; none after a dry run.
    pub copy: Option<PathBuf>,
    /// Conversations started.
    pub conversations: u64,
    /// People met for the first time.
    pub contacts: u64,
    /// Messages.
    pub messages: Tally,
    /// Reminders.
    pub reminders: Tally,
    /// Multi-SMS batches.
    pub campaigns: Tally,
    /// People in them.
    pub campaign_recipients: Tally,
    /// Listeners.
    pub listeners: Tally,
    /// People who get the news.
    pub digest_recipients: Tally,
    /// Settings.
    pub settings: Tally,
    /// What was changed or left out on the way, and how often.
    pub notes: BTreeMap<ImportNote, u64>,
}

impl ImportReport {
    pub(crate) fn note(&mut self, note: ImportNote) {
        self.notes.entry(note).or_default().add_assign(1);
    }
}

/// What became of one kind of rows: `found = added + known + left_out`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// In the original.
    pub found: u64,
    /// New here.
    pub added: u64,
    /// Here already; what is here stays as it is.
    pub known: u64,
    /// Could not be taken over; a note says why.
    pub left_out: u64,
}

impl Tally {
    /// Counts one row that was (or was not) new.
    pub(crate) fn count(&mut self, new: bool) {
        self.found += 1;
        if new {
            self.added += 1;
        } else {
            self.known += 1;
        }
    }

    pub(crate) fn leave_out(&mut self) {
        self.found += 1;
        self.left_out += 1;
    }
}

/// Something a person should know about what was taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ImportNote {
    /// A message without a usable sender or recipient: kept under a stand-in.
    OddAddress,
    /// A SID that can't be one: the message is kept without it.
    OddSid,
    /// A time that can't be read: the one of the message before, else after, stands in.
    OddTime,
    /// A status nobody knows: taken for sent, or for failed when there is an error.
    OddStatus,
    /// A message that goes neither in nor out: left out.
    OddDirection,
    /// A reminder without a text or a recipient: left out.
    OddReminder,
    /// A reminder whose interval can't be read: it arrives switched off.
    OddInterval,
    /// A message of ours from more than a week ago whose end the original never learned: Twilio is not asked.
    OldOpenStatus,
    /// A batch that was waiting or under way: it does not go on by itself.
    UnfinishedCampaign,
    /// A recipient of a batch that is gone: left out.
    OrphanedRecipient,
    /// A listener without a command: left out.
    OddListener,
    /// Somebody on the news list without a usable number or hour: left out.
    OddDigestRecipient,
    /// The news list's switch or the list itself is not what the original writes.
    OddNews,
    /// The temperature was 0, which the original took for 0.7: so it arrives.
    ZeroTemperature,
    /// Auto-reply was on, but the listener `*` that lets it speak was off: it arrives switched off.
    AutoReplyWasMuted,
    /// The model's API key lay there in plain text: it stays behind.
    ApiKeyLeftBehind,
    /// A setting that means nothing here: left out.
    OtherSetting,
}

/// Why an import did not happen. Nothing of it is in our database.
#[derive(Debug, Error)]
pub enum ImportError {
    /// No database there.
    #[error("no database of the original program in {0}")]
    NotFound(PathBuf),
    /// A file of somebody else.
    #[error("{path} is not a database of the original program ({found})")]
    NotOriginal {
        /// The file.
        path: PathBuf,
        /// What it looks like.
        found: String,
    },
    /// An older release of the original wrote it; a start of the newest one brings it up to date.
    #[error("{path} has the original's schema {found}; schema {known} is needed")]
    Older {
        /// The file.
        path: PathBuf,
        /// Its schema version.
        found: i64,
        /// The one we read.
        known: i64,
    },
    /// A later release of the original than we know.
    #[error("{path} has the original's schema {found}; only {known} is known")]
    Later {
        /// The file.
        path: PathBuf,
        /// Its schema version.
        found: i64,
        /// The one we read.
        known: i64,
    },
    /// It is somebody else's, and ours in its place could not be given to them.
    #[error("{path} belongs to user {user}, group {group}")]
    Owner {
        /// The file.
        path: PathBuf,
        /// Its owner.
        user: u32,
        /// Its group.
        group: u32,
    },
    /// Somebody writes to it all the time.
    #[error("{0} is being written to")]
    InUse(PathBuf),
    /// SQLite finds it damaged.
    #[error("{path} is damaged: {detail}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// SQLite's words.
        detail: String,
    },
    /// The list of news recipients can't be read.
    #[error("can't read {path}: {detail}")]
    NewsConfig {
        /// The file.
        path: PathBuf,
        /// Why.
        detail: String,
    },
    /// Rows were lost on the way; a fault of this program.
    #[error("{read} of {stored} messages were read")]
    Incomplete {
        /// Rows that arrived.
        read: u64,
        /// Rows in the copy.
        stored: u64,
    },
    /// Stopped by whoever watched.
    #[error("the import was interrupted")]
    Interrupted,
    /// A file could not be read or written.
    #[error("{doing}: {source}")]
    Io {
        /// What was being done.
        doing: String,
        /// The system's words.
        source: io::Error,
    },
    /// Our database could not be opened or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for ImportError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

impl Installation {
    /// Finds the data of an installation by its directory or by its database file.
    pub fn find(from: &Path) -> Result<Self, ImportError> {
        if from.is_file() {
            let folder = from.parent().unwrap_or(Path::new(""));
            let news = [folder.join("../X1_data"), folder.join("X1_data"), folder.to_owned()];
            return Ok(Self { database: from.to_owned(), news_config: news_config(&news) });
        }
        let database =
            ["data/app.db", "app.db"].map(|name| from.join(name)).into_iter().find(|p| p.is_file());
        let news = [from.join("X1_data"), from.join("../X1_data")];
        match database {
            Some(database) => Ok(Self { database, news_config: news_config(&news) }),
            None => Err(ImportError::NotFound(from.to_owned())),
        }
    }
}

fn news_config(folders: &[PathBuf]) -> Option<PathBuf> {
    folders.iter().map(|folder| folder.join("news_config.json")).find(|path| path.is_file())
}

impl Store {
    /// Imports an installation into the database named by `options`, which is made if it is new. No other
    /// process may work on it meanwhile. Blocks until done.
    ///
    /// A verified copy of the source is kept in `import/` beside the database; the source stays as it is.
    pub fn import_sqlite(
        options: &SqliteOptions,
        from: &Installation,
        plan: ImportPlan<'_>,
    ) -> Result<ImportReport, ImportError> {
        import::import(options, from, plan)
    }

    /// Whether the file named by `options` holds the original's data instead of ours.
    pub fn holds_original(options: &SqliteOptions) -> Result<bool, StoreError> {
        import::holds_original(options)
    }

    /// Replaces the original's database in the file named by `options` with ours, its data moved in.
    ///
    /// A verified copy of the original stays beside it. Whenever the process dies, the file is either the
    /// original, complete, or the new database, complete. Neither program may use the file meanwhile.
    pub fn move_in_sqlite(
        options: &SqliteOptions,
        news_config: Option<&Path>,
        plan: ImportPlan<'_>,
    ) -> Result<ImportReport, ImportError> {
        import::move_in(options, news_config, plan)
    }
}
