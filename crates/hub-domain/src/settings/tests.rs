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

#[test]
fn guards_are_chosen_one_by_one_over_the_environment() {
    let base = Guards { money_day: 7, ..Guards::default() };
    let choice = GuardChoice { minute: Some(0), ..GuardChoice::default() };
    let guards = choice.clone().over(&base);
    assert_eq!((guards.caps.minute, guards.caps.contact_day, guards.money_day), (0, 12, 7));
    let wider = GuardChoice { countries: Some(vec!["PL".into(), "+49".into()]), ..GuardChoice::default() };
    let both = choice.clone().with(wider).unwrap();
    assert_eq!((both.minute, both.countries.clone().unwrap().len()), (Some(0), 2));
    let odd = GuardChoice { countries: Some(vec!["Polska".into()]), ..GuardChoice::default() };
    assert_eq!(choice.clone().with(odd), Err(BadCountries::Unknown("Polska".into())));
    let nowhere = GuardChoice { countries: Some(Vec::new()), ..GuardChoice::default() };
    assert_eq!(choice.with(nowhere), Err(BadCountries::Nowhere));
}
