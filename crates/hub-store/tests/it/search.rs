//! People by name and number, messages by their words.

use hub_domain::{
    ids::ContactId,
    message::{Direction, Origin},
    whatsapp::Template,
};
use hub_store::{NewOutbound, PeopleQuery};

use crate::{
    harness::{TestStore, fresh},
    people::EWA,
    remote::seen,
    words::{ANNA, PIOTR, accepted, at, inbound, message_id, outbound},
};

impl TestStore {
    async fn index(&self) {
        while self.index_messages(at(0)).await.unwrap() > 0 {}
    }

    async fn says(&self, text: &str, contact: Option<ContactId>) -> Vec<i64> {
        let found = self.search_messages(text.to_owned(), contact, None, 50).await.unwrap();
        found.iter().map(|message| message.row).collect()
    }
}

#[tokio::test]
async fn messages_are_found_by_their_words_in_any_form_newest_first() {
    let hub = fresh().await;
    let first = hub.receive(inbound("SM1").saying("Proszę o fakturę za wrzesień"), at(0)).await;
    let second = hub.receive(inbound("SM2").from(PIOTR).saying("Faktury nie ma!"), at(1)).await;
    hub.receive(inbound("SM3").saying("Dzień dobry"), at(2)).await;
    hub.receive(inbound("SM4").saying("👍"), at(2)).await;
    assert!(hub.says("faktura", None).await.is_empty(), "not indexed yet");
    hub.index().await;
    for (text, expect) in [
        ("faktura", vec![second, first]),
        ("FAKTURE", vec![second, first]),
        ("fakt", vec![second, first]),
        ("faktura wrzesien", vec![first]),
        ("faktura październik", vec![]),
        ("", vec![]),
        ("\"*() AND OR NOT", vec![]),
    ] {
        assert_eq!(hub.says(text, None).await, expect, "{text:?}");
    }
    let anna = hub.contact(ANNA).await;
    assert_eq!(hub.says("faktura", Some(anna)).await, [first]);
    let page = hub.search_messages("faktura".to_owned(), None, Some(second), 1).await.unwrap();
    assert_eq!(page.iter().map(|message| message.row).collect::<Vec<_>>(), [first]);
}

#[tokio::test]
async fn what_was_blanked_or_deleted_is_not_found() {
    let hub = fresh().await;
    let secret = inbound("SM1").saying("tajne hasło");
    let blanked = secret.0.sid.clone();
    hub.receive(secret, at(0)).await;
    let deleted = hub.receive(inbound("SM2").saying("tajne hasło"), at(0)).await;
    hub.index().await;
    assert_eq!(hub.says("tajne", None).await.len(), 2);
    hub.redact(blanked, at(1)).await.unwrap();
    hub.delete_messages(vec![deleted], at(1)).await.unwrap();
    let left = hub.on_disk("SELECT rowid || '' FROM message_text WHERE message_text MATCH 'tajn*'");
    assert!(left.is_empty());
}

#[tokio::test]
async fn many_messages_are_indexed_in_small_steps_once_each() {
    let hub = fresh().await;
    for number in 0..250 {
        hub.receive(inbound(&format!("SM{number}")).saying("raz"), at(0)).await;
    }
    let mut steps = Vec::new();
    loop {
        // Two at once, as two processes would: neither adds what the other did.
        let both = tokio::join!(hub.index_messages(at(0)), hub.index_messages(at(0)));
        let step = both.0.unwrap().max(both.1.unwrap());
        if step == 0 {
            break;
        }
        steps.push(step);
    }
    assert!(steps.iter().all(|step| *step <= 100), "{steps:?}");
    assert_eq!(hub.search_messages("raz".to_owned(), None, None, 1000).await.unwrap().len(), 250);
}

#[tokio::test]
async fn a_template_is_found_once_its_text_is_known() {
    let hub = fresh().await;
    let template = Template::from_json("HX0123456789abcdef0123456789abcdef", "").unwrap();
    let message = NewOutbound { template: Some(template), ..outbound(Origin::Api, ANNA, "") };
    let (row, job) = hub.queue_leased(message, at(0)).await;
    let (attempt, _) = hub.call(job, at(0)).await;
    hub.finish(job, attempt, accepted("SM1"), at(0)).await;
    hub.index().await;
    let seen = seen("SM1", Direction::Outbound, "Twoja wizyta jutro");
    hub.keep_remote(vec![(seen, message_id())], at(1)).await.unwrap();
    hub.index().await;
    assert_eq!(hub.says("wizyty", None).await, [row]);
}

#[tokio::test]
async fn people_are_found_by_the_beginnings_of_names_and_numbers() {
    let hub = fresh().await;
    for (sid, person, name) in [("SM1", ANNA, "Anna Żółkiewska"), ("SM2", PIOTR, "Piotr Anioł")] {
        hub.receive(inbound(sid).from(person), at(0)).await;
        hub.rename(hub.contact(person).await, Some(name.to_owned()), Some(EWA), at(0)).await.unwrap();
    }
    let check = async |words: &[&str], keys: &[&str], expect: &[&str]| {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let query = PeopleQuery { words: texts(words), keys: texts(keys) };
        let found = hub.search_people(query, 10, at(0)).await.unwrap();
        let mut found: Vec<String> = found.into_iter().map(|line| line.person.key).collect();
        found.sort();
        assert_eq!(found, expect, "{words:?} {keys:?}");
    };
    check(&["an"], &[], &[ANNA, PIOTR]).await;
    check(&["zolk"], &[], &[ANNA]).await;
    check(&["an", "pio"], &[], &[PIOTR]).await;
    check(&["an", "x"], &[], &[]).await;
    check(&[], &["+485001003"], &[PIOTR]).await;
    check(&[], &["+4850010", "+1"], &[ANNA, PIOTR]).await;
    check(&["anna"], &["+48500100200"], &[ANNA]).await;
    check(&[], &[""], &[]).await;
    hub.rename(hub.contact(ANNA).await, None, Some(EWA), at(1)).await.unwrap();
    check(&["zolk"], &[], &[]).await;
}
