//! What was decided about a text of a customer, or became of a model's words, as the store keeps it.
//!
//! One list, so that whoever shows a decision has words for each.

use crate::{
    loops::LoopSign,
    message::Origin,
    reply::{HandOver, Held, NoReply, STALE, SUPERSEDED},
    sending::Blocked,
};

/// A decision that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decided {
    /// No automatic answer.
    Nothing(NoReply),
    /// An answer was written and must not leave.
    Blocked(Blocked),
    /// Left to a person, after a notice or in silence.
    HandedOver(HandOver),
    /// Answered with a fixed text.
    AnsweredByTemplate,
    /// Answered by the bot.
    AnsweredByBot,
    /// Answered in a model's words.
    AnsweredByAssistant,
    /// Answered.
    Answered,
    /// The answer waits for a person: it is late.
    HeldStale,
    /// The answer waits for a person: it would pass the day's cap on money.
    HeldMoneyCap,
    /// Another answer of the person's waits already, for the same reason.
    Held(Held),
    /// A model's words are proposed to whoever is in charge.
    Proposed,
    /// An answer to a later text took its place.
    Superseded,
    /// A person wants no automatic answer.
    Discarded,
    /// It came from the earlier program.
    Imported,
    /// Something changed while the model thought, and it was asked again.
    AskedAgain,
    /// A cap delayed it while the model thought.
    Later,
    /// It was decided before the model answered.
    DecidedBefore,
    /// A person had the model write it, and it was sent.
    Sent,
    /// A person had the model write it, and it could not be sent.
    NotSent,
}

impl Decided {
    /// Every decision. Words that two of them share are listed for both.
    pub fn all() -> impl Iterator<Item = Self> {
        let plain = [
            Self::AnsweredByTemplate,
            Self::AnsweredByBot,
            Self::AnsweredByAssistant,
            Self::Answered,
            Self::HeldStale,
            Self::HeldMoneyCap,
            Self::Held(Held::Stale),
            Self::Held(Held::MoneyCap),
            Self::Proposed,
            Self::Superseded,
            Self::Discarded,
            Self::Imported,
            Self::AskedAgain,
            Self::Later,
            Self::DecidedBefore,
            Self::Sent,
            Self::NotSent,
        ];
        let nothing = NoReply::ALL.into_iter().map(Self::Nothing);
        let blocked = Blocked::ALL.into_iter().map(Self::Blocked);
        nothing.chain(blocked).chain(HandOver::ALL.into_iter().map(Self::HandedOver)).chain(plain)
    }

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nothing(reason) => reason.as_str(),
            Self::Blocked(reason) => reason.as_str(),
            Self::HandedOver(why) => why.as_str(),
            Self::AnsweredByTemplate => "answered_template",
            Self::AnsweredByBot => "answered_bot",
            Self::AnsweredByAssistant => "answered_assistant",
            Self::Answered => "answered",
            Self::HeldStale => "held_stale",
            Self::HeldMoneyCap => "held_money_cap",
            Self::Held(Held::Stale) => STALE,
            Self::Held(Held::MoneyCap) => Held::MoneyCap.as_str(),
            Self::Proposed => "proposed",
            Self::Superseded => SUPERSEDED,
            Self::Discarded => "discarded",
            Self::Imported => "imported",
            Self::AskedAgain => "asked_again",
            Self::Later => "later",
            Self::DecidedBefore => "decided_before",
            Self::Sent => "sent",
            Self::NotSent => "not_sent",
        }
    }

    /// Reads the stored word. A word that two decisions share is read as the first of them.
    pub fn parse(word: &str) -> Option<Self> {
        Self::all().find(|decided| decided.as_str() == word)
    }

    /// What an answer of that origin is kept as.
    pub const fn answered(origin: Origin) -> Self {
        match origin {
            Origin::Template => Self::AnsweredByTemplate,
            Origin::Bot => Self::AnsweredByBot,
            Origin::Assistant => Self::AnsweredByAssistant,
            Origin::HandOver
            | Origin::Human
            | Origin::Api
            | Origin::Cli
            | Origin::Campaign
            | Origin::Reminder
            | Origin::Digest
            | Origin::OptOutConfirmation
            | Origin::OptInConfirmation => Self::Answered,
        }
    }

    /// What an answer that waits for a person is kept as.
    pub const fn held(why: Held) -> Self {
        match why {
            Held::Stale => Self::HeldStale,
            Held::MoneyCap => Self::HeldMoneyCap,
        }
    }
}

impl HandOver {
    /// Every reason.
    pub const ALL: [Self; 5] =
        [Self::Wanted, Self::Unsure, Self::Unfit, Self::Loop(LoopSign::Quick), Self::Loop(LoopSign::Same)];
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn words_are_read_as_they_were_written() {
        let mut shared: BTreeMap<&str, usize> = BTreeMap::new();
        for decided in Decided::all() {
            let read = Decided::parse(decided.as_str()).unwrap();
            assert_eq!(read.as_str(), decided.as_str());
            *shared.entry(decided.as_str()).or_default() += 1;
        }
        shared.retain(|_, count| *count > 1);
        // A text that was not answered, and an answer that did not leave, for the same reason.
        assert_eq!(
            shared.into_keys().collect::<Vec<_>>(),
            ["automation_off", "human_in_charge", "opted_out"]
        );
        assert_eq!(Decided::parse("nonsense"), None);
    }
}
