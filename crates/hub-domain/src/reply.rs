//! Whether and how one inbound message is answered: one pure decision.
//!
//! The order is: opt-out words → the switch over all automation → who is in charge → template → bot → is it
//! too late → caps. Later ways of answering take their place in the same function; the caller only gathers
//! [`ReplyFacts`] and carries out the [`ReplyDecision`].

use jiff::{SignedDuration, Timestamp};

use crate::{
    bot::Bot,
    keywords::{Keyword, Language},
    message::{ConversationMode, Origin},
    settings::{AutoReply, Caps},
};

/// A machine's answer to an older message than this would look broken: a person decides.
pub const STALE_AFTER: SignedDuration = SignedDuration::from_mins(15);

/// Stored at an answer held because its message was too old.
pub const STALE: &str = "stale_reply";

/// Stored at a held answer that another one replaced, and at a message whose answer another one made idle.
pub const SUPERSEDED: &str = "superseded";

/// Everything the decision depends on, read in one go.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, read in the same transaction")]
pub struct ReplyFacts<'a> {
    /// The text of the inbound message.
    pub body: &'a str,
    /// When it was stored.
    pub received_at: Timestamp,
    /// When it was sent: by Twilio's clock where we have it, else when it was stored.
    pub sent_at: Timestamp,
    /// The time of the decision.
    pub now: Timestamp,
    /// What its whole text means, if it is one of the reserved words.
    pub keyword: Option<Keyword>,
    /// It stopped or resumed our messages: that was answered when it was stored.
    pub changed_consent: bool,
    /// The sender is a phone or a WhatsApp user: short codes and names can't read an answer.
    pub sender_can_read: bool,
    /// The person asked for silence.
    pub opted_out: bool,
    /// The switch over everything automatic, in the panel's top bar.
    pub automation_enabled: bool,
    /// Who is in charge of the conversation.
    pub mode: ConversationMode,
    /// Classic auto-reply.
    pub auto_reply: &'a AutoReply,
    /// The bot, when switched on.
    pub bot: Option<Bot>,
    /// Automatic replies written lately.
    pub written: AutomaticCounts,
    /// The limits on them.
    pub caps: Caps,
}

/// Automatic replies written lately.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AutomaticCounts {
    /// To this person in the last ten minutes.
    pub contact_10_min: u32,
    /// To this person in the last 24 hours.
    pub contact_day: u32,
    /// To everyone in the last minute.
    pub minute: u32,
    /// When the first of the last minute's replies leaves the window.
    pub minute_frees_at: Option<Timestamp>,
}

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
    /// Write this and let a person decide whether it still makes sense.
    Hold {
        /// Which of our ways wrote it.
        origin: Origin,
        /// The text.
        body: String,
    },
    /// Decide again at this time: the cap of the minute is used up.
    Later(Timestamp),
    /// No answer, and why.
    Nothing(NoReply),
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
    /// Nothing that answers is switched on.
    NothingEnabled,
    /// It arrived before the auto-reply was switched on.
    BeforeEnabled,
    /// This person has had enough automatic replies in ten minutes.
    ContactCap10Min,
    /// This person has had enough automatic replies today.
    ContactCapDay,
}

impl NoReply {
    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Keyword => "keyword",
            Self::OptedOut => "opted_out",
            Self::AutomationOff => "automation_off",
            Self::HumanInCharge => "human_in_charge",
            Self::UnreachableSender => "unreachable_sender",
            Self::NothingEnabled => "nothing_enabled",
            Self::BeforeEnabled => "before_enabled",
            Self::ContactCap10Min => "contact_cap_10_min",
            Self::ContactCapDay => "contact_cap_day",
        }
    }
}

/// Decides about one inbound message.
pub fn decide_reply(facts: &ReplyFacts<'_>) -> ReplyDecision {
    // Twilio answers its English words. A Polish one that changed nothing ("pomoc", "zapisz mnie" from
    // somebody who never left) is a question like any other.
    let answered_by_twilio = facts.keyword.is_some_and(|word| word.language() == Language::English);
    if answered_by_twilio || facts.changed_consent {
        return ReplyDecision::Nothing(NoReply::Keyword);
    }
    if facts.opted_out {
        return ReplyDecision::Nothing(NoReply::OptedOut);
    }
    if !facts.automation_enabled {
        return ReplyDecision::Nothing(NoReply::AutomationOff);
    }
    match facts.mode {
        ConversationMode::Human | ConversationMode::Draft => {
            return ReplyDecision::Nothing(NoReply::HumanInCharge);
        }
        ConversationMode::Auto => {}
    }
    if !facts.sender_can_read {
        return ReplyDecision::Nothing(NoReply::UnreachableSender);
    }
    let (origin, body) = match text(facts) {
        Ok(text) => text,
        Err(reason) => return ReplyDecision::Nothing(reason),
    };
    if is_stale(facts.sent_at, facts.now) {
        return ReplyDecision::Hold { origin, body };
    }
    within_caps(facts, ReplyDecision::Answer { origin, body })
}

/// Whether a message is too old to be answered by a machine.
pub fn is_stale(sent_at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(sent_at) > STALE_AFTER
}

/// The first way of answering that is switched on and has something to say.
fn text(facts: &ReplyFacts<'_>) -> Result<(Origin, String), NoReply> {
    let template = facts.auto_reply;
    if template.enabled && !template.message.is_empty() {
        return match template.enabled_since {
            Some(since) if facts.received_at < since => Err(NoReply::BeforeEnabled),
            _ => Ok((Origin::Template, template.message.clone())),
        };
    }
    match facts.bot {
        Some(bot) => Ok((Origin::Bot, bot.reply(facts.body))),
        None => Err(NoReply::NothingEnabled),
    }
}

fn within_caps(facts: &ReplyFacts<'_>, answer: ReplyDecision) -> ReplyDecision {
    let (caps, written) = (facts.caps, facts.written);
    if reached(caps.contact_10_min, written.contact_10_min) {
        return ReplyDecision::Nothing(NoReply::ContactCap10Min);
    }
    if reached(caps.contact_day, written.contact_day) {
        return ReplyDecision::Nothing(NoReply::ContactCapDay);
    }
    if reached(caps.minute, written.minute) {
        let next_second = facts.now.saturating_add(SignedDuration::from_secs(1)).unwrap_or(facts.now);
        return ReplyDecision::Later(written.minute_frees_at.map_or(next_second, |at| at.max(next_second)));
    }
    answer
}

fn reached(cap: u32, count: u32) -> bool {
    cap != 0 && count >= cap
}

#[cfg(test)]
mod tests;
