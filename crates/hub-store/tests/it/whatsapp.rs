//! WhatsApp: 24 hours for free texts, and what a button says.

use hub_domain::{message::Origin, sending::Blocked, whatsapp::Template};
use hub_store::{Begun, NewOutbound, Submitted};

use crate::{
    harness::{TestStore, fresh},
    words::{Text, at, inbound, outbound},
};

const ANNA: &str = "whatsapp:+48500100200";
const US: &str = "whatsapp:+15005550006";
const DAY: i64 = 86_400;

fn wrote(sid: &str) -> Text {
    inbound(sid).from(ANNA).to(US)
}

fn to_anna(origin: Origin) -> NewOutbound {
    NewOutbound { from: US.to_owned(), ..outbound(origin, ANNA, "Dzień dobry") }
}

fn template() -> Template {
    Template::from_json("HX0123456789abcdef0123456789abcdef", "").unwrap()
}

/// Why a message may not be written; `None`: it was.
async fn blocked(hub: &TestStore, message: NewOutbound, second: i64) -> Option<Blocked> {
    match hub.submit(message, None, at(second)).await.unwrap() {
        Submitted::Blocked(blocked) => Some(blocked),
        Submitted::Queued { .. } => None,
        Submitted::Duplicate(row) => panic!("{row} twice"),
    }
}

#[tokio::test]
async fn a_free_text_may_be_written_for_24_hours_after_the_customers_last_message() {
    let hub = fresh().await;
    let closed = Some(Blocked::WindowClosed);
    for origin in [Origin::Human, Origin::Api, Origin::Bot] {
        assert_eq!(blocked(&hub, to_anna(origin), 0).await, closed, "{origin:?}");
    }
    hub.receive(wrote("SM1"), at(0)).await;
    assert_eq!(blocked(&hub, to_anna(Origin::Api), DAY - 1).await, None);
    assert_eq!(blocked(&hub, to_anna(Origin::Api), DAY).await, closed);
    let media = NewOutbound { media_urls: vec!["https://e.example/1".to_owned()], ..to_anna(Origin::Api) };
    assert_eq!(blocked(&hub, media, DAY).await, closed);
    let approved = NewOutbound { template: Some(template()), body: String::new(), ..to_anna(Origin::Api) };
    assert_eq!(blocked(&hub, approved, DAY).await, None);
    // What she writes over SMS, or to another number of ours, opens nothing; over SMS nothing is closed.
    hub.receive(inbound("SM2"), at(DAY)).await;
    hub.receive(wrote("SM3").to("whatsapp:+15005550001"), at(DAY)).await;
    assert_eq!(blocked(&hub, to_anna(Origin::Api), DAY).await, closed);
    assert_eq!(blocked(&hub, outbound(Origin::Api, "+48500100200", "Hej"), DAY).await, None);
    // A service may choose the number she wrote to.
    let through =
        NewOutbound { from: String::new(), service: Some("MG1".to_owned()), ..to_anna(Origin::Api) };
    assert_eq!(blocked(&hub, through, DAY).await, None);
    hub.receive(wrote("SM4"), at(DAY + 1)).await;
    assert_eq!(blocked(&hub, to_anna(Origin::Api), DAY + 1).await, None);
}

#[tokio::test]
async fn a_window_that_closes_before_the_message_leaves_cancels_it_with_the_reason() {
    let hub = fresh().await;
    hub.receive(wrote("SM1"), at(0)).await;
    let (row, job) = hub.queue_leased(to_anna(Origin::Human), at(DAY - 1)).await;
    let approved = NewOutbound { template: Some(template()), ..to_anna(Origin::Human) };
    let (_, second) = hub.queue_leased(approved, at(DAY - 1)).await;
    assert_eq!(hub.begin(job, at(DAY)).await.1, Begun::Blocked(Blocked::WindowClosed));
    let message = hub.row(row).await;
    assert_eq!((message.status.as_str(), message.error_text.as_deref()), ("canceled", Some("window_closed")));
    assert!(matches!(hub.begin(second, at(DAY)).await.1, Begun::Call(_)));
}

#[tokio::test]
async fn the_beginning_of_the_window_is_known_by_the_number_written_to() {
    let hub = fresh().await;
    let to_anna = to_anna(Origin::Api);
    let heard = async |ours: &str, through_service| {
        hub.last_heard(to_anna.to.clone(), ours.to_owned(), through_service).await.unwrap()
    };
    hub.receive(inbound("SM1"), at(5)).await;
    assert_eq!(heard(US, false).await, None);
    hub.receive(wrote("SM2"), at(7)).await;
    hub.receive(wrote("SM3").to("whatsapp:+15005550001"), at(8)).await;
    hub.receive(inbound("SM4"), at(9)).await;
    assert_eq!((heard(US, false).await, heard("", true).await), (Some(at(7)), Some(at(8))));
}

#[tokio::test]
async fn what_was_pressed_is_kept_as_the_text_and_may_be_an_opt_out() {
    let hub = fresh().await;
    let pressed = wrote("SM1").saying("").with_field("ButtonText", "Tak, poproszę");
    let row = hub.receive(pressed, at(0)).await;
    assert_eq!(hub.row(row).await.body, "Tak, poproszę");
    let row = hub.receive(wrote("SM2").saying("Tak").with_field("ButtonText", "Nie"), at(0)).await;
    assert_eq!(hub.row(row).await.body, "Tak", "a text is kept to the byte");
    assert_eq!(hub.silenced("+48500100200").await, None);
    let stop =
        wrote("SM3").saying("").with_field("ButtonText", "Bez ofert").with_field("ButtonPayload", "STOP");
    let row = hub.receive(stop, at(0)).await;
    assert_eq!(hub.row(row).await.body, "Bez ofert");
    assert_eq!(hub.silenced("+48500100200").await.as_deref(), Some("keyword"));
}
