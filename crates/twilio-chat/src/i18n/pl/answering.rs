//! Answers from the knowledge base in a model's words, in Polish.

use super::Entry;

pub(super) const TEXTS: &[Entry] = &[
    ("answering.opening", "AI, z artykułów:"),
    ("answering.section_quoted", "{name} (bez AI)"),
    ("answering.no_receipt", "Odpowiedź podano, ale jej zapisu nie udało się zachować: {error}"),
    ("answering.decision.cited", "odpowiedziano słowami modelu, ze źródłami"),
    ("answering.decision.nothing", "model nie znalazł odpowiedzi w artykułach"),
    ("answering.decision.failed", "model nie odpowiedział; podano zdania artykułów"),
    ("answering.decision.cap", "limit kosztu na dziś wykorzystany; podano zdania artykułów"),
    ("answering.decision.uncited", "słowa modelu bez właściwych źródeł; podano zdania artykułów"),
    ("answering.decision.too_long", "słowa modelu były za długie; podano zdania artykułów"),
    ("answering.decision.invented", "słowa modelu miały dane spoza artykułów; podano zdania artykułów"),
    ("answering.decision.unfit", "słowa modelu nie mogły wyjść; podano zdania artykułów"),
    ("answering.mode", "AI: {model}"),
    (
        "answering.mode.about",
        "Odpowiedzi pisze model, tylko z artykułów i ze źródłami; inaczej są zdaniami artykułów.",
    ),
    ("answering.made_by.model", "AI, ze źródłami"),
    ("answering.cited", "cytowane"),
];
