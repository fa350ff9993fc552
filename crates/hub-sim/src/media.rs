//! Attachments this account keeps: handed out behind Basic auth by a redirect to a place that needs none.
//!
//! A file may lie about its type or be larger than anyone should take. Credentials that arrive at the second
//! place are counted: a client must not have sent them there.

use std::collections::HashMap;

use axum::body::Body;
use axum::extract::{Path, State as Shared};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION};
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::message::{Media, rfc2822};
use crate::picture;
use crate::reply::{Refusal, Reply};
use crate::simulator::Simulator;
use crate::state::State;

/// A body is made and sent in pieces of this size, so that its length is not announced.
const PIECE: usize = 64 * 1024;

/// A file on a phone, to be attached.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// The type that the webhook and the answer declare.
    pub content_type: String,
    /// What is in it, whatever the type says.
    pub content: Content,
}

/// What is in a file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// A drawn picture (PNG); another number, another picture.
    Picture(u64),
    /// These bytes.
    Base64(String),
    /// This text.
    Text(String),
    /// So many zero bytes, sent without saying how many.
    Zeros(usize),
}

impl Content {
    fn bytes(&self) -> Bytes {
        match self {
            Self::Picture(number) => picture::png(*number).into(),
            Self::Base64(text) => STANDARD.decode(text).unwrap_or_default().into(),
            Self::Text(text) => Bytes::copy_from_slice(text.as_bytes()),
            Self::Zeros(count) => vec![0; *count].into(),
        }
    }
}

/// Every kept attachment by its SID (`ME…`).
#[derive(Debug, Default)]
pub(crate) struct Shelf(HashMap<String, Kept>);

#[derive(Clone, Debug)]
struct Kept {
    message: String,
    position: usize,
    file: File,
    at: Timestamp,
}

impl State {
    /// Keeps a file of a message; the attachment as the webhook names it.
    pub(crate) fn host(&mut self, message: &str, file: File, at: Timestamp) -> Media {
        let sid = self.ids.sid("ME");
        let url = format!("{}{}", self.config.api_url, media_path(&self.config.account_sid, message, &sid));
        let content_type = file.content_type.clone();
        let position = self.shelf.0.values().filter(|kept| kept.message == message).count();
        self.shelf.0.insert(sid, Kept { message: message.to_owned(), position, file, at });
        Media { url, content_type }
    }

    fn kept(&self, message: &str, sid: &str) -> Result<&Kept, Refusal> {
        let kept = self.shelf.0.get(sid).filter(|kept| kept.message == message);
        let is_there = self.find(message).is_some();
        kept.filter(|_| is_there)
            .ok_or_else(|| Refusal::not_found(&media_path(&self.config.account_sid, message, sid)))
    }

    fn media_list(&self, message: &str) -> Reply {
        if self.find(message).is_none() {
            return Reply::Refused(Refusal::not_found(&media_path(&self.config.account_sid, message, "")));
        }
        let mut found: Vec<_> = self.shelf.0.iter().filter(|(_, kept)| kept.message == message).collect();
        found.sort_by_key(|(_, kept)| kept.position);
        let list: Vec<Value> =
            found.iter().map(|(sid, kept)| describe(&self.config.account_sid, sid, kept)).collect();
        let uri = format!("/2010-04-01/Accounts/{}/Messages/{message}/Media.json", self.config.account_sid);
        let page =
            json!({ "media_list": list, "page": 0, "page_size": 50, "next_page_uri": null, "uri": uri });
        Reply::Json(StatusCode::OK, page)
    }
}

/// The resource's routes, for behind the credentials.
pub(crate) fn api() -> Router<Simulator> {
    Router::new()
        .route("/2010-04-01/Accounts/{account}/Messages/{sid}/Media.json", get(list))
        .route("/2010-04-01/Accounts/{account}/Messages/{sid}/Media/{media}", get(show).delete(delete))
}

/// The second place, which asks for no credentials.
pub(crate) fn cdn(sim: Simulator) -> Router {
    Router::new().route("/sim-cdn/{media}", get(download)).with_state(sim)
}

async fn list(Shared(sim): Shared<Simulator>, Path((_, message)): Path<(String, String)>) -> Reply {
    sim.lock().media_list(&message)
}

/// With `.json` the description, without it the way to the bytes.
async fn show(
    Shared(sim): Shared<Simulator>,
    Path((_, message, media)): Path<(String, String, String)>,
) -> Response {
    let state = sim.lock();
    let described = media.strip_suffix(".json");
    let sid = described.unwrap_or(&media);
    match state.kept(&message, sid) {
        Err(refusal) => refusal.into_response(),
        Ok(kept) if described.is_some() => {
            Json(describe(&state.config.account_sid, sid, kept)).into_response()
        }
        Ok(_) => {
            let config = &state.config;
            let base = if config.cdn_url.is_empty() { &config.api_url } else { &config.cdn_url };
            let location = format!("{base}/sim-cdn/{sid}?signature=simulated");
            (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, location)]).into_response()
        }
    }
}

async fn delete(
    Shared(sim): Shared<Simulator>,
    Path((_, message, media)): Path<(String, String, String)>,
) -> Reply {
    sim.change(|state, _| {
        let sid = media.trim_end_matches(".json");
        if let Err(refusal) = state.kept(&message, sid) {
            return Reply::Refused(refusal);
        }
        state.shelf.0.remove(sid);
        Reply::Deleted
    })
}

async fn download(Shared(sim): Shared<Simulator>, Path(sid): Path<String>, headers: HeaderMap) -> Response {
    let mut state = sim.lock();
    if headers.contains_key(AUTHORIZATION) {
        state.counts.leaked += 1;
        return (StatusCode::BAD_REQUEST, "only one way of authorization is allowed").into_response();
    }
    let Some(kept) = state.shelf.0.get(&sid).cloned() else { return StatusCode::NOT_FOUND.into_response() };
    drop(state);
    let bytes = kept.file.content.bytes();
    let body = match kept.file.content {
        Content::Zeros(_) => in_pieces(bytes),
        Content::Picture(_) | Content::Base64(_) | Content::Text(_) => Body::from(bytes),
    };
    ([(CONTENT_TYPE, kept.file.content_type)], body).into_response()
}

/// A body that doesn't tell its length beforehand.
fn in_pieces(bytes: Bytes) -> Body {
    Body::new(Pieces(bytes))
}

struct Pieces(Bytes);

impl hyper::body::Body for Pieces {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<hyper::body::Frame<Bytes>, Self::Error>>> {
        let size = self.0.len().min(PIECE);
        let piece = self.0.split_to(size);
        std::task::Poll::Ready((size > 0).then(|| Ok(hyper::body::Frame::data(piece))))
    }
}

fn media_path(account: &str, message: &str, sid: &str) -> String {
    format!("/2010-04-01/Accounts/{account}/Messages/{message}/Media/{sid}")
}

fn describe(account: &str, sid: &str, kept: &Kept) -> Value {
    json!({
        "sid": sid,
        "account_sid": account,
        "parent_sid": kept.message,
        "content_type": kept.file.content_type,
        "date_created": rfc2822(kept.at),
        "date_updated": rfc2822(kept.at),
        "uri": format!("{}.json", media_path(account, &kept.message, sid)),
    })
}
