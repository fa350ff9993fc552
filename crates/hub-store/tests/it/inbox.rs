//! What a customer's message leaves behind.

use hub_domain::{
    job::JobKind,
    message::{Direction, Media},
};
use hub_store::{EventKind, Recorded};
use tokio::task::JoinSet;

use crate::{
    harness::{TestStore, fresh},
    words::{ANNA, Text, US, at, inbound, message_id},
};

/// Delivers a text `times` times at once; the answers.
async fn deliver_at_once(hub: &TestStore, text: &Text, times: usize) -> Vec<Recorded> {
    let mut deliveries = JoinSet::new();
    for _ in 0..times {
        let (store, text) = ((**hub).clone(), text.0.clone());
        deliveries.spawn(async move {
            store.record_inbound(text, message_id(), message_id(), at(0)).await.unwrap()
        });
    }
    deliveries.join_all().await
}

#[tokio::test]
async fn a_text_delivered_a_hundred_times_is_one_message_one_reply_job_and_one_event() {
    let hub = fresh().await;
    let mut answers = Vec::new();
    for _ in 0..5 {
        answers.extend(deliver_at_once(&hub, &inbound("SM1"), 20).await);
    }
    let fresh_ones = answers.iter().filter(|answer| matches!(answer, Recorded::New(_))).count();
    assert_eq!((answers.len(), fresh_ones), (100, 1));
    let row = hub.all().await[0].row;
    assert!(
        answers.iter().all(|answer| matches!(answer, Recorded::New(r) | Recorded::Duplicate(r) if *r == row))
    );
    assert_eq!(hub.all().await.len(), 1);
    assert_eq!(hub.open_jobs(JobKind::Reply).await.len(), 1);
    assert_eq!(hub.events().await.iter().map(|event| event.kind).collect::<Vec<_>>(), [EventKind::Received]);
}

#[tokio::test]
async fn a_message_keeps_its_sid_addresses_and_time() {
    let hub = fresh().await;
    let row = hub.receive(inbound("SMabc"), at(7)).await;
    let message = hub.row(row).await;
    assert_eq!(message.direction, Direction::Inbound);
    assert_eq!((message.from.as_str(), message.to.as_str()), (ANNA, US));
    assert_eq!(message.sid.unwrap().as_str(), "SMabc");
    assert_eq!((message.status.as_str(), message.origin, message.created_at), ("received", None, at(7)));
    assert_eq!(hub.message_by_id(message.id).await.unwrap().map(|found| found.row), Some(row));
}

#[tokio::test]
async fn the_text_is_kept_to_the_byte() {
    let hub = fresh().await;
    let long = "ź".repeat(1600);
    let texts = [
        "",
        " ",
        "a\0b",
        "\0",
        "raz\r\ndwa\n\r",
        "👩‍👩‍👧 🇵🇱",
        "\u{feff}x\u{200b}",
        "'; DROP TABLE message; --",
        &long,
    ];
    for (number, text) in texts.into_iter().enumerate() {
        let row = hub.receive(inbound(&format!("SM{number}")).saying(text), at(0)).await;
        assert_eq!(hub.row(row).await.body, text);
    }
}

#[tokio::test]
async fn attachments_stay_in_twilios_order_however_many() {
    let hub = fresh().await;
    for count in [0, 1, 10, 40] {
        let media: Vec<Media> = (0..count)
            .map(|number| Media {
                // Not in the order of the alphabet.
                url: format!("https://media.example/{}/{number}", 97 - number),
                content_type: (number % 3 != 0).then(|| "image/jpeg".to_owned()),
            })
            .collect();
        let row = hub.receive(inbound(&format!("MM{count}")).with_media(media.clone()), at(0)).await;
        assert_eq!(hub.media(row).await.unwrap(), media);
        assert_eq!(hub.row(row).await.media_count, count);
    }
}

#[tokio::test]
async fn one_person_on_sms_and_whatsapp_is_one_contact() {
    let hub = fresh().await;
    let texts = [
        inbound("SM1"),
        inbound("SM2").from("whatsapp:+48500100200").to("whatsapp:+15005550006"),
        inbound("SM3").to("+15005550001"),
        inbound("SM4").from("+48500100300"),
    ];
    for text in texts {
        hub.receive(text, at(0)).await;
    }
    let contacts: Vec<_> = hub.all().await.into_iter().map(|message| message.contact).collect();
    assert_eq!((contacts[0], contacts[0]), (contacts[1], contacts[2]));
    assert_ne!(contacts[0], contacts[3]);
}

#[tokio::test]
async fn senders_that_are_no_phone_numbers_are_stored_as_they_come() {
    let hub = fresh().await;
    let senders = [
        "72400",
        "MojBank",
        "whatsapp:PL.abc123",
        "messenger:1234567890",
        "rcs:shop_agent",
        "+266696687",
        "?",
    ];
    for (number, sender) in senders.into_iter().enumerate() {
        let row = hub.receive(inbound(&format!("SM{number}")).from(sender), at(0)).await;
        assert_eq!(hub.row(row).await.from, sender);
    }
}

#[tokio::test]
async fn ten_quick_texts_are_ten_messages_with_a_reply_job_each() {
    let hub = fresh().await;
    let mut deliveries = JoinSet::new();
    for number in 0..10 {
        let (store, text) = ((*hub).clone(), inbound(&format!("SM{number}")).0);
        deliveries.spawn(async move { store.record_inbound(text, message_id(), message_id(), at(0)).await });
    }
    assert!(deliveries.join_all().await.iter().all(|answer| matches!(answer, Ok(Recorded::New(_)))));
    let mut rows: Vec<i64> = hub.all().await.iter().map(|message| message.row).collect();
    let mut jobs: Vec<i64> = hub.open_jobs(JobKind::Reply).await.iter().map(|job| job.message).collect();
    rows.sort_unstable();
    jobs.sort_unstable();
    assert_eq!((rows.len(), jobs), (10, rows));
}
