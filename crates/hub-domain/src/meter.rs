//! The live meter of a composer: what the text being written takes, why, and what plain letters would save.

use crate::{
    address::Address,
    folding::{Folded, fold},
    price::{Money, Prices},
    segments::{Segments, count},
};

/// What a text takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meter {
    /// As written.
    pub written: Segments,
    /// With plain letters, when that changes anything.
    pub folded: Option<(Folded, Segments)>,
    /// About what it costs as written; `None` without a recipient or a known price.
    pub cost: Option<Money>,
    /// The same with plain letters.
    pub folded_cost: Option<Money>,
}

/// Measures a text for a recipient.
pub fn meter(text: &str, to: Option<&Address>, prices: &Prices) -> Meter {
    let written = count(text);
    let price = to.and_then(|to| prices.of_segment(to));
    let cost = |segments: &Segments| price.as_ref().map(|price| price.times(segments.segments));
    let folded =
        (!written.forced_by.is_empty()).then(|| fold(text)).filter(|folded| !folded.changed.is_empty());
    let folded = folded.map(|folded| {
        let segments = count(&folded.text);
        (folded, segments)
    });
    Meter {
        cost: cost(&written),
        folded_cost: folded.as_ref().and_then(|(_, segments)| cost(segments)),
        written,
        folded,
    }
}

#[cfg(test)]
mod tests;
