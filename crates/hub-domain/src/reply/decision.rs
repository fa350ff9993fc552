//! What can be decided about one inbound message, and the words under which it is stored.

use jiff::Timestamp;

use super::{Ask, STALE};
use crate::{loops::LoopSign, message::Origin};

/// What to do about one inbound message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplyDecision {
    /// Send this.
    Answer {
        /// Which of our ways wrote it.
        origin: Origin,
        /// The text.
        body: String,
    },
    /// Write this down, for a person to let it go.
    Hold {
        /// Which of our ways wrote it.
        origin: Origin,
        /// The text.
        body: String,
        /// Why it does not leave by itself.
        why: Held,
    },
    /// Propose this to whoever is in charge.
    Propose(String),
    /// Leave it to a person.
    HandOver {
        /// Said to the customer once.
        say: Option<String>,
        /// Why.
        why: HandOver,
    },
    /// Ask a model first.
    Ask(Ask),
    /// Decide again at this time: the cap of the minute is used up, or more texts may come.
    Later(Timestamp),
    /// No answer, and why.
    Nothing(NoReply),
}

/// Why an answer waits for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// The message is too old to be answered by a machine.
    Stale,
    /// It would pass the day's cap on money.
    MoneyCap,
}

impl Held {
    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stale => STALE,
            Self::MoneyCap => "money_cap",
        }
    }
}

/// Why a conversation is left to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandOver {
    /// The customer asked for one.
    Wanted,
    /// The model asked for one.
    Unsure,
    /// The model's words must not be said.
    Unfit,
    /// The other end looks like a machine.
    Loop(LoopSign),
}

impl HandOver {
    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wanted => "handover_wanted",
            Self::Unsure => "handover_unsure",
            Self::Unfit => "handover_unfit",
            Self::Loop(sign) => sign.as_str(),
        }
    }
}

/// Why a message gets no automatic answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoReply {
    /// A reserved word (STOP, HELP, WYPISZ …) that Twilio or the store has answered already.
    Keyword,
    /// The person asked for silence.
    OptedOut,
    /// Everything automatic is switched off.
    AutomationOff,
    /// A person is in charge of the conversation.
    HumanInCharge,
    /// The sender can't read an answer.
    UnreachableSender,
    /// The sender is ourselves.
    OwnNumber,
    /// The sender's country is not answered by machine.
    ForeignCountry,
    /// Nothing that answers is switched on.
    NothingEnabled,
    /// It arrived before the auto-reply was switched on.
    BeforeEnabled,
    /// It was recovered, and the number it was sent to is another application's, which may answer.
    OtherApplication,
    /// It was recovered, and Twilio's list shows a later message to this person: somebody has answered, or we have
    /// before our memory was set back.
    AnsweredBefore,
    /// The person wrote again: one answer is for both.
    AnsweredTogether,
    /// There is no model to ask.
    NoModel,
    /// The model gave no answer.
    ModelFailed,
    /// This person has had enough automatic replies in ten minutes.
    ContactCap10Min,
    /// This person has had enough automatic replies today.
    ContactCapDay,
}

impl NoReply {
    /// Every reason.
    pub const ALL: [Self; 16] = [
        Self::Keyword,
        Self::OptedOut,
        Self::AutomationOff,
        Self::HumanInCharge,
        Self::UnreachableSender,
        Self::OwnNumber,
        Self::ForeignCountry,
        Self::NothingEnabled,
        Self::BeforeEnabled,
        Self::OtherApplication,
        Self::AnsweredBefore,
        Self::AnsweredTogether,
        Self::NoModel,
        Self::ModelFailed,
        Self::ContactCap10Min,
        Self::ContactCapDay,
    ];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Keyword => "keyword",
            Self::OptedOut => "opted_out",
            Self::AutomationOff => "automation_off",
            Self::HumanInCharge => "human_in_charge",
            Self::UnreachableSender => "unreachable_sender",
            Self::OwnNumber => "own_number",
            Self::ForeignCountry => "foreign_country",
            Self::NothingEnabled => "nothing_enabled",
            Self::BeforeEnabled => "before_enabled",
            Self::OtherApplication => "other_application",
            Self::AnsweredBefore => "answered_before",
            Self::AnsweredTogether => "answered_together",
            Self::NoModel => "no_model",
            Self::ModelFailed => "model_failed",
            Self::ContactCap10Min => "contact_cap_10_min",
            Self::ContactCapDay => "contact_cap_day",
        }
    }
}
