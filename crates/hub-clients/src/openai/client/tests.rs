use http::Method;

use super::*;
use crate::{
    TransportError,
    openai::{ChatMessage, Role},
    transport::scripted::{Scripted, answer},
};

const TEXT: &str = r#"{"choices":[{"message":{"content":"Dzień dobry"},"finish_reason":"stop"}]}"#;

fn client_of(base_url: &str, transport: Arc<Scripted>) -> ModelClient {
    let access = ModelAccess { base_url: base_url.to_owned(), api_key: SecretString::from("sk-hush-key") };
    ModelClient::new(&access, transport, Duration::from_secs(30)).unwrap()
}

fn client(transport: Arc<Scripted>) -> ModelClient {
    client_of("https://api.openai.com/v1/", transport)
}

fn request() -> ChatRequest {
    let said = |role, content: &str| ChatMessage { role, content: content.to_owned() };
    ChatRequest {
        model: "gpt-4o-mini".to_owned(),
        temperature: 0.0,
        max_tokens: 500,
        messages: vec![said(Role::System, "Jesteś pomocny."), said(Role::User, "Zażółć?")],
    }
}

#[tokio::test]
async fn a_chat_is_asked_as_the_services_expect_it() {
    let transport = Scripted::new([answer(200, TEXT)]);
    client(transport.clone()).chat(&request()).await.unwrap();
    let asked = transport.request();
    assert_eq!((asked.method, &*asked.url), (Method::POST, "https://api.openai.com/v1/chat/completions"));
    assert_eq!((asked.max_body, asked.timeout), (1 << 20, Duration::from_secs(30)));
    assert_eq!(asked.headers["authorization"], "Bearer sk-hush-key");
    assert!(asked.headers["authorization"].is_sensitive());
    assert_eq!(asked.headers["content-type"], "application/json");
    let body: Value = serde_json::from_slice(&asked.body).unwrap();
    assert_eq!(
        body,
        json!({
            "model": "gpt-4o-mini",
            "temperature": 0.0,
            "max_tokens": 500,
            "messages": [
                { "role": "system", "content": "Jesteś pomocny." },
                { "role": "user", "content": "Zażółć?" },
            ],
        })
    );
}

#[tokio::test]
async fn models_that_think_get_the_fields_they_take() {
    for (model, thinks) in [
        ("o3", true),
        ("o4-mini", true),
        ("openai/gpt-5-mini", true),
        ("gpt-5.1", true),
        ("gpt-4o", false),
        ("o30", false),
        ("llama3", false),
    ] {
        let transport = Scripted::new([answer(200, TEXT)]);
        client(transport.clone()).chat(&ChatRequest { model: model.to_owned(), ..request() }).await.unwrap();
        let body: Value = serde_json::from_slice(&transport.request().body).unwrap();
        assert_eq!(body.get("max_completion_tokens").is_some(), thinks, "{model}");
        assert_eq!(body.get("temperature").is_none() && body.get("max_tokens").is_none(), thinks, "{model}");
    }
}

#[tokio::test]
async fn azure_is_asked_its_own_way() {
    for (base, url, models) in [
        (
            "https://hub.openai.azure.com",
            "https://hub.openai.azure.com/openai/deployments/gpt-4o-mini/chat/completions?api-version=2024-10-21",
            "https://hub.openai.azure.com/openai/models?api-version=2024-10-21",
        ),
        (
            "https://hub.openai.azure.com/openai/deployments/czat",
            "https://hub.openai.azure.com/openai/deployments/czat/chat/completions?api-version=2024-10-21",
            "https://hub.openai.azure.com/openai/models?api-version=2024-10-21",
        ),
        (
            "https://HUB.openai.azure.com/openai/v1",
            "https://hub.openai.azure.com/openai/v1/chat/completions",
            "https://hub.openai.azure.com/openai/v1/models",
        ),
    ] {
        let transport = Scripted::new([answer(200, TEXT), answer(200, r#"{"data":[]}"#)]);
        let client = client_of(base, transport.clone());
        client.chat(&request()).await.unwrap();
        client.models().await.unwrap();
        let asked = transport.asked.lock().unwrap();
        assert_eq!((&*asked[0].url, &*asked[1].url), (url, models));
        assert_eq!(asked[0].headers["api-key"], "sk-hush-key");
        assert!(
            asked[0].headers.get("authorization").is_none() && asked[0].headers["api-key"].is_sensitive()
        );
    }
}

#[tokio::test]
async fn answers_are_read_tolerantly() {
    async fn check(body: &str, expect: Result<(&str, bool), ModelError>) {
        let answered = client(Scripted::new([answer(200, body)])).chat(&request()).await;
        let told = answered.as_ref().map(|answer| (&*answer.text, answer.cut));
        assert_eq!(told, expect.as_ref().map(|told| *told), "{body}");
    }
    check(TEXT, Ok(("Dzień dobry", false))).await;
    check(
        r#"{"choices":[{"message":{"content":[{"type":"text","text":"A"},{"type":"x"},"B"]}}]}"#,
        Ok(("AB", false)),
    )
    .await;
    check(r#"{"choices":[{"message":{"content":" ucięt "},"finish_reason":"length"}]}"#, Ok(("ucięt", true)))
        .await;
    check(r#"{"choices":[{"message":{"content":"<think>hm</think>\n\nTak."}}]}"#, Ok(("Tak.", false))).await;
    check(r#"{"choices":[{"message":{"content":"<think>hm, bez końca"}}]}"#, Err(ModelError::Empty)).await;
    check(r#"{"choices":[{"message":{"content":"  "}}]}"#, Err(ModelError::Empty)).await;
    check(r#"{"choices":[{"message":{"content":null}}]}"#, Err(ModelError::Empty)).await;
    check(r#"{"choices":[{"message":{"content":null,"refusal":"no"}}]}"#, Err(ModelError::Filtered)).await;
    check(r#"{"choices":[{"message":{},"finish_reason":"content_filter"}]}"#, Err(ModelError::Filtered))
        .await;
    check(r#"{"choices":[]}"#, Err(ModelError::Unreadable("no choices"))).await;
    check(r#"{"choices":[{}]}"#, Err(ModelError::Unreadable("no message"))).await;
    check("<html>", Err(ModelError::Unreadable("not JSON"))).await;
    check("", Err(ModelError::Unreadable("not JSON"))).await;
}

#[tokio::test]
async fn tokens_are_told_where_the_service_counts_them() {
    let body = r#"{"model":"m-1","choices":[{"message":{"content":"A"}}],"usage":{"prompt_tokens":12,"completion_tokens":3}}"#;
    let answer = client(Scripted::new([answer(200, body)])).chat(&request()).await.unwrap();
    assert_eq!(
        (answer.model.as_deref(), answer.prompt_tokens, answer.completion_tokens),
        (Some("m-1"), Some(12), Some(3))
    );
}

#[tokio::test]
async fn vectors_come_in_the_order_of_their_texts() {
    async fn check(body: &str, expect: Result<Vec<Vec<f32>>, ModelError>) {
        let texts = ["a".to_owned(), "b".to_owned()];
        let transport = Scripted::new([answer(200, body)]);
        let given = client(transport.clone()).embed("embedder", &texts).await;
        assert_eq!(given.map(|embeddings| embeddings.vectors), expect, "{body}");
        let asked = transport.request();
        assert_eq!((&*asked.url, asked.max_body), ("https://api.openai.com/v1/embeddings", 64 << 20));
        let body: Value = serde_json::from_slice(&asked.body).unwrap();
        assert_eq!(body, json!({ "model": "embedder", "input": ["a", "b"] }));
    }
    let swapped = r#"{"data":[{"index":1,"embedding":[3,4]},{"index":0,"embedding":[1,2.5]}]}"#;
    check(swapped, Ok(vec![vec![1.0, 2.5], vec![3.0, 4.0]])).await;
    let packed = r#"{"data":[{"embedding":"AACAPwAAAEA="},{"embedding":[3,4]}]}"#;
    check(packed, Ok(vec![vec![1.0, 2.0], vec![3.0, 4.0]])).await;
    let bad = |words| Err(ModelError::Unreadable(words));
    check(r#"{"data":[{"embedding":[1]}]}"#, bad("not one vector for each text")).await;
    let twice = r#"{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]}"#;
    check(twice, bad("vectors with strange numbers")).await;
    let beyond = r#"{"data":[{"index":0,"embedding":[1]},{"index":7,"embedding":[1]}]}"#;
    check(beyond, bad("vectors with strange numbers")).await;
    let uneven = r#"{"data":[{"embedding":[1]},{"embedding":[1,2]}]}"#;
    check(uneven, bad("vectors that are empty, of different lengths or not finite")).await;
    check(r#"{"data":[{"embedding":"?"},{"embedding":[1]}]}"#, bad("a vector that is not base64")).await;
    check(r#"{"data":[{"embedding":"AAA="},{"embedding":[1]}]}"#, bad("a vector with half a number")).await;
    check("[]", bad("no list of vectors")).await;
}

#[tokio::test]
async fn the_models_are_named_once_and_in_order() {
    for body in
        [r#"{"data":[{"id":"b"},{"id":"a"},{"id":"b"},{}]}"#, r#"{"models":[{"name":"b"},{"name":"a"}]}"#]
    {
        let models = client(Scripted::new([answer(200, body)])).models().await.unwrap();
        assert_eq!(models, ["a", "b"]);
    }
    let odd = client(Scripted::new([answer(200, "{}")])).models().await;
    assert_eq!(odd, Err(ModelError::Unreadable("no list of models")));
}

#[tokio::test]
async fn a_call_is_made_once_whatever_becomes_of_it() {
    let transport = Scripted::new([Err(TransportError::Lost("timed out".to_owned()))]);
    let failed = client(transport.clone()).chat(&request()).await;
    assert_eq!(failed, Err(ModelError::NoAnswer("timed out".to_owned())));
    transport.request();
}

#[test]
fn an_access_that_cannot_work_is_refused() {
    let open = |base_url: &str, key: &str| {
        let access = ModelAccess { base_url: base_url.to_owned(), api_key: SecretString::from(key) };
        ModelClient::new(&access, Scripted::new([]), Duration::from_secs(1)).map(drop)
    };
    for base in ["ftp://x", "nothing", "https://u:p@x/v1", "https://x/v1?a=b", "https://x/#a"] {
        assert_eq!(open(base, "k"), Err(ModelAccessError::BaseUrl), "{base}");
    }
    for key in ["", "  ", "a\nb"] {
        assert_eq!(open("https://x/v1", key), Err(ModelAccessError::Key), "{key:?}");
    }
    assert_eq!(open("http://127.0.0.1:11434/v1", "ollama"), Ok(()));
}

#[test]
fn debug_shows_no_key() {
    let client = client(Scripted::new([]));
    let access = ModelAccess { base_url: "https://x".to_owned(), api_key: SecretString::from("sk-hush-key") };
    assert!(!format!("{client:?} {access:?}").contains("hush"));
}
