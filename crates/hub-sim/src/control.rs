//! The control API for demonstrations and tests: phones, faults, the truth. JSON; bind it to loopback only.

use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answers::WebhookRecord;
use crate::config::Rule;
use crate::faults::Faults;
use crate::message::SimMessage;
use crate::phone::{PhoneBubble, PhoneText};
use crate::scenario::Scenario;
use crate::simulator::Simulator;
use crate::state::Counts;

/// The routes of the control API.
pub(crate) fn router(sim: Simulator) -> Router {
    Router::new()
        .route("/sim/numbers", get(numbers))
        .route("/sim/phone", post(phone_sends))
        .route("/sim/phone/{number}", get(phone_thread))
        .route("/sim/scenario", post(play))
        .route("/sim/messages", get(messages))
        .route("/sim/counts", get(counts))
        .route("/sim/webhooks", get(webhooks))
        .route("/sim/faults", get(fault_plan).post(set_faults))
        .route("/sim/rules", post(set_rules))
        .with_state(sim)
}

async fn numbers(State(sim): State<Simulator>) -> Json<Vec<String>> {
    Json(sim.numbers())
}

async fn phone_sends(State(sim): State<Simulator>, Json(text): Json<PhoneText>) -> Response {
    if !sim.lock().config.owns(&text.to) {
        let error = json!({ "error": format!("{} is not a number of this account", text.to) });
        return (StatusCode::BAD_REQUEST, Json(error)).into_response();
    }
    let sid = sim.phone_sends(text);
    (StatusCode::CREATED, Json(json!({ "sid": sid }))).into_response()
}

/// A story to play.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Play {
    name: String,
    /// Our number that its people write to.
    to: String,
    /// How many seconds an hour of it takes.
    #[serde(default = "twenty")]
    hour_s: u32,
}

const fn twenty() -> u32 {
    20
}

async fn play(State(sim): State<Simulator>, Json(play): Json<Play>) -> Response {
    let scenario = Scenario::named(&play.name).filter(|_| sim.lock().config.owns(&play.to));
    let Some(scenario) = scenario else {
        let error = json!({ "error": "no such story, or not a number of this account" });
        return (StatusCode::BAD_REQUEST, Json(error)).into_response();
    };
    let ends_at = sim.play(&scenario, &play.to, Duration::from_secs(play.hour_s.into()));
    (StatusCode::CREATED, Json(json!({ "texts": scenario.len(), "ends_at": ends_at }))).into_response()
}

async fn phone_thread(State(sim): State<Simulator>, Path(number): Path<String>) -> Json<Vec<PhoneBubble>> {
    Json(sim.phone_thread(&number))
}

async fn messages(State(sim): State<Simulator>) -> Json<Vec<SimMessage>> {
    Json(sim.messages())
}

async fn counts(State(sim): State<Simulator>) -> Json<Counts> {
    Json(sim.counts())
}

async fn webhooks(State(sim): State<Simulator>) -> Json<Vec<WebhookRecord>> {
    Json(sim.webhook_log())
}

async fn fault_plan(State(sim): State<Simulator>) -> Json<Faults> {
    Json(sim.fault_plan())
}

async fn set_faults(State(sim): State<Simulator>, Json(faults): Json<Faults>) -> Json<Value> {
    sim.faults(faults);
    Json(json!({}))
}

async fn set_rules(State(sim): State<Simulator>, Json(rules): Json<Vec<Rule>>) -> Json<Value> {
    sim.set_rules(rules);
    Json(json!({}))
}
