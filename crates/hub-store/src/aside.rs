//! Jobs that don't get on by themselves, and what a person decides about them.

use hub_domain::ids::JobId;
use jiff::Timestamp;

use crate::{
    JobRecord, Store, StoreError,
    audit::By,
    sqlite::{Queue, aside},
};

/// Which of them to list.
#[derive(Clone, Copy, Debug)]
pub struct TroubledQuery {
    /// Those due before this are late; those taken by a worker count from the end of their lease.
    pub late_before: Timestamp,
    /// The last one of the page before.
    pub after: Option<JobId>,
    /// At most so many.
    pub limit: u32,
}

/// A job that doesn't get on, and whom it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TroubledJob {
    /// The job.
    pub job: JobRecord,
    /// Their address.
    pub address: String,
    /// What they are called, if anything.
    pub name: Option<String>,
    /// They wrote the message; otherwise it is for them.
    pub inbound: bool,
}

/// What became of a job that a person doesn't want done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Abandoned {
    /// It is gone, and its message says so.
    Yes,
    /// Twilio may have its message: only another round can tell.
    InDoubt,
    /// There is no such job that waits for a person.
    NotAside,
}

impl Store {
    /// Jobs that were set aside or are late, in the order they were written.
    pub async fn troubled_jobs(&self, query: TroubledQuery) -> Result<Vec<TroubledJob>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| aside::list(connection, query)).await,
        }
    }

    /// Gives a job that was set aside another round.
    pub async fn retry_job(&self, job: JobId, by: By, now: Timestamp) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(db) => db.write(Queue::Work, move |unit| aside::retry(unit, job, &by, now)).await,
        }
    }

    /// Drops a job that was set aside. In the same transaction its message says what that means: it is canceled
    /// (a delivery), held for a decision (a lookup), left to a person (a reply), or without its attachments.
    pub async fn abandon_job(&self, job: JobId, by: By, now: Timestamp) -> Result<Abandoned, StoreError> {
        match self {
            Self::Sqlite(db) => db.write(Queue::Work, move |unit| aside::abandon(unit, job, &by, now)).await,
        }
    }
}
