//! `/api/contacts/<id>/…`: a thread, and how a person keeps it.

use axum::{
    Extension, Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use hub_domain::{ids::ContactId, message::ConversationMode};
use hub_store::{ConsentByHand, InboxLine, StoreError, ThreadSide};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    LANG,
    inbox::{limit, line},
    json_body::{JsonBody, NoSwitch},
    lenient_query::LenientQuery,
    messages::{before, store_fault},
    path::Path,
    thread::entry,
};
use crate::{
    t,
    web::{Web, access::Caller, error::api_error},
};

#[derive(Debug, Default, Deserialize)]
pub(crate) struct ThreadQuery {
    before: Option<String>,
    after: Option<String>,
    limit: Option<String>,
}

pub(crate) async fn thread(
    State(web): State<Web>,
    Path(name): Path<String>,
    LenientQuery(query): LenientQuery<ThreadQuery>,
) -> Response {
    let side = match (before(query.before.as_deref()), before(query.after.as_deref())) {
        (Ok(_), Ok(Some(after))) => ThreadSide::After(after),
        (Ok(Some(before)), Ok(None)) => ThreadSide::Before(before),
        (Ok(None), Ok(None)) => ThreadSide::Newest,
        (Err(refused), _) | (_, Err(refused)) => return *refused,
    };
    let known = match shown(&web, &name).await {
        Ok(line) => line,
        Err(refused) => return *refused,
    };
    match web.app.thread_page(known.person.contact, side, limit(query.limit.as_deref())).await {
        Ok(page) => {
            let items: Vec<Value> = page.entries.iter().map(entry).collect();
            let (count, contact) = (items.len(), line(&known));
            let (earlier, later) = (page.earlier, page.later);
            Json(json!({ "contact": contact, "count": count, "items": items, "earlier": earlier, "later": later }))
                .into_response()
        }
        Err(error) => store_fault(&error),
    }
}

pub(crate) async fn read(
    State(web): State<Web>,
    Path(name): Path<String>,
    body: JsonBody,
) -> Result<Response, NoSwitch> {
    let Some(contact) = contact(&name) else { return Ok(not_found()) };
    let done = if body.truth("unread")? {
        web.app.mark_unread(contact, body.whole("from")).await
    } else {
        web.app.mark_read(contact, body.whole("up_to").unwrap_or(i64::MAX)).await
    };
    Ok(after(&web, &name, done).await)
}

pub(crate) async fn mode(State(web): State<Web>, Path(name): Path<String>, body: JsonBody) -> Response {
    let Some(contact) = contact(&name) else { return not_found() };
    let Some(mode) = ConversationMode::parse(&body.text("mode")) else {
        return api_error(StatusCode::BAD_REQUEST, t!(LANG, "inbox.bad_mode"));
    };
    let Ok(until) = body.filled("until").map(|text| text.parse::<Timestamp>()).transpose() else {
        return api_error(StatusCode::BAD_REQUEST, t!(LANG, "inbox.bad_until"));
    };
    let done = web.app.change_mode(contact, mode, until).await;
    after(&web, &name, done).await
}

pub(crate) async fn name(
    State(web): State<Web>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
    body: JsonBody,
) -> Response {
    let Some(contact) = contact(&name) else { return not_found() };
    let done = web.app.rename(contact, &body.text("name"), caller.user()).await;
    after(&web, &name, done).await
}

pub(crate) async fn draft(
    State(web): State<Web>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
    body: JsonBody,
) -> Response {
    let Some(contact) = contact(&name) else { return not_found() };
    let done = web.app.save_draft(contact, &body.text("body"), caller.user()).await;
    after(&web, &name, done).await
}

pub(crate) async fn done(State(web): State<Web>, Path(name): Path<String>) -> Response {
    let Some(contact) = contact(&name) else { return not_found() };
    let done = web.app.seen_to(contact).await;
    after(&web, &name, done).await
}

pub(crate) async fn opt_out(
    State(web): State<Web>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
    body: JsonBody,
) -> Response {
    let Some(contact) = contact(&name) else { return not_found() };
    let consent = ConsentByHand::OptOut { note: body.text("note").trim().to_owned() };
    let done = web.app.record_consent(contact, consent, caller.user()).await;
    after(&web, &name, done).await
}

pub(crate) async fn reopen(
    State(web): State<Web>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
    body: JsonBody,
) -> Response {
    let Some(contact) = contact(&name) else { return not_found() };
    let Some(consent) = body.filled("consent") else {
        return api_error(StatusCode::BAD_REQUEST, t!(LANG, "inbox.no_consent"));
    };
    let done = web.app.record_consent(contact, ConsentByHand::Reopen { consent }, caller.user()).await;
    after(&web, &name, done).await
}

fn contact(name: &str) -> Option<ContactId> {
    name.trim().parse().ok().map(ContactId)
}

/// The line as it is after a change.
async fn after(web: &Web, name: &str, done: Result<(), StoreError>) -> Response {
    match done {
        Ok(()) => match shown(web, name).await {
            Ok(known) => Json(line(&known)).into_response(),
            Err(refused) => *refused,
        },
        Err(StoreError::NotFound(_)) => not_found(),
        Err(error) => store_fault(&error),
    }
}

async fn shown(web: &Web, name: &str) -> Result<InboxLine, Box<Response>> {
    let Some(contact) = contact(name) else { return Err(Box::new(not_found())) };
    match web.app.inbox_line(contact).await {
        Ok(Some(line)) => Ok(line),
        Ok(None) => Err(Box::new(not_found())),
        Err(error) => Err(Box::new(store_fault(&error))),
    }
}

fn not_found() -> Response {
    api_error(StatusCode::NOT_FOUND, t!(LANG, "inbox.no_contact"))
}
