//! Who is in charge of a conversation after a person has written in it.

use jiff::{SignedDuration, Timestamp};

use crate::message::ConversationMode;

/// How long a person stays in charge after their last message, unless set otherwise.
pub const LASTS: SignedDuration = SignedDuration::from_hours(12);

/// The mode, and until when it holds (`None`: until somebody changes it), after a person's message.
///
/// A takeover is never shortened, and a conversation whose answers machines only draft stays one: there a
/// person sends every message anyway.
pub fn after_send(
    mode: ConversationMode,
    until: Option<Timestamp>,
    now: Timestamp,
    lasts: SignedDuration,
) -> (ConversationMode, Option<Timestamp>) {
    let ends = now.saturating_add(lasts).unwrap_or(Timestamp::MAX);
    match mode.in_force(until, now) {
        ConversationMode::Auto => (ConversationMode::Human, Some(ends)),
        ConversationMode::Human => (ConversationMode::Human, until.map(|until| until.max(ends))),
        ConversationMode::Draft => (ConversationMode::Draft, until),
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::after_send;
    use crate::message::ConversationMode::{Auto, Draft, Human};

    #[test]
    fn a_person_who_writes_is_in_charge_for_a_while() {
        let at = |hour: i64| Timestamp::from_second(1_767_225_600 + hour * 3600).unwrap();
        let lasts = SignedDuration::from_hours(12);
        for (mode, until, expect) in [
            (Auto, None, (Human, Some(at(12)))),
            (Human, Some(at(5)), (Human, Some(at(12)))),
            (Human, Some(at(20)), (Human, Some(at(20)))),
            (Human, None, (Human, None)),
            (Human, Some(at(0)), (Human, Some(at(12)))),
            (Draft, None, (Draft, None)),
            (Draft, Some(at(3)), (Draft, Some(at(3)))),
            (Draft, Some(at(-1)), (Human, Some(at(12)))),
        ] {
            assert_eq!(after_send(mode, until, at(0), lasts), expect, "{mode:?} {until:?}");
        }
    }
}
