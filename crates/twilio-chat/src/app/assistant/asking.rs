//! One question to a model: prompt, call, judgement, receipt.

use std::sync::Arc;

use hub_clients::openai::{ChatAnswer, ChatMessage, ChatRequest, ModelClient, ModelError, Role};
use hub_domain::{
    assistant::{
        Passage, Turn,
        output::{self, OutputLimits, Sources, Verdict},
        prompt::{self, Brief, PromptMessage, PromptRole},
        settings::AssistantSettings,
    },
    reply::{Ask, HandOver, Told, Words},
    spending,
};
use hub_store::{NewReceipt, Phrased, Wanted};
use jiff::Timestamp;

use super::super::App;

/// The most that a model may write.
const MOST_TOKENS: u32 = 500;
/// Characters of a segment, counted carefully: one Polish letter makes it 67.
const CHARS_A_SEGMENT: usize = 67;

/// A question, with everything the model is told about it.
#[derive(Clone, Debug)]
pub struct Question {
    /// As the person calls themselves.
    pub profile_name: Option<String>,
    /// What the knowledge base has about it.
    pub passages: Vec<Passage>,
    /// The conversation before, oldest first.
    pub history: Vec<Turn>,
    /// The newest text.
    pub newest: String,
}

/// What came of a question.
#[derive(Debug)]
pub struct Answer {
    /// The model's words judged, or why there are none.
    pub judged: Result<Judged, ModelError>,
    /// The record of the call.
    pub receipt: NewReceipt,
}

/// A model's words and what may become of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// As written.
    pub words: String,
    /// What may leave.
    pub verdict: Verdict,
}

impl App {
    /// Finds words for what the store asked about. Whatever goes wrong is in the result.
    pub(in crate::app) async fn phrase(&self, asked: &Wanted) -> Phrased {
        let told = |words| Told { ask: asked.ask.clone(), words };
        if matches!(asked.ask, Ask::News(_)) {
            return self.news(asked).await;
        }
        // Passages for a service that is not called would only keep others waiting.
        let is_left_alone = self.inner.models.left_alone_until(self.world().now()).is_some();
        let passages = if is_left_alone { Vec::new() } else { self.passages(&asked.newest).await };
        let Some(client) = self.connected().models.assistant.clone() else {
            return Phrased { told: told(Words::Failed), receipt: None, became: None };
        };
        let question = Question {
            profile_name: asked.profile_name.clone(),
            passages,
            history: asked.history.clone(),
            newest: asked.newest.clone(),
        };
        let purpose = if matches!(asked.ask, Ask::Draft) { "draft" } else { "answer" };
        let Answer { judged, receipt } = self.ask(&client, &asked.settings, &question, purpose).await;
        let words = match judged {
            Ok(Judged { verdict: Verdict::Say(text), .. }) => Words::Say(text),
            Ok(Judged { verdict: Verdict::HandOver, .. }) => Words::HandOver(HandOver::Unsure),
            Ok(Judged { verdict: Verdict::Unfit(why), .. }) => {
                tracing::warn!(model = receipt.model, why = why.as_str(), "a model's words must not be said");
                Words::HandOver(HandOver::Unfit)
            }
            Err(_) => Words::Failed,
        };
        Phrased { told: told(words), receipt: Some(receipt), became: None }
    }

    /// Asks once, unless the service failed too often lately.
    pub(super) async fn ask(
        &self,
        client: &Arc<ModelClient>,
        settings: &AssistantSettings,
        question: &Question,
        purpose: &'static str,
    ) -> Answer {
        let mark = self.world().mark();
        let segments = usize::try_from(settings.segments).unwrap_or(1);
        let longest_answer = segments * CHARS_A_SEGMENT;
        let messages = prompt::build(&Brief {
            instruction: &settings.instruction,
            mark: &mark,
            profile_name: question.profile_name.as_deref(),
            passages: &question.passages,
            history: &question.history,
            newest: &question.newest,
            longest_answer,
        });
        let began = self.world().now();
        let answered = self.call(client, settings, &messages, began).await;
        let receipt = receipt(purpose, settings, &messages, question, &answered, began, self.world().now());
        if let Err(error) = &answered {
            tracing::warn!(model = settings.model, %error, "the model gave no answer");
        }
        let judged = answered.map(|answer| {
            let rules = prompt::rules(&mark, longest_answer);
            let verdict = judge(&answer.text, &mark, &rules, settings, question);
            Judged { words: answer.text, verdict }
        });
        Answer { judged, receipt }
    }

    async fn call(
        &self,
        client: &ModelClient,
        settings: &AssistantSettings,
        messages: &[PromptMessage],
        now: Timestamp,
    ) -> Result<ChatAnswer, ModelError> {
        let models = &self.inner.models;
        // A caller's own key that is wrong says nothing about ours.
        let connected = self.connected();
        let is_ours = connected.models.assistant.as_deref().is_some_and(|ours| std::ptr::eq(ours, client));
        if is_ours {
            models
                .breaker
                .allow(now)
                .map_err(|left_alone| ModelError::Unreachable(left_alone.to_string()))?;
        }
        let request = ChatRequest {
            model: settings.model.clone(),
            temperature: settings.temperature,
            max_tokens: MOST_TOKENS,
            messages: messages.iter().map(chat_message).collect(),
        };
        let answered = client.chat(&request).await;
        if is_ours {
            models.breaker.note(&answered, self.world().now());
        }
        answered
    }

    /// What the knowledge base has about a text; nothing when it takes too long.
    pub(super) async fn passages(&self, about: &str) -> Vec<Passage> {
        let found = self.inner.models.knowledge.passages(about);
        tokio::time::timeout(self.timing().model_timeout, found).await.unwrap_or_else(|_| {
            tracing::error!("the knowledge base did not answer in time");
            Vec::new()
        })
    }
}

/// A message as it is sent.
pub(in crate::app) fn chat_message(message: &PromptMessage) -> ChatMessage {
    let role = match message.role {
        PromptRole::System => Role::System,
        PromptRole::User => Role::User,
        PromptRole::Assistant => Role::Assistant,
    };
    ChatMessage { role, content: message.content.clone() }
}

fn judge(words: &str, mark: &str, rules: &str, settings: &AssistantSettings, question: &Question) -> Verdict {
    let passages: Vec<&str> = question
        .passages
        .iter()
        .flat_map(|passage| [&*passage.title, &*passage.text, passage.url.as_deref().unwrap_or_default()])
        .collect();
    let said = question.history.iter().map(|turn| &*turn.text);
    let thread: Vec<&str> = said.chain([&*question.newest]).collect();
    let sources =
        Sources { mark, rules, instruction: &settings.instruction, passages: &passages, thread: &thread };
    let segments = usize::try_from(settings.segments).unwrap_or(1);
    output::accept(words, &sources, OutputLimits { segments })
}

fn receipt(
    purpose: &'static str,
    settings: &AssistantSettings,
    messages: &[PromptMessage],
    question: &Question,
    answered: &Result<ChatAnswer, ModelError>,
    began: Timestamp,
    ended: Timestamp,
) -> NewReceipt {
    let answer = answered.as_ref().ok();
    let prompt_tokens = answer.and_then(|answer| answer.prompt_tokens);
    let completion_tokens = answer.and_then(|answer| answer.completion_tokens);
    let model = answer.and_then(|answer| answer.model.clone()).unwrap_or_else(|| settings.model.clone());
    NewReceipt {
        purpose,
        cost: spending::of_tokens(&model, prompt_tokens.unwrap_or(0), completion_tokens.unwrap_or(0)),
        model,
        prompt: serde_json::to_string(messages).unwrap_or_default(),
        passages: serde_json::to_string(&question.passages).unwrap_or_default(),
        words: answer.map(|answer| answer.text.clone()),
        error: answered.as_ref().err().map(ToString::to_string),
        prompt_tokens,
        completion_tokens,
        millis: u32::try_from(ended.duration_since(began).as_millis()).unwrap_or(u32::MAX),
    }
}
