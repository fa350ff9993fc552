//! Why a message did not leave, in words: the store keeps a short word of ours.

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
        "withdrawn" => t!(lang, "reason.withdrawn"),
        "lost_twice" | "doubtful" | "no_listing" => t!(lang, "reason.undecided"),
        "stale_reply" => t!(lang, "reason.stale_reply"),
        "superseded" => t!(lang, "reason.superseded"),
        "discarded" => t!(lang, "reason.discarded"),
        "could_not_leave" => t!(lang, "reason.could_not_leave"),
        _ => return None,
        "automation_off" => t!(lang, "reason.automation_off"),
    })
}

/// The words for what was decided about answering a text; `None` when it is no word of ours.
pub fn decision(lang: Lang, word: &str) -> Option<&'static str> {
    Some(match word {
        word if word.starts_with("answered") => t!(lang, "inbox.decision.answered"),
        "before_enabled" => t!(lang, "inbox.decision.before_enabled"),
        "contact_cap_10_min" | "contact_cap_day" => t!(lang, "inbox.decision.contact_cap"),
        "discarded" => t!(lang, "jobs.decision_discarded"),
        "human_in_charge" => t!(lang, "inbox.decision.human_in_charge"),
        "imported" => t!(lang, "inbox.decision.imported"),
        "keyword" => t!(lang, "inbox.decision.keyword"),
        "nothing_enabled" => t!(lang, "inbox.decision.nothing_enabled"),
        "opted_out" => t!(lang, "inbox.decision.opted_out"),
        "unreachable_sender" => t!(lang, "inbox.decision.unreachable_sender"),
        _ => return None,
    })
}
