//! Where Twilio sends what comes in, and whether that is to us.
//!
//! A number, or a Messaging Service for all of its numbers, is set to one of four things at Twilio's. Only one of
//! them brings a customer's message here.

/// What a number or a Messaging Service does with an incoming message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Incoming {
    /// Nothing: Twilio keeps the message and tells nobody.
    Nowhere,
    /// Twilio calls this address.
    Address(String),
    /// A TwiML application (`AP…`) decides; the number's own address is not looked at.
    Application(String),
    /// Of a Messaging Service: each of its numbers decides for itself.
    EachNumber,
}

impl Incoming {
    /// Whether messages come to `ours`. Compared byte for byte, as the signature covers the address as it is set;
    /// only what stands behind `#` is Twilio's own (how it retries) and never sent.
    pub fn leads_to(&self, ours: &str) -> bool {
        match self {
            Self::Address(address) => address.split('#').next() == Some(ours),
            Self::Nowhere | Self::Application(_) | Self::EachNumber => false,
        }
    }
}

/// Where a new number's messages go until somebody sets it: an example of Twilio's, nobody's application.
const EXAMPLE: &str = "https://demo.twilio.com";

impl Incoming {
    /// Whether messages go to another application for certain: to an address that is neither below `base`, ours, nor
    /// Twilio's example. Where a TwiML application or a service sends them is not known here.
    pub fn leads_elsewhere(&self, base: Option<&str>) -> bool {
        let Self::Address(address) = self else { return false };
        ![base, Some(EXAMPLE)].into_iter().flatten().any(|base| is_below(address, base))
    }
}

fn is_below(address: &str, base: &str) -> bool {
    let base = base.trim_end_matches('/');
    address.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
}

/// The numbers of the account that are another application's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Elsewhere {
    /// As Twilio writes them.
    pub numbers: Vec<String>,
    /// The Messaging Service that is ours: it speaks for its numbers.
    pub own_service: Option<String>,
}

impl Elsewhere {
    /// Whether a message to this number, through this service, was another application's.
    pub fn has(&self, to: &str, service: Option<&str>) -> bool {
        let by_ours = service.is_some() && service == self.own_service.as_deref();
        !by_ours && self.numbers.iter().any(|number| number == to)
    }
}

#[cfg(test)]
mod tests;
