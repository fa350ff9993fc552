//! An http(s) address that paths are appended to.

use std::{fmt, net::IpAddr};

use url::{Host, Url};

/// An absolute http or https URL without query and fragment, kept as typed but for trailing slashes: Twilio
/// signs our public one letter by letter.
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl {
    text: String,
    url: Url,
}

impl BaseUrl {
    /// Reads an address; a user and password in it are allowed.
    pub fn parse(text: &str) -> Option<Self> {
        let strange = |c: char| matches!(c, '?' | '#' | '\\') || c.is_whitespace() || c.is_control();
        let url = Url::parse(text).ok()?;
        // `Url` also takes `https:example.com`, which no signature would match.
        let is_absolute = text.split_once("://").is_some_and(|(_, rest)| !rest.starts_with('/'));
        let fits = is_absolute && matches!(url.scheme(), "http" | "https") && url.has_host();
        (fits && !text.contains(strange)).then(|| Self { text: text.trim_end_matches('/').to_owned(), url })
    }

    /// The address, without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The address, parsed.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Whether it is encrypted on the way.
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Whether it leads to this very machine.
    pub fn is_loopback(&self) -> bool {
        match self.url.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
            Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
            None => false,
        }
    }

    /// Whether this is Twilio itself and not something that speaks like it.
    pub fn is_twilio(&self) -> bool {
        self.url.host_str().is_some_and(|host| host == "twilio.com" || host.ends_with(".twilio.com"))
    }

    /// Whether a user or password is part of it.
    pub fn has_user(&self) -> bool {
        !self.url.username().is_empty() || self.url.password().is_some()
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.has_user() { "(URL with a password)" } else { &self.text })
    }
}

#[cfg(test)]
mod tests;
