//! The routes under `/v1`: key, faults, then chat or embeddings.

use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::ModelSimulator;
use super::chat::{complete, json_response};
use super::embedding::embed;
use super::faults::ModelFault;
use crate::reply::{ConnectionFault, Latency};

/// The models that are listed. Any other name is taken too.
const MODELS: [&str; 4] = ["gpt-4o-mini", "gpt-4o", "text-embedding-3-small", "text-embedding-3-large"];

/// Size of a huge answer.
const HUGE: usize = 10 << 20;

/// Room for as many texts as one call may hold.
const LARGEST_REQUEST: usize = 32 << 20;

/// Texts in one call for vectors.
const MOST_TEXTS: usize = 2_048;

/// Dimensions that a model has at most.
const MOST_DIMENSIONS: usize = 3_072;

pub(super) fn router(sim: ModelSimulator) -> Router {
    Router::new()
        .route("/v1/models", get(models))
        .route("/v1/chat/completions", post(chat))
        .route("/v1/embeddings", post(embeddings))
        .layer(DefaultBodyLimit::max(LARGEST_REQUEST))
        .with_state(sim)
}

/// An error in the service's shape.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    message: String,
    kind: &'static str,
    code: Option<&'static str>,
}

impl Refusal {
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        let (status, kind) = (StatusCode::BAD_REQUEST, "invalid_request_error");
        Self { status, message: message.into(), kind, code: None }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let error = json!({ "message": self.message, "type": self.kind, "param": null, "code": self.code });
        let body = json!({ "error": error }).to_string();
        (self.status, [(CONTENT_TYPE, "application/json")], body).into_response()
    }
}

async fn models(State(sim): State<ModelSimulator>, headers: HeaderMap) -> Response {
    let (fault, delay) = match enter(&sim, &headers) {
        Ok(entered) => entered,
        Err(refusal) => return refusal.into_response(),
    };
    let list: Vec<Value> = MODELS
        .iter()
        .map(|name| json!({ "id": name, "object": "model", "created": 1_700_000_000, "owned_by": "simulator" }))
        .collect();
    let fine = || json_response(&json!({ "object": "list", "data": list }));
    late(spoiled(fault).unwrap_or_else(fine), delay)
}

async fn chat(State(sim): State<ModelSimulator>, headers: HeaderMap, body: Bytes) -> Response {
    let (fault, delay) = match enter(&sim, &headers) {
        Ok(entered) => entered,
        Err(refusal) => return refusal.into_response(),
    };
    let request = parsed(&body);
    let is_stream = request.as_ref().is_ok_and(|request| request.get("stream") == Some(&Value::Bool(true)));
    let breaks = fault == ModelFault::Cut && is_stream;
    if !breaks && let Some(response) = spoiled(fault) {
        return late(response, delay);
    }
    let answered = request.and_then(|request| complete(&sim, request, breaks));
    late(answered.unwrap_or_else(IntoResponse::into_response), delay)
}

async fn embeddings(State(sim): State<ModelSimulator>, headers: HeaderMap, body: Bytes) -> Response {
    let (fault, delay) = match enter(&sim, &headers) {
        Ok(entered) => entered,
        Err(refusal) => return refusal.into_response(),
    };
    if let Some(response) = spoiled(fault) {
        return late(response, delay);
    }
    let answered = parsed(&body).and_then(|request| vectors(&sim, request, fault));
    late(answered.unwrap_or_else(IntoResponse::into_response), delay)
}

/// Counts the call, checks its key, and draws what happens to it.
fn enter(sim: &ModelSimulator, headers: &HeaderMap) -> Result<(ModelFault, Duration), Refusal> {
    let mut state = sim.lock();
    let state = &mut *state;
    state.counts.requests += 1;
    let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    if given.and_then(|value| value.strip_prefix("Bearer ")) != Some(&state.api_key) {
        return Err(Refusal {
            status: StatusCode::UNAUTHORIZED,
            message: "Incorrect API key provided.".to_owned(),
            kind: "invalid_request_error",
            code: Some("invalid_api_key"),
        });
    }
    Ok((state.faults.draw(&mut state.luck), Duration::from_millis(state.faults.delay_ms)))
}

/// The answer that a fault puts in place of the real one.
fn spoiled(fault: ModelFault) -> Option<Response> {
    let body = |body: String| (StatusCode::OK, [(CONTENT_TYPE, "application/json")], body).into_response();
    Some(match fault {
        ModelFault::Fine | ModelFault::WrongDimensions => return None,
        ModelFault::Throttled { retry_after_s } => {
            let refusal = Refusal {
                status: StatusCode::TOO_MANY_REQUESTS,
                message: "Rate limit reached for requests".to_owned(),
                kind: "requests",
                code: Some("rate_limit_exceeded"),
            };
            let mut response = refusal.into_response();
            response.headers_mut().insert(RETRY_AFTER, retry_after_s.into());
            response
        }
        ModelFault::Error => Refusal {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            message: "The server had an error while processing your request. Sorry about that!".to_owned(),
            kind: "server_error",
            code: None,
        }
        .into_response(),
        ModelFault::Hang => broken(ConnectionFault::Hang),
        ModelFault::Cut => broken(ConnectionFault::Cut),
        ModelFault::Garbage => body("<html>it works!</html>".to_owned()),
        ModelFault::Empty => body(String::new()),
        ModelFault::Huge => {
            // Put together by hand: a serializer takes seconds for so much without optimisation.
            body(format!(r#"{{"choices":[{{"message":{{"content":"{}"}}}}]}}"#, "a".repeat(HUGE)))
        }
        ModelFault::Malformed => body(json!({ "choices": "none", "data": { "0": [] } }).to_string()),
    })
}

fn broken(fault: ConnectionFault) -> Response {
    let mut response = StatusCode::BAD_GATEWAY.into_response();
    response.extensions_mut().insert(fault);
    response
}

fn late(mut response: Response, delay: Duration) -> Response {
    if !delay.is_zero() {
        response.extensions_mut().insert(Latency(delay));
    }
    response
}

fn parsed(body: &[u8]) -> Result<Value, Refusal> {
    serde_json::from_slice(body)
        .map_err(|_| Refusal::invalid("We could not parse the JSON body of your request."))
}

/// What is read of a request for vectors.
#[derive(Debug, Deserialize)]
struct EmbeddingRequest {
    model: String,
    input: Input,
    dimensions: Option<usize>,
    encoding_format: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Input {
    One(String),
    Many(Vec<String>),
}

fn vectors(sim: &ModelSimulator, request: Value, fault: ModelFault) -> Result<Response, Refusal> {
    let request: EmbeddingRequest = serde_json::from_value(request)
        .map_err(|_| Refusal::invalid("'model' and 'input' (a text or a list of texts) are needed"))?;
    let texts = match request.input {
        Input::One(text) => vec![text],
        Input::Many(texts) => texts,
    };
    if texts.is_empty() || texts.len() > MOST_TEXTS || texts.iter().any(String::is_empty) {
        return Err(Refusal::invalid("'$.input' is invalid."));
    }
    let own = if request.model.ends_with("-large") { MOST_DIMENSIONS } else { 1_536 };
    let wanted = request.dimensions.unwrap_or(own);
    if !(1..=MOST_DIMENSIONS).contains(&wanted) {
        return Err(Refusal::invalid(format!("{wanted} dimensions are not supported by this model")));
    }
    let dimensions = if fault == ModelFault::WrongDimensions { wanted - 1 } else { wanted };
    let is_base64 = request.encoding_format.as_deref() == Some("base64");
    let data: Vec<Value> = texts
        .iter()
        .enumerate()
        .map(|(index, text)| {
            let embedding = shown(&embed(text, dimensions), is_base64);
            json!({ "object": "embedding", "index": index, "embedding": embedding })
        })
        .collect();
    let used: usize = texts.iter().map(|text| tokens(text)).sum();
    let mut state = sim.lock();
    state.counts.embedded += texts.len();
    state.counts.prompt_tokens += used;
    let usage = json!({ "prompt_tokens": used, "total_tokens": used });
    Ok(json_response(&json!({ "object": "list", "data": data, "model": request.model, "usage": usage })))
}

/// Numbers, or their 32-bit little-endian bytes in base64.
fn shown(vector: &[f32], is_base64: bool) -> Value {
    if is_base64 {
        let bytes: Vec<u8> = vector.iter().flat_map(|value| value.to_le_bytes()).collect();
        STANDARD.encode(bytes).into()
    } else {
        vector.into()
    }
}

/// Four characters a token, about what Polish takes.
pub(super) fn tokens(text: &str) -> usize {
    text.chars().count().div_ceil(4)
}
