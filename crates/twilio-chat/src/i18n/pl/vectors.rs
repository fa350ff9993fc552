//! Vectors of the knowledge base, in Polish.

use super::Entry;

pub(super) const TEXTS: &[Entry] = &[
    ("vectors.progress", "Wektory: {ready} z {total}"),
    (
        "vectors.built",
        "Gotowe: {documents} dokumentów, {vectors} wektorów modelu {model}; nowych, opłaconych teraz: {paid}.",
    ),
    (
        "vectors.changed",
        "Usługa daje teraz wektory po {now} liczb, dotychczasowe miały {before}: policzono wszystkie na nowo.",
    ),
    (
        "vectors.other_dimension",
        "Usługa daje wektory po {now} liczb, a indeks ma {before}: nie da się ich porównać. Uruchom knowledge build.",
    ),
    ("vectors.words_alone", "Szukano tylko po słowach: {error}"),
];
