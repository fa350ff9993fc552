//! `GET /api/recovery`: what had not reached us and was fetched from Twilio, and walks that failed.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use hub_store::Recovery;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    lenient_query::LenientQuery,
    messages::{before, store_fault, time},
};
use crate::web::Web;

const DEFAULT_LIMIT: u32 = 20;
const MAX_LIMIT: u32 = 100;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct ListQuery {
    limit: Option<String>,
    before: Option<String>,
}

pub(crate) async fn list(State(web): State<Web>, LenientQuery(query): LenientQuery<ListQuery>) -> Response {
    let limit = query.limit.as_deref().and_then(|text| text.trim().parse().ok()).unwrap_or(DEFAULT_LIMIT);
    let limit = limit.clamp(1, MAX_LIMIT);
    let before = match before(query.before.as_deref()) {
        Ok(before) => before,
        Err(refused) => return *refused,
    };
    match web.app.recoveries(before, limit).await {
        Ok(page) => {
            let items: Vec<Value> = page.iter().map(item).collect();
            let is_full = u32::try_from(items.len()).is_ok_and(|count| count == limit);
            let next = page.last().filter(|_| is_full).map(|last| last.id);
            Json(json!({ "count": items.len(), "items": items, "next": next })).into_response()
        }
        Err(error) => store_fault(&error),
    }
}

fn item(recovery: &Recovery) -> Value {
    json!({
        "id": recovery.id,
        "began_at": time(recovery.began_at),
        "ended_at": recovery.ended_at.map(time),
        "from": time(recovery.floor),
        "to": time(recovery.began_at),
        "inbound": recovery.inbound,
        "outbound": recovery.outbound,
        "statuses": recovery.statuses,
        "held": recovery.waiting,
        "failures": recovery.failures,
        "error": recovery.error,
    })
}
