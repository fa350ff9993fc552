//! The dashboard: figures, charts, filters, the quick message, and what it says when nothing leaves.

use std::time::Duration;

use hub_domain::access::Role;

use crate::{
    hub::TestHub,
    setup::Setup,
    talk::{ANNA, PIOTR},
};

/// A number of Twilio's that refuses every message.
const INVALID: &str = "+15005550001";

/// The numbers of the cards, in order: all, in, out, waiting, failed.
fn figures(page: &str) -> Vec<&str> {
    let cards = page.split("class=\"desk-figure ").skip(1);
    cards.map(|card| card.split("<strong>").nth(1).unwrap().split("</strong>").next().unwrap()).collect()
}

/// What the form that sends is filled with, as the page made it.
fn form_id(page: &str) -> &str {
    page.split("name=\"id\" value=\"").nth(1).unwrap().split('"').next().unwrap()
}

#[tokio::test]
async fn the_dashboard_counts_what_came_left_and_failed() {
    let mut hub = TestHub::start().await;
    hub.hears(ANNA, "Dzień dobry").await;
    hub.api_sends(PIOTR, "Hej").await;
    hub.api_sends(INVALID, "Hej").await;
    hub.advance(Duration::from_secs(5)).await;
    let page = hub.page("/").await;
    assert_eq!(figures(page.text()), ["3", "1", "2", "0", "1"]);
    assert!(page.text().contains("desk-figure-bad"), "what failed stands out");
    let csv = hub.page("/desk/series.csv?span=24h").await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    let lines: Vec<&str> = csv.text().lines().collect();
    assert_eq!((lines[0], lines.len()), ("from,inbound,outbound,delivered,failed", 25));
    assert!(lines[24].ends_with(",1,2,1,1"), "{}", lines[24]);
    let charts = hub.page("/desk/charts?span=24h").await;
    assert_eq!(charts.text().matches("<tr><th scope=\"row\"").count(), 48, "a row an hour in both tables");
    assert!(charts.text().contains("href=\"/desk/series.csv?span=24h\""));
}

#[tokio::test]
async fn the_address_says_which_messages_are_shown() {
    let mut hub = TestHub::start().await;
    hub.hears(ANNA, "pytanie Anny").await;
    hub.api_sends(PIOTR, "odpowiedź dla Piotra").await;
    hub.api_sends(INVALID, "nie dojdzie").await;
    hub.advance(Duration::from_secs(5)).await;
    let texts = ["pytanie Anny", "odpowiedź dla Piotra", "nie dojdzie"];
    for (query, shown) in [
        ("", [true, true, true]),
        ("?direction=inbound", [true, false, false]),
        ("?direction=outbound", [false, true, true]),
        ("?state=delivered", [false, true, false]),
        ("?state=failed", [false, false, true]),
        ("?state=waiting", [false, false, false]),
        ("?direction=inbound&state=failed", [false, false, false]),
    ] {
        let page = hub.page(&format!("/messages{query}")).await;
        assert_eq!(texts.map(|text| page.text().contains(text)), shown, "{query}");
        assert!(page.text().contains(&format!("hx-get=\"/messages{}\"", query.replace('&', "&#38;"))));
    }
    assert!(hub.page("/messages?state=waiting").await.text().contains("Nie ma takich wiadomości."));
}

#[tokio::test]
async fn older_messages_are_a_page_away() {
    let mut hub = TestHub::start().await;
    for number in 0..51 {
        hub.hears(ANNA, &format!("numer-{number}-")).await;
    }
    let page = hub.page("/").await;
    assert!(page.text().contains("numer-50-") && !page.text().contains("numer-0-"));
    let (_, rest) = page.text().split_once("href=\"/?before=").unwrap();
    let before = rest.split('#').next().unwrap();
    let older = hub.page(&format!("/?before={before}")).await;
    assert!(older.text().contains("numer-0-") && !older.text().contains("numer-1-"));
    assert!(!older.text().contains("hx-get=\"/messages"), "an older page stands still");
}

#[tokio::test]
async fn a_quick_message_sent_twice_leaves_once_and_takes_over() {
    let mut hub = Setup::new().with_auto_reply("Oddzwonimy.").start().await;
    let ola = hub.joins("ola", Role::Operator).await;
    let page = hub.sees(&ola, "/?state=failed").await;
    let id = form_id(page.text()).to_owned();
    let fields =
        [("id", &*id), ("to", "+48 500 100 200"), ("body", "Już odpisuję"), ("back", "/?state=failed")];
    for _ in 0..2 {
        let sent = hub.posts(&ola, "/desk/send", &fields).await;
        assert_eq!((sent.status, sent.header("location")), (303, "/?state=failed&done=queued"));
    }
    hub.advance(Duration::from_secs(5)).await;
    assert_eq!(hub.phone(ANNA).got(), ["Już odpisuję"]);
    hub.hears(ANNA, "Dziękuję").await;
    hub.advance(Duration::from_secs(5)).await;
    assert_eq!(hub.phone(ANNA).got(), ["Już odpisuję"], "a person is in charge");
    let fields = [("id", &*id), ("to", "+48 500 100 200"), ("body", "Co innego"), ("back", "/")];
    let other = hub.posts(&ola, "/desk/send", &fields).await;
    assert!(other.status == 409 && other.text().contains("Co innego"), "what was typed is kept");
    assert_ne!(form_id(other.text()), id);
}

#[tokio::test]
async fn a_quick_message_that_cannot_go_keeps_what_was_typed() {
    let mut hub = TestHub::start().await;
    let ewa = hub.session().await;
    let id = form_id(hub.sees(&ewa, "/").await.text()).to_owned();
    let fields = [("id", &*id), ("to", "nie numer"), ("body", "<b>Treść</b>"), ("back", "//evil.example")];
    let refused = hub.posts(&ewa, "/desk/send", &fields).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text().contains("Nieprawidłowy format numeru telefonu."));
    assert!(refused.text().contains("value=\"nie numer\"") && !refused.text().contains("<b>Treść"));
    assert!(!refused.text().contains("evil.example"));
    assert_eq!(hub.written().await.len(), 0);
}

#[tokio::test]
async fn a_refused_account_is_the_first_thing_one_reads() {
    let mut hub = TestHub::start().await;
    assert!(!hub.page("/desk/figures").await.text().contains("Wysyłanie stoi."));
    hub.refuse_credentials(true);
    hub.may_leave_jobs();
    let ewa = hub.session().await;
    let id = form_id(hub.sees(&ewa, "/").await.text()).to_owned();
    hub.posts(&ewa, "/desk/send", &[("id", &*id), ("to", ANNA), ("body", "Hej")]).await;
    hub.run_jobs().await;
    let page = hub.page("/").await;
    assert!(page.text().contains("Wysyłanie stoi.") && page.text().contains("(20003)"));
    assert_eq!(figures(page.text())[3], "1", "it waits");
}
