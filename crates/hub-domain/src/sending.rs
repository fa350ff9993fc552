//! Whether a message may leave, and what follows a call to Twilio.

use std::time::Duration;

use jiff::Timestamp;

use crate::{
    attempt::AttemptOutcome,
    job::backoff,
    message::{ConversationMode, Origin},
    reply::is_stale,
    status::DeliveryStatus,
    timing::Timing,
    twilio_code::{CodeAction, action},
};

/// What the permission depends on; read inside the transaction that writes the message or takes it for
/// delivery, so that an opt-out or a takeover that committed first always wins.
#[derive(Clone, Copy, Debug)]
pub struct SendFacts {
    /// Who wrote the message.
    pub origin: Origin,
    /// The recipient asked for silence.
    pub opted_out: bool,
    /// Who is in charge of the conversation.
    pub mode: ConversationMode,
    /// It is a free text or media for WhatsApp, and the customer's 24 hours are over.
    pub window_closed: bool,
    /// Everything automatic is switched off, and no person let this message go.
    pub silenced: bool,
}

/// Why a message must not leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocked {
    /// The recipient asked for silence.
    OptedOut,
    /// A person took the conversation over and this is an automatic reply.
    HumanInCharge,
    /// It is a part of a long text, and the part before it will not arrive.
    PartBeforeFailed,
    /// On WhatsApp only a template may be sent 24 hours after the customer last wrote.
    WindowClosed,
    /// Everything automatic was switched off before it left.
    AutomationOff,
}

impl Blocked {
    /// Every reason.
    pub const ALL: [Self; 5] = [
        Self::OptedOut,
        Self::HumanInCharge,
        Self::PartBeforeFailed,
        Self::WindowClosed,
        Self::AutomationOff,
    ];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OptedOut => "opted_out",
            Self::HumanInCharge => "human_in_charge",
            Self::PartBeforeFailed => "part_before_failed",
            Self::WindowClosed => "window_closed",
            Self::AutomationOff => "automation_off",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|blocked| blocked.as_str() == word)
    }

    /// Whether the message is kept for a person to decide about; else it is canceled.
    pub const fn waits_for_a_person(self) -> bool {
        match self {
            Self::AutomationOff => true,
            Self::OptedOut | Self::HumanInCharge | Self::PartBeforeFailed | Self::WindowClosed => false,
        }
    }
}

/// The one permission to send, asked when a message is written and again when it is taken for delivery.
pub fn may_send(facts: &SendFacts) -> Result<(), Blocked> {
    let confirmation = matches!(facts.origin, Origin::OptOutConfirmation | Origin::OptInConfirmation);
    if facts.opted_out && !confirmation {
        return Err(Blocked::OptedOut);
    }
    match facts.mode {
        ConversationMode::Human | ConversationMode::Draft if facts.origin.is_automatic_reply() => {
            Err(Blocked::HumanInCharge)
        }
        ConversationMode::Auto | ConversationMode::Draft | ConversationMode::Human if facts.window_closed => {
            Err(Blocked::WindowClosed)
        }
        // What says that a person will answer is true while machines are silent.
        ConversationMode::Auto | ConversationMode::Draft | ConversationMode::Human
            if facts.silenced && facts.origin.is_automatic_reply() =>
        {
            Err(Blocked::AutomationOff)
        }
        ConversationMode::Auto | ConversationMode::Draft | ConversationMode::Human => Ok(()),
    }
}

/// What tells whether an answer is too late when its turn to leave has come.
#[derive(Clone, Copy, Debug)]
pub struct LateFacts {
    /// Who wrote the answer.
    pub origin: Origin,
    /// No person let it go.
    pub unattended: bool,
    /// It is the whole answer or its first part: nothing of it has left.
    pub begins: bool,
    /// When the text that it answers was sent.
    pub asked_at: Timestamp,
}

/// Whether a machine's answer was written in time and would leave late: the process was down, Twilio out of reach,
/// the queue stopped or long. A person decides about it, as about one that is late when it is written.
pub fn leaves_late(facts: &LateFacts, now: Timestamp) -> bool {
    let LateFacts { origin, unattended, begins, asked_at } = *facts;
    origin.is_automatic_reply() && unattended && begins && is_stale(asked_at, now)
}

/// What becomes of the message after a call to Twilio.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AfterAttempt {
    /// Twilio has it.
    Settle(DeliveryStatus),
    /// Twilio will never take it.
    Fail {
        /// Twilio's code, when it gave one.
        code: Option<u32>,
        /// The recipient opted out at Twilio: remember it.
        opted_out: bool,
    },
    /// Certainly not processed: call again after this pause.
    Retry {
        /// The pause.
        after: Duration,
    },
    /// Twilio's queue for this sender is full: nothing of that sender is called for in this pause.
    PauseSender {
        /// The pause.
        after: Duration,
    },
    /// Twilio refuses our account: every other message would fare the same, and this one is not to blame.
    StopQueue,
    /// Nobody knows: look it up at Twilio before anything else happens.
    Reconcile,
    /// It could not leave for too long: a person decides.
    Hold,
}

/// Decides what follows a finished call. `refusals` counts earlier calls that certainly did not get
/// through, `tried_for` is the time since the first of them, without the time in which the queue stood still.
pub fn after_attempt(
    outcome: &AttemptOutcome,
    refusals: u32,
    tried_for: Duration,
    timing: &Timing,
    jitter: u64,
) -> AfterAttempt {
    let unless_too_long = |next| if tried_for >= timing.give_up_after { AfterAttempt::Hold } else { next };
    let retry = || unless_too_long(AfterAttempt::Retry { after: backoff(timing, refusals + 1, jitter) });
    match outcome {
        AttemptOutcome::Accepted { status, .. } => AfterAttempt::Settle(*status),
        AttemptOutcome::Ambiguous { .. } => AfterAttempt::Reconcile,
        AttemptOutcome::NotSent { .. } => retry(),
        AttemptOutcome::Refused { http_status, code, .. } => match action(*http_status, *code) {
            CodeAction::Final => AfterAttempt::Fail { code: *code, opted_out: false },
            CodeAction::FinalOptOut => AfterAttempt::Fail { code: *code, opted_out: true },
            CodeAction::RetryLater => retry(),
            CodeAction::RetryMuchLater => {
                unless_too_long(AfterAttempt::PauseSender { after: timing.queue_full_wait })
            }
            CodeAction::StopQueue => AfterAttempt::StopQueue,
            CodeAction::Reconcile => AfterAttempt::Reconcile,
        },
    }
}

#[cfg(test)]
mod tests;
