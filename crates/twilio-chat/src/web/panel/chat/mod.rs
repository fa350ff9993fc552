//! `/chat`: the inbox. A list of conversations, the open thread, and what is known about the person.
//!
//! Everything is links and forms first. The scripts in `assets/js` read the same fragments again when something
//! changes; no fragment is rendered by a script.

mod act;
mod bubble;
mod composer;
mod dates;
mod delete;
mod details;
mod head;
mod held;
mod list;
mod person;
mod place;
mod proposal;
mod send;
mod template;
mod thread;

use askama::Template;
use axum::{
    Extension,
    extract::{Path, Query as Asked, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use hub_domain::address::{Address, Channel};
use hub_store::StoreError;
use serde::Deserialize;

pub(crate) use self::{
    act::{consent, done, mode, name, retry, unread},
    delete::{delete, delete_message, sure_to_delete, sure_to_delete_message},
    details::show as details,
    head::fragment as head,
    held::{approve, discard},
    list::fragment as list,
    place::{Query, path_segment, thread_path},
    proposal::decide as decide_proposal,
    send::send,
    template::{choose as choose_template, preview as preview_template, send as send_template},
    thread::fragment as thread,
};
use self::{
    composer::Composer,
    head::{Head, Side},
    list::List,
    place::Place,
    thread::{Log, Part},
};
use super::{Shell, fault, html, shell::local};
use crate::{app::auth::Viewer, t, web::Web};

#[derive(Template)]
#[template(path = "chat/page.html")]
struct ChatPage {
    shell: Shell,
    /// The newest change when the page was read: what comes later is told by the stream.
    change: i64,
    /// The query of the view, for links and for reading the list again.
    query: String,
    list: List,
    open: Option<Thread>,
    /// Somebody asked for a number that is none.
    bad_number: bool,
}

/// The open thread.
struct Thread {
    /// 0: nobody has this number yet.
    contact: i64,
    title: String,
    head: Option<Head>,
    log: Option<Log>,
    composer: Composer,
    side: Option<Side>,
    info: bool,
}

/// Where somebody wants to begin a conversation.
#[derive(Debug, Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    to: String,
}

pub(crate) async fn inbox(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    Asked(query): Asked<Query>,
    shell: Shell,
) -> Response {
    shown(&web, &viewer, &headers, shell, query, None).await
}

pub(crate) async fn with(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    Path(participant): Path<String>,
    Asked(query): Asked<Query>,
    shell: Shell,
) -> Response {
    shown(&web, &viewer, &headers, shell, query, Some(participant)).await
}

/// Leads to the thread of a number as typed.
pub(crate) async fn open(Asked(wanted): Asked<Wanted>) -> Response {
    let to = match Address::from_typed(&wanted.to) {
        Ok(address) => thread_path(address.as_str()),
        Err(_) => "/chat?number=bad".to_owned(),
    };
    Redirect::to(&to).into_response()
}

async fn shown(
    web: &Web,
    viewer: &Viewer,
    headers: &HeaderMap,
    shell: Shell,
    query: Query,
    participant: Option<String>,
) -> Response {
    match page(web, shell, &query, participant).await {
        Ok(Some(page)) => html(StatusCode::OK, &page),
        Ok(None) => fault::nobody(web, headers, viewer),
        Err(error) => {
            tracing::error!(%error, "the inbox could not be read");
            fault::store(web, headers, Some(viewer))
        }
    }
}

/// `None` when a thread is asked for that can't be: nobody has that address, and it is no number to write to.
async fn page(
    web: &Web,
    shell: Shell,
    query: &Query,
    participant: Option<String>,
) -> Result<Option<ChatPage>, StoreError> {
    let change = web.app.newest_change().await?;
    let place = query.place();
    let open = match participant {
        None => None,
        Some(participant) => match thread_of(web, &shell, query, &place, &participant).await? {
            Some(thread) => Some(thread),
            None => return Ok(None),
        },
    };
    let contact = open.as_ref().map(|thread| thread.contact).filter(|contact| *contact != 0);
    let list = list::read(web, shell.lang, &place, contact).await?;
    Ok(Some(ChatPage { change, query: place.query(&[]), list, open, bad_number: query.bad_number(), shell }))
}

async fn thread_of(
    web: &Web,
    shell: &Shell,
    query: &Query,
    place: &Place,
    participant: &str,
) -> Result<Option<Thread>, StoreError> {
    let lang = shell.lang;
    let opened = match web.app.person(participant).await? {
        Some(person) => web.app.opened(person.contact).await?,
        None => None,
    };
    let Some(opened) = opened else { return Ok(new_thread(web, shell, place, participant)) };
    let line = &opened.line;
    let path = thread_path(&line.person.key);
    let back = format!("{path}{}", place.query(&[]));
    let unread = query.unread.or(line.first_unread);
    let part = Part { before: query.before, after: query.after, unread, ..Part::default() };
    let log = thread::read(web, lang, line.person.contact, part, &back).await?;
    Ok(Some(Thread {
        contact: line.person.contact.0,
        title: person::name(line),
        head: Some(head::head(web, lang, &opened, back.clone(), format!("/chat{}", place.query(&[])))),
        log: Some(log),
        composer: composer::composer(web, lang, &opened, back.clone()),
        side: Some(head::side(web, lang, &opened, back, shell.is_admin())),
        info: query.info,
    }))
}

/// A conversation that begins with what is about to be written.
fn new_thread(web: &Web, shell: &Shell, place: &Place, participant: &str) -> Option<Thread> {
    let address = Address::from_typed(participant).ok()?;
    let path = thread_path(address.as_str());
    let back = format!("{path}{}", place.query(&[]));
    let composer = Composer {
        // They have not written to us, so WhatsApp takes a template only.
        window_closed: address.channel() == Channel::WhatsApp,
        ..composer::empty(web, shell.lang, address.as_str().to_owned(), back)
    };
    Some(Thread {
        contact: 0,
        title: person::shown(address.as_str()),
        head: None,
        log: None,
        composer,
        side: None,
        info: false,
    })
}

/// A page of ours to go back to; the inbox when it is none.
fn back_to(back: &str) -> &str {
    match local(back) {
        "/" => "/chat",
        path => path,
    }
}
