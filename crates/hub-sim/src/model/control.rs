//! The model service's part of the control API.

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::{AnswerRule, ModelCounts, ModelFaults, ModelSimulator};

pub(super) fn router(sim: ModelSimulator) -> Router {
    Router::new()
        .route("/sim/model/counts", get(counts))
        .route("/sim/model/last-chat", get(last_chat))
        .route("/sim/model/faults", get(fault_plan).post(set_faults))
        .route("/sim/model/rules", post(set_rules))
        .with_state(sim)
}

async fn counts(State(sim): State<ModelSimulator>) -> Json<ModelCounts> {
    Json(sim.counts())
}

async fn last_chat(State(sim): State<ModelSimulator>) -> Json<Option<Value>> {
    Json(sim.last_chat())
}

async fn fault_plan(State(sim): State<ModelSimulator>) -> Json<ModelFaults> {
    Json(sim.lock().faults.clone())
}

async fn set_faults(State(sim): State<ModelSimulator>, Json(faults): Json<ModelFaults>) -> Json<Value> {
    sim.faults(faults);
    Json(json!({}))
}

async fn set_rules(State(sim): State<ModelSimulator>, Json(rules): Json<Vec<AnswerRule>>) -> Json<Value> {
    sim.set_rules(rules);
    Json(json!({}))
}
