use jiff::civil::time;
use proptest::prelude::*;

use super::*;
use crate::settings::Caps;

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn check<T: Settings>(before: &T, after: &T, expect: &[(Field, Value, Value)]) {
    let changes: Vec<_> =
        before.changes(after).into_iter().map(|change| (change.field, change.from, change.to)).collect();
    assert_eq!(changes, expect);
}

#[test]
fn only_what_changed_is_named() {
    let auto_reply = AutoReply { message: "Oddzwonimy.".to_owned(), ..AutoReply::default() };
    check(&auto_reply, &auto_reply, &[]);
    let on =
        AutoReply { enabled: true, enabled_since: Some(jiff::Timestamp::UNIX_EPOCH), ..auto_reply.clone() };
    check(&auto_reply, &on, &[(Field::AutoReplyEnabled, Value::Switch(false), Value::Switch(true))]);

    let guards = Guards::default();
    let other = Guards {
        caps: Caps { contact_day: 0, ..guards.caps },
        countries: vec!["PL".to_owned(), "DE".to_owned()],
        money_day: 2_500_000,
        ..guards.clone()
    };
    let expect = [
        (Field::ContactDay, text("12"), text("0")),
        (Field::Countries, text("PL"), text("PL, DE")),
        (Field::MoneyDay, text("10.00"), text("2.50")),
    ];
    check(&guards, &other, &expect);
}

#[test]
fn hours_are_one_line() {
    let mut hours = Hours::default();
    let unset = hours.clone();
    hours.days[0] = Some(Span { from: time(8, 30, 0, 0), to: time(16, 0, 0, 0) });
    check(&unset, &hours, &[(Field::Days, Value::Unset, text("08:30–16:00, –, –, –, –, –, –"))]);
}

#[test]
fn numbers_of_people_are_masked_or_counted() {
    let before = AssistantSettings::default();
    let after = AssistantSettings {
        target_number: "+48500100123".to_owned(),
        only: vec!["+48500100124".to_owned(), "+48500100125".to_owned()],
        ..before.clone()
    };
    let masked = PhoneNumber::parse("+48500100123").unwrap().masked();
    let expect = [
        (Field::TargetNumber, Value::Unset, Value::Text(masked)),
        (Field::Only, Value::People(0), Value::People(2)),
    ];
    check(&before, &after, &expect);
    let odd = AssistantSettings { target_number: "zadzwoń 500100123".to_owned(), ..before.clone() };
    check(&before, &odd, &[(Field::TargetNumber, Value::Unset, text("*****"))]);
    for settings in [after, odd] {
        let kept = serde_json::to_string(&before.changes(&settings)).unwrap();
        assert!(!kept.contains("5001001"), "{kept}");
    }
}

#[test]
fn a_change_beyond_what_is_kept_is_a_change() {
    let long = |end: &str| format!("{}{end}", "x".repeat(LONGEST));
    let before = AssistantSettings {
        instruction: long("do 16"),
        target_number: "+48500100123".to_owned(),
        only: vec!["+48500100124".to_owned(), "+48500100125".to_owned()],
        ..AssistantSettings::default()
    };
    let turned = AssistantSettings { only: before.only.iter().rev().cloned().collect(), ..before.clone() };
    check(&before, &turned, &[]);
    let [form, file] =
        ["raz\r\ndwa", "raz\ndwa"].map(|text| AutoReply { message: text.to_owned(), ..AutoReply::default() });
    check(&file, &form, &[]);
    let after = AssistantSettings {
        instruction: long("do 17"),
        target_number: "+48600100123".to_owned(),
        only: vec!["+48500100124".to_owned(), "+48500100126".to_owned()],
        ..before.clone()
    };
    let changes = before.changes(&after);
    let fields: Vec<Field> = changes.iter().map(|change| change.field).collect();
    assert_eq!(fields, [Field::Instruction, Field::TargetNumber, Field::Only]);
    assert!(changes.iter().all(Change::looks_alike), "{changes:?}");
    let kept = serde_json::to_string(&changes).unwrap();
    assert!(!kept.contains("do 17") && !kept.contains("5001001"), "{kept}");
}

#[test]
fn a_switch_that_stays_changes_nothing() {
    assert_eq!(switched(Field::BotEnabled, Some(true), true), None);
    let change = switched(Field::BotEnabled, None, true).unwrap();
    assert_eq!((change.from, change.to), (Value::Unset, Value::Switch(true)));
}

#[test]
fn every_field_is_listed_once() {
    for (place, field) in Field::ALL.into_iter().enumerate() {
        let word = serde_json::to_string(&field).unwrap();
        assert_eq!(serde_json::from_str::<Field>(&word).unwrap(), field);
        assert!(!Field::ALL[..place].contains(&field), "{word} twice");
    }
}

proptest! {
    #[test]
    fn a_kept_text_is_one_short_line(written in ".{0,200}") {
        let Value::Text(kept) = Value::text(&written) else { unreachable!("a text is kept as one") };
        prop_assert!(kept.chars().count() <= LONGEST);
        prop_assert!(!kept.contains(['\n', '\r']));
    }

    #[test]
    fn a_change_is_read_as_it_was_kept(from in ".{0,100}", to in ".{0,100}", word in proptest::option::of(".{0,20}")) {
        let change = Change { field: Field::WordAnswer, word, from: Value::text(&from), to: Value::text(&to) };
        let kept = serde_json::to_string(&change).unwrap();
        prop_assert_eq!(serde_json::from_str::<Change>(&kept).unwrap(), change);
    }
}
