//! What a configuration variable is: its name, the form of its value, its default and what it is for.

use crate::{
    i18n::{Lang, Text},
    t,
};

/// One name of the environment and of `.env`.
#[derive(Debug)]
pub(crate) struct Variable {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) fallback: Fallback,
    pub(crate) about: Text,
}

/// The value of a variable that nobody set.
#[derive(Debug)]
pub(crate) enum Fallback {
    None,
    Value(&'static str),
    /// The value of another variable, set or not.
    Of(&'static Variable),
    /// The value of the variable's older name, if that is set, or else a fixed one.
    OlderName(&'static Variable, &'static str),
}

/// The form a value must have.
#[derive(Debug)]
pub(crate) enum Kind {
    Text,
    Secret {
        min_chars: usize,
    },
    Word,
    Flag,
    Whole {
        min: u32,
        max: u32,
    },
    Temperature,
    /// An amount of money.
    Amount,
    OneOf(&'static [&'static str]),
    /// Our own address as others reach it.
    PublicUrl,
    /// The address of a service.
    ServiceUrl,
    Sid {
        prefix: &'static str,
    },
    Zone,
    Path,
    Host,
    Proxies,
    Sender,
    /// Senders with a rate each.
    Rates,
    Phone,
}

impl Variable {
    pub(crate) const fn new(name: &'static str, kind: Kind, pl: &'static str, en: &'static str) -> Self {
        Self { name, kind, fallback: Fallback::None, about: Text { pl, en } }
    }

    pub(crate) const fn or(mut self, value: &'static str) -> Self {
        self.fallback = Fallback::Value(value);
        self
    }

    pub(crate) const fn or_else(mut self, other: &'static Self) -> Self {
        self.fallback = Fallback::Of(other);
        self
    }

    pub(crate) const fn or_older(mut self, older: &'static Self, value: &'static str) -> Self {
        self.fallback = Fallback::OlderName(older, value);
        self
    }

    pub(crate) const fn is_secret(&self) -> bool {
        matches!(self.kind, Kind::Secret { .. })
    }
}

impl Kind {
    /// The form in words, as the end of "expected: …".
    pub(crate) fn expected(&self, lang: Lang) -> String {
        let fixed = match self {
            Self::Secret { min_chars: 0 | 1 } => t!(lang, "config.expected.secret"),
            Self::Secret { min_chars } => return t!(lang, "config.expected.long_secret", min = min_chars),
            Self::Whole { min, max } => return t!(lang, "config.expected.whole", min = min, max = max),
            Self::OneOf(words) => return t!(lang, "config.expected.one_of", words = words.join(", ")),
            Self::Sid { prefix } => return t!(lang, "config.expected.sid", prefix = prefix),
            Self::Text => t!(lang, "config.expected.text"),
            Self::Word => t!(lang, "config.expected.word"),
            Self::Flag => t!(lang, "config.expected.flag"),
            Self::Temperature => t!(lang, "config.expected.temperature"),
            Self::Amount => t!(lang, "config.expected.amount"),
            Self::PublicUrl => t!(lang, "config.expected.public_url"),
            Self::ServiceUrl => t!(lang, "config.expected.service_url"),
            Self::Zone => t!(lang, "config.expected.zone"),
            Self::Path => t!(lang, "config.expected.path"),
            Self::Host => t!(lang, "config.expected.host"),
            Self::Proxies => t!(lang, "config.expected.proxies"),
            Self::Sender => t!(lang, "config.expected.sender"),
            Self::Rates => t!(lang, "config.expected.rates"),
            Self::Phone => t!(lang, "config.expected.phone"),
        };
        fixed.to_owned()
    }

    /// Reads a whole number within the bounds of a [`Kind::Whole`].
    pub(crate) fn whole(&self, text: &str) -> Option<u32> {
        let Self::Whole { min, max } = self else { return None };
        text.parse().ok().filter(|number| (min..=max).contains(&number))
    }
}
