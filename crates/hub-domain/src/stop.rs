//! When nothing may leave because Twilio refuses the account: who stops the queue, who tries, who resumes.
//!
//! Refused credentials are nobody's message's fault. So no message fails, waits less or is counted for it: the
//! queue stands still, one message a minute tries, and the first answer that takes the account lets all go on.

use jiff::Timestamp;

use crate::{
    attempt::AttemptOutcome,
    twilio_code::{Advice, CodeAction, action, advice},
};

/// Tells one set of credentials from another without telling them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fingerprint(pub [u8; 16]);

/// The queue stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// Since when.
    pub since: Timestamp,
    /// What Twilio answered.
    pub http_status: u16,
    /// Twilio's code, when it gave one.
    pub code: Option<u32>,
    /// Which credentials it was that Twilio refused.
    pub credentials: Fingerprint,
    /// When one message may try.
    pub probe_at: Timestamp,
    /// It was Twilio's list that was refused; no message has been since.
    pub by_reading: bool,
}

impl Stop {
    /// What a person can do about it. Twilio's code may be missing; a 401 is about the credentials all the same.
    pub fn advice(&self) -> Option<&'static Advice> {
        self.code.or((self.http_status == 401).then_some(CREDENTIALS)).and_then(advice)
    }
}

/// Twilio's code of refused credentials.
const CREDENTIALS: u32 = 20003;

/// Whether a refused reading of Twilio's list says that nothing can be sent either: the credentials are wrong. A key
/// that may send and not read is refused with another code.
pub fn stops(http_status: u16, code: Option<u32>) -> bool {
    http_status == 401 && code.is_none_or(|code| code == CREDENTIALS)
}

/// Whether reading Twilio's list with these credentials ends the stop. Where a message was refused, only a message's
/// answer does.
pub fn is_over(stop: &Stop, ours: Fingerprint) -> bool {
    stop.by_reading && stop.http_status == 401 && stop.credentials == ours
}

/// What a message that wants to leave may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passage {
    /// Nothing stands in its way.
    Free,
    /// It tries for all: the next one may a while later.
    Probe,
    /// These are other credentials than those refused: the stop is over.
    Resume,
    /// It waits.
    Closed,
}

/// What an answer says of our account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Twilio refuses it.
    Refused,
    /// Twilio takes it, whatever it says of the message.
    Taken,
    /// Nothing.
    Silent,
}

/// Whether a message may leave with these credentials.
pub fn passage(stop: Option<&Stop>, ours: Fingerprint, now: Timestamp) -> Passage {
    match stop {
        None => Passage::Free,
        Some(stop) if stop.credentials != ours => Passage::Resume,
        Some(stop) if stop.probe_at <= now => Passage::Probe,
        Some(_) => Passage::Closed,
    }
}

/// What the end of a call says of our account. A 429 is given before anybody looks at the credentials.
pub fn verdict(outcome: &AttemptOutcome) -> Verdict {
    match outcome {
        AttemptOutcome::Accepted { .. } => Verdict::Taken,
        AttemptOutcome::NotSent { .. } | AttemptOutcome::Ambiguous { .. } => Verdict::Silent,
        AttemptOutcome::Refused { http_status, code, .. } => match action(*http_status, *code) {
            CodeAction::StopQueue => Verdict::Refused,
            CodeAction::Final | CodeAction::FinalOptOut | CodeAction::RetryMuchLater => Verdict::Taken,
            CodeAction::RetryLater | CodeAction::Reconcile => Verdict::Silent,
        },
    }
}

#[cfg(test)]
mod tests;
