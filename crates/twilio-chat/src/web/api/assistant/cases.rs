//! `/api/ai/cases`, `/api/ai/receipts`, `/api/ai/proposal`: what was said, should have been said, could be said.

use axum::{
    Extension, Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use hub_store::{Case, NewCase, Receipt};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    super::{
        LANG,
        json_body::JsonBody,
        lenient_query::LenientQuery,
        messages::{before, time},
        path::Path,
    },
    store_fault,
};
use crate::{
    t,
    web::{Web, access::MayChange, error::api_error},
};

const PAGE: u32 = 50;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct CasesQuery {
    before: Option<String>,
}

pub(crate) async fn list(State(web): State<Web>, LenientQuery(query): LenientQuery<CasesQuery>) -> Response {
    let before = match before(query.before.as_deref()) {
        Ok(before) => before,
        Err(refused) => return *refused,
    };
    match web.app.cases(before, PAGE).await {
        Ok(page) => {
            let items: Vec<Value> = page.items.iter().map(shown).collect();
            Json(json!({ "count": items.len(), "items": items, "next": page.next })).into_response()
        }
        Err(error) => store_fault(&error),
    }
}

pub(crate) async fn save(State(web): State<Web>, body: JsonBody) -> Response {
    let case = NewCase {
        question: body.text("question").trim().to_owned(),
        said: body.text("said").trim().to_owned(),
        expected: body.text("expected").trim().to_owned(),
    };
    if case.question.is_empty() || case.expected.is_empty() {
        return api_error(StatusCode::BAD_REQUEST, t!(LANG, "api.ai.case_incomplete"));
    }
    match web.app.save_case(case).await {
        Ok(id) => (StatusCode::CREATED, Json(json!({ "id": id }))).into_response(),
        Err(error) => store_fault(&error),
    }
}

pub(crate) async fn delete(State(web): State<Web>, Path(id): Path<i64>) -> Response {
    match web.app.delete_case(id).await {
        Ok(true) => Json(json!({ "id": id, "deleted": true })).into_response(),
        Ok(false) => api_error(StatusCode::NOT_FOUND, t!(LANG, "api.not_found")),
        Err(error) => store_fault(&error),
    }
}

/// What a model was told holds the instruction, so it is for who may change that.
pub(crate) async fn receipts(
    State(web): State<Web>,
    Extension(MayChange(sees_prompt)): Extension<MayChange>,
    Path(row): Path<i64>,
) -> Response {
    match web.app.receipts(row).await {
        Ok(receipts) => {
            let items: Vec<Value> = receipts.iter().map(|one| receipt(one, sees_prompt)).collect();
            Json(json!({ "count": items.len(), "items": items })).into_response()
        }
        Err(error) => store_fault(&error),
    }
}

pub(crate) async fn proposal(State(web): State<Web>, Path(participant): Path<String>) -> Response {
    match web.app.proposal(&participant).await {
        Ok(found) => {
            let shown = found.map(|proposal| {
                json!({
                    "message": proposal.message,
                    "body": proposal.body,
                    "created_at": time(proposal.created_at),
                })
            });
            Json(json!({ "participant": participant, "proposal": shown })).into_response()
        }
        Err(error) => store_fault(&error),
    }
}

pub(crate) async fn drop_proposal(State(web): State<Web>, Path(participant): Path<String>) -> Response {
    match web.app.drop_proposal(&participant).await {
        Ok(dropped) => Json(json!({ "participant": participant, "dropped": dropped })).into_response(),
        Err(error) => store_fault(&error),
    }
}

fn shown(case: &Case) -> Value {
    json!({
        "id": case.id,
        "question": case.case.question,
        "said": case.case.said,
        "expected": case.case.expected,
        "created_at": time(case.created_at),
    })
}

fn receipt(receipt: &Receipt, sees_prompt: bool) -> Value {
    let parsed = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    json!({
        "id": receipt.id,
        "message": receipt.message,
        "answer": receipt.answer,
        "purpose": receipt.purpose,
        "decision": receipt.decision,
        "model": receipt.model,
        "prompt": if sees_prompt { parsed(&receipt.prompt) } else { Value::Null },
        "passages": parsed(&receipt.passages),
        "words": receipt.words,
        "redacted": receipt.redacted,
        "error": receipt.error,
        "prompt_tokens": receipt.prompt_tokens,
        "completion_tokens": receipt.completion_tokens,
        "cost": receipt.cost.map(hub_domain::spending::shown),
        "millis": receipt.millis,
        "created_at": time(receipt.created_at),
    })
}
