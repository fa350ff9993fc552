//! Durable work: taken with a lease, finished or given back under the lease's fence.

use std::time::Duration;

use hub_domain::{
    ids::{AttemptId, JobId},
    job::JobKind,
};
use jiff::Timestamp;

use crate::{
    Store, StoreError,
    sqlite::{Queue, jobs},
};

/// Who takes jobs, and for how long.
#[derive(Clone, Debug)]
pub struct LeaseRequest {
    /// The worker; `serve` uses one name per data directory, so that a restart can free its leases.
    pub owner: String,
    /// After this the job may be taken by another worker.
    pub lasts: Duration,
}

/// A job in hand. Every write about it carries the fence: when the lease ran out and another worker took
/// the job, the write is refused with [`StoreError::LeaseLost`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeasedJob {
    /// The job.
    pub id: JobId,
    /// What to do.
    pub kind: JobKind,
    /// About which message.
    pub message: i64,
    /// About which attempt (reconcile only).
    pub attempt: Option<AttemptId>,
    /// Number of this lease.
    pub fence: i64,
    /// How often it ended in an error of ours.
    pub failures: u32,
}

/// A job as an operator sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRecord {
    /// The job.
    pub id: JobId,
    /// What it does.
    pub kind: JobKind,
    /// About which message.
    pub message: i64,
    /// When it may be taken, or when its lease ends.
    pub due_at: Timestamp,
    /// A worker has it.
    pub leased: bool,
    /// It failed too often and waits for a person.
    pub set_aside: bool,
    /// How often it failed.
    pub failures: u32,
    /// The last error.
    pub last_error: Option<String>,
}

impl Store {
    /// Takes up to `limit` due jobs of one kind, human messages first. Deliver jobs of one conversation are taken one
    /// at a time and in order; one that waits for an earlier one is put off until that one is finished, but
    /// no longer than its hold unless nothing is wrong with that one. While the queue stands still
    /// ([`Store::sending_stop`]) no delivery is taken but one that tries for all.
    pub async fn lease_jobs(
        &self,
        request: LeaseRequest,
        kind: JobKind,
        limit: u32,
        now: Timestamp,
    ) -> Result<Vec<LeasedJob>, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| jobs::lease(unit, &request, kind, limit, now)).await
            }
        }
    }

    /// Takes one job again that was given back, if it may be taken and nobody else has it.
    pub async fn lease_job(
        &self,
        request: LeaseRequest,
        job: JobId,
        now: Timestamp,
    ) -> Result<Option<LeasedJob>, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| jobs::take_due_one(unit, job, &request, now)).await
            }
        }
    }

    /// Gives a job back to be taken again at `due`. With `error` it counts as a failure, and after
    /// [`JobKind::max_failures`] of them the job is set aside for a person.
    pub async fn give_back(
        &self,
        job: LeasedJob,
        due: Timestamp,
        error: Option<String>,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| jobs::give_back(unit, &job, due, error.as_deref())).await
            }
        }
    }

    /// Frees every lease of `owner` at once: its process is known to be dead. Returns how many there were.
    pub async fn free_leases(&self, owner: String, now: Timestamp) -> Result<usize, StoreError> {
        match self {
            Self::Sqlite(db) => db.write(Queue::Work, move |unit| jobs::free_leases(unit, &owner, now)).await,
        }
    }

    /// When the next job becomes due, whatever is leased meanwhile; `None` when there is no job.
    pub async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(jobs::next_due).await,
        }
    }

    /// Open jobs, oldest first, at most `limit`.
    pub async fn jobs(&self, limit: u32) -> Result<Vec<JobRecord>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| jobs::list(connection, limit)).await,
        }
    }
}
