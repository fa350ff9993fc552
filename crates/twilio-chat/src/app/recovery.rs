//! Recovery: finding in Twilio's list what never reached us, asking for statuses that stay open, and for what is ours.
//!
//! One turn does one bounded thing; a process may end between any two. Nothing is ever sent from here.

pub(in crate::app) mod own_numbers;
mod statuses;
pub(in crate::app) mod walk;

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use hub_domain::{
    job::backoff,
    recovery::{is_too_far, longest_question, soon},
};
use hub_store::{Recovery, StoreError};
use jiff::Timestamp;

use super::App;
use crate::sys::Point;

/// Messages kept in one transaction.
const KEPT_AT_ONCE: usize = 25;

/// With so many failures in a row a walk no longer keeps back what it has found.
const PATIENCE: u32 = 3;

/// When what is due, as far as the store doesn't know; a new process walks at once.
#[derive(Debug, Default)]
pub(super) struct Schedule(Mutex<Plan>);

#[derive(Clone, Copy, Debug)]
struct Plan {
    walk_at: Timestamp,
    /// In a row.
    walk_failures: u32,
    /// No question before this.
    ask_from: Timestamp,
    ask_failures: u32,
    /// A report to be told once everything of it is decided, and when to look.
    tell: Option<Telling>,
}

#[derive(Clone, Copy, Debug)]
struct Telling {
    report: i64,
    at: Timestamp,
    /// Told then, whatever is decided.
    until: Timestamp,
}

impl Default for Plan {
    fn default() -> Self {
        let (walk_at, ask_from) = (Timestamp::MIN, Timestamp::MIN);
        Self { walk_at, walk_failures: 0, ask_from, ask_failures: 0, tell: None }
    }
}

/// What a turn did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Something; there may be more.
    Did,
    /// Nothing is due before this.
    Idle(Timestamp),
}

#[derive(Clone, Copy, Debug)]
enum Task {
    Walk,
    Keep,
    Ask,
    Tell(Telling),
    OwnNumbers,
    SetBack,
}

impl App {
    /// Whether Twilio can't call us, so that messages and statuses have to be fetched.
    pub fn is_polling(&self) -> bool {
        self.account().is_some_and(|account| account.status_callback_base.is_none())
    }

    /// Does the first thing that is due.
    pub async fn recover(&self) -> Result<Turn, StoreError> {
        let now = self.world().now();
        let tasks = self.tasks().await?;
        let Some((_, task)) = tasks.iter().find(|(at, _)| *at <= now) else {
            return Ok(Turn::Idle(tasks.iter().map(|(at, _)| *at).min().unwrap_or(Timestamp::MAX)));
        };
        self.note_recovery(true);
        match *task {
            Task::Walk => self.walk_on().await?,
            Task::Keep => self.keep_missed().await?,
            Task::Ask => self.ask_statuses().await?,
            Task::Tell(telling) => self.tell(telling).await?,
            Task::OwnNumbers => self.read_own_numbers().await,
            Task::SetBack => self.store().clock_was_set_back(now).await?,
        }
        Ok(Turn::Did)
    }

    /// When [`App::recover`] has something to do.
    pub async fn recovery_due(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.tasks().await?.into_iter().map(|(at, _)| at).min())
    }

    /// Walks that found something or failed, the latest first.
    pub async fn recoveries(&self, before: Option<i64>, limit: u32) -> Result<Vec<Recovery>, StoreError> {
        self.store().recoveries(before, limit).await
    }

    /// What there is to do and when, the first in order of urgency.
    async fn tasks(&self) -> Result<Vec<(Timestamp, Task)>, StoreError> {
        let Some(account) = self.account() else { return Ok(Vec::new()) };
        let (plan, due) = (self.plan(), self.store().recovery_due().await?);
        let (now, timing) = (self.world().now(), self.timing());
        let every = timing.recovery_every.max(timing.retry_cap);
        let (walk_at, ask_from) =
            (soon(plan.walk_at, every, now), soon(plan.ask_from, timing.retry_cap, now));
        let waits = timing.missed_after.max(timing.reconcile_wait);
        let far = is_too_far(due.last_missed, waits, now)
            || is_too_far(due.last_status, longest_question(timing), now);
        let set_back = far.then_some((now, Task::SetBack));
        let walking = self.store().recovery_progress(walk::name(&account)).await?;
        let walking = walking.is_some_and(|progress| progress.walk.is_some());
        // What is found last is the oldest, and is kept first.
        let keeps_back = walking && plan.walk_failures < PATIENCE;
        let keep = due.missed.filter(|_| !keeps_back).map(|at| (at, Task::Keep));
        let ask = due.status.map(|at| (at.max(ask_from), Task::Ask));
        let tell = plan.tell.map(|telling| (soon(telling.at, timing.poll, now), Task::Tell(telling)));
        let own_at = self.own_numbers_due(account.client.account_sid());
        let own = Some((soon(own_at, own_numbers::READ_EVERY, now), Task::OwnNumbers));
        let walk = Some((walk_at, Task::Walk));
        Ok([set_back, own, walk, keep, ask, tell].into_iter().flatten().collect())
    }

    async fn keep_missed(&self) -> Result<(), StoreError> {
        let world = self.world();
        let ids = (0..KEPT_AT_ONCE).map(|_| (world.message_id(), world.message_id())).collect();
        let kept = self.store().keep_missed(ids, self.elsewhere(), world.now()).await?;
        world.reach(Point::MissedCommitted).await;
        if let Some(report) = kept.reports.last() {
            let (at, until) = (world.now(), self.after(self.timing().retry_cap));
            self.change_plan(|plan| plan.tell = Some(Telling { report: *report, at, until }));
        }
        Ok(())
    }

    /// Says what was recovered, once it is known how many answers wait for a person.
    async fn tell(&self, telling: Telling) -> Result<(), StoreError> {
        if self.world().now() < telling.until && !self.store().is_recovered(telling.report).await? {
            let at = self.after(self.timing().poll);
            self.change_plan(|plan| plan.tell = Some(Telling { at, ..telling }));
            return Ok(());
        }
        let newest = self.store().recoveries(telling.report.checked_add(1), 1).await?;
        if let Some(recovery) = newest.first().filter(|recovery| recovery.id == telling.report) {
            let (inbound, outbound, waiting) = (recovery.inbound, recovery.outbound, recovery.waiting);
            tracing::warn!(
                recovery.inbound = inbound,
                recovery.outbound = outbound,
                recovery.held = waiting,
                "after an outage {} messages were recovered from Twilio, {waiting} wait for approval",
                inbound + outbound,
            );
        }
        self.change_plan(|plan| plan.tell = None);
        Ok(())
    }

    fn plan(&self) -> Plan {
        *self.inner.recovery.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change_plan(&self, change: impl FnOnce(&mut Plan)) {
        change(&mut self.inner.recovery.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// The pause after so many failures in a row.
    fn pause_after(&self, failures: u32) -> Duration {
        backoff(self.timing(), failures, self.world().draw())
    }
}
