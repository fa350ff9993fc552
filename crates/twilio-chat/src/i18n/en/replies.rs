//! The pages of fixed answers, in English: the auto-reply and the hours, words, consents.

use super::Entry;

pub(super) const TEXTS: &[Entry] = &[
    ("replies.admins_change", "An administrator can change this."),
    ("replies.day.fri", "Friday"),
    ("replies.day.mon", "Monday"),
    ("replies.day.sat", "Saturday"),
    ("replies.day.sun", "Sunday"),
    ("replies.day.thu", "Thursday"),
    ("replies.day.tue", "Tuesday"),
    ("replies.day.wed", "Wednesday"),
    ("replies.done.auto_off", "Saved. The auto-reply is off."),
    ("replies.done.auto_on", "Saved. The auto-reply is on."),
    ("replies.done.hours", "Hours saved."),
    ("replies.hours", "Business hours"),
    (
        "replies.hours.about",
        "Tick the days you work. A closing time before the opening one is on the next day. Without a ticked day hours do not count: somebody is taken to be there always.",
    ),
    ("replies.hours.away", "Reply outside of the hours"),
    (
        "replies.hours.away.about",
        "Outside of the hours it replaces the auto-reply, even one that is off. Empty: the same at any hour. At most 640 characters.",
    ),
    ("replies.hours.bad", "Enter the opening and closing time, such as 09:00 and 17:00. Day: {day}."),
    ("replies.hours.from", "From"),
    ("replies.hours.to", "To"),
    ("replies.now", "What a customer who writes now gets"),
    ("replies.now.assistant", "The AI assistant answers, in words of its own."),
    ("replies.now.auto_reply", "The auto-reply:"),
    ("replies.now.away", "It is outside of business hours, so:"),
    ("replies.now.bot", "The built-in bot answers."),
    ("replies.now.nothing", "Nothing: no automatic reply is on."),
    ("replies.now.switched_off", "Nothing: automatic replies are off by the switch at the top of the page."),
    ("replies.text", "Text of the auto-reply"),
    (
        "replies.text.about",
        "One reply for everybody who writes after it was switched on. Caps keep customers from being flooded, and a thread that a person leads stays theirs.",
    ),
    ("replies.text.assistant_on", "The assistant is on now."),
    ("replies.text.enabled", "Reply automatically"),
    (
        "replies.text.excludes",
        "The auto-reply and the AI assistant exclude each other: switching one on switches the other off. The text stays for when the assistant can't answer.",
    ),
    ("replies.text.limit", "At most {limit} characters."),
    ("replies.text.variables", "No variables: the text goes out word for word, braces included."),
];
