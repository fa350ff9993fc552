//! The live meter of a composer: what the text being written takes, why, and what plain letters would save.

use std::borrow::Cow;

use crate::{
    address::Address,
    folding::around_links,
    price::{Money, Prices},
    segments::{Segments, count},
};

/// What a text takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meter {
    /// As written.
    pub written: Segments,
    /// With plain letters, as it would be sent then, when that takes fewer segments.
    pub folded: Option<(String, Segments)>,
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
    let folded = match around_links(text) {
        Cow::Borrowed(_) => None,
        Cow::Owned(folded) => {
            let segments = count(&folded);
            Some((folded, segments))
        }
    };
    Meter {
        cost: cost(&written),
        folded_cost: folded.as_ref().and_then(|(_, segments)| cost(segments)),
        written,
        folded,
    }
}

#[cfg(test)]
mod tests;
