//! The one place with SQL: everything the hub remembers, as units of work.
//!
//! Each method of [`Store`] is one whole transaction in domain words; no transaction object crosses the
//! interface. When a method returns `Ok`, its effects are on disk. A second database goes behind the same
//! methods: the enum gets a variant, and the conformance suite in `tests/` runs on both.

mod aside;
mod assistant;
mod attachments;
mod attempts;
mod audit;
mod by_hand;
mod consent;
mod drafts;
mod error;
mod events;
mod guards;
mod health;
mod held;
mod history;
mod import;
mod inbox;
mod jobs;
mod lines;
mod listeners;
mod messages;
mod models;
mod notices;
mod outbox;
mod people;
mod polls;
mod recovery;
mod remote;
mod replies;
mod search;
mod secrets;
mod sending;
mod sessions;
mod settings;
mod sqlite;
mod thread;
mod tidy;
mod tokens;
mod users;

pub use aside::{Abandoned, TroubledJob, TroubledQuery};
pub use assistant::{Case, NewCase, NewReceipt, Proposal, Receipt};
pub use attachments::{Attachment, Fetched, StoredFile, Unlisted};
pub use attempts::{Begun, Call, Ended, Finished, LookedUp, ReconcileFacts, Settlement};
pub use audit::{AuditAction, AuditEntry, By};
pub use by_hand::{HandAsked, HandSend, HandSent, HandTo, LastRoute, Retried, Retry};
pub use consent::{ConsentEntry, Suppression};
pub use drafts::Draft;
pub use error::StoreError;
pub use events::{Event, EventKind};
pub use health::{Counts, JobCount};
pub use held::{Approved, SwitchedOn};
pub use history::{ConversationSummary, HistoryQuery, Person, Statistics};
pub use import::{
    ImportError, ImportNote, ImportPlan, ImportReport, ImportStep, Installation, NoWatch, Tally, Watch,
};
pub use inbox::{Recorded, StatusApplied};
pub use jobs::{JobRecord, LeaseRequest, LeasedJob};
pub use lines::{InboxCounts, InboxLine, InboxQuery, View};
pub use listeners::{ListenerChange, ListenerRecord, NewListener};
pub use messages::{AttemptRecord, MessageFilter, StatusReportRecord};
pub use models::ModelChoice;
pub use notices::{Notices, Recovered};
pub use outbox::{NewOutbound, NewSend, SendKey, SendSubmitted, Submitted};
pub use people::ConsentByHand;
pub use polls::Asked;
pub use recovery::{Listed, MissedKept, Recovery, RecoveryDue};
pub use remote::{Canceled, Kept};
pub use replies::{MOST_PARTS, Phrased, ReplyPolicy, ReplySettled, Wanted};
pub use search::{FoundPeople, PeopleQuery, Unindexed};
pub use secrets::{SealedSecret, SecretRecord, sealed_secrets};
pub use sending::{SendingChange, Terms};
pub use sessions::{NewSession, Proof, SESSION_IDLE, SESSION_LASTS, SecretHash, Session, SessionRecord};
pub use sqlite::SqliteOptions;
pub use thread::{MessageDetails, ThreadEntry, ThreadQuery, ThreadSide};
pub use tokens::TokenRecord;
pub use users::{NewUser, User, UserChange, UserRefusal};

/// A handle to the hub's memory; cheap to clone.
#[derive(Clone, Debug)]
pub enum Store {
    /// One file beside the program.
    Sqlite(sqlite::Sqlite),
}

impl Store {
    /// Opens (and if needed creates and migrates) a SQLite file.
    ///
    /// # Errors
    /// [`StoreError::Foreign`] when the file belongs to another program, [`StoreError::Newer`] when a newer
    /// release wrote it, [`StoreError::Fault`] when it can't be read or written.
    pub fn open_sqlite(options: &SqliteOptions) -> Result<Self, StoreError> {
        sqlite::Sqlite::open(options).map(Self::Sqlite)
    }

    /// Opens a SQLite file to look into it alone: nothing is made, brought up to date or changed, and writing fails.
    /// A file that is not there is an empty store.
    ///
    /// # Errors
    /// As [`Store::open_sqlite`], and [`StoreError::Older`] when an older release wrote the file.
    pub fn look_sqlite(options: &SqliteOptions) -> Result<Self, StoreError> {
        sqlite::Sqlite::look(options).map(Self::Sqlite)
    }

    /// Finishes what is queued, checkpoints and closes. Later calls return [`StoreError::Closed`].
    pub fn close(&self) {
        match self {
            Self::Sqlite(db) => db.close(),
        }
    }

    /// Changes whenever a job may have become due: one was written or given back. Jobs of other processes
    /// are not announced; a worker polls for those.
    pub fn work_signal(&self) -> tokio::sync::watch::Receiver<u64> {
        match self {
            Self::Sqlite(db) => db.work_signal(),
        }
    }

    /// Changes as they are committed. A receiver that falls behind reads the rest with
    /// [`Store::events_after`].
    pub fn subscribe(&self) -> tokio::sync::broadcast::Receiver<Event> {
        match self {
            Self::Sqlite(db) => db.subscribe(),
        }
    }
}
