//! Opt-out and opt-in: on disk with the message that asked for it, before anything automatic.

use hub_domain::{
    job::JobKind,
    keywords::{self, OptOutType},
    message::{ConversationMode, Origin},
    sending::Blocked,
};
use hub_store::{Begun, StoreError};

use crate::{
    harness::{TestStore, fresh},
    words::{ANNA, Text, accepted, at, failure, inbound, outbound, refused, report},
};

/// What we wrote by ourselves: confirmations of opting out and in.
async fn confirmations(hub: &TestStore) -> Vec<Origin> {
    hub.written().await.iter().filter_map(|message| message.origin).collect()
}

/// Anna's texts, one after the other → who says that she is silenced, and what we confirmed.
async fn check(texts: &[Text], silenced: Option<&str>, confirmed: &[Origin]) {
    let hub = fresh().await;
    for (second, text) in (0..).zip(texts) {
        hub.receive(text.clone(), at(second)).await;
    }
    let said: Vec<&str> = texts.iter().map(|text| text.0.body.as_str()).collect();
    assert_eq!(hub.silenced(ANNA).await.as_deref(), silenced, "{said:?}");
    assert_eq!(confirmations(&hub).await, confirmed, "{said:?}");
}

fn say(number: u32, body: &str) -> Text {
    inbound(&format!("SM{number}")).saying(body)
}

#[tokio::test]
async fn a_polish_word_is_confirmed_exactly_once() {
    check(&[say(1, "WYPISZ")], Some("keyword"), &[Origin::OptOutConfirmation]).await;
    check(&[say(1, "wypisz"), say(2, "Wypisz!")], Some("keyword"), &[Origin::OptOutConfirmation]).await;
    check(&[say(1, "STOP"), say(2, "wypisz")], Some("keyword"), &[]).await;
}

#[tokio::test]
async fn twilios_own_word_is_not_confirmed_by_us() {
    check(&[say(1, "STOP")], Some("keyword"), &[]).await;
    check(&[say(1, "stop "), say(2, "START")], None, &[]).await;
}

#[tokio::test]
async fn a_word_inside_a_sentence_or_a_bare_no_is_talk() {
    check(&[say(1, "proszę nie mówić stop")], None, &[]).await;
    check(&[say(1, "NIE")], None, &[]).await;
}

#[tokio::test]
async fn opting_in_means_something_only_after_opting_out() {
    check(&[say(1, "START")], None, &[]).await;
    check(&[say(1, "wznów")], None, &[]).await;
    let both = [Origin::OptOutConfirmation, Origin::OptInConfirmation];
    check(&[say(1, "wypisz"), say(2, "wznów")], None, &both).await;
    check(&[say(1, "STOP"), say(2, "YES")], None, &[]).await;
}

#[tokio::test]
async fn twilios_verdict_outranks_the_text() {
    let verdict = |number, body, verdict| say(number, body).with_verdict(verdict);
    check(&[verdict(1, "dość", OptOutType::Stop)], Some("twilio"), &[]).await;
    check(&[verdict(1, "wypisz", OptOutType::Stop)], Some("twilio"), &[]).await;
    check(&[verdict(1, "STOP", OptOutType::Help)], None, &[]).await;
    check(&[say(1, "STOP"), verdict(2, "jednak tak", OptOutType::Start)], None, &[]).await;
}

#[tokio::test]
async fn opting_out_holds_for_the_person_on_every_channel() {
    let hub = fresh().await;
    let whatsapp = say(1, "wypisz").from("whatsapp:+48500100200").to("whatsapp:+15005550006");
    hub.receive(whatsapp, at(5)).await;
    let entry = hub.suppression(ANNA.to_owned()).await.unwrap().unwrap();
    assert_eq!((entry.source.as_str(), entry.since), ("keyword", at(5)));
    let [confirmation] = &hub.written().await[..] else { panic!("no confirmation") };
    assert_eq!(
        (confirmation.from.as_str(), confirmation.to.as_str()),
        ("whatsapp:+15005550006", "whatsapp:+48500100200")
    );
}

#[tokio::test]
async fn the_first_date_of_an_opt_out_stays() {
    let hub = fresh().await;
    hub.receive(say(1, "STOP"), at(5)).await;
    hub.receive(say(2, "STOP"), at(50)).await;
    assert_eq!(hub.suppression(ANNA.to_owned()).await.unwrap().unwrap().since, at(5));
}

#[tokio::test]
async fn the_confirmation_leaves_although_the_person_is_on_the_list_and_a_person_is_in_charge() {
    let hub = fresh().await;
    let asked = hub.receive(say(1, "wypisz"), at(0)).await;
    hub.set_mode(ANNA.to_owned(), ConversationMode::Human, None).await.unwrap();
    let [job] =
        hub.lease(at(1)).await.into_iter().filter(|job| job.kind == JobKind::Deliver).collect::<Vec<_>>()[..]
    else {
        panic!("no deliver job")
    };
    let (_, call) = hub.call(job, at(1)).await;
    assert_eq!((call.to.as_str(), call.body.as_str()), (ANNA, keywords::stop_confirmation()));
    assert_ne!(job.message, asked);
}

#[tokio::test]
async fn a_sender_that_can_not_be_answered_gets_no_confirmation() {
    let hub = fresh().await;
    hub.receive(say(1, "wypisz").from("72400"), at(0)).await;
    assert_eq!(hub.silenced("72400").await.as_deref(), Some("keyword"));
    assert!(confirmations(&hub).await.is_empty());
}

#[tokio::test]
async fn an_opt_out_cancels_what_still_waits_to_leave() {
    let hub = fresh().await;
    let row = hub.queue(outbound(Origin::Human, ANNA, "raz"), at(0)).await;
    hub.receive(say(1, "STOP"), at(1)).await;
    let jobs = hub.lease(at(2)).await;
    let job = jobs.into_iter().find(|job| job.message == row).unwrap();
    assert_eq!(hub.begin(job, at(2)).await.1, Begun::Blocked(Blocked::OptedOut));
    let message = hub.row(row).await;
    assert_eq!((message.status.as_str(), message.error_text.as_deref()), ("canceled", Some("opted_out")));
    assert!(hub.outcomes(row).await.is_empty());
    assert!(hub.open_jobs(JobKind::Deliver).await.is_empty());
}

#[tokio::test]
async fn a_refusal_with_21610_puts_the_person_on_the_list() {
    let hub = fresh().await;
    let (row, _) = hub.send(ANNA, refused(400, 21610), at(0)).await;
    assert_eq!(hub.silenced(ANNA).await.as_deref(), Some("twilio_21610"));
    assert_eq!((hub.status(row).await, hub.row(row).await.error_code), ("failed", Some(21610)));
}

#[tokio::test]
async fn a_callback_with_21610_puts_the_person_on_the_list() {
    let hub = fresh().await;
    hub.send(ANNA, accepted("SM1"), at(0)).await;
    hub.apply_status(failure("SM1", "failed", 30003), at(1)).await.unwrap();
    assert_eq!(hub.silenced(ANNA).await, None);
    hub.apply_status(failure("SM1", "undelivered", 21610), at(2)).await.unwrap();
    assert_eq!(hub.silenced(ANNA).await.as_deref(), Some("twilio_21610"));
}

#[tokio::test]
async fn a_callback_with_21610_that_came_before_its_sid_was_known_counts_too() {
    let hub = fresh().await;
    hub.apply_status(failure("SM1", "undelivered", 21610), at(0)).await.unwrap();
    hub.send(ANNA, accepted("SM1"), at(1)).await;
    assert_eq!(hub.silenced(ANNA).await.as_deref(), Some("twilio_21610"));
}

#[tokio::test]
async fn a_repeated_callback_does_not_silence_someone_who_opted_in_since() {
    let hub = fresh().await;
    hub.send(ANNA, accepted("SM1"), at(0)).await;
    hub.apply_status(failure("SM1", "undelivered", 21610), at(1)).await.unwrap();
    hub.receive(say(2, "START"), at(2)).await;
    hub.apply_status(failure("SM1", "undelivered", 21610), at(3)).await.unwrap();
    hub.apply_status(report("SM1", "delivered"), at(4)).await.unwrap();
    assert_eq!(hub.silenced(ANNA).await, None);
}

#[tokio::test]
async fn the_mode_of_a_stranger_can_not_be_set() {
    let hub = fresh().await;
    let answer = hub.set_mode(ANNA.to_owned(), ConversationMode::Human, None).await;
    assert!(matches!(answer, Err(StoreError::NotFound("contact"))));
}
