//! When a person has to look at a conversation, and why.
//!
//! A pure rule over two facts: a message that waits for a decision, and the newest text of the customer that
//! no machine will answer. That a text is unread is another matter: unread is for whoever reads, this is for
//! what will not happen by itself.

use crate::reply::{HandOver, NoReply};

/// Why a conversation needs a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attention {
    /// A message of ours is held until a person decides about it.
    Held,
    /// The customer was promised a person.
    Handoff,
    /// The customer wrote while a person was in charge.
    Unanswered,
    /// The customer wrote, and the limit on automatic answers was used up.
    CapReached,
}

impl Attention {
    /// Every reason.
    pub const ALL: [Self; 4] = [Self::Held, Self::Handoff, Self::Unanswered, Self::CapReached];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Handoff => "handoff",
            Self::Unanswered => "unanswered",
            Self::CapReached => "cap_reached",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word)
    }
}

/// A message that a person has to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asking {
    /// Why.
    pub why: Attention,
    /// Its row.
    pub message: i64,
}

/// What the rule looks at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AttentionFacts {
    /// The newest message of ours that is held.
    pub held: Option<i64>,
    /// The newest text of theirs that was left to a person and that nobody has answered since.
    pub left: Option<Asking>,
}

/// Whether a person is needed, and since which message. A held message comes first: until it is decided
/// about, somebody waits for it.
pub fn attention(facts: AttentionFacts) -> Option<Asking> {
    match (facts.held, facts.left) {
        (Some(held), Some(left)) => Some(Asking { why: Attention::Held, message: held.max(left.message) }),
        (Some(held), None) => Some(Asking { why: Attention::Held, message: held }),
        (None, left) => left,
    }
}

/// Whether a text that gets no automatic answer is left to a person. Not: what the customer settled by the text itself,
/// what can't be answered, was or is another's to answer, and what nobody switched an answer on for (that is everyday
/// unread mail).
pub const fn left_to_a_person(decision: NoReply) -> Option<Attention> {
    match decision {
        NoReply::HumanInCharge
        | NoReply::AutomationOff
        | NoReply::ForeignCountry
        | NoReply::NoModel
        | NoReply::ModelFailed => Some(Attention::Unanswered),
        NoReply::ContactCap10Min | NoReply::ContactCapDay => Some(Attention::CapReached),
        NoReply::Keyword
        | NoReply::OptedOut
        | NoReply::UnreachableSender
        | NoReply::OwnNumber
        | NoReply::OtherApplication
        | NoReply::AnsweredBefore
        | NoReply::AnsweredTogether
        | NoReply::NothingEnabled
        | NoReply::BeforeEnabled => None,
    }
}

/// Why a text that ended the automatic answers needs a person: a customer was promised one, a machine was not.
pub const fn handed_over(why: HandOver) -> Attention {
    match why {
        HandOver::Wanted | HandOver::Unsure | HandOver::Unfit => Attention::Handoff,
        HandOver::Loop(_) => Attention::Unanswered,
    }
}

#[cfg(test)]
mod tests;
