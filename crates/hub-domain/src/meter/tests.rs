use super::meter;
use crate::{address::Address, price::Prices, segments::Encoding};

/// Segments, cost, segments with plain letters and their cost.
type Reading = (usize, Option<&'static str>, Option<(usize, Option<&'static str>)>);

fn check(text: &str, to: Option<&str>, expect: Reading) {
    let to = to.map(|to| Address::from_provider(to).unwrap());
    let read = meter(text, to.as_ref(), &Prices::List);
    let cost = read.cost.map(|cost| cost.to_string());
    let folded_cost = read.folded_cost.map(|cost| cost.to_string());
    let folded = read.folded.map(|(_, segments)| (segments.segments, folded_cost.as_deref()));
    assert_eq!((read.written.segments, cost.as_deref(), folded), expect, "{text:?}");
}

#[test]
fn a_text_is_measured_as_written_and_with_plain_letters() {
    let anna = Some("+48500100200");
    check("", anna, (0, Some("0.00"), None));
    check("Dzien dobry", anna, (1, Some("0.04"), None));
    check(&"ą".repeat(71), anna, (2, Some("0.08"), Some((1, Some("0.04")))));
    check(&"ą".repeat(71), None, (2, None, Some((1, None))));
    check(&"ą".repeat(71), Some("+442079460000"), (2, None, Some((1, None))));
    // Nothing plain can be written for it, or nothing is saved by it.
    check("🙂", anna, (1, Some("0.04"), None));
    check("zażółć", anna, (1, Some("0.04"), None));
    check("🙂ą", anna, (1, Some("0.04"), None));
}

#[test]
fn the_characters_at_fault_are_named() {
    let read = meter("„Żółw” 🙂", None, &Prices::List);
    assert_eq!(read.written.encoding, Encoding::Ucs2);
    assert_eq!(read.written.forced_by, ['„', 'Ż', 'ó', 'ł', '”', '🙂']);
    assert_eq!(read.folded, None);
}
