//! Why a message did not leave, in words: the store keeps a short word of ours.

use hub_domain::{
    decided::Decided,
    loops::LoopSign,
    reply::{HandOver, Held, NoReply},
    sending::Blocked,
};

use super::Lang;
use crate::t;

/// The words for a stored reason; `None` when it is no word of ours but Twilio's text.
pub fn reason(lang: Lang, word: &str) -> Option<&'static str> {
    Some(match word {
        "opted_out" => t!(lang, "reason.opted_out"),
        "human_in_charge" => t!(lang, "reason.human_in_charge"),
        "part_before_failed" => t!(lang, "reason.part_before_failed"),
        "part_before_held" => t!(lang, "reason.part_before_held"),
        "money_cap" => t!(lang, "reason.money_cap"),
        "window_closed" => t!(lang, "reason.window_closed"),
        "automation_off" => t!(lang, "reason.automation_off"),
        "withdrawn" => t!(lang, "reason.withdrawn"),
        "lost_twice" | "doubtful" | "no_listing" => t!(lang, "reason.undecided"),
        "stale_reply" => t!(lang, "reason.stale_reply"),
        "superseded" => t!(lang, "reason.superseded"),
        "discarded" => t!(lang, "reason.discarded"),
        "could_not_leave" => t!(lang, "reason.could_not_leave"),
        _ => return None,
    })
}

/// The words for what was decided about answering a text; `None` when it is no word of ours.
pub fn decision(lang: Lang, word: &str) -> Option<&'static str> {
    Decided::parse(word).map(|decided| sentence(lang, decided)).or_else(|| of_articles(lang, word))
}

/// The words for how an answer from the articles was made.
fn of_articles(lang: Lang, word: &str) -> Option<&'static str> {
    Some(match word {
        "answered_cited" => t!(lang, "answering.decision.cited"),
        "found_nothing" => t!(lang, "answering.decision.nothing"),
        "quoted_failed" => t!(lang, "answering.decision.failed"),
        "quoted_cap" => t!(lang, "answering.decision.cap"),
        "quoted_uncited" => t!(lang, "answering.decision.uncited"),
        "quoted_too_long" => t!(lang, "answering.decision.too_long"),
        "quoted_invented" => t!(lang, "answering.decision.invented"),
        "quoted_unfit" => t!(lang, "answering.decision.unfit"),
        _ => return None,
    })
}

fn sentence(lang: Lang, decided: Decided) -> &'static str {
    match decided {
        Decided::Nothing(reason) => not_answered(lang, reason),
        Decided::Blocked(Blocked::OptedOut) => t!(lang, "inbox.decision.opted_out"),
        Decided::Blocked(Blocked::HumanInCharge) => t!(lang, "inbox.decision.human_in_charge"),
        Decided::Blocked(Blocked::AutomationOff) => t!(lang, "decision.automation_off"),
        Decided::Blocked(Blocked::WindowClosed) => t!(lang, "decision.window_closed"),
        Decided::Blocked(Blocked::PartBeforeFailed) => t!(lang, "decision.part_before_failed"),
        Decided::HandedOver(HandOver::Wanted) => t!(lang, "decision.handover_wanted"),
        Decided::HandedOver(HandOver::Unsure) => t!(lang, "decision.handover_unsure"),
        Decided::HandedOver(HandOver::Unfit) => t!(lang, "decision.handover_unfit"),
        Decided::HandedOver(HandOver::Loop(LoopSign::Quick)) => t!(lang, "decision.loop_quick"),
        Decided::HandedOver(HandOver::Loop(LoopSign::Same)) => t!(lang, "decision.loop_same"),
        Decided::AnsweredByTemplate => t!(lang, "decision.answered_template"),
        Decided::AnsweredByBot => t!(lang, "decision.answered_bot"),
        Decided::AnsweredByAssistant => t!(lang, "decision.answered_assistant"),
        Decided::Answered => t!(lang, "inbox.decision.answered"),
        Decided::HeldStale | Decided::Held(Held::Stale) => t!(lang, "decision.held_stale"),
        Decided::HeldMoneyCap | Decided::Held(Held::MoneyCap) => t!(lang, "decision.held_money_cap"),
        Decided::Proposed => t!(lang, "decision.proposed"),
        Decided::Superseded => t!(lang, "decision.superseded"),
        Decided::Discarded => t!(lang, "jobs.decision_discarded"),
        Decided::Imported => t!(lang, "inbox.decision.imported"),
        Decided::AskedAgain => t!(lang, "decision.asked_again"),
        Decided::Later => t!(lang, "decision.later"),
        Decided::DecidedBefore => t!(lang, "decision.decided_before"),
        Decided::Sent => t!(lang, "decision.sent"),
        Decided::NotSent => t!(lang, "decision.not_sent"),
    }
}

fn not_answered(lang: Lang, reason: NoReply) -> &'static str {
    match reason {
        NoReply::Keyword => t!(lang, "inbox.decision.keyword"),
        NoReply::OptedOut => t!(lang, "inbox.decision.opted_out"),
        NoReply::AutomationOff => t!(lang, "decision.automation_off"),
        NoReply::HumanInCharge => t!(lang, "inbox.decision.human_in_charge"),
        NoReply::UnreachableSender => t!(lang, "inbox.decision.unreachable_sender"),
        NoReply::OtherApplication => t!(lang, "decision.other_application"),
        NoReply::OwnNumber => t!(lang, "decision.own_number"),
        NoReply::ForeignCountry => t!(lang, "decision.foreign_country"),
        NoReply::NothingEnabled => t!(lang, "inbox.decision.nothing_enabled"),
        NoReply::BeforeEnabled => t!(lang, "inbox.decision.before_enabled"),
        NoReply::AnsweredBefore => t!(lang, "decision.answered_before"),
        NoReply::AnsweredTogether => t!(lang, "decision.answered_together"),
        NoReply::NoModel => t!(lang, "decision.no_model"),
        NoReply::ModelFailed => t!(lang, "decision.model_failed"),
        NoReply::ContactCap10Min | NoReply::ContactCapDay => t!(lang, "inbox.decision.contact_cap"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_decision_is_said_in_a_sentence() {
        for decided in Decided::all() {
            for lang in [Lang::Pl, Lang::En] {
                let said = decision(lang, decided.as_str()).unwrap();
                assert!(
                    said.ends_with('.') && said.contains(' ') && !said.contains('_'),
                    "{decided:?}: {said}"
                );
            }
            assert_ne!(decision(Lang::Pl, decided.as_str()), decision(Lang::En, decided.as_str()));
        }
        assert_eq!(decision(Lang::En, "no word of ours"), None);
    }

    #[test]
    fn every_reason_not_to_leave_has_words() {
        for blocked in Blocked::ALL {
            assert!(reason(Lang::Pl, blocked.as_str()).is_some(), "{blocked:?}");
        }
    }
}
