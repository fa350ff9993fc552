//! Every state of the part before.

use super::*;

#[test]
fn a_part_follows_the_one_before() {
    let check = |word: &str, expect: PartTurn| {
        let before = MessageStatus::parse(word).unwrap();
        assert_eq!(turn(Some(before)), expect, "{word}");
    };
    for word in ["pending", "unknown"] {
        check(word, PartTurn::Wait);
    }
    check("held", PartTurn::Hold);
    for word in ["canceled", "failed", "undelivered"] {
        check(word, PartTurn::Cancel);
    }
    for word in
        ["accepted", "scheduled", "queued", "sending", "sent", "partially_delivered", "delivered", "read"]
    {
        check(word, PartTurn::Leave);
    }
    assert_eq!(turn(None), PartTurn::Leave);
}

#[test]
fn what_may_still_leave_needs_the_parts_before_it() {
    for (word, expect) in [
        ("pending", true),
        ("unknown", true),
        ("held", true),
        ("canceled", false),
        ("failed", false),
        ("undelivered", false),
        ("queued", false),
        ("sent", false),
        ("delivered", false),
    ] {
        assert_eq!(may_still_leave(MessageStatus::parse(word).unwrap()), expect, "{word}");
    }
}
