//! Answers from the knowledge base in a model's words: what it is given, what it is told, and what of its words
//! may leave.
//!
//! The passages are chosen by search before a model hears of the question ([`sources`]); the model is told to cite
//! them by number ([`prompt`]); its words are held against exactly those ([`judgement`]), and asked for again only so
//! often ([`tries`]). Nothing here calls anybody.

pub mod citations;
mod figures;
pub mod judgement;
pub mod language;
pub mod prompt;
pub mod sources;
mod statements;
pub mod tries;
