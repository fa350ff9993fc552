//! What became of an attempt without a trustworthy answer: pure decisions over Twilio's message list.
//!
//! A second call is allowed only when Twilio itself has shown, twice, that it doesn't have the message;
//! anything doubtful goes to a person. A callback that carries the attempt's id settles it earlier.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::{ids::MessageSid, timing::Timing};

/// How far Twilio's clock may be behind ours when it stamps a message.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(5);

/// A free message with our very text counts as a doubt from this long before the call: a clock may be wrong
/// by more than [`CLOCK_SKEW`], and a doubt costs a person's look where a second text could not be taken back.
const DOUBT_BEFORE: SignedDuration = SignedDuration::from_hours(25);

/// Listings that may fail before a person is asked.
const MAX_FAILED_LOOKS: u32 = 30;

/// The attempt whose message is looked for.
#[derive(Clone, Debug)]
pub struct Sought<'a> {
    /// The text that was sent.
    pub body: &'a str,
    /// When the call began.
    pub started_at: Timestamp,
    /// How long after that Twilio may still have taken it: the longest a call can last.
    pub window: SignedDuration,
}

/// One of Twilio's messages to the same recipient.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Twilio's identifier.
    pub sid: MessageSid,
    /// The text as Twilio has it (it may have shortened links or re-encoded letters).
    pub body: String,
    /// When Twilio took it.
    pub created_at: Option<Timestamp>,
    /// It went out through the API (an inbound one or Twilio's own answer can't be ours).
    pub outbound_api: bool,
    /// Another of our messages has this SID.
    pub bound_elsewhere: bool,
}

/// What one complete look at the list shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// This is the message.
    Found(MessageSid),
    /// Something is there that might be it under another text.
    Doubtful,
    /// Twilio doesn't have it.
    Absent,
}

/// Looks for the message among what Twilio has for the recipient.
///
/// Of several with the same text the one taken nearest to the call's start is chosen: to the person they are
/// the same, but each should get the statuses of its own.
pub fn look(sought: &Sought<'_>, candidates: &[Candidate]) -> Finding {
    let from = sought.started_at.saturating_sub(CLOCK_SKEW).unwrap_or(Timestamp::MIN);
    let until = sought
        .started_at
        .saturating_add(sought.window)
        .and_then(|at| at.saturating_add(CLOCK_SKEW))
        .unwrap_or(Timestamp::MAX);
    let in_time = |candidate: &&Candidate| match candidate.created_at {
        Some(at) => from <= at && at <= until,
        None => true,
    };
    let doubt_from = sought.started_at.saturating_sub(DOUBT_BEFORE).unwrap_or(Timestamp::MIN);
    let ours_to_take = || candidates.iter().filter(|c| c.outbound_api && !c.bound_elsewhere);
    let free: Vec<&Candidate> = ours_to_take().filter(in_time).collect();
    let strange_time =
        ours_to_take().any(|c| c.body == sought.body && c.created_at.is_none_or(|at| at >= doubt_from));
    let distance = |candidate: &&&Candidate| match candidate.created_at {
        Some(at) => at.duration_since(sought.started_at).abs(),
        None => SignedDuration::MAX,
    };
    let same_text = free.iter().filter(|c| c.body == sought.body).min_by_key(distance);
    match same_text {
        Some(candidate) => Finding::Found(candidate.sid.clone()),
        None if free.is_empty() && !strange_time => Finding::Absent,
        None => Finding::Doubtful,
    }
}

/// What was seen so far about one attempt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// Which attempt of the message this is, from 1, counting ambiguous ones only.
    pub ambiguous_attempts: u32,
    /// Complete looks that showed nothing, before this one.
    pub absent_looks: u32,
    /// Looks that failed or were cut short, before this one.
    pub failed_looks: u32,
}

/// The next step about an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NextStep {
    /// It is this message of Twilio's.
    Settle(MessageSid),
    /// Look again after this pause.
    LookAgain(Duration),
    /// Twilio has said twice that it has no such message: call again.
    SendAgain,
    /// A person decides.
    AskPerson(WhyAsk),
}

/// Why a person has to decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyAsk {
    /// The second call went the same way and Twilio shows nothing again.
    LostTwice,
    /// Twilio has a message that may be this one.
    Doubtful,
    /// Twilio's list could not be read.
    NoListing,
}

impl WhyAsk {
    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LostTwice => "lost_twice",
            Self::Doubtful => "doubtful",
            Self::NoListing => "no_listing",
        }
    }
}

/// Decides after one look; `finding` is `None` when the list could not be read to its end.
pub fn next_step(finding: Option<Finding>, history: History, timing: &Timing, jitter: u64) -> NextStep {
    match finding {
        Some(Finding::Found(sid)) => NextStep::Settle(sid),
        Some(Finding::Doubtful) => NextStep::AskPerson(WhyAsk::Doubtful),
        Some(Finding::Absent) if history.absent_looks == 0 => NextStep::LookAgain(timing.reconcile_wait),
        Some(Finding::Absent) if history.ambiguous_attempts <= 1 => NextStep::SendAgain,
        Some(Finding::Absent) => NextStep::AskPerson(WhyAsk::LostTwice),
        None if history.failed_looks + 1 >= MAX_FAILED_LOOKS => NextStep::AskPerson(WhyAsk::NoListing),
        None => {
            let pause = crate::job::backoff(timing, history.failed_looks + 1, jitter);
            NextStep::LookAgain(pause.max(timing.retry_cap / 4))
        }
    }
}

#[cfg(test)]
mod tests;
