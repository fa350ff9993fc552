//! OpenAI-compatible services (OpenAI, Azure, Ollama, vLLM): chat completions, embeddings, the list of models.
//!
//! One call each, within a time and a size; nothing is repeated here. Answers are read tolerantly, because every
//! service leaves out or adds something; errors say what to do and never carry a key.

mod access;
mod chat;
mod client;
mod embeddings;
mod outcome;

pub use access::{ModelAccess, ModelAccessError};
pub use chat::{ChatAnswer, ChatMessage, ChatRequest, Role};
pub use client::ModelClient;
pub use embeddings::Embeddings;
pub use outcome::ModelError;
