//! The page of the classic auto-reply, in English.

use super::Entry;

pub(super) const TEXTS: &[Entry] = &[
    ("reply.admins", "An administrator changes these settings."),
    (
        "reply.assistant_on",
        "The AI answers now. Only one of the two answers: switching auto-reply on switches the AI off.",
    ),
    (
        "reply.automation_off",
        "Automatic replies are paused for the whole company now, so customers do not get this.",
    ),
    ("reply.away", "Outside business hours they get this instead:"),
    ("reply.enabled", "Reply automatically"),
    ("reply.limit", "At most 640 characters."),
    ("reply.nothing", "Auto-reply is off: customers get nothing from it."),
    (
        "reply.one_of_two",
        "Either auto-reply or the AI answers, never both: switching one on switches the other off.",
    ),
    ("reply.preview", "What a customer gets"),
    ("reply.refused.empty", "Write a text to switch auto-reply on."),
    ("reply.refused.long", "The text is too long: at most {limit} characters. Shorten it and save again."),
    ("reply.saved", "Auto-reply saved."),
    ("reply.setting", "Settings"),
    ("reply.takes", "Segments: {segments}"),
];
