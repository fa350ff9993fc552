//! The query as sent, and pages that may or may not be trusted.

use jiff::civil::date;
use serde_json::json;

use super::*;
use crate::twilio::scripted::{ACCOUNT, SID, access};

#[test]
fn the_query_is_escaped() {
    let check = |filter: MessageFilter<'_>, expect: &str| assert_eq!(filter.query(), expect);
    check(MessageFilter::default(), "");
    check(
        MessageFilter {
            to: Some("whatsapp:+48500100200"),
            from: Some("+15005550006"),
            date_sent_from: Some(date(2026, 11, 21)),
            date_sent_to: Some(date(2026, 11, 22)),
            page_size: Some(5_000),
        },
        "To=whatsapp%3A%2B48500100200&From=%2B15005550006\
         &DateSent%3E=2026-11-21&DateSent%3C=2026-11-22&PageSize=1000",
    );
    check(MessageFilter { page_size: Some(0), ..MessageFilter::default() }, "PageSize=1");
}

#[test]
fn a_page_is_read_whole_or_not_at_all() {
    let door = Door::open(&access()).unwrap();
    let next = format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json?PageToken=PA1");
    let check = |document: Value, expect: Option<(usize, bool)>| {
        let read = read_page(&document, &door).ok().map(|page| (page.items.len(), page.next.is_some()));
        assert_eq!(read, expect, "{document}");
    };
    check(json!({"messages": [], "next_page_uri": null}), Some((0, false)));
    check(json!({"messages": [{"sid": SID}, {"sid": SID}]}), Some((2, false)));
    check(json!({"messages": [{"sid": SID}], "next_page_uri": next}), Some((1, true)));
    check(json!({"messages": [{"sid": SID}, {"sid": null}]}), None);
    check(json!({"messages": [], "next_page_uri": "https://evil.example/"}), None);
    check(json!({"messages": [], "next_page_uri": 7}), None);
    check(json!({"messages": null}), None);
    check(json!({"code": 20003}), None);
}

#[test]
fn debug_shows_no_number() {
    assert!(!format!("{:?}", PageCursor("To=%2B48500100200".to_owned())).contains("48500"));
}
