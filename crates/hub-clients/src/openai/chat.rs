//! A chat completion: what is asked, and what may come back.

use serde_json::{Value, json};

use super::outcome::ModelError;

/// Who says a message of a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Instructions.
    System,
    /// The person.
    User,
    /// The model, earlier.
    Assistant,
}

impl Role {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Assistant => "assistant",
        }
    }
}

/// One message of a chat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatMessage {
    /// Who says it.
    pub role: Role,
    /// What.
    pub content: String,
}

/// What is asked of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct ChatRequest {
    /// The model's name; on Azure the deployment's.
    pub model: String,
    /// 0 is 0.
    pub temperature: f64,
    /// The most it may write.
    pub max_tokens: u32,
    /// The chat so far.
    pub messages: Vec<ChatMessage>,
}

/// What the model wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatAnswer {
    /// The text, never empty.
    pub text: String,
    /// It was cut at the most it may write.
    pub cut: bool,
    /// The model that answered, as the service names it.
    pub model: Option<String>,
    /// Tokens read, where the service counts.
    pub prompt_tokens: Option<u32>,
    /// Tokens written, where the service counts.
    pub completion_tokens: Option<u32>,
}

pub(super) fn body(request: &ChatRequest) -> Value {
    let messages: Vec<Value> = request
        .messages
        .iter()
        .map(|message| json!({ "role": message.role.as_str(), "content": message.content }))
        .collect();
    let mut body = json!({ "model": request.model, "messages": messages });
    if let Value::Object(fields) = &mut body {
        if thinks(&request.model) {
            // These refuse a temperature, and think within the same allowance.
            let most = request.max_tokens.saturating_mul(8);
            fields.insert("max_completion_tokens".to_owned(), most.into());
        } else {
            fields.insert("max_tokens".to_owned(), request.max_tokens.into());
            fields.insert("temperature".to_owned(), request.temperature.into());
        }
    }
    body
}

/// Models that think before they answer have fields of their own.
fn thinks(model: &str) -> bool {
    let name = model.rsplit('/').next().unwrap_or(model);
    ["o1", "o3", "o4", "gpt-5"].iter().any(|family| {
        name.strip_prefix(family).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
    })
}

pub(super) fn read(document: &Value) -> Result<ChatAnswer, ModelError> {
    let choice = document.pointer("/choices/0").ok_or(ModelError::Unreadable("no choices"))?;
    let message = choice.get("message").ok_or(ModelError::Unreadable("no message"))?;
    let finish = choice.get("finish_reason").and_then(Value::as_str).unwrap_or_default();
    let text = without_thoughts(&content(message)).trim().to_owned();
    if text.is_empty() {
        let refused = finish == "content_filter" || message.get("refusal").is_some_and(Value::is_string);
        return Err(if refused { ModelError::Filtered } else { ModelError::Empty });
    }
    let tokens = |name: &str| {
        let count = document.get("usage").and_then(|usage| usage.get(name)).and_then(Value::as_u64);
        count.and_then(|count| u32::try_from(count).ok())
    };
    Ok(ChatAnswer {
        text,
        cut: finish == "length",
        model: document.get("model").and_then(Value::as_str).map(str::to_owned),
        prompt_tokens: tokens("prompt_tokens"),
        completion_tokens: tokens("completion_tokens"),
    })
}

/// The text of a message, which some services write as a list of parts.
fn content(message: &Value) -> String {
    match message.get("content") {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => {
            let texts = parts.iter().filter_map(|part| part.as_str().or_else(|| part.get("text")?.as_str()));
            texts.collect::<Vec<_>>().join("")
        }
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) | None => String::new(),
    }
}

/// Some local models write down what they think, between `<think>` and `</think>`, before they answer.
fn without_thoughts(text: &str) -> &str {
    match text.rsplit_once("</think>") {
        Some((_, answer)) => answer,
        None if text.trim_start().starts_with("<think>") => "",
        None => text,
    }
}
