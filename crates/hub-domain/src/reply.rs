//! Whether and how one inbound message is answered: one pure decision.
//!
//! The order is: opt-out words → another application's → answered before → the switch over all automation → who is in
//! charge → who must not be answered by machine → commands and words → the assistant → away text → template → bot →
//! is it too late → caps → money. The caller only gathers [`ReplyFacts`] and carries out the [`ReplyDecision`]; the table is in
//! `docs/decisions/0018-who-answers.md`.
//!
//! A model's answer takes seconds, so the decision is made twice: without [`Told`] it may say [`ReplyDecision::Ask`];
//! with it, from facts read anew, it says what becomes of the words.

mod decision;

use jiff::{SignedDuration, Timestamp};

use crate::{
    address::Address,
    assistant::{
        handover,
        settings::{AssistantSettings, OnFailure},
    },
    bot::Bot,
    fixed_text::{FixedText, fixed_text},
    keywords::{Keyword, Language},
    listeners::{self, Heard, Listener},
    loops::LoopSign,
    message::{ConversationMode, Origin},
    price::Prices,
    recovery,
    settings::{AutoReply, Caps},
    spending::{self, Micros},
};

pub use decision::{HandOver, Held, NoReply, ReplyDecision};

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
    /// Who wrote.
    pub from: &'a Address,
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
    /// It was found in Twilio's list, without its webhook.
    pub recovered: bool,
    /// For a text that was recovered: when the newest message to this person was made that Twilio's list alone told
    /// us of.
    pub ours_in_list: Option<Timestamp>,
    /// It was recovered, and was sent to a number of the account's that is another application's.
    pub is_elsewhere: bool,
    /// The sender is a number of ours.
    pub is_ours: bool,
    /// The sender's country is one that is answered by machine.
    pub country_allowed: bool,
    /// The person asked for silence.
    pub opted_out: bool,
    /// The switch over everything automatic, in the panel's top bar.
    pub automation_enabled: bool,
    /// Who is in charge of the conversation.
    pub mode: ConversationMode,
    /// The other end looks like a machine.
    pub loop_sign: Option<LoopSign>,
    /// Commands and words.
    pub listeners: &'a [Listener],
    /// The assistant.
    pub assistant: AssistantFacts<'a>,
    /// Somebody is there, by the business hours.
    pub is_open: bool,
    /// What is said while nobody is there.
    pub away: Option<&'a str>,
    /// Classic auto-reply.
    pub auto_reply: &'a AutoReply,
    /// The bot, when switched on.
    pub bot: Option<Bot>,
    /// Automatic replies written lately.
    pub written: AutomaticCounts,
    /// The limits on them.
    pub caps: Caps,
    /// Spent today.
    pub spent: Micros,
    /// The limit on it; `0` lifts it.
    pub money_day: Micros,
    /// What a text is taken to cost.
    pub prices: &'a Prices,
}

/// What the decision depends on when a model may answer.
#[derive(Clone, Copy, Debug)]
pub struct AssistantFacts<'a> {
    /// How it is set up.
    pub settings: &'a AssistantSettings,
    /// There is a key to ask it with.
    pub available: bool,
    /// The person is one of those it answers.
    pub addressed: bool,
    /// The person wrote again since: that message is answered, with this one.
    pub wrote_again: bool,
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

/// What a model is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// An answer in the conversation.
    Answer,
    /// A proposal that a person may send.
    Draft,
    /// An answer from the knowledge base to this question.
    News(String),
}

/// What a model said when it was asked, judged by [`crate::assistant::output`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What it was asked for.
    pub ask: Ask,
    /// What came of it.
    pub words: Words,
}

/// What came of asking a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Words {
    /// This may be said.
    Say(String),
    /// A person should answer.
    HandOver(HandOver),
    /// Nothing came, for this reason.
    Failed,
}

/// Decides about one inbound message; `told` is what a model said when an earlier decision was to ask it.
pub fn decide_reply(facts: &ReplyFacts<'_>, told: Option<&Told>) -> ReplyDecision {
    // Twilio answers its English words. A Polish one that changed nothing ("pomoc", "zapisz mnie" from
    // somebody who never left) is a question like any other.
    let answered_by_twilio = facts.keyword.is_some_and(|word| word.language() == Language::English);
    if answered_by_twilio || facts.changed_consent {
        return ReplyDecision::Nothing(NoReply::Keyword);
    }
    if facts.opted_out {
        return ReplyDecision::Nothing(NoReply::OptedOut);
    }
    if facts.is_elsewhere {
        return ReplyDecision::Nothing(NoReply::OtherApplication);
    }
    if recovery::was_answered(facts.sent_at, facts.ours_in_list) {
        return ReplyDecision::Nothing(NoReply::AnsweredBefore);
    }
    if !facts.automation_enabled {
        return ReplyDecision::Nothing(NoReply::AutomationOff);
    }
    if facts.mode == ConversationMode::Human {
        return ReplyDecision::Nothing(NoReply::HumanInCharge);
    }
    if let Some(reason) = never_by_machine(facts) {
        return ReplyDecision::Nothing(reason);
    }
    if let Some(sign) = facts.loop_sign {
        return ReplyDecision::HandOver { say: None, why: HandOver::Loop(sign) };
    }
    if facts.mode == ConversationMode::Draft {
        return if facts.assistant.available && has_text(facts) {
            ask(facts, Ask::Draft, told)
        } else {
            ReplyDecision::Nothing(NoReply::HumanInCharge)
        };
    }
    match listeners::hear(facts.listeners, facts.body) {
        Some(Heard::News("")) => return template(facts, listeners::NEWS_USAGE),
        Some(Heard::News(query)) => return ask(facts, Ask::News(query.to_owned()), told),
        Some(Heard::NewsOff) => return template(facts, listeners::NEWS_OFF),
        Some(Heard::Word(answer)) => return template(facts, answer),
        None => {}
    }
    if assistant_answers(facts) {
        return by_assistant(facts, told);
    }
    by_fixed_text(facts)
}

/// Nobody is there to read an answer, or it must not be a machine that writes it.
fn never_by_machine(facts: &ReplyFacts<'_>) -> Option<NoReply> {
    if !facts.from.can_be_answered_automatically() {
        Some(NoReply::UnreachableSender)
    } else if facts.is_ours {
        Some(NoReply::OwnNumber)
    } else if !facts.country_allowed {
        Some(NoReply::ForeignCountry)
    } else {
        None
    }
}

fn assistant_answers(facts: &ReplyFacts<'_>) -> bool {
    let AssistantFacts { settings, addressed, .. } = facts.assistant;
    let now = settings.when.includes(facts.is_open);
    settings.enabled && addressed && now && has_text(facts)
}

/// A picture alone is nothing that a model of words could answer.
fn has_text(facts: &ReplyFacts<'_>) -> bool {
    !facts.body.trim().is_empty()
}

fn by_assistant(facts: &ReplyFacts<'_>, told: Option<&Told>) -> ReplyDecision {
    let settings = facts.assistant.settings;
    if handover::is_wanted(facts.body) {
        return hand_over(facts, HandOver::Wanted);
    }
    if !facts.assistant.available {
        return instead_of_model(facts, NoReply::NoModel);
    }
    ask(facts, if settings.draft { Ask::Draft } else { Ask::Answer }, told)
}

/// What the model said, or that it is to be asked. Nobody is asked what could not be said anyway.
fn ask(facts: &ReplyFacts<'_>, ask: Ask, told: Option<&Told>) -> ReplyDecision {
    let is_command = matches!(ask, Ask::News(_));
    if !is_command && facts.assistant.wrote_again {
        return ReplyDecision::Nothing(NoReply::AnsweredTogether);
    }
    let words = told.filter(|told| told.ask == ask).map(|told| &told.words);
    let Some(words) = words else {
        let quiet = SignedDuration::from_secs(facts.assistant.settings.quiet_seconds.into());
        let more_until = facts.received_at.saturating_add(quiet).unwrap_or(facts.now);
        if !is_command && facts.now < more_until {
            return ReplyDecision::Later(more_until);
        }
        return match ask {
            Ask::Draft => ReplyDecision::Ask(ask),
            // It will be held, whatever the caps.
            Ask::Answer | Ask::News(_) if is_untimely(facts) => ReplyDecision::Ask(ask),
            Ask::Answer | Ask::News(_) => within_caps(facts, 1).unwrap_or(ReplyDecision::Ask(ask)),
        };
    };
    match (words, ask) {
        (Words::Say(body), Ask::Draft) => ReplyDecision::Propose(body.clone()),
        (Words::Say(body), Ask::Answer | Ask::News(_)) => answer(facts, Origin::Assistant, body),
        // Whoever is in charge of a draft sees that there is none.
        (Words::HandOver(_) | Words::Failed, Ask::Draft) => ReplyDecision::Nothing(NoReply::ModelFailed),
        (Words::HandOver(why), Ask::Answer | Ask::News(_)) => hand_over(facts, *why),
        (Words::Failed, Ask::Answer | Ask::News(_)) => instead_of_model(facts, NoReply::ModelFailed),
    }
}

/// What follows when the model can't answer: never its error, never the bot.
fn instead_of_model(facts: &ReplyFacts<'_>, reason: NoReply) -> ReplyDecision {
    let text = facts.auto_reply.message.trim();
    match facts.assistant.settings.on_failure {
        OnFailure::Template if !text.is_empty() => template(facts, text),
        OnFailure::Template | OnFailure::Silence => ReplyDecision::Nothing(reason),
    }
}

fn hand_over(facts: &ReplyFacts<'_>, why: HandOver) -> ReplyDecision {
    let text = facts.assistant.settings.handover_text.trim();
    let may =
        !text.is_empty() && matches!(answer(facts, Origin::HandOver, text), ReplyDecision::Answer { .. });
    ReplyDecision::HandOver { say: may.then(|| text.to_owned()), why }
}

/// The first fixed text that is switched on and has something to say.
fn by_fixed_text(facts: &ReplyFacts<'_>) -> ReplyDecision {
    match fixed_text(facts.listeners, facts.away, facts.auto_reply) {
        Some(FixedText::Away(away)) => return template(facts, away),
        Some(FixedText::AutoReply(auto_reply)) => {
            return match auto_reply.enabled_since {
                Some(since) if facts.received_at < since => ReplyDecision::Nothing(NoReply::BeforeEnabled),
                _ => template(facts, &auto_reply.message),
            };
        }
        None => {}
    }
    match facts.bot {
        Some(bot) => answer(facts, Origin::Bot, &bot.reply(facts.body)),
        None => ReplyDecision::Nothing(NoReply::NothingEnabled),
    }
}

fn template(facts: &ReplyFacts<'_>, body: &str) -> ReplyDecision {
    answer(facts, Origin::Template, body)
}

/// Whether a message is too old to be answered by a machine.
pub fn is_stale(sent_at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(sent_at) > STALE_AFTER
}

/// The moment of the oldest message that a machine may answer yet, see [`is_stale`].
pub fn first_on_time(now: Timestamp) -> Timestamp {
    now.checked_sub(STALE_AFTER).unwrap_or(Timestamp::MIN)
}

/// Whether a machine must not answer by itself: it is late, or by a clock that is wrong nobody knows. What was recovered
/// lies in the past by Twilio's clock, so ours is behind when it doesn't.
fn is_untimely(facts: &ReplyFacts<'_>) -> bool {
    is_stale(facts.sent_at, facts.now) || facts.recovered && is_stale(facts.now, facts.sent_at)
}

/// The answer, if nothing that limits answers is in its way.
fn answer(facts: &ReplyFacts<'_>, origin: Origin, body: &str) -> ReplyDecision {
    if is_untimely(facts) {
        return ReplyDecision::Hold { origin, body: body.to_owned(), why: Held::Stale };
    }
    let parts = u32::try_from(parts(body).len()).unwrap_or(u32::MAX);
    if let Some(limited) = within_caps(facts, parts) {
        return limited;
    }
    let body = body.to_owned();
    let cost = spending::estimate(facts.prices, facts.from, &body);
    if spending::passes_cap(facts.spent, cost, facts.money_day) {
        return ReplyDecision::Hold { origin, body, why: Held::MoneyCap };
    }
    ReplyDecision::Answer { origin, body }
}

/// The messages that an answer leaves as.
pub fn parts(body: &str) -> Vec<String> {
    use crate::long_text::{LONGEST, PartLimit, split};
    split(body, PartLimit { chars: LONGEST, segments: None })
}

/// What keeps so many more messages from being written.
fn within_caps(facts: &ReplyFacts<'_>, parts: u32) -> Option<ReplyDecision> {
    let (caps, written) = (facts.caps, facts.written);
    // A long answer may pass a cap that it would never fit, when it is the first.
    let reached = |cap: u32, count: u32| cap != 0 && (count >= cap || count > 0 && count + parts > cap);
    if reached(caps.contact_10_min, written.contact_10_min) {
        return Some(ReplyDecision::Nothing(NoReply::ContactCap10Min));
    }
    if reached(caps.contact_day, written.contact_day) {
        return Some(ReplyDecision::Nothing(NoReply::ContactCapDay));
    }
    if reached(caps.minute, written.minute) {
        let next_second = facts.now.saturating_add(SignedDuration::from_secs(1)).unwrap_or(facts.now);
        let frees = written.minute_frees_at.map_or(next_second, |at| at.max(next_second));
        return Some(ReplyDecision::Later(frees));
    }
    None
}

#[cfg(test)]
mod tests;
