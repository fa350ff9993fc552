//! `/api/ai/test`, `/api/ai/send`, `/api/ai/conversation`, `/api/ai/playground`.

use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use hub_domain::{
    assistant::{output::Verdict, settings::AssistantChoice},
    message::Origin,
    participant::person_keys,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    super::{
        LANG,
        json_body::JsonBody,
        lenient_query::LenientQuery,
        messages::{error_text, item, sent_status},
        send_key::send_key,
    },
    own_key, refused, store_fault,
};
use crate::{
    app::{
        assistant::{AssistantRequest, AssistantSent, Judged},
        history::HistoryRequest,
        send::{Standing, Through},
    },
    t,
    web::{
        Web,
        access::{Caller, MayChange},
        error::api_error,
    },
};

fn history_limit(body: &JsonBody) -> u32 {
    let asked = body.filled("history_limit").and_then(|text| text.parse::<u32>().ok()).unwrap_or(20);
    asked.clamp(1, 200)
}

pub(crate) async fn test(State(web): State<Web>, body: JsonBody) -> Response {
    let input = body.filled("message").unwrap_or_else(|| t!(LANG, "api.ai.test_text").to_owned());
    match web.app.try_model(&input, own_key(&body)).await {
        Ok(connection) => Json(json!({
            "input": input,
            "reply": connection.reply,
            "model": connection.settings.model,
            "temperature": connection.settings.temperature,
            "history_limit": history_limit(&body),
            "connection_ok": true,
        }))
        .into_response(),
        Err(error) => refused(&error, t!(LANG, "api.ai.no_key_test")),
    }
}

pub(crate) async fn send(
    State(web): State<Web>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    body: JsonBody,
) -> Response {
    let Ok(key) = send_key(&headers, caller, "ai-send", &body) else {
        return api_error(StatusCode::BAD_REQUEST, t!(LANG, "api.send.bad_key"));
    };
    let request = AssistantRequest {
        to: body.text("participant"),
        latest: body.filled("latest"),
        history_limit: history_limit(&body),
        api_key: own_key(&body),
        through: Through::ServiceFirst,
        origin: Origin::Api,
    };
    match web.app.assistant_send(&request, key).await {
        Ok(sent) => shown(&sent, request.history_limit),
        Err(error) => refused(&error, t!(LANG, "api.ai.no_key_send")),
    }
}

fn shown(done: &AssistantSent, history_limit: u32) -> Response {
    if let Some(message) = done.sent.refused() {
        let text = error_text(message, LANG).unwrap_or_else(|| message.status.as_str().to_owned());
        return api_error(StatusCode::BAD_GATEWAY, &text);
    }
    let first = done.sent.parts.first();
    let to = first.map(|message| &*message.to).unwrap_or_default();
    let status =
        if done.sent.standing == Standing::Open { StatusCode::ACCEPTED } else { StatusCode::CREATED };
    let body = json!({
        "to": to,
        "to_normalized": person_keys(to).into_iter().next(),
        "body": done.body,
        "sid": first.and_then(|message| message.sid.as_ref()),
        "status": sent_status(&done.sent),
        "model": done.settings.model,
        "temperature": done.settings.temperature,
        "history_limit": history_limit,
        "origin_number": first.map(|message| &*message.from),
    });
    (status, Json(body)).into_response()
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct ConversationQuery {
    participant: Option<String>,
    limit: Option<String>,
}

pub(crate) async fn conversation(
    State(web): State<Web>,
    LenientQuery(query): LenientQuery<ConversationQuery>,
) -> Response {
    let given = query.participant.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let participant = match given {
        Some(participant) => participant,
        None => match web.app.assistant().await {
            Ok(view) => view.settings.target_number,
            Err(error) => return store_fault(&error),
        },
    };
    if participant.is_empty() {
        return Json(json!({ "participant": "", "items": [] })).into_response();
    }
    let limit = query.limit.and_then(|text| text.trim().parse::<u32>().ok()).unwrap_or(50).clamp(1, 200);
    let request =
        HistoryRequest { participant: Some(participant.clone()), limit, ..HistoryRequest::default() };
    match web.app.history(&request).await {
        Ok(page) => {
            let items: Vec<Value> = page.items.iter().rev().map(|message| item(message, LANG)).collect();
            Json(json!({ "participant": participant, "items": items })).into_response()
        }
        Err(error) => store_fault(&error),
    }
}

pub(crate) async fn playground(
    State(web): State<Web>,
    Extension(MayChange(sees_prompt)): Extension<MayChange>,
    body: JsonBody,
) -> Response {
    let Some(message) = body.filled("message") else {
        return api_error(StatusCode::BAD_REQUEST, t!(LANG, "api.ai.no_message"));
    };
    let view = match web.app.assistant().await {
        Ok(view) => view,
        Err(error) => return store_fault(&error),
    };
    let trial = AssistantChoice {
        instruction: body.has("system_prompt").then(|| body.text("system_prompt")),
        model: body.filled("model"),
        ..AssistantChoice::default()
    };
    let settings = trial.over(&view.settings);
    let answer = match web.app.playground(&settings, &message).await {
        Ok(answer) => answer,
        Err(error) => return refused(&error, t!(LANG, "api.ai.no_key_test")),
    };
    let receipt = &answer.receipt;
    Json(json!({
        "message": message,
        "words": receipt.words,
        "verdict": answer.judged.as_ref().map_or("failed", verdict),
        "says": answer.judged.as_ref().ok().and_then(says),
        "error": receipt.error,
        "model": receipt.model,
        "prompt_tokens": receipt.prompt_tokens,
        "completion_tokens": receipt.completion_tokens,
        "millis": receipt.millis,
        // It holds the whole instruction.
        "prompt": sees_prompt.then(|| serde_json::from_str::<Value>(&receipt.prompt).unwrap_or_default()),
        "passages": serde_json::from_str::<Value>(&receipt.passages).unwrap_or_default(),
    }))
    .into_response()
}

fn verdict(judged: &Judged) -> &'static str {
    match &judged.verdict {
        Verdict::Say(_) => "say",
        Verdict::HandOver => "handover",
        Verdict::Unfit(why) => why.as_str(),
    }
}

fn says(judged: &Judged) -> Option<&str> {
    match &judged.verdict {
        Verdict::Say(text) => Some(text),
        Verdict::HandOver | Verdict::Unfit(_) => None,
    }
}
