//! `/api/ai/config`: how the assistant is set up.

use axum::{
    Extension, Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use hub_domain::{
    assistant::settings::{AnswersWhen, AssistantChoice, AssistantChoiceError, OnFailure},
    participant,
    secret::SecretName,
};
use hub_store::By;
use serde_json::json;

use super::{
    super::{LANG, json_body::JsonBody, messages::time, secrets},
    store_fault,
};
use crate::{
    app::{
        assistant::AssistantView,
        secrets::{Outcome, SecretError},
    },
    t,
    web::{Web, error::api_error},
};

pub(crate) async fn show(State(web): State<Web>) -> Response {
    match web.app.assistant().await {
        Ok(view) => shown(&view),
        Err(error) => store_fault(&error),
    }
}

pub(crate) async fn change(State(web): State<Web>, Extension(by): Extension<By>, body: JsonBody) -> Response {
    let view = match web.app.assistant().await {
        Ok(view) => view,
        Err(error) => return store_fault(&error),
    };
    let change = match choice(&body) {
        Ok(change) => change,
        Err(text) => return api_error(StatusCode::BAD_REQUEST, &text),
    };
    // Whatever would be refused is refused before the key is touched.
    if let Err(error) = AssistantChoice::default().with(change.clone()) {
        return api_error(StatusCode::BAD_REQUEST, outside(error));
    }
    let key = Key::of(&body);
    let will_have_key = match key {
        Key::Stays => Ok(view.has_key),
        Key::Is(_) => Ok(true),
        Key::Goes => web.app.is_set_outside_of_panel(KEY),
    };
    match will_have_key {
        Ok(false) if change.enabled == Some(true) => {
            return api_error(StatusCode::BAD_REQUEST, t!(LANG, "api.ai.key_needed"));
        }
        Ok(_) => {}
        Err(error) => return secrets::refusal(&error),
    }
    match change_key(&web, key, by.clone()).await {
        Ok(Outcome::InForce) => {}
        // Switched on without it the assistant would have no model.
        Ok(Outcome::Incomplete(error)) => {
            return api_error(StatusCode::BAD_REQUEST, LANG.pick_owned(&error.pl, &error.en));
        }
        Err(error) => return secrets::refusal(&error),
    }
    match web.app.change_assistant(change, by).await {
        Ok(Ok(_)) => show(State(web)).await,
        Ok(Err(error)) => api_error(StatusCode::BAD_REQUEST, outside(error)),
        Err(error) => store_fault(&error),
    }
}

/// The assistant's key among those that may be entered.
const KEY: SecretName = SecretName::OpenaiApiKey;

/// What a body says of the key: left out it stays, empty it goes, as with the original.
enum Key {
    Stays,
    Is(String),
    Goes,
}

impl Key {
    fn of(body: &JsonBody) -> Self {
        match body.filled("api_key") {
            Some(key) => Self::Is(key),
            None if body.is_text("api_key") => Self::Goes,
            None => Self::Stays,
        }
    }
}

/// Kept as the page of keys keeps it: sealed, in force at once, told to nobody.
async fn change_key(web: &Web, key: Key, by: By) -> Result<Outcome, SecretError> {
    match key {
        Key::Stays => Ok(Outcome::InForce),
        Key::Is(key) => web.app.save_secret(KEY, &key, by).await,
        Key::Goes => web.app.clear_secret(KEY, by).await,
    }
}

fn outside(error: AssistantChoiceError) -> &'static str {
    match error {
        AssistantChoiceError::Temperature => t!(LANG, "api.ai.temperature_range"),
        AssistantChoiceError::Instruction => t!(LANG, "api.ai.instruction_long"),
        AssistantChoiceError::Limit => t!(LANG, "api.ai.limit"),
    }
}

/// What the body mentions. The original reads a missing switch as off and a missing model as its default.
fn choice(body: &JsonBody) -> Result<AssistantChoice, String> {
    let number = |name: &str| match body.given(name) {
        None => Ok(None),
        Some(text) => text.parse::<u32>().map(Some).map_err(|_| t!(LANG, "api.ai.limit")),
    };
    let temperature = match body.given("temperature") {
        None => None,
        Some(text) => Some(text.parse::<f64>().map_err(|_| t!(LANG, "api.ai.temperature_number"))?),
    };
    // Left out, a number that can't be read would have everybody answered, or nobody.
    let only = body.has("only").then(|| body.texts("only").iter().map(|text| person(text)).collect());
    let target_number = body.given("target_number").unwrap_or_default();
    if !target_number.is_empty() {
        person(&target_number)?;
    }
    Ok(AssistantChoice {
        enabled: Some(body.truth("enabled")?),
        model: Some(body.filled("model").unwrap_or_else(|| "gpt-4o-mini".to_owned())),
        temperature,
        instruction: body.has("system_prompt").then(|| body.text("system_prompt")),
        target_number: Some(target_number),
        only: only.transpose()?,
        history_limit: number("history_limit")?,
        segments: number("segments")?,
        quiet_seconds: number("quiet_seconds")?,
        on_failure: body
            .word("on_failure", &[("template", OnFailure::Template), ("silence", OnFailure::Silence)]),
        draft: body.truth_given("draft")?,
        handover_text: body.has("handover_text").then(|| body.text("handover_text")),
        when: body.word(
            "when",
            &[("always", AnswersWhen::Always), ("open", AnswersWhen::Open), ("closed", AnswersWhen::Closed)],
        ),
    })
}

/// The one person whom a text to this recipient reaches.
fn person(typed: &str) -> Result<String, String> {
    let to = participant::recipient(typed).map_err(|_| t!(LANG, "ai.bad.person", number = typed))?;
    Ok(to.person_key().into_owned())
}

fn shown(view: &AssistantView) -> Response {
    let settings = &view.settings;
    let normalized = person(&settings.target_number).unwrap_or_default();
    Json(json!({
        "enabled": settings.enabled,
        "system_prompt": settings.instruction,
        "target_number": settings.target_number,
        "target_number_normalized": normalized,
        "model": settings.model,
        "temperature": settings.temperature,
        "updated_at": view.changed_at.map(time),
        "has_api_key": view.has_key,
        "api_key_preview": view.key_preview,
        "only": settings.only,
        "history_limit": settings.history_limit,
        "segments": settings.segments,
        "quiet_seconds": settings.quiet_seconds,
        "on_failure": settings.on_failure,
        "draft": settings.draft,
        "handover_text": settings.handover_text,
        "when": settings.when,
        "left_alone_until": view.left_alone_until.map(time),
    }))
    .into_response()
}
