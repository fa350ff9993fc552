//! Who is answered, by what, how often, and who is left in peace.

use std::time::Duration;

use hub_domain::message::ConversationMode;
use serde_json::json;
use twilio_chat::sys::Point;

use crate::{
    hub::TestHub,
    setup::Setup,
    talk::{ANNA, PIOTR},
    world::Death,
};

const MINUTE: Duration = Duration::from_mins(1);
const CONFIG: &str = "/api/auto-reply/config";

async fn set_auto_reply(hub: &mut TestHub, enabled: bool, message: &str) {
    let answer = hub.post(CONFIG, &json!({ "enabled": enabled, "message": message })).await.unwrap();
    assert_eq!(answer.json(), json!({ "enabled": enabled, "message": message }));
}

/// Lets someone write and whatever follows happen.
async fn writes(hub: &mut TestHub, number: &str, body: &str) {
    hub.phone(number).writes(body);
    hub.advance(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn the_template_answers_from_the_moment_it_is_switched_on() {
    let mut hub = TestHub::start().await;
    writes(&mut hub, ANNA, "Za wcześnie").await;
    // Taken before, decided after: it was not meant for that text.
    hub.phone(ANNA).writes("Tuż przed");
    hub.post_webhooks().await;
    hub.jump(Duration::from_secs(1));
    set_auto_reply(&mut hub, true, "Oddzwonimy").await;
    hub.run().await;
    writes(&mut hub, ANNA, "Po").await;
    set_auto_reply(&mut hub, false, "Oddzwonimy").await;
    writes(&mut hub, ANNA, "Wyłączone").await;
    assert_eq!(
        hub.decisions().await,
        ["nothing_enabled", "before_enabled", "answered_template", "nothing_enabled"]
    );
    assert_eq!(hub.phone(ANNA).got(), ["Oddzwonimy"]);
}

#[tokio::test]
async fn a_change_of_the_text_keeps_the_moment_it_was_switched_on() {
    let mut hub = TestHub::start().await;
    set_auto_reply(&mut hub, true, "Pierwsza").await;
    hub.jump(MINUTE);
    hub.phone(ANNA).writes("Między");
    hub.post_webhooks().await;
    hub.jump(MINUTE);
    set_auto_reply(&mut hub, true, "Druga").await;
    hub.advance(MINUTE).await;
    assert_eq!(hub.phone(ANNA).got(), ["Druga"]);
}

#[tokio::test]
async fn the_template_goes_before_the_bot() {
    let mut hub = Setup::new().with_bot().with_auto_reply("Oddzwonimy").start().await;
    writes(&mut hub, ANNA, "Hej").await;
    assert_eq!(hub.phone(ANNA).got(), ["Oddzwonimy"]);
}

#[tokio::test]
async fn the_bot_answers_by_its_kind() {
    for (mode, said, answer) in [
        ("echo", "Hej", "Echo: Hej"),
        ("echo", "", "Otrzymałem Twoją wiadomość."),
        ("keywords", "hej", "Nie rozumiem jeszcze tej komendy. Napisz HELP, aby zobaczyć dostępne opcje."),
        ("normal", "hej", "Nie rozumiem jeszcze tej komendy. Napisz HELP, aby zobaczyć dostępne opcje."),
    ] {
        let mut hub = Setup::new().with("CHAT_MODE", mode).with_bot().start().await;
        writes(&mut hub, ANNA, said).await;
        assert_eq!(hub.phone(ANNA).got(), [answer], "{mode}");
    }
}

#[tokio::test]
async fn nothing_switched_on_answers_nothing_except_in_the_demo() {
    let mut hub = TestHub::start().await;
    writes(&mut hub, ANNA, "Hej").await;
    assert_eq!(hub.decisions().await, ["nothing_enabled"]);
    let mut hub = Setup::new().demo().start().await;
    writes(&mut hub, ANNA, "Hej").await;
    assert_eq!(hub.phone(ANNA).got(), ["Echo: Hej"]);
}

#[tokio::test]
async fn one_person_gets_three_automatic_replies_in_ten_minutes_and_twelve_a_day() {
    // Somebody who writes as soon as a machine is stopped earlier.
    let setup = Setup::new().with_default_caps().with("AUTO_STOP_LOOPS", "false");
    let mut hub = setup.with_bot().start().await;
    for round in 1..=4 {
        for text in 0..5 {
            writes(&mut hub, ANNA, &format!("{round}.{text}")).await;
        }
        assert_eq!(hub.taken().len(), 3 * round);
        hub.advance(10 * MINUTE).await;
    }
    writes(&mut hub, ANNA, "Trzynasty").await;
    // Somebody else is not concerned.
    writes(&mut hub, PIOTR, "Hej").await;
    let decisions = hub.decisions().await;
    let count = |word: &str| decisions.iter().filter(|decision| *decision == word).count();
    assert_eq!(count("answered_bot"), 13);
    assert_eq!(count("contact_cap_10_min"), 8);
    assert_eq!(decisions[20], "contact_cap_day");
    hub.advance(24 * 60 * MINUTE).await;
    writes(&mut hub, ANNA, "Nazajutrz").await;
    assert_eq!(hub.phone(ANNA).got().len(), 13);
}

#[tokio::test]
async fn the_cap_of_the_minute_delays_and_never_drops() {
    let mut hub = Setup::new().with_default_caps().with_bot().start().await;
    let people: Vec<String> = (0..75).map(|number| format!("+485001002{number:02}")).collect();
    for person in &people {
        hub.phone(person).writes("Hej");
    }
    hub.run().await;
    assert_eq!(hub.taken().len(), 30);
    hub.advance(Duration::from_secs(59)).await;
    assert_eq!(hub.taken().len(), 30);
    hub.advance(Duration::from_secs(2)).await;
    assert_eq!(hub.taken().len(), 60);
    hub.advance(2 * MINUTE).await;
    for person in &people {
        assert_eq!(hub.phone(person).got(), ["Echo: Hej"], "{person}");
    }
}

#[tokio::test]
async fn a_polish_opt_out_is_confirmed_once_and_then_there_is_silence() {
    let mut hub = Setup::new().with_auto_reply("Oddzwonimy").start().await;
    for said in ["Wypisz mnie!", "REZYGNUJĘ", "Dlaczego nikt nie odpisuje?"] {
        writes(&mut hub, ANNA, said).await;
    }
    let confirmation = "OK, nie bedziemy juz wysylac wiadomosci na ten numer. Aby je wznowic, odpisz WZNOW.";
    assert_eq!(hub.phone(ANNA).got(), [confirmation]);
    assert_eq!(hub.decisions().await, ["keyword", "keyword", "opted_out"]);
    assert_eq!(hub.only_written().await.origin.unwrap().as_str(), "optout_confirmation");
    writes(&mut hub, ANNA, "Wznów").await;
    writes(&mut hub, ANNA, "Hej").await;
    let back = "OK, znow bedziemy wysylac wiadomosci na ten numer. Aby zrezygnowac, odpisz WYPISZ.";
    assert_eq!(hub.phone(ANNA).got(), [confirmation, back, "Oddzwonimy"]);
    // From somebody who never left it is a text like any other.
    writes(&mut hub, PIOTR, "Wznów").await;
    assert_eq!(hub.phone(PIOTR).got(), ["Oddzwonimy"]);
}

#[tokio::test]
async fn twilio_answers_stop_and_start_and_we_say_nothing() {
    let mut hub = Setup::new().with_bot().start().await;
    for said in ["stop", "STOP", "Hej?", "HELP"] {
        writes(&mut hub, ANNA, said).await;
    }
    assert!(hub.written().await.is_empty());
    assert_eq!(hub.phone(ANNA).got().len(), 2, "Twilio's own words");
    assert_eq!(hub.decisions().await, ["keyword", "keyword", "opted_out", "keyword"]);
    writes(&mut hub, ANNA, "START").await;
    assert!(hub.written().await.is_empty());
    writes(&mut hub, ANNA, "Hej!").await;
    assert_eq!(hub.only_written().await.body, "Echo: Hej!");
}

#[tokio::test]
async fn twilios_own_verdict_outranks_the_text() {
    let mut hub = Setup::new().with_bot().start().await;
    hub.phone(ANNA).sends("Koniec", Vec::new(), &[("OptOutType", "STOP")]);
    hub.advance(MINUTE).await;
    writes(&mut hub, ANNA, "Hej").await;
    assert!(hub.written().await.iter().all(|message| message.status.as_str() == "canceled"));
    assert!(hub.taken().is_empty());
    let entry = hub.store().suppression(ANNA.to_owned()).await.unwrap().unwrap();
    assert_eq!(entry.source, "twilio");
}

#[tokio::test]
async fn an_opt_out_holds_on_every_channel_of_a_person() {
    let mut hub = Setup::new().with_bot().start().await;
    writes(&mut hub, ANNA, "Wypisz mnie").await;
    writes(&mut hub, "whatsapp:+48500100200", "Hej").await;
    assert_eq!(hub.decisions().await, ["keyword", "opted_out"]);
}

#[tokio::test]
async fn a_person_who_takes_over_beats_what_is_queued_and_what_is_undecided() {
    let mut hub = Setup::new().with_bot().start().await;
    hub.dies(Death::At(Point::ReplyCommitted));
    hub.phone(ANNA).writes("Pierwsze");
    hub.run().await;
    hub.restart().await;
    // One answer is written and waits; another text is not decided yet.
    hub.phone(ANNA).writes("Drugie");
    hub.post_webhooks().await;
    hub.store().set_mode(ANNA.to_owned(), ConversationMode::Human, None).await.unwrap();
    hub.advance(MINUTE).await;
    let message = hub.only_written().await;
    assert_eq!(
        (message.status.as_str(), message.error_text.as_deref()),
        ("canceled", Some("human_in_charge"))
    );
    assert_eq!(hub.decisions().await, ["answered_bot", "human_in_charge"]);
    assert!(hub.taken().is_empty());
    let shown = hub.listed().await;
    assert_eq!(shown[1]["error"], "Nie wysłano: rozmowę przejął człowiek.");
    // What a person or a program asks for still leaves.
    assert_eq!(hub.api_sends(ANNA, "Tu Ewa").await.status, 200);
    hub.store().set_mode(ANNA.to_owned(), ConversationMode::Auto, None).await.unwrap();
    writes(&mut hub, ANNA, "Trzecie").await;
    assert_eq!(hub.phone(ANNA).got(), ["Tu Ewa", "Echo: Trzecie"]);
}

#[tokio::test]
async fn an_opt_out_beats_an_answer_that_is_already_queued() {
    let mut hub = Setup::new().with_auto_reply("Oddzwonimy").start().await;
    hub.dies(Death::At(Point::ReplyCommitted));
    hub.phone(ANNA).writes("Hej");
    hub.run().await;
    hub.restart().await;
    hub.phone(ANNA).writes("STOP");
    hub.post_webhooks().await;
    hub.advance(MINUTE).await;
    let message = hub.only_written().await;
    assert_eq!((message.status.as_str(), message.error_text.as_deref()), ("canceled", Some("opted_out")));
    assert!(hub.taken().is_empty());
}

#[tokio::test]
async fn an_answer_leaves_from_the_address_that_was_written_to() {
    let mut hub = Setup::new().with_bot().start().await;
    writes(&mut hub, "whatsapp:+48500100200", "Hej").await;
    writes(&mut hub, ANNA, "Hej").await;
    let from: Vec<_> = hub.taken().into_iter().map(|message| (message.from.unwrap(), message.to)).collect();
    assert_eq!(
        from,
        [
            ("whatsapp:+48500100900".to_owned(), "whatsapp:+48500100200".to_owned()),
            (hub.number().to_owned(), ANNA.to_owned())
        ]
    );
}
