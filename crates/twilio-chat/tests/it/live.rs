//! `/api/events`: who watches misses nothing, sees nothing twice, and is told when to read everything anew.

use std::time::Duration;

use axum::{body::Body, http::Request};
use http_body_util::BodyExt as _;
use hub_domain::ids::ContactId;
use hub_store::{SqliteOptions, Store};
use tower::ServiceExt as _;

use crate::{
    hub::{API_TOKEN, TestHub},
    setup::Setup,
    talk::{ANNA, PIOTR},
};

/// An open stream.
pub(crate) struct Stream {
    body: Body,
    /// Read and not taken yet.
    text: String,
}

/// One event: its name (empty for a change), its id, its data.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Shown {
    name: String,
    id: i64,
    data: String,
}

impl TestHub {
    pub(crate) async fn watch(&self, query: &str, last: Option<i64>) -> Result<Stream, u16> {
        let mut request = Request::get(format!("/api/events{query}"))
            .header("authorization", format!("Bearer {API_TOKEN}"));
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let router = self.line.router().unwrap();
        let response = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        if response.status() != 200 {
            return Err(response.status().as_u16());
        }
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-store");
        Ok(Stream { body: response.into_body(), text: String::new() })
    }

    async fn newest_event(&self) -> i64 {
        self.store().event_bounds().await.unwrap().1
    }
}

impl Stream {
    /// The next block of lines; `None` when the stream ended.
    pub(crate) async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                return Some(block);
            }
            let frame = tokio::time::timeout(Duration::from_secs(20), self.body.frame()).await;
            let bytes = frame.expect("something is told").transpose().unwrap()?.into_data().unwrap();
            self.text.push_str(std::str::from_utf8(&bytes).unwrap());
        }
    }

    /// The next event, past lines that are none.
    async fn event(&mut self) -> Option<Shown> {
        loop {
            let block = self.block().await?;
            let field =
                |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
            if !field("data: ").is_empty() {
                let id = field("id: ").parse().unwrap();
                return Some(Shown {
                    name: field("event: ").to_owned(),
                    id,
                    data: field("data: ").to_owned(),
                });
            }
        }
    }

    /// The numbers of the next so many changes.
    async fn ids(&mut self, count: usize) -> Vec<i64> {
        let mut ids = Vec::new();
        while ids.len() < count {
            let event = self.event().await.unwrap();
            assert_eq!(event.name, "");
            ids.push(event.id);
        }
        ids
    }
}

#[tokio::test]
async fn a_change_is_told_with_its_kind_and_whose_it_is() {
    let mut hub = TestHub::start().await;
    let mut stream = hub.watch("", None).await.unwrap();
    assert_eq!(stream.block().await.unwrap(), format!("retry: 1000\nid: {}", hub.newest_event().await));
    hub.hears(ANNA, "raz").await;
    let told = stream.event().await.unwrap();
    let data: serde_json::Value = serde_json::from_str(&told.data).unwrap();
    assert_eq!(data, serde_json::json!({ "kind": "received", "contact": 1, "row": 1 }));
    hub.app().mark_read(ContactId(1), 1).await.unwrap();
    assert!(stream.event().await.unwrap().data.contains("\"read\""));
}

#[tokio::test]
async fn a_watcher_that_comes_back_misses_nothing_and_sees_nothing_twice() {
    let mut hub = TestHub::start().await;
    let before = hub.newest_event().await;
    hub.hears(ANNA, "raz").await;
    let mut seen = hub.watch(&format!("?after={before}"), None).await.unwrap().ids(1).await;
    for round in 0..20 {
        hub.hears(PIOTR, "dwa").await;
        // While it connects, more is committed.
        let (line, from) = (hub.line.clone(), crate::talk::sid(1000 + round));
        let fields = [("MessageSid", &*from), ("From", ANNA), ("To", "+15005550006"), ("Body", "trzy")];
        let posted = hub.signed("/twilio/inbound", &fields);
        let posting = tokio::spawn(crate::wire::ask(line.router().unwrap(), posted));
        // The header is the later word.
        let mut stream = hub.watch(&format!("?after={before}"), seen.last().copied()).await.unwrap();
        seen.extend(stream.ids(2).await);
        assert_eq!(posting.await.unwrap().status, 200);
    }
    let expect: Vec<i64> = (before + 1..=before + 41).collect();
    assert_eq!(seen, expect);
    hub.run().await;
}

#[tokio::test]
async fn fifty_watchers_are_told_the_same() {
    let mut hub = TestHub::start().await;
    let mut streams = Vec::new();
    for _ in 0..50 {
        streams.push(hub.watch("", None).await.unwrap());
    }
    let before = hub.newest_event().await;
    for number in 0..10 {
        hub.hears(ANNA, &number.to_string()).await;
    }
    let expect: Vec<i64> = (before + 1..=before + 10).collect();
    for stream in &mut streams {
        assert_eq!(stream.ids(10).await, expect);
    }
}

#[tokio::test]
async fn streams_end_when_the_program_stops() {
    let hub = TestHub::start().await;
    let mut streams = [hub.watch("", None).await.unwrap(), hub.watch("", None).await.unwrap()];
    hub.app().end_watching();
    for stream in &mut streams {
        assert_eq!(stream.event().await, None);
    }
}

#[tokio::test]
async fn too_many_watchers_are_refused_until_one_leaves() {
    let hub = TestHub::start().await;
    let mut streams = Vec::new();
    for _ in 0..500 {
        streams.push(hub.watch("", None).await.unwrap());
    }
    assert_eq!(hub.watch("", None).await.err(), Some(503));
    streams.pop();
    assert!(hub.watch("", None).await.is_ok());
    assert_eq!(hub.watch("?after=x", None).await.err(), Some(400));
}

#[tokio::test]
async fn who_missed_too_much_or_comes_from_another_life_reads_everything_anew() {
    let mut hub = TestHub::start().await;
    hub.hears(ANNA, "raz").await;
    let anna = ContactId(1);
    for number in 0..1001 {
        hub.app().save_draft(anna, &number.to_string(), None).await.unwrap();
    }
    let newest = hub.newest_event().await;
    for after in [newest - 1001, newest + 7] {
        let mut stream = hub.watch("", Some(after)).await.unwrap();
        let reset = Shown { name: "reset".to_owned(), id: newest, data: "{}".to_owned() };
        assert_eq!(stream.event().await, Some(reset), "{after}");
    }
    let mut stream = hub.watch("", Some(newest - 1000)).await.unwrap();
    assert_eq!(stream.ids(1000).await.last(), Some(&newest));
}

#[tokio::test]
async fn a_watcher_that_falls_behind_is_reset_and_goes_on() {
    let mut hub = TestHub::start().await;
    hub.hears(ANNA, "raz").await;
    let mut stream = hub.watch("", None).await.unwrap();
    for number in 0..1500 {
        hub.app().save_draft(ContactId(1), &number.to_string(), None).await.unwrap();
    }
    let told = stream.event().await.unwrap();
    assert_eq!(told.name, "reset");
    hub.app().save_draft(ContactId(1), "", None).await.unwrap();
    assert_eq!(stream.ids(1).await, [told.id + 1]);
}

#[tokio::test]
async fn what_another_process_writes_is_told_too() {
    let mut setup = Setup::new();
    setup.timing.watch = Duration::from_millis(5);
    let mut hub = setup.start().await;
    hub.hears(ANNA, "raz").await;
    let mut stream = hub.watch("", None).await.unwrap();
    let beside = Store::open_sqlite(&SqliteOptions::new(hub.database())).unwrap();
    beside.save_draft(ContactId(1), "tu".to_owned(), None, hub.now()).await.unwrap();
    let before = hub.newest_event().await;
    hub.app().save_draft(ContactId(1), "tam", None).await.unwrap();
    assert_eq!(stream.ids(2).await, [before, before + 1]);
    beside.save_draft(ContactId(1), "tu".to_owned(), None, hub.now()).await.unwrap();
    assert_eq!(stream.ids(1).await, [before + 2]);
    beside.close();
}

#[tokio::test]
async fn a_quiet_line_says_that_it_is_alive() {
    let mut setup = Setup::new();
    setup.timing.heartbeat = Duration::from_millis(5);
    let hub = setup.start().await;
    let mut stream = hub.watch("", None).await.unwrap();
    stream.block().await.unwrap();
    assert_eq!(stream.block().await.as_deref(), Some(": still here"));
}
