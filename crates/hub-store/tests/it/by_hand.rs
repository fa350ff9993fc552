//! What a person sends: once per identifier, taking the conversation over; and failed messages once more.

use hub_domain::{
    ids::MessageId,
    message::{ConversationMode, Origin},
    sending::Blocked,
    status::{DeliveryStatus, MessageStatus},
    whatsapp::Template,
};
use hub_store::{HandSend, HandSent, HandTo, LastRoute, NewOutbound, NewSend, Retried, Retry, SendSubmitted};
use jiff::Timestamp;

use crate::{
    harness::{TestStore, fresh},
    people::EWA,
    words::{ANNA, PIOTR, US, accepted, at, inbound, message_id, outbound, refused, sid},
};

const HOUR: i64 = 3600;

async fn send(hub: &TestStore, parts: Vec<NewOutbound>, now: Timestamp) -> HandSent {
    let to = HandTo::Address(parts[0].to.clone());
    hub.send_by_hand(HandSend { to, parts, author: Some(EWA) }, now).await.unwrap()
}

async fn retry(hub: &TestStore, row: i64, ids: Vec<MessageId>) -> Retried {
    hub.retry(Retry { row, ids, origin: Origin::Human, author: Some(EWA) }, at(50)).await.unwrap()
}

#[tokio::test]
async fn a_persons_text_takes_over_reads_and_ends_the_draft_in_one_go() {
    let hub = fresh().await;
    hub.receive(inbound("SM1"), at(0)).await;
    let anna = hub.contact(ANNA).await;
    hub.save_draft(anna, "Już".to_owned(), Some(EWA), at(0)).await.unwrap();
    let sent = send(&hub, vec![outbound(Origin::Human, ANNA, "Już idę")], at(0)).await;
    let HandSent::Queued(rows) = sent else { panic!("{sent:?}") };
    let line = hub.line(ANNA).await;
    assert_eq!((line.mode, line.mode_until), (ConversationMode::Human, Some(at(12 * HOUR))));
    assert_eq!((line.unread, line.draft, line.last.unwrap().row), (0, None, rows[0]));
    let entry = hub.message_details(rows[0]).await.unwrap().unwrap().entry;
    assert_eq!((entry.author, entry.message.origin), (Some(EWA), Some(Origin::Human)));
}

#[tokio::test]
async fn how_long_a_takeover_lasts_is_a_setting() {
    let hub = fresh().await;
    hub.set_takeover_minutes(90, at(0)).await.unwrap();
    send(&hub, vec![outbound(Origin::Human, ANNA, "raz")], at(0)).await;
    assert_eq!(hub.line(ANNA).await.mode_until, Some(at(90 * 60)));
}

#[tokio::test]
async fn programs_that_send_take_nothing_over() {
    let hub = fresh().await;
    hub.receive(inbound("SM1"), at(0)).await;
    for origin in [Origin::Api, Origin::Cli, Origin::Campaign, Origin::Reminder, Origin::Digest] {
        send(&hub, vec![outbound(origin, ANNA, "raz")], at(1)).await;
        let line = hub.line(ANNA).await;
        assert_eq!((line.mode, line.unread), (ConversationMode::Auto, 1), "{origin:?}");
    }
}

#[tokio::test]
async fn the_same_identifier_is_the_same_text() {
    let hub = fresh().await;
    let message = outbound(Origin::Human, ANNA, "raz");
    let second = NewOutbound { id: message_id(), body: "dwa".to_owned(), ..message.clone() };
    let HandSent::Queued(rows) = send(&hub, vec![message.clone(), second.clone()], at(0)).await else {
        panic!("not queued")
    };
    let again = NewOutbound { id: message_id(), ..second };
    assert_eq!(send(&hub, vec![message.clone(), again], at(1)).await, HandSent::Repeated(rows));
    let later = |body: &str| NewOutbound { id: message_id(), body: body.to_owned(), ..message.clone() };
    for other in [
        vec![NewOutbound { body: "inny".to_owned(), ..message.clone() }, later("dwa")],
        vec![NewOutbound { id: message.id, ..outbound(Origin::Human, PIOTR, "raz") }, later("dwa")],
        vec![message.clone(), later("inny")],
        vec![message.clone()],
        vec![message.clone(), later("dwa"), later("trzy")],
    ] {
        assert_eq!(send(&hub, other, at(2)).await, HandSent::OtherMessage);
    }
    assert_eq!(hub.all().await.len(), 2);
}

/// A template to Anna, with one value to fill in; the last digit tells templates apart.
fn template(digit: char, value: &str) -> NewOutbound {
    let sid = format!("HX{}{digit}", "0".repeat(31));
    let variables = [("1".to_owned(), value.to_owned())].into();
    let template = Some(Template::new(&sid, variables).unwrap());
    NewOutbound { template, ..outbound(Origin::Human, ANNA, "") }
}

#[tokio::test]
async fn a_template_filled_in_otherwise_is_another_message() {
    let hub = fresh().await;
    let first = template('1', "9:00");
    let HandSent::Queued(rows) = send(&hub, vec![first.clone()], at(0)).await else { panic!("not queued") };
    assert_eq!(send(&hub, vec![first.clone()], at(1)).await, HandSent::Repeated(rows.clone()));
    let text = outbound(Origin::Human, ANNA, "");
    for other in [template('1', "10:00"), template('2', "9:00"), text] {
        let other = NewOutbound { id: first.id, ..other };
        assert_eq!(send(&hub, vec![other], at(2)).await, HandSent::OtherMessage);
    }
    assert_eq!(hub.all().await.len(), 1);
}

#[tokio::test]
async fn of_a_redacted_message_only_the_recipient_is_compared() {
    let hub = fresh().await;
    let first = template('1', "9:00");
    let (row, job) = hub.queue_leased(first.clone(), at(0)).await;
    let (attempt, _) = hub.call(job, at(0)).await;
    hub.finish(job, attempt, accepted("SM1"), at(0)).await;
    hub.redact(sid("SM1"), at(1)).await.unwrap();
    assert_eq!(send(&hub, vec![first.clone()], at(2)).await, HandSent::Repeated(vec![row]));
    let other = NewOutbound { id: first.id, ..outbound(Origin::Human, PIOTR, "raz") };
    assert_eq!(send(&hub, vec![other], at(2)).await, HandSent::OtherMessage);
}

#[tokio::test]
async fn somebody_who_asked_for_silence_is_not_written_to_and_nothing_is_taken_over() {
    let hub = fresh().await;
    hub.receive(inbound("SM1").saying("wypisz"), at(0)).await;
    let sent = send(&hub, vec![outbound(Origin::Human, ANNA, "raz")], at(1)).await;
    assert_eq!(sent, HandSent::Blocked(Blocked::OptedOut));
    assert_eq!(hub.line(ANNA).await.mode, ConversationMode::Auto);
}

#[tokio::test]
async fn a_failed_message_is_sent_once_more_as_a_new_one() {
    let hub = fresh().await;
    let (row, _) = hub.send(ANNA, refused(400, 21211), at(0)).await;
    assert_eq!(hub.line(ANNA).await.failed, Some(row));
    let id = message_id();
    let retried = retry(&hub, row, vec![id]).await;
    let Retried::Queued(rows) = retried else { panic!("{retried:?}") };
    let entry = hub.message_details(rows[0]).await.unwrap().unwrap().entry;
    assert_eq!(
        (entry.retry_of, entry.message.body.as_str(), entry.author),
        (Some(row), "Dzień dobry", Some(EWA))
    );
    assert_eq!((entry.message.id, entry.message.status), (id, MessageStatus::Pending));
    assert_eq!(hub.message_details(row).await.unwrap().unwrap().entry.retried_by, Some(rows[0]));
    assert_eq!(hub.line(ANNA).await.failed, None);
    // It says nothing new: nobody takes the conversation over by it.
    assert_eq!(hub.line(ANNA).await.mode, ConversationMode::Auto);
    assert_eq!(retry(&hub, row, vec![id]).await, Retried::Repeated(rows[0]));
    assert_eq!(retry(&hub, row, vec![message_id()]).await, Retried::Before(rows[0]));
    let pending = Retried::NotFailed(MessageStatus::Pending);
    assert_eq!(retry(&hub, rows[0], vec![message_id()]).await, pending);
    assert_eq!(retry(&hub, 404, vec![message_id()]).await, Retried::NotFound);
    let other = hub.row(row).await.id;
    assert_eq!(retry(&hub, row, vec![other]).await, Retried::OtherMessage);
    // The try that is withdrawn and deleted makes room for another.
    hub.cancel_pending(rows[0], at(60)).await.unwrap();
    hub.delete_messages(vec![rows[0]], at(61)).await.unwrap();
    assert_eq!(hub.line(ANNA).await.failed, Some(row));
    assert!(matches!(retry(&hub, row, vec![message_id()]).await, Retried::Queued(_)));
}

#[tokio::test]
async fn a_text_of_theirs_is_not_sent_again() {
    let hub = fresh().await;
    let heard = hub.receive(inbound("SM1"), at(0)).await;
    assert_eq!(retry(&hub, heard, vec![message_id()]).await, Retried::NotFound);
}

#[tokio::test]
async fn parts_that_waited_for_a_failed_one_go_with_it() {
    let hub = fresh().await;
    let part = |body: &str| outbound(Origin::Api, ANNA, body);
    let send = NewSend { parts: vec![part("raz"), part("dwa"), part("trzy")], key: None };
    let submitted = hub.submit_send(send, Some(crate::harness::worker("w")), at(0)).await.unwrap();
    let SendSubmitted::Queued { rows, leases } = submitted else { panic!("{submitted:?}") };
    let (attempt, _) = hub.call(leases[0], at(0)).await;
    hub.finish(leases[0], attempt, refused(400, 21211), at(1)).await;
    for lease in &leases[1..] {
        hub.begin(*lease, at(2)).await;
    }
    let canceled = MessageStatus::Reported(DeliveryStatus::Canceled);
    assert_eq!(hub.row(rows[2]).await.status, canceled);
    let ids: Vec<MessageId> = (0..3).map(|_| message_id()).collect();
    let Retried::Queued(again) = retry(&hub, rows[0], ids).await else { panic!("not queued") };
    let bodies: Vec<String> =
        hub.messages_at(again.clone()).await.unwrap().into_iter().map(|m| m.body).collect();
    assert_eq!(bodies, ["raz", "dwa", "trzy"]);
    let last = hub.message_details(again[2]).await.unwrap().unwrap().entry;
    assert_eq!(
        (last.part, last.parts, last.first_part, last.retry_of),
        (3, 3, Some(again[0]), Some(rows[2]))
    );
}

#[tokio::test]
async fn an_answer_leaves_from_the_address_last_used() {
    let hub = fresh().await;
    let other = "+48500100900";
    hub.receive(inbound("SM1").to(other), at(0)).await;
    let anna = hub.contact(ANNA).await;
    let route = |ours: &str, service: Option<&str>| LastRoute {
        theirs: hub_domain::address::Address::from_provider(ANNA).unwrap(),
        ours: ours.to_owned(),
        service: service.map(str::to_owned),
    };
    assert_eq!(hub.last_route(anna).await.unwrap(), Some(route(other, None)));
    hub.queue(outbound(Origin::Api, ANNA, "raz"), at(1)).await;
    assert_eq!(hub.last_route(anna).await.unwrap(), Some(route(US, None)));
    let through = NewOutbound {
        from: String::new(),
        service: Some("MG0123".to_owned()),
        ..outbound(Origin::Api, ANNA, "dwa")
    };
    hub.queue(through, at(2)).await;
    assert_eq!(hub.last_route(anna).await.unwrap(), Some(route("", Some("MG0123"))));
}

#[tokio::test]
async fn an_identifier_outlives_its_deleted_text_by_a_week() {
    const WEEK: i64 = 7 * 24 * HOUR;
    let hub = fresh().await;
    let message = outbound(Origin::Human, ANNA, "raz");
    let HandSent::Queued(rows) = send(&hub, vec![message.clone()], at(0)).await else { panic!("not queued") };
    hub.cancel_pending(rows[0], at(1)).await.unwrap();
    hub.delete_messages(rows, at(10)).await.unwrap();
    hub.tidy(at(WEEK + 5)).await.unwrap();
    assert_eq!(send(&hub, vec![message.clone()], at(WEEK + 5)).await, HandSent::Gone);
    while hub.tidy(at(WEEK + 20)).await.unwrap() > 0 {}
    assert!(matches!(send(&hub, vec![message], at(WEEK + 20)).await, HandSent::Queued(_)));
}
