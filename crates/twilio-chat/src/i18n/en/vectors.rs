//! Vectors of the knowledge base, in English.

use super::Entry;

pub(super) const TEXTS: &[Entry] = &[
    ("vectors.progress", "Vectors: {ready} of {total}"),
    (
        "vectors.built",
        "Done: {documents} documents, {vectors} vectors of the model {model}; new ones, paid for now: {paid}.",
    ),
    ("vectors.words_alone", "Searched by words alone: {error}"),
];
