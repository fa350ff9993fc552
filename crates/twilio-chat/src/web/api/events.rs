//! `/api/events`: what changes, as server-sent events.
//!
//! An event's id is the change's number: a browser that connects again sends it as `Last-Event-ID` and misses
//! nothing. `event: reset` says that too much was missed and everything has to be read anew; `event: building` says
//! how far a build of the knowledge base is, and has no id.

use std::{convert::Infallible, fmt::Write as _};

use axum::{
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use hub_store::Event;
use serde::Deserialize;
use serde_json::json;

use super::{
    LANG,
    lenient_query::LenientQuery,
    messages::{before, store_fault},
    news::building,
};
use crate::{
    app::live::{Told, WatchError, Watcher},
    t,
    web::{Web, error::api_error},
};

/// How long a browser waits before it connects again, in milliseconds.
const RETRY: u32 = 1000;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Resume {
    after: Option<String>,
}

pub(crate) async fn stream(
    State(web): State<Web>,
    LenientQuery(query): LenientQuery<Resume>,
    headers: HeaderMap,
) -> Response {
    // The header is the later word: a page's address keeps the number it was opened with.
    let told = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let after = match before(told.or(query.after.as_deref())) {
        Ok(after) => after,
        Err(refused) => return *refused,
    };
    match web.app.watch(after).await {
        Ok(watcher) => events(watcher, after),
        Err(WatchError::Full) => {
            let retry_later = [("retry-after", "5")];
            let full = api_error(StatusCode::SERVICE_UNAVAILABLE, t!(LANG, "inbox.too_many_watchers"));
            (retry_later, full).into_response()
        }
        Err(WatchError::Store(error)) => store_fault(&error),
    }
}

fn events(watcher: Watcher, after: Option<i64>) -> Response {
    // Without an event of its own, the number is kept for the next connection.
    let begins = format!("retry: {RETRY}\nid: {}\n\n", after.unwrap_or(watcher.last()));
    let first = stream::once(async move { Ok::<_, Infallible>(Bytes::from(begins)) });
    let rest = stream::unfold(watcher, |mut watcher| async {
        let told = watcher.next().await?;
        Some((Ok(Bytes::from(frame(&told))), watcher))
    });
    let headers = [(CONTENT_TYPE.as_str(), "text/event-stream"), ("x-accel-buffering", "no")];
    (headers, Body::from_stream(futures_util::StreamExt::chain(first, rest))).into_response()
}

/// What is written to the stream.
fn frame(told: &Told) -> String {
    match told {
        Told::Nothing => ": still here\n\n".to_owned(),
        Told::Building(now) => format!("event: building\ndata: {}\n\n", building::shown(now)),
        Told::Reset(id) => format!("event: reset\nid: {id}\ndata: {{}}\n\n"),
        Told::Changes(events) => {
            let mut text = String::with_capacity(events.len() * 96);
            for event in events {
                // Writing to a String cannot fail.
                let _ = write!(text, "id: {}\ndata: {}\n\n", event.id, data(event));
            }
            text
        }
    }
}

fn data(event: &Event) -> serde_json::Value {
    json!({ "kind": event.kind.as_str(), "contact": event.contact, "row": event.message })
}
