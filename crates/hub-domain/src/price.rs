//! What a text will about cost. An estimate for whoever writes; bills come from Twilio, and what a message did
//! cost is kept with it.

use std::fmt;

use crate::address::{Address, Channel};

/// An amount in millionths of its currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Money {
    /// Millionths.
    pub micros: u64,
    /// ISO 4217.
    pub currency: String,
}

/// List price of one segment to numbers that begin so.
struct ListPrice {
    prefix: &'static str,
    usd_micros: u64,
}

/// Where the table comes from: said wherever a price of it is shown.
pub const SOURCE: &str = "Twilio list prices, rounded, without carrier fees, 2026-11";

/// The longest prefix counts. A country that is not here has no estimate, rather than a wrong one.
const LIST: [ListPrice; 2] =
    [ListPrice { prefix: "+48", usd_micros: 40_000 }, ListPrice { prefix: "+1", usd_micros: 8_300 }];

/// What a segment costs, as this hub sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Prices {
    /// By the table of list prices.
    #[default]
    List,
    /// The same everywhere: what the operator pays.
    Flat(Money),
}

impl Prices {
    /// One segment to that address; `None` when nobody knows, and on WhatsApp, which doesn't bill segments.
    pub fn of_segment(&self, to: &Address) -> Option<Money> {
        if to.channel() != Channel::Sms {
            return None;
        }
        match self {
            Self::Flat(price) => Some(price.clone()),
            Self::List => LIST
                .iter()
                .filter(|price| to.as_str().starts_with(price.prefix))
                .max_by_key(|price| price.prefix.len())
                .map(|price| Money { micros: price.usd_micros, currency: "USD".to_owned() }),
        }
    }
}

impl Money {
    /// Reads a decimal number like `0,16` or `0.0425` of a currency like `PLN`; at most six decimals.
    pub fn parse(amount: &str, currency: &str) -> Option<Self> {
        let (whole, part) = amount.split_once(['.', ',']).unwrap_or((amount, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let written =
            !whole.is_empty() && whole.len() <= 9 && part.len() <= 6 && digits(whole) && digits(part);
        let known = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase());
        if !(written && known) {
            return None;
        }
        let micros = format!("{whole}{part:0<6}").parse().ok()?;
        Some(Self { micros, currency: currency.to_owned() })
    }

    /// So many times the amount.
    #[must_use]
    pub fn times(&self, count: usize) -> Self {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        Self { micros: self.micros.saturating_mul(count), currency: self.currency.clone() }
    }
}

/// The amount alone, with a point and no more decimals than it has, two at least.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = format!("{:06}", self.micros % 1_000_000);
        let part = part.trim_end_matches('0');
        write!(f, "{}.{part:0<2}", self.micros / 1_000_000)
    }
}

#[cfg(test)]
mod tests;
