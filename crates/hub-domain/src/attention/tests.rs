use super::{Asking, Attention, AttentionFacts, attention, left_to_a_person};
use crate::reply::NoReply;

#[test]
fn a_held_message_comes_before_an_unanswered_text_and_the_newest_of_both_counts() {
    let left = |why, message| Some(Asking { why, message });
    for (held, unanswered, expect) in [
        (None, None, None),
        (None, left(Attention::Unanswered, 7), left(Attention::Unanswered, 7)),
        (None, left(Attention::CapReached, 7), left(Attention::CapReached, 7)),
        (None, left(Attention::Handoff, 7), left(Attention::Handoff, 7)),
        (Some(5), None, left(Attention::Held, 5)),
        (Some(5), left(Attention::Unanswered, 7), left(Attention::Held, 7)),
        (Some(9), left(Attention::Unanswered, 7), left(Attention::Held, 9)),
    ] {
        assert_eq!(attention(AttentionFacts { held, left: unanswered }), expect, "{held:?} {unanswered:?}");
    }
}

#[test]
fn only_what_waits_for_somebody_is_left_to_a_person() {
    for (decision, expect) in [
        (NoReply::HumanInCharge, Some(Attention::Unanswered)),
        (NoReply::ContactCap10Min, Some(Attention::CapReached)),
        (NoReply::ContactCapDay, Some(Attention::CapReached)),
        (NoReply::Keyword, None),
        (NoReply::OptedOut, None),
        (NoReply::UnreachableSender, None),
        (NoReply::NothingEnabled, None),
        (NoReply::AutomationOff, Some(Attention::Unanswered)),
        (NoReply::BeforeEnabled, None),
    ] {
        assert_eq!(left_to_a_person(decision), expect, "{decision:?}");
    }
}

#[test]
fn each_reason_has_its_word() {
    for reason in Attention::ALL {
        assert_eq!(Attention::parse(reason.as_str()), Some(reason));
    }
    assert_eq!(Attention::parse("bored"), None);
}
