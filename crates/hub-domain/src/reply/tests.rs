use super::*;
use crate::keywords;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn template() -> AutoReply {
    AutoReply { enabled: true, message: "Oddzwonimy".into(), enabled_since: Some(at(100)) }
}

/// An ordinary text at second 200, everything on, nothing written yet.
fn facts(auto_reply: &AutoReply) -> ReplyFacts<'_> {
    ReplyFacts {
        body: "dzień dobry",
        received_at: at(200),
        sent_at: at(200),
        now: at(201),
        keyword: None,
        changed_consent: false,
        sender_can_read: true,
        opted_out: false,
        automation_enabled: true,
        mode: ConversationMode::Auto,
        auto_reply,
        bot: Some(Bot::Echo),
        written: AutomaticCounts::default(),
        caps: Caps::default(),
    }
}

fn check(change: impl FnOnce(&mut ReplyFacts<'_>), expect: &ReplyDecision) {
    let template = template();
    let mut facts = facts(&template);
    change(&mut facts);
    assert_eq!(&decide_reply(&facts), expect, "{facts:?}");
}

fn nothing(reason: NoReply) -> ReplyDecision {
    ReplyDecision::Nothing(reason)
}

fn answer(origin: Origin, body: &str) -> ReplyDecision {
    ReplyDecision::Answer { origin, body: body.into() }
}

#[test]
fn the_table_of_cases() {
    let off = AutoReply::default();
    check(|_| (), &answer(Origin::Template, "Oddzwonimy"));
    check(|f| f.keyword = keywords::classify("STOP"), &nothing(NoReply::Keyword));
    check(|f| f.keyword = keywords::classify("start"), &nothing(NoReply::Keyword));
    check(|f| f.keyword = keywords::classify("POMOC"), &answer(Origin::Template, "Oddzwonimy"));
    check(|f| f.keyword = keywords::classify("zapisz mnie"), &answer(Origin::Template, "Oddzwonimy"));
    check(|f| f.changed_consent = true, &nothing(NoReply::Keyword));
    check(|f| f.opted_out = true, &nothing(NoReply::OptedOut));
    check(|f| f.automation_enabled = false, &nothing(NoReply::AutomationOff));
    check(|f| f.mode = ConversationMode::Human, &nothing(NoReply::HumanInCharge));
    check(|f| f.mode = ConversationMode::Draft, &nothing(NoReply::HumanInCharge));
    check(|f| f.sender_can_read = false, &nothing(NoReply::UnreachableSender));
    check(|f| f.received_at = at(99), &nothing(NoReply::BeforeEnabled));
    check(|f| f.received_at = at(100), &answer(Origin::Template, "Oddzwonimy"));
    let template_off = |f: &mut ReplyFacts<'_>| f.auto_reply = Box::leak(Box::new(off.clone()));
    check(template_off, &answer(Origin::Bot, "Echo: dzień dobry"));
    check(
        |f| {
            template_off(f);
            f.bot = None;
        },
        &nothing(NoReply::NothingEnabled),
    );
}

#[test]
fn caps_of_the_contact_end_it_and_the_cap_of_the_minute_delays() {
    check(|f| f.written.contact_10_min = 2, &answer(Origin::Template, "Oddzwonimy"));
    check(|f| f.written.contact_10_min = 3, &nothing(NoReply::ContactCap10Min));
    check(|f| f.written.contact_day = 12, &nothing(NoReply::ContactCapDay));
    check(
        |f| {
            f.written.minute = 30;
            f.written.minute_frees_at = Some(at(230));
        },
        &ReplyDecision::Later(at(230)),
    );
    check(|f| f.written.minute = 30, &ReplyDecision::Later(at(202)));
    check(
        |f| {
            f.written =
                AutomaticCounts { contact_10_min: 99, contact_day: 99, minute: 99, minute_frees_at: None };
            f.caps = Caps { contact_10_min: 0, contact_day: 0, minute: 0 };
        },
        &answer(Origin::Template, "Oddzwonimy"),
    );
}

#[test]
fn a_message_older_than_15_minutes_is_left_to_a_person_whatever_the_caps() {
    let hold = ReplyDecision::Hold { origin: Origin::Template, body: "Oddzwonimy".into() };
    let aged = |age: i64| move |f: &mut ReplyFacts<'_>| f.now = at(200 + age);
    check(aged(900), &answer(Origin::Template, "Oddzwonimy"));
    check(aged(901), &hold);
    check(
        |f| {
            aged(901)(f);
            f.written =
                AutomaticCounts { contact_10_min: 99, contact_day: 99, minute: 99, minute_frees_at: None };
        },
        &hold,
    );
    // Twilio's clock decides, whenever we stored it.
    check(|f| f.sent_at = at(-700), &hold);
    check(|f| f.sent_at = at(9_999), &answer(Origin::Template, "Oddzwonimy"));
    // What nobody would answer is not held either.
    check(
        |f| {
            aged(901)(f);
            f.opted_out = true;
        },
        &nothing(NoReply::OptedOut),
    );
    check(
        |f| {
            aged(901)(f);
            f.mode = ConversationMode::Human;
        },
        &nothing(NoReply::HumanInCharge),
    );
}
