//! Reads the text of one value into its type; `None` means that the text has the wrong form.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr},
};

use hub_domain::{
    address::{Address, AddressKind, PhoneNumber},
    country,
    pace::Rate,
};
use jiff::tz::TimeZone;
use secrecy::SecretString;

use super::base_url::BaseUrl;

/// How much goes to the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// Only what needs a person.
    Error,
    /// Also what may need one soon.
    Warn,
    /// Also what happens.
    #[default]
    Info,
    /// Also how it happens.
    Debug,
    /// Everything.
    Trace,
}

impl LogLevel {
    /// The word of the log filter.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}

pub(super) fn log_level(text: &str) -> Option<LogLevel> {
    match text.to_ascii_lowercase().as_str() {
        "error" => Some(LogLevel::Error),
        "warn" | "warning" => Some(LogLevel::Warn),
        "info" => Some(LogLevel::Info),
        "debug" => Some(LogLevel::Debug),
        "trace" => Some(LogLevel::Trace),
        _ => None,
    }
}

/// The original program's words for yes, and their opposites; any other word is refused, not taken for no.
pub(crate) fn flag(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "true" | "t" | "yes" | "y" | "on" => Some(true),
        "0" | "false" | "f" | "no" | "n" | "off" => Some(false),
        _ => None,
    }
}

pub(super) fn temperature(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number| (0.0..=2.0).contains(number))
}

pub(super) fn word(text: &str) -> Option<String> {
    let fits = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    fits.then(|| text.to_owned())
}

/// `prefix` and 32 hexadecimal digits.
pub(super) fn sid(prefix: &str, text: &str) -> Option<String> {
    let digits = text.strip_prefix(prefix)?;
    let fits = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    fits.then(|| text.to_owned())
}

/// Visible ASCII only: it travels in a header.
pub(super) fn secret(min_chars: usize, text: &str) -> Option<SecretString> {
    let fits = text.len() >= min_chars && text.bytes().all(|byte| byte.is_ascii_graphic());
    fits.then(|| text.into())
}

pub(super) fn public_url(text: &str) -> Option<BaseUrl> {
    BaseUrl::parse(text)
}

/// Credentials of a service have their own variables; in its address they would be shown.
pub(super) fn service_url(text: &str) -> Option<BaseUrl> {
    BaseUrl::parse(text).filter(|url| !url.has_user())
}

pub(super) fn zone(text: &str) -> Option<TimeZone> {
    TimeZone::get(text).ok()
}

pub(super) fn host(text: &str) -> Option<IpAddr> {
    if text == "localhost" { Some(Ipv4Addr::LOCALHOST.into()) } else { text.parse().ok() }
}

/// What Twilio would take in `From`; a number may be typed with spaces.
pub(super) fn sender(text: &str) -> Option<Address> {
    let address = Address::from_provider(text).ok()?;
    match address.kind() {
        AddressKind::Phone
        | AddressKind::ShortCode
        | AddressKind::Alphanumeric
        | AddressKind::WhatsApp
        | AddressKind::Messenger
        | AddressKind::Rcs => Some(address),
        AddressKind::WhatsAppScoped => None,
        AddressKind::Other => Address::from_typed(text).ok(),
    }
}

/// Countries separated by commas: ISO codes, calling codes, or `*`.
pub(super) fn countries(text: &str) -> Option<Vec<String>> {
    let countries: Vec<String> = text.split(',').map(|country| country.trim().to_owned()).collect();
    countries.iter().all(|country| country::is_known(country)).then_some(countries)
}

/// `+48500100200=1, MG…=100`.
pub(super) fn rates(text: &str) -> Option<BTreeMap<String, Rate>> {
    let one = |entry: &str| {
        let (name, rate) = entry.rsplit_once('=')?;
        let name = name.trim();
        let name = sid("MG", name).or_else(|| Some(sender(name)?.as_str().to_owned()))?;
        let rate: u32 = rate.trim().parse().ok().filter(|rate| *rate <= 10_000)?;
        Some((name, Rate::per_second(rate)))
    };
    text.split(',').map(str::trim).filter(|entry| !entry.is_empty()).map(one).collect()
}

pub(super) fn phone(text: &str) -> Option<PhoneNumber> {
    PhoneNumber::from_typed(text).ok()
}

#[cfg(test)]
mod tests;
