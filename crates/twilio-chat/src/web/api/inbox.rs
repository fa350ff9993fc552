//! `/api/inbox` and `/api/search`: people in views, and what somebody looks for.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use hub_domain::ids::ContactId;
use hub_store::{Draft, InboxCounts, InboxLine, View};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    LANG,
    lenient_query::LenientQuery,
    messages::{before, item, store_fault, time},
};
use crate::{
    t,
    web::{Web, error::api_error},
};

const DEFAULT_LIMIT: i64 = 50;
const MAX_LIMIT: i64 = 200;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct ListQuery {
    view: Option<String>,
    before: Option<String>,
    limit: Option<String>,
    q: Option<String>,
    contact: Option<String>,
}

pub(crate) async fn list(State(web): State<Web>, LenientQuery(query): LenientQuery<ListQuery>) -> Response {
    let Some(view) = View::parse(query.view.as_deref().unwrap_or(View::All.as_str())) else {
        return api_error(StatusCode::BAD_REQUEST, t!(LANG, "inbox.bad_view"));
    };
    let before = match before(query.before.as_deref()) {
        Ok(before) => before,
        Err(refused) => return *refused,
    };
    let read = async {
        let page = web.app.inbox(view, before, limit(query.limit.as_deref())).await?;
        Ok::<_, hub_store::StoreError>((page, web.app.inbox_counts().await?))
    };
    match read.await {
        Ok((page, counts)) => {
            let items: Vec<Value> = page.items.iter().map(line).collect();
            let counts = shown_counts(counts);
            Json(json!({ "count": items.len(), "items": items, "next": page.next, "counts": counts }))
                .into_response()
        }
        Err(error) => store_fault(&error),
    }
}

pub(crate) async fn search(State(web): State<Web>, LenientQuery(query): LenientQuery<ListQuery>) -> Response {
    let before = match before(query.before.as_deref()) {
        Ok(before) => before,
        Err(refused) => return *refused,
    };
    let contact = query.contact.and_then(|text| text.trim().parse().ok()).map(ContactId);
    let typed = query.q.unwrap_or_default();
    match web.app.search(&typed, contact, before, limit(query.limit.as_deref())).await {
        Ok(found) => {
            let people: Vec<Value> = found.people.iter().map(line).collect();
            let messages: Vec<Value> = found.messages.items.iter().map(found_message).collect();
            Json(json!({ "people": people, "messages": messages, "next": found.messages.next }))
                .into_response()
        }
        Err(error) => store_fault(&error),
    }
}

pub(crate) async fn drafts(State(web): State<Web>, LenientQuery(query): LenientQuery<ListQuery>) -> Response {
    let before = match before(query.before.as_deref()) {
        Ok(before) => before,
        Err(refused) => return *refused,
    };
    match web.app.drafts(before, limit(query.limit.as_deref())).await {
        Ok(page) => {
            let items: Vec<Value> = page.items.iter().map(draft).collect();
            Json(json!({ "count": items.len(), "items": items, "next": page.next })).into_response()
        }
        Err(error) => store_fault(&error),
    }
}

fn draft(draft: &Draft) -> Value {
    json!({
        "contact": draft.contact,
        "body": draft.body,
        "author": draft.author,
        "saved_at": time(draft.saved_at),
    })
}

/// A message with whose it is.
fn found_message(message: &hub_domain::message::Message) -> Value {
    let mut found = item(message, LANG);
    if let Value::Object(fields) = &mut found {
        fields.insert("contact".to_owned(), json!(message.contact));
    }
    found
}

pub(super) fn limit(text: Option<&str>) -> u32 {
    let limit = text.and_then(|text| text.trim().parse().ok()).unwrap_or(DEFAULT_LIMIT);
    u32::try_from(limit.clamp(1, MAX_LIMIT)).unwrap_or(1)
}

/// One person's line.
pub(super) fn line(line: &InboxLine) -> Value {
    json!({
        "contact": line.person.contact,
        "participant": line.person.key,
        "name": line.name,
        "mode": line.mode.as_str(),
        "mode_until": line.mode_until.map(time),
        "unread": line.unread,
        "first_unread": line.first_unread,
        "attention": line.attention.map(|asking| asking.why.as_str()),
        "attention_message": line.attention.map(|asking| asking.message),
        "failed": line.failed,
        "opted_out": line.opted_out,
        "draft": line.draft,
        "message_count": line.message_count,
        "last_message": line.last.as_ref().map(|message| item(message, LANG)),
    })
}

fn shown_counts(counts: InboxCounts) -> Value {
    json!({
        "unread": counts.unread,
        "needs_human": counts.needs_human,
        "failed": counts.failed,
        "opted_out": counts.opted_out,
        "counted_up_to": InboxCounts::MOST,
    })
}
