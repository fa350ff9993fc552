//! `GET Messages.json`: paging and filters.

use std::time::Duration;

use hub_sim::Faults;
use serde_json::Value;

use crate::desk::{Desk, MESSAGES, OURS, PERSON};

fn bodies(page: &Value) -> Vec<&str> {
    page["messages"].as_array().unwrap().iter().map(|message| message["body"].as_str().unwrap()).collect()
}

async fn bodies_of(desk: &Desk, query: &str) -> String {
    let answer = desk.get(&format!("{MESSAGES}?{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    bodies(&answer.json()).concat()
}

#[tokio::test]
async fn pages_are_followed_newest_first_while_messages_arrive() {
    let desk = Desk::new();
    for body in ["a", "b", "c", "d", "e", "f", "g"] {
        desk.send(body).await;
    }
    desk.create(&[("To", "+48500100200"), ("From", OURS), ("Body", "other")]).await;
    let mut uri = format!("{MESSAGES}?To=%2B48500100123&PageSize=3");
    let mut pages = Vec::new();
    loop {
        let page = desk.get(&uri).await.json();
        pages.push(bodies(&page).concat());
        // A new message must not shift the pages that follow.
        desk.send("new").await;
        match page["next_page_uri"].as_str() {
            Some(next) => uri = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(pages, ["gfe", "dcb", "a"]);
    assert!(uri.contains("Page=2") && uri.contains("PageToken=PASM") && uri.contains("To=%2B48500100123"));
}

#[tokio::test]
async fn an_exactly_full_page_is_the_last() {
    let desk = Desk::new();
    desk.send("a").await;
    desk.send("b").await;
    let page = desk.get(&format!("{MESSAGES}?PageSize=2")).await.json();
    assert_eq!(
        (&page["next_page_uri"], &page["page"], &page["page_size"]),
        (&Value::Null, &0.into(), &2.into())
    );
    assert_eq!((&page["start"], &page["end"]), (&0.into(), &1.into()));
}

#[tokio::test]
async fn filters() {
    let desk = Desk::new();
    desk.send("1").await;
    desk.run();
    desk.advance(Duration::from_hours(24));
    desk.create(&[("To", PERSON), ("From", "+48500100900"), ("Body", "2")]).await;
    desk.run();
    desk.send("3").await;
    for (query, expect) in [
        ("", "321"),
        ("To=%2B48500100123", "321"),
        ("To=%2B48500100124", ""),
        ("From=%2B48500100900", "2"),
        ("To=%2B48500100123&From=%2B15005550006", "31"),
        ("DateSent=2026-11-22", "1"),
        ("DateSent=2026-11-23", "2"),
        ("DateSent%3E=2026-11-22", "21"),
        ("DateSent%3E=2026-11-23T00:00:00Z", "2"),
        ("DateSent%3C=2026-11-22", "1"),
        ("DateSent%3C=2026-11-21", ""),
    ] {
        assert_eq!(bodies_of(&desk, query).await, expect, "{query}");
    }
}

#[tokio::test]
async fn lists_can_lag_and_fail() {
    let desk = Desk::with_faults(Faults { list_lag_ms: 5_000, ..Faults::default() });
    desk.send("a").await;
    assert_eq!(bodies_of(&desk, "").await, "");
    desk.advance(Duration::from_secs(5));
    assert_eq!(bodies_of(&desk, "").await, "a");
    desk.sim.faults(Faults { read_errors: 1.0, ..Faults::default() });
    let answer = desk.get(MESSAGES).await;
    assert_eq!((answer.status, answer.json()["code"].as_u64()), (500, Some(20500)));
}

#[tokio::test]
async fn ten_thousand_messages_are_no_trouble() {
    let desk = Desk::new();
    for number in 0..10_000 {
        let to = format!("+485001{:05}", number / 2);
        desk.create(&[("To", &to), ("From", OURS), ("Body", "x"), ("StatusCallback", "http://127.0.0.1/s")])
            .await;
    }
    assert_eq!(desk.run().len(), 30_000);
    assert_eq!(bodies_of(&desk, "To=%2B48500100123").await, "xx");
}
