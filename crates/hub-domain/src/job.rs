//! Kinds of durable work and how long a failed one waits.

use std::time::Duration;

use crate::timing::Timing;

/// What a job does. One row of the job table is one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobKind {
    /// Decide whether and how to answer one inbound message.
    Reply,
    /// Hand one outbound message to Twilio.
    Deliver,
    /// Find out what became of an attempt without a trustworthy answer.
    Reconcile,
    /// Fetch the attachments of one inbound message.
    Media,
}

impl JobKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Reply, Self::Deliver, Self::Reconcile, Self::Media];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Deliver => "deliver",
            Self::Reconcile => "reconcile",
            Self::Media => "media",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// How often a job may end in an error of ours before it is set aside for a person.
    ///
    /// Answers of Twilio are not errors of the job: [`crate::sending::after_attempt`] decides on those.
    pub const fn max_failures(self) -> u32 {
        match self {
            Self::Reply | Self::Deliver | Self::Reconcile => 8,
            // An hour of Twilio being away, at the longest pause.
            Self::Media => 60,
        }
    }
}

/// The pause before retry number `failures` (1 is the first): doubles from
/// [`Timing::retry_base`] to [`Timing::retry_cap`], of which the last half is jitter.
///
/// `jitter` is a random number that the caller drew; only its spread matters.
pub fn backoff(timing: &Timing, failures: u32, jitter: u64) -> Duration {
    let doublings = failures.saturating_sub(1).min(16);
    let full = timing.retry_base.saturating_mul(1 << doublings).min(timing.retry_cap);
    let half = full / 2;
    let span = u64::try_from(half.as_micros()).unwrap_or(u64::MAX).max(1);
    half + Duration::from_micros(jitter % span)
}

#[cfg(test)]
mod tests;
