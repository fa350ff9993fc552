//! Whether the hub works: the store takes a commit, the workers turn, Twilio takes our credentials.

use std::sync::atomic::{AtomicI64, Ordering};

use hub_domain::job::JobKind;
use hub_store::{Counts, StoreError};
use jiff::Timestamp;

use super::{App, Facts, sending::AccountState};

/// A worker that has not turned for so long is stuck.
const STUCK_AFTER_SECONDS: i64 = 60;

/// When each worker, and the recovery, last looked for work; 0: it does not run.
#[derive(Debug, Default)]
pub(super) struct Turns {
    workers: [AtomicI64; JobKind::ALL.len()],
    recovery: AtomicI64,
}

/// State of one worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkerState {
    /// It looks for work regularly.
    Running,
    /// It has not for a minute.
    Stuck,
    /// It was not started (no account yet, or a command that needs none).
    Stopped,
}

/// The hub's health.
#[derive(Debug)]
pub struct Health {
    /// About the program.
    pub facts: Facts,
    /// Whether there is an account.
    pub configured: bool,
    /// What waits, or why the store can't say.
    pub store: Result<Counts, StoreError>,
    /// Each worker.
    pub workers: Vec<(JobKind, WorkerState)>,
    /// The loop that looks for what was missed.
    pub recovery: WorkerState,
    /// Twilio can't call us: messages and statuses are fetched.
    pub polling: bool,
    /// Our account at Twilio; `None`: the store can't say.
    pub account: Option<AccountState>,
}

impl Health {
    /// Whether a message sent to us now would be kept. An unconfigured hub has promised nothing yet.
    pub fn can_accept(&self) -> bool {
        !self.configured || self.store.is_ok()
    }
}

impl App {
    /// Commits a row, counts what waits and looks at the workers.
    pub async fn health(&self) -> Health {
        let now = self.world().now();
        // One at a time: anyone may ask, and each answer costs a commit.
        let _turn = self.inner.probing.lock().await;
        let store = match self.store().probe(now).await {
            Ok(()) => self.store().counts().await,
            Err(error) => Err(error),
        };
        if let Err(error) = &store {
            tracing::error!(%error, "the health check could not write");
        }
        Health {
            facts: self.facts().clone(),
            configured: self.is_configured(),
            store,
            workers: JobKind::ALL.into_iter().map(|kind| (kind, state(self.turn(kind), now))).collect(),
            recovery: state(&self.inner.turns.recovery, now),
            polling: self.is_polling(),
            account: self.account_state().await.ok(),
        }
    }

    /// A short code for one fault, shown to a person and written to the log.
    pub(crate) fn fault_code(&self) -> String {
        format!("{:08x}", self.world().draw() & 0xffff_ffff)
    }

    /// A worker looked for work.
    pub(crate) fn note_turn(&self, kind: JobKind) {
        self.turn(kind).store(self.world().now().as_second(), Ordering::Relaxed);
    }

    /// A worker stopped.
    pub(crate) fn note_stop(&self, kind: JobKind) {
        self.turn(kind).store(0, Ordering::Relaxed);
    }

    /// The recovery looked for work, or stopped.
    pub(crate) fn note_recovery(&self, runs: bool) {
        let turn = if runs { self.world().now().as_second() } else { 0 };
        self.inner.turns.recovery.store(turn, Ordering::Relaxed);
    }

    fn turn(&self, kind: JobKind) -> &AtomicI64 {
        let [reply, deliver, reconcile, media] = &self.inner.turns.workers;
        match kind {
            JobKind::Reply => reply,
            JobKind::Deliver => deliver,
            JobKind::Reconcile => reconcile,
            JobKind::Media => media,
        }
    }
}

fn state(turn: &AtomicI64, now: Timestamp) -> WorkerState {
    match turn.load(Ordering::Relaxed) {
        0 => WorkerState::Stopped,
        last if now.as_second() - last > STUCK_AFTER_SECONDS => WorkerState::Stuck,
        _ => WorkerState::Running,
    }
}
