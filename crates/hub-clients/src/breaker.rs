//! A circuit breaker: after a few failures in a row a host is left alone for a while, then tried with one call.
//!
//! A pure state machine: it is told the time and what became of each call. It never calls anybody itself, and a
//! call that it allowed and never hears of again can't lock it: the trial is given to the next caller after a
//! pause.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use hub_domain::timing::Timing;
use jiff::{SignedDuration, Timestamp};

use crate::openai::ModelError;

/// When to stop and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreakerLimits {
    /// So many failures in a row open it.
    pub failures: u32,
    /// The first pause; doubles with each failed trial.
    pub pause: Duration,
    /// The longest pause.
    pub longest: Duration,
}

/// Failures in a row that are no accident any more.
const FAILURES: u32 = 5;

impl BreakerLimits {
    /// A model's service.
    pub const fn of_models(timing: &Timing) -> Self {
        Self { failures: FAILURES, pause: timing.model_rest, longest: timing.model_rest_cap }
    }
}

impl Default for BreakerLimits {
    fn default() -> Self {
        Self::of_models(&Timing::default())
    }
}

/// One host's breaker.
#[derive(Clone, Debug)]
pub struct Breaker {
    limits: BreakerLimits,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Closed { failures: u32 },
    Open { until: Timestamp, pause: Duration },
    Trial { gives_up: Timestamp, pause: Duration },
}

/// The host is left alone until then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not called until {0}: it failed too often")]
pub struct LeftAlone(pub Timestamp);

impl Breaker {
    /// Closed: calls may be made.
    pub const fn new(limits: BreakerLimits) -> Self {
        Self { limits, state: State::Closed { failures: 0 } }
    }

    /// Whether a call may be made now. Whoever is allowed says with [`note`](Self::note) what became of it.
    pub fn allow(&mut self, now: Timestamp) -> Result<(), LeftAlone> {
        match self.state {
            State::Closed { .. } => Ok(()),
            State::Open { until, .. } if now < until => Err(LeftAlone(until)),
            State::Trial { gives_up, .. } if now < gives_up => Err(LeftAlone(gives_up)),
            State::Open { pause, .. } | State::Trial { pause, .. } => {
                self.state = State::Trial { gives_up: after(now, pause), pause };
                Ok(())
            }
        }
    }

    /// What became of an allowed call. Only trouble of the host counts as failure, not a request it refused.
    pub fn note(&mut self, worked: bool, now: Timestamp) {
        self.state = match (worked, self.state) {
            (true, _) => State::Closed { failures: 0 },
            (false, State::Closed { failures }) if failures + 1 < self.limits.failures => {
                State::Closed { failures: failures + 1 }
            }
            (false, State::Closed { .. }) => {
                State::Open { until: after(now, self.limits.pause), pause: self.limits.pause }
            }
            (false, State::Trial { pause, .. }) => {
                let pause = pause.saturating_mul(2).min(self.limits.longest);
                State::Open { until: after(now, pause), pause }
            }
            // A call begun before it opened.
            (false, open @ State::Open { .. }) => open,
        };
    }

    /// Until when the host is left alone, if it is.
    pub fn open_until(&self, now: Timestamp) -> Option<Timestamp> {
        match self.state {
            State::Closed { .. } => None,
            State::Open { until, .. } | State::Trial { gives_up: until, .. } => {
                Some(until).filter(|at| *at > now)
            }
        }
    }
}

fn after(now: Timestamp, pause: Duration) -> Timestamp {
    let pause = SignedDuration::try_from(pause).unwrap_or(SignedDuration::MAX);
    now.saturating_add(pause).unwrap_or(Timestamp::MAX)
}

/// The breaker of a service that many ask at once.
#[derive(Debug)]
pub struct SharedBreaker {
    limits: BreakerLimits,
    breaker: Mutex<Breaker>,
}

impl SharedBreaker {
    /// Closed: calls may be made.
    pub const fn new(limits: BreakerLimits) -> Self {
        Self { limits, breaker: Mutex::new(Breaker::new(limits)) }
    }

    /// As [`Breaker::allow`].
    pub fn allow(&self, now: Timestamp) -> Result<(), LeftAlone> {
        self.with(|breaker| breaker.allow(now))
    }

    /// What became of an allowed call.
    pub fn note<T>(&self, answered: &Result<T, ModelError>, now: Timestamp) {
        let worked = !answered.as_ref().is_err_and(ModelError::is_trouble_of_the_host);
        self.with(|breaker| breaker.note(worked, now));
    }

    /// Another key may work where the former failed.
    pub fn forget_failures(&self) {
        self.with(|breaker| *breaker = Breaker::new(self.limits));
    }

    /// As [`Breaker::open_until`].
    pub fn open_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.with(|breaker| breaker.open_until(now))
    }

    fn with<T>(&self, act: impl FnOnce(&mut Breaker) -> T) -> T {
        // A panic while it was held left at worst a count that is off by one.
        act(&mut self.breaker.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests;
