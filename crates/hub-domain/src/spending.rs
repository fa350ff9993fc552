//! What messages cost, for the daily cap on money: an estimate when one is written, corrected by Twilio's price.

use crate::{
    address::{Address, Channel},
    price::Prices,
    segments,
};

/// Millionths of the ledger's currency: that of the operator's own price where there is one, else the account's.
pub type Micros = u64;

/// A segment to where the list has no price: too much rather than too little.
const SEGMENT_ELSEWHERE: Micros = 100_000;
/// A message on WhatsApp within its window, by the list.
const ON_WHATSAPP: Micros = 5_000;

/// About what this text to this address costs: by the operator's own price where there is one, else by the list.
/// WhatsApp doesn't bill segments: a message there costs one of the operator's, which is rather too much, but in the
/// ledger's currency.
pub fn estimate(prices: &Prices, to: &Address, body: &str) -> Micros {
    if to.channel() == Channel::WhatsApp {
        return match prices {
            Prices::Flat(own) => own.micros,
            Prices::List => ON_WHATSAPP,
        };
    }
    let segments = u64::try_from(segments::count(body).segments.max(1)).unwrap_or(u64::MAX);
    segments.saturating_mul(prices.of_segment(to).map_or(SEGMENT_ELSEWHERE, |price| price.micros))
}

/// Whether Twilio's price, in this currency, takes the place of an estimate. The list is in the account's currency
/// as far as anybody knows; amounts in two currencies must not be added up.
pub fn corrects(prices: &Prices, currency: Option<&str>) -> bool {
    match prices {
        Prices::List => true,
        Prices::Flat(own) => currency.is_some_and(|currency| currency.eq_ignore_ascii_case(&own.currency)),
    }
}

/// What a model's tokens cost, in millionths of a dollar: known models by their list price, others nothing (they run
/// on our own machine, or somebody has to look). Nobody here knows a rate of exchange, so the ledger takes a dollar for
/// one of its currency, and the labels of the cap say so: a cap that counts too little of a model still stops one that
/// runs wild, and none would not.
pub fn of_tokens(model: &str, prompt: u32, completion: u32) -> Option<Micros> {
    // Micros a thousand tokens, read and written.
    const PRICES: [(&str, u64, u64); 6] = [
        ("gpt-4o-mini", 150, 600),
        ("gpt-4o", 2_500, 10_000),
        ("gpt-4.1-nano", 100, 400),
        ("gpt-4.1-mini", 400, 1_600),
        ("gpt-4.1", 2_000, 8_000),
        ("gpt-5-mini", 250, 2_000),
    ];
    let fits =
        |name: &str| model == name || model.strip_prefix(name).is_some_and(|rest| rest.starts_with("-2"));
    let (_, read, written) = PRICES.into_iter().find(|(name, ..)| fits(name))?;
    Some((u64::from(prompt) * read + u64::from(completion) * written).div_ceil(1_000))
}

/// What it costs to have vectors made of so many tokens, in millionths of a dollar: known models by their list price, others nothing, as above.
pub fn of_embedding(model: &str, tokens: u64) -> Option<Micros> {
    // Micros a thousand tokens.
    const PRICES: [(&str, u64); 3] =
        [("text-embedding-3-small", 20), ("text-embedding-3-large", 130), ("text-embedding-ada-002", 100)];
    let (_, price) = PRICES.into_iter().find(|(name, _)| *name == model)?;
    Some(tokens.saturating_mul(price).div_ceil(1_000))
}

/// About how many tokens a text has, rather too many than too few: Polish takes a token for three letters, English
/// for four.
pub fn tokens_of(text: &str) -> u64 {
    u64::try_from(text.chars().count().div_ceil(3)).unwrap_or(u64::MAX)
}

/// Whether `cost` more would pass the cap; `0` lifts it.
pub const fn passes_cap(spent: Micros, cost: Micros, cap: Micros) -> bool {
    cap != 0 && spent.saturating_add(cost) > cap
}

/// Half, four fifths and all of a cap: the ones that `cost` more passes.
pub fn alarms(spent: Micros, cost: Micros, cap: Micros) -> impl Iterator<Item = u64> {
    let after = spent.saturating_add(cost);
    [50, 80, 100].into_iter().filter(move |percent| {
        let line = cap / 100 * percent;
        cap != 0 && spent < line && after >= line
    })
}

/// Reads an amount such as `12,50`; at most six decimals.
pub fn parse_amount(text: &str) -> Option<Micros> {
    let text = text.trim();
    let (whole, part) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let written = !whole.is_empty() && whole.len() <= 9 && part.len() <= 6 && digits(whole) && digits(part);
    written.then(|| format!("{whole}{part:0<6}").parse().ok()).flatten()
}

/// The amount as people write it, two decimals at least.
pub fn shown(amount: Micros) -> String {
    let part = format!("{:06}", amount % 1_000_000);
    let part = part.trim_end_matches('0');
    format!("{}.{part:0<2}", amount / 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::price::Money;

    fn own(amount: &str) -> Prices {
        Prices::Flat(Money::parse(amount, "PLN").unwrap())
    }

    #[test]
    fn a_text_costs_its_segments() {
        let (long, whatsapp) = ("x".repeat(161), "x".repeat(500));
        for (prices, to, body, expect) in [
            (Prices::List, "+48500100200", "Hej", 40_000),
            (Prices::List, "+48500100200", &*long, 80_000),
            (Prices::List, "+48500100200", "", 40_000),
            (Prices::List, "+15005550006", "Hej", 8_300),
            (Prices::List, "+441632960000", "Hej", 100_000),
            (Prices::List, "whatsapp:+48500100200", &*whatsapp, 5_000),
            (own("0,16"), "+48500100200", "Hej", 160_000),
            (own("0,16"), "+48500100200", &*long, 320_000),
            (own("0,16"), "+441632960000", "Hej", 160_000),
            (own("0"), "+48500100200", "Hej", 0),
            (own("0,16"), "whatsapp:+48500100200", &*whatsapp, 160_000),
            (own("0"), "whatsapp:+48500100200", &*whatsapp, 0),
        ] {
            let cost = estimate(&prices, &Address::from_provider(to).unwrap(), body);
            assert_eq!(cost, expect, "{prices:?} {to} {}", body.len());
        }
    }

    #[test]
    fn amounts_in_two_currencies_are_not_added_up() {
        for (prices, currency, expect) in [
            (Prices::List, Some("USD"), true),
            (Prices::List, None, true),
            (own("0,16"), Some("PLN"), true),
            (own("0,16"), Some("pln"), true),
            (own("0,16"), Some("USD"), false),
            (own("0,16"), None, false),
        ] {
            assert_eq!(corrects(&prices, currency), expect, "{prices:?} {currency:?}");
        }
    }

    #[test]
    fn the_cap_is_never_passed() {
        assert!(!passes_cap(90, 10, 100));
        assert!(passes_cap(91, 10, 100));
        assert!(!passes_cap(u64::MAX, 10, 0));
        assert!(passes_cap(u64::MAX, 10, 100));
    }

    #[test]
    fn every_line_is_rung_once() {
        let rung = |spent, cost| alarms(spent, cost, 1_000).collect::<Vec<_>>();
        assert!(rung(0, 499).is_empty());
        assert_eq!(rung(499, 1), [50]);
        assert!(rung(500, 1).is_empty());
        assert_eq!(rung(0, 5_000), [50, 80, 100]);
        assert_eq!(alarms(0, 5_000, 0).count(), 0);
    }

    #[test]
    fn amounts_are_read_and_written() {
        for (text, expect, back) in
            [("12,50", 12_500_000, "12.50"), ("0.000001", 1, "0.000001"), ("7", 7_000_000, "7.00")]
        {
            assert_eq!(parse_amount(text), Some(expect));
            assert_eq!(shown(expect), back);
        }
        for text in ["", "-1", "1e3", "1.0000001", "abc", ",5", "12345678901"] {
            assert_eq!(parse_amount(text), None, "{text}");
        }
    }

    #[test]
    fn tokens_of_known_models_have_a_price() {
        assert_eq!(of_tokens("gpt-4o-mini", 1_000, 1_000), Some(750));
        assert_eq!(of_tokens("gpt-4o-mini-2024-07-18", 1, 0), Some(1));
        assert_eq!(of_tokens("gpt-4o", 1_000, 0), Some(2_500));
        assert_eq!(of_tokens("llama3", 1_000, 0), None);
    }

    #[test]
    fn vectors_of_known_models_have_a_price() {
        for (model, tokens, expect) in [
            ("text-embedding-3-large", 1_000_000, Some(130_000)),
            ("text-embedding-3-small", 1_000_000, Some(20_000)),
            ("text-embedding-3-small", 1, Some(1)),
            ("text-embedding-3-small", 0, Some(0)),
            ("multilingual-e5-small", 1_000_000, None),
        ] {
            assert_eq!(of_embedding(model, tokens), expect, "{model} {tokens}");
        }
    }

    #[test]
    fn tokens_are_counted_by_letters_and_not_by_bytes() {
        for (text, expect) in [("", 0), ("a", 1), ("żółw", 2), ("chleb żytni", 4)] {
            assert_eq!(tokens_of(text), expect, "{text}");
        }
    }
}
