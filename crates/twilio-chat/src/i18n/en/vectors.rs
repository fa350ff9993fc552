//! Vectors of the knowledge base, in English.

use super::Entry;

pub(super) const TEXTS: &[Entry] = &[
    ("vectors.progress", "Vectors: {ready} of {total}"),
    (
        "vectors.built",
        "Done: {documents} documents, {vectors} vectors of the model {model}; new ones, paid for now: {paid}.",
    ),
    (
        "vectors.changed",
        "The service makes vectors of {now} numbers now, those of before had {before}: all were made anew.",
    ),
    (
        "vectors.other_dimension",
        "The service makes vectors of {now} numbers and the index has {before}: they can't be compared. Run knowledge build.",
    ),
    ("vectors.words_alone", "Searched by words alone: {error}"),
];
