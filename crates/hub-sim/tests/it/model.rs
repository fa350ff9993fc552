//! The model service: answers, vectors, and everything that goes wrong with them.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Request;
use http_body_util::BodyExt as _;
use hub_sim::{
    AnswerRule, ConnectionFault, Latency, ModelFault, ModelFaults, ModelSimulator, SimConfig, Simulator,
    embed, serve,
};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

const KEY: &str = "sk-simulated";
const CHAT: &str = "/v1/chat/completions";
const EMBEDDINGS: &str = "/v1/embeddings";

struct Answer {
    status: u16,
    headers: http::HeaderMap,
    body: Vec<u8>,
    broke: bool,
    fault: Option<ConnectionFault>,
    latency: Option<Duration>,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&self.body)))
    }

    fn text(&self) -> &str {
        str::from_utf8(&self.body).unwrap()
    }
}

fn model() -> ModelSimulator {
    ModelSimulator::new(KEY.into(), 1, Arc::new(|| "2026-11-22T10:00:00Z".parse().unwrap()))
}

fn failing(faults: ModelFaults) -> ModelSimulator {
    let model = model();
    model.faults(faults);
    model
}

async fn ask(model: &ModelSimulator, request: Request<Body>) -> Answer {
    let (parts, mut body) = model.router().oneshot(request).await.unwrap().into_parts();
    let (mut whole, mut broke) = (Vec::new(), false);
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => whole.extend(frame.into_data().unwrap()),
            Err(_) => broke = true,
        }
    }
    Answer {
        status: parts.status.as_u16(),
        headers: parts.headers,
        body: whole,
        broke,
        fault: parts.extensions.get().copied(),
        latency: parts.extensions.get().map(|Latency(latency)| *latency),
    }
}

async fn post(model: &ModelSimulator, path: &str, body: &Value) -> Answer {
    let request = Request::post(path).header("authorization", format!("Bearer {KEY}"));
    ask(model, request.body(Body::from(body.to_string())).unwrap()).await
}

fn question(text: &str) -> Value {
    json!({ "model": "gpt-4o-mini", "messages": [
        { "role": "system", "content": "Odpowiadaj krotko." },
        { "role": "user", "content": text },
    ] })
}

fn said(answer: &Answer) -> String {
    answer.json()["choices"][0]["message"]["content"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_chat_is_answered_in_the_services_shape_and_always_alike() {
    let model = model();
    let answer = post(&model, CHAT, &question("O ktorych GODZINACH otwieracie?")).await;
    let body = answer.json();
    assert_eq!((answer.status, &body["object"]), (200, &json!("chat.completion")));
    assert_eq!(body["created"], 1_795_341_600);
    assert_eq!(body["choices"][0]["finish_reason"], "stop");
    assert_eq!(body["choices"][0]["message"]["role"], "assistant");
    assert!(said(&answer).contains("9-18"), "{}", said(&answer));
    let usage = &body["usage"];
    let [prompt, completion, total] =
        ["prompt_tokens", "completion_tokens", "total_tokens"].map(|name| usage[name].as_u64().unwrap());
    assert!(prompt > 0 && completion > 0 && total == prompt + completion);
    assert_eq!(said(&post(&model, CHAT, &question("O ktorych GODZINACH otwieracie?")).await), said(&answer));
    let counts = model.counts();
    assert_eq!((counts.chats, counts.requests), (2, 2));
    assert_eq!(model.last_chat().unwrap()["messages"][0]["content"], "Odpowiadaj krotko.");
}

#[tokio::test]
async fn rules_can_be_replaced_and_passages_go_before_them() {
    let model = model();
    model.set_rules(vec![AnswerRule { contains: "kot".into(), answer: "Miau.".into(), always: false }]);
    assert_eq!(said(&post(&model, CHAT, &question("Masz KOTA? kot!")).await), "Miau.");
    let with_passages = json!({ "model": "m", "messages": [
        { "role": "user", "content": [{ "type": "text", "text": "Fragment 1 (cat=X)\nKot zjadł rybę. Potem spał." }] },
    ] });
    assert_eq!(said(&post(&model, CHAT, &with_passages).await), "Wedlug zrodel: \"Kot zjadł rybę.\"");
}

#[tokio::test]
async fn an_answer_longer_than_asked_for_is_cut() {
    for name in ["max_tokens", "max_completion_tokens"] {
        let mut request = question("Hej");
        request[name] = 3.into();
        let answer = post(&model(), CHAT, &request).await;
        assert_eq!(said(&answer), "Dziekujemy z");
        assert_eq!(answer.json()["choices"][0]["finish_reason"], "length");
        assert_eq!(answer.json()["usage"]["completion_tokens"], 3);
    }
}

#[tokio::test]
async fn a_stream_says_the_same_in_pieces() {
    let model = model();
    let whole = said(&post(&model, CHAT, &question("Hej")).await);
    let mut request = question("Hej");
    request["stream"] = true.into();
    request["stream_options"] = json!({ "include_usage": true });
    let answer = post(&model, CHAT, &request).await;
    assert!(answer.headers["content-type"].to_str().unwrap().starts_with("text/event-stream"));
    let events: Vec<&str> = answer.text().split("\n\n").filter(|event| !event.is_empty()).collect();
    let (done, chunks) = events.split_last().unwrap();
    assert_eq!(*done, "data: [DONE]");
    let chunks: Vec<Value> = chunks
        .iter()
        .map(|event| serde_json::from_str(event.strip_prefix("data: ").unwrap()).unwrap())
        .collect();
    let pieces: Vec<&str> =
        chunks.iter().filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str()).collect();
    assert!(pieces.len() > 3);
    assert_eq!(pieces.concat(), whole);
    assert_eq!(chunks[0]["choices"][0]["delta"]["role"], "assistant");
    assert_eq!(chunks[chunks.len() - 2]["choices"][0]["finish_reason"], "stop");
    let usage = chunks.last().unwrap();
    assert_eq!(usage["choices"], json!([]));
    assert!(usage["usage"]["total_tokens"].as_u64().unwrap() > 0);
}

#[tokio::test]
async fn requests_that_make_no_sense_are_refused() {
    let model = model();
    for (path, body) in [
        (CHAT, json!({ "messages": [] })),
        (CHAT, json!({ "model": "m", "messages": [] })),
        (CHAT, json!({ "model": "m", "messages": [{ "role": "pirate", "content": "x" }] })),
        (CHAT, json!([])),
        (EMBEDDINGS, json!({ "model": "m" })),
        (EMBEDDINGS, json!({ "model": "m", "input": [] })),
        (EMBEDDINGS, json!({ "model": "m", "input": "" })),
        (EMBEDDINGS, json!({ "model": "m", "input": "x", "dimensions": 0 })),
        (EMBEDDINGS, json!({ "model": "m", "input": "x", "dimensions": 3073 })),
    ] {
        let answer = post(&model, path, &body).await;
        assert_eq!(answer.status, 400, "{path} {body}");
        assert_eq!(answer.json()["error"]["type"], "invalid_request_error");
    }
    for key in [None, Some("Bearer sk-other"), Some(KEY)] {
        let mut request = Request::get("/v1/models");
        if let Some(key) = key {
            request = request.header("authorization", key);
        }
        let answer = ask(&model, request.body(Body::empty()).unwrap()).await;
        assert_eq!((answer.status, &answer.json()["error"]["code"]), (401, &json!("invalid_api_key")));
    }
}

#[tokio::test]
async fn models_are_listed() {
    let request = Request::get("/v1/models").header("authorization", format!("Bearer {KEY}"));
    let answer = ask(&model(), request.body(Body::empty()).unwrap()).await;
    let body = answer.json();
    let names: Vec<_> =
        body["data"].as_array().unwrap().iter().map(|model| model["id"].as_str().unwrap()).collect();
    assert!(names.contains(&"gpt-4o-mini") && names.contains(&"text-embedding-3-large"));
}

#[tokio::test]
async fn vectors_come_in_order_as_numbers_or_bytes() {
    let model = model();
    let request = |format: &str| json!({ "model": "text-embedding-3-small", "input": ["raz", "dwa"], "dimensions": 8, "encoding_format": format });
    let numbers = post(&model, EMBEDDINGS, &request("float")).await.json();
    let bytes = post(&model, EMBEDDINGS, &request("base64")).await.json();
    for (index, text) in ["raz", "dwa"].into_iter().enumerate() {
        let expect = embed(text, 8);
        let found: Vec<f32> = serde_json::from_value(numbers["data"][index]["embedding"].clone()).unwrap();
        assert_eq!(found, expect);
        let raw = STANDARD.decode(bytes["data"][index]["embedding"].as_str().unwrap()).unwrap();
        let found: Vec<f32> =
            raw.chunks(4).map(|four| f32::from_le_bytes(four.try_into().unwrap())).collect();
        assert_eq!(found, expect);
        assert_eq!(numbers["data"][index]["index"], index);
    }
    for (name, dimensions) in [("text-embedding-3-large", 3072), ("text-embedding-3-small", 1536)] {
        let body = post(&model, EMBEDDINGS, &json!({ "model": name, "input": "x" })).await.json();
        assert_eq!(body["data"][0]["embedding"].as_array().unwrap().len(), dimensions);
    }
    assert_eq!(model.counts().embedded, 6);
}

/// What a chat with this fault looks like.
async fn spoiled(fault: ModelFault) -> Answer {
    let model = failing(ModelFaults { next: [fault].into(), ..ModelFaults::default() });
    let answer = post(&model, CHAT, &question("Hej")).await;
    assert_eq!(post(&model, CHAT, &question("Hej")).await.status, 200, "only the next call was planned");
    answer
}

#[tokio::test]
async fn each_fault_is_what_it_says() {
    let throttled = spoiled(ModelFault::Throttled { retry_after_s: 7 }).await;
    assert_eq!((throttled.status, throttled.headers["retry-after"].to_str().unwrap()), (429, "7"));
    assert_eq!(throttled.json()["error"]["code"], "rate_limit_exceeded");
    assert_eq!(spoiled(ModelFault::Error).await.json()["error"]["type"], "server_error");
    assert_eq!(spoiled(ModelFault::Hang).await.fault, Some(ConnectionFault::Hang));
    assert_eq!(spoiled(ModelFault::Cut).await.fault, Some(ConnectionFault::Cut));
    let garbage = spoiled(ModelFault::Garbage).await;
    assert!(garbage.status == 200 && serde_json::from_slice::<Value>(&garbage.body).is_err());
    let empty = spoiled(ModelFault::Empty).await;
    assert_eq!((empty.status, empty.body.len()), (200, 0));
    assert!(spoiled(ModelFault::Huge).await.body.len() > 10 << 20);
    assert!(spoiled(ModelFault::Malformed).await.json()["choices"].is_string());
}

#[tokio::test]
async fn a_stream_may_break_in_its_middle() {
    let model = failing(ModelFaults { cuts: 1.0, ..ModelFaults::default() });
    let mut request = question("Hej");
    request["stream"] = true.into();
    let answer = post(&model, CHAT, &request).await;
    assert!(answer.broke && answer.text().contains("data: {") && !answer.text().contains("[DONE]"));
}

#[tokio::test]
async fn vectors_may_be_one_number_short_and_answers_late() {
    let model = failing(ModelFaults { wrong_dimensions: 1.0, delay_ms: 300, ..ModelFaults::default() });
    let request = json!({ "model": "text-embedding-3-small", "input": "x", "dimensions": 16 });
    let answer = post(&model, EMBEDDINGS, &request).await;
    assert_eq!(answer.json()["data"][0]["embedding"].as_array().unwrap().len(), 15);
    assert_eq!(answer.latency, Some(Duration::from_millis(300)));
}

#[tokio::test]
async fn the_simulator_serves_it_on_its_own_socket() {
    let config = SimConfig::default();
    let key = config.model_key.clone();
    let sim = Simulator::new(config, Arc::new(|| "2026-11-22T10:00:00Z".parse().unwrap()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let server = tokio::spawn(serve(listener, sim.clone(), stop.clone()));
    let call = async |path: &str, body: String| {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: sim\r\nconnection: close\r\nauthorization: Bearer {key}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer).await;
        answer
    };
    let mut request = question("Hej");
    request["stream"] = true.into();
    let streamed = call(CHAT, request.to_string()).await;
    assert!(streamed.contains("200 OK") && streamed.contains("data: [DONE]"), "{streamed}");
    let set = call("/sim/model/faults", r#"{"cuts": 1.0}"#.to_owned()).await;
    assert!(set.contains("200 OK"), "{set}");
    assert_eq!(call(CHAT, question("Hej").to_string()).await, "", "cut without a byte");
    let broken = call(CHAT, request.to_string()).await;
    assert!(broken.contains("data: {") && !broken.contains("[DONE]"), "{broken}");
    assert_eq!(sim.model().counts().chats, 2);
    stop.cancel();
    server.await.unwrap();
}
