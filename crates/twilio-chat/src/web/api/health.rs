//! `GET /api/health`: the original's fields, and whether store, queue and workers work.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use hub_domain::job::JobKind;
use serde_json::{Map, Value, json};

use super::{LANG, messages::time};
use crate::{
    app::{
        health::{Health, WorkerState},
        sending::AccountState,
    },
    web::Web,
};

/// 503 when a configured hub could not accept a message now.
pub(crate) async fn show(State(web): State<Web>) -> Response {
    let health = web.app.health().await;
    let status = if health.can_accept() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(body(&health, web.app.connected().models.enabled))).into_response()
}

fn body(health: &Health, has_model: bool) -> Value {
    let facts = &health.facts;
    let mut body = json!({
        "status": if health.can_accept() { "ok" } else { "error" },
        "message": if health.can_accept() { "Twilio Chat App running" } else { "messages cannot be stored" },
        "env": facts.environment,
        "openai_enabled": has_model,
        "debug": facts.debug,
        "store": if health.store.is_ok() { "ok" } else { "error" },
        "queue": queue(health),
        "workers": workers(health),
        "receiving": if health.polling { "polling" } else { "webhooks" },
        "twilio": twilio(health.account.as_ref()),
        "sending": sending(health.account.as_ref()),
        "signatures_checked": facts.signatures_checked,
    });
    if let Value::Object(fields) = &mut body {
        if !health.configured {
            fields.insert("setup".to_owned(), Value::Bool(true));
        }
        if facts.demo {
            fields.insert("demo".to_owned(), Value::Bool(true));
        }
        if facts.simulated_model {
            fields.insert("simulated_model".to_owned(), Value::Bool(true));
        }
    }
    body
}

fn twilio(account: Option<&AccountState>) -> Value {
    match account {
        None => Value::Null,
        Some(AccountState::Untried) => "untried".into(),
        Some(AccountState::Taken) => "ok".into(),
        Some(AccountState::Refused(stop)) if stop.http_status == 401 || stop.code == Some(20003) => {
            "credentials_refused".into()
        }
        Some(AccountState::Refused(_)) => "account_refused".into(),
    }
}

/// Whether messages leave; if not, since when and why.
fn sending(account: Option<&AccountState>) -> Value {
    match account {
        None => Value::Null,
        Some(AccountState::Untried | AccountState::Taken) => json!({ "stopped": false }),
        Some(AccountState::Refused(stop)) => json!({
            "stopped": true,
            "since": time(stop.since),
            "http_status": stop.http_status,
            "code": stop.code,
            "advice": stop.advice().map(|advice| LANG.pick(advice.pl, advice.en)),
        }),
    }
}

fn queue(health: &Health) -> Value {
    let Ok(counts) = &health.store else { return Value::Null };
    let mut queue = Map::new();
    for kind in JobKind::ALL {
        let open = counts.jobs.iter().find(|job| job.kind == kind).map_or(0, |job| job.open);
        queue.insert(kind.as_str().to_owned(), open.into());
    }
    let set_aside: u32 = counts.jobs.iter().map(|job| job.set_aside).sum();
    queue.insert("set_aside".to_owned(), set_aside.into());
    queue.insert("held".to_owned(), counts.held.into());
    Value::Object(queue)
}

fn workers(health: &Health) -> Value {
    let state = |state: &WorkerState| match state {
        WorkerState::Running => "ok",
        WorkerState::Stuck => "stuck",
        WorkerState::Stopped => "stopped",
    };
    let mut workers: Map<String, Value> =
        health.workers.iter().map(|(kind, found)| (kind.as_str().to_owned(), state(found).into())).collect();
    workers.insert("recovery".to_owned(), state(&health.recovery).into());
    Value::Object(workers)
}
