//! How fast one sender's messages leave: the moment at which each may, counted in segments.
//!
//! Twilio queues what comes too fast (and in the end refuses it), so a burst gains nothing; and what waits here
//! can still be overtaken by a person, which what waits at Twilio can't. A sender's state is one moment, as in
//! every GCRA: when its next segment is due. A message takes its place by moving it.

use std::{collections::BTreeMap, time::Duration};

use jiff::{SignedDuration, Timestamp};

use crate::{
    address::{Address, Channel},
    segments,
    timing::Timing,
};

/// Segments a second; none: as fast as they come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate(u32);

/// The rate of each sender.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rates {
    /// Of a sender without a rate of its own.
    pub usual: Rate,
    /// By sender or Messaging Service, as a message names it.
    pub by_sender: BTreeMap<String, Rate>,
}

/// Where a sender stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// When the next segment is due, after all that have their moment.
    pub next_at: Timestamp,
    /// When the last of those that wait without a moment of their own asks again.
    pub tail_at: Timestamp,
    /// Twilio's queue for this sender is full until about then.
    pub paused_until: Timestamp,
}

/// A message that wants to leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaving {
    /// What it takes of the rate.
    pub segments: u32,
    /// A person wrote it, or waits for it: it may take a moment however far off.
    pub urgent: bool,
    /// The moment it was given before.
    pub slot: Option<Timestamp>,
}

/// When a message leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Now.
    Now,
    /// At this moment, which is kept for it.
    At(Timestamp),
    /// Too many have a moment before it; it asks again then.
    AskAgain(Timestamp),
}

impl Rate {
    /// So many segments a second; 0: without a limit.
    pub const fn per_second(segments: u32) -> Self {
        Self(segments)
    }

    /// How long so many segments take; `None` without a limit.
    fn lasts(self, segments: u32) -> Option<SignedDuration> {
        let micros = u64::from(segments).saturating_mul(1_000_000).checked_div(u64::from(self.0))?;
        Some(SignedDuration::from_micros(i64::try_from(micros).unwrap_or(i64::MAX)))
    }
}

impl Rates {
    /// The rate of a sender.
    pub fn of(&self, sender: &str) -> Rate {
        self.by_sender.get(sender).copied().unwrap_or(self.usual)
    }
}

impl Pace {
    /// When a message leaves, and where its sender stands then.
    ///
    /// A moment is given at most [`Timing::pace_ahead`] away, but to what is urgent: so at most that much of a
    /// campaign is ever before a person's message. The others ask again one after the other, at the sender's
    /// rate, so that ten thousand of them don't all ask at once.
    #[must_use]
    pub fn turn(self, leaving: &Leaving, rate: Rate, timing: &Timing, now: Timestamp) -> (Turn, Self) {
        if let Some(slot) = leaving.slot.filter(|slot| *slot >= self.paused_until) {
            return (if slot <= now { Turn::Now } else { Turn::At(slot) }, self);
        }
        let Some(lasts) = rate.lasts(leaving.segments) else {
            let paused = self.paused_until > now;
            return (if paused { Turn::AskAgain(self.paused_until) } else { Turn::Now }, self);
        };
        let moment = less(self.next_at, timing.pace_burst).max(self.paused_until).max(now);
        let taken = Self { next_at: plus(self.next_at.max(moment), lasts), ..self };
        if moment <= now {
            return (Turn::Now, taken);
        }
        if leaving.urgent || moment <= plus(now, signed(timing.pace_ahead)) {
            return (Turn::At(moment), taken);
        }
        let again = self.tail_at.max(moment);
        (Turn::AskAgain(again), Self { tail_at: plus(again, lasts), ..self })
    }

    /// Twilio's queue for this sender is full: nothing leaves for so long.
    #[must_use]
    pub fn paused(self, pause: Duration, now: Timestamp) -> Self {
        Self { paused_until: self.paused_until.max(plus(now, signed(pause))), ..self }
    }
}

/// What a message takes of its sender's rate: segments of an SMS, one for anything else, which Twilio counts by
/// the message.
pub fn weight(to: &str, body: &str, has_media: bool, is_template: bool) -> u32 {
    let is_sms = Address::from_provider(to).is_ok_and(|to| to.channel() == Channel::Sms);
    if !is_sms || has_media || is_template {
        return 1;
    }
    u32::try_from(segments::count(body).segments).unwrap_or(u32::MAX).max(1)
}

fn signed(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}

fn plus(at: Timestamp, duration: SignedDuration) -> Timestamp {
    at.saturating_add(duration).unwrap_or(Timestamp::MAX)
}

fn less(at: Timestamp, duration: Duration) -> Timestamp {
    at.saturating_sub(signed(duration)).unwrap_or(Timestamp::MIN)
}

#[cfg(test)]
mod tests;
