//! `POST /v1/chat/completions`: the answer whole or as a stream of pieces.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Duration;

use super::answer::answer;
use super::api::{Refusal, tokens};
use super::body::in_pieces;
use super::{ModelSimulator, ModelState};

/// What is read of a request; the rest is a model's business.
#[derive(Debug, Deserialize)]
pub(super) struct ChatRequest {
    model: String,
    messages: Vec<Message>,
    #[serde(default)]
    stream: bool,
    stream_options: Option<StreamOptions>,
    max_tokens: Option<usize>,
    max_completion_tokens: Option<usize>,
}

#[derive(Debug, Deserialize)]
struct StreamOptions {
    #[serde(default)]
    include_usage: bool,
}

#[derive(Debug, Deserialize)]
struct Message {
    role: String,
    content: Option<Value>,
}

impl Message {
    /// A text, or the texts among its parts.
    fn text(&self) -> String {
        match &self.content {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Array(parts)) => {
                parts.iter().filter_map(|part| part.get("text")?.as_str()).collect::<Vec<_>>().join("\n")
            }
            Some(_) | None => String::new(),
        }
    }
}

/// An answer ready to be sent.
struct Completion {
    id: String,
    created: i64,
    model: String,
    text: String,
    finish_reason: &'static str,
    usage: Value,
}

/// Answers a request that was neither refused nor spoiled.
pub(super) fn complete(sim: &ModelSimulator, request: Value, breaks: bool) -> Result<Response, Refusal> {
    let chat: ChatRequest = serde_json::from_value(request.clone())
        .map_err(|error| Refusal::invalid(format!("you must provide a model and messages: {error}")))?;
    if chat.messages.is_empty() {
        return Err(Refusal::invalid("[] is too short - 'messages'"));
    }
    if let Some(strange) = chat
        .messages
        .iter()
        .find(|message| !matches!(&*message.role, "system" | "developer" | "user" | "assistant" | "tool"))
    {
        return Err(Refusal::invalid(format!(
            "'{}' is not one of the roles - 'messages.role'",
            strange.role
        )));
    }
    let created = (sim.now)().as_second();
    let mut state = sim.lock();
    state.last_chat = Some(request);
    let pause = Duration::from_millis(state.faults.piece_delay_ms);
    let completion = think(&mut state, &chat, created);
    drop(state);
    if !chat.stream {
        return Ok(json_response(&completion.whole()));
    }
    let with_usage = chat.stream_options.is_some_and(|options| options.include_usage);
    let mut pieces = completion.pieces(with_usage);
    if breaks {
        pieces.truncate(pieces.len() / 2);
    }
    let body = in_pieces(pieces, pause, breaks);
    Ok((StatusCode::OK, [(CONTENT_TYPE, "text/event-stream; charset=utf-8")], body).into_response())
}

fn think(state: &mut ModelState, chat: &ChatRequest, created: i64) -> Completion {
    let everything: Vec<String> = chat.messages.iter().map(Message::text).collect();
    let question = chat.messages.iter().rev().find(|message| message.role == "user").map(Message::text);
    let mut text = answer(&state.rules, &question.unwrap_or_default(), &everything);
    let limit = chat.max_completion_tokens.or(chat.max_tokens).unwrap_or(usize::MAX);
    let is_cut = tokens(&text) > limit;
    if is_cut {
        // Four characters a token, as they are counted.
        text = text.chars().take(limit.saturating_mul(4)).collect();
    }
    let (prompt, completion) = (everything.iter().map(|text| tokens(text)).sum::<usize>(), tokens(&text));
    state.counts.chats += 1;
    state.counts.prompt_tokens += prompt;
    state.counts.completion_tokens += completion;
    Completion {
        id: format!("chatcmpl-{:016x}", state.luck.next()),
        created,
        model: chat.model.clone(),
        text,
        finish_reason: if is_cut { "length" } else { "stop" },
        usage: json!({
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
        }),
    }
}

impl Completion {
    fn whole(&self) -> Value {
        json!({
            "id": self.id,
            "object": "chat.completion",
            "created": self.created,
            "model": self.model,
            "choices": [{
                "index": 0,
                "message": { "role": "assistant", "content": self.text, "refusal": null },
                "logprobs": null,
                "finish_reason": self.finish_reason,
            }],
            "usage": self.usage,
            "system_fingerprint": "fp_simulated",
        })
    }

    /// Server-sent events: the role, a word at a time, the end, perhaps the usage, `[DONE]`.
    fn pieces(&self, with_usage: bool) -> Vec<String> {
        let choice = |delta: Value, finish: Option<&str>| json!([{ "index": 0, "delta": delta, "logprobs": null, "finish_reason": finish }]);
        let mut choices = vec![choice(json!({ "role": "assistant", "content": "" }), None)];
        choices.extend(self.text.split_inclusive(' ').map(|word| choice(json!({ "content": word }), None)));
        choices.push(choice(json!({}), Some(self.finish_reason)));
        let mut events: Vec<String> =
            choices.into_iter().map(|choices| self.event(&choices, &Value::Null)).collect();
        if with_usage {
            events.push(self.event(&json!([]), &self.usage));
        }
        events.push("data: [DONE]\n\n".to_owned());
        events
    }

    fn event(&self, choices: &Value, usage: &Value) -> String {
        let chunk = json!({
            "id": self.id,
            "object": "chat.completion.chunk",
            "created": self.created,
            "model": self.model,
            "choices": choices,
            "usage": usage,
            "system_fingerprint": "fp_simulated",
        });
        format!("data: {chunk}\n\n")
    }
}

pub(super) fn json_response(value: &Value) -> Response {
    (StatusCode::OK, [(CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}
