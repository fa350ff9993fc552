//! The assistant: a language model that answers customers, and everything decided about it without one.
//!
//! What the model is told ([`prompt`]), what of its words may leave ([`output`]), when a person is asked for
//! ([`handover`]), and how it is set up ([`settings`]). Nothing here calls anybody; whether it is asked at all is
//! [`crate::reply`]'s decision.

pub mod handover;
pub mod output;
pub mod prompt;
pub mod settings;

/// A piece of the knowledge base that may hold the answer.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Passage {
    /// What it is from.
    pub title: String,
    /// Where that can be read.
    pub url: Option<String>,
    /// The piece.
    pub text: String,
    /// How well it fits; comparable within one search only.
    pub score: f32,
}

/// Who says a turn of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Speaker {
    /// The person who writes to us.
    Customer,
    /// We, whoever of us.
    Us,
}

/// One text of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Turn {
    /// Who.
    pub speaker: Speaker,
    /// What.
    pub text: String,
}
