//! What was decided about a text, in a sentence, in English.

use super::Entry;

pub(super) const TEXTS: &[Entry] = &[
    ("decision.answered_assistant", "Answered by the AI."),
    ("decision.answered_bot", "Answered by the built-in bot."),
    ("decision.answered_template", "Answered with a fixed text."),
    ("decision.answered_together", "Answered together with a later message."),
    ("decision.asked_again", "Something changed meanwhile: the model was asked again."),
    ("decision.automation_off", "No automatic answer: automation was switched off."),
    ("decision.decided_before", "Decided before the model answered."),
    ("decision.foreign_country", "No automatic answer: the country is not on the list."),
    ("decision.handover_unfit", "Left to a person: the AI's answer was not fit to be sent."),
    ("decision.handover_unsure", "Left to a person: the AI did not know the answer."),
    ("decision.handover_wanted", "Left to a person, as the customer asked."),
    ("decision.held_money_cap", "The answer waits for a decision: the day's cap on costs is reached."),
    ("decision.held_stale", "The answer waits for a decision: the message was more than 15 minutes old."),
    ("decision.later", "Put off: the cap on answers a minute."),
    ("decision.loop_quick", "Left to a person: the other end answers like a machine."),
    ("decision.loop_same", "Left to a person: the other end keeps writing the same."),
    ("decision.model_failed", "No answer by the AI: the model gave none."),
    ("decision.no_model", "No answer by the AI: there is no key for the model."),
    ("decision.not_sent", "Written by the AI, and could not be sent."),
    ("decision.answered_before", "No automatic answer: Twilio's list shows a later message to this person."),
    ("decision.other_application", "No automatic answer: another application takes this number's messages."),
    ("decision.own_number", "No automatic answer: it is a number of our own."),
    ("decision.part_before_failed", "Not sent: an earlier part of the text did not arrive."),
    ("decision.proposed", "The AI proposed an answer."),
    ("decision.sent", "Written by the AI and sent."),
    ("decision.superseded", "Replaced by the answer to a later message."),
    ("decision.window_closed", "No answer: the 24 hours in which WhatsApp allows one are over."),
];
