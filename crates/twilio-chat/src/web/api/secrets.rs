//! `/api/secrets`, `/api/settings/reload` and `/api/openai/status`, in the original's shapes.
//!
//! A value goes in and never comes out: answers hold its last letters at most.

use std::collections::BTreeMap;

use axum::{
    Extension, Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use hub_domain::secret::{BadSecret, SecretName};
use hub_store::By;
use serde_json::{Value, json};

use super::{
    LANG,
    json_body::{JsonBody, NoSwitch},
    messages::store_fault,
    path::Path,
};
use crate::{
    app::secrets::{Outcome, SecretError, Source, Standing, Verified},
    t,
    web::{Web, error::api_error},
};

pub(crate) async fn list(State(web): State<Web>) -> Response {
    match web.app.secrets().await {
        Ok((standings, unreadable)) => {
            let shown: BTreeMap<&str, Value> = standings
                .iter()
                .map(|standing| (standing.name.as_str(), shown(standing, &unreadable)))
                .collect();
            Json(shown).into_response()
        }
        Err(error) => refusal(&error),
    }
}

fn shown(standing: &Standing, unreadable: &[SecretName]) -> Value {
    let source = match standing.source {
        Source::Unset => "unset",
        Source::Environment | Source::DotEnv => "env",
        Source::Panel => "panel",
    };
    json!({
        "key": standing.name.as_str(),
        "exists": standing.masked.is_some(),
        "masked": standing.masked,
        "source": source,
        "unreadable": unreadable.contains(&standing.name),
    })
}

pub(crate) async fn save(
    State(web): State<Web>,
    Path(name): Path<String>,
    Extension(by): Extension<By>,
    body: JsonBody,
) -> Result<Response, NoSwitch> {
    let Some(name) = SecretName::parse(&name) else { return Ok(unsupported(&name)) };
    if body.truth("persist_env")? {
        return Ok(api_error(StatusCode::BAD_REQUEST, t!(LANG, "api.secrets.no_env")));
    }
    let value = body.text("value");
    let tested = if body.truth("test")? { Some(web.app.try_secret(name, Some(&value)).await) } else { None };
    let tested = match tested.transpose() {
        Ok(tested) => tested,
        Err(error) => return Ok(refusal(&error)),
    };
    Ok(match web.app.save_secret(name, &value, by).await {
        Ok(outcome) => saved(&web, name, &outcome, tested).await,
        Err(error) => refusal(&error),
    })
}

pub(crate) async fn clear(
    State(web): State<Web>,
    Path(name): Path<String>,
    Extension(by): Extension<By>,
) -> Response {
    let Some(name) = SecretName::parse(&name) else { return unsupported(&name) };
    match web.app.clear_secret(name, by).await {
        Ok(outcome) => saved(&web, name, &outcome, None).await,
        Err(error) => refusal(&error),
    }
}

async fn saved(web: &Web, name: SecretName, outcome: &Outcome, tested: Option<Verified>) -> Response {
    let (standings, unreadable) = match web.app.secrets().await {
        Ok(found) => found,
        Err(error) => return refusal(&error),
    };
    let standing = standings.iter().find(|standing| standing.name == name);
    let mut body = json!({
        "status": standing.map(|standing| shown(standing, &unreadable)),
        "in_force": matches!(outcome, Outcome::InForce),
    });
    if let Value::Object(fields) = &mut body {
        if let Outcome::Incomplete(error) = outcome {
            fields.insert("hint".to_owned(), LANG.pick_owned(&error.pl, &error.en).into());
        }
        if let Some(tested) = tested {
            fields.insert("test".to_owned(), verified(&tested));
        }
    }
    Json(body).into_response()
}

pub(crate) async fn test(State(web): State<Web>, Path(name): Path<String>, body: JsonBody) -> Response {
    let Some(name) = SecretName::parse(&name) else { return unsupported(&name) };
    match web.app.try_secret(name, body.filled("value").as_deref()).await {
        Ok(tested) => Json(verified(&tested)).into_response(),
        Err(error) => refusal(&error),
    }
}

fn verified(tested: &Verified) -> Value {
    let details = match tested {
        Verified::Account(account) => format!("account {account} verified"),
        Verified::Models(models) => format!("models.list ok ({})", models.len()),
    };
    json!({ "ok": "true", "details": details })
}

pub(crate) async fn reload(State(web): State<Web>) -> Response {
    match web.app.reload_keys().await {
        Ok(Outcome::InForce) => {
            let connected = web.app.connected();
            let summary = json!({
                "app_env": web.app.facts().environment,
                "twilio_account": connected.account.as_ref().map(|account| account.client.account_sid()),
                "openai_enabled": connected.models.enabled,
                "chat_model": connected.models.chat,
                "embedding_model": connected.models.embedding,
            });
            Json(json!({ "ok": true, "summary": summary })).into_response()
        }
        Ok(Outcome::Incomplete(error)) => {
            let why = LANG.pick_owned(&error.pl, &error.en);
            api_error(StatusCode::INTERNAL_SERVER_ERROR, &t!(LANG, "api.secrets.not_reloaded", why = why))
        }
        Err(error) => refusal(&error),
    }
}

pub(crate) async fn models(State(web): State<Web>) -> Response {
    let connected = web.app.connected();
    let models = &connected.models;
    Json(json!({
        "enabled": models.enabled,
        "chat_model": models.chat,
        "embedding_model": models.embedding,
        "api_key_masked": models.key_masked.as_deref().unwrap_or(t!(LANG, "api.secrets.no_key")),
    }))
    .into_response()
}

fn unsupported(name: &str) -> Response {
    api_error(StatusCode::BAD_REQUEST, &format!("Unsupported secret: {name}"))
}

pub(super) fn refusal(error: &SecretError) -> Response {
    let bad = |text: &str| api_error(StatusCode::BAD_REQUEST, text);
    match error {
        SecretError::Bad(BadSecret::Empty) => bad("Secret value cannot be empty"),
        SecretError::Bad(BadSecret::NotAnAccount) => bad("TWILIO_ACCOUNT_SID should start with 'AC'"),
        SecretError::Bad(BadSecret::TooShort) => bad("TWILIO_AUTH_TOKEN looks too short"),
        SecretError::Bad(BadSecret::NotAModelKey) => bad("OpenAI key should start with 'sk-'"),
        SecretError::TooLong => bad(t!(LANG, "api.secrets.too_long")),
        SecretError::Malformed(error) => bad(LANG.pick_owned(&error.pl, &error.en)),
        SecretError::Untestable => bad(t!(LANG, "api.secrets.untestable")),
        SecretError::Model(error) => bad(&t!(LANG, "api.secrets.model_refused", error = error)),
        SecretError::Refused(error) => bad(&t!(LANG, "api.secrets.refused", error = error)),
        SecretError::Fixed => api_error(StatusCode::CONFLICT, t!(LANG, "api.secrets.fixed")),
        SecretError::Seal(error) => {
            tracing::error!(%error, "the sealing key can't be read or written");
            api_error(StatusCode::SERVICE_UNAVAILABLE, t!(LANG, "api.secrets.no_seal"))
        }
        SecretError::Store(error) => store_fault(error),
    }
}
