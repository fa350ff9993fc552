//! A store of its own for each test, and the steps that most tests take.

use std::{ops::Deref, path::PathBuf, sync::Arc, time::Duration};

use hub_domain::{
    attempt::AttemptOutcome,
    ids::AttemptId,
    job::JobKind,
    message::{Message, Origin},
};
use hub_store::{
    Begun, Call, Ended, Event, Finished, JobRecord, LeaseRequest, LeasedJob, LookedUp, MessageFilter,
    NewOutbound, Recorded, Settlement, SqliteOptions, Store, Submitted, Terms,
};
use jiff::Timestamp;
use tempfile::TempDir;

use crate::{
    sqlite::kept,
    words::{Text, attempt_id, message_id, outbound},
};

/// How long the suite's workers hold a job.
pub(crate) const LEASE_SECONDS: i64 = 120;

/// An empty store that goes away with the test.
pub(crate) struct TestStore {
    store: Store,
    dir: TempDir,
}

/// An empty store of the kind under test.
pub(crate) async fn fresh() -> TestStore {
    fresh_sqlite(|_| ())
}

/// An empty SQLite store with options of its own.
pub(crate) fn fresh_sqlite(change: impl FnOnce(&mut SqliteOptions)) -> TestStore {
    let dir = tempfile::tempdir().unwrap();
    let mut options = SqliteOptions::new(dir.path().join("hub.db"));
    change(&mut options);
    TestStore { store: Store::open_sqlite(&options).unwrap(), dir }
}

impl Drop for TestStore {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            kept::check(&self.path());
        }
    }
}

impl Deref for TestStore {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

/// A worker named `owner`.
pub(crate) fn worker(owner: &str) -> LeaseRequest {
    LeaseRequest { owner: owner.to_owned(), lasts: Duration::from_secs(LEASE_SECONDS.unsigned_abs()) }
}

impl TestStore {
    /// The file of a SQLite store.
    pub(crate) fn path(&self) -> PathBuf {
        self.dir.path().join("hub.db")
    }

    pub(crate) async fn record(&self, text: Text, now: Timestamp) -> Recorded {
        self.record_inbound(text.0, message_id(), message_id(), now).await.unwrap()
    }

    /// Records a text that was not there; its row.
    pub(crate) async fn receive(&self, text: Text, now: Timestamp) -> i64 {
        match self.record(text, now).await {
            Recorded::New(row) => row,
            before @ (Recorded::Duplicate(_) | Recorded::Deleted) => {
                panic!("it was there before: {before:?}")
            }
        }
    }

    /// Submits a message that may be sent; its row.
    pub(crate) async fn queue(&self, message: NewOutbound, now: Timestamp) -> i64 {
        let submitted = self.submit(message, None, now).await.unwrap();
        let Submitted::Queued { row, .. } = submitted else { panic!("not queued: {submitted:?}") };
        row
    }

    /// Submits a message and takes its job at once.
    pub(crate) async fn queue_leased(&self, message: NewOutbound, now: Timestamp) -> (i64, LeasedJob) {
        let submitted = self.submit(message, Some(worker("w")), now).await.unwrap();
        let Submitted::Queued { row, lease: Some(job) } = submitted else {
            panic!("no lease: {submitted:?}")
        };
        (row, job)
    }

    /// Takes every job that is due, of all kinds.
    pub(crate) async fn lease(&self, now: Timestamp) -> Vec<LeasedJob> {
        let mut jobs = Vec::new();
        for kind in [JobKind::Deliver, JobKind::Reply, JobKind::Reconcile] {
            jobs.extend(self.lease_jobs(worker("w"), kind, 1000, now).await.unwrap());
        }
        jobs
    }

    /// Takes the one job that is due.
    pub(crate) async fn lease_one(&self, now: Timestamp) -> LeasedJob {
        let jobs = self.lease(now).await;
        let [job] = jobs[..] else { panic!("not exactly one job: {jobs:?}") };
        job
    }

    /// Takes what is due and returns the messages, in the order taken.
    pub(crate) async fn lease_messages(&self, now: Timestamp) -> Vec<i64> {
        self.lease(now).await.iter().map(|job| job.message).collect()
    }

    /// Takes the one job that is due, which has to be a lookup.
    pub(crate) async fn lease_lookup(&self, now: Timestamp) -> LeasedJob {
        let job = self.lease_one(now).await;
        assert_eq!(job.kind, JobKind::Reconcile);
        job
    }

    pub(crate) async fn begin(&self, job: LeasedJob, now: Timestamp) -> (AttemptId, Begun) {
        let attempt = attempt_id();
        (attempt, self.begin_attempt(job, attempt, Arc::default(), now).await.unwrap())
    }

    /// The same on terms.
    pub(crate) async fn begin_on(&self, terms: &Arc<Terms>, job: LeasedJob, now: Timestamp) -> Begun {
        self.begin_attempt(job, attempt_id(), Arc::clone(terms), now).await.unwrap()
    }

    /// Begins an attempt that may be made.
    pub(crate) async fn call(&self, job: LeasedJob, now: Timestamp) -> (AttemptId, Call) {
        match self.begin(job, now).await {
            (attempt, Begun::Call(call)) => (attempt, call),
            (_, other) => panic!("no call: {other:?}"),
        }
    }

    pub(crate) async fn finish(
        &self,
        job: LeasedJob,
        attempt: AttemptId,
        outcome: AttemptOutcome,
        now: Timestamp,
    ) -> Finished {
        self.end(job, attempt, outcome, now).await.finished
    }

    pub(crate) async fn end(
        &self,
        job: LeasedJob,
        attempt: AttemptId,
        outcome: AttemptOutcome,
        now: Timestamp,
    ) -> Ended {
        self.finish_attempt(job, attempt, outcome, Arc::default(), 0, now).await.unwrap()
    }

    /// Writes a message for `to`, makes one call for it that ends so; its row and the attempt.
    pub(crate) async fn send(&self, to: &str, outcome: AttemptOutcome, now: Timestamp) -> (i64, AttemptId) {
        let (row, job) = self.queue_leased(outbound(Origin::Api, to, "Dzień dobry"), now).await;
        let (attempt, _) = self.call(job, now).await;
        self.finish(job, attempt, outcome, now).await;
        (row, attempt)
    }

    /// Writes down what a lookup of the job's attempt saw.
    pub(crate) async fn look(&self, job: LeasedJob, seen: LookedUp, now: Timestamp) -> Settlement {
        self.settle_lookup(job, job.attempt.unwrap(), seen, 0, now).await.unwrap()
    }

    pub(crate) async fn row(&self, row: i64) -> Message {
        self.message(row).await.unwrap().unwrap()
    }

    /// The stored word for where a message stands.
    pub(crate) async fn status(&self, row: i64) -> &'static str {
        self.row(row).await.status.as_str()
    }

    pub(crate) async fn sid(&self, row: i64) -> Option<String> {
        self.row(row).await.sid.map(|sid| sid.to_string())
    }

    /// How each call for a message ended, oldest first; `-` for one in flight.
    pub(crate) async fn outcomes(&self, row: i64) -> Vec<String> {
        let attempts = self.attempts(row).await.unwrap();
        attempts.into_iter().map(|attempt| attempt.outcome.unwrap_or_else(|| "-".to_owned())).collect()
    }

    /// Every message, oldest first.
    pub(crate) async fn all(&self) -> Vec<Message> {
        let filter = MessageFilter { direction: None, before: None, limit: 10_000 };
        let mut messages = self.messages(filter).await.unwrap();
        messages.reverse();
        messages
    }

    /// Messages of ours, oldest first.
    pub(crate) async fn written(&self) -> Vec<Message> {
        self.all().await.into_iter().filter(|message| message.origin.is_some()).collect()
    }

    pub(crate) async fn open_jobs(&self, kind: JobKind) -> Vec<JobRecord> {
        let jobs = self.jobs(100_000).await.unwrap();
        jobs.into_iter().filter(|job| job.kind == kind).collect()
    }

    pub(crate) async fn events(&self) -> Vec<Event> {
        self.events_after(0, 100_000).await.unwrap()
    }

    /// How we know that a person asked for silence, if they did.
    pub(crate) async fn silenced(&self, person: &str) -> Option<String> {
        self.suppression(person.to_owned()).await.unwrap().map(|entry| entry.source)
    }
}
