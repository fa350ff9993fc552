//! `/api/consents`: who asked for silence, and the evidence of a person's consent as a file to hand out.

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header::CONTENT_DISPOSITION},
    response::{IntoResponse, Response},
};
use hub_store::{ConsentEntry, StoreError, Suppression};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    LANG,
    json_body::{JsonBody, NoSwitch},
    lenient_query::LenientQuery,
    messages::time,
    path::Path,
};
use crate::{
    app::consents::ConsentEvidence,
    t,
    web::{Web, error::api_error},
};

const PAGE: u32 = 100;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct ListQuery {
    before: Option<String>,
}

pub(crate) async fn list(State(web): State<Web>, LenientQuery(query): LenientQuery<ListQuery>) -> Response {
    let before = match query.before.as_deref().map(cursor) {
        Some(None) => return api_error(StatusCode::BAD_REQUEST, t!(LANG, "api.bad_cursor")),
        before => before.flatten(),
    };
    match web.app.suppressions(before, PAGE).await {
        Ok(page) => {
            let whole = u32::try_from(page.len()).is_ok_and(|count| count == PAGE);
            let next = page.last().filter(|_| whole).map(next);
            let items: Vec<Value> = page.iter().map(suppression).collect();
            Json(json!({ "count": items.len(), "items": items, "next": next })).into_response()
        }
        Err(error) => store_fault(&error),
    }
}

/// `microseconds:person`, as [`next`] writes it.
fn cursor(text: &str) -> Option<(Timestamp, String)> {
    let (micros, person) = text.split_once(':')?;
    Some((Timestamp::from_microsecond(micros.parse().ok()?).ok()?, person.to_owned()))
}

fn next(last: &Suppression) -> String {
    format!("{}:{}", last.since.as_microsecond(), last.person)
}

pub(crate) async fn show(State(web): State<Web>, Path(participant): Path<String>) -> Response {
    match web.app.consent_of(&participant).await {
        Ok(Some(evidence)) => Json(shown(&evidence)).into_response(),
        Ok(None) => api_error(StatusCode::NOT_FOUND, t!(LANG, "api.not_found")),
        Err(error) => store_fault(&error),
    }
}

pub(crate) async fn export(State(web): State<Web>, Path(participant): Path<String>) -> Response {
    match web.app.consent_of(&participant).await {
        Ok(Some(evidence)) => {
            let mut body = shown(&evidence);
            if let Value::Object(fields) = &mut body {
                fields.insert("exported_at".to_owned(), json!(web.app.export_time()));
            }
            let disposition = "attachment; filename=\"consent.json\"";
            ([(CONTENT_DISPOSITION, disposition)], Json(body)).into_response()
        }
        Ok(None) => api_error(StatusCode::NOT_FOUND, t!(LANG, "api.not_found")),
        Err(error) => store_fault(&error),
    }
}

pub(crate) async fn record(
    State(web): State<Web>,
    Path(participant): Path<String>,
    body: JsonBody,
) -> Result<Response, NoSwitch> {
    let Some(note) = body.filled("note") else {
        return Ok(api_error(StatusCode::BAD_REQUEST, t!(LANG, "api.consents.no_note")));
    };
    let Some(opted_in) = body.truth_given("opted_in")? else {
        return Ok(api_error(StatusCode::BAD_REQUEST, t!(LANG, "api.consents.no_choice")));
    };
    Ok(match web.app.note_consent(&participant, opted_in, &note).await {
        Ok(Some(evidence)) => Json(shown(&evidence)).into_response(),
        Ok(None) => api_error(StatusCode::BAD_REQUEST, t!(LANG, "api.send.bad_number")),
        Err(error) => store_fault(&error),
    })
}

fn shown(evidence: &ConsentEvidence) -> Value {
    let history: Vec<Value> = evidence.history.iter().map(entry).collect();
    json!({
        "person": evidence.person,
        "opted_out": evidence.suppression.is_some(),
        "suppression": evidence.suppression.as_ref().map(suppression),
        "history": history,
    })
}

fn suppression(entry: &Suppression) -> Value {
    json!({ "person": entry.person, "source": entry.source, "since": time(entry.since) })
}

fn entry(entry: &ConsentEntry) -> Value {
    json!({
        "change": if entry.opted_in { "opt_in" } else { "opt_out" },
        "source": entry.source,
        "note": entry.note,
        "at": time(entry.at),
        "message": entry.message,
        "sid": entry.sid,
        "body": entry.body,
    })
}

fn store_fault(error: &StoreError) -> Response {
    tracing::error!(%error, "consents could not be read or saved");
    api_error(StatusCode::SERVICE_UNAVAILABLE, t!(LANG, "api.store_fault"))
}
