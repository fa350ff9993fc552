//! How far down Twilio's list a walk goes, what in it counts as missed, and when an open status is asked for.
//!
//! Times of the list are Twilio's; only the first start goes by our own clock.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    reply::is_stale,
    timing::Timing,
    twilio_code::{CodeAction, action},
};

/// What is older than this at the first start belongs to the time before this hub.
const FIRST_SPAN: SignedDuration = SignedDuration::from_mins(15);

/// How long a move may take without anything being lost.
const MOVE_SPAN: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Read again by every walk: entries may show late, and a text and its webhook may cross.
const OVERLAP: SignedDuration = SignedDuration::from_mins(15);

/// Messages that Twilio took longer ago are not asked for any more.
pub const ASKED_FOR: SignedDuration = SignedDuration::from_hours(24);

/// From one question about an open status to the next, in multiples of the first, which counts from Twilio's
/// acceptance: after 10 minutes, an hour, six hours and a day.
const QUESTIONS: [u32; 4] = [1, 5, 30, 108];

/// Where the recovery of one account stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Nothing older is ever taken.
    pub horizon: Timestamp,
    /// The newest entry that a complete walk has seen.
    pub watermark: Timestamp,
    /// When the last complete walk began.
    pub walked_at: Option<Timestamp>,
    /// The walk under way.
    pub walk: Option<Walk>,
}

/// A walk down the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Walk {
    /// The report it is written up in; none for one of many that follow each other within seconds.
    pub report: Option<i64>,
    /// When it began.
    pub began: Timestamp,
    /// It ends below this.
    pub floor: Timestamp,
    /// The newest entry so far.
    pub newest: Option<Timestamp>,
    /// The page to read next; none for the first.
    pub page: Option<String>,
}

/// When an entry of the list happened, as far as it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryTimes {
    /// When Twilio took it.
    pub created: Option<Timestamp>,
    /// When it left or came; none while it is queued. The list is sorted by this.
    pub sent: Option<Timestamp>,
}

impl EntryTimes {
    /// The later of both.
    pub fn latest(self) -> Option<Timestamp> {
        self.created.max(self.sent)
    }
}

impl Progress {
    /// Before the first walk.
    pub fn at_first_start(now: Timestamp) -> Self {
        let horizon = now.saturating_sub(FIRST_SPAN).unwrap_or(Timestamp::MIN);
        Self { horizon, watermark: horizon, walked_at: None, walk: None }
    }

    /// Before the first walk after the earlier program's messages were moved in: what came since its newest one was for
    /// nobody. No more than a week, and with the overlap.
    pub fn after_move_in(now: Timestamp, newest: Timestamp) -> Self {
        let first = Self::at_first_start(now);
        let since = newest.saturating_sub(OVERLAP).unwrap_or(Timestamp::MIN);
        let week = now.saturating_sub(MOVE_SPAN).unwrap_or(Timestamp::MIN);
        let horizon = since.max(week).min(first.horizon);
        Self { horizon, watermark: horizon, ..first }
    }

    /// What the next walk goes down to; older messages have been seen.
    pub fn floor(&self) -> Timestamp {
        self.watermark.saturating_sub(OVERLAP).unwrap_or(Timestamp::MIN).max(self.horizon)
    }

    /// How long it is since the last complete walk began; none before the first.
    pub fn unseen_for(&self, now: Timestamp) -> Option<Duration> {
        self.walked_at.map(|at| Duration::try_from(now.duration_since(at)).unwrap_or_default())
    }

    /// A new walk.
    pub fn begin(&self, now: Timestamp) -> Walk {
        Walk { report: None, began: now, floor: self.floor(), newest: None, page: None }
    }

    /// After a page with these entries that leads to `next`.
    #[must_use]
    pub fn after_page(&self, walk: &Walk, entries: &[EntryTimes], next: Option<String>) -> Self {
        let newest = walk.newest.max(entries.iter().filter_map(|entry| entry.latest()).max());
        let oldest = entries.iter().filter_map(|entry| entry.sent).min();
        let below_floor = oldest.is_some_and(|oldest| oldest < walk.floor);
        match next.filter(|_| !below_floor) {
            Some(page) => {
                Self { walk: Some(Walk { newest, page: Some(page), ..walk.clone() }), ..self.clone() }
            }
            None => Self {
                horizon: self.horizon,
                watermark: newest.map_or(self.watermark, |newest| newest.max(self.watermark)),
                walked_at: Some(walk.began),
                walk: None,
            },
        }
    }
}

impl Walk {
    /// Whether an entry is this walk's to take.
    pub fn takes(&self, entry: EntryTimes) -> bool {
        entry.latest().is_none_or(|at| at >= self.floor)
    }
}

/// Whether a recovered text has had its answer: Twilio's list shows a message to its author that was made at the same
/// time or later, and that we don't know to be anything else. A hub set back to a backup lacks its own answers; others
/// may have answered while it was away. The list's times have whole seconds, so the same one counts.
pub fn was_answered(text_at: Timestamp, ours_in_list: Option<Timestamp>) -> bool {
    ours_in_list.is_some_and(|ours| ours >= text_at)
}

/// Whether a change of consent that was recovered is confirmed: not late, out of the blue, and not a second time.
pub fn may_confirm(text_at: Timestamp, ours_in_list: Option<Timestamp>, now: Timestamp) -> bool {
    !is_stale(text_at, now) && !was_answered(text_at, ours_in_list)
}

/// How long it is to the next question about an open status after so many; `None`: there is none.
pub fn next_question(asked: u32, timing: &Timing) -> Option<Duration> {
    let times = QUESTIONS.get(usize::try_from(asked).unwrap_or(usize::MAX))?;
    Some(timing.ask_status_after.saturating_mul(*times))
}

/// The longest that a question waits for its moment.
pub fn longest_question(timing: &Timing) -> Duration {
    timing.ask_status_after.saturating_mul(QUESTIONS.into_iter().max().unwrap_or(1))
}

/// Whose questions about statuses have no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// This message's, as far as is known.
    Message,
    /// This message's; everybody's, when the next one fares the same.
    Twilio,
    /// Everybody's: the account, or too many requests.
    Everybody,
}

/// Whom Twilio's refusal to tell a status concerns. One message that it can't tell of must not keep all others from
/// being asked about.
pub fn unanswered(http_status: u16, code: Option<u32>) -> Reach {
    match (http_status, action(http_status, code)) {
        (429, _) | (_, CodeAction::StopQueue) => Reach::Everybody,
        (500.., _) => Reach::Twilio,
        _ => Reach::Message,
    }
}

/// A moment that is further ahead than it can have been set to was set by a clock that has been set back since.
pub fn is_too_far(at: Option<Timestamp>, longest: Duration, now: Timestamp) -> bool {
    at.is_some_and(|at| now.checked_add(longest).is_ok_and(|latest| latest < at))
}

/// The moment, or now where it [`is_too_far`].
pub fn soon(at: Timestamp, longest: Duration, now: Timestamp) -> Timestamp {
    if is_too_far(Some(at), longest, now) { now } else { at }
}

#[cfg(test)]
mod tests;
