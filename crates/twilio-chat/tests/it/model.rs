//! A language model that does as it is told by the test, and a shelf of passages.

use std::{
    fmt,
    sync::{Arc, Mutex},
};

use axum::body::Body;
use http_body_util::BodyExt as _;
use hub_clients::{InboundResponse, OutboundRequest, TransportError, transport::BoxFuture};
use hub_domain::assistant::Passage;
use hub_sim::{ConnectionFault, ModelSimulator, embed};
use jiff::Timestamp;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use twilio_chat::app::retriever::Retriever;

/// Where the model stands for the hub.
pub(crate) const MODEL: &str = "http://127.0.0.1:8/v1";
/// The key for it.
pub(crate) const MODEL_KEY: &str = "sk-hushhushhushhushhush";
/// What it answers when asked for its models.
const MODELS: &str =
    r#"{"data":[{"id":"gpt-4o"},{"id":"gpt-4o-mini"},{"id":"text-embedding-3-small"},{"id":"whisper-1"}]}"#;

/// What the model does with a question.
#[derive(Clone, Debug)]
pub(crate) enum Does {
    /// Answers with this text.
    Says(String),
    /// Answers with this status and body.
    Answers(u16, &'static str),
    /// Makes vectors of so many numbers; says that each text took ten tokens.
    Embeds(usize),
    /// Answers with more than anybody wants.
    Floods,
    /// Lets the time run out.
    IsSilent,
    /// Never comes back, and the call is not cut off either.
    Hangs,
}

type Mind = Box<dyn Fn(&Value) -> Does + Send>;

/// The model's service.
pub(crate) struct Model {
    mind: Mutex<Mind>,
    /// In its place, where a test wants the demo's own service.
    simulated: Mutex<Option<ModelSimulator>>,
    asked: Mutex<Vec<Value>>,
}

impl Model {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            mind: Mutex::new(Box::new(|_| Does::Says("Tak, mamy.".to_owned()))),
            simulated: Mutex::default(),
            asked: Mutex::default(),
        })
    }

    /// Decides from now on what it does with each request.
    pub(crate) fn thinks(&self, mind: impl Fn(&Value) -> Does + Send + 'static) {
        *self.mind.lock().unwrap() = Box::new(mind);
    }

    /// From now on the simulator of the demo answers.
    pub(crate) fn is_simulated(&self) -> ModelSimulator {
        let simulator = ModelSimulator::new(MODEL_KEY.to_owned(), 1, Arc::new(|| Timestamp::UNIX_EPOCH));
        *self.simulated.lock().unwrap() = Some(simulator.clone());
        simulator
    }

    pub(crate) fn does(&self, what: Does) {
        self.thinks(move |_| what.clone());
    }

    /// The requests so far, oldest first.
    pub(crate) fn asked(&self) -> Vec<Value> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) async fn call(&self, request: OutboundRequest) -> Result<InboundResponse, TransportError> {
        let answer = |status, body: String| {
            Ok(InboundResponse { status, headers: http::HeaderMap::new(), body: body.into() })
        };
        if request.headers["authorization"] != format!("Bearer {MODEL_KEY}") {
            return answer(401, String::new());
        }
        if request.method == http::Method::GET {
            return answer(200, MODELS.to_owned());
        }
        let asked: Value = serde_json::from_slice(&request.body).unwrap();
        let simulated = self.simulated.lock().unwrap().clone();
        if let Some(simulator) = simulated {
            self.asked.lock().unwrap().push(asked);
            return pass(&simulator, request).await;
        }
        let does = (self.mind.lock().unwrap())(&asked);
        let asked_for = asked["input"].as_array().cloned().unwrap_or_default();
        self.asked.lock().unwrap().push(asked);
        match does {
            Does::Says(text) => {
                let choice = json!({ "message": { "content": text }, "finish_reason": "stop" });
                let usage = json!({ "prompt_tokens": 100, "completion_tokens": 10 });
                answer(200, json!({ "choices": [choice], "usage": usage }).to_string())
            }
            Does::Embeds(dimensions) => {
                let texts: Vec<&str> = asked_for.iter().map(|text| text.as_str().unwrap()).collect();
                let data: Vec<Value> =
                    texts.iter().map(|text| json!({ "embedding": embed(text, dimensions) })).collect();
                let usage = json!({ "prompt_tokens": 10 * texts.len() });
                answer(200, json!({ "data": data, "usage": usage }).to_string())
            }
            Does::Answers(status, body) => answer(status, body.to_owned()),
            Does::Floods => Err(TransportError::TooLarge),
            Does::IsSilent => Err(TransportError::Lost("timed out".to_owned())),
            Does::Hangs => std::future::pending().await,
        }
    }
}

/// Over to the simulator, as over a real way out.
async fn pass(sim: &ModelSimulator, request: OutboundRequest) -> Result<InboundResponse, TransportError> {
    let target = request.url.strip_prefix(MODEL.trim_end_matches("/v1")).unwrap();
    let mut built = http::Request::builder().method(request.method).uri(target);
    *built.headers_mut().unwrap() = request.headers;
    let built = built.body(Body::from(request.body)).unwrap();
    let (parts, body) = sim.router().oneshot(built).await.unwrap().into_parts();
    if parts.extensions.get::<ConnectionFault>().is_some() {
        return Err(TransportError::Lost("timed out".to_owned()));
    }
    let body = body.collect().await.unwrap().to_bytes();
    if body.len() > request.max_body {
        return Err(TransportError::TooLarge);
    }
    Ok(InboundResponse { status: parts.status.as_u16(), headers: parts.headers, body })
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Model")
    }
}

/// The system's part of a request.
pub(crate) fn system_of(asked: &Value) -> &str {
    asked["messages"][0]["content"].as_str().unwrap()
}

/// A knowledge base that finds whatever lies on it.
#[derive(Debug, Default)]
pub(crate) struct Shelf(Mutex<Vec<Passage>>);

impl Shelf {
    pub(crate) fn holds(&self, passages: Vec<Passage>) {
        *self.0.lock().unwrap() = passages;
    }
}

impl Retriever for Shelf {
    fn passages<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Vec<Passage>> {
        let found = self.0.lock().unwrap().clone();
        Box::pin(async move { found })
    }
}
