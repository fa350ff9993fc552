//! Inbox, in English.

use super::Entry;

pub(super) const TEXTS: &[Entry] = &[
    ("inbox.bad_id", "The field id is missing: give the UUID that your program made for the message."),
    ("inbox.bad_mode", "No such mode: auto, draft or human."),
    ("inbox.bad_span", "No such span: 24h, 7d, 30d or 90d."),
    ("inbox.bad_until", "until is wrong: give a time with its zone, such as 2026-11-22T18:00:00Z."),
    ("inbox.bad_view", "No such view: all, unread, needs_human, failed or opted_out."),
    ("inbox.id_taken", "Another message has this id. Make a new one."),
    ("inbox.no_contact", "No such contact."),
    ("inbox.no_consent", "Say in the field consent what consent the messages rest on."),
    ("inbox.not_failed", "Only a message that did not arrive can be sent again."),
    ("inbox.retried_before", "This message was sent again already. Retry the newer one if that failed too."),
    ("inbox.too_many_watchers", "Too many panels are open. Close some and try again."),
    ("inbox.decision.answered", "Answered automatically."),
    ("inbox.decision.before_enabled", "No automatic answer: it came before that was switched on."),
    ("inbox.decision.contact_cap", "No automatic answer: this person's limit is used up."),
    ("inbox.decision.human_in_charge", "No automatic answer: a person is in charge."),
    ("inbox.decision.imported", "Moved in from the earlier program."),
    ("inbox.decision.keyword", "A reserved word: it was answered in its own way."),
    ("inbox.decision.nothing_enabled", "No automatic answer: none is switched on."),
    ("inbox.decision.opted_out", "No answer: this person asked for silence."),
    ("inbox.decision.unreachable_sender", "No answer: this sender can't receive one."),
];
