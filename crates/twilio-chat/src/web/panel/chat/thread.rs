//! The messages of a thread, a page at a time; rendered alone when something changed, and inside the page.

use std::collections::HashMap;

use askama::Template;
use axum::{
    Extension,
    extract::{Path, Query as Asked, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use hub_domain::ids::{ContactId, UserId};
use hub_store::{StoreError, ThreadSide};
use serde::Deserialize;

use super::{
    bubble::{Bubble, Reading, bubbles},
    dates::Calendar,
};
use crate::{
    app::{auth::Viewer, inbox::ThreadPage},
    i18n::Lang,
    t,
    web::{
        Web,
        panel::{fault, html},
    },
};

/// Messages on a page.
const SHOWN: u32 = 50;
/// Messages that an open thread may have grown to before it begins anew at its end.
const GROWN: u32 = 300;

/// Messages of a thread.
#[derive(Debug, Template)]
#[template(path = "chat/log.html")]
pub(super) struct Log {
    lang: Lang,
    contact: i64,
    /// Where forms come back to without a script; with one, to where it stands.
    back: String,
    bubbles: Vec<Bubble>,
    /// The row that earlier messages come before.
    earlier: Option<i64>,
    /// The row that later messages come after; while there are any, nothing is added at the end.
    later: Option<i64>,
    unread: Option<i64>,
    /// What the assistant proposes to say next.
    proposal: Option<String>,
    /// The newest row shown, which reading goes up to.
    last: i64,
}

/// Which part of a thread.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(crate) struct Part {
    /// The first row on the screen: what follows it is read again, with what is new.
    pub(super) from: Option<i64>,
    pub(super) before: Option<i64>,
    pub(super) after: Option<i64>,
    /// Where unread texts began when the thread was opened.
    pub(super) unread: Option<i64>,
}

pub(crate) async fn fragment(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    Path(contact): Path<i64>,
    Asked(part): Asked<Part>,
) -> Response {
    let lang = web.settings.lang.or_chosen(viewer.language);
    match read(&web, lang, ContactId(contact), part, "/chat").await {
        Ok(log) => html(StatusCode::OK, &log),
        Err(error) => {
            tracing::error!(%error, "a thread could not be read");
            fault::store(&web, &headers, Some(&viewer))
        }
    }
}

pub(super) async fn read(
    web: &Web,
    lang: Lang,
    contact: ContactId,
    part: Part,
    back: &str,
) -> Result<Log, StoreError> {
    let page = page(web, contact, part).await?;
    let mut attachments = HashMap::new();
    for entry in page.entries.iter().filter(|entry| entry.message.media_count > 0) {
        attachments.insert(entry.message.row, web.app.attachments(entry.message.row).await?);
    }
    let is_end = page.later.is_none();
    let proposal = if is_end { web.app.proposal_for(contact).await? } else { None };
    let names: HashMap<UserId, String> =
        web.app.users().await?.into_iter().map(|user| (user.id, user.name)).collect();
    let calendar = Calendar::new(&web.settings.time_zone, web.app.world().now(), lang);
    let reading =
        Reading { lang, calendar: &calendar, names: &names, attachments: &attachments, unread: part.unread };
    Ok(Log {
        lang,
        contact: contact.0,
        back: back.to_owned(),
        bubbles: bubbles(&reading, &page.entries),
        earlier: page.earlier,
        later: page.later,
        unread: part.unread,
        proposal: proposal.map(|proposal| proposal.body),
        last: page.entries.last().map_or(0, |entry| entry.message.row),
    })
}

async fn page(web: &Web, contact: ContactId, part: Part) -> Result<ThreadPage, StoreError> {
    let (side, limit) = match part {
        Part { from: Some(from), .. } => (ThreadSide::After(from.saturating_sub(1)), GROWN),
        Part { before: Some(before), .. } => (ThreadSide::Before(before), SHOWN),
        Part { after: Some(after), .. } => (ThreadSide::After(after), SHOWN),
        Part { .. } => (ThreadSide::Newest, SHOWN),
    };
    let mut page = web.app.thread_page(contact, side, limit).await?;
    if part.from.is_some() && (page.later.is_some() || page.entries.is_empty()) {
        return web.app.thread_page(contact, ThreadSide::Newest, SHOWN).await;
    }
    // Whether anything is on the side that was not read has to be asked.
    if let (ThreadSide::Before(_), Some(row)) = (side, page.later) {
        let beyond = web.app.thread_page(contact, ThreadSide::After(row), 1).await?;
        page.later = Some(row).filter(|_| !beyond.entries.is_empty());
    }
    if let (ThreadSide::After(_), Some(row)) = (side, page.earlier) {
        let beyond = web.app.thread_page(contact, ThreadSide::Before(row), 1).await?;
        page.earlier = Some(row).filter(|_| !beyond.entries.is_empty());
    }
    Ok(page)
}
