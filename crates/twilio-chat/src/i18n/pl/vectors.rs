//! Vectors of the knowledge base, in Polish.

use super::Entry;

pub(super) const TEXTS: &[Entry] = &[
    ("vectors.progress", "Wektory: {ready} z {total}"),
    (
        "vectors.built",
        "Gotowe: {documents} dokumentów, {vectors} wektorów modelu {model}; nowych, opłaconych teraz: {paid}.",
    ),
    ("vectors.words_alone", "Szukano tylko po słowach: {error}"),
];
