//! Answers made without a model: sentences of the articles themselves, with where they stand.

pub mod extractive;
