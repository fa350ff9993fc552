//! Answers from the knowledge base in a model's words, in English.

use super::Entry;

pub(super) const TEXTS: &[Entry] = &[
    ("answering.opening", "AI, from articles:"),
    ("answering.section_quoted", "{name} (without AI)"),
    ("answering.no_receipt", "The answer was given, but its receipt could not be kept: {error}"),
    ("answering.decision.cited", "answered in the model's words, with sources"),
    ("answering.decision.nothing", "the model found no answer in the articles"),
    ("answering.decision.failed", "the model gave no answer; sentences of the articles were given"),
    ("answering.decision.cap", "today's money is spent; sentences of the articles were given"),
    (
        "answering.decision.uncited",
        "the model's words lacked the right sources; sentences of the articles were given",
    ),
    ("answering.decision.too_long", "the model's words were too long; sentences of the articles were given"),
    (
        "answering.decision.invented",
        "the model's words held what no article says; sentences of the articles were given",
    ),
    ("answering.decision.unfit", "the model's words could not leave; sentences of the articles were given"),
    ("answering.mode", "AI: {model}"),
    (
        "answering.mode.about",
        "A model writes the answers, from the articles alone and with sources; otherwise they are sentences of the articles.",
    ),
    ("answering.made_by.model", "AI, with sources"),
    ("answering.cited", "cited"),
];
