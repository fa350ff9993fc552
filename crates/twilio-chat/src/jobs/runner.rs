//! Takes due jobs with leases and runs them; wakes on a signal, polls as a fallback.
//!
//! A job that fails is given back with a pause; one that panics counts as failed; one whose process dies is
//! taken again when its lease ends. Nothing here knows what a job does.

use std::{panic::AssertUnwindSafe, sync::Arc};

use futures_util::{FutureExt, future::join_all};
use hub_domain::job::{JobKind, backoff};
use hub_store::{LeaseRequest, LeasedJob, StoreError};
use tokio::{sync::Semaphore, task::JoinSet};
use tokio_util::sync::CancellationToken;

use super::{
    housekeeping::Housekeeping,
    recovery::Recovery,
    service::{Running, Service},
};
use crate::app::App;

/// Jobs of a kind under way at once. A delivery waits for Twilio, so many may; a lookup reads long lists.
const fn concurrency(kind: JobKind) -> usize {
    match kind {
        JobKind::Reply => 64,
        JobKind::Deliver => 32,
        JobKind::Reconcile => 4,
        // Each may hold a whole attachment in memory.
        JobKind::Media => 2,
    }
}

/// The running workers.
#[derive(Debug)]
pub struct Workers {
    tasks: JoinSet<()>,
    stop: CancellationToken,
    app: App,
}

impl Workers {
    /// Starts every loop, until `stop`. `owner` names the leases of the workers: one name a data directory, so
    /// that the next process can free what a dead one held.
    pub fn start(app: &App, owner: &str, stop: &CancellationToken) -> Self {
        let stop = stop.child_token();
        let mut tasks = JoinSet::new();
        for service in services(app, owner) {
            tracing::debug!(service = service.name(), "starts");
            tasks.spawn(service.run(stop.clone()));
        }
        Self { tasks, stop, app: app.clone() }
    }

    /// Waits for `stop`, then for the jobs in hand, but not longer than the drain allows: their leases
    /// outlive the process, and the next one looks them up.
    pub async fn drained(mut self) {
        self.stop.cancelled().await;
        let drained = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(self.app.timing().drain, drained).await.is_err() {
            tracing::warn!("jobs still under way at shutdown; the next start looks them up");
        }
    }
}

fn services(app: &App, owner: &str) -> Vec<Box<dyn Service>> {
    let mut services: Vec<Box<dyn Service>> =
        vec![Box::new(Recovery { app: app.clone() }), Box::new(Housekeeping { app: app.clone() })];
    for kind in JobKind::ALL {
        let lease = LeaseRequest { owner: owner.to_owned(), lasts: app.timing().lease };
        services.push(Box::new(Worker { app: app.clone(), kind, lease }));
    }
    services
}

/// Runs the jobs of one kind.
#[derive(Debug)]
struct Worker {
    app: App,
    kind: JobKind,
    lease: LeaseRequest,
}

impl Service for Worker {
    fn name(&self) -> &'static str {
        self.kind.as_str()
    }

    fn run(self: Box<Self>, shutdown: CancellationToken) -> Running {
        Box::pin(work(self.app, self.kind, self.lease, shutdown))
    }
}

async fn work(app: App, kind: JobKind, lease: LeaseRequest, stop: CancellationToken) {
    let places = Arc::new(Semaphore::new(concurrency(kind)));
    let mut signal = app.store().work_signal();
    let mut under_way = JoinSet::new();
    while !stop.is_cancelled() {
        app.note_turn(kind);
        // Seen before the look: work that arrives during it wakes us again.
        signal.borrow_and_update();
        let asked = app.room(kind, concurrency(kind), places.available_permits());
        let taken = take(&app, kind, &lease, asked).await;
        // As many as were asked for (or none could be): more may be due. Places that came free meanwhile
        // must not hide that, or the rest waits for the poll.
        let more = taken.len() >= asked;
        for job in taken {
            let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
                // Never more is taken than there are places; its lease would end unused.
                tracing::error!(job.id = job.id.0, "a job was taken without a place for it");
                continue;
            };
            let app = app.clone();
            under_way.spawn(async move {
                run(&app, job).await;
                drop(place);
            });
        }
        if more && app.room(kind, concurrency(kind), places.available_permits()) > 0 {
            continue;
        }
        tokio::select! {
            () = stop.cancelled() => {}
            Some(_) = under_way.join_next(), if more => {}
            _ = signal.changed() => {}
            () = tokio::time::sleep(app.timing().poll) => {}
        }
        while under_way.try_join_next().is_some() {}
    }
    while under_way.join_next().await.is_some() {}
    app.note_stop(kind);
}

async fn take(app: &App, kind: JobKind, lease: &LeaseRequest, places: usize) -> Vec<LeasedJob> {
    if places == 0 {
        return Vec::new();
    }
    let limit = u32::try_from(places).unwrap_or(u32::MAX);
    match app.store().lease_jobs(lease.clone(), kind, limit, app.world().now()).await {
        Ok(jobs) => jobs,
        Err(StoreError::Closed) => Vec::new(),
        Err(error) => {
            tracing::error!(job.kind = kind.as_str(), %error, "no jobs could be taken");
            Vec::new()
        }
    }
}

/// Runs one job and gives it back when it fails.
async fn run(app: &App, job: LeasedJob) {
    let outcome = AssertUnwindSafe(perform(app, job)).catch_unwind().await;
    let error = match outcome {
        Ok(Ok(())) => return,
        Ok(Err(StoreError::LeaseLost(_))) => {
            tracing::warn!(
                job.id = job.id.0,
                job.kind = job.kind.as_str(),
                "another worker took the job over"
            );
            return;
        }
        Ok(Err(error)) => error.to_string(),
        Err(_) => "the job panicked".to_owned(),
    };
    tracing::error!(job.id = job.id.0, job.kind = job.kind.as_str(), %error, "a job failed");
    let due = app.after(backoff(app.timing(), job.failures + 1, app.world().draw()));
    if let Err(second) = app.store().give_back(job, due, Some(error)).await {
        // Its lease ends by itself; nothing is lost but time.
        tracing::error!(job.id = job.id.0, error = %second, "the failed job could not be given back");
    }
}

async fn perform(app: &App, job: LeasedJob) -> Result<(), StoreError> {
    match (job.kind, job.attempt) {
        (JobKind::Reply, _) => app.reply(job).await,
        (JobKind::Deliver, _) => app.deliver(job).await.map(drop),
        (JobKind::Reconcile, Some(attempt)) => app.reconcile(job, attempt).await,
        (JobKind::Media, _) => app.fetch_media(job).await,
        (JobKind::Reconcile, None) => Err(StoreError::Corrupt("job: a lookup without its attempt")),
    }
}

/// Runs every job that is due now, one after another, in this task; returns how many there were. For tests
/// and for commands that do their own work.
pub async fn run_due(app: &App, owner: &str) -> usize {
    run_due_at_once(app, owner, 1).await
}

/// The same with so many of a kind under way at once.
pub async fn run_due_at_once(app: &App, owner: &str, at_once: usize) -> usize {
    let lease = LeaseRequest { owner: owner.to_owned(), lasts: app.timing().lease };
    let mut done = 0;
    loop {
        let mut ran = 0;
        for kind in JobKind::ALL {
            let jobs = take(app, kind, &lease, at_once).await;
            ran += jobs.len();
            join_all(jobs.into_iter().map(|job| run(app, job))).await;
        }
        if ran == 0 {
            return done;
        }
        done += ran;
    }
}
