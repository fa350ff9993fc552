//! What can go wrong in the store, as far as a caller can act on it.

use std::{path::PathBuf, sync::Arc};

use thiserror::Error;

/// A failed unit of work. None of its effects is on disk.
#[derive(Clone, Debug, Error)]
pub enum StoreError {
    /// The queue of writes is full: try again later.
    #[error("the store's write queue is full")]
    Busy,
    /// The store was closed (the program is stopping) or its writer ended.
    #[error("the store is closed")]
    Closed,
    /// The lease ran out and another worker took the job: its result is not ours to write.
    #[error("the lease of job {0} is lost")]
    LeaseLost(i64),
    /// There is no such row.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// The file holds another program's data.
    #[error("{path} is not a database of this program ({found})")]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What it looks like.
        found: String,
    },
    /// A newer release wrote the file.
    #[error("{path} was written by a newer release (schema {found}, this one knows {known})")]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its schema version.
        found: i64,
        /// The newest this program knows.
        known: i64,
    },
    /// An older release wrote the file, and it was only to be looked at.
    #[error("{path} was written by an older release (schema {found}, this one has {known})")]
    Older {
        /// The file.
        path: PathBuf,
        /// Its schema version.
        found: i64,
        /// The one of this program.
        known: i64,
    },
    /// A stored value that this program can't have written.
    #[error("unreadable row in {0}")]
    Corrupt(&'static str),
    /// The database refused (disk full, I/O error, locked for too long …).
    #[error("{doing}: {source}")]
    Fault {
        /// What was being done.
        doing: String,
        /// The database's words.
        source: Arc<dyn std::error::Error + Send + Sync>,
    },
}

impl StoreError {
    pub(crate) fn fault(
        doing: impl Into<String>,
        source: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        Self::Fault { doing: doing.into(), source: Arc::new(source) }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::fault("database", error)
    }
}
