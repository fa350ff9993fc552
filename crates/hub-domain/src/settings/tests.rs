use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

#[test]
fn enabled_since_is_the_moment_of_switching_on_and_stays() {
    let off = AutoReply::default();
    let on = off.changed(true, " Dzień dobry ", at(10)).unwrap();
    assert_eq!((on.message.as_str(), on.enabled_since), ("Dzień dobry", Some(at(10))));
    let edited = on.changed(true, "Cześć", at(20)).unwrap();
    assert_eq!(edited.enabled_since, Some(at(10)));
    let off = edited.changed(false, "Cześć", at(30)).unwrap();
    assert_eq!(off.enabled_since, None);
    assert_eq!(off.changed(true, "Cześć", at(40)).unwrap().enabled_since, Some(at(40)));
}

#[test]
fn an_empty_or_overlong_text_is_refused() {
    let off = AutoReply::default();
    assert_eq!(off.changed(true, "  ", at(1)), Err(AutoReplyError::EmptyMessage));
    assert!(off.changed(false, "", at(1)).is_ok());
    assert!(off.changed(true, &"ż".repeat(640), at(1)).is_ok());
    assert_eq!(off.changed(true, &"ż".repeat(641), at(1)), Err(AutoReplyError::TooLong));
}
